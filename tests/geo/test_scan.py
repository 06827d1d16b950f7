"""The scan against published answers, a plain implementation of every window, and its own properties."""

import itertools
import math
import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.scan import scan
from geo.scan_ratio import likelihood_ratio
from geo.scan_settings import ScanSettings
from geo.scan_study import Against
from intake.satscan import read_cases, read_population, read_sites
from tests.geo.scan_cases import TERMS, planted

PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", PROJECT / "../shared/data")) / "satscan"
published = pytest.mark.skipif(not DATA.is_dir(), reason="LIANFANG_REFERENCE_DATA holds no satscan")
FEVER = ScanSettings(
    prospective=True, max_radius_m=3000, max_length=7, start=date(2001, 11, 1), end=date(2001, 11, 24), stop_after=50
)


def world(seed, n=40, n_days=12, n_sites=10):
    """Cases, controls, population and sites on a small plane, many of them tied in place and time."""
    rng = np.random.default_rng(seed)
    sites = pd.DataFrame({"id": [f"s{k}" for k in range(n_sites)], "x": rng.integers(0, 6, n_sites).astype(float)})
    sites["y"] = rng.integers(0, 6, n_sites).astype(float)

    def points(size):
        return pd.DataFrame({"site": rng.choice(sites["id"], size), "at": rng.integers(0, n_days, size)})

    cells = list(itertools.product(sites["id"], range(n_days)))
    effort = pd.DataFrame(cells, columns=["site", "at"]).assign(weight=rng.integers(0, 4, len(cells)).astype(float))
    return points(n), sites, points(n), effort


def plain_best(cases, sites, terms, expected, n_points=0):
    """The largest statistic of all windows, and how many places its window has: every circle, every interval."""
    n_cases, n_days = len(cases), terms.end - terms.start + 1
    best = 0.0
    xy = sites[["x", "y"]].to_numpy()
    row_of = {one: row for row, one in enumerate(sites["id"])}
    count = np.zeros((len(sites), n_days))
    for one in cases.itertuples():
        count[row_of[one.site], one.at - terms.start] += 1
    total = expected.sum()
    for centre in xy:
        away = np.hypot(*(xy - centre).T)
        for radius in sorted(set(away)):
            if radius > (terms.max_radius_m or math.inf):
                continue
            there = away <= radius
            if expected[there].sum() > terms.max_share * total + 1e-9:
                continue
            for first in range(n_days):
                for last in range(first + terms.min_length - 1, min(n_days, first + terms.max_length)):
                    if terms.prospective and last < n_days - 1:
                        continue
                    c = count[there, first : last + 1].sum()
                    if c < terms.min_cases:
                        continue
                    best = max(best, plain_ratio(c, expected[there, first : last + 1].sum(), n_cases, n_points))
    return best


def plain_ratio(c, mu, n_cases, n_points):
    """Kulldorff's formulas, as printed."""

    def log(a, b):
        return 0 if a == 0 else a * math.log(a / b)

    if not n_points:
        return log(c, mu) + log(n_cases - c, n_cases - mu) if c > mu else 0
    if mu == n_points or c / mu <= (n_cases - c) / (n_points - mu):
        return 0
    inside = log(c, mu) + log(mu - c, mu) + log(n_cases - c, n_points - mu)
    outside = log(n_points - mu - n_cases + c, n_points - mu)
    return inside + outside - log(n_cases, n_points) - log(n_points - n_cases, n_points)


def table(frame, sites, n_days, column=None):
    """Amounts by site and day."""
    row_of = {one: row for row, one in enumerate(sites["id"])}
    total = np.zeros((len(sites), n_days))
    for one in frame.itertuples():
        total[row_of[one.site], one.at] += getattr(one, column) if column else 1
    return total


