"""Joint patrols of a day: crews, cars and times that cover most risk with least travel; checked before they are given out."""

from collections.abc import Callable
from dataclasses import replace

from geo.errors import GeoError
from geo.order_search import search
from geo.patrol_check import breaches
from geo.patrol_plan import Plan, Undone
from geo.patrol_problem import PatrolProblem
from geo.patrol_reasons import binding_rules, collisions, conflict, reasons
from geo.patrol_tables import begin_with, plan_of, risk_of, tables

Progress = Callable[[float, float, float], None]


def plan_patrols(
    problem: PatrolProblem,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    n_threads: int = 2,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    start: Plan | None = None,
    explained: bool = True,
) -> Plan:
    """The best lawful plan found: required visits first, then most risk, least travel, the shortest longest day.

    The plan passes `geo.patrol_check.breaches`, which shares nothing with the search.

    Parameters
    ----------
    problem
        Stations, officers, cars, visits, travel times, rules and locks.
    seed
        Where chance starts.
    seconds
        How long to search, by the clock; give this or `iterations`.
    iterations
        Changes tried by each of the searches side by side: the same number, seed and `n_threads` give the same plan.
    n_threads
        Searches side by side.
    clock
        Seconds that only grow, such as `time.monotonic`; needed with `seconds`.
    progress
        Called now and then with the share that is over, the risk that the best plan so far covers, and its travel in
        minutes.
    stop
        Asked now and then whether to end early with what there is.
    start
        A plan to begin with; the answer is no worse, if it is lawful here.
    explained
        Whether to say why visits are undone and which rules bind; takes some seconds more for many visits.

    Returns
    -------
    Plan
        Crews with stops. Where required visits cannot all be done, `conflict` says in a sentence why.

    Raises
    ------
    GeoError
        When the stopping rule is none, or the checker finds a rule broken: that would be an error of the program.

    References
    ----------
    Mankowska, Meisel, Bierwirth (2014), The home health care routing and scheduling problem, for synchronised visits;
    Christiaens, Vanden Berghe (2020), Slack induction by string removals, for rebuilding.

    Examples
    --------
    >>> from datetime import date
    >>> plan_patrols(PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()), iterations=1).risk
    0.0
    """
    tell = None if progress is None else _in_risk(problem, progress)
    found = search(tables(problem), seed, seconds, iterations, n_threads, clock, tell, stop, begin_with(problem, start))
    plan = plan_of(problem, found, seed)
    left = [one for one in problem.visits if one.id not in plan.visit_ids]
    plan = replace(plan, undone=tuple(Undone(one.id, "", "") for one in left), warnings=collisions(problem, plan))
    if explained:
        plan = explanation(problem, plan)
    wrong = [one for one in breaches(problem, plan) if not _known(problem, plan, one)]
    if wrong:
        raise GeoError(f"the plan is not lawful and is held back: {wrong[0]} A lawful plan was expected")
    return plan


def explanation(problem: PatrolProblem, plan: Plan) -> Plan:
    """The plan with why visits are undone, which rules bind, and which exclude each other where required ones are undone.

    Examples
    --------
    >>> from datetime import date
    >>> explanation(PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()), Plan((), (), 0.0, 0.0, 0.0, 1)).undone
    ()
    """
    if all(one.id in plan.visit_ids for one in problem.visits):
        return plan
    plan = replace(plan, undone=reasons(problem, plan))
    return replace(plan, binding=binding_rules(problem, plan), conflict=conflict(problem, plan))


def _in_risk(problem: PatrolProblem, progress: Progress) -> Progress:
    """What tells of the search in its own prizes, telling of risk instead."""
    return lambda share, prize, travel_min: progress(share, risk_of(problem, prize), travel_min)


def _known(problem: PatrolProblem, plan: Plan, breach: str) -> bool:
    """Whether a breach only says that a locked visit cannot be kept, which the plan says itself."""
    locked = {one.visit_id for one in problem.locks} - plan.visit_ids
    return any(breach == f"Visit {one} is locked, but was changed." for one in locked)
