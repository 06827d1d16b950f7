"""Crowds: wide circles are about fewer centres, what is planted is found all the same, and p stays what it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.stats import kstest

from geo.scan import scan, search_of
from geo.scan_settings import ScanSettings
from geo.scan_study import Against, study_of
from geo.scan_thinning import by_steps, thinned
from geo.scan_why import best_window

RADIUS_M, BOX = 3000.0, 0.03
TERMS = ScanSettings(max_radius_m=RADIUS_M, max_length=10, replications=99, most_pairs=60_000)


def crowd(n=1200, planted=(), seed=1, n_days=90):
    """A city whose places nearly all lie within one radius, and clusters (metres, cases) of three days in it."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(120, 120 + BOX, n), rng.uniform(30, 30 + BOX, n)
    day = rng.integers(0, n_days, n)
    for number, (spread_m, n_cases) in enumerate(planted):
        x = np.r_[x, rng.normal(120.01 + 0.01 * number, spread_m / 96_000, n_cases)]
        y = np.r_[y, rng.normal(30.01 + 0.01 * number, spread_m / 111_000, n_cases)]
        day = np.r_[day, rng.integers(20 + 30 * number, 23 + 30 * number, n_cases)]
    ids = [f"i{k:04d}" for k in range(len(x))]
    at = pd.Timestamp("2026-03-01") + pd.to_timedelta(day, unit="D")
    return pd.DataFrame({"site": ids, "at": at}), pd.DataFrame({"id": ids, "x": x, "y": y})


@pytest.mark.parametrize(("spread_m", "n_cases"), [(60, 9), (300, 22)])
def test_what_is_planted_in_a_crowd_is_found_and_thinning_is_told(spread_m, n_cases):
    cases, sites = crowd(planted=[(spread_m, n_cases)])
    found = scan(cases, sites, TERMS)
    top = found.clusters.iloc[0]
    assert top["p"] == 0.01
    assert len(set(top["case_rows"]) & set(range(1200, 1200 + n_cases))) >= 0.4 * n_cases
    (told,) = found.caveats
    assert told.startswith("Places are crowded: circles of up to ")
    assert f" m are about each of {len(sites):,} centres, wider ones about fewer, those of 3,000 m about " in told
    assert len(found.search.circles.places) <= TERMS.most_pairs / 2
    there = best_window(found, top["x"], top["y"])
    assert (there.statistic, there.p) == (pytest.approx(top["statistic"]), top["p"])


def test_a_wide_cluster_in_a_crowd_is_found_though_wide_circles_are_about_few_centres():
    cases, sites = crowd(planted=[(600, 150)])
    found = scan(cases, sites, TERMS)
    top = found.clusters.iloc[0]
    n_wide = int(found.caveats[0].split(" m about ")[-1].split(";")[0].replace(",", ""))
    assert n_wide < len(sites) / 20
    assert top["p"] == 0.01
    assert top["radius_m"] > 1000  # circles about each of the places are a tenth of that
    assert (str(top["start_on"].date()), str(top["end_on"].date())) == ("2026-03-21", "2026-03-23")
    assert len(set(top["case_rows"]) & set(range(1200, 1350))) >= 100


def test_a_crowd_that_may_be_is_searched_whole_and_nothing_is_told():
    cases, sites = crowd(n=300)
    most = ScanSettings(max_radius_m=RADIUS_M, replications=0, most_pairs=300 * 300)
    whole = scan(cases, sites, most)
    assert whole.caveats == ()
    fewer = scan(cases, sites, replace(most, most_pairs=20_000))
    assert len(fewer.caveats) == 1
    assert fewer.clusters["statistic"][0] <= whole.clusters["statistic"][0] * (1 + 1e-9)
    assert fewer.clusters["statistic"][0] > 0.6 * whole.clusters["statistic"][0]
    everywhere = replace(most, max_radius_m=None, geometry="cartesian", most_pairs=20_000)
    (told,) = scan(cases, sites, everywhere).caveats
    assert "those of 0.042" in told  # the box's diagonal, in units of the plane
    assert scan(cases, sites, replace(everywhere, most_pairs=300 * 300)).caveats == ()


