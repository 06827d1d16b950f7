"""The checker of plans: a good plan passes, and each rule broken once is found."""

import math
from dataclasses import replace

import pytest

from geo.patrol_check import breaches
from geo.patrol_plan import CrewPlan, Plan, Stop, Undone
from geo.patrol_problem import Lock, Officer, PatrolProblem, PatrolRules, Rest, Station, Vehicle, Visit
from tests.geo.patrol_cases import ON

STATIONS = (Station("w", "pw"), Station("e", "pe"))
OFFICERS = (
    Officer("w1", "w", "env", "a", 480, 720, ("lab",), Rest(600, 720, 20)),
    Officer("e1", "e", "water", "b", 480, 720),
    Officer("e2", "e", "env", "b", 480, 720),
)
VEHICLES = (Vehicle("cw", "w", 2), Vehicle("ce", "e", 2))
VISITS = (
    Visit("joint", "p1", "a", 30, ((500, 560),), 5, ("env", "water"), ("lab",), joint=True, firm_id="f"),
    Visit(
        "alone", "p2", "b", 20, ((540, 600), (640, 700)), 3, allowed=False, firm_id="g", colour="green", reason="odour"
    ),
    Visit("left", "p2", "b", 20, ((540, 600),), 1, firm_id="g"),
)
TRAVEL = tuple(tuple(0.0 if i == j else 10.0 for j in range(4)) for i in range(4))
PROBLEM = PatrolProblem(ON, ("a", "b"), ("pw", "pe", "p1", "p2"), TRAVEL, STATIONS, OFFICERS, VEHICLES, VISITS)
JOINT = Stop("joint", 500, 500, 530)
WEST = CrewPlan("cw", ("w1",), 490, 540, (JOINT,), 20, 30, (600, 20))
EAST = CrewPlan("ce", ("e1", "e2"), 490, 570, (JOINT, Stop("alone", 540, 540, 560)), 30, 50)
PLAN = Plan((WEST, EAST), (Undone("left", "time", "no time"),), 8, 50, 80, 1)


def crews(*changed):
    return replace(PLAN, crews=changed)


def with_visit(**fields):
    return replace(PROBLEM, visits=tuple(replace(one, **fields) if one.id == "joint" else one for one in VISITS))


