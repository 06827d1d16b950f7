"""Strips: the ground within a depth of a line, measured on the ground, with flat or round ends.

A strip with round ends is everything within `depth_m` of the stretch. Flat ends take away what lies beyond an end: the
ground across the perpendicular through it that is reached from the line's last piece alone. The perpendicular stands on
the bearing of the last 500 m, or of the last `bearing_m` where that is longer, as the crow flies; the last piece
reaches back until the line is two depths away from its end. Where two parts of a stretch meet, and on a closed ring,
there is no end.
"""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo.crs import metric_crs, project
from geo.shifts import Floats

_BEARING_M = 500.0
_SAG_M = 0.5  # how far a chord may run inside its arc
_AHEAD = 3.0  # depths: the last piece ends two depths away, and reaches one further
_BACK = 2.0
ROWS = 128  # strips one thread draws at a time
_HALF_TURN_DEG = 180.0
_STRAIGHT_DEG = 0.05

Shapes = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
Piece = TypeVar("Piece")


def strips(
    lines: npt.ArrayLike, depth_m: npt.ArrayLike, flat: npt.ArrayLike = True, bearing_m: npt.ArrayLike = 0.0
) -> Shapes:
    """The ground within a depth of each line.

    Parameters
    ----------
    lines
        Lines and multi-part lines, EPSG:4326, shape (n,); none empty.
    depth_m
        Metres on the ground, from 0, one or one for each line. 0 gives an empty strip.
    flat
        Whether the ends are flat.
    bearing_m
        The piece whose bearing an end stands on, where it is to be longer than 500 m: two strips of the same line
        with the same `bearing_m` end on the same straight line.

    Returns
    -------
    array of polygons
        EPSG:4326. Edges are right to 0.5 m and 1 part in 2,000 of the depth up to 3 degrees from the line's middle. A
        strip across the antimeridian has parts on both its sides.

    Raises
    ------
    DatumError
        When a line is no longer fit for one plane (`geo.crs.metric_crs`).

    Notes
    -----
    Strips with round ends only grow with the depth. So do those with flat ends that stand on the same bearing, unless the line returns to its own end; then a deeper strip may cut off more of what returns.

    Examples
    --------
    >>> line = shapely.LineString([(120, 30), (120, 30.1)])
    >>> [round(edge, 5) for edge in strips([line], 1000)[0].bounds]
    [119.98963, 30.0, 120.01037, 30.1]
    >>> strips([line], 1000, flat=False)[0].bounds[1] < 29.991
    True
    >>> strips([], 1000)
    array([], dtype=object)
    """
    shapes = np.asarray(lines, dtype=object)
    depth, is_flat, bearing = (
        np.broadcast_to(np.asarray(one), shapes.shape) for one in (depth_m, flat, np.maximum(bearing_m, _BEARING_M))
    )
    planes: dict[int, tuple[pyproj.CRS, list[int]]] = {}
    for k, crs in enumerate(map(_plane, shapes)):
        if depth[k] > 0:
            planes.setdefault(id(crs), (crs, []))[1].append(k)
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    # Here and not in the threads: pyproj silences a warning of its own meanwhile, for one thread at a time.
    level_m = depth.astype(float)
    for crs, rows in planes.values():
        level_m[rows] *= _scale(shapes[rows], crs)
    works = [(crs, np.array(rows[i : i + ROWS])) for crs, rows in planes.values() for i in range(0, len(rows), ROWS)]

    def work(one: tuple[pyproj.CRS, npt.NDArray[np.int64]]) -> None:
        crs, rows = one
        found[rows] = _drawn(shapes[rows], level_m[rows], is_flat[rows], bearing[rows], crs)

    in_threads(work, works)
    return found


def in_threads(work: Callable[[Piece], None], pieces: Sequence[Piece]) -> None:
    """Every piece of work done, the machine's processors sharing them: GEOS works outside Python's lock."""
    if len(pieces) < 2:  # noqa: PLR2004  a slider waits
        list(map(work, pieces))
        return
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(work, pieces))


def _plane(line: shapely.LineString | shapely.MultiLineString) -> pyproj.CRS:
    """The plane of a line, which may run on both sides of the antimeridian."""
    west, south, east, north = line.bounds
    if east - west > _HALF_TURN_DEG:
        lon = shapely.get_coordinates(line)[:, 0]
        west, east = float(lon[lon > 0].min()), float(lon[lon < 0].max())
    return metric_crs((west, south, east, north))


def _scale(lines: Shapes, crs: pyproj.CRS) -> Floats:
    """Metres in the plane for each metre on the ground of a line: a little more, the farther from the meridian."""
    box = shapely.bounds(lines)
    middle = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    scale = np.sqrt(np.asarray(pyproj.Proj(crs).get_factors(*middle).areal_scale, dtype=float))
    return np.where(np.isfinite(scale), scale, 1.0)


