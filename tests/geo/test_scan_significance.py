"""How often chance does as well: ranks that are uniform, and the same whoever computes them."""

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, kstest

from geo.errors import GeoError
from geo.scan import scan, search_of
from geo.scan_settings import ScanSettings
from geo.scan_significance import CancelledError, Chance, false_discovery
from geo.scan_study import Against, study_of
from tests.geo.scan_cases import TERMS, planted


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
    assert told[0] == (10, 199)
    assert told[-1] == (199, 199)
    with pytest.raises(CancelledError, match="called off after 20 of 199"):
        scan(*planted(), TERMS, jobs=1, cancel=iter([False, True]).__next__)
    with pytest.raises(GeoError, match="jobs 0: 1 or more"):
        scan(*planted(), TERMS, jobs=0)
    early = scan(*planted(), ScanSettings(max_radius_m=1000, max_length=2, stop_after=5, seed=2), jobs=1)
    assert early.replications <= found.settings.replications * 10


def test_gumbel_needs_replications_that_differ_and_discovery_skips_what_is_missing():
    assert np.isnan(Chance(np.ones(50)).p_gumbel(2.0)).all()
    assert false_discovery([1.4, np.nan, 0.01]).tolist() == pytest.approx([1.0, np.nan, 0.02], nan_ok=True)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_discovery_is_adjusted_as_elsewhere(p):
    assert false_discovery(p).tolist() == pytest.approx(false_discovery_control(p).tolist() if p else [])