def test_a_good_plan_passes():
    assert breaches(PROBLEM, PLAN) == ()
    out = replace(WEST, depart_min=480, back_min=560, stops=(replace(JOINT, arrive_min=490),), rest_min=None)
    without = replace(PROBLEM, officers=(replace(OFFICERS[0], rest=None), *OFFICERS[1:]))
    assert breaches(without, crews(out, EAST)) == ()


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (crews(replace(WEST, vehicle_id="no"), EAST), "Car no is unknown"),
        (crews(replace(WEST, officer_ids=("no",)), EAST), "Officer no is unknown"),
        (crews(WEST, replace(EAST, stops=(JOINT, Stop("no", 540, 540, 560)))), "Visit no is unknown"),
        (crews(WEST, replace(EAST, officer_ids=("e1", "w1"))), "Officer w1 stands in two crews"),
        (crews(WEST, EAST, WEST), "Car cw stands in two crews"),
        (replace(PLAN, undone=()), "Visit left has to be either done or listed as undone"),
        (replace(PLAN, undone=(*PLAN.undone, Undone("joint", "time", ""))), "Visit joint has to be either"),
        (replace(PLAN, undone=(*PLAN.undone, Undone("no", "time", ""))), "Visit no is unknown"),
        (crews(replace(WEST, officer_ids=()), EAST), "has visits, but nobody in it"),
        (
            crews(replace(WEST, officer_ids=("e2",)), replace(EAST, officer_ids=("e1",))),
            "Officer e2 of station e rides",
        ),
        (crews(replace(WEST, depart_min=470, stops=(replace(JOINT, arrive_min=480),)), EAST), "has a shift from 480"),
        (crews(replace(WEST, back_min=800), EAST), "has a shift from 480 to 720"),
        (crews(replace(WEST, depart_min=495), EAST), "cannot be at visit joint by 500"),
        (crews(WEST, replace(EAST, stops=(JOINT, Stop("alone", 550, 540, 570)), back_min=580)), "before it arrives"),
        (crews(WEST, replace(EAST, stops=(JOINT, Stop("alone", 540, 540, 555)))), "before its 20 minutes are over"),
        (
            crews(WEST, replace(EAST, stops=(JOINT, Stop("alone", 540, 610, 630)), back_min=640)),
            "starts at 610, outside its windows",
        ),
        (crews(replace(WEST, back_min=535), EAST), "cannot be back by 535"),
        (crews(replace(WEST, rest_min=None), EAST), "Officer w1 has no break"),
        (crews(replace(WEST, rest_min=(600, 10)), EAST), "Officer w1 has no break"),
        (crews(replace(WEST, rest_min=(710, 20)), EAST), "Officer w1 has no break"),
        (crews(WEST, replace(EAST, rest_min=(545, 20))), "drives or works in its break from 545"),
        (crews(WEST, replace(EAST, officer_ids=("e1",))), "has 1 officers: 2 are the law"),
        (
            crews(
                WEST, replace(EAST, stops=(Stop("joint", 500, 505, 535), Stop("alone", 545, 545, 565)), back_min=575)
            ),
            "do not start together",
        ),
        (crews(WEST, replace(EAST, stops=(JOINT, replace(JOINT, arrive_min=530), EAST.stops[1]))), "stands twice"),
        (replace(PLAN, risk=9), "says risk 9, but its visits come to 8"),
        (replace(PLAN, travel_min=49), "travel"),
        (crews(replace(WEST, travel_min=19), EAST), "drives 20 and works 30 minutes, not as it says"),
        (crews(replace(WEST, work_min=29), EAST), "drives 20 and works 30 minutes, not as it says"),
        (replace(PLAN, longest_min=79), "longest day has 79 minutes, but it has 80"),
    ],
)
def test_each_rule_that_a_plan_breaks_is_found(plan, says):
    assert any(says in one for one in breaches(PROBLEM, plan)), breaches(PROBLEM, plan)


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (replace(PROBLEM, vehicles=(VEHICLES[0], Vehicle("ce", "e", 1))), "has 1 seats, but 2 officers"),
        (replace(PROBLEM, rules=PatrolRules(min_officers=4)), "has 3 officers: 4 are the law"),
        (
            replace(PROBLEM, officers=(replace(OFFICERS[0], side="b"), *OFFICERS[1:])),
            "Joint visit joint has no officer of a",
        ),
        (with_visit(allowed=False), "Officers of b enter at visit joint, where no agreement holds"),
        (with_visit(agencies=("fire",)), "no officer of agency fire"),
        (with_visit(skills=("noise",)), "nobody with skill noise"),
        (with_visit(colour="green"), "disturbs a green firm without a stated reason"),
        (with_visit(n_day=2), "Firm f would have 3 visits that day"),
        (with_visit(n_week=2), "3 that week"),
        (with_visit(n_month=3), "4 that month"),
        (with_visit(duration_min=40), "before its 40 minutes are over"),
        (replace(PROBLEM, locks=(Lock("joint", ("cw",), (("w1",),), 500),)), "Visit joint is locked, but was changed"),
        (replace(PROBLEM, locks=(Lock("left", ("ce",), (("e1", "e2"),), 540),)), "Visit left is locked"),
    ],
)
def test_each_rule_of_a_problem_is_found_broken(problem, says):
    assert any(says in one for one in breaches(problem, PLAN)), breaches(problem, PLAN)


def test_a_crew_that_stays_at_its_station_breaks_nothing():
    idle = replace(PROBLEM, vehicles=(*VEHICLES, Vehicle("idle", "w", 2)))
    assert breaches(idle, crews(WEST, EAST, CrewPlan("idle", (), 0, 0, (), 0, 0))) == ()


def test_a_lock_that_is_kept_is_no_breach():
    locked = replace(PROBLEM, locks=(Lock("joint", ("ce", "cw"), (("e2", "e1"), ("w1",)), 500),))
    assert breaches(locked, PLAN) == ()


def test_the_checker_knows_nothing_of_the_search():
    text = (__import__("pathlib").Path(__file__).parents[2] / "geo/patrol_check.py").read_text(encoding="utf-8")
    ours = {line.split()[1] for line in text.splitlines() if line.startswith(("from geo", "import geo"))}
    assert ours == {"geo.patrol_plan", "geo.patrol_problem"}


@pytest.mark.parametrize("field", ["depart_min", "back_min", "travel_min", "work_min"])
def test_a_time_that_is_no_number_passes_no_comparison(field):
    assert "Car ce has a time that is no number." in breaches(PROBLEM, crews(WEST, replace(EAST, **{field: math.nan})))


def test_a_stop_at_no_time_is_found():
    nowhen = replace(EAST, stops=(replace(JOINT, arrive_min=math.nan), EAST.stops[1]))
    assert breaches(PROBLEM, crews(WEST, nowhen)) == ("Car ce has a time that is no number.",)
