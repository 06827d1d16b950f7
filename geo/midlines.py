"""The line midway between outlines that were meant to be one and do not meet.

Outlines from different offices leave gaps and overlaps. What they do not share vertex for vertex is walked in small
steps; a step faces the outline of another jurisdiction that runs the other way, and the border is the line midway.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import product

import numpy as np
import shapely

from geo.crs import way_round
from geo.edges import Edges, geodesic_m, runs
from geo.facing import continued, facing, first_sound, refined
from geo.junctions import End, straighten
from geo.rings import narrow
from geo.segment_grid import Grid, Segments, grid_of
from geo.shifts import Floats, Ints, Mask

WIDEST_M = 500.0
_CLEAN_SHARE = 0.15  # less than this of the border is missing: what runs close by is coast and inlet, not border
_ROOM = 2.0  # times the gap that 95 % of the border stay below: gaps are wider at corners
_SHORTEST = 0.95  # of the tolerance: outlines that miss each other so much make borders of that length out of corners
_SMOOTH = 0.1  # of the gap: a line midway between two crooked ones need not be as crooked as both
_MEETING_M = 0.05
_SAMPLE = 40_000
_STEP_M = 100.0
_LONGEST_PATH = 256
_METRES_PER_DEG = 111_320.0


@dataclass(frozen=True)
class Midline:
    """One piece of border between owners `i` < `j`."""

    i: int
    j: int
    line: shapely.LineString


@dataclass(frozen=True)
class _Steps:
    """Points along outlines that have no twin, in order: the edge and chain of each, metres walked, whether closed."""

    xy: Floats
    edge: Ints
    owner: Ints
    chain: Ints
    walked_m: Floats


def midlines(edges: Edges, alone: Mask, shared_m: float, tolerance_m: float | None) -> tuple[float, list[Midline]]:
    """The tolerance used, and pieces of border midway between outlines that do not meet.

    Parameters
    ----------
    edges
        All outlines.
    alone
        Which edges have no twin.
    shared_m
        Length of border found vertex for vertex, metres; with it, the estimate sees whether anything is missing.
    tolerance_m
        The widest gap bridged, metres. None: estimated from the data, 0 when nothing is missing.

    Returns
    -------
    tuple
        Tolerance in metres and the pieces, ordered by i, j and along the outline of i.
    """
    rows = np.flatnonzero(alone)
    if not len(rows) or tolerance_m == 0:
        return 0.0, []
    segments = Segments(edges.start, edges.end, edges.owner, alone)
    widest = tolerance_m
    if widest is None:
        rows, widest = _doubtful(edges, segments, rows, shared_m)
        if not len(rows):
            return 0.0, []
    grid = grid_of(edges.start, edges.end, _around(edges, rows), max(widest, _STEP_M))
    steps = _walk(edges, rows, _STEP_M)
    other, middle, gap = facing(steps.xy, steps.edge, widest, grid, segments)
    return widest, _pieces(steps, other, middle, gap, widest, grid, segments)


def _doubtful(edges: Edges, segments: Segments, rows: Ints, shared_m: float) -> tuple[Ints, float]:
    """Edges that may be border, and a tolerance that holds the gaps between them."""
    gap, weight = _gaps(edges, segments, rows)
    missing_m = weight.sum() / 2  # each side sees the other
    if missing_m < _CLEAN_SHARE * (shared_m + missing_m):
        rows = rows[narrow(edges.take(rows), WIDEST_M)]
        if not len(rows):
            return rows, 0.0
        gap, weight = _gaps(edges, segments, rows)
    if not weight.sum() > 0:
        return rows[:0], 0.0
    order = np.argsort(gap)
    heard = np.cumsum(weight[order])
    return rows, float(np.clip(_ROOM * gap[order][np.searchsorted(heard, 0.95 * heard[-1])], 1.0, 1.5 * WIDEST_M))


def _gaps(edges: Edges, segments: Segments, rows: Ints) -> tuple[Floats, Floats]:
    """Gaps in the middle of a sample of edges that face another outline, and the length each stands for."""
    grid = grid_of(edges.start, edges.end, rows, WIDEST_M)
    every = -(-len(rows) // _SAMPLE)
    some = rows[::every]
    part = edges.take(some)
    half = way_round(part.end - part.start) / 2
    other, _, gap = facing(part.start + half, some, WIDEST_M, grid, segments)
    seen = other >= 0
    return gap[seen], every * part.metres()[seen]


def _around(edges: Edges, rows: Ints) -> Ints:
    """Edges near those of `rows`, and all long ones: most of a clean nation has nothing to do with its few gaps."""
    near = np.zeros((1802, 3602), dtype=bool)
    x, y = ((np.floor(10 * (edges.start[:, k] + (180, 90)[k])).astype(np.int64) + 1) for k in (0, 1))
    for dx, dy in product((-1, 0, 1), repeat=2):
        near[y[rows] + dy, x[rows] + dx] = True
    near[:, 1] |= near[:, -1]
    near[:, -2] |= near[:, 0]
    long = np.abs(edges.end - edges.start).max(axis=1) > 0.1  # noqa: PLR2004  # a tenth of a degree is one such field
    return np.flatnonzero(near[y, x] | long)


def _walk(edges: Edges, rows: Ints, step_m: float) -> _Steps:
    """Points along the edges of `rows` at their vertices and every `step_m` between them."""
    row, chain = runs(edges, rows, edges.owner[rows])
    some = edges.take(row)
    length = some.metres()
    n = np.maximum(1, np.ceil(length / step_m)).astype(np.int64)
    edge = np.repeat(np.arange(len(row)), n)
    share = (np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)) / n[edge]
    xy = some.start[edge] + share[:, None] * way_round(some.end - some.start)[edge]
    walked = (np.cumsum(length) - length)[edge] + share * length[edge]
    last = np.flatnonzero(np.r_[chain[1:] != chain[:-1], True])  # a chain ends with the end of its last edge
    edge = np.concatenate((edge, last))
    order = np.lexsort((np.concatenate((share, np.full(len(last), 2.0))), edge))
    xy, walked = np.concatenate((xy, some.end[last]))[order], np.concatenate((walked, np.cumsum(length)[last]))[order]
    edge = edge[order]
    return _Steps(xy, row[edge], some.owner[edge], chain[edge], walked)


def _pieces(
    steps: _Steps, other: Ints, middle: Floats, gap: Floats, widest_m: float, grid: Grid, segments: Segments
) -> list[Midline]:
    """Midlines of every two owners, along the outline that tells more of them."""
    rows = np.flatnonzero(other >= 0)
    if not len(rows):
        return []
    pair = np.minimum(steps.owner, other)[rows] * (len(segments.owner) + 1) + np.maximum(steps.owner, other)[rows]
    mine = (steps.owner < other)[rows]
    _, of = np.unique(pair, return_inverse=True)
    rows = rows[mine == (np.bincount(of, mine) >= np.bincount(of, ~mine))[of]]
    walked_m = _unbroken(steps, other)
    rows = rows[np.lexsort((walked_m[rows], other[rows], steps.chain[rows]))]
    bridge_m = 2 * widest_m + 2 * _STEP_M
    new = (np.diff(steps.chain[rows]) != 0) | (np.diff(other[rows]) != 0) | (np.diff(walked_m[rows]) > bridge_m)
    found, ends = [], []
    for piece in np.split(rows, np.flatnonzero(new) + 1):
        i, j = int(steps.owner[piece[0]]), int(other[piece[0]])
        sound = piece[_sound(middle[piece], gap[piece], i, j, widest_m, grid, segments)]
        if len(sound):
            line = refined(middle[sound], gap[sound], i, j, grid, segments)
            found.append((i, j, line, float(np.median(gap[sound]))))
            ends += _ends(line, gap[sound], i, j, widest_m, grid, segments)
    straighten(ends)
    length_m: dict[tuple[int, int], float] = defaultdict(float)
    pieces = []
    for (i, j, line, usual_m), ahead, behind in zip(found, ends[::2], ends[1::2], strict=True):
        whole = np.concatenate((ahead.path[::-1], line, behind.path))
        if len(whole) > 1:
            length_m[min(i, j), max(i, j)] += float(geodesic_m(whole[:-1], whole[1:]).sum())
            pieces.append(Midline(min(i, j), max(i, j), _smooth(whole if i < j else whole[::-1], _SMOOTH * usual_m)))
    kept = [piece for piece in pieces if length_m[piece.i, piece.j] > _SHORTEST * widest_m]
    return sorted(kept, key=lambda piece: (piece.i, piece.j))


def _sound(middle: Floats, gap: Floats, i: int, j: int, widest_m: float, grid: Grid, segments: Segments) -> slice:
    """The places from the first to the last on which nobody has a better claim."""
    begin = first_sound(middle, gap, i, j, widest_m, grid, segments)
    return slice(begin, len(gap) - first_sound(middle[::-1], gap[::-1], i, j, widest_m, grid, segments))


def _smooth(line: Floats, tolerance_m: float) -> shapely.LineString:
    """The line through those of its places that it needs."""
    scale = np.array([np.cos(np.radians(line[0, 1])), 1.0]) * _METRES_PER_DEG
    flat = np.ascontiguousarray(way_round(line - line[0]) * scale)
    needed = shapely.get_coordinates(shapely.simplify(shapely.LineString(flat), tolerance_m))
    # As the places themselves, to the last bit: they are to meet what is exact.
    return shapely.LineString(line[np.isin(flat.view(complex)[:, 0], needed.view(complex)[:, 0])])


def _unbroken(steps: _Steps, other: Ints) -> Floats:
    """Metres walked along each chain; a closed one is begun where it first faces someone else than before."""
    first = np.flatnonzero(np.r_[True, np.diff(steps.chain) != 0])
    last = np.r_[first[1:], len(other)] - 1
    change = np.flatnonzero((np.diff(other) != 0) & (np.diff(steps.chain) == 0)) + 1
    at = np.searchsorted(change, first)
    turns = np.append(change, len(other))[at]  # the first change at or after a chain's first step
    closed = (steps.xy[first] == steps.xy[last]).all(axis=1) & (turns <= last)
    begin = np.where(closed, turns, first)
    before = np.arange(len(other)) < np.repeat(begin, last - first + 1)
    length = np.repeat(steps.walked_m[last] - steps.walked_m[first], last - first + 1)
    return np.asarray(steps.walked_m + np.where(before, length, 0.0))


def _ends(line: Floats, gap: Floats, i: int, j: int, widest_m: float, grid: Grid, segments: Segments) -> list[End]:
    """What lies before the first place of a midline, and what after the last."""
    if len(line) > 1 and (line[0] == line[-1]).all():  # all around an enclave
        nothing = End(line[:0], 0, meets=False, gap_m=0.0, line=line)
        return [nothing, nothing]
    return [
        _beyond(line, float(gap[0]), i, j, widest_m, grid, segments),
        _beyond(line[::-1], float(gap[-1]), i, j, widest_m, grid, segments),
    ]


def _beyond(line: Floats, gap_m: float, i: int, j: int, widest_m: float, grid: Grid, segments: Segments) -> End:
    """What lies before the first place of a midline, from there outward."""
    path = np.empty((_LONGEST_PATH, 2))
    scale = np.array([np.cos(np.radians(line[0, 1])), 1.0]) * _METRES_PER_DEG
    away = way_round(line[0] - line) * scale
    far = np.hypot(*away.T)
    distant = np.flatnonzero(far > max(1.0, gap_m / 4))
    if gap_m <= _MEETING_M or not len(distant):
        return End(path[:0], 0, meets=False, gap_m=gap_m, line=line)
    ux, uy = away[distant[0]] / far[distant[0]]
    x, y = line[0]
    reach_m = 2 * gap_m + 2 * _STEP_M
    n, n_before, meets = continued(x, y, ux, uy, i, j, gap_m, reach_m, widest_m, grid, segments, path)
    return End(path[:n], n_before, meets=meets, gap_m=gap_m, line=line)
