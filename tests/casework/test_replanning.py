"""Wishes made plans, plans changed by hand, and what a change costs."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from casework.approvals import PlanState
from casework.errors import NotFoundError, RefusedError
from casework.plan import Duty
from casework.planning import packed, unpacked, wish_of
from casework.replanning import Change, ConflictError, Kind, costs
from casework.timetable import Doing, is_joint, spans, totals
from casework.wishes import Target, Wish
from layers.view import View, chosen
from tests.world import STRADDLING, E, W

ITERATIONS = 300
FIRMS = ("f-e-red", "f-w-yellow", "f-w-red")
CLUSTER = Target("cluster:1", "Cluster 1", *STRADDLING, 6.0)


@pytest.fixture
def on(desk):
    return desk.candidates.next_working_day()


@pytest.fixture
def plan(desk, on):
    return solved(desk, Wish(E, W, on, FIRMS, (CLUSTER,)))


def solved(desk, wish, locked=None):
    return desk.planning.solved(desk.planning.wishes.asked(wish, locked), iterations=ITERATIONS)


def changed(desk, plan, kind, visit="", **more):
    return desk.replanning.changed(plan, Change(kind, visit, **more), iterations=ITERATIONS)


def where(plan, visit):
    return {crew.id: stop for crew in plan.crews for stop in crew.stops if stop.visit_id == visit}


def test_a_wish_becomes_a_plan_that_remembers_it(desk, plan, on):
    assert plan.visit_ids == {*FIRMS, CLUSTER.id}
    assert wish_of(plan) == Wish(E, W, on, FIRMS, (CLUSTER,))
    assert unpacked(packed(plan)) == plan
    assert is_joint(plan, CLUSTER.id)
    assert plan.risk == pytest.approx(sum({s.visit_id: s.risk for c in plan.crews for s in c.stops}.values()))
    with pytest.raises(RefusedError, match="does not say what was asked for"):
        wish_of(replace(plan, wish={}))


def test_a_day_has_no_gaps_and_sums_add_up(plan):
    for crew in plan.crews:
        inside = [one for one in spans(crew) if one.since < crew.back_at]
        assert inside[0].since == crew.leave_at
        assert all(one.until == other.since for one, other in pairwise(inside))
        driven = sum((one.until - one.since).total_seconds() / 60 for one in inside if one.doing is Doing.TRAVEL)
        assert driven == pytest.approx(crew.travel_min)
        assert [one.stop.visit_id for one in inside if one.doing is Doing.WORK] == [s.visit_id for s in crew.stops]
        assert sum(one.doing is Doing.REST for one in spans(crew)) == 1
    both = totals(plan)
    assert both.n_officers == totals(plan, E).n_officers + totals(plan, W).n_officers
    assert both.n_visits == len(plan.visit_ids)
    assert both.travel_min == pytest.approx(plan.travel_min)
    assert both.work_min >= 3 * 45 + 30


def test_breaks_before_and_after_the_way(plan):
    crew = next(one for one in plan.crews if one.stops)
    stop = crew.stops[0]
    late = replace(stop, start_at=stop.start_at + timedelta(minutes=60), end_at=stop.end_at + timedelta(minutes=60))
    home = timedelta(minutes=crew.way_home_min)
    one = replace(crew, stops=(late,), back_at=late.end_at + home)
    after = replace(one, rest_at=one.leave_at + timedelta(minutes=stop.travel_min + 5), rest_min=20.0)
    assert [span.doing for span in spans(after)][:4] == [Doing.TRAVEL, Doing.WAIT, Doing.REST, Doing.WAIT]
    before = replace(one, rest_at=one.leave_at, rest_min=20.0)
    assert [span.doing for span in spans(before)][:3] == [Doing.REST, Doing.TRAVEL, Doing.WAIT]
    assert Doing.REST not in {span.doing for span in spans(replace(one, rest_at=None, rest_min=0.0))}
    beside = replace(one, stops=(replace(late, travel_min=0.0),), rest_at=None, rest_min=0.0)
    assert spans(beside)[0].doing is Doing.WAIT
    homewards = replace(one, rest_at=late.end_at, rest_min=20.0, back_at=late.end_at + home + timedelta(minutes=20))
    assert homewards.way_home_min == pytest.approx(crew.way_home_min)


def test_what_is_locked_stays_to_the_minute(desk, plan):
    for visit in sorted(plan.visit_ids):
        plan = changed(desk, plan, Kind.LOCK, visit)
    assert all(stop.locked for crew in plan.crews for stop in crew.stops)
    other = changed(desk, plan, Kind.OTHER)
    assert {v: {s.start_at for s in where(other, v).values()} for v in plan.visit_ids} == {
        v: {s.start_at for s in where(plan, v).values()} for v in plan.visit_ids
    }
    free = changed(desk, plan, Kind.UNLOCK, FIRMS[0])
    assert not any(stop.locked for stop in where(free, FIRMS[0]).values())


def test_a_visit_is_left_out_and_taken_back_in(desk, plan):
    without = changed(desk, plan, Kind.FORBID, "f-e-red")
    assert "f-e-red" not in without.visit_ids
    told = costs(plan, without)
    assert told.dropped == (("f-e-red", "East red"),)
    assert told.risk < 0
    assert told.risk == pytest.approx(without.risk - plan.risk, abs=1e-3)
    back = changed(desk, without, Kind.REQUIRE, "f-e-red")
    assert "f-e-red" in back.visit_ids
    assert costs(without, back).added == (("f-e-red", "East red"),)


def test_an_urgent_visit_is_done_and_says_what_falls_out(desk, plan, on):
    short = Wish(E, W, on, FIRMS, (CLUSTER,), station_ids=("s-w-joint",), shift_min=(540.0, 660.0), rest=None)
    full = solved(desk, short)
    assert full.undone
    urgent = changed(desk, full, Kind.REQUIRE, "f-w-green", reason="complaint")
    assert "f-w-green" in urgent.visit_ids
    assert where(urgent, "f-w-green").popitem()[1].reason == "complaint"
    assert costs(full, urgent).dropped
    spot = Target("spot:1", "Spot", 120.299, 30.9, 2.0, Duty.PLACE, joint=False)
    assert "spot:1" in changed(desk, plan, Kind.REQUIRE, "spot:1", target=spot).visit_ids


def test_a_visit_is_moved_to_another_crew_and_time(desk, plan):
    source = next(crew for crew in plan.crews if any(stop.visit_id == "f-e-red" for stop in crew.stops))
    target = next((crew for crew in plan.crews if crew.id != source.id), None)
    later = changed(desk, plan, Kind.AT, "f-e-red", at_min=15 * 60.0)
    stop = where(later, "f-e-red").popitem()[1]
    assert (stop.start_at.hour, stop.start_at.minute, stop.locked) == (7, 0, True)
    if target is not None:
        moved = changed(desk, plan, Kind.MOVE, "f-e-red", crew_id=target.id, from_crew_id=source.id)
        vehicle = next(c.vehicle_id for c in moved.crews if any(s.visit_id == "f-e-red" for s in c.stops))
        assert vehicle == target.vehicle_id


def test_the_order_of_a_crew_is_changed(desk, on):
    plan = solved(desk, Wish(E, W, on, FIRMS, station_ids=("s-w-joint",)))
    (crew,) = plan.crews
    ids = [stop.visit_id for stop in crew.stops]
    assert len(ids) == 3
    first = changed(desk, plan, Kind.MOVE, ids[2], crew_id=crew.id, after="")
    assert first.crews[0].stops[0].visit_id == ids[2]
    held = changed(desk, first, Kind.LOCK, first.crews[0].stops[0].visit_id)
    with pytest.raises(ConflictError):
        changed(desk, held, Kind.MOVE, ids[0], crew_id=crew.id, after="")
    last = changed(desk, plan, Kind.MOVE, ids[0], crew_id=crew.id)
    assert where(last, ids[0])["crew 1"].locked
    behind = changed(desk, plan, Kind.MOVE, ids[0], crew_id=crew.id, after=ids[1])
    order = [stop.visit_id for stop in behind.crews[0].stops]
    assert order.index(ids[0]) > order.index(ids[1])


def test_what_cannot_be_is_refused(desk, plan):
    with pytest.raises(ConflictError, match="does not go together") as caught:
        changed(desk, plan, Kind.AT, CLUSTER.id, at_min=3 * 60.0)
    assert "Required visit" in caught.value.conflict
    with pytest.raises(NotFoundError, match="no visit"):
        changed(desk, plan, Kind.LOCK, "x")
    with pytest.raises(NotFoundError, match="no crew"):
        changed(desk, plan, Kind.MOVE, FIRMS[0], crew_id="crew 99")


def test_a_kept_plan_does_not_count_against_itself(desk, plan):
    kept = desk.plans.keep(replace(plan, title="Monday"), E)
    again = changed(desk, changed(desk, kept, Kind.OTHER), Kind.OTHER)
    assert again.visit_ids == plan.visit_ids
    assert (again.id, again.version, again.title) == (kept.id, 1, "Monday")
    second = desk.plans.keep(again, W, "another order")
    assert (second.version, second.state) == (2, PlanState.DRAFT)
    third = solved(desk, wish_of(plan))
    desk.plans.keep(third, E)
    left = solved(desk, wish_of(plan)).undone
    assert {(one.rule, one.figures[:3]) for one in left if one.visit_id != CLUSTER.id} == {("collisions", (2, 2, 2))}


def test_clusters_and_firms_are_offered(desk, on):
    found = desk.candidates.gathered(E, W, chosen(desk, View()), on)
    assert (found[0].target.title, found[0].lawful, found[0].target.joint, found[0].tested) == (
        "Cluster 1", True, True, False,
    )  # fmt: skip
    assert {one.lawful for one in desk.candidates.gathered(E, W, chosen(desk, View()), date(2025, 1, 1))} == {False}
    assert list(desk.candidates.due(W, E, on)["id"]) == ["f-e-red", "f-w-red", "f-e-far", "f-w-yellow"]
    assert desk.candidates.due(W, E, date(2025, 1, 1)).empty
    assert on.weekday() < 5


def test_weekends_are_passed_over(desk, clock):
    clock.at += timedelta(days=1)
    assert desk.candidates.next_working_day() == date(2026, 6, 15)


def test_lots_are_drawn_so_that_anyone_can_repeat_it(desk):
    record = desk.candidates.drawn(E, W, " 2026-06-11 ", 2)
    assert record == desk.candidates.drawn(W, E, "2026-06-11", 2)
    assert len(record.pairs) == 2
    assert all(len(who) == 2 for _firm, who in record.pairs)


def test_a_series_has_days(desk):
    assert desk.candidates.series(date(2026, 6, 16), 3, 2) == (date(2026, 6, 16), date(2026, 6, 30), date(2026, 7, 14))
    for n, weeks in ((0, 1), (53, 1), (1, 0)):
        with pytest.raises(RefusedError, match="1 to 52 dates"):
            desk.candidates.series(date(2026, 6, 16), n, weeks)
