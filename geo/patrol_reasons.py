"""Why visits are left undone, which rules bind, and which exclude each other: found by trying again with rules relaxed."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from geo.order_search import search
from geo.patrol_plan import Plan, Undone
from geo.patrol_problem import Officer, PatrolProblem, Visit
from geo.patrol_tables import begin_with, offered, plan_of, tables

_DAY_MIN, _SHIFT_STEP_MIN, _LONGEST_MIN = 2880.0, 5, 240
_MOST, _BRIEF, _SHORT = 40, 20, 150  # visits explained one by one; changes tried for one, and for a day
Relaxed = Callable[[PatrolProblem], PatrolProblem]


def _longer(problem: PatrolProblem, minutes: float) -> PatrolProblem:
    """Every shift ends later."""
    return replace(
        problem,
        officers=tuple(replace(one, ends_min=min(_DAY_MIN, one.ends_min + minutes)) for one in problem.officers),
    )


def _each(problem: PatrolProblem, change: Callable[[Visit], Visit]) -> PatrolProblem:
    return replace(problem, visits=tuple(change(one) for one in problem.visits))


def _skilled(problem: PatrolProblem, agency: bool) -> PatrolProblem:
    """Nobody needs a skill, or an agency's officer, any more."""
    return _each(problem, lambda one: replace(one, agencies=()) if agency else replace(one, skills=()))


def _broader(problem: PatrolProblem) -> PatrolProblem:
    return replace(problem, locks=(), visits=tuple(replace(one, windows=((0.0, _DAY_MIN),)) for one in problem.visits))


def _rested(one: Officer) -> Officer:
    return replace(one, rest=None)


_RELAXED: dict[str, tuple[Relaxed, str, str]] = {
    "windows": (_broader, "the visits' windows or locks", "a start at another time of the day"),
    "shifts": (lambda p: _longer(p, _LONGEST_MIN), "the officers' shifts", "longer shifts"),
    "breaks": (
        lambda p: replace(p, officers=tuple(_rested(one) for one in p.officers)), "the officers' breaks",
        "a break at another time",
    ),
    "skills": (lambda p: _skilled(p, agency=False), "the skills needed", "another officer with the skill"),
    "agencies": (lambda p: _skilled(p, agency=True), "the agencies whose checklists are due",
                 "another officer of the agency, or its checklist on another day"),
    "sides": (lambda p: _each(p, lambda one: replace(one, joint=False)), "an officer of each side at joint visits",
              "a visit by one side alone, or another officer of the side that lacks one"),
    "entry": (lambda p: _each(p, lambda one: replace(one, allowed=True)), "entry only where an agreement is in force",
              "an agreement in force at the place on that day"),
    "officers": (lambda p: replace(p, rules=replace(p.rules, min_officers=1)), "the least number of officers on site",
                 "one more officer"),
    "collisions": (
        lambda p: _each(replace(p, rules=replace(p.rules, refuse_day=99, most_week=99, most_month=99)),
                        lambda one: replace(one, colour="")),
        "the limits of visits to one firm", "a merged visit, a later day, or for a green firm a stated reason",
    ),
    "cars": (lambda p: replace(p, vehicles=tuple(replace(one, seats=99) for one in p.vehicles)), "the seats in the cars",
             "a larger car"),
}  # fmt: skip


def _retried(problem: PatrolProblem, plan: Plan | None, iterations: int = _BRIEF) -> Plan:
    """What comes out when it is tried again, beginning with a plan."""
    return plan_of(
        problem, search(tables(problem), 1, iterations=iterations, n_threads=1, begin=begin_with(problem, plan)), 1
    )


def _only(problem: PatrolProblem, keep: set[str] | frozenset[str]) -> PatrolProblem:
    """The problem with some of its visits."""
    locks = tuple(one for one in problem.locks if one.visit_id in keep)
    return replace(problem, visits=tuple(one for one in problem.visits if one.id in keep), locks=locks)


