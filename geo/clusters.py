"""Clusters, the quick look: incidents that lie densely in space and time, whichever side they lie on."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cluster_kernels import grown
from geo.crs import GEOD, off_globe, on_globe
from geo.errors import GeoError
from geo.frames import INCIDENTS, WGS84
from geo.shifts import Floats, Ints

NOISE = -1
_DAY_US = 86_400_000_000
_LEAST_SIDE_M = 10.0  # of a cell: the Earth in smaller ones has more than a number can count
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
    Gunawan (2013), A faster algorithm for DBSCAN (a grid of cells).

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
    cell, strides = _cells(xyz, radius_m)
    by_time = np.argsort(when, kind="stable")
    order = by_time[np.argsort(cell[by_time], kind="stable")]
    keys, first = np.unique(cell[order], return_index=True)
    xyz, when = xyz[order], when[order]
    ends = np.append(first, len(when))
    group = grown(xyz, when, keys, ends, strides, float(radius_m), int(days * _DAY_US), min_incidents)
    labels = np.empty(len(when), dtype=np.int64)
    labels[order] = _numbered(group, xyz, when)
    return labels


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


def _cells(xyz: Floats, radius_m: float) -> tuple[Ints, Ints]:
    """The number of each incident's cell, a cube of the radius, and what one step along x and along y adds to it."""
    side = max(radius_m * (1 + 1e-9), _LEAST_SIDE_M)
    cube = np.floor(xyz / side).astype(np.int64)
    cube -= cube.min(axis=0) - 1
    _, n_y, n_z = cube.max(axis=0) + 2
    strides = np.array([n_y * n_z, n_z], dtype=np.int64)
    return cube[:, 0] * strides[0] + cube[:, 1] * strides[1] + cube[:, 2], strides


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
