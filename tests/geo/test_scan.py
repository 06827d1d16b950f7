"""The scan against published answers, a plain implementation of every window, and its own properties."""

import itertools
import math
import os
from datetime import date
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, kstest

from geo.errors import GeoError
from geo.scan import scan, search_of
from geo.scan_ratio import likelihood_ratio
from geo.scan_settings import ScanSettings
from geo.scan_significance import CancelledError, Chance, false_discovery
from geo.scan_study import Against, study_of
from intake.satscan import read_cases, read_population, read_sites

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


def test_p_is_uniform_where_there_is_nothing_to_find():
    rng = np.random.default_rng(5)
    ranks = []
    for seed in range(200):
        n = 60
        sites = pd.DataFrame({"id": np.arange(n), "x": rng.uniform(0, 10, n), "y": rng.uniform(0, 10, n)})
        cases = pd.DataFrame({"site": np.arange(n), "at": rng.integers(0, 30, n)})
        terms = ScanSettings(
            max_radius_m=4, max_length=7, unit="generic", start=0, end=29, geometry="cartesian", seed=seed,
            replications=39, most=1,
        )  # fmt: skip
        found = scan(cases, sites, terms, jobs=1)
        top, maxima = found.clusters["statistic"].iloc[0], found.chance.maxima
        larger, alike = (maxima > top + 1e-9).sum(), (np.abs(maxima - top) <= 1e-9).sum()
        assert found.clusters["p"].iloc[0] == (1 + larger + alike) / 40
        # Counts are whole numbers, so statistics tie; a rank drawn among the ties is uniform exactly.
        ranks.append((larger + rng.uniform(0, 1 + alike)) / 40)
    assert kstest(ranks, "uniform").pvalue > 0.01


def planted():
    """Thirty days, noise everywhere, and a cluster of a dozen about (120.2, 30.2) in three of them."""
    rng = np.random.default_rng(3)
    lon, lat = np.r_[rng.uniform(120, 120.4, 150), rng.normal(120.2, 0.004, 12)], rng.uniform(30, 30.4, 162)
    lat[150:] = rng.normal(30.2, 0.004, 12)
    day = np.r_[rng.integers(0, 30, 150), rng.integers(20, 23, 12)]
    at = pd.Timestamp("2026-03-01", tz="UTC") + pd.to_timedelta(day * 24 + 3, unit="h")
    ids = [f"i{k:03d}" for k in range(162)]
    return pd.DataFrame({"site": ids, "at": at}), pd.DataFrame({"id": ids, "x": lon, "y": lat})


TERMS = ScanSettings(max_radius_m=3000, max_length=7, replications=199)


def test_a_planted_cluster_is_found():
    found = scan(*planted(), TERMS)
    top = found.clusters.iloc[0]
    assert top["p"] == 0.005
    assert top["p_gumbel"] < 1e-4
    assert set(range(150, 162)) <= set(top["case_rows"])
    assert str(top["start_on"].date()) == "2026-03-21"
    assert found.clusters.crs.to_epsg() == 4326


def test_what_other_replications_reached_changes_no_figure():
    cases, sites = planted()
    search, _ = search_of(study_of(cases, sites, TERMS, Against()), TERMS)
    together = search.maxima(3, range(20))
    assert together.tolist() == [search.maxima(3, [one])[0] for one in range(20)]
    assert (together[1:] < 0.9 * np.minimum.accumulate(together)[:-1]).any()  # a guess failed on the way
    drawn, top = search.model.draw(3, 0), together[0]
    assert search.windows(drawn, apart=False, floor=0.999 * top)[0, 0] == top
    assert search.windows(drawn, apart=False, floor=1.001 * top)[0, 0] == 0


