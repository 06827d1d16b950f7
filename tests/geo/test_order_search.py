"""The search of an order: what is worked out step by step equals what is worked out anew, and published problems are solved."""

import os
import time
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from geo.errors import GeoError
from geo.order_anneal import anneal, longest_day
from geo.order_kernels import decode, home_at, start_of
from geo.order_problem import CREW, MOST_WINDOWS, PAIR, SINGLE, VISIT, OrderProblem, with_near
from geo.order_search import search
from geo.patrol_tables import tables
from tests.benchmarks import hhcrsp
from tests.geo.patrol_cases import case

PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", PROJECT / "../shared/data")) / "hhcrsp"
published = pytest.mark.skipif(not DATA.is_dir(), reason="LIANFANG_REFERENCE_DATA holds no hhcrsp")


def tables_of(problem, found):
    return (
        problem.travel,
        problem.visits.copy(),
        found.crews,
        found.officers,
        found.held,
        problem.groups.copy(),
        found.sums,
    )


def anew(run):
    travel, visits, crews, _, held, groups, sums = run
    return decode(travel, visits, crews, held, groups, sums)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_worked_out_step_by_step_equals_what_is_worked_out_anew(seed):
    problem = tables(case(seed, 12, 3, simple=True))
    run = tables_of(problem, search(problem, seed, iterations=5, n_threads=1))
    for _ in range(8):
        anneal(*run, 40, 300.0, 5.0, 0.4)
        sums = run[-1].copy()
        assert anew(run) == pytest.approx(sums["cost"][0], abs=1e-6)
        assert run[-1]["travel"][0] == pytest.approx(sums["travel"][0], abs=1e-6)
        assert run[-1]["prize"][0] == pytest.approx(sums["prize"][0], abs=1e-6)


def soft(n, m, seed):
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 100, (n + 1, 2))
    travel = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    visits, crews = np.zeros(n, VISIT), np.zeros(m, CREW)
    visits["place"], visits["shape"], visits["group"], visits["n_windows"] = np.arange(1, n + 1), SINGLE, -1, 1
    visits["opens"][:, 0] = rng.uniform(0, 200, n)
    visits["closes"], visits["duration"] = visits["opens"] + 50, 10
    visits["shape"][::3], visits["apart"][::6] = PAIR, (5, 40)
    crews["people"], crews["ends"] = 1, np.inf
    third = (1 / 3, 1 / 3, 1 / 3)
    return OrderProblem(travel, with_near(travel, visits), crews, weights=third, soft=True, hot=50, cold=0.1, share=0.1)


@pytest.mark.parametrize("seed", range(6))
def test_lateness_is_kept_right_step_by_step(seed):
    problem = soft(20, 4, seed)
    run = tables_of(problem, search(problem, seed, iterations=5, n_threads=1))
    for _ in range(8):
        anneal(*run, 200, 80.0, 1.0, 0.05)
        cost, latest = run[-1]["cost"][0], run[-1]["latest"][0]
        assert anew(run) == pytest.approx(cost, abs=1e-6)
        assert run[-1]["latest"][0] == pytest.approx(latest, abs=1e-6)


def rested_by_hand(free, drive, window, duration, rest):
    """Earliest start, trying every minute of a break, on site or before driving, or none yet."""
    earliest, latest, length = rest
    found = []
    for begin, on_site in product(range(int(earliest), int(latest) + 1), (False, True)):
        if (on_site and begin >= free + drive) or (not on_site and begin >= free):
            start = max(begin + length + (0 if on_site else drive), window[0])
            found += [start] if start <= window[1] else []
    start = max(free + drive, window[0])
    if start <= window[1] and start + duration <= latest:
        found.append(start)
    return min(found, default=np.inf)


@pytest.mark.parametrize("free", [0, 10, 25, 40, 60])
@pytest.mark.parametrize("window", [(0, 100), (30, 35), (50, 80), (90, 95)])
@pytest.mark.parametrize("rest", [(20, 40, 10), (0, 90, 25), (45, 45, 5)])
def test_a_visit_starts_as_early_as_a_break_allows(free, window, rest):
    visits, crews = np.zeros(1, VISIT), np.zeros(1, CREW)
    visits["place"], visits["n_windows"] = 1, 1
    visits["opens"][0, 0], visits["closes"][0, 0] = window
    visits["duration"], crews["rest"] = 12.0, rest
    travel = np.array([[0.0, 7.0], [7.0, 0.0]])
    start, rested = start_of(travel, visits, crews, 0, 0, 0, 0, float(free), 0, 0.0, 0)
    assert start == rested_by_hand(free, 7, window, 12, rest)
    if start < np.inf and not rested:
        back = home_at(travel, crews, 0, 1, start + 12.0, 0)
        assert back - 7.0 - (start + 12.0) in (0.0, max(0.0, rest[0] - start - 12.0) + rest[2])


def test_windows_are_taken_in_turn_and_the_last_one_shuts():
    visits, crews = np.zeros(1, VISIT), np.zeros(1, CREW)
    visits["n_windows"] = 2
    visits["opens"][0, :2], visits["closes"][0, :2] = (10, 50), (20, 60)
    assert [start_of(np.zeros((1, 1)), visits, crews, 0, 0, 0, 0, at, 0, 0.0, 0)[0] for at in (5.0, 15.0, 30.0, 70.0)] == [
        10, 15, 50, np.inf,
    ]  # fmt: skip
    assert visits.dtype["opens"].shape == (MOST_WINDOWS,)


def test_the_longest_day_counts_driving_and_work():
    problem = soft(1, 1, 1)
    problem.visits["shape"] = SINGLE
    found = search(problem, 1, iterations=1)
    assert longest_day(problem.visits, found.crews, found.held) == pytest.approx(2 * problem.travel[0, 1] + 10)


def test_the_same_seed_and_changes_give_the_same_order():
    problem = soft(15, 3, 2)
    one, two, other = (search(problem, seed, iterations=3000) for seed in (1, 1, 2))
    assert (one.held["order"] == two.held["order"]).all()
    assert one.cost == two.cost
    assert other.cost == pytest.approx(one.cost, rel=0.2)


def test_nothing_to_do_and_nobody_to_do_it():
    assert (
        search(
            OrderProblem(np.zeros((1, 1)), np.zeros(0, VISIT), np.zeros(2, CREW)), 1, seconds=0.05, clock=time.monotonic
        ).cost
        == 0.0
    )
    assert search(OrderProblem(np.zeros((2, 2)), soft(2, 1, 1).visits, np.zeros(0, CREW)), 1, iterations=3).prize == 0.0


def test_a_stopping_rule_is_needed():
    with pytest.raises(GeoError, match="one of them, above 0"):
        search(soft(2, 1, 1), 1)
    with pytest.raises(GeoError, match="there is no clock"):
        search(soft(2, 1, 1), 1, seconds=1.0)


@published
@pytest.mark.parametrize("name", ["10_1", "10_2", "10_3"])
def test_home_care_is_solved_to_the_best_known(name):
    file = DATA / f"InstanzCPLEX_HCSRP_{name}.json.gz"
    assert hhcrsp.solve(file, 1, None, 100_000)[3] == pytest.approx(0, abs=0.001)
