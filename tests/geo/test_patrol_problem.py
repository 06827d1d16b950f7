"""A problem of joint patrols refuses nonsense, and what is undone is explained by what would lift it."""

from dataclasses import replace

import pytest

from geo import patrol_reasons
from geo.errors import GeoError
from geo.patrol_plan import Plan
from geo.patrol_problem import Lock, Officer, PatrolProblem, PatrolRules, Rest, Station, Vehicle
from geo.patrol_reasons import conflict
from geo.patrols import plan_patrols
from tests.geo.test_patrol_check import OFFICERS, PROBLEM, VISITS

JOINT = VISITS[0]
UNRESTED = (replace(OFFICERS[0], rest=None), *OFFICERS[1:])
LOCK = Lock("joint", ("cw", "ce"), (("w1",), ("e1",)), 500)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"sides": ("a", "a")}, "sides name 'a' more than once"),
        ({"travel_min": ()}, "travel_min has 0 rows: 4 by 4"),
        ({"travel_min": ((-1.0,) * 4,) * 4}, "travel_min from pw to pw is -1.0"),
        ({"places": ("pw", "pw", "p1", "p2")}, "places name 'pw' more than once"),
        ({"visits": (JOINT, JOINT)}, "visits name 'joint' more than once"),
        ({"stations": (Station("w", "no"),)}, "station 'w': place 'no' is unknown; one of p1, p2, pe, pw"),
        ({"officers": (replace(OFFICERS[0], station_id="x"),)}, "officer 'w1': station_id 'x' is unknown"),
        ({"officers": (replace(OFFICERS[0], side="c"),)}, "officer 'w1': side 'c' is unknown"),
        ({"officers": (replace(OFFICERS[0], ends_min=400),)}, "shift is 480-400"),
        ({"officers": (replace(OFFICERS[0], rest=Rest(600, 610, 20)),)}, "rest is 20 min in 600-610"),
        ({"vehicles": (Vehicle("c", "x"),)}, "vehicle 'c': station_id 'x'"),
        ({"vehicles": (Vehicle("c", "w", 0),)}, "vehicle 'c': seats is 0, 1 to 1000"),
        ({"visits": (replace(JOINT, place="x"),)}, "visit 'joint': place 'x'"),
        ({"visits": (replace(JOINT, side="x"),)}, "visit 'joint': side 'x'"),
        ({"visits": (replace(JOINT, duration_min=float("nan")),)}, "duration_min is nan"),
        ({"visits": (replace(JOINT, risk=-1),)}, "risk is -1"),
        ({"visits": (replace(JOINT, windows=()),)}, "windows is 0, 1 to 4"),
        ({"visits": (replace(JOINT, windows=((500, 520), (510, 530))),)}, "window is 510-530"),
        ({"visits": (replace(JOINT, n_day=-1),)}, "n_day is -1"),
        ({"visits": (replace(JOINT, skills=tuple(map(str, range(60)))),)}, "agencies and skills is 6"),
        ({"rules": PatrolRules(min_officers=0)}, "rules: min_officers is 0"),
        ({"locks": (replace(LOCK, visit_id="x"),)}, "lock 'x': visit_id 'x' is unknown"),
        ({"locks": (replace(LOCK, officer_ids=()),)}, "vehicle_ids is cw, ce, one car or two"),
        ({"locks": (replace(LOCK, vehicle_ids=("cw", "x")),)}, "vehicle_ids 'x' is unknown"),
        ({"locks": (replace(LOCK, officer_ids=(("w1",), ("x",))),)}, "officer_ids 'x' is unknown"),
        ({"locks": (replace(LOCK, officer_ids=(("e2",), ("e1",))),)}, "station of e2"),
        ({"locks": (LOCK, Lock("alone", ("ce",), (("e2",),), 540))}, "the same in every lock"),
    ],
)
def test_nonsense_is_refused_with_the_thing_the_value_and_what_was_expected(changed, says):
    with pytest.raises(GeoError, match=says):
        replace(PROBLEM, **changed)


def planned(problem, **given):
    return plan_patrols(problem, **({"iterations": 300, "n_threads": 1} | given))


def undone(problem, name="joint"):
    plan = planned(problem)
    return {one.visit_id: one for one in plan.undone}.get(name), plan


def only(visit=JOINT, **changed):
    return replace(PROBLEM, visits=(visit,), **changed)


@pytest.mark.parametrize(
    ("problem", "rule", "lift"),
    [
        (only(replace(JOINT, colour="green")), "green", "State a reason."),
        (only(replace(JOINT, n_day=2)), "collisions", "Choose a later day."),
        (only(replace(JOINT, allowed=False)), "entry", "An agreement in force"),
        (only(replace(JOINT, skills=("noise",))), "skills", "An officer with skill noise."),
        (only(replace(JOINT, agencies=("fire",))), "agencies", "An officer of fire."),
        (only(rules=PatrolRules(min_officers=5)), "officers", "2 more on duty."),
        (
            only(replace(JOINT, duration_min=250), officers=UNRESTED),
            "shifts",
            "A shift longer by 40 min would allow it.",
        ),
        (only(replace(JOINT, windows=((480, 485),))), "windows", "A start at another time of the day would allow it."),
        (only(replace(JOINT, skills=()), officers=OFFICERS[1:]), "sides", "A visit by one side alone"),
    ],
)
def test_an_undone_visit_has_its_reason_and_what_would_allow_it(problem, rule, lift):
    one, plan = undone(problem)
    assert one is not None
    assert (one.rule, one.reason != "") == (rule, True)
    assert lift in one.lift, one
    assert plan.conflict == ""