def test_jobs_change_no_figure_and_centres_may_be_a_grid():
    one, two = (scan(*planted(), TERMS, jobs=jobs) for jobs in (1, 2))
    assert one.chance.maxima.tolist() == two.chance.maxima.tolist()
    grid = np.column_stack((np.linspace(120, 120.4, 81), np.full(81, 30.2)))
    on_grid = scan(*planted(), TERMS, centres=grid, at_sites=False)
    assert tuple(on_grid.clusters[["x", "y"]].iloc[0]) in {tuple(one) for one in grid}
    assert scan(*planted(), TERMS, centres=grid).clusters["statistic"].iloc[0] >= one.clusters["statistic"].iloc[0]


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_takes_over():
    distributed = pytest.importorskip("dask.distributed")
    alone = scan(*planted(), TERMS, jobs=1)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        there = scan(*planted(), TERMS)
    assert there.chance.maxima.tolist() == alone.chance.maxima.tolist()


def test_progress_is_told_and_a_scan_can_be_called_off():
    told = []
    found = scan(*planted(), TERMS, jobs=1, progress=lambda done, of: told.append((done, of)))
    assert told[0] == (30, 199)
    assert told[-1] == (199, 199)
    with pytest.raises(CancelledError, match="called off after 30 of 199"):
        scan(*planted(), TERMS, jobs=1, cancel=iter([False, True]).__next__)
    early = scan(*planted(), ScanSettings(max_radius_m=1000, max_length=2, stop_after=5, seed=2), jobs=1)
    assert early.replications <= found.settings.replications * 10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": "guess"}, "model 'guess': one of permutation, poisson, bernoulli"),
        ({"unit": "week"}, "unit 'week'"),
        ({"geometry": "flat"}, "geometry 'flat'"),
        ({"max_radius_m": 0}, "max_radius_m 0: metres above 0"),
        ({"max_share": 0}, "max_share 0"),
        ({"replications": -1}, "replications -1: 0 or more"),
        ({"seed": -1}, "seed -1"),
        ({"max_length": 2, "min_length": 3}, "max_length 2 is less than min_length 3"),
        ({"start": 4}, "begins or ends with 4: a day was expected"),
        ({"unit": "generic", "end": date(2026, 1, 1)}, "a whole number was expected"),
        ({"start": date(2026, 5, 1), "end": date(2026, 1, 1)}, "end before it starts"),
        ({"model": "poisson"}, "population or with effort"),
        ({"model": "bernoulli"}, "controls were expected"),
    ],
)
def test_settings_that_make_no_sense_get_a_sentence(change, words):
    with pytest.raises(GeoError, match=words):
        scan(*planted(), ScanSettings(**change))


def test_frames_that_make_no_sense_get_a_sentence():
    cases, sites = planted()
    bad = sites.assign(x=sites["x"].where(sites["id"] != "i003"))
    people = pd.DataFrame({"site": ["i000"], "at": [2026], "population": [10.0]})
    poisson = ScanSettings(model="poisson")
    effort = pd.DataFrame({"site": ["i000"], "at": cases["at"][:1], "weight": [1.0]})
    for words, call in {
        "column 'y' is missing": lambda: scan(cases, sites.drop(columns="y")),
        "column 'at' is missing": lambda: scan(cases.drop(columns="at"), sites),
        "'i000' is there twice": lambda: scan(cases, pd.concat([sites, sites[:1]])),
        "'i161' has no coordinates": lambda: scan(cases, sites[:-1]),
        "finite coordinates on the globe": lambda: scan(cases, bad),
        "counts 0.5: a whole number": lambda: scan(cases.assign(n=0.5), sites),
        "no circle has a centre": lambda: scan(cases, sites, at_sites=False),
        "where none can be expected": lambda: scan(cases, sites, poisson, Against(population=people)),
        "population row 0 says -1": lambda: scan(
            cases, sites, poisson, Against(population=people.assign(population=-1.0))
        ),
        "which has no people": lambda: scan(cases, sites, poisson, Against(population=people.assign(population=0.0))),
        "no controls": lambda: scan(cases, sites, ScanSettings(model="bernoulli"), Against(controls=cases[:0])),
        "effort is missing": lambda: scan(cases, sites, poisson, Against(effort=effort.assign(weight=-1.0))),
        "unseen_share 2": lambda: scan(cases, sites, poisson, Against(effort=effort, unseen_share=2)),
        "1 x and 2 y": lambda: __import__("geo.scan_windows").scan_windows.spots([1], [1, 2], "cartesian"),
    }.items():
        with pytest.raises(GeoError, match=words):
            call()


