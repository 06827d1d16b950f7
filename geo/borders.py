"""Shared borders: the line that two jurisdictions have in common."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.edges import Common, Edges, common_edges, geodesic_m, outline_edges, run_lines, runs, split_at_vertices
from geo.errors import BorderError
from geo.frames import JURISDICTIONS, WGS84
from geo.midlines import midlines
from geo.shifts import Floats, Mask

Line = shapely.LineString | shapely.MultiLineString

_WIDEST_M = 5000.0
_LEAST_M = 0.001  # what is shorter is a point that rounding, or a pole, drew out
_ORDERED_PARTS = 24  # up to here every first part is tried; beyond, the least end begins


def shared_borders(jurisdictions: gpd.GeoDataFrame, tolerance_m: float | None = None) -> gpd.GeoDataFrame:
    """The border of every two jurisdictions that have one.

    Edges that both outlines hold vertex for vertex are found first; where outlines do not meet, the border is the line
    midway between them, to which both have the same claim. Touching at a corner is no border.

    Parameters
    ----------
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`, EPSG:4326.
    tolerance_m
        The widest gap or overlap to be bridged, metres. 0: none. None: estimated from the data, up to 750 m, and 0 when
        nothing is missing.

    Returns
    -------
    GeoDataFrame
        Columns a, b (a < b as text), length_m (on the ellipsoid), method ("exact", or "matched" when any of it lies
        midway), tolerance_m and geometry, ordered by a, b. A line begins at its end that is least by lon, then lat;
        its parts follow each other along the border.

    Raises
    ------
    FrameError
        When `jurisdictions` breaks its contract.
    BorderError
        When `tolerance_m` is negative, or above 5,000 m.

    Examples
    --------
    >>> squares = gpd.GeoDataFrame({"id": ["w", "e"], "name": ["West", "East"]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    >>> border = shared_borders(squares).iloc[0]
    >>> border.a, border.b, border.method, round(border.length_m), border.geometry.wkt
    ('e', 'w', 'exact', 110574, 'LINESTRING (1 0, 1 1)')
    >>> len(shared_borders(squares.iloc[:0]))
    0
    """
    JURISDICTIONS.check(jurisdictions)
    if tolerance_m is not None and not 0 <= tolerance_m <= _WIDEST_M:
        raise BorderError(f"tolerance_m is {tolerance_m:g}: metres from 0 to {_WIDEST_M:,.0f} were expected")
    sorted_by_id = jurisdictions.sort_values("id", kind="stable")
    ids = sorted_by_id["id"].to_numpy(dtype=object)
    edges = outline_edges(sorted_by_id.geometry.to_numpy())
    common = common_edges(edges)
    alone = _without_twin(edges, common)
    cut = split_at_vertices(edges, np.flatnonzero(alone))
    if cut is not edges:
        edges, common = cut, common_edges(cut)
        alone = _without_twin(edges, common)
    row, run = runs(edges, common.edge, common.i * len(ids) + common.j)
    lines = run_lines(edges, row, run)
    pair = np.empty((len(lines), 2), dtype=np.int64)
    twin_owner = np.empty(len(edges.owner), dtype=np.int64)
    twin_owner[common.edge] = common.j
    pair[run] = np.column_stack((edges.owner[row], twin_owner[row]))
    length_m = np.bincount(run, edges.take(row).metres())
    used_m, between = midlines(edges, alone, float(length_m.sum()), tolerance_m)
    pair = np.concatenate((pair, np.array([(piece.i, piece.j) for piece in between], dtype=np.int64).reshape(-1, 2)))
    midway_lines = np.array([piece.line for piece in between], dtype=object)
    length_m = np.concatenate((length_m, lengths_m(midway_lines)))
    lines = np.concatenate((lines, midway_lines))
    matched = np.arange(len(lines)) >= len(lines) - len(between)
    order = np.lexsort((pair[:, 1], pair[:, 0]))
    pair, lines, matched, length_m = pair[order], lines[order], matched[order], length_m[order]
    first = np.flatnonzero(np.r_[True, (np.diff(pair, axis=0) != 0).any(axis=1)]) if len(pair) else np.empty(0, int)
    midway = np.logical_or.reduceat(matched, first) if len(first) else np.empty(0, dtype=bool)
    geometry = _merge(lines, np.r_[first, len(lines)])
    frame = pd.DataFrame(
        {
            "a": ids[pair[first, 0]].astype(str),
            "b": ids[pair[first, 1]].astype(str),
            "length_m": np.add.reduceat(length_m, first) if len(first) else length_m,
            "method": np.where(midway, "matched", "exact"),
            "tolerance_m": np.where(midway, used_m, 0.0),
        }
    ).astype({"a": "str", "b": "str", "method": "str"})
    found = gpd.GeoDataFrame(frame, geometry=geometry, crs=WGS84)
    return found[found["length_m"] > _LEAST_M].reset_index(drop=True)


def lengths_m(lines: npt.ArrayLike) -> Floats:
    """Geodesic length of each line, metres, without the jumps between its parts.

    Parameters
    ----------
    lines
        Lines and multi-part lines, EPSG:4326.

    Returns
    -------
    array of float
        One length per line.

    Examples
    --------
    >>> lengths_m([shapely.LineString([(0, 0), (0, 1)])]).round()
    array([110574.])
    >>> lengths_m([])
    array([], dtype=float64)
    """
    shapes = np.asarray(lines, dtype=object)
    parts, of_line = shapely.get_parts(shapes, return_index=True)
    xy, of_part = shapely.get_coordinates(parts, return_index=True)
    joined = of_part[1:] == of_part[:-1]
    length = geodesic_m(xy[:-1][joined], xy[1:][joined])
    return np.bincount(of_line[of_part[1:][joined]], weights=length, minlength=len(shapes)).astype(float)


def _without_twin(edges: Edges, common: Common) -> Mask:
    """Which edges no other outline holds."""
    alone = np.ones(len(edges.owner), dtype=bool)
    alone[common.edge] = alone[common.twin] = False
    return alone


def _merge(lines: npt.NDArray[np.object_], bounds: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """One line per group of `lines` between `bounds`, in its canonical direction."""
    ends = shapely.get_coordinates(
        np.column_stack((shapely.get_point(lines, 0), shapely.get_point(lines, -1)))
    ).reshape(-1, 2, 2)
    begin, stop = ends[:, 0], ends[:, 1]
    turned = (stop[:, 0] < begin[:, 0]) | ((stop[:, 0] == begin[:, 0]) & (stop[:, 1] < begin[:, 1]))
    merged = np.empty(len(bounds) - 1, dtype=object)
    simple = np.where(turned, shapely.reverse(lines), lines)
    closed = (begin == stop).all(axis=1)
    for k, (first, last) in enumerate(pairwise(bounds)):
        if last - first == 1 and not closed[first]:
            merged[k] = simple[first]
        else:
            merged[k] = _chain(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines[first:last]))))
    return merged


def _chain(parts: npt.NDArray[np.object_]) -> Line:
    """The parts one after the other with the shortest jumps, from the lesser of the two outer ends."""
    coordinates = [_ring_start(shapely.get_coordinates(part)) for part in parts]
    ends = [(tuple(xy[0]), tuple(xy[-1])) for xy in coordinates]
    starts = [(k, flip) for k in range(len(ends)) for flip in (False, True)]
    starts.sort(key=lambda start: (ends[start[0]][start[1]], ends[start[0]][not start[1]], start))
    if len(ends) > _ORDERED_PARTS:
        starts = starts[:1]
    best: tuple[float, list[tuple[int, bool]]] = (np.inf, [])
    for start in starts:
        jumps, way = _visit(ends, start)
        if jumps < best[0] * (1 - 1e-9):  # rounding must not prefer the way back
            best = (jumps, way)
    ordered = [shapely.LineString(coordinates[k][::-1] if flip else coordinates[k]) for k, flip in best[1]]
    return ordered[0] if len(ordered) == 1 else shapely.MultiLineString(ordered)


def _visit(
    ends: list[tuple[tuple[float, ...], tuple[float, ...]]], start: tuple[int, bool]
) -> tuple[float, list[tuple[int, bool]]]:
    """Every part once, each time the nearest end next: sum of the jumps, and (part, reversed) in order."""
    way, jumps = [start], 1.0
    left = set(range(len(ends))) - {start[0]}
    while left:
        part, flip = way[-1]
        x, y = ends[part][not flip]
        options = [
            (float(np.hypot(ends[k][turned][0] - x, ends[k][turned][1] - y)), ends[k][turned], k, turned)
            for k in left
            for turned in (False, True)
        ]
        jump, _, k, turned = min(options)
        jumps += jump
        way.append((k, turned))
        left.discard(k)
    return jumps, way


def _ring_start(xy: Floats) -> Floats:
    """A closed line from its least vertex towards the lesser of its two neighbours; others unchanged."""
    if (xy[0] != xy[-1]).any():
        return xy
    ring = np.roll(xy[:-1], -int(np.lexsort((xy[:-1, 1], xy[:-1, 0]))[0]), axis=0)
    ring = np.concatenate((ring, ring[:1]))
    return ring[::-1] if tuple(ring[-2]) < tuple(ring[1]) else ring
