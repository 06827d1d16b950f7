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
    "time": ("Visits that cover more leave no time for it.", "One more crew, or leaving out another visit."),
}
RULES = {
    "the visits' windows": "the visits' windows",
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
    if found := _UNFITTED.fullmatch(words):
        return _("{visits} were not fitted in, though they can be: search longer.").format(
            visits=_named(found[1], titles)
        )
    return words


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
