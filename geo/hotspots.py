"""Jurisdictions with more of something than their neighbourhood's share: Getis and Ord's Gi*, adjusted for many tests."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError
from geo.frames import JURISDICTIONS
from geo.scan_significance import false_discovery
from geo.shifts import Floats, Ints

COLUMNS = ["id", "z", "p", "q", "kind"]


def hotspots(
    jurisdictions: gpd.GeoDataFrame,
    values: npt.ArrayLike,
    neighbours: pd.DataFrame,
    *,
    permutations: int = 9_999,
    seed: int = 1,
    q: float = 0.05,
) -> pd.DataFrame:
    """For every jurisdiction whether it and its neighbours together have remarkably much or little.

    Parameters
    ----------
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`.
    values
        One rate per jurisdiction, such as incidents per firm or per square kilometre: counts only show who is large.
    neighbours
        Columns a and b, ids of jurisdictions that share a border (frame `geo.frames.BORDERS`), each pair once.
    permutations
        How many, 1 or more. The least p is about 2 through their number; too few, and nothing passes the adjustment.
    seed
        Where chance starts, 0 or more.
    q
        The share of false ones accepted among those called hot or cold, 0 to 1.

    Returns
    -------
    DataFrame
        Rows as in `jurisdictions`: id, z (standard deviations of the permutations), p (two-sided, by permutation), q
        (p after Benjamini and Hochberg) and kind ("hot", "cold" or ""). Without neighbours, or with all as neighbours, there is no z.

    Raises
    ------
    GeoError
        When values are missing or not one each, an id is unknown, or a number is out of range.

    References
    ----------
    Getis, Ord (1992); Ord, Getis (1995), Local spatial autocorrelation statistics. Benjamini, Hochberg (1995).

    Examples
    --------
    >>> import shapely
    >>> row = gpd.GeoDataFrame({"id": ["a", "b", "c"], "name": ["A", "B", "C"]},
    ...     geometry=[shapely.box(x, 0, x + 1, 1) for x in range(3)], crs=4326)
    >>> hotspots(row, [1, 2, 3], pd.DataFrame({"a": ["a", "b"], "b": ["b", "c"]}))["kind"].tolist()
    ['', '', '']
    >>> len(hotspots(row[:0], [], pd.DataFrame({"a": [], "b": []})))
    0
    """
    JURISDICTIONS.check(jurisdictions)
    ids, rates = jurisdictions["id"].to_numpy(dtype=object), np.asarray(values, dtype=float)
    if rates.shape != (len(ids),):
        raise GeoError(f"{rates.size} values for {len(ids)} jurisdictions: one each was expected")
    if (missing := np.flatnonzero(~np.isfinite(rates))).size:
        raise GeoError(
            f"jurisdiction {ids[missing[0]]!r} has the value {rates[missing[0]]:g}: a finite one was expected"
        )
    if permutations < 1 or seed < 0 or not 0 < q < 1:
        raise GeoError(
            f"permutations {permutations}, seed {seed}, q {q:g}: 1 or more, 0 or more and a share were expected"
        )
    index = pd.Index(ids)
    one, other = (index.get_indexer(pd.Index(neighbours[side].to_numpy(dtype=object))) for side in ("a", "b"))
    if (unknown := np.flatnonzero((one < 0) | (other < 0))).size:
        raise GeoError(f"neighbours: row {unknown[0]} names a jurisdiction that is not there")
    found = pd.DataFrame({"id": ids, "z": np.nan, "p": np.nan, "q": np.nan, "kind": ""})
    known = np.unique(np.concatenate((one, other)))
    if len(known) > 2 and np.ptp(rates[known]) > 0:  # noqa: PLR2004  # among two, or all alike, nothing stands out
        z, p = _gi_star(rates[known], np.searchsorted(known, one), np.searchsorted(known, other), permutations, seed)
        found.loc[known, "z"], found.loc[known, "p"] = z, p
        found["q"] = false_discovery(found["p"])
        told = found["q"] <= q
        found["kind"] = np.select([told & (found["z"] > 0), told & (found["z"] < 0)], ["hot", "cold"], "")
    return found[COLUMNS]


def _gi_star(rates: Floats, one: Ints, other: Ints, permutations: int, seed: int) -> tuple[Floats, Floats]:
    """Gi* of every row as standard deviations of its permutations, and two-sided p."""
    n = len(rates)
    both = np.unique(np.column_stack((np.concatenate((one, other)), np.concatenate((other, one)))), axis=0)
    focal, neighbour = both.T
    first = np.searchsorted(focal, np.arange(n + 1))
    around = np.diff(first)
    rng = np.random.default_rng(seed)
    # A row keeps its own value; its neighbours' are drawn from all others, for every row by the same draws.
    drawn = np.array([rng.choice(n - 1, around.max(), replace=False) for _ in range(permutations)])
    z, p = np.full(n, np.nan), np.full(n, np.nan)
    for k in range(n):
        if 0 < around[k] < n - 1:  # who borders on everybody cannot differ from the whole
            observed = rates[neighbour[first[k] : first[k + 1]]].sum()
            others = np.delete(rates, k)[drawn[:, : around[k]]].sum(axis=1)
            tail = min((others >= observed).sum(), (others <= observed).sum())
            p[k] = min(1.0, 2 * (tail + 1) / (permutations + 1))
            spread = others.std()
            z[k] = (observed - others.mean()) / spread if spread > 0 else np.nan
    return z, np.where(np.isfinite(z), p, np.nan)
