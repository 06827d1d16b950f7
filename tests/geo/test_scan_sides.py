"""What each side alone would have found, what effort explains, and why something is no cluster."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.errors import GeoError
from geo.scan import scan
from geo.scan_incidents import incident_cases, visits_effort
from geo.scan_settings import ScanSettings
from geo.scan_sides import VIEW, Sight, border_view, seen_again
from geo.scan_study import Against
from geo.scan_why import best_window, best_window_with

TERMS = ScanSettings(max_radius_m=3000, max_length=5, replications=99)
LINE = 120.2
START = pd.Timestamp("2026-03-01", tz="UTC")


def incidents_of(*clusters, seed=1, n_noise=120):
    """Noise on both sides of the line, and clusters (lon, lat, day, cases) of three days each."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(120, 120.4, n_noise), rng.uniform(30, 30.4, n_noise)
    day = rng.integers(0, 40, n_noise)
    for x, y, first, n in clusters:
        lon, lat = np.r_[lon, rng.normal(x, 0.004, n)], np.r_[lat, rng.normal(y, 0.004, n)]
        day = np.r_[day, rng.integers(first, first + 3, n)]
    frame = pd.DataFrame({"id": [f"i{k:03d}" for k in range(len(lon))], "at": START + pd.to_timedelta(day, unit="D")})
    frame["jurisdiction_id"] = np.where(lon < LINE, "w", "e")
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def view_of(incidents, **more):
    cases, sites = incident_cases(incidents)
    found = scan(cases, sites, TERMS)
    return found, border_view(found, cases, sites, "w", "e", **more)


def test_a_straddling_cluster_is_told_from_a_one_sided_one():
    found, view = view_of(incidents_of((LINE, 30.1, 10, 14), (120.05, 30.3, 25, 12)))
    assert list(view.columns) == VIEW
    assert (found.clusters["p"].head(2) == 0.01).all()
    across, within = sorted(range(2), key=lambda row: -min(view["n_a"][row], view["n_b"][row]))
    assert view["straddles"].head(2).tolist() == [row == across for row in range(2)]
    assert view["n_a"][across] + view["n_b"][across] == found.clusters["observed"][across]
    assert view["expected_a"][across] + view["expected_b"][across] == pytest.approx(found.clusters["expected"][across])
    assert view["sight"][within] == Sight.A
    assert view["n_b"][within] == 0
    assert view["p_b"][within] == 1


def test_without_a_cluster_there_is_nothing_to_see_from_a_side():
    _, view = view_of(incidents_of(n_noise=1))
    assert list(view.columns) == VIEW
    assert view.empty


def test_half_a_cluster_is_too_little_for_either_side():
    _, view = view_of(incidents_of((LINE, 30.1, 10, 6), n_noise=200, seed=8), alpha=0.02)
    assert view["sight"][0] == Sight.NEITHER
    assert view["straddles"][0]
    _, large = view_of(incidents_of((LINE, 30.1, 10, 40)))
    assert large["sight"][0] == Sight.BOTH


def test_a_side_without_incidents_sees_nothing():
    one_sided = incidents_of((120.1, 30.1, 10, 12), seed=2)
    cases, sites = incident_cases(one_sided.assign(jurisdiction_id="w"))
    _, view = scan(cases, sites, TERMS), border_view(scan(cases, sites, TERMS), cases, sites, "w", "e")
    assert view["sight"][0] == Sight.A
    assert (view["p_b"] == 1).all()


def test_nonsense_sides_are_refused():
    cases, sites = incident_cases(incidents_of())
    found = scan(cases, sites, TERMS)
    with pytest.raises(GeoError, match="both sides are 'w'"):
        border_view(found, cases, sites, "w", "w")
    with pytest.raises(GeoError, match="'jurisdiction_id' is missing"):
        border_view(found, cases, sites.drop(columns="jurisdiction_id"), "w", "e")
    with pytest.raises(GeoError, match="column 'at' is missing"):
        incident_cases(incidents_of().drop(columns="at"))