def test_a_merge_is_offered_instead_of_a_visit_too_many():
    twins = tuple(replace(VISITS[1], id=name, allowed=True, firm_id="g", n_day=1) for name in ("one", "two"))
    plan = planned(replace(PROBLEM, visits=twins))
    assert len(plan.visit_ids) == 1
    assert "into one visit" in plan.undone[0].lift
    assert any("could be one" in said for said in plan.warnings)
    assert any("would have 2 visits that day" in said for said in plan.warnings)


def test_an_impossible_request_names_what_excludes_each_other_and_what_would_lift_it():
    west, east = (
        replace(JOINT, id=name, place=place, required=True, firm_id="", windows=((500, 505),))
        for name, place in (("one", "p1"), ("two", "p2"))
    )
    spare = replace(VISITS[1], id="spare", required=True, windows=((540, 600),))
    plan = planned(replace(PROBLEM, visits=(west, east, spare)))
    assert "Required visits one, two cannot all be done under the visits' windows or locks" in plan.conflict
    assert "a start at another time of the day" in plan.conflict
    assert "spare" not in plan.conflict
    assert any(said.startswith("The visits' windows or locks: without this rule") for said in plan.binding)


def test_a_lock_that_cannot_be_kept_is_told():
    plan = planned(replace(PROBLEM, locks=(replace(LOCK, start_min=700),)))
    assert "joint" not in plan.visit_ids
    assert "joint" in plan.conflict


def test_one_visit_alone_finds_the_right_crew():
    officers = tuple(Officer(f"o{k}", "w", "env", "ab"[k % 2], 480, 720) for k in range(4))
    problem = replace(
        only(), officers=officers, visits=(replace(JOINT, agencies=(), skills=()),), vehicles=(Vehicle("c", "w", 2),)
    )
    assert planned(problem).visit_ids == {"joint"}


def test_of_many_undone_visits_the_last_get_general_words(monkeypatch):
    monkeypatch.setattr(patrol_reasons, "_MOST", 0)
    one, _ = undone(only(replace(JOINT, windows=((480, 485),))))
    assert one.reason == "Visits that cover more leave no time for joint."


def test_required_visits_that_only_chance_left_out_are_no_conflict():
    easy = only(replace(JOINT, required=True))
    nothing = Plan((), (), 0.0, 0.0, 0.0, 1)
    assert "can be: search longer" in conflict(easy, nothing)


@pytest.mark.parametrize("windows", [((500, 560),), ((625, 640),), ((500, 505), (640, 700))])
@pytest.mark.parametrize("until", [625, 660, 720])
@pytest.mark.parametrize("rest_from", [480, 500, 600])
def test_breaks_fall_before_between_and_after_visits(windows, until, rest_from):
    rest = Rest(rest_from, until, 20)
    officers = (replace(OFFICERS[0], rest=rest), *OFFICERS[1:])
    again = replace(VISITS[1], allowed=True, joint=True, windows=((520, 700),))
    plan = planned(replace(PROBLEM, officers=officers, visits=(replace(JOINT, windows=windows), again)))
    assert all(crew.rest_min is not None for crew in plan.crews if "w1" in crew.officer_ids)
    assert plan.visit_ids


def test_a_break_that_would_come_too_late_at_home_is_taken_before_the_way():
    officers = (replace(OFFICERS[0], rest=Rest(480, 555, 20)), *OFFICERS[1:])
    plan = planned(only(replace(JOINT, windows=((500, 500),)), officers=officers))
    west = next(crew for crew in plan.crews if "w1" in crew.officer_ids)
    assert west.rest_min == (530, 20)
    assert west.back_min == 560


def test_an_empty_day():
    assert planned(PatrolProblem(PROBLEM.on, ("a", "b"), (), ())).crews == ()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"vehicles": ()}, "Required visit joint cannot be done: There is no car."),
        ({"rules": PatrolRules(min_officers=5)}, "3 officers may enter, and 5 are required on site. 2 more on duty."),
        ({"locks": (replace(LOCK, start_min=570),)}, "cannot be done under the visits' windows or locks"),
    ],
)
def test_what_stops_a_required_visit_is_said_as_it_is(changed, says):
    plan = planned(replace(only(replace(JOINT, required=True)), **changed))
    assert plan.visit_ids == set()
    assert says in plan.conflict


def test_an_id_that_breaks_a_line_is_refused():
    with pytest.raises(GeoError, match="letters, digits and signs"):
        only(replace(JOINT, id="a\nb"))