def test_where_nothing_can_stand_out_nothing_is_found():
    cases, sites = planted()
    at_one = cases.assign(site="i000")
    one_day = cases.assign(at=cases["at"].iloc[0])
    for given_cases, words in (
        (cases[:0], "There are no cases"),
        (cases[:1], "There is one case"),
        (at_one, "one place"),
        (one_day, "one period"),
        (cases.assign(at=pd.NaT), "162 cases without a time"),
    ):
        found = scan(given_cases, sites, TERMS)
        assert found.clusters.empty
        assert found.replications == 0
        assert any(words in caveat for caveat in found.caveats)
    some = cases.assign(at=cases["at"].where(cases.index != 7))
    found = scan(some, sites, ScanSettings(start=date(2026, 3, 10), end=date(2026, 3, 30), replications=0))
    assert found.caveats[0] == "1 cases without a time were left out."
    assert "outside the study period" in found.caveats[1]
    assert found.n_cases < 161


def test_periods_are_counted_backwards_and_the_first_may_be_short():
    cases = pd.DataFrame({"site": "a", "at": [1, 3, 4, 7, 9], "n": [1, 1, 1, 1, 3]})
    cases.loc[4, "site"] = "b"
    sites = pd.DataFrame({"id": ["a", "b"], "x": [0.0, 5.0], "y": [0.0, 0.0]})
    terms = ScanSettings(
        unit="generic",
        aggregation=3,
        geometry="cartesian",
        max_length=3,
        replications=9,
        max_radius_m=1,
        start=1,
        end=10,
    )
    top = scan(cases, sites, terms).clusters.iloc[0]
    assert (top["start_on"], top["end_on"], top["observed"], top["expected"]) == (8, 10, 3, 9 / 7)


@pytest.mark.parametrize("change", [{"max_length": 5, "min_length": 4}, {"min_length": 17}])
def test_windows_that_cannot_be_long_enough_are_refused(change):
    terms = ScanSettings(aggregation=3, replications=0, **change)
    with pytest.raises(GeoError, match=r"min_length \d+ takes \d periods, and windows last \d at most"):
        scan(*planted(), terms)
    assert scan(planted()[0][:0], planted()[1], terms).clusters.empty


def test_months_and_years_end_with_their_last_day():
    cases, sites = planted()
    months = pd.to_datetime(["2026-01-05", "2026-02-05"]).repeat([6, 156])
    wide = cases.assign(at=months)
    found = scan(wide, sites, ScanSettings(unit="month", max_length=1, replications=0, start=date(2026, 1, 1)))
    assert {str(day.date()) for day in found.clusters["end_on"]} <= {"2026-01-31", "2026-02-28"}


def test_ratios_by_hand():
    assert likelihood_ratio(2, 3, 10, 0) == 0
    assert likelihood_ratio.py_func(4, 130 / 194, 194, 0) == pytest.approx(3.845418, abs=1e-6)
    assert likelihood_ratio.py_func(10, 5, 10, 0) == pytest.approx(10 * math.log(2))
    assert likelihood_ratio.py_func(1, 4, 5, 10) == 0
    assert likelihood_ratio.py_func(5, 5, 5, 10) == pytest.approx(10 * math.log(2))
    assert likelihood_ratio.py_func(3, 4, 5, 10) == pytest.approx(plain_ratio(3, 4, 5, 10))


def test_gumbel_needs_replications_that_differ_and_discovery_skips_what_is_missing():
    assert np.isnan(Chance(np.ones(50)).p_gumbel(2.0)).all()
    assert false_discovery([1.4, np.nan, 0.01]).tolist() == pytest.approx([1.0, np.nan, 0.02], nan_ok=True)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_discovery_is_adjusted_as_elsewhere(p):
    assert false_discovery(p).tolist() == pytest.approx(false_discovery_control(p).tolist() if p else [])
