"""A plan by the clock and in sums: what each crew does when, and what each side gives and gets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.plan import Plan, PlannedCrew, Stop

_MOMENT = timedelta(seconds=1)


class Doing(StrEnum):
    """What a crew does."""

    TRAVEL = "travel"
    WORK = "work"
    WAIT = "wait"
    REST = "rest"


@dataclass(frozen=True)
class Span:
    """What a crew does from when to when; `stop` is where it works or drives to, None on the way home and in a break."""

    doing: Doing
    since: datetime
    until: datetime
    stop: Stop | None = None


@dataclass(frozen=True)
class Totals:
    """What a side, or both together, put in and get done; a crew of both sides counts for each, and once together."""

    n_crews: int
    n_officers: int
    travel_min: float
    work_min: float
    n_visits: int
    risk: float


def spans(crew: PlannedCrew) -> tuple[Span, ...]:
    """A crew's day without gaps from leaving to coming back, and its break wherever it lies.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 6, 1, tzinfo=UTC)
    >>> spans(PlannedCrew("c", "s", "S", 120.0, 30.0, "car", (), at, at, ()))
    ()
    """
    rest = None if crew.rest_at is None else (crew.rest_at, crew.rest_at + timedelta(minutes=crew.rest_min))
    found: list[Span] = []
    free = crew.leave_at
    for stop in crew.stops:
        found += _way(free, stop.start_at, stop.travel_min, rest, stop)
        found.append(Span(Doing.WORK, stop.start_at, stop.end_at, stop))
        free = stop.end_at
    found += _way(free, crew.back_at, crew.way_home_min, rest, None)
    if rest is not None and not any(one.doing is Doing.REST for one in found):
        found.append(Span(Doing.REST, *rest))
    return tuple(sorted(found, key=lambda one: one.since))


def totals(plan: Plan, side: str | None = None) -> Totals:
    """What one side has in a plan, or with None all of it.

    Examples
    --------
    >>> from datetime import date
    >>> totals(Plan("p", "", date(2026, 6, 1), "a", "b", ()))
    Totals(n_crews=0, n_officers=0, travel_min=0, work_min=0, n_visits=0, risk=0)
    """
    crews = [crew for crew in plan.crews if side is None or side in crew.sides]
    risk = {stop.visit_id: stop.risk for crew in crews for stop in crew.stops}
    return Totals(
        len(crews),
        sum(side in (None, one.jurisdiction_id) for crew in crews for one in crew.members),
        sum(crew.travel_min for crew in crews),
        sum(crew.work_min for crew in crews),
        len(risk),
        sum(risk.values()),
    )


def is_joint(plan: Plan, visit_id: str) -> bool:
    """Whether officers of both sides stand at a visit."""
    there = [crew for crew in plan.crews if any(stop.visit_id == visit_id for stop in crew.stops)]
    return len({side for crew in there for side in crew.sides}) > 1


def _way(
    free: datetime, begin: datetime, drive_min: float, rest: tuple[datetime, datetime] | None, stop: Stop | None
) -> Iterator[Span]:
    """Driving, waiting and a break between two stops: a break that cannot wait for the arrival is taken before."""
    drive = timedelta(minutes=drive_min)
    parts: list[tuple[Doing, datetime, datetime]] = []
    if rest is None or not free - _MOMENT <= rest[0] or rest[1] > begin + _MOMENT:
        parts.append((Doing.TRAVEL, free, free + drive))
    elif rest[0] >= free + drive - _MOMENT:
        parts += [(Doing.TRAVEL, free, free + drive), (Doing.REST, *rest)]
    else:
        parts += [(Doing.REST, *rest), (Doing.TRAVEL, rest[1], rest[1] + drive)]
    at = free
    for doing, since, until in parts:
        if since - at > _MOMENT:
            yield Span(Doing.WAIT, at, since, stop)
        if until - since > _MOMENT:
            yield Span(doing, since, until, None if doing is Doing.REST else stop)
        at = max(at, until)
    if begin - at > _MOMENT:
        yield Span(Doing.WAIT, at, begin, stop)
