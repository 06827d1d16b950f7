"""Clusters, the quick look: incidents that lie densely in space and time, whichever side they lie on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.crs import off_globe, on_globe
from geo.edges import GEOD, Ints, Mask
from geo.errors import GeoError
from geo.frames import INCIDENTS, WGS84
from geo.shifts import Floats

NOISE = -1
_DAY_US = 86_400_000_000
_FEW = 16
_AT_ONCE = 1_000_000  # pairs of incidents looked at in one go: some 100 MB however dense they lie
_COLUMNS = [
    "cluster", "n_incidents", "n_a", "n_b", "straddles", "first_at", "last_at", "radius_m", "max_severity", "member_ids",
]  # fmt: skip
_TYPES: dict[str, Any] = dict.fromkeys(("cluster", "n_incidents", "n_a", "n_b", "max_severity"), "int64") | {
    "straddles": "bool", "first_at": "datetime64[us, UTC]", "last_at": "datetime64[us, UTC]", "radius_m": "float64",
    "member_ids": "object",
}  # fmt: skip


def find_clusters(
    lon: npt.ArrayLike, lat: npt.ArrayLike, at: npt.ArrayLike, radius_m: float, days: float, min_incidents: int
) -> Ints:
    """The number of each incident's cluster, from 1 on, or -1 for an incident that stands alone.

    Two incidents are neighbours when at most `radius_m` and at most `days` lie between them. An incident with
    `min_incidents` neighbours, itself included, is a core; cores that are neighbours belong together, and any other
    neighbour of a core goes with the core nearest to it.

    Parameters
    ----------
    lon
        Longitudes, EPSG:4326 degrees.
    lat
        Latitudes.
    at
        When, instants with or without zone (all alike).
    radius_m
        Radius of the neighbourhood, metres, straight through the ground (at 50 km 0.1 m less than along it).
    days
        Its half-length in time.
    min_incidents
        Neighbours that make a core, itself included; 1 or more.

    Returns
    -------
    array of int
        Numbered by size, then by earliest incident, then by least place; independent of the order of the incidents.

    Raises
    ------
    GeoError
        When lengths differ, a place or time is missing, or a measure is out of range.

    References
    ----------
    Ester, Kriegel, Sander, Xu (1996), A density-based algorithm for discovering clusters (DBSCAN).
    Birant, Kut (2007), ST-DBSCAN: an algorithm for clustering spatial-temporal data.
    Gunawan (2013), A faster algorithm for DBSCAN (cells whose members are all neighbours).

    Examples
    --------
    >>> days = np.array(["2024-05-01", "2024-05-02", "2024-05-03", "2024-09-01"], dtype="datetime64[us]")
    >>> find_clusters([120.4, 120.401, 120.402, 120.4], [30.9] * 4, days, 500, 7, 3)
    array([ 1,  1,  1, -1])
    >>> find_clusters([], [], np.array([], dtype="datetime64[us]"), 500, 7, 3)
    array([], dtype=int64)
    """
    xyz, when = _checked(lon, lat, at, radius_m, days, min_incidents)
    if not len(when):
        return np.empty(0, dtype=np.int64)
    cloud = _cloud(xyz, when, radius_m, int(days * _DAY_US))
    crowded = cloud.size >= min_incidents
    sparse = cloud.close[~crowded[cloud.close].all(axis=1)]
    count = cloud.size[cloud.cell]
    for _, p, q, _ in cloud.neighbours(sparse):
        count = count + np.bincount(p, minlength=len(when)) + np.bincount(q, minlength=len(when))
    core = count >= min_incidents
    own = np.flatnonzero(~crowded)  # within a thin cell too, some may be core and some not
    group, nearest = _grown(cloud, np.concatenate((sparse, np.column_stack((own, own)))), crowded, core)
    labels = np.where(core, group[cloud.cell], NOISE)
    labels[nearest[:, 0]] = group[cloud.cell[nearest[:, 1]]]
    return _numbered(labels, xyz, when)


def describe_clusters(
    incidents: gpd.GeoDataFrame, labels: npt.ArrayLike, a: str, b: str, min_each_side: int = 1
) -> gpd.GeoDataFrame:
    """One row per cluster: where, when, how large, how grave, and how much of it lies on each side.

    Parameters
    ----------
    incidents
        Frame `geo.frames.INCIDENTS`, EPSG:4326.
    labels
        As `find_clusters` gives them for these incidents.
    a
        The jurisdiction counted in n_a.
    b
        The jurisdiction counted in n_b.
    min_each_side
        Incidents on each side from which on a cluster straddles the border.

    Returns
    -------
    GeoDataFrame
        Columns of `geo.frames.CLUSTERS` and member_ids (tuple, as text sorts), ordered by cluster; geometry is the
        point in the middle of the members, radius_m the geodesic distance to the farthest.

    Raises
    ------
    FrameError
        When `incidents` breaks its contract.
    GeoError
        When there is not one label per incident.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"id": ["1", "2"], "category": "water", "source": "complaint", "severity": [1, 3],
    ...     "at": pd.to_datetime(["2024-05-01", "2024-05-02"], utc=True).as_unit("us"), "jurisdiction_id": ["w", "e"]},
    ...     geometry=gpd.points_from_xy([120, 120.001], [30, 30]), crs=4326)
    >>> found = describe_clusters(frame, [1, 1], "e", "w")
    >>> found[["n_incidents", "n_a", "n_b", "straddles", "max_severity", "member_ids"]].values.tolist()
    [[2, 1, 1, True, 3, ('1', '2')]]
    >>> found.radius_m.round().tolist()
    [48.0]
    >>> len(describe_clusters(frame, [-1, -1], "e", "w"))
    0
    """
    INCIDENTS.check(incidents)
    label = np.asarray(labels, dtype=np.int64)
    if label.shape != (len(incidents),):
        raise GeoError(f"{len(label)} labels for {len(incidents)} incidents: one each was expected")
    lon, lat = incidents.geometry.x.to_numpy(), incidents.geometry.y.to_numpy()
    xyz = on_globe(lon, lat)
    rows, centres = [], []
    for cluster in np.unique(label[label != NOISE]):
        member = np.flatnonzero(label == cluster)
        of = incidents.iloc[member]
        x, y = off_globe(xyz[member].mean(axis=0, keepdims=True))
        away = GEOD.inv(np.repeat(x, len(member)), np.repeat(y, len(member)), lon[member], lat[member])[2]
        n_a, n_b = int((of["jurisdiction_id"] == a).sum()), int((of["jurisdiction_id"] == b).sum())
        rows.append((
            int(cluster), len(member), n_a, n_b, min(n_a, n_b) >= min_each_side, of["at"].min(), of["at"].max(),
            float(np.max(away)), int(of["severity"].max()), tuple(sorted(of["id"])),
        ))  # fmt: skip
        centres.append((x[0], y[0]))
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype(_TYPES)
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(*np.reshape(centres, (-1, 2)).T), crs=WGS84)


@dataclass(frozen=True)
class _Cloud:
    """Incidents sorted into cells whose members are all neighbours, and the cells that can hold neighbours of theirs."""

    xyz: Floats
    when: Ints
    radius_m: float
    window: int
    cell: Ints
    members: Ints
    first: Ints
    size: Ints
    close: Ints

    def neighbours(self, pairs: Ints, most: int | None = None) -> Iterator[tuple[Ints, Ints, Ints, Floats]]:
        """Neighbouring incidents from two cells, in chunks: row in `pairs`, both incidents, distance squared.

        `most` limits how many members of each cell are looked at.
        """
        size = self.size if most is None else np.minimum(self.size, most)
        width = size[pairs[:, 1]]
        end = np.cumsum(size[pairs[:, 0]] * width)
        total = int(end[-1]) if len(end) else 0
        for begin in range(0, total, _AT_ONCE):
            k = np.arange(begin, min(begin + _AT_ONCE, total))
            row = np.searchsorted(end, k, side="right")
            rest = end[row] - 1 - k
            p = self.members[self.first[pairs[row, 0]] + rest // width[row]]
            q = self.members[self.first[pairs[row, 1]] + rest % width[row]]
            far = ((self.xyz[p] - self.xyz[q]) ** 2).sum(axis=1)
            near = (far <= self.radius_m**2) & (np.abs(self.when[p] - self.when[q]) <= self.window)
            yield row[near], p[near], q[near], far[near]


def _checked(
    lon: npt.ArrayLike, lat: npt.ArrayLike, at: npt.ArrayLike, radius_m: float, days: float, min_incidents: int
) -> tuple[Floats, Ints]:
    """Places in metres from the centre of the Earth and instants in microseconds, or a refusal."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    instants = pd.DatetimeIndex(pd.to_datetime(np.asarray(at), utc=True))
    if not x.shape == y.shape == instants.shape:
        raise GeoError(f"{x.size} longitudes, {y.size} latitudes, {instants.size} times: one of each was expected")
    if not (0 < radius_m < np.inf and 0 <= days < np.inf and min_incidents >= 1):
        raise GeoError(
            f"radius_m {radius_m:g}, days {days:g}, min_incidents {min_incidents}: a radius above 0, days from 0 and "
            "incidents from 1 up were expected"
        )
    missing = ~np.isfinite(x) | ~np.isfinite(y) | instants.isna()
    if missing.any():
        raise GeoError(f"incident {int(np.flatnonzero(missing)[0])} lacks its place or time: both were expected")
    return on_globe(x, y), np.asarray(instants.as_unit("us").asi8, dtype=np.int64)