def test_a_cluster_where_people_looked_goes_with_the_effort():
    incidents = incidents_of((120.1, 30.1, 10, 14), (120.3, 30.3, 25, 14))
    rng = np.random.default_rng(4)
    # Inspections everywhere, and very many about the first cluster while it lasted.
    n = 1500
    lon = np.r_[rng.uniform(120, 120.4, n), rng.normal(120.1, 0.004, 200)]
    lat = np.r_[rng.uniform(30, 30.4, n), rng.normal(30.1, 0.004, 200)]
    day = np.r_[rng.integers(0, 40, n), rng.integers(10, 13, 200)]
    visits = gpd.GeoDataFrame(
        {"at": START + pd.to_timedelta(day, unit="D"), "hours": 2.0}, geometry=gpd.points_from_xy(lon, lat), crs=4326
    )
    cases, sites = incident_cases(incidents)
    plain = scan(cases, sites, TERMS)
    effort, places = visits_effort(visits, sites, "hours")
    terms = ScanSettings(model="poisson", max_radius_m=3000, max_length=5, replications=99)
    looked = scan(cases, places, terms, Against(effort=effort))
    again = seen_again(plain, looked)
    assert (plain.clusters["p"].head(2) == 0.01).all()
    first = int(np.argmin(np.abs(plain.clusters["x"].head(2) - 120.1)))
    assert again["p"][first] > 0.05
    assert again["p"][1 - first] == 0.01
    for model in ("poisson", "bernoulli"):
        against = Against(effort=effort, controls=effort[["site", "at"]])
        both = scan(cases, places, ScanSettings(model=model, max_radius_m=3000, max_length=5, replications=19), against)
        view = border_view(
            both, cases, places.assign(jurisdiction_id=np.where(places["x"] < LINE, "w", "e")), "w", "e", against
        )
        sums = view["expected_a"] + view["expected_b"]
        assert sums.tolist() == pytest.approx(both.clusters["expected"].tolist())


def test_the_best_window_about_a_place_is_given_with_its_p():
    incidents = incidents_of((120.1, 30.1, 10, 14))
    cases, sites = incident_cases(incidents)
    found = scan(cases, sites, TERMS)
    top = found.clusters.iloc[0]
    there = best_window(found, top["x"], top["y"])
    assert (there.observed, there.p) == (top["observed"], top["p"])
    assert there.statistic == pytest.approx(top["statistic"])
    assert there.case_rows == top["case_rows"]
    elsewhere = best_window(found, 120.3, 30.3)
    assert elsewhere.p > 0.05
    assert elsewhere.statistic < there.statistic
    on = best_window(found, top["x"], top["y"], date(2026, 3, 30))
    assert on is None or (on.start_on <= pd.Timestamp("2026-03-30") <= on.end_on)
    assert best_window(found, 0, 0) is None
    assert best_window_with(found, []) is None
    assert best_window_with(found, top["case_rows"][:1]).statistic == pytest.approx(top["statistic"])
    with pytest.raises(GeoError, match="outside the study"):
        best_window(found, 120.3, 30.3, date(2025, 3, 30))
    with pytest.raises(GeoError, match="finite coordinates"):
        best_window(found, float("nan"), 30.3)


def test_the_best_window_of_all_is_the_scan_s_whatever_the_model():
    cases, sites = incident_cases(incidents_of((120.1, 30.1, 36, 10)))
    for terms in (
        ScanSettings(max_radius_m=3000, max_length=5, replications=9, prospective=True),
        ScanSettings(max_radius_m=3000, max_length=5, min_length=2, replications=9),
    ):
        found = scan(cases, sites, terms)
        best = best_window_with(found, range(len(cases)))
        assert best.statistic == pytest.approx(found.clusters["statistic"][0])