def test_p_of_a_thinned_crowd_is_uniform_under_chance():
    terms = ScanSettings(max_radius_m=RADIUS_M, max_length=10, replications=39, most_pairs=400)
    p = []
    for seed in range(200):
        cases, sites = crowd(n=60, seed=seed, n_days=30)
        found = scan(cases, sites, replace(terms, seed=seed), jobs=1)
        assert len(found.caveats) == 1
        p.append(found.clusters["p"].min())
    # Ranks of 40 stand for what lies below them.
    assert kstest(np.array(p) - np.random.default_rng(1).uniform(0, 1 / 40, 200), "uniform").pvalue > 0.01


@given(
    st.integers(0, 10_000), st.sampled_from(["permutation", "poisson", "bernoulli"]), st.booleans(), st.integers(1, 3),
    st.sampled_from([3, 12, 40]), st.sampled_from([0.3, 1.0]), st.sampled_from([15, 60, 400]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_fast_search_of_a_crowd_finds_the_best_of_all_its_windows(
    seed, model, prospective, shortest, longest, share, n
):
    rng = np.random.default_rng(seed)
    cases, sites = crowd(n=n, seed=seed, n_days=40)
    cases = pd.concat([cases, cases.sample(n // 3, random_state=seed)])  # several at a place
    terms = replace(
        TERMS, model=model, prospective=prospective, min_length=shortest, max_length=longest, max_share=share,
        most_pairs=10 * n,
    )  # fmt: skip
    controls = cases.assign(at=rng.permutation(cases["at"]))
    against = Against(controls=controls, effort=controls.assign(weight=1.0))
    search, _ = search_of(study_of(cases, sites, terms, against), terms)
    assert search.circles.told
    for one in range(2):
        drawn = search.model.draw(seed, one)
        best = search.windows(drawn, apart=True)[:, 0].max()
        for floor in (0.0, 0.9 * best):
            assert search.windows(drawn, apart=False, floor=floor)[0, 0] == pytest.approx(best, rel=1e-9)
    together = search.maxima(seed, range(6))
    assert together.tolist() == [search.maxima(seed, [one])[0] for one in range(6)]


@pytest.mark.parametrize(
    ("n", "widest", "most"), [(400, 0.3, 4_000), (400, 2.0, 8_000), (150, 1.0, 1_500), (60, 0.1, 60)]
)
def test_small_circles_stay_and_wide_ones_are_never_far(n, widest, most):
    points = np.random.default_rng(n).normal(0, 0.4, (n, 2))
    found = thinned(points, points, widest, most)
    tree = cKDTree(points)
    assert tree.query_ball_point(points, widest, return_length=True).sum() > most
    assert tree.query_ball_point(points, found.reach, return_length=True).sum() <= max(most / 2, 2 * n)
    assert found.n_wide == (found.reach == widest).sum() > 0
    assert cKDTree(points[found.reach == widest]).query(points)[0].max() == found.gap
    assert (found.reach >= found.small).all()
    halvings = np.log2(widest / found.reach[found.reach > 0])
    assert halvings == pytest.approx(halvings.round(), abs=1e-9)
    assert thinned(points, points, widest, 10 * n * n) is None


def test_places_upon_each_other_need_one_centre():
    points = np.zeros((500, 2))
    found = thinned(points, points, 10.0, 2_000)
    assert (found.small, found.n_wide, found.gap) == (0, 1, 0)
    assert (found.reach > 0).sum() == 1


def test_steps_end_with_whole_groups():
    owner = np.repeat([0, 1], [40, 12])
    tied = np.zeros(52, dtype=bool)
    tied[[10, 20, 21]] = True
    together = by_steps(owner, tied)
    assert together[[10, 20, 21]].all()
    assert not together[[39, 51]].any()
    assert not together[:10].any()
    sizes = np.flatnonzero(~together[:40]) + 1
    assert (np.diff(sizes) <= np.maximum(0.1 * sizes[1:] + 3, 1)).all()
