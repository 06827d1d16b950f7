"""The scan statistic beside the way it is computed elsewhere: every window of every circle; and the quick look."""

from typing import Any

import numpy as np
import pandas as pd
from numba import njit
from sklearn.cluster import DBSCAN

from geo.clusters import find_clusters
from geo.crs import on_globe
from geo.scan import scan, search_of
from geo.scan_ratio import likelihood_ratio
from geo.scan_settings import ScanSettings
from geo.scan_significance import Search
from geo.scan_study import Against, study_of
from tests.benchmarks.measure import Say, Table, Timed, ratio, seconds, timed, verdict

# Recorded on a machine of this size: SaTScan 10.3.2, 2,000 cases, 365 days, 10 km, 30 days, 10 scans.
_SATSCAN_S, _SATSCAN_SCANS = 220.0, 10
_WALL_S, _LOOK_S, _TIMES = 10.0, 2.0, 100.0
_DAY_US = 86_400_000_000
_NOTES = (
    """Incidents of a year, a third of them about one place in a hundred; the dense ones lie within 50 km, so that 10 km
hold some two hundred. Processor seconds (the clock's in brackets). The peer evaluates every interval of every circle
with two logarithms, compiled too; both are checked to give the same statistic. It is given a quarter of the cases on a
quarter of the ground, as dense as the rest. SaTScan's time was recorded once, with other
incidents of that number, and is given for scale. A replication alone is searched from nothing; in an analysis
nearly all are searched above nine tenths of what others reached. The first call of all compiles for some seconds more, once per
machine. The peer of the quick look is scikit-learn's DBSCAN.""",
)


def run(say: Say, *, quick: bool) -> Table:
    """Per replication, growth, a whole analysis, and the quick look."""
    rows, verdicts = [], []
    say("scan: against every window")
    wide = ScanSettings(max_radius_m=10_000, max_length=30)
    n = 100 if quick else 500
    crowd = _search(*_cases(n, box=(120.0, 120.25, 30.0, 30.225)), wide)
    _peer(_search(*_cases(50), ScanSettings(max_radius_m=10_000, max_length=3)))  # compiled before the clock runs
    ours, peer = timed(lambda: _one(crowd, 1), 5), timed(lambda: _peer(crowd), 1)
    if not np.isclose(_one(crowd, 0), peer.result):
        raise RuntimeError(f"statistic {_one(crowd, 0)} against the peer's {peer.result}")
    rows.append(_row(f"one replication, {n:,} cases, 10 km, 30 days, against every window", ours, peer))
    if not quick:
        say("scan: 2,000 cases")
        dense = _search(*_cases(2_000, box=(120.0, 120.5, 30.0, 30.45)), wide)
        ours, recorded = timed(lambda: _one(dense, 1), 5), _SATSCAN_S / _SATSCAN_SCANS
        rows.append([
            "one replication, 2,000 cases, 10 km, 30 days, SaTScan as recorded", cell(ours), seconds(recorded),
            ratio(ours.cpu_s, recorded),
        ])  # fmt: skip
        verdicts.append(verdict("a replication against SaTScan's", ours.cpu_s / recorded, 1 / _TIMES, " ×"))
    for size in (500, 1_000) if quick else (2_000, 5_000, 10_000, 20_000):
        say(f"scan: {size:,} cases")
        search = _search(*_cases(size), ScanSettings(max_radius_m=5_000, max_length=14))
        rows.append(
            _row(f"one replication, {size:,} cases, 5 km, 14 days", timed(lambda s=search: _one(s, 1), 5), None)
        )
    size, replications = (1_000, 19) if quick else (20_000, 999)
    say(f"scan: {size:,} cases, {replications} replications")
    cases, sites = _cases(size)
    terms = ScanSettings(max_radius_m=5_000, max_length=14, replications=replications)
    whole = timed(lambda: scan(cases, sites, terms, jobs=2), 1)
    rows.append(_row(f"{size:,} cases, {replications} replications, 2 jobs, all told", whole, None))
    n = 20_000 if quick else 1_000_000
    say(f"quick look: {n:,} incidents")
    look, theirs = _look(n)
    rows.append(_row(f"quick look at {n:,} incidents", look, theirs))
    if not quick:
        verdicts.append(verdict("20,000 cases and 999 replications, by the clock", whole.wall_s, _WALL_S, " s"))
        verdicts.append(verdict("quick look at a million, by the clock", look.wall_s, _LOOK_S, " s"))
    return Table("Clusters and chance", ["work", "ours", "peer", "of peer"], rows, [*_NOTES, *verdicts])


