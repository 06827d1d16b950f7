"""A plan is changed by hand: what was fixed stays, the rest is planned again, and the change is told with what it costs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from casework.errors import NotFoundError, RefusedError
from casework.plan import Plan, PlannedCrew, Stop
from casework.planning import Planning, as_draft_of, wish_of
from casework.rules import Rules
from casework.wishes import Asked, Target, Wish
from geo.patrol_plan import Plan as Solved
from geo.patrol_problem import Lock
from geo.patrol_reasons import conflict
from geo.patrols import explanation, plan_patrols

_MOST_TRIED = 6


class Kind(StrEnum):
    """What a person can do with a plan by hand."""

    MOVE = "move"
    AT = "at"
    LOCK = "lock"
    UNLOCK = "unlock"
    FORBID = "forbid"
    REQUIRE = "require"
    OTHER = "other"


@dataclass(frozen=True)
class Change:
    """One change by hand.

    MOVE takes a visit to `crew_id`, after the stop `after` (empty: first; None: last). AT has it start at minute `at_min`
    of the day. LOCK and UNLOCK hold it and let it go, FORBID leaves it out, REQUIRE has it done, for a green firm with
    `reason`, and adds `target` where it is a place that the plan does not know. OTHER asks for another plan with the
    same locks.
    """

    kind: Kind
    visit_id: str = ""
    crew_id: str = ""
    from_crew_id: str = ""
    after: str | None = None
    at_min: float = 0.0
    reason: str = ""
    target: Target | None = None


class ConflictError(RefusedError):
    """What is fixed does not go together; `conflict` says which rules exclude each other, empty where none was found."""

    def __init__(self, conflict: str) -> None:
        self.conflict = conflict
        super().__init__(
            "This does not go together with what is locked: {conflict}", conflict=conflict or "no time is left there"
        )


@dataclass(frozen=True)
class Costs:
    """What a plan has more or less than the one before it; minutes are those of all crews, visits by id and title."""

    risk: float
    travel_min: float
    added: tuple[tuple[str, str], ...]
    dropped: tuple[tuple[str, str], ...]


class Replanning:
    """Changes plans and keeps none; what cannot be done lawfully is refused, and the plan is as it was."""

    def __init__(self, rules: Rules, planning: Planning) -> None:
        self._rules = rules
        self._planning = planning

    def changed(
        self,
        plan: Plan,
        change: Change,
        *,
        seconds: float | None = None,
        iterations: int | None = None,
        clock: Callable[[], float] | None = None,
    ) -> Plan:
        """The plan after a change by hand, checked by the engine.

        A visit that is locked or let go moves nothing, so nothing is searched. `seconds` by `clock` are shared by all
        times at which a move could be meant, `iterations` are for each.

        Raises
        ------
        RefusedError
            When no lawful plan has the change together with all that is locked; the message names the rule.
        NotFoundError
            When the plan has no such visit or crew.
        """
        tries = self._tries(plan, change)
        if change.kind in (Kind.LOCK, Kind.UNLOCK):
            return self._planning.checked(tries[0])
        seed = plan.seed + 1 if change.kind is Kind.OTHER else plan.seed
        start = None if change.kind is Kind.OTHER else self._planning.as_solved(plan)
        kept = plan.visit_ids | ({change.visit_id} if change.kind is Kind.REQUIRE else frozenset())
        asked = self._planning.wishes.asked(_wished(wish_of(plan), change), tries[0])
        each_s = None if seconds is None else seconds / len(tries)
        failed: list[tuple[Asked, Solved]] = []
        for locked in tries:
            trying = self._planning.wishes.locked(asked, locked)
            found = plan_patrols(trying.problem, seed, each_s, iterations, clock=clock, start=start, explained=False)
            if _holds(trying, found, kept) and _in_place(plan, found, change):
                found = explanation(trying.problem, found)
                return as_draft_of(plan, self._planning.told(trying, found, iterations or 0))
            failed.append((trying, found))
        # Rules exclude each other where the visit could not be done at all; elsewhere it only stands in another place.
        nearest, found = min(failed, key=lambda one: change.visit_id in one[1].visit_ids)
        raise ConflictError(conflict(nearest.problem, found))

    def _tries(self, plan: Plan, change: Change) -> list[Plan]:
        """The plan with the locks that the change asks for; for a move one for each time it could be meant at."""
        if change.kind in (Kind.OTHER, Kind.FORBID, Kind.REQUIRE):
            gone = change.visit_id if change.kind is Kind.FORBID else ""
            return [_with_lock(plan, gone, locked=False) if gone else plan]
        own = [crew for crew in plan.crews if any(stop.visit_id == change.visit_id for stop in crew.stops)]
        if not own:
            raise NotFoundError("The plan has no visit {id}.", id=change.visit_id)
        stop = next(one for one in own[0].stops if one.visit_id == change.visit_id)
        if change.kind in (Kind.LOCK, Kind.UNLOCK):
            return [_with_lock(plan, change.visit_id, locked=change.kind is Kind.LOCK)]
        midnight = datetime.combine(plan.on, time(), ZoneInfo(self._rules.timezone))
        if change.kind is Kind.AT:
            return [_moved(plan, stop, own, midnight + timedelta(minutes=change.at_min))]
        target = next((crew for crew in plan.crews if crew.id == change.crew_id), None)
        if target is None:
            raise NotFoundError("The plan has no crew {id}.", id=change.crew_id)
        crews = _going(own, target, change)
        return [_moved(plan, stop, crews, at) for at in self._times(plan, stop, target, change)]

    def _times(self, plan: Plan, stop: Stop, crew: PlannedCrew, change: Change) -> list[datetime]:
        """When a crew could be at a stop after another one, or at the end of its day: at once, or after its break."""
        others = [one for one in crew.stops if one.visit_id != stop.visit_id]
        ids = [one.visit_id for one in others]
        place = ids.index(change.after) + 1 if change.after in ids else 0 if change.after == "" else len(others)
        free = others[place - 1].end_at if place else crew.leave_at
        drive_min = self._drive_min(plan, others[place - 1].visit_id if place else crew.station_id, stop.visit_id)
        first = free + timedelta(minutes=drive_min)
        until = others[place].start_at if place < len(others) else None
        rest = (
            []
            if crew.rest_at is None
            else [crew.rest_at + timedelta(minutes=crew.rest_min + d) for d in (0.0, drive_min)]
        )
        later = [first + timedelta(minutes=crew.rest_min)] if crew.rest_min else []
        tries = [first, *later, *(one for one in sorted(rest) if one > first)]
        if until is None:
            tries.append(stop.start_at)
        return list(dict.fromkeys(one for one in tries if one >= first))[:_MOST_TRIED]

    def _drive_min(self, plan: Plan, origin: str, visit_id: str) -> float:
        """Minutes between two places, by the problem that the plan answers."""
        places = plan.problem["places"]
        return float(plan.problem["travel_min"][places.index(f"at {origin}")][places.index(f"at {visit_id}")])


def costs(before: Plan, after: Plan) -> Costs:
    """What a change costs: risk, travel, and which visits came and went.

    Examples
    --------
    >>> from datetime import date
    >>> none = Plan("p", "", date(2026, 6, 1), "a", "b", ())
    >>> costs(none, none)
    Costs(risk=0.0, travel_min=0.0, added=(), dropped=())
    """
    titles = {
        stop.visit_id: stop.title for plan in (before, after) for crew in plan.crews for stop in crew.stops
    }  # fmt: skip
    added, dropped = (sorted(one) for one in (after.visit_ids - before.visit_ids, before.visit_ids - after.visit_ids))
    return Costs(
        round(after.risk - before.risk, 3),
        round(after.travel_min - before.travel_min, 3),
        tuple((one, titles[one]) for one in added),
        tuple((one, titles[one]) for one in dropped),
    )


def _wished(wish: Wish, change: Change) -> Wish:
    """What is asked for after a change."""
    one = change.visit_id
    if change.kind is Kind.FORBID:
        return replace(wish, left_out=wish.left_out | {one}, required=wish.required - {one})
    if change.kind is not Kind.REQUIRE:
        return wish
    wish = replace(wish, left_out=wish.left_out - {one}, required=wish.required | {one})
    if change.reason:
        wish = replace(wish, reasons={**wish.reasons, one: change.reason})
    if change.target is not None:
        return replace(wish, targets=(*(target for target in wish.targets if target.id != one), change.target))
    known = {*wish.firm_ids, *(target.id for target in wish.targets)}
    return wish if one in known else replace(wish, firm_ids=(*wish.firm_ids, one))


def _with_lock(plan: Plan, visit_id: str, *, locked: bool) -> Plan:
    """The plan with one visit locked, or not."""
    return replace(
        plan,
        crews=tuple(
            replace(
                crew,
                stops=tuple(replace(one, locked=locked) if one.visit_id == visit_id else one for one in crew.stops),
            )
            for crew in plan.crews
        ),
    )


def _going(own: list[PlannedCrew], target: PlannedCrew, change: Change) -> list[PlannedCrew]:
    """Who visits together after one crew takes another's place."""
    leaving = change.from_crew_id or own[0].id
    stay = [crew for crew in own if crew.id not in (leaving, target.id)]
    # A crew of both sides needs no second one.
    return [target] if len(target.sides) > 1 else [*stay, target]


