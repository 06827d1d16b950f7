"""Clusters and the border: what lies on each side, what each side alone would have found, and what effort explains."""

from dataclasses import replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError
from geo.scan import Scan, scan
from geo.scan_significance import Cancel
from geo.scan_study import Against
from geo.scan_why import best_window_with
from geo.shifts import Floats, Ints

VIEW = [
    "cluster", "n_a", "n_b", "n_other", "expected_a", "expected_b", "straddles", "statistic_a", "p_a", "statistic_b",
    "p_b", "sight",
]  # fmt: skip


class Sight(StrEnum):
    """Which side alone would have seen a cluster."""

    NEITHER = "neither"
    A = "a"
    B = "b"
    BOTH = "both"


def border_view(
    found: Scan,
    cases: pd.DataFrame,
    sites: pd.DataFrame,
    a: str,
    b: str,
    against: Against | None = None,
    *,
    alpha: float = 0.05,
    min_each_side: int = 2,
    centres: npt.ArrayLike | None = None,
    jobs: int | None = None,
    cancel: Cancel | None = None,
) -> pd.DataFrame:
    """One row per cluster: both sides' cases, and the strongest window that each side's data alone have about it.

    A side alone has its own cases, its own places and the same settings; circles on its side lack what lies beyond the
    line. It would have seen a cluster when the strongest of its own windows that holds at least one of the cluster's
    cases has p of at most `alpha`.

    Parameters
    ----------
    found
        The scan of both sides together.
    cases
        As given to that scan.
    sites
        Likewise, with jurisdiction_id.
    a
        One side's jurisdiction.
    b
        The other's.
    against
        As given to that scan.
    alpha
        The p up to which a side would have noticed, 0 to 1.
    min_each_side
        Cases on each side from which on a cluster straddles the border.
    centres
        Points of a grid beside the sites, for each side too.
    jobs
        As `geo.scan.scan` takes it.
    cancel
        Likewise.

    Returns
    -------
    DataFrame
        Columns VIEW: cases and expected cases on either side, statistic and p of each side's window (0 and 1 for none),
        and `sight`, a `Sight`.

    Raises
    ------
    GeoError
        When the sites name no jurisdiction, or the sides are the same.

    References
    ----------
    Lawton, Hoover (1979), Sampling edge effects; Kulldorff (1997) for the statistic.

    Examples
    --------
    >>> from geo.scan import ScanSettings
    >>> sites = pd.DataFrame({"id": ["a", "b", "c"], "x": [120.0, 120.01, 120.3], "y": [30.0, 30.0, 30.0],
    ...     "jurisdiction_id": ["w", "e", "e"]})
    >>> days = pd.to_datetime(["2024-05-01", "2024-05-01", "2024-05-02", "2024-05-09", "2024-05-20", "2024-05-28"])
    >>> cases = pd.DataFrame({"site": ["a", "b", "a", "c", "c", "c"], "at": days})
    >>> found = scan(cases, sites, ScanSettings(max_radius_m=5000, max_length=7, replications=99))
    >>> border_view(found, cases, sites, "w", "e", min_each_side=1)[["n_a", "n_b", "straddles", "sight"]].values.tolist()
    [[2, 1, True, 'neither']]
    >>> len(border_view(scan(cases[:0], sites), cases[:0], sites, "w", "e"))
    0
    """
    if "jurisdiction_id" not in sites:
        raise GeoError("sites: column 'jurisdiction_id' is missing: whose ground each lies on was expected")
    if a == b:
        raise GeoError(f"both sides are {a!r}: two different jurisdictions were expected")
    side_of = sites.set_index("id")["jurisdiction_id"]
    side = side_of.reindex(found.study.ids).to_numpy(dtype=object)
    rows = [_parts(found, row, side, a, b) for row in range(len(found.clusters))]
    view = pd.DataFrame(rows, columns=["n_a", "n_b", "n_other", "expected_a", "expected_b"])
    view.insert(0, "cluster", found.clusters["cluster"].to_numpy())
    view["straddles"] = view[["n_a", "n_b"]].min(axis=1) >= min_each_side
    for name, jurisdiction in (("a", a), ("b", b)):
        statistic, p = np.zeros(len(view)), np.ones(len(view))
        if len(view):
            alone, row_of = _alone(found, cases, sites, jurisdiction, against or Against(), centres, jobs, cancel)
            statistic, p = _again(found, alone, row_of)
        view[f"statistic_{name}"], view[f"p_{name}"] = statistic, p
    seen = zip(view["p_a"] <= alpha, view["p_b"] <= alpha, strict=True)
    view["sight"] = [_SIGHTS[bool(one), bool(other)] for one, other in seen]
    return view[VIEW]


