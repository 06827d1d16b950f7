"""Two versions of a plan put together: what only one of them changed comes from there, and what both changed is chosen."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from casework.errors import RefusedError
from casework.plan import Plan, PlannedCrew, Undone
from casework.plan_changes import done_visits, titles_in, wishes_by_visit

Node = tuple[str, str]
_BY_VISIT = ("firm_ids", "targets", "reasons", "required", "left_out", "joint_firms")


@dataclass(frozen=True)
class Conflict:
    """Visits and cars that both versions changed, each in its own way; `id` is that of the first of them."""

    id: str
    visit_ids: tuple[str, ...]
    titles: tuple[str, ...]
    cars: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """The plan that came of two versions, not checked yet, and what stood against each other."""

    plan: Plan
    conflicts: tuple[Conflict, ...]


def merge(base: Plan, theirs: Plan, mine: Plan, keep_mine: Collection[str] = ()) -> Merged:
    """What `mine` changed in `base`, on top of what `theirs` changed.

    Cars, officers and visits that a version changed fall into groups that have nothing to do with each other: a group
    holds everything that goes together, such as a visit that went from one car to another, and both cars. A group that
    only one version changed is taken from it. Of a group that both changed, theirs stands unless `keep_mine` has the
    conflict's id.

    Parameters
    ----------
    base
        The version that both began with.
    theirs
        The version that is kept.
    mine
        The version that was made meanwhile.
    keep_mine
        Ids of conflicts in which mine stands.

    Raises
    ------
    RefusedError
        When the two ask for other hours, stations or days.

    Examples
    --------
    >>> from datetime import date
    >>> none = Plan("p", "", date(2026, 6, 1), "a", "b", ())
    >>> merge(none, none, none).conflicts
    ()
    >>> merge(none, replace(none, version=2), replace(none, title="Mine")).plan.title
    'Mine'
    """
    _refuse_other_frames(base, theirs, mine)
    before, here, there = _values(base), _values(mine), _values(theirs)
    touched = {node for node in {*before, *here, *there} if not before.get(node) == here.get(node) == there.get(node)}
    conflicts, from_mine = [], set[Node]()
    titles = titles_in(base) | titles_in(theirs) | titles_in(mine)
    for group in _groups(touched, base, theirs, mine):
        by_me = any(here.get(node) != before.get(node) for node in group)
        by_them = any(there.get(node) != before.get(node) for node in group)
        apart = any(here.get(node) != there.get(node) for node in group)
        if by_me and by_them and apart:
            conflict = _conflict(group, titles)
            conflicts.append(conflict)
            by_me = conflict.id in keep_mine
            by_them = not by_me
        if by_me and not by_them:
            from_mine |= group
    plan = _joined(base, theirs, mine, from_mine)
    return Merged(plan, tuple(sorted(conflicts, key=lambda one: (one.titles, one.id))))


def _refuse_other_frames(base: Plan, *others: Plan) -> None:
    """Nothing, when all ask for the same day, sides, stations, hours and lengths."""
    for other in others:
        names = (base.wish.keys() | other.wish.keys()) - set(_BY_VISIT)
        same = all(base.wish.get(name) == other.wish.get(name) for name in names)
        if not same or (base.id, base.on, base.a, base.b) != (other.id, other.on, other.a, other.b):
            raise RefusedError(
                "The two versions were asked for with other hours, stations or days: take theirs, or plan the day again."
            )


def _values(plan: Plan) -> dict[Node, Any]:
    """What is said of each car, officer and visit; a node that is not there is None to whoever asks."""
    found: dict[Node, Any] = {}
    for crew in plan.crews:
        times = tuple((one.visit_id, one.arrive_at, one.start_at, one.end_at, one.locked) for one in crew.stops)
        who = tuple(one.officer_id for one in crew.members)
        found["car", crew.vehicle_id] = (who, crew.leave_at, crew.back_at, crew.rest_at, crew.rest_min, times)
        found.update({("officer", one): crew.vehicle_id for one in who})
    done, wished = done_visits(plan), wishes_by_visit(plan)
    found.update({("visit", one): (done.get(one), wished.get(one)) for one in {*done, *wished}})
    return found


def _groups(touched: set[Node], *plans: Plan) -> Iterator[set[Node]]:
    """Touched nodes that ride or are visited together in any of the plans."""
    group_of = {node: {node} for node in touched}
    for plan in plans:
        for crew in plan.crews:
            car = ("car", crew.vehicle_id)
            parts = [("visit", one.visit_id) for one in crew.stops]
            parts += [("officer", one.officer_id) for one in crew.members]
            for part in parts:
                if car in touched and part in touched and group_of[car] is not group_of[part]:
                    group_of[car] |= group_of[part]
                    group_of.update(dict.fromkeys(group_of[part], group_of[car]))
    yield from {id(group): group for group in group_of.values()}.values()


def _conflict(group: set[Node], titles: dict[str, str]) -> Conflict:
    visits = sorted((name for kind, name in group if kind == "visit"), key=lambda one: (titles.get(one, one), one))
    return Conflict(
        "/".join(min(group)),
        tuple(visits),
        tuple(titles.get(one, one) for one in visits),
        tuple(sorted(name for kind, name in group if kind == "car")),
    )


def _joined(base: Plan, theirs: Plan, mine: Plan, from_mine: set[Node]) -> Plan:
    """Their plan, with the nodes `from_mine` as mine has them."""
    ours = {crew.vehicle_id: crew for crew in mine.crews}
    crews = [ours.get(crew.vehicle_id) if ("car", crew.vehicle_id) in from_mine else crew for crew in theirs.crews]
    there = {crew.vehicle_id for crew in theirs.crews}
    crews += [crew for crew in mine.crews if ("car", crew.vehicle_id) in from_mine and crew.vehicle_id not in there]
    numbered = _numbered([crew for crew in crews if crew is not None and crew.stops])
    wish = _wish(theirs, mine, {name for kind, name in from_mine if kind == "visit"})
    done = {stop.visit_id for crew in numbered for stop in crew.stops}
    undone: dict[str, Undone] = {}
    for plan, is_mine in ((theirs, False), (mine, True)):
        for one in plan.undone:
            if one.visit_id not in done and (("visit", one.visit_id) in from_mine) is is_mine:
                undone[one.visit_id] = one
    title = theirs.title if mine.title == base.title else mine.title
    return replace(theirs, title=title, crews=numbered, wish=wish, undone=tuple(undone.values()), conflict="")


def _numbered(crews: list[PlannedCrew]) -> tuple[PlannedCrew, ...]:
    """Crews under the numbers of their order; who visits together knows the others by these."""
    number = {crew.vehicle_id: f"crew {n}" for n, crew in enumerate(crews, start=1)}
    at: dict[str, list[str]] = {}
    for crew in crews:
        for stop in crew.stops:
            at.setdefault(stop.visit_id, []).append(number[crew.vehicle_id])
    return tuple(
        replace(
            crew,
            id=number[crew.vehicle_id],
            stops=tuple(
                replace(stop, with_crews=tuple(one for one in at[stop.visit_id] if one != number[crew.vehicle_id]))
                for stop in crew.stops
            ),
        )
        for crew in crews
    )


def _wish(theirs: Plan, mine: Plan, from_mine: set[str]) -> dict[str, Any]:
    """What was asked for: of the visits `from_mine` as mine has it, of all others as theirs."""
    if not from_mine:
        return theirs.wish
    parts: dict[str, Any] = {}
    for name in _BY_VISIT:
        one, other = theirs.wish.get(name), mine.wish.get(name)
        if name == "reasons":
            parts[name] = {k: v for k, v in (one or {}).items() if k not in from_mine} | {
                k: v for k, v in (other or {}).items() if k in from_mine
            }
        else:
            parts[name] = [each for each in one or () if _named(each) not in from_mine] + [
                each for each in other or () if _named(each) in from_mine
            ]
    return {**theirs.wish, **parts}


def _named(each: Any) -> str:
    return str(each["id"] if isinstance(each, dict) else each)
