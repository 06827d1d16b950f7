"""Siting against published optima, against every choice there is, and what a bound has to keep."""

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo import siting, siting_search
from geo.errors import GeoError
from geo.siting import Siting, max_cover, p_center, p_median

PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", PROJECT / "../shared/data")) / "pmed"
published = pytest.mark.skipif(not DATA.is_dir(), reason="LIANFANG_REFERENCE_DATA holds no pmed")


def matrix_of(path):
    """All shortest ways of a network of the OR-Library, and how many medians it asks for; the last edge of two holds."""
    numbers = np.array(path.read_text().split(), dtype=int)
    n, n_edges, p = numbers[:3]
    edges = {(min(a, b), max(a, b)): cost for a, b, cost in numbers[3 : 3 + 3 * n_edges].reshape(-1, 3)}
    one, other = np.array(list(edges)).T - 1
    graph = coo_array((np.array(list(edges.values()), dtype=float), (one, other)), shape=(n, n))
    return dijkstra(graph.tocsr(), directed=False), int(p)


@published
@pytest.mark.parametrize(("name", "optimum"), [("pmed1", 5819), ("pmed2", 4093), ("pmed3", 4250)])
def test_medians_are_those_of_the_or_library(name, optimum):
    ways, p = matrix_of(DATA / f"{name}.txt")
    found = p_median(ways, np.ones(len(ways)), p, limit_s=60)
    assert (found.value, found.bound, found.gap) == (optimum, optimum, 0)
    assert found.proven
    assert ways[list(found.sites)].min(axis=0).sum() == optimum
    searched = p_median(ways, np.ones(len(ways)), p, exact=False)
    assert optimum <= searched.value <= 1.01 * optimum
    assert 0.97 * optimum <= searched.bound <= optimum


PROBLEMS = st.tuples(
    st.integers(0, 2**32 - 1), st.integers(2, 7), st.integers(1, 8), st.integers(1, 3), st.integers(0, 2)
)


def problem(drawn):
    """Minutes with ties and places without a way, weights with noughts, and what stands already."""
    seed, n_sites, n_places, n_new, n_kept = drawn
    rng = np.random.default_rng(seed)
    minutes = rng.integers(0, 12, (n_sites + n_kept, n_places)).astype(float)
    minutes[rng.random(minutes.shape) < 0.15] = np.inf
    kept = sorted(rng.choice(len(minutes), n_kept, replace=False).tolist())
    return minutes, rng.integers(0, 4, n_places).astype(float), min(n_new, n_sites), kept


def every(minutes, n_new, kept, worth):
    """The worth of every choice."""
    free = sorted(set(range(len(minutes))) - set(kept))
    return [worth(minutes[[*one, *kept]].min(axis=0)) for one in itertools.combinations(free, n_new)]


def far(minutes):
    return 10 * minutes[np.isfinite(minutes)].max(initial=1.0)


@settings(max_examples=60, deadline=None)
@given(PROBLEMS)
def test_no_choice_is_better(drawn):
    minutes, weights, n_new, kept = problem(drawn)
    beyond = far(minutes)

    def travelled(best):
        return float((np.where(np.isfinite(best), best, beyond) * weights).sum())

    def covered(best):
        return float(weights[best <= 5].sum())

    median = p_median(minutes, weights, n_new, kept)
    assert median.value == pytest.approx(min(every(minutes, n_new, kept, travelled)))
    assert median.value == pytest.approx(travelled(minutes[[*median.sites, *kept]].min(axis=0)))
    cover = max_cover(minutes, weights, n_new, 5, kept)
    assert cover.value == pytest.approx(max(every(minutes, n_new, kept, covered)))
    assert cover.value == pytest.approx(covered(minutes[[*cover.sites, *kept]].min(axis=0)))
    centre = p_center(minutes, n_new, kept)
    assert centre.value == min(every(minutes, n_new, kept, lambda best: best.max()))
    for found in (median, cover, centre):
        assert found.proven
        assert len(set(found.sites)) == n_new
        assert not set(found.sites) & set(kept)
        assert list(found.sites) == sorted(found.sites)


@settings(max_examples=60, deadline=None)
@given(PROBLEMS)
def test_a_search_is_bounded_by_what_it_says(drawn):
    minutes, weights, n_new, kept = problem(drawn)
    beyond = far(minutes)
    best = min(every(minutes, n_new, kept, lambda one: (np.where(np.isfinite(one), one, beyond) * weights).sum()))
    found = p_median(minutes, weights, n_new, kept, exact=False)
    assert found.bound <= best + 1e-6 <= found.value + 2e-6
    most = max(every(minutes, n_new, kept, lambda one: weights[one <= 5].sum()))
    cover = max_cover(minutes, weights, n_new, 5, kept, exact=False)
    assert cover.value - 1e-6 <= most <= cover.bound + 1e-6