def _moved(plan: Plan, stop: Stop, going: list[PlannedCrew], at: datetime) -> Plan:
    """The plan with a stop locked to crews and a start; whether that goes is for the engine to say."""
    held = replace(stop, start_at=at, locked=True)
    ids = {crew.id for crew in going}
    return replace(
        plan,
        crews=tuple(
            replace(
                crew,
                stops=(
                    *(one for one in crew.stops if one.visit_id != stop.visit_id),
                    *((held,) if crew.id in ids else ()),
                ),
            )
            for crew in plan.crews
        ),
    )


def _in_place(before: Plan, after: Solved, change: Change) -> bool:
    """Whether a moved visit stands in its crew's day where it was put: behind one visit, before the one that followed."""
    if change.kind is not Kind.MOVE or change.after is None:
        return True
    crew = next(one for one in before.crews if one.id == change.crew_id)
    ids = [one.visit_id for one in crew.stops if one.visit_id != change.visit_id]
    place = ids.index(change.after) + 1 if change.after in ids else 0
    now = next((one for one in after.crews if one.vehicle_id == crew.vehicle_id), None)
    order = [] if now is None else [one.visit_id for one in now.stops]
    around = [
        one for one in (*ids[max(0, place - 1) : place], change.visit_id, *ids[place : place + 1]) if one in order
    ]
    return around == sorted(around, key=order.index)


def _holds(asked: Asked, plan: Solved, kept: frozenset[str]) -> bool:
    """Whether everything locked is where it is locked, and everything required of what is to be `kept` is done."""
    start_of: dict[str, set[str]] = {}
    for crew in plan.crews:
        for stop in crew.stops:
            start_of.setdefault(stop.visit_id, set()).add(crew.vehicle_id)
    locks: tuple[Lock, ...] = asked.problem.locks
    held = all(start_of.get(lock.visit_id) == set(lock.vehicle_ids) for lock in locks)
    return held and (asked.wish.required - asked.wish.left_out) & kept <= plan.visit_ids
