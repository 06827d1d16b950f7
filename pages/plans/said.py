"""What the engine says of a plan, in the language of the screen: why a visit is undone, and which rules exclude each other."""

import re
from collections.abc import Mapping

from casework.plan import Plan, Undone
from casework.replanning import Costs
from words import Translate

# By the engine's word for the rule: why, and what would allow it. {0}, {1}, ... are the figures of its sentences.
UNDONE = {
    "green": ("The firm is green and no reason is stated.", "State a reason."),
    "collisions": (
        "The firm may not be visited again: it has {0} visits that day, {1} that week, {2} that month.",
        "Choose a later day, or merge it with the visit that is planned.",
    ),
    "entry": (
        "It is joint, but no agreement in force lets the other side enter there.",
        "An agreement in force at the place on that day, or a visit by one side alone.",
    ),
    "skills": ("Nobody who may enter has the skill that is needed.", "An officer with the skill."),
    "agencies": ("No officer of the agency whose checklist is due may enter.", "An officer of the agency."),
    "officers": ("{0} officers may enter, and {1} are required on site.", "More officers on duty."),
    "shifts": ("Those who could do it are elsewhere within their shifts.", "A shift longer by {0} min."),
    "windows": ("Those who could do it are elsewhere at the time it may start.", "A start at another time of the day."),
    "breaks": ("Those who could do it have their break then.", "A break at another time."),
    "sides": (
        "An officer of each side is needed, and those who could are elsewhere.",
        "A visit by one side alone, or another officer of the side that lacks one.",
    ),
    "cars": ("The cars of those who could do it are full.", "A larger car."),
    "no car": ("There is no car.", "A car at a station that has officers."),
    "time": ("Visits that cover more leave no time for it.", "One more crew, or leaving out another visit."),
}
RULES = {
    "the visits' windows or locks": "the visits' windows or locks",
    "the officers' shifts": "the officers' shifts",
    "the officers' breaks": "the officers' breaks",
    "the skills needed": "the skills needed",
    "the agencies whose checklists are due": "the agencies whose checklists are due",
    "an officer of each side at joint visits": "an officer of each side at joint visits",
    "entry only where an agreement is in force": "entry only where an agreement is in force",
    "the least number of officers on site": "the least number of officers on site",
    "the limits of visits to one firm": "the limits of visits to one firm",
    "the seats in the cars": "the seats in the cars",
    "the number of officers and cars": "the number of officers and cars",
}
LIFTS = {
    "a start at another time of the day": "a start at another time of the day",
    "longer shifts": "longer shifts",
    "a break at another time": "a break at another time",
    "another officer with the skill": "another officer with the skill",
    "another officer of the agency, or its checklist on another day": "another officer of the agency, or its checklist on another day",
    "a visit by one side alone, or another officer of the side that lacks one": "a visit by one side alone, or another officer of the side that lacks one",
    "an agreement in force at the place on that day": "an agreement in force at the place on that day",
    "one more officer": "one more officer",
    "a merged visit, a later day, or for a green firm a stated reason": "a merged visit, a later day, or for a green firm a stated reason",
    "a larger car": "a larger car",
    "one more crew, or one required visit fewer,": "one more crew, or one required visit fewer",
}
# What the checker finds when a plan is older than what is known: the pattern of its sentence, and the words for it.
UNLAWFUL = {
    r"(?:Car|Officer) (?P<who>.+) is unknown\.": "{who} is not on duty any more.",
    r"Visit (?P<visit>.+) is unknown\.": "{visit} is not to be visited any more.",
    r"Visit (?P<visit>.+) has \d+ officers: (?P<n>\d+) are the law\.": "{visit} needs {n} officers.",
    r"Joint visit (?P<visit>.+) has no officer of .+\.": "{visit} is joint, and one side is missing.",
    r"Officers of .+ enter at visit (?P<visit>.+), where no agreement holds\.": "At {visit} no agreement in force lets the other side in.",
    r"Visit (?P<visit>.+) has (?:no officer of agency|nobody with skill) .+\.": "Nobody who goes to {visit} is of the agency or has the skill that is due.",
    r"Visit (?P<visit>.+) disturbs a green firm without a stated reason\.": "{visit} is a green firm: state a reason.",
    r"Firm (?P<visit>.+) would have \d+ visits that day, .+": "{visit} would be visited too often.",
    r"Car .+ cannot be at visit (?P<visit>.+) by .+": "The way to {visit} takes longer now.",
    r"Visit (?P<visit>.+) is locked, but was changed\.": "{visit} is locked, but was changed.",
}
# The engine's sentences for what can be seen without a search, and its word for the rule.
PLAIN = {
    "is green and no reason": "green", "may not be visited again": "collisions", "is joint, but no agreement": "entry",
    "Nobody who may enter has skill": "skills", "No officer of": "agencies", "officers may enter, and": "officers",
    "There is no car": "no car",
}  # fmt: skip
_PLAIN = re.compile(r"Required visit (.+?) cannot be done: (.+)")
_CONFLICT = re.compile(r"Required visits? (.+) cannot (?:all )?be done under (.+): (.+) would lift it\.")
_UNFITTED = re.compile(r"Visits (.+) were not fitted in, though they can be: search longer\.")


