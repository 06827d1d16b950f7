"""Which visits of a firm are too many, and which can become one: enter once, check many.

Three agencies at one gate on one day are two too many. Whoever plans a visit is told of the others, of whatever agency
and side, that the firm has on that day, in that week and in that month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Period(StrEnum):
    """Within which visits of a firm are counted: calendar days, weeks from Monday, calendar months."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class FirmVisit:
    """An entry to a firm, wanted or planned; `plan_id` is empty where it is only wanted."""

    firm_id: str
    on: date
    agencies: tuple[str, ...] = ()
    plan_id: str = ""
    title: str = ""


@dataclass(frozen=True)
class Thresholds:
    """At which visit of a day to warn, and how many visits of a day, a week and a month are the most."""

    warn_day: int = 2
    most_day: int = 2
    most_week: int = 2
    most_month: int = 3

    def most(self, period: Period) -> int:
        """The most visits within a period."""
        return {Period.DAY: self.most_day, Period.WEEK: self.most_week, Period.MONTH: self.most_month}[period]


@dataclass(frozen=True)
class Collision:
    """A wanted visit that would be the `nth` of its firm in a period; `with_visits` are the others, earliest first."""

    wanted: FirmVisit
    period: Period
    nth: int
    refused: bool
    with_visits: tuple[FirmVisit, ...]

    @property
    def merge(self) -> FirmVisit | None:
        """The visit of the same day that the wanted one can become part of; None where there is none."""
        return next((one for one in self.with_visits if one.on == self.wanted.on), None)


def collisions(
    wanted: Iterable[FirmVisit], others: Sequence[FirmVisit], thresholds: Thresholds
) -> tuple[Collision, ...]:
    """What is to be said of each wanted visit: a refusal, else a warning, else nothing.

    Parameters
    ----------
    wanted
        Visits that somebody wants; earlier ones count for later ones of the same firm.
    others
        Visits that are planned or were made.
    thresholds
        What is too many.

    Returns
    -------
    tuple of Collision
        In the order of `wanted`. Of several periods that refuse, the shortest.

    Examples
    --------
    >>> monday = date(2026, 11, 23)
    >>> found = collisions([FirmVisit("f", monday)], [FirmVisit("f", monday, plan_id="p")], Thresholds())[0]
    >>> str(found.period), found.nth, found.refused, found.merge.plan_id
    ('day', 2, False, 'p')
    >>> collisions([], [], Thresholds())
    ()
    """
    known: dict[str, list[FirmVisit]] = {}
    for one in others:
        known.setdefault(one.firm_id, []).append(one)
    found = []
    for one in wanted:
        there = known.setdefault(one.firm_id, [])
        collision = _collision(one, there, thresholds)
        if collision is not None:
            found.append(collision)
        if collision is None or not collision.refused:
            there.append(one)
    return tuple(found)


def merged(visits: Iterable[FirmVisit]) -> tuple[FirmVisit, ...]:
    """Visits with one entry a firm and day, which does the work of all its agencies.

    Examples
    --------
    >>> monday = date(2026, 11, 23)
    >>> one = merged([FirmVisit("f", monday, ("water",)), FirmVisit("f", monday, ("air", "water"))])
    >>> len(one), one[0].agencies
    (1, ('water', 'air'))
    >>> merged([])
    ()
    """
    groups: dict[tuple[str, date], list[FirmVisit]] = {}
    for one in visits:
        groups.setdefault((one.firm_id, one.on), []).append(one)
    return tuple(
        FirmVisit(
            firm_id,
            on,
            tuple(dict.fromkeys(agency for one in some for agency in one.agencies)),
            some[0].plan_id,
            some[0].title,
        )
        for (firm_id, on), some in groups.items()
    )


def within(visit: FirmVisit, others: Iterable[FirmVisit], period: Period) -> tuple[FirmVisit, ...]:
    """Visits of the same firm in the same day, week or month, earliest first."""
    mark = _mark(visit.on, period)
    same = (one for one in others if one.firm_id == visit.firm_id and _mark(one.on, period) == mark)
    return tuple(sorted(same, key=lambda one: one.on))


def _collision(wanted: FirmVisit, others: Sequence[FirmVisit], thresholds: Thresholds) -> Collision | None:
    """What is to be said of one visit."""
    for period in Period:
        there = within(wanted, others, period)
        if len(there) >= thresholds.most(period):
            return Collision(wanted, period, len(there) + 1, refused=True, with_visits=there)
    there = within(wanted, others, Period.DAY)
    if len(there) + 1 >= thresholds.warn_day and there:
        return Collision(wanted, Period.DAY, len(there) + 1, refused=False, with_visits=there)
    return None


def _mark(on: date, period: Period) -> tuple[int, ...]:
    """What days of one period have in common."""
    if period is Period.DAY:
        return (on.toordinal(),)
    return tuple(on.isocalendar())[:2] if period is Period.WEEK else (on.year, on.month)