@given(
    st.integers(0, 10_000), st.sampled_from(["permutation", "poisson", "bernoulli"]), st.booleans(),
    st.sampled_from([None, 1.5, 3.0]), st.integers(1, 3), st.integers(3, 6), st.sampled_from([0.3, 0.5, 1.0]),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_equals_every_window_of_every_circle(seed, model, prospective, radius, shortest, longest, share):
    cases, sites, controls, effort = world(seed)
    terms = ScanSettings(
        model=model, prospective=prospective, max_radius_m=radius, max_share=share, min_length=shortest,
        max_length=longest, unit="generic", start=0, end=11, geometry="cartesian", replications=0,
    )  # fmt: skip
    count = table(cases, sites, 12)
    if model == "permutation":
        expected, n_points = np.outer(count.sum(axis=1), count.sum(axis=0)) / len(cases), 0
    elif model == "bernoulli":
        expected, n_points = count + table(controls, sites, 12), len(cases) + len(controls)
    else:
        looked = table(effort, sites, 12, "weight")
        baseline = np.outer(count.sum(axis=1), count.sum(axis=0)) / len(cases)
        expected, n_points = 0.95 * looked * len(cases) / looked.sum() + 0.05 * baseline, 0
    found = scan(cases, sites, terms, Against(controls=controls, effort=effort))
    best = plain_best(cases, sites, terms, expected, n_points)
    assert found.clusters["statistic"].max() == pytest.approx(best, rel=1e-9) if best else found.clusters.empty
    for row in found.clusters.itertuples():
        there = sites["id"].isin(row.site_ids).to_numpy()
        mu = expected[there, row.start_on : row.end_on + 1].sum()
        inside = cases["site"].isin(row.site_ids) & cases["at"].between(row.start_on, row.end_on)
        assert row.observed == inside.sum()
        assert row.case_rows == tuple(np.flatnonzero(inside))
        assert row.statistic == pytest.approx(plain_ratio(row.observed, mu, len(cases), n_points), rel=1e-9)
        assert row.expected == pytest.approx(mu * (len(cases) / n_points if n_points else 1))
        assert terms.min_length <= row.end_on - row.start_on + 1 <= terms.max_length
    ids = [one for row in found.clusters["site_ids"] for one in row]
    assert len(ids) == len(set(ids))


@given(st.integers(0, 10_000), st.randoms(use_true_random=False), st.sampled_from(["permutation", "poisson"]))
@settings(max_examples=20, deadline=None)
def test_no_order_of_rows_decides(seed, random, model):
    cases, sites, _, effort = world(seed)
    terms = ScanSettings(model=model, unit="generic", geometry="cartesian", replications=19)
    shuffled = [frame.sample(frac=1, random_state=random.randrange(2**31)) for frame in (cases, sites, effort)]
    one = scan(cases, sites, terms, Against(effort=effort)).clusters
    other = scan(shuffled[0], shuffled[1], terms, Against(effort=shuffled[2])).clusters
    columns = ["x", "y", "start_on", "end_on", "observed", "p"]
    assert one[columns].to_dict("records") == other[columns].to_dict("records")
    assert one["statistic"].tolist() == pytest.approx(other["statistic"].tolist())


@published
def test_fever_in_new_york_as_published():
    found = scan(read_cases(DATA / "NYCfever.cas", "day"), read_sites(DATA / "NYCfever.geo", "latlon"), FEVER)
    top = found.clusters.iloc[0]
    assert " ".join(top["site_ids"]) == "11418 11415 11419 11435 11416 11421 11451 11375 11417"
    assert (str(top["start_on"].date()), str(top["end_on"].date())) == ("2001-11-22", "2001-11-24")
    assert (top["observed"], round(top["expected"], 2)) == (4, 0.67)
    assert top["statistic"] == pytest.approx(3.845418, abs=1e-6)
    # 50 of 207 there; other random numbers here.
    assert top["p"] == 50 / found.replications
    assert 0.15 < top["p"] < 0.30
    assert top["recurrence_days"] == pytest.approx(1 / top["p"])


@published
def test_cancer_in_new_mexico_as_published():
    terms = ScanSettings(model="poisson", unit="year", start=date(1973, 1, 1), end=date(1991, 12, 31))
    population = read_population(DATA / "nm.pop", "year")
    against = Against(population=population, covariates=("covariate_1", "covariate_2"))
    found = scan(read_cases(DATA / "nm.cas", "year"), read_sites(DATA / "nm.geo", "latlon"), terms, against)
    top = found.clusters.iloc[0]
    assert top["site_ids"] == (
        "Torrance", "Bernalillo", "Valencia", "SantaFe", "Guadelupe", "Socorro", "Sandoval", "SanMiguel", "LosAlamos",
    )  # fmt: skip
    assert (top["start_on"].year, top["end_on"].year, top["observed"]) == (1985, 1989, 236)
    assert top["expected"] == pytest.approx(176.22, abs=0.005)
    assert found.clusters["statistic"].head(3).tolist() == pytest.approx([10.979758, 5.684828, 3.884186], abs=1e-6)
    assert found.clusters["site_ids"].iloc[1] == ("Chaves",)
    assert top["p"] == pytest.approx(0.014, abs=0.008)


def test_a_planted_cluster_is_found():
    found = scan(*planted(), TERMS)
    top = found.clusters.iloc[0]
    assert top["p"] == 0.005
    assert top["p_gumbel"] < 1e-4
    assert set(range(150, 162)) <= set(top["case_rows"])
    assert str(top["start_on"].date()) == "2026-03-21"
    assert found.clusters.crs.to_epsg() == 4326


def test_ratios_by_hand():
    assert likelihood_ratio(2, 3, 10, 0) == 0
    assert likelihood_ratio.py_func(4, 130 / 194, 194, 0) == pytest.approx(3.845418, abs=1e-6)
    assert likelihood_ratio.py_func(10, 5, 10, 0) == pytest.approx(10 * math.log(2))
    assert likelihood_ratio.py_func(1, 4, 5, 10) == 0
    assert likelihood_ratio.py_func(5, 5, 5, 10) == pytest.approx(10 * math.log(2))
    assert likelihood_ratio.py_func(3, 4, 5, 10) == pytest.approx(plain_ratio(3, 4, 5, 10))