def reasons(problem: PatrolProblem, plan: Plan) -> tuple[Undone, ...]:
    """For each visit that a plan leaves undone the rule that stops it, why, and what would allow it.

    Beyond 40 visits those of least risk are told in general words.

    Examples
    --------
    >>> from datetime import date
    >>> reasons(PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()), Plan((), (), 0.0, 0.0, 0.0, 1))
    ()
    """
    left = [one for one in problem.visits if one.id not in plan.visit_ids]
    first = {one.id for one in sorted(left, key=lambda one: (-one.required, -one.risk, one.id))[:_MOST]}
    said = []
    for one in left:
        known = _plain(problem, plan, one)
        if known is None and one.id not in first:
            known = Undone(one.id, "time", f"Visits that cover more leave no time for {one.id}.", "One more crew.")
        said.append(known or _tried(problem, plan, one))
    return tuple(said)


def _plain(problem: PatrolProblem, plan: Plan, visit: Visit) -> Undone | None:  # noqa: C901, PLR0911  # one for each rule
    """The reason that shows without trying, if there is one."""
    if visit.colour == "green" and not visit.reason.strip():
        return Undone(
            visit.id, "green", f"Firm {visit.firm_id or visit.id} is green and no reason is stated.", "State a reason."
        )
    same = [one for one in problem.visits if visit.firm_id and one.firm_id == visit.firm_id]
    n_done = len({one.id for one in same} & plan.visit_ids)
    if same and n_done >= problem.room(visit.firm_id, same):
        lift = "Choose a later day."
        if n_done:
            lift = f"Merge it with {', '.join(sorted({one.id for one in same} & plan.visit_ids))} into one visit."
        day, week, month = (max(getattr(one, n) for one in same) + n_done for n in ("n_day", "n_week", "n_month"))
        why = f"Firm {visit.firm_id} may not be visited again: it has {day} visits that day, {week} that week, "
        return Undone(visit.id, "collisions", f"{why}{month} that month.", lift)
    if not problem.vehicles:
        return Undone(visit.id, "no car", "There is no car.", "A car at a station that has officers.")
    entering = [one for one in problem.officers if visit.allowed or one.side == visit.side]
    if visit.joint and not visit.allowed:
        why = f"{visit.id} is joint, but no agreement in force lets the other side enter."
        return Undone(
            visit.id, "entry", why, "An agreement in force at the place on that day, or a visit by one side alone."
        )
    for skill in visit.skills:
        if not any(skill in one.skills for one in entering):
            return Undone(
                visit.id, "skills", f"Nobody who may enter has skill {skill}.", f"An officer with skill {skill}."
            )
    for agency in visit.agencies:
        if not any(agency == one.agency for one in entering):
            return Undone(visit.id, "agencies", f"No officer of {agency} may enter.", f"An officer of {agency}.")
    if len(entering) < problem.rules.min_officers:
        why = f"{len(entering)} officers may enter, and {problem.rules.min_officers} are required on site."
        return Undone(visit.id, "officers", why, f"{problem.rules.min_officers - len(entering)} more on duty.")
    return None


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _tried(problem: PatrolProblem, plan: Plan, visit: Visit) -> Undone:
    """The first rule without which the visit fits beside everything planned."""
    small = _only(problem, plan.visit_ids | {visit.id})
    who = "officers of both sides" if visit.joint else f"{problem.rules.min_officers} officers"
    who += f", of {' and '.join(visit.agencies)}," if visit.agencies else ""
    who += f" with skill {' and '.join(visit.skills)}" if visit.skills else ""
    when = " or ".join(f"{_clock(opens)} and {_clock(closes)}" for opens, closes in visit.windows)
    why = f"{visit.id} needs {who} to start between {when}, and those who could are elsewhere."

    def fits(relaxed: PatrolProblem) -> bool:
        """Whether everything planned and the visit can be done."""
        return len(_retried(relaxed, plan).visit_ids) == len(small.visits)

    if fits(_longer(small, _LONGEST_MIN)):
        low, high = 0, _LONGEST_MIN
        while high - low > _SHIFT_STEP_MIN:
            middle = (low + high) // 2 // _SHIFT_STEP_MIN * _SHIFT_STEP_MIN
            low, high = (low, middle) if fits(_longer(small, middle)) else (middle, high)
        return Undone(visit.id, "shifts", why, f"A shift longer by {high} min would allow it.")
    for rule, (relax, _, lift) in _RELAXED.items():
        if rule != "shifts" and fits(_mine(small, relax, visit)):
            return Undone(visit.id, rule, why, f"{lift[0].upper()}{lift[1:]} would allow it.")
    return Undone(visit.id, "time", why, "One more crew, or leaving out another visit.")