def _cloud(xyz: Floats, when: Ints, radius_m: float, window: int) -> _Cloud:
    """The incidents in cells of radius / sqrt(3) a side and one window of time."""
    space = np.floor(xyz / (radius_m / np.sqrt(3) * (1 - 1e-9)))
    period = np.floor_divide(when, max(window, 1))
    cells, cell = np.unique(np.column_stack((space, period - period.min())), axis=0, return_inverse=True)
    size = np.bincount(cell)
    # Two cells away in space, one in time: both 2 in this tree.
    close = cKDTree(cells * (1, 1, 1, 2)).query_pairs(2.5, p=np.inf, output_type="ndarray").astype(np.int64)
    between = np.maximum(np.abs(cells[close[:, 0], :3] - cells[close[:, 1], :3]) - 1, 0)
    close = close[(between**2).sum(axis=1) <= 3]  # noqa: PLR2004
    return _Cloud(
        xyz, when, radius_m, window, cell, np.argsort(cell, kind="stable"), np.cumsum(size) - size, size, close
    )


def _grown(cloud: _Cloud, sparse: Ints, crowded: Mask, core: Mask) -> tuple[Ints, Ints]:
    """The group of each cell's cores, and for each neighbour of a core that is none: itself and the nearest core."""
    links = [np.empty((0, 2), dtype=np.int64)]
    seen = [np.empty((0, 2), dtype=np.int64)]
    far_of = [np.empty(0)]
    for row, p, q, far in cloud.neighbours(sparse):
        links.append(np.unique(sparse[row[core[p] & core[q]]], axis=0))
        for one, other in ((p, q), (q, p)):
            fringe = ~core[one] & core[other]
            seen.append(np.column_stack((one[fringe], other[fringe])))
            far_of.append(far[fringe])
    full = cloud.close[crowded[cloud.close].all(axis=1)]
    group = _components(len(cloud.size), links)
    for most in (_FEW, None):  # a few of each nearly always tell; who is already in one group need not be compared
        full = full[group[full[:, 0]] != group[full[:, 1]]]
        links.extend(np.unique(full[row], axis=0) for row, *_ in cloud.neighbours(full, most))
        group = _components(len(cloud.size), links)
    pair, far = np.concatenate(seen), np.concatenate(far_of)
    keys = (*cloud.xyz[pair[:, 1]].T, cloud.when[pair[:, 1]], far, pair[:, 0])
    pair = pair[np.lexsort(keys)]
    return group, pair[np.unique(pair[:, 0], return_index=True)[1]]


def _components(n: int, links: list[Ints]) -> Ints:
    """The group of each of `n` cells, joined by `links`."""
    i, j = np.concatenate(links).T
    graph = coo_array((np.ones(len(i), dtype=bool), (i, j)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _numbered(labels: Ints, xyz: Floats, when: Ints) -> Ints:
    """The same clusters numbered from 1 by size, earliest incident and its place."""
    member = np.flatnonzero(labels != NOISE)
    member = member[np.lexsort((*xyz[member].T, when[member], labels[member]))]
    _, first, which, size = np.unique(labels[member], return_index=True, return_inverse=True, return_counts=True)
    leader = member[first]
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.lexsort((*xyz[leader].T, when[leader], -size))] = np.arange(1, len(first) + 1)
    numbered = np.full(len(labels), NOISE, dtype=np.int64)
    numbered[member] = rank[which]
    return numbered