def towns(n_sites, n_places, seed=5):
    rng = np.random.default_rng(seed)
    sites, places = rng.random((n_sites, 2)) * 60, rng.random((n_places, 2)) * 60
    return np.linalg.norm(sites[:, None] - places[None], axis=2), rng.gamma(1.0, 1.0, n_places)


def test_many_sites_are_searched_with_a_narrow_bound():
    minutes, weights = towns(300, 1500)
    found = p_median(minutes, weights, 10, kept=[0, 1])
    assert 0 < found.gap < 0.02
    assert not found.proven
    exact = max_cover(minutes, weights, 5, 8, kept=[0, 1])
    searched = max_cover(minutes, weights, 5, 8, kept=[0, 1], exact=False)
    assert exact.proven
    assert searched.value <= exact.value <= searched.bound
    assert searched.value > 0.95 * exact.value


def test_without_time_the_search_stands_and_says_how_good_it_is():
    minutes, weights = towns(120, 200)
    hasty = p_median(minutes, weights, 8, limit_s=0.001, exact=True)
    full = p_median(minutes, weights, 8, exact=True, limit_s=60)
    assert hasty.bound <= full.value <= hasty.value
    assert full.proven
    centre = p_center(minutes, 8, limit_s=1e-9)
    assert centre.bound <= p_center(minutes, 8, limit_s=60).value <= centre.value


def test_a_place_that_cannot_be_reached_leaves_no_centre():
    minutes = np.array([[0.0, np.inf], [3.0, np.inf], [1.0, np.inf]])
    assert p_center(minutes, 2).value == np.inf
    assert p_center(minutes, 3).sites == (0, 1, 2)
    assert p_center(minutes, 1, kept=[0]).gap == 0
    assert p_median(minutes, [1, 1], 1).sites == (0,)


def test_what_counts_nothing_decides_nothing():
    assert p_median([[1.0, 2.0], [2.0, 1.0]], [0, 0], 1) == Siting((0,), 0.0, 0.0)
    assert max_cover([[1.0, 2.0]], [0, 0], 1, 30).gap == 0


@pytest.mark.parametrize(
    ("minutes", "weights", "n_new", "kept", "words"),
    [
        ([1.0, 2.0], [1, 1], 1, (), "a matrix of sites and places"),
        ([[1.0, np.nan]], [1, 1], 1, (), "a matrix of sites and places"),
        ([[1.0, -2.0]], [1, 1], 1, (), "a matrix of sites and places"),
        ([[1.0, 2.0]], [1], 1, (), "1 weights for 2 places"),
        ([[1.0, 2.0]], [1, -1], 1, (), "finite, 0 or more"),
        ([[1.0, 2.0]], [1, 1], 2, (), "2 new sites of 1 that are free"),
        ([[1.0, 2.0]], [1, 1], 0, (), "0 new sites"),
        ([[1.0, 2.0]], [1, 1], 1, (0,), "1 new sites of 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(minutes, weights, n_new, kept, words):
    with pytest.raises(GeoError, match=words):
        p_median(minutes, weights, n_new, kept)


def test_the_compiled_loops_say_what_they_say_uncompiled(monkeypatch):
    minutes, weights = towns(12, 30)
    for exact in (True, False):
        compiled = p_median(minutes, weights, 3, kept=[2], exact=exact)
        with monkeypatch.context() as plain:
            for name in ("added", "interchanged"):
                plain.setattr(siting, name, getattr(siting_search, name).py_func)
            plain.setattr(siting_search, "_two_best", siting_search._two_best.py_func)
            assert p_median(minutes, weights, 3, kept=[2], exact=exact) == compiled
    start = np.array([0])
    grown = siting_search.added.py_func(minutes * weights, np.full(30, np.inf), start, 2)
    assert grown[0] == 0
    assert len(set(grown.tolist())) == 3
    swapped = siting_search.interchanged.py_func(minutes * weights, np.full(30, np.inf), np.array([0, 1, 2]))
    assert (
        swapped.tolist()
        == siting_search.interchanged(minutes * weights, np.full(30, np.inf), np.array([0, 1, 2])).tolist()
    )
    assert sorted(swapped.tolist()) != [0, 1, 2]
