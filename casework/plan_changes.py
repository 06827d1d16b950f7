"""What two versions of a plan do not share: visits done or not, their crews and times, officers, and what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.plan import Plan, PlannedCrew


class Changed(StrEnum):
    """What became different."""

    TITLE = "title"
    ADDED = "added"
    DROPPED = "dropped"
    CREW = "crew"
    START = "start"
    LOCKED = "locked"
    ASKED = "asked"
    OFFICERS = "officers"


@dataclass(frozen=True)
class PlanChange:
    """One thing that two versions do not share; `subject` is a visit, a car or "", `title` what people call it.

    `old` and `new` are a text for TITLE, cars for CREW, instants for START, flags for LOCKED, officers for OFFICERS;
    None where there is nothing.
    """

    kind: Changed
    subject: str
    title: str
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class DoneVisit:
    """A visit as a plan has it done: by which cars, from when on, and whether it is locked."""

    cars: tuple[str, ...]
    start_at: datetime
    locked: bool


def plan_changes(old: Plan, new: Plan) -> tuple[PlanChange, ...]:
    """What became of one version in another, by kind and by what people call it.

    Examples
    --------
    >>> from datetime import date
    >>> none = Plan("p", "Monday", date(2026, 6, 1), "a", "b", ())
    >>> plan_changes(none, none)
    ()
    >>> from dataclasses import replace
    >>> plan_changes(none, replace(none, title="Tuesday"))
    (PlanChange(kind=<Changed.TITLE: 'title'>, subject='', title='', old='Monday', new='Tuesday'),)
    """
    found = [] if old.title == new.title else [PlanChange(Changed.TITLE, "", "", old.title, new.title)]
    titles = titles_in(old) | titles_in(new)
    before, after = done_visits(old), done_visits(new)
    wished, wishes = wishes_by_visit(old), wishes_by_visit(new)
    for one in sorted({*before, *after, *wished, *wishes}, key=lambda one: (titles.get(one, one), one)):
        title = titles.get(one, one)
        was, now = before.get(one), after.get(one)
        if was is None or now is None:
            kinds = [Changed.ADDED] if was is None and now is not None else [Changed.DROPPED] if was is not None else []
            found += [PlanChange(kind, one, title) for kind in kinds]
        else:
            pairs: list[tuple[Changed, Any, Any]] = [
                (Changed.CREW, was.cars, now.cars),
                (Changed.START, was.start_at, now.start_at),
                (Changed.LOCKED, was.locked, now.locked),
            ]
            found += [PlanChange(kind, one, title, a, b) for kind, a, b in pairs if a != b]
        if wished.get(one) != wishes.get(one):
            found.append(PlanChange(Changed.ASKED, one, title))
    found += _of_officers(old, new)
    order = list(Changed)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def titles_in(plan: Plan) -> dict[str, str]:
    """What each visit of a plan is called, done or not."""
    done = {stop.visit_id: stop.title for crew in plan.crews for stop in crew.stops}
    return {one.visit_id: one.title for one in plan.undone} | done


def done_visits(plan: Plan) -> dict[str, DoneVisit]:
    """Every visit that is done; cars and not crews, which are only numbered."""
    found: dict[str, DoneVisit] = {}
    for crew in plan.crews:
        for stop in crew.stops:
            others = found[stop.visit_id].cars if stop.visit_id in found else ()
            found[stop.visit_id] = DoneVisit(
                tuple(sorted((*others, crew.vehicle_id))), stop.start_at, locked=stop.locked
            )
    return found


def wishes_by_visit(plan: Plan) -> dict[str, Mapping[str, Any]]:
    """What was asked for each visit: whether it is required, left out or joint, its reason, and the place it names."""
    wish = plan.wish
    targets = {str(one["id"]): one for one in wish.get("targets", ())}
    known = {*wish.get("firm_ids", ()), *targets, *wish.get("left_out", ()), *wish.get("required", ())}
    return {
        one: {
            "firm": one in wish.get("firm_ids", ()),
            "target": targets.get(one),
            "required": one in wish.get("required", ()),
            "left_out": one in wish.get("left_out", ()),
            "joint": one in wish.get("joint_firms", ()),
            "reason": wish.get("reasons", {}).get(one, ""),
        }
        for one in known
    }


def officers_of(crew: PlannedCrew | None) -> tuple[str, ...]:
    """Who rides in a crew; nobody in none."""
    return () if crew is None else tuple(sorted(one.officer_id for one in crew.members))


def _of_officers(old: Plan, new: Plan) -> list[PlanChange]:
    """Cars that both versions have, with other officers."""
    before, after = ({crew.vehicle_id: crew for crew in plan.crews} for plan in (old, new))
    return [
        PlanChange(Changed.OFFICERS, car, after[car].station_name, officers_of(before[car]), officers_of(after[car]))
        for car in sorted(before.keys() & after.keys())
        if officers_of(before[car]) != officers_of(after[car])
    ]
