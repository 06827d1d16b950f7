"""On which side of a border places lie, how surely, and how far from the line."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.special import owens_t

from geo.borders import Line
from geo.crs import GEOD, metric_crs, project
from geo.errors import GeoError
from geo.shifts import Floats
from geo.zones_parts import merged

_SIGMAS = math.sqrt(-2 * math.log(1 - 0.68))  # a circle of this many sigmas holds 68 % of a round normal error
_FAR = 6.0  # sigmas: beyond lies 1.5e-8 of the error
_NO_ROOM_M2 = 1e-6
_STRAIGHT_DEG = 0.005
_METRES_PER_DEG = 110_000.0  # fewer than any degree of latitude has

Shapes = npt.NDArray[np.object_]


def side_of(
    points: Any,
    accuracy_m: npt.ArrayLike,
    outline_a: Any,
    outline_b: Any,
    border: Line,
    *,
    missing_m: float = 0.0,
    threshold: float = 0.05,
) -> pd.DataFrame:
    """Which side of a border each point is on, and how surely.

    Parameters
    ----------
    points
        Points, EPSG:4326, shape (n,); none empty.
    accuracy_m
        Radius in metres of the circle that holds the true place with 68 %, one or one for each point. The error is taken
        as normal and the same in every direction. 0: exact. NaN: not stated.
    outline_a
        Ground of a, a polygon in EPSG:4326.
    outline_b
        Ground of b.
    border
        Their border, EPSG:4326.
    missing_m
        The accuracy where none is stated, metres.
    threshold
        Both sides are to be told when the less likely one is more likely than this.

    Returns
    -------
    DataFrame
        One row a point: side ("a", "b", "both" where the outlines overlap and on the very line, "neither"); p_a, p_b
        (the place is on that side's ground alone), p_both, p_neither, which sum to 1; distance_m, geodesic, to the line,
        above 0 on a's side and below on b's (in neither, by the nearer outline; in both, by the one it lies deeper in);
        near, whether both sides are to be told.

    Raises
    ------
    GeoError
        When a point is none or empty, an accuracy or `missing_m` is negative or endless, the border is empty, or
        `threshold` is not between 0 and 1.

    Notes
    -----
    The probability of a polygon is found without sampling: the normal density over the triangle of the point and an edge
    is a difference of two values of Owen's T, and their signed sum over the edges is exact in the plane about the point.
    Edges more than six sigmas away are left out.

    References
    ----------
    Owen, D. B. (1956). Tables for computing bivariate normal probabilities. Annals of Mathematical Statistics 27.

    Examples
    --------
    >>> west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    >>> line = shapely.LineString([(1, 0), (1, 1)])
    >>> found = side_of(shapely.points([(0.999, 0.5), (1.5, 0.5)]), [100.0, 100.0], east, west, line)
    >>> found.side.tolist(), found.p_b.round(3).tolist(), found.distance_m.round().tolist(), found.near.tolist()
    (['b', 'a'], [0.954, 0.0], [-111.0, 55658.0], [False, False])
    >>> len(side_of([], [], east, west, line))
    0
    """
    spots = np.asarray(points, dtype=object)
    sigma = _sigmas(spots, accuracy_m, missing_m, threshold)
    if border.is_empty:
        raise GeoError("the border is empty: a line between two jurisdictions was expected")
    xy = shapely.get_coordinates(spots)
    common = merged([shapely.intersection(outline_a, outline_b)])
    grounds = (outline_a, outline_b, common)
    held_a, held_b, held_both = (_share(xy, sigma, ground) for ground in grounds)
    in_a, in_b = (_holds(ground, spots) for ground in (outline_a, outline_b))
    side = np.select([in_a & in_b, in_a, in_b], ["both", "a", "b"], default="neither")
    return pd.DataFrame(
        {
            "side": pd.Series(side, dtype="str"),
            "p_a": np.clip(held_a - held_both, 0.0, 1.0),
            "p_b": np.clip(held_b - held_both, 0.0, 1.0),
            "p_both": held_both,
            "p_neither": np.clip(1.0 - held_a - held_b + held_both, 0.0, 1.0),
            "distance_m": _sign(side, spots, outline_a, outline_b) * _distance_m(xy, border),
            "near": np.minimum(held_a, held_b) > threshold,
        }
    )


def _sigmas(spots: Shapes, accuracy_m: npt.ArrayLike, missing_m: float, threshold: float) -> Floats:
    """Standard deviation along one axis of each point, metres, when all that was given makes sense."""
    # A cell of None or an empty point has no place that could be on a side.
    wrong = np.flatnonzero((shapely.get_type_id(spots) != shapely.GeometryType.POINT) | shapely.is_empty(spots))
    if wrong.size:
        raise GeoError(f"point {wrong[0]} is {spots[wrong[0]]}: a Point with a place was expected")
    stated = np.broadcast_to(np.asarray(accuracy_m, dtype=float), spots.shape)
    accuracy = np.where(np.isnan(stated), missing_m, stated)
    bad = np.flatnonzero(~((accuracy >= 0) & np.isfinite(accuracy)))
    if bad.size or not missing_m >= 0:
        value = accuracy[bad[0]] if bad.size else missing_m
        raise GeoError(f"accuracy {value:g} m: metres from 0 up were expected")
    if not 0 <= threshold <= 1:
        raise GeoError(f"threshold {threshold:g}: a probability from 0 to 1 was expected")
    return accuracy / _SIGMAS


def _holds(ground: Any, spots: Shapes) -> npt.NDArray[np.bool_]:
    """Whether the ground holds each point, its edge included."""
    shapely.prepare(ground)
    return np.asarray(shapely.covers(ground, spots), dtype=bool)


def _share(xy: Floats, sigma: Floats, ground: Any) -> Floats:
    """How probably the true place of each point lies on the ground."""
    shapely.prepare(ground)
    share = np.asarray(shapely.intersects_xy(ground, *xy.T), dtype=float)
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(ground)))
    ends, ring = shapely.get_coordinates(rings, return_index=True)
    joined = np.flatnonzero(ring[1:] == ring[:-1])
    start, end = ends[joined], ends[joined + 1]
    # On the edge itself the ground fills a part of the full turn about the point.
    for k in np.flatnonzero((sigma > 0) & (share != shapely.contains_xy(ground, *xy.T))):
        p, q = ((at - xy[k]) * _metres_per_deg(xy[k : k + 1, 1]) for at in (start, end))
        cross, dot = p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0], (p * q).sum(axis=1)
        share[k] = np.arctan2(cross, dot)[np.abs(cross) > _NO_ROOM_M2].sum() / (2 * math.pi)
    unsure = np.flatnonzero(sigma > 0)
    reach = _FAR * sigma[unsure] / _METRES_PER_DEG
    wide = reach / np.maximum(np.cos(np.radians(xy[unsure, 1])), 0.01)
    x, y = xy[unsure].T
    lines: Any = shapely.linestrings(np.stack((start, end), axis=1))
    edges = shapely.STRtree(lines)
    point, edge = edges.query(shapely.box(x - wide, y - reach, x + wide, y + reach))
    of = unsure[point]
    level = _metres_per_deg(xy[of, 1])
    p, q = ((at[edge] - xy[of]) * level / sigma[of, None] for at in (start, end))
    along = q - p
    length = np.hypot(*along.T)
    along /= np.where(length > 0, length, 1.0)[:, None]
    height = p[:, 0] * along[:, 1] - p[:, 1] * along[:, 0]
    outside = np.zeros(len(of))
    # An edge that runs through the point takes no room about it.
    real = (np.abs(height) > 1e-12) & (length > 0)  # noqa: PLR2004
    h = height[real]
    begin, stop = (((at * along).sum(axis=1)[real]) / np.abs(h) for at in (p, q))
    outside[real] = np.sign(h) * (owens_t(np.abs(h), stop) - owens_t(np.abs(h), begin))
    share -= np.bincount(of, weights=outside, minlength=len(xy))
    return np.clip(share, 0.0, 1.0)


def _metres_per_deg(lat: Floats) -> Floats:
    """Metres of a degree eastwards and northwards on the ellipsoid, a row for each latitude."""
    a, e2 = GEOD.a, GEOD.es
    w = 1 - e2 * np.sin(np.radians(lat)) ** 2
    east = np.radians(a * np.cos(np.radians(lat)) / np.sqrt(w))
    return np.column_stack((east, np.radians(a * (1 - e2) / w**1.5)))


def _distance_m(xy: Floats, border: Line) -> Floats:
    """Geodesic metres from each point to the nearest place of the border."""
    crs = metric_crs(border.bounds)
    # Long edges are straight on the map and bent in the plane.
    level = project(shapely.segmentize(border, _STRAIGHT_DEG), crs)
    ends, part = shapely.get_coordinates(shapely.get_parts(level), return_index=True)
    joined = np.flatnonzero(part[1:] == part[:-1])
    pieces: Any = shapely.linestrings(np.stack((ends[joined], ends[joined + 1]), axis=1))
    spots = np.asarray(project(shapely.points(xy), crs), dtype=object)
    _, piece = shapely.STRtree(pieces).query_nearest(spots, all_matches=False)
    nearest = shapely.get_point(shapely.shortest_line(spots, pieces[piece]), 1)
    on_line = shapely.get_coordinates(project(nearest, crs, inverse=True))
    return np.asarray(GEOD.inv(*xy.T, *on_line.T)[2], dtype=float)


def _sign(side: Any, spots: Shapes, outline_a: Any, outline_b: Any) -> Floats:
    """1 on a's side of the line, -1 on b's."""
    sign = np.where(side == "a", 1.0, -1.0)
    for where, deeper in (("neither", -1.0), ("both", 1.0)):
        k = np.flatnonzero(side == where)
        to_a, to_b = (shapely.distance(shapely.boundary(one), spots[k]) for one in (outline_a, outline_b))
        sign[k] = np.where(deeper * (to_a - to_b) >= 0, 1.0, -1.0)
    return sign
