"""The loops of the scan on a few small worlds, with every branch walked: compiled, and again as plain Python."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.clusters import find_clusters
from geo.scan import scan, search_of
from geo.scan_ratio import surpluses
from geo.scan_settings import ScanSettings
from geo.scan_study import Against, study_of
from geo.scan_why import best_window_with

TERMS = ScanSettings(max_radius_m=3000, max_share=0.3, replications=3)


def crowd(n, seed):
    """Places within one radius, several cases at some of them, and controls."""
    rng = np.random.default_rng(seed)
    sites = pd.DataFrame({"id": [f"i{k:02d}" for k in range(n)], "x": rng.uniform(120, 120.03, n)})
    sites["y"] = rng.uniform(30, 30.03, n)
    rows = np.r_[np.arange(n), rng.integers(0, n, n // 3)]

    def points():
        return pd.Timestamp("2026-03-01") + pd.to_timedelta(rng.integers(0, 40, len(rows)), unit="D")

    site = sites["id"].to_numpy()[rows]
    return pd.DataFrame({"site": site, "at": points()}), sites, pd.DataFrame({"site": site, "at": points()})


@pytest.mark.parametrize(
    ("model", "prospective", "shortest", "longest", "n", "most"),
    [
        ("permutation", False, 1, 3, 60, 600), ("permutation", False, 2, 12, 15, 150),
        ("permutation", False, 3, 12, 60, 600), ("permutation", True, 2, 12, 15, 150),
        ("permutation", False, 1, 40, 15, 150), ("permutation", False, 1, 12, 40, 10_000),
        ("permutation", False, 2, 12, 40, 10_000), ("bernoulli", False, 1, 12, 15, 150),
        ("poisson", False, 1, 12, 15, 150), ("poisson", False, 1, 12, 15, 10_000),
    ],
)  # fmt: skip
def test_the_fast_search_finds_the_best_of_all_windows(model, prospective, shortest, longest, n, most):
    cases, sites, controls = crowd(n, seed=longest)
    terms = replace(
        TERMS, model=model, prospective=prospective, min_length=shortest, max_length=longest, most_pairs=most
    )
    against = Against(controls=controls, effort=controls.assign(weight=1.0))
    search, _ = search_of(study_of(cases, sites, terms, against), terms)
    for one in range(2):
        drawn = search.model.draw(1, one)
        best = search.windows(drawn, apart=True)[:, 0].max()
        for floor in (0.0, 0.9 * best):
            assert search.windows(drawn, apart=False, floor=floor)[0, 0] == pytest.approx(best, rel=1e-9)
    found = scan(cases, sites, terms, against, jobs=1)
    everywhere = best_window_with(found, range(len(cases)))
    assert everywhere.statistic == pytest.approx(found.clusters["statistic"][0])
    about_one = best_window_with(found, [0])
    assert about_one is None or (0 in about_one.case_rows and about_one.statistic <= everywhere.statistic + 1e-9)


def test_a_circle_that_grows_by_many_cases_at_once_is_searched_as_a_whole():
    cases, sites, _ = crowd(40, seed=7)
    here = pd.DataFrame({"id": [f"t{k:02d}" for k in range(12)], "x": 120.015, "y": 30.015})
    days = np.array([10, 10, 10, 11, 11, 11, 12, 12, 1, 30, 35, 20])
    there = pd.DataFrame({"site": here["id"], "at": pd.Timestamp("2026-03-01") + pd.to_timedelta(days, unit="D")})
    cases, sites = pd.concat([cases, there], ignore_index=True), pd.concat([sites, here], ignore_index=True)
    terms = replace(TERMS, max_length=5)
    search, _ = search_of(study_of(cases, sites, terms, Against()), terms)
    best = search.observed()[:, 0].max()
    found = scan(cases, sites, terms, jobs=1).clusters.iloc[0]
    assert set(there["site"]) <= set(found["site_ids"])
    assert found["statistic"] == pytest.approx(best)
    for share in (0.5, 0.9):
        again = search.windows(search.model.observed, apart=False, floor=share * best)[0, 0]
        assert again == pytest.approx(best, rel=1e-9)


def test_an_incident_as_near_to_two_cores_goes_with_the_earlier_then_with_the_lesser_place():
    lon = np.array([-0.004, -0.004, -0.007, -0.007, -0.007, 0.004, 0.004, 0.007, 0.007, 0.007, 0.0])
    days = np.full(11, np.datetime64("2026-03-05", "us"))
    alike = find_clusters(lon, np.zeros(11), days, 500, 4, 6)
    assert alike[-1] == alike[0] != alike[5]
    days[5:7] -= np.timedelta64(1, "D")
    earlier = find_clusters(lon, np.zeros(11), days, 500, 4, 6)
    assert earlier[-1] == earlier[5] != earlier[0]


def test_what_a_table_does_not_reach_needs_no_more_than_its_last():
    cut, wanted = np.array([0.0, 0.0, 0.4, 1.2, np.inf]), np.zeros(8)
    surpluses(cut, np.array([10.0, 0.0, 1.0]), wanted)
    assert wanted == pytest.approx([1.5] * 8, abs=1e-5)
    nothing = np.ones(2)
    surpluses(np.array([np.inf]), np.array([10.0, 0.0, 1.0]), nothing)
    assert nothing.tolist() == [0, 0]


def test_dense_incidents_belong_together_whichever_cell_they_lie_in():
    rng = np.random.default_rng(2)
    lon, lat = 120 + rng.normal(0, 0.01, 80).round(3), 30 + rng.normal(0, 0.01, 80).round(3)
    at = np.datetime64("2026-03-01", "us") + rng.integers(0, 20, 80) * np.timedelta64(1, "D")
    order = rng.permutation(80)
    found = find_clusters(lon, lat, at, 500, 4, 4)
    assert 0 < (found > 0).sum() < 80
    assert (find_clusters(lon[order], lat[order], at[order], 500, 4, 4) == found[order]).all()
