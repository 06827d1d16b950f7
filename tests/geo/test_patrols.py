"""Plans of joint patrols: against CP-SAT, lawful for a thousand problems, and steady under what should not harm them."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import patrols
from geo.errors import GeoError
from geo.patrol_check import breaches
from geo.patrol_plan import Plan, Undone
from geo.patrol_problem import Lock, Officer, Vehicle
from geo.patrols import plan_patrols
from tests.geo.patrol_cases import case
from tests.geo.patrol_oracle import best_plan


def planned(problem, **given):
    return plan_patrols(
        problem, clock=time.monotonic, **({"iterations": 400, "n_threads": 1, "explained": False} | given)
    )


def required(problem, plan):
    return len({one.id for one in problem.visits if one.required} & plan.visit_ids)


@pytest.mark.parametrize("seed", range(14))
def test_small_problems_are_solved_as_well_as_by_cp_sat(seed):
    problem = case(seed, 1 + seed % 12, 2, rests=False, simple=seed % 3 > 0)
    n, risk, proven = best_plan(problem, seconds=10)
    plan = planned(problem, iterations=20_000, n_threads=4)
    assert (required(problem, plan), plan.risk) >= (n, risk)
    if proven:
        assert (required(problem, plan), plan.risk) == (n, risk)


def test_a_thousand_problems_get_lawful_plans():
    for seed in range(1000):
        problem = case(seed, seed % 13)
        plan = planned(problem, iterations=12, seed=seed)
        assert breaches(problem, plan) == ()


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_every_explained_plan_is_lawful_and_speaks_of_each_undone_visit(seed, n):
    problem = case(seed, n)
    plan = planned(problem, iterations=40, explained=True)
    assert breaches(problem, plan) == ()
    assert {one.visit_id for one in plan.undone} == {one.id for one in problem.visits} - plan.visit_ids
    assert all(one.rule and one.reason and one.lift for one in plan.undone)
    missed = {one.id for one in problem.visits if one.required} - plan.visit_ids
    assert bool(plan.conflict) == bool(missed)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_more_officers_never_lower_the_risk(seed):
    problem = case(seed, 8, 2, simple=True)
    before = planned(problem, iterations=3000)
    more = replace(
        problem,
        officers=(*problem.officers, Officer("new", "s0", "env", "a", 480, 1020, ("lab",))),
        vehicles=(*problem.vehicles, Vehicle("new", "s0", 2)),
    )
    alone, warm = planned(more, iterations=3000), planned(more, iterations=50, start=before)
    assert (required(more, alone), alone.risk) >= (required(problem, before), before.risk)
    assert (required(more, warm), warm.risk) >= (required(problem, before), before.risk)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.data())
def test_a_locked_visit_stays(seed, data):
    problem = case(seed, 9, 2, simple=True)
    before = planned(problem)
    if not before.visit_ids:
        return
    name = data.draw(st.sampled_from(sorted(before.visit_ids)))
    mine = [(crew, stop) for crew in before.crews for stop in crew.stops if stop.visit_id == name]
    cars, who = tuple(crew.vehicle_id for crew, _ in mine), tuple(crew.officer_ids for crew, _ in mine)
    locked = replace(problem, locks=(Lock(name, cars, who, mine[0][1].start_min),))
    after = planned(locked, seed=5, start=before)
    assert name in after.visit_ids
    assert breaches(locked, after) == ()


def test_the_same_seed_gives_the_same_plan():
    problem = case(3, 12, 3, simple=True)
    assert planned(problem, n_threads=2) == planned(problem, n_threads=2)
    assert planned(problem, start=planned(problem, seed=2)).risk >= planned(problem, seed=2).risk


def test_progress_is_told_and_a_search_can_be_stopped():
    problem, seen = case(3, 12, 3, simple=True), []
    planned(problem, iterations=None, seconds=0.5, progress=lambda *figures: seen.append(figures))
    assert seen[-1][0] == 1.0
    assert all(after[1] > before[1] - 1e-6 for before, after in pairwise(seen))
    assert planned(problem, iterations=None, seconds=60, stop=lambda: True).risk > 0


@pytest.mark.parametrize("given", [{}, {"seconds": 1, "iterations": 1}, {"seconds": 0}, {"iterations": -1}])
def test_one_stopping_rule_is_needed(given):
    with pytest.raises(GeoError, match="one of them, above 0, was expected"):
        plan_patrols(case(0, 2), **given)


def test_an_unlawful_plan_is_held_back(monkeypatch):
    problem = case(0, 2)
    wrong = Plan((), tuple(Undone(one.id, "", "") for one in problem.visits), 99.0, 0.0, 0.0, 1)
    monkeypatch.setattr(patrols, "plan_of", lambda *_: wrong)
    with pytest.raises(GeoError, match="not lawful and is held back"):
        planned(problem)