def why_undone(one: Undone, _: Translate) -> tuple[str, str]:
    """Why a visit is left undone, and what would allow it; in the engine's own words where its rule is not known here."""
    if one.rule not in UNDONE:
        return one.reason, one.remedy
    reason, remedy = (_(words) for words in UNDONE[one.rule])
    figures = (*one.figures, "–", "–", "–")
    # A shift's own figure is its last: the minutes that it would have to be longer.
    return reason.format(*figures), remedy.format(*(one.figures[-1:] or ("–",)))


def conflict(words: str, titles: Mapping[str, str], _: Translate) -> str:
    """Which rules exclude each other, as the engine found it, by the names of the visits."""
    if found := _CONFLICT.fullmatch(words):
        visits, rules, lifts = found.groups()
        return _("{visits} cannot be done under {rules}. What would allow it: {lifts}.").format(
            visits=_named(visits, titles), rules=_parts(rules, RULES, _), lifts=_parts(lifts, LIFTS, _)
        )
    if found := _PLAIN.fullmatch(words):
        visit, why = found.groups()
        rule = next((rule for part, rule in PLAIN.items() if part in why), "")
        figures = tuple(int(one) for one in re.findall(r"(?<![\w:-])\d+(?![\w:-])", why.replace(visit, "")))
        both = " ".join(why_undone(Undone(visit, "", why, "", rule, figures), _)).strip()
        return _("{visits} cannot be done: {why}").format(visits=_named(visit, titles), why=both)
    if found := _UNFITTED.fullmatch(words):
        return _("{visits} were not fitted in, though they can be: search longer.").format(
            visits=_named(found[1], titles)
        )
    return words


def unlawful(breach: str, titles: Mapping[str, str], _: Translate) -> str:
    """Why a plan does not hold, as the checker found it, by the names of the visits; what is rare is not told apart."""
    for pattern, words in UNLAWFUL.items():
        if found := re.fullmatch(pattern, breach):
            parts = found.groupdict()
            named = {**parts, "visit": titles.get(parts.get("visit", ""), parts.get("visit", ""))}
            return _(words).format(**named) + " " + _("Plan the day again.")
    return (
        _("Its crews, times or figures are not those that follow from what is known now.")
        + " "
        + _("Plan the day again.")
    )


def titles_of(plan: Plan) -> dict[str, str]:
    """What each visit of a plan is called, done or not."""
    done = {stop.visit_id: stop.title for crew in plan.crews for stop in crew.stops}
    return {**{one.visit_id: one.title for one in plan.undone}, **done}


def cost_words(costs: Costs, _: Translate) -> str:
    """What a change costs, in one line."""
    parts = [_("{minutes} min travel").format(minutes=f"{costs.travel_min:+.0f}")]
    parts.append(_("{risk} risk covered").format(risk=f"{costs.risk:+.1f}"))
    if costs.added:
        parts.append(_("now done: {visits}").format(visits=_list(costs.added)))
    if costs.dropped:
        parts.append(_("falls out: {visits}").format(visits=_list(costs.dropped)))
    return " · ".join(parts)


def _list(visits: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(title or one for one, title in visits)


def _named(ids: str, titles: Mapping[str, str]) -> str:
    return ", ".join(titles.get(one, one) for one in ids.split(", "))


def _parts(words: str, known: Mapping[str, str], _: Translate) -> str:
    """The phrases that occur, translated; the whole as it is where none does."""
    found = [phrase for phrase in known if phrase in words]
    # "one more officer" also stands within longer phrases' ends: the longest that holds another one wins.
    longest = [one for one in found if not any(one != other and one in other for other in found)]
    return ", ".join(_(known[one]) for one in longest) or words
