"""From a wish to a plan: what is asked of the solver, and how its answer is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.approvals import Event, PlanState
from casework.errors import NotFoundError, RefusedError
from casework.plan import Duty
from casework.planning import UnlawfulError, unpacked
from casework.rosters import roster
from casework.wishes import Target, Wish
from tests.world import IN_FORCE, TODAY, E, N, W, stations

ITERATIONS = 2000
ON_THE_LINE = Target("cluster 1", "Cluster 1", 120.3, 30.9, 5.0)


def wish(**changes):
    one = Wish(W, E, TODAY, ("f-e-red", "f-w-red", "f-w-yellow"), (ON_THE_LINE,))
    return replace(one, **changes)


@pytest.fixture
def wishes(desk):
    return desk.planning.wishes


def solved(desk, **changes):
    return desk.planning.solved(desk.planning.wishes.asked(wish(**changes)), iterations=ITERATIONS)


def test_a_wish_becomes_a_problem(wishes):
    asked = wishes.asked(wish())
    problem = asked.problem
    assert (problem.on, problem.sides) == (TODAY, (E, W))
    assert {one.id for one in problem.stations} == {"s-e-team", "s-w-joint", "s-w-squad", "s-w-team"}
    assert [one.side for one in problem.officers if one.station_id == "s-w-joint"] == [W, E]
    assert len(problem.officers) == 13
    assert problem.simulated  # the firms are
    visits = {one.id: one for one in problem.visits}
    assert [visits[one].side for one in ("f-e-red", "f-w-red", "f-w-yellow")] == [E, W, W]
    assert all(one.allowed for one in visits.values())
    assert asked.agreement_of["f-e-red"] == IN_FORCE
    assert visits["cluster 1"].joint
    assert not visits["f-e-red"].joint
    assert visits["f-e-red"].risk > visits["f-w-yellow"].risk
    assert problem.provider == "straight-line"


def test_the_day_decides_whether_an_agreement_lets_officers_in(wishes):
    asked = wishes.asked(wish(a=N, b=W, firm_ids=("f-n-red",), targets=(replace(ON_THE_LINE, lon=120.2, lat=30.98),)))
    assert not any(one.allowed for one in asked.problem.visits)
    assert asked.agreement_of == {}
    assert {one.side for one in asked.problem.visits} == {N}


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"firm_ids": (), "targets": ()}, RefusedError, "nothing to visit"),
        ({"left_out": frozenset({"f-e-red", "f-w-red", "f-w-yellow", "cluster 1"})}, RefusedError, "nothing to visit"),
        ({"station_ids": ("s-e-squad",)}, RefusedError, "has an officer"),
        ({"station_ids": ("s-x",)}, NotFoundError, "no station s-x"),
        ({"firm_ids": ("f-n-red",)}, NotFoundError, "no firm f-n-red"),
        ({"targets": tuple(replace(ON_THE_LINE, id=f"t{k}") for k in range(401))}, RefusedError, "at most 400"),
    ],
)
def test_what_cannot_be_asked_says_what_to_do(wishes, changes, error, message):
    with pytest.raises(error, match=message):
        wishes.asked(wish(**changes))


def test_a_plan_is_lawful_and_told_in_the_operators_time(desk):
    plan = solved(desk)
    assert (plan.a, plan.b, plan.state, plan.version) == (E, W, PlanState.DRAFT, 0)
    stops = {stop.visit_id: (crew, stop) for crew in plan.crews for stop in crew.stops}
    assert set(stops) == {"f-e-red", "f-w-red", "f-w-yellow", "cluster 1"}
    assert plan.undone == ()
    there = [crew for crew in plan.crews if "cluster 1" in {stop.visit_id for stop in crew.stops}]
    assert {side for crew in there for side in crew.sides} == {E, W}
    assert len({stop.start_at for crew in there for stop in crew.stops if stop.visit_id == "cluster 1"}) == 1
    assert all(len(crew.members) >= 2 for crew in plan.crews if len(there) == 1)
    for crew in plan.crews:
        assert crew.leave_at.astimezone(desk.clock.now().tzinfo) >= desk.clock.now() - timedelta(days=1)
        assert crew.leave_at.hour >= 1  # nine o'clock in Shanghai
        assert crew.travel_min >= 0
        for stop in crew.stops:
            assert crew.leave_at <= stop.arrive_at <= stop.start_at < stop.end_at <= crew.back_at
    assert stops["f-e-red"][1].duty is Duty.FIRM
    assert stops["f-e-red"][1].agreement_id == IN_FORCE
    assert desk.plans.keep(plan, E).version == 1
    assert desk.plans.get(plan.id).problem["sides"] == [E, W]


def test_the_same_seed_gives_the_same_plan(desk):
    one, two = solved(desk), solved(desk)
    assert replace(one, id=two.id) == two


def test_a_green_firm_needs_a_reason(desk):
    bare = solved(desk, firm_ids=("f-w-green",))
    assert [one.visit_id for one in bare.undone] == ["f-w-green"]
    told = solved(desk, firm_ids=("f-w-green",), reasons={"f-w-green": "complaint of 8 June"})
    assert told.undone == ()
    stop = next(stop for crew in told.crews for stop in crew.stops if stop.firm_id)
    assert stop.reason == "complaint of 8 June"


def test_a_locked_stop_stays(desk):
    plan = solved(desk)
    locked = replace(
        plan,
        crews=tuple(
            replace(crew, stops=tuple(replace(stop, locked=stop.visit_id == "f-e-red") for stop in crew.stops))
            for crew in plan.crews
        ),
    )
    asked = desk.planning.wishes.asked(wish(left_out=frozenset({"cluster 1"})), locked)
    again = desk.planning.solved(asked, seed=9, iterations=ITERATIONS)

    def where(one):
        return [
            (crew.vehicle_id, crew.members, stop.start_at)
            for crew in one.crews
            for stop in crew.stops
            if stop.visit_id == "f-e-red"
        ]

    assert where(again) == where(plan)
    assert [stop.locked for crew in again.crews for stop in crew.stops if stop.visit_id == "f-e-red"] == [True]


def test_a_firm_that_had_its_visits_is_left_alone(desk):
    for name in ("one", "two"):
        desk.plans.keep(replace(solved(desk, firm_ids=("f-e-red",), targets=()), id=name), E)
    third = solved(desk, firm_ids=("f-e-red",))
    assert [one.visit_id for one in third.undone] == ["f-e-red"]


def test_due_firms_are_red_before_yellow_and_never_green(desk, wishes):
    zone = desk.agreements.zones(IN_FORCE)
    assert wishes.due(W, E, zone)["id"].tolist() == ["f-e-red", "f-w-red", "f-e-far", "f-w-yellow"]
    assert wishes.due(W, E, zone, near_m=500)["id"].tolist() == ["f-e-red", "f-w-red", "f-w-yellow"]
    assert len(wishes.due(W, E, zone, most=1)) == 1
    assert len(wishes.due(W, E, zone.iloc[:0])) == 0


def test_stations_of_others_send_nobody():
    officers, cars = roster(stations(), N, "x", (540, 1020))
    assert (officers, cars) == ((), ())


def test_what_was_done_to_a_plan_behind_the_checkers_back_is_refused(desk):
    plan = solved(desk)
    crew, *rest = plan.crews
    joint = next(one for one in plan.crews if any(stop.with_crews for stop in one.stops) or len(one.sides) > 1)
    fewer = replace(joint, members=joint.members[:1])
    wrong = {
        "officers: 2 are the law": replace(plan, crews=tuple(fewer if one is joint else one for one in plan.crews)),
        "is unknown": replace(plan, crews=(replace(crew, vehicle_id="s-e-team/car 99"), *rest)),
        "no number": replace(plan, crews=(replace(crew, rest_at=crew.leave_at, rest_min=float("nan")), *rest)),
        "other crews": replace(plan, crews=(replace(crew, station_name="Elsewhere"), *rest)),
        "other b": replace(plan, b="x"),
        "was expected": replace(plan, wish={**plan.wish, "shift_min": [600.0, 500.0]}),
    }
    for says, one in wrong.items():
        with pytest.raises(UnlawfulError, match=says):
            desk.plans.keep(one, E)
    with pytest.raises(RefusedError, match="asked for cannot be read"):
        desk.plans.keep(replace(plan, wish={"a": 1}), E)
    last = date(9999, 12, 31)
    with pytest.raises(UnlawfulError):
        desk.plans.keep(replace(plan, on=last, wish={**plan.wish, "on": "9999-12-31"}), E)
    assert desk.plans.all() == ()


def test_what_follows_from_the_store_is_taken_from_there(desk):
    plan = solved(desk)
    kept = desk.plans.keep(replace(plan, provider="roads", simulated=False, problem={}, error=0.0), E)
    assert (kept.provider, kept.simulated, kept.problem, kept.error) == (
        plan.provider, plan.simulated, plan.problem, plan.error,
    )  # fmt: skip


def test_a_plan_that_does_not_hold_any_more_is_neither_proposed_nor_accepted(desk, monkeypatch):
    kept = desk.plans.keep(solved(desk), E)
    of = desk.stations.of
    with monkeypatch.context() as patch:
        patch.setattr(desk.stations, "of", lambda *sides: of(*sides).assign(n_officers=1))
        with pytest.raises(UnlawfulError, match="Plan the day again"):
            desk.plans.step(kept, E, Event.PROPOSE)
    proposed = desk.plans.step(kept, E, Event.PROPOSE)
    with monkeypatch.context() as patch:
        patch.setattr(desk.stations, "of", lambda *sides: of(*sides).assign(n_officers=1))
        with pytest.raises(UnlawfulError):
            desk.plans.step(proposed, W, Event.ACCEPT)
        assert desk.plans.step(proposed, W, Event.CANCEL, "no officers").state is PlanState.CANCELLED


def test_a_page_that_holds_no_plan_is_told():
    with pytest.raises(RefusedError, match="open it again"):
        unpacked({"id": "p"})