def _drawn(lines: Shapes, depth: Floats, flat: Flags, bearing_m: Floats, crs: pyproj.CRS) -> Shapes:
    """The strips of lines that share a plane; `depth` is in its metres."""
    # Long edges are straight on the map and bent in the plane.
    level = np.asarray(project(shapely.segmentize(lines, _STRAIGHT_DEG), crs), dtype=object)
    shapes = np.empty(len(lines), dtype=object)
    n_segments = np.maximum(8, np.ceil(math.pi / 4 * np.sqrt(depth / (2 * _SAG_M)))).astype(int)
    for n in np.unique(n_segments):
        same = n_segments == n
        shapes[same] = shapely.buffer(level[same], depth[same], quad_segs=int(n))
    if flat.any():
        row, caps = _caps(level[flat], depth[flat], bearing_m[flat])
        if len(row):
            of = np.flatnonzero(flat)[row]
            ended, first = np.unique(of, return_index=True)
            fronts = np.array([shapely.union_all(some) for some in np.split(caps, first[1:])], dtype=object)
            shapes[ended] = shapely.difference(shapes[ended], fronts)
    return _wrapped(np.asarray(project(shapes, crs, inverse=True), dtype=object))


def _caps(lines: Shapes, depth: Floats, bearing: Floats) -> tuple[npt.NDArray[np.int64], Shapes]:
    """What to take away beyond the ends of each line: the line's number, and a shape, in its order."""
    parts, of = shapely.get_parts(lines, return_index=True)
    xy = np.stack([shapely.get_coordinates(shapely.get_point(parts, end)) for end in (0, -1)], axis=1)
    keys = np.column_stack((np.repeat(of, 2), xy.reshape(-1, 2)))
    _, same, n_same = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    ends = np.flatnonzero(n_same[same.ravel()] == 1)
    part, row = ends // 2, of[ends // 2]
    # Every end becomes the start of a line that leads away from it.
    away = np.where(ends % 2 == 0, parts[part], shapely.reverse(parts[part]))
    start = xy.reshape(-1, 2)[ends]
    behind, _ = _first_exit(away, start, bearing[row])
    ahead = start - behind
    ahead /= np.hypot(*ahead.T)[:, None]
    across, reach = np.column_stack((-ahead[:, 1], ahead[:, 0])), (_AHEAD * depth[row])[:, None]
    corners = [start + across * reach, start - across * reach]
    fronts: Any = shapely.polygons(np.stack([*corners, corners[1] + ahead * reach, corners[0] + ahead * reach], axis=1))
    # The rest of the part keeps what it reaches across the perpendicular.
    _, rest = _first_exit(away, start, _BACK * depth[row])
    close: Any = shapely.dwithin  # its types know one distance only
    for k in np.flatnonzero(close(rest, fronts, depth[row])):
        fronts[k] = shapely.difference(fronts[k], shapely.buffer(rest[k], depth[row[k]], quad_segs=32))
    # So do the other parts of the stretch.
    several = np.flatnonzero(np.bincount(of)[row] > 1)
    for k in several:
        others = shapely.multilinestrings(parts[(of == row[k]) & (np.arange(len(parts)) != part[k])])
        if shapely.dwithin(others, fronts[k], depth[row[k]]):
            fronts[k] = shapely.difference(fronts[k], _behind(others, depth[row[k]], fronts[k]))
    return row, fronts


def _behind(others: shapely.MultiLineString, depth: float, front: shapely.Polygon) -> shapely.Polygon:
    """What other parts reach of a front, with the flat ends they have themselves."""
    near = shapely.intersection(others, shapely.buffer(front, depth))
    return shapely.buffer(near, depth, quad_segs=32, cap_style="flat")


def _first_exit(lines: Shapes, start: Floats, radius: Floats) -> tuple[Floats, Shapes]:
    """Where each line leaves the circle about its start, or its end where it does not, and the line from there on."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    n = len(lines)
    first = np.searchsorted(line, np.arange(n))
    last = np.searchsorted(line, np.arange(n), side="right") - 1
    away = np.hypot(*(xy - start[line]).T)
    outside = np.where(away >= radius[line], np.arange(len(xy)), len(xy))
    exit_ = np.minimum.reduceat(outside, first) if n else first
    inside = exit_ > last
    exit_ = np.where(inside, last, exit_)
    before = np.maximum(exit_ - 1, first)
    p, step = xy[before] - start, xy[exit_] - xy[before]
    a, b, c = (step**2).sum(axis=1), (p * step).sum(axis=1), (p**2).sum(axis=1) - radius**2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (-b + np.sqrt(b**2 - a * c)) / a
    at = xy[before] + np.where(inside, 1.0, share)[:, None] * step
    rest = np.full(n, shapely.LineString(), dtype=object)
    left = np.flatnonzero(~inside)
    size = (last - exit_ + 1)[left] + 1
    offset = np.cumsum(size) - size
    take = np.repeat(exit_[left] - 1 - offset, size) + np.arange(size.sum())
    points = xy[take]
    points[offset] = at[left]
    rest[left] = shapely.linestrings(points, indices=np.repeat(np.arange(len(left)), size)) if len(left) else []
    return at, rest


def _wrapped(shapes: Shapes) -> Shapes:
    """The same in longitudes from -180 to 180, on both sides of the antimeridian where a shape crosses it."""
    box = shapely.bounds(shapes)
    for k in np.flatnonzero(box[:, 2] - box[:, 0] > _HALF_TURN_DEG):
        east = shapely.transform(shapes[k], lambda xy: np.column_stack((xy[:, 0] % 360, xy[:, 1])))
        far = shapely.transform(east, lambda xy: xy - (360, 0))
        shapes[k] = shapely.union(_clip(east), _clip(far))
    return shapes


def _clip(shape: shapely.Polygon) -> shapely.Polygon:
    """What of a shape lies between the antimeridian and itself."""
    clipped: shapely.Polygon = shapely.clip_by_rect(shape, -180, -90, 180, 90)  # type: ignore[assignment]
    return clipped