def _mine(problem: PatrolProblem, relax: Relaxed, visit: Visit) -> PatrolProblem:
    """A rule relaxed, but for other visits only where it is no matter of visits."""
    loose = relax(problem)
    if loose.visits == problem.visits:
        return loose
    visits = tuple(b if b.id == visit.id else a for a, b in zip(problem.visits, loose.visits, strict=True))
    return replace(loose, visits=visits, locks=problem.locks)


def binding_rules(problem: PatrolProblem, plan: Plan) -> tuple[str, ...]:
    """Rules without which more risk would be covered, each with how much, as a short search beginning with the plan finds.

    Examples
    --------
    >>> from datetime import date
    >>> binding_rules(PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()), Plan((), (), 0.0, 0.0, 0.0, 1))
    ()
    """
    said = []
    for relax, words, _ in _RELAXED.values():
        loose = relax(problem)
        if loose != problem and (risk := _retried(loose, plan, _SHORT).risk) > plan.risk + 1e-9:
            said.append(f"{words[0].upper()}{words[1:]}: without this rule risk {risk:g} instead of {plan.risk:g}.")
    return tuple(said)


def conflict(problem: PatrolProblem, plan: Plan) -> str:
    """One sentence on which rules exclude each other where required visits are left undone; empty where none is.

    The sets of visits and of rules are such that with one taken away the rest goes together, as far as a short search
    finds.

    Examples
    --------
    >>> from datetime import date
    >>> conflict(PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()), Plan((), (), 0.0, 0.0, 0.0, 1))
    ''
    """
    must = {one.id for one in problem.visits if one.required} | {one.visit_id for one in problem.locks}
    if must <= plan.visit_ids:
        return ""
    left = sorted(must - plan.visit_ids)
    for visit in problem.visits:
        if visit.id in left and (known := _plain(problem, plan, visit)):
            return f"Required visit {visit.id} cannot be done: {known.reason} {known.lift}"

    def goes(one: PatrolProblem) -> bool:
        return len(_retried(one, plan if one.officers == problem.officers else None, _SHORT).visit_ids) == len(
            one.visits
        )

    core = _only(problem, must)
    if goes(core):  # chance found it now: it is no conflict of rules
        return f"Visits {', '.join(left)} were not fitted in, though they can be: search longer."
    for one in sorted(must, key=lambda one: (one in left, one)):
        fewer = _only(core, {visit.id for visit in core.visits} - {one})
        if fewer.visits and not goes(fewer):
            core = fewer
    rules, loose = list(_RELAXED), core
    for rule in list(_RELAXED):
        without = _RELAXED[rule][0](loose)
        if not goes(without):
            rules.remove(rule)
            loose = without
    lifts = [_RELAXED[rule][2] for rule in rules if goes(_RELAXED[rule][0](core))]
    names = ", ".join(one.id for one in core.visits)
    which = " and ".join(_RELAXED[rule][1] for rule in rules) or "the number of officers and cars"
    lift = " or ".join(lifts) or "one more crew, or one required visit fewer,"
    subject = (
        f"Required visits {names} cannot all be done"
        if len(core.visits) > 1
        else f"Required visit {names} cannot be done"
    )
    return f"{subject} under {which}: {lift} would lift it."


def collisions(problem: PatrolProblem, plan: Plan) -> tuple[str, ...]:
    """Warnings: firms with as many visits of a day as `warn_day`, and visits of one firm that could be one."""
    of_firm = defaultdict(list)
    for visit in offered(problem):
        if visit.firm_id:
            of_firm[visit.firm_id].append(visit)
    said = []
    for firm, some in sorted(of_firm.items()):
        ids = sorted({one.id for one in some} & plan.visit_ids)
        n = max(one.n_day for one in some) + len(ids)
        if ids and n >= problem.rules.warn_day:
            said.append(f"Firm {firm} would have {n} visits that day.")
        if len(some) > 1:
            said.append(
                f"Visits {', '.join(one.id for one in some)} of firm {firm} could be one: enter once, check many."
            )
    return tuple(said)
