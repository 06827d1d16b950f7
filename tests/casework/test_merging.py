"""Two people change one plan: who is second is told what the first did, and puts the two together."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from casework.approvals import Event
from casework.errors import OutdatedError, RefusedError
from casework.plan import Undone
from casework.plan_changes import Changed, done_visits, plan_changes
from casework.plan_merge import merge
from casework.planning import UnlawfulError
from casework.replanning import Change, Kind
from casework.wishes import Target, Wish
from tests.store.specimens import plan as specimen
from tests.world import STRADDLING, E, W

CLUSTER = Target("cluster:1", "Cluster 1", *STRADDLING, 6.0)
FIRMS = ("f-e-red", "f-w-yellow", "f-w-red")
BLANK = specimen(crews=(), undone=(), version=1)


def crew(car, *visits, who=(), **more):
    """A crew in a car, its visits one hour each from nine on; a visit may be (id, hours later)."""
    one = specimen().crews[0]
    stops = []
    for number, visit in enumerate(visits):
        name, late = visit if isinstance(visit, tuple) else (visit, 0)
        at = one.leave_at + timedelta(hours=number + late)
        stops.append(replace(one.stops[0], visit_id=name, title=name.upper(), arrive_at=at, start_at=at, with_crews=()))
    members = tuple(replace(one.members[0], officer_id=officer) for officer in who or (f"officer of {car}",))
    return replace(one, id="crew 1", vehicle_id=car, members=members, stops=tuple(stops), **more)


def plan_of(*crews, undone=(), **more):
    return replace(BLANK, crews=crews, undone=tuple(Undone(one, one.upper(), "", "") for one in undone), **more)


def cars(plan):
    return {one: visit.cars for one, visit in done_visits(plan).items()}


def day(plan):
    """Who goes where when, whatever the crews are called."""
    return {one.vehicle_id: [(stop.visit_id, stop.start_at) for stop in one.stops] for one in plan.crews}


BASE = plan_of(crew("red", "a", "b"), crew("blue", "c"), crew("grey", "d"), undone=["e"])


def test_what_became_of_a_plan_is_told():
    new = plan_of(
        crew("red", "a"),
        crew("blue", ("c", 1), who=("else",)),
        crew("grey", "d", "b"),
        crew("new", "e"),
        title="Tuesday",
    )
    found = [(one.kind, one.title or one.subject) for one in plan_changes(BASE, new)]
    assert found == [
        (Changed.TITLE, ""), (Changed.ADDED, "E"), (Changed.CREW, "B"), (Changed.START, "C"), (Changed.OFFICERS, "南浔所"),
    ]  # fmt: skip
    assert [one.new for one in plan_changes(BASE, new) if one.kind is Changed.CREW] == [("grey",)]
    assert [one.kind for one in plan_changes(new, BASE)].count(Changed.DROPPED) == 1


def test_locks_and_wishes_are_told():
    held = replace(BASE.crews[1], stops=tuple(replace(one, locked=False) for one in BASE.crews[1].stops))
    new = replace(BASE, crews=(BASE.crews[0], held, BASE.crews[2]), wish={"firm_ids": ["e"], "required": ["e"]})
    assert [(one.kind, one.subject, one.new) for one in plan_changes(BASE, new)] == [
        (Changed.LOCKED, "c", False),
        (Changed.ASKED, "e", None),
    ]


def test_changes_that_have_nothing_to_do_with_each_other_both_stand():
    theirs = plan_of(crew("red", "b", "a"), *BASE.crews[1:], undone=["e"], version=2, title="Theirs")
    mine = plan_of(BASE.crews[0], crew("blue", ("c", 2)), crew("grey", "d", "e"))
    found = merge(BASE, theirs, mine)
    assert found.conflicts == ()
    assert day(found.plan) == {**day(mine), "red": day(theirs)["red"]}
    assert (found.plan.version, found.plan.title, found.plan.undone) == (2, "Theirs", ())
    assert [one.id for one in found.plan.crews] == ["crew 1", "crew 2", "crew 3"]


def test_what_both_changed_is_chosen():
    theirs = plan_of(crew("red", "b", "a"), *BASE.crews[1:], undone=["e"], version=2)
    mine = plan_of(crew("red", "a", ("b", 3)), crew("blue", ("c", 2)), BASE.crews[2], undone=["e"])
    found = merge(BASE, theirs, mine)
    (conflict,) = found.conflicts
    assert (conflict.visit_ids, conflict.titles, conflict.cars) == (("a", "b"), ("A", "B"), ("red",))
    assert day(found.plan) == {**day(theirs), "blue": day(mine)["blue"]}
    assert day(merge(BASE, theirs, mine, [conflict.id]).plan) == day(mine)


def test_the_same_change_twice_is_none():
    both = plan_of(crew("red", "b", "a"), *BASE.crews[1:], undone=["e"])
    found = merge(BASE, replace(both, version=2), both)
    assert found.conflicts == ()
    assert day(found.plan) == day(both)


def test_a_visit_that_two_gave_to_different_cars_is_done_once():
    theirs = plan_of(*BASE.crews[:2], crew("grey", "d", "e"), version=2)
    mine = plan_of(*BASE.crews[:2], BASE.crews[2], crew("new", "e"))
    found = merge(BASE, theirs, mine)
    assert [one.cars for one in found.conflicts] == [("grey", "new")]
    assert cars(found.plan)["e"] == ("grey",)
    assert cars(merge(BASE, theirs, mine, [found.conflicts[0].id]).plan)["e"] == ("new",)


def test_an_officer_rides_in_one_car():
    base = plan_of(crew("red", "a", who=("1", "2")), crew("blue", "b", who=("3",)), crew("grey", "c", who=("4",)))
    theirs = plan_of(crew("red", "a", who=("1",)), crew("blue", "b", who=("2", "3")), base.crews[2], version=2)
    mine = plan_of(crew("red", "a", who=("1",)), base.crews[1], crew("grey", "c", who=("2", "4")))
    found = merge(base, theirs, mine)
    assert [one.cars for one in found.conflicts] == [("blue", "grey", "red")]
    for chosen in ((), [found.conflicts[0].id]):
        riding = [one.officer_id for each in merge(base, theirs, mine, chosen).plan.crews for one in each.members]
        assert len(riding) == len(set(riding))


def test_who_goes_together_stays_together():
    base = plan_of(crew("red", "a", "j"), crew("blue", ("j", 1)), crew("grey", "c"))
    mine = plan_of(crew("red", "a", ("j", 1)), crew("blue", ("j", 2)), crew("grey", "c"))
    theirs = plan_of(crew("new", "n"), *base.crews[:2], crew("grey", "c"), version=2)
    stops = {one.vehicle_id: one for one in merge(base, theirs, mine).plan.crews}
    together = [stop for one in ("red", "blue") for stop in stops[one].stops if stop.visit_id == "j"]
    assert [one.with_crews for one in together] == [("crew 3",), ("crew 2",)]
    assert len({one.start_at for one in together}) == 1


def test_what_was_asked_for_goes_with_its_visits():
    wish = {"firm_ids": ["a", "b"], "targets": [{"id": "c"}], "required": [], "left_out": [], "reasons": {}}
    base = replace(BASE, wish=wish)
    theirs = replace(
        base,
        version=2,
        wish={**wish, "required": ["a"], "reasons": {"a": "smell"}, "targets": [{"id": "c"}, {"id": "s"}]},
    )
    mine = plan_of(
        crew("red", "a", "b"), BASE.crews[1], undone=["e"],
        wish={**wish, "left_out": ["d"], "reasons": {"d": "closed"}, "firm_ids": ["a", "b", "d"]},
    )  # fmt: skip
    found = merge(base, theirs, mine)
    assert found.conflicts == ()
    assert found.plan.wish == {
        **wish, "firm_ids": ["a", "b", "d"], "targets": [{"id": "c"}, {"id": "s"}], "required": ["a"], "left_out": ["d"],
        "reasons": {"a": "smell", "d": "closed"}, "joint_firms": [],
    }  # fmt: skip


@pytest.mark.parametrize("other", [{"wish": {"firm_min": 20}}, {"a": "0"}])
def test_plans_of_other_frames_are_not_put_together(other):
    with pytest.raises(RefusedError, match="other hours"):
        merge(BASE, BASE, replace(BASE, **other))


def test_every_merge_of_many_changes_does_each_visit_once():
    versions = [
        plan_of(crew("red", "a"), crew("blue", "c", "b"), crew("grey", "d"), undone=["e"]),
        plan_of(crew("red", "a", "b", "e"), crew("blue", "c"), crew("grey", "d")),
        plan_of(crew("red", "b"), crew("blue", "c"), crew("grey", "d"), undone=["a", "e"]),
        plan_of(crew("red", "a", "b"), crew("blue", "c", "d"), undone=["e"]),
        plan_of(crew("red", "a", "b"), crew("blue", "c"), crew("grey", "d"), crew("new", "e")),
        plan_of(crew("red", ("a", 1), "b"), crew("blue", "c"), crew("grey", "d"), undone=["e"]),
    ]
    for one, other in [*combinations(versions, 2), *combinations(versions[::-1], 2)]:
        for keep in ((), [conflict.id for conflict in merge(BASE, one, other).conflicts]):
            found = merge(BASE, one, other, keep).plan
            done = [stop.visit_id for each in found.crews for stop in each.stops]
            assert sorted([*done, *(each.visit_id for each in found.undone)]) == ["a", "b", "c", "d", "e"]


@pytest.fixture
def kept(desk):
    """A plan of the small world, kept, and its version as a page has it."""
    on = desk.candidates.next_working_day()
    wish = Wish(E, W, on, FIRMS, (CLUSTER,))
    plan = desk.planning.solved(desk.planning.wishes.asked(wish), iterations=300)
    return desk.plans.keep(plan, E)


def altered(desk, plan, kind, visit):
    return desk.replanning.changed(plan, Change(kind, visit), iterations=300)


def test_nothing_is_told_of_the_newest_version_nor_of_a_plan_that_is_not_kept(desk, kept):
    assert desk.merging.since(kept) is None
    assert desk.merging.since(replace(kept, id="another")) is None


def test_the_second_is_told_who_did_what_and_both_changes_are_kept(desk, kept):
    first = altered(desk, kept, Kind.LOCK, FIRMS[0])
    second = altered(desk, kept, Kind.LOCK, FIRMS[1])
    saved = desk.plans.keep(first, W, "locked by the first")
    desk.plans.step(saved, W, Event.PROPOSE)
    with pytest.raises(OutdatedError):
        desk.plans.keep(second, E)
    found = desk.merging.since(replace(kept, problem={}))
    assert [(step.event, step.by, step.reason) for step in found.steps] == [
        (Event.CHANGE, "local", "locked by the first"),
        (Event.PROPOSE, "local", ""),
    ]
    assert [(one.kind, one.subject) for one in found.changes] == [(Changed.LOCKED, FIRMS[0])]
    keep_mine = [one.id for one in found.conflicts(second)]
    merged = desk.merging.merged(found, second, keep_mine)
    after = desk.plans.keep(merged, E, "put together")
    assert after.version == kept.version + 3
    locked = {one.visit_id for each in after.crews for one in each.stops if one.locked}
    # Where both touched the same car, mine stands alone; elsewhere both do.
    assert locked == ({FIRMS[1]} if keep_mine else {FIRMS[0], FIRMS[1]})


def test_a_visit_left_out_here_and_a_lock_there_are_both_kept(desk, kept):
    car_of = {one: visit.cars for one, visit in done_visits(kept).items()}
    mine = altered(desk, kept, Kind.FORBID, FIRMS[0])
    theirs = desk.plans.keep(altered(desk, kept, Kind.LOCK, FIRMS[2]), W)
    found = desk.merging.since(kept)
    merged = desk.merging.merged(found, mine)
    assert merged.version == theirs.version
    if not found.conflicts(mine):
        assert FIRMS[0] not in merged.visit_ids
        assert set(car_of[FIRMS[2]]).isdisjoint(car_of[FIRMS[0]])
    assert desk.plans.keep(merged, E).version == theirs.version + 1


def test_what_does_not_go_together_is_refused(desk, kept):
    """Each keeps the law alone: the one takes an officer's stop away, the other forges a time."""
    desk.plans.keep(altered(desk, kept, Kind.LOCK, FIRMS[0]), W)
    crews = tuple(replace(one, leave_at=one.leave_at + timedelta(hours=2)) for one in kept.crews)
    found = desk.merging.since(kept)
    forged = replace(kept, crews=crews)
    with pytest.raises(UnlawfulError):
        desk.merging.merged(found, forged, [one.id for one in found.conflicts(forged)])