def cell(one: Timed) -> str:
    """Processor seconds and the clock's."""
    return f"{seconds(one.cpu_s)} ({seconds(one.wall_s)})"


def _row(what: str, ours: Timed, peer: Timed | None) -> list[str]:
    return [what, cell(ours), cell(peer) if peer else "", ratio(ours.cpu_s, peer.cpu_s) if peer else ""]


def _cases(n: int, box: tuple[float, float, float, float] = (119.0, 121.5, 30.0, 31.8)) -> tuple[Any, Any]:
    """A year's incidents, a third of them about some places within three weeks."""
    rng = np.random.default_rng(1)
    west, east, south, north = box
    lon, lat, day = rng.uniform(west, east, n), rng.uniform(south, north, n), rng.uniform(0, 365, n)
    here = np.flatnonzero(rng.uniform(0, 1, n) < 1 / 3)
    n_places = max(n // 100, 1)
    place = rng.integers(0, n_places, len(here))
    lon[here] = rng.uniform(west, east, n_places)[place] + rng.normal(0, 0.004, len(here))
    lat[here] = rng.uniform(south, north, n_places)[place] + rng.normal(0, 0.004, len(here))
    day[here] = rng.uniform(0, 344, n_places)[place] + rng.uniform(0, 20, len(here))
    at = np.datetime64("2025-01-01", "us") + (day * _DAY_US).astype("timedelta64[us]")
    ids = np.arange(n).astype(str)
    return pd.DataFrame({"site": ids, "at": at}), pd.DataFrame({"id": ids, "x": lon, "y": lat})


def _search(cases: pd.DataFrame, sites: pd.DataFrame, terms: ScanSettings) -> Search:
    return search_of(study_of(cases, sites, terms, Against()), terms)[0]


def _one(search: Search, replication: int) -> float:
    """The largest statistic of a replication; of the cases there are for 0."""
    if replication == 0:
        return float(search.windows(search.model.observed, apart=False)[0, 0])
    return float(search.maxima(1, range(replication, replication + 1))[0])


def _peer(search: Search) -> float:
    """The largest statistic of the cases there are, window by window."""
    ptr, times = search.model.observed
    where, model = search.circles, search.model
    return float(every_window(where.ptr, where.places, model.weight, model.cum, ptr, times, int(search.limits[0])))


@njit(cache=True)
def every_window(near_ptr, near, weight, cum, ptr, times, longest):
    """The largest statistic of every interval of every circle, each evaluated."""
    n_cases, n_periods = len(times), len(cum) - 1
    top = 0.0
    for centre in range(len(near_ptr) - 1):
        on = np.zeros(n_periods, dtype=np.int64)
        inside = 0.0
        for k in range(near_ptr[centre], near_ptr[centre + 1]):
            site = near[k] if near[k] >= 0 else ~near[k]
            inside += weight[site]
            for case in range(ptr[site], ptr[site + 1]):
                on[times[case]] += 1
            if near[k] < 0:
                continue
            for first in range(n_periods):
                count = 0
                for last in range(first, min(first + longest, n_periods)):
                    count += on[last]
                    expected = inside * (cum[last + 1] - cum[first]) / n_cases
                    if count > 1 and count > expected:
                        top = max(top, likelihood_ratio(count, expected, n_cases, 0.0))
    return top


def _look(n: int) -> tuple[Timed, Timed]:
    """Ours in space and time, and scikit-learn's DBSCAN on the same incidents with time as a fourth axis."""
    cases, sites = _cases(n, box=(110.0, 121.5, 25.0, 36.0))
    lon, lat, at = sites["x"].to_numpy(), sites["y"].to_numpy(), cases["at"].to_numpy()
    find_clusters(lon[:100], lat[:100], at[:100], 1500, 14, 6)
    ours = timed(lambda: find_clusters(lon, lat, at, 1500, 14, 6), 3)
    space = on_globe(lon, lat) / 1500
    days = (at - at.min()).astype("int64") / _DAY_US / 14
    # A ball in four axes instead of a cylinder: as much work, slightly fewer neighbours.
    theirs = timed(lambda: DBSCAN(eps=1.0, min_samples=6).fit(np.column_stack((space, days))).labels_, 1)
    return ours, theirs
