"""Which firms plans enter, and when: what the guard against collisions counts."""

from collections.abc import Iterable
from datetime import date, timedelta

from casework.approvals import PlanState
from casework.collisions import FirmVisit
from casework.plan import Plan

_MONTH = timedelta(days=31)


def entries(plan: Plan) -> tuple[FirmVisit, ...]:
    """Entries to firms that a plan makes; crews that enter together enter once.

    Examples
    --------
    >>> entries(Plan("p", "", date(2026, 6, 1), "a", "b", ()))
    ()
    """
    seen: dict[str, FirmVisit] = {}
    for crew in plan.crews:
        for stop in crew.stops:
            if stop.firm_id:
                seen.setdefault(stop.visit_id, FirmVisit(stop.firm_id, plan.on, stop.agencies, plan.id, stop.title))
    return tuple(seen.values())


def entries_around(plans: Iterable[Plan], on: date, without: str = "") -> tuple[FirmVisit, ...]:
    """Entries that `plans` make within a month of a day, those of plan `without` and of cancelled ones left out.

    Examples
    --------
    >>> entries_around((), date(2026, 6, 1))
    ()
    """
    return tuple(
        visit
        for plan in plans
        if plan.id != without and plan.state is not PlanState.CANCELLED and abs(plan.on - on) <= _MONTH
        for visit in entries(plan)
    )