_SIGHTS = {(False, False): Sight.NEITHER, (True, False): Sight.A, (False, True): Sight.B, (True, True): Sight.BOTH}


def seen_again(found: Scan, other: Scan) -> pd.DataFrame:
    """For every cluster, the strongest window of another scan of the same cases that holds at least one of its cases.

    With effort as what cases are compared with, a cluster that is not seen again only shows where people looked.

    Parameters
    ----------
    found
        A scan.
    other
        A scan of the same cases, under other settings or against something else.

    Returns
    -------
    DataFrame
        cluster, statistic and p in the other scan (0 and 1 for none).
    """
    statistic, p = _again(found, other, np.arange(_rows(found)))
    return pd.DataFrame({"cluster": found.clusters["cluster"].to_numpy(), "statistic": statistic, "p": p})


def _rows(found: Scan) -> int:
    """One more than the last row of the cases."""
    return int(found.study.row_of_case.max(initial=-1)) + 1


def _parts(found: Scan, row: int, side: npt.NDArray[np.object_], a: str, b: str) -> tuple[int, int, int, float, float]:
    """Cases on side a, on side b and elsewhere, and the cases expected on a and b, in one cluster."""
    study, cluster = found.study, found.clusters.iloc[row]
    where = np.asarray(
        pd.Index(study.ids).get_indexer(pd.Index(list(cluster["site_ids"]), dtype=object)), dtype=np.int64
    )
    days = study.period_of(cluster["start_on"]), study.period_of(cluster["end_on"])
    inside = np.isin(study.model.case_site, where)
    inside &= (study.model.case_period >= days[0]) & (study.model.case_period <= days[1])
    of = side[study.model.case_site[inside]]
    n_a, n_b = int((of == a).sum()), int((of == b).sum())
    expected = study.model.expected(where, *days)
    return (
        n_a,
        n_b,
        len(of) - n_a - n_b,
        float(expected[side[where] == a].sum()),
        float(expected[side[where] == b].sum()),
    )


def _alone(
    found: Scan, cases: pd.DataFrame, sites: pd.DataFrame, jurisdiction: str, against: Against,
    centres: npt.ArrayLike | None, jobs: int | None, cancel: Cancel | None,
) -> tuple[Scan, Ints]:  # fmt: skip
    """The scan of one side's data, over the same time, and the row of each case in it (-1: not there)."""
    own = sites[sites["jurisdiction_id"] == jurisdiction]
    ids = set(own["id"])

    def kept(frame: pd.DataFrame | None) -> pd.DataFrame | None:
        return None if frame is None else frame[frame["site"].isin(ids)]

    mine = cases["site"].isin(ids).to_numpy()
    row_of = np.where(mine, np.cumsum(mine) - 1, -1)
    terms = replace(found.settings, start=found.study.first_on, end=found.study.last_on)
    if not mine.any():  # what it would be compared with does not matter then
        terms, against = replace(terms, model="permutation"), Against()
    fewer = replace(
        against, population=kept(against.population), controls=kept(against.controls), effort=kept(against.effort)
    )
    return scan(cases[mine], own, terms, fewer, centres=centres, jobs=jobs, cancel=cancel), row_of


def _again(found: Scan, other: Scan, row_of: Ints) -> tuple[Floats, Floats]:
    """Statistic and p of the other scan's strongest window about each cluster."""
    statistic, p = np.zeros(len(found.clusters)), np.ones(len(found.clusters))
    for row, members in enumerate(found.clusters["case_rows"]):
        there = row_of[list(members)]
        best = best_window_with(other, there[there >= 0])
        if best is not None:
            statistic[row], p[row] = best.statistic, best.p
    return statistic, p
