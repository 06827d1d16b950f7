"""What each side of a plan gives to it: officers, time and visits."""

from dataclasses import dataclass

from casework.plan import Plan


@dataclass(frozen=True)
class Share:
    """One side's part in a plan.

    Crews, visits and risk count for a side when one of its officers goes along, so what is done together counts for
    both. `work_min` and `road_min` are minutes of its officers, each counted.
    """

    jurisdiction_id: str
    n_officers: int = 0
    n_crews: int = 0
    n_visits: int = 0
    n_joint: int = 0
    work_min: float = 0.0
    road_min: float = 0.0
    risk: float = 0.0


def shares(plan: Plan) -> tuple[Share, Share]:
    """The parts of side A and side B, in this order.

    Examples
    --------
    >>> from datetime import date
    >>> shares(Plan("p", "", date(2026, 6, 12), "A", "B", ()))[1]
    Share(jurisdiction_id='B', n_officers=0, n_crews=0, n_visits=0, n_joint=0, work_min=0.0, road_min=0.0, risk=0.0)
    """
    sides_at: dict[str, set[str]] = {}
    for crew in plan.crews:
        for stop in crew.stops:
            sides_at.setdefault(stop.visit_id, set()).update(crew.sides)
    return _share(plan, plan.a, sides_at), _share(plan, plan.b, sides_at)


def _share(plan: Plan, side: str, sides_at: dict[str, set[str]]) -> Share:
    """The part of one side."""
    crews = [crew for crew in plan.crews if side in crew.sides]
    officers = {member.officer_id for crew in crews for member in crew.members if member.jurisdiction_id == side}
    visits = {stop.visit_id: stop.risk for crew in crews for stop in crew.stops}
    work_min = road_min = 0.0
    for crew in crews:
        own = sum(member.jurisdiction_id == side for member in crew.members)
        work_min += own * sum((stop.end_at - stop.start_at).total_seconds() / 60 for stop in crew.stops)
        road_min += own * crew.travel_min
    return Share(
        side,
        n_officers=len(officers),
        n_crews=len(crews),
        n_visits=len(visits),
        n_joint=sum({plan.a, plan.b} <= sides_at[one] for one in visits),
        work_min=work_min,
        road_min=road_min,
        risk=sum(visits.values(), start=0.0),
    )
