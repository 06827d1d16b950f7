"""The line midway between two outlines that were meant to be one and do not meet.

Outlines from different offices leave gaps and overlaps. What they do not share vertex for vertex is walked in small
steps; a step belongs to the nearest outline of another jurisdiction, if that runs the other way, as neighbours' do.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.crs import on_globe
from geo.edges import Edges, Ints, Mask, runs
from geo.shifts import Floats

WIDEST_M = 500.0
_METRES_PER_DEG = 111_320.0
_CLEAN_SHARE = 0.05  # less than this of the border is missing: what runs close by is coast and inlet, not border
_FACING = -0.5  # cosine: two sides of one border run against each other within 60 degrees
_SHORTEST = 3.0  # a border is at least this many times as long as its gap is wide; corners are not
_LEAST_M = 1.0
_MEETING_M = 0.001
_STEP_SHARE, _MIN_STEP_M, _MAX_STEP_M = 0.5, 10.0, 100.0


@dataclass(frozen=True)
class Midline:
    """One piece of border between owners `i` < `j`."""

    i: int
    j: int
    line: shapely.LineString


@dataclass(frozen=True)
class _Steps:
    """Points along outlines that have no twin, in order; `before` and `after` are rows of neighbours on the line."""

    xy: Floats
    owner: Ints
    chain: Ints
    weight_m: Floats
    before: Ints
    after: Ints


@dataclass(frozen=True)
class _Facing:
    """For each step the nearest point of another outline: where, whose, how far, and whether it runs against it."""

    foot: Floats
    other: Ints
    gap_m: Floats
    against: Mask


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
        The widest gap bridged, metres. None: estimated from the data, 0 when nearly all of the border is there.

    Returns
    -------
    tuple
        Tolerance in metres and the pieces, ordered by i, j and along the outline of i.
    """
    widest = WIDEST_M if tolerance_m is None else tolerance_m
    if widest <= 0 or not alone.any():
        return 0.0, []
    step_m = min(max(widest * _STEP_SHARE, _MIN_STEP_M), _MAX_STEP_M)
    steps = _walk(edges, np.flatnonzero(alone), step_m)
    facing = _face(steps, widest)
    close = facing.against & (facing.gap_m <= widest)
    if tolerance_m is None:
        widest = _estimate(steps.weight_m[close], facing.gap_m[close], shared_m)
        close &= facing.gap_m <= widest
    return widest, _pieces(steps, facing, close, 2 * widest + 2 * step_m) if widest > 0 else []


def _walk(edges: Edges, rows: Ints, step_m: float) -> _Steps:
    """Points along the edges of `rows` at their vertices and every `step_m` between them."""
    row, chain = runs(edges, rows, edges.owner[rows])
    some = edges.take(row)
    length = np.hypot(*_metres(some.end - some.start, some.start[:, 1]).T)
    n = np.maximum(1, np.ceil(length / step_m)).astype(np.int64)
    edge = np.repeat(np.arange(len(row)), n)
    share = (np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)) / n[edge]
    xy = some.start[edge] + share[:, None] * (some.end - some.start)[edge]
    last = np.flatnonzero(np.r_[chain[1:] != chain[:-1], True])  # a chain ends with the end of its last edge
    key = np.concatenate((edge + share, last + 1.0))
    chains = np.concatenate((chain[edge], chain[last]))
    order = np.lexsort((key, chains))
    xy, chains = np.concatenate((xy, some.end[last]))[order], chains[order]
    weight = np.concatenate(((length / n)[edge], np.zeros(len(last))))[order]
    owner = np.concatenate((some.owner[edge], some.owner[last]))[order]
    here = np.arange(len(xy))
    starts, ends = np.r_[True, chains[1:] != chains[:-1]], np.r_[chains[1:] != chains[:-1], True]
    return _Steps(xy, owner, chains, weight, np.where(starts, here, here - 1), np.where(ends, here, here + 1))


def _face(steps: _Steps, widest_m: float) -> _Facing:
    """For each step the nearest point of another owner's outline within `widest_m`."""
    n = len(steps.xy)
    globe = on_globe(steps.xy[:, 0], steps.xy[:, 1])
    nearest = np.full(n, n)
    by_owner = np.argsort(steps.owner, kind="stable")
    owners, first = np.unique(steps.owner[by_owner], return_index=True)
    own = np.split(by_owner, first[1:])
    low = np.array([globe[rows].min(axis=0) for rows in own]) - widest_m
    high = np.array([globe[rows].max(axis=0) for rows in own]) + widest_m
    # In space rather than on the map: no antimeridian, no pole. Boxes by their shadow on the map would miss both.
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    left, right = shapely.STRtree(boxes).query(boxes)
    apart = (left != right) & (low[left, 2] <= high[right, 2]) & (low[right, 2] <= high[left, 2])
    left, right = left[apart], right[apart]
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    span = np.searchsorted(left, np.arange(len(owners) + 1))
    for k, (begin, end) in enumerate(pairwise(span)):
        if begin == end:
            continue
        theirs = np.concatenate([own[m] for m in right[begin:end]])
        theirs = theirs[((globe[theirs] >= low[k]) & (globe[theirs] <= high[k])).all(axis=1)]
        if len(theirs):
            _, found = cKDTree(globe[theirs]).query(globe[own[k]], distance_upper_bound=widest_m + _MAX_STEP_M)
            nearest[own[k]] = np.append(theirs, n)[found]
    return _feet(steps, nearest)


def _feet(steps: _Steps, nearest: Ints) -> _Facing:
    """The exact foot on either side of the nearest step."""
    n = len(steps.xy)
    near = np.flatnonzero(nearest < n)
    at, lat = nearest[near], steps.xy[near, 1]
    foot, gap, other = steps.xy.copy(), np.full(n, np.inf), np.full(n, -1)
    other[near] = steps.owner[at]
    mine = _unit(_metres(steps.xy[steps.after[near]] - steps.xy[steps.before[near]], lat))
    against = np.zeros(n, dtype=bool)
    for begin, end in ((steps.before[at], at), (at, steps.after[at])):
        along = _metres(steps.xy[end] - steps.xy[begin], lat)
        away = _metres(_turn(steps.xy[near] - steps.xy[begin]), lat)
        square = (along**2).sum(axis=1)
        share = np.clip((away * along).sum(axis=1) / np.where(square > 0, square, 1), 0, 1)
        distance = np.hypot(*(away - share[:, None] * along).T)
        better = distance < gap[near]
        rows = near[better]
        gap[rows] = distance[better]
        spot = steps.xy[begin] + share[:, None] * (steps.xy[end] - steps.xy[begin])
        foot[rows] = spot[better]
    theirs = _unit(_metres(steps.xy[steps.after[at]] - steps.xy[steps.before[at]], lat))
    against[near] = (mine * theirs).sum(axis=1) < _FACING
    return _Facing(foot, other, gap, against)


def _estimate(weight_m: Floats, gap_m: Floats, shared_m: float) -> float:
    """A tolerance that holds the gaps there are; 0 when next to nothing of the border is missing."""
    missing_m = weight_m.sum() / 2  # each side sees the other
    if missing_m <= _CLEAN_SHARE * (shared_m + missing_m):
        return 0.0
    order = np.argsort(gap_m)
    heard = np.cumsum(weight_m[order])
    middle = float(gap_m[order][np.searchsorted(heard, 0.95 * heard[-1])])
    return min(max(2 * middle, 1.0), WIDEST_M)


def _pieces(steps: _Steps, facing: _Facing, close: Mask, bridge_m: float) -> list[Midline]:
    """Midlines along the outlines of the lesser owner, over holes of up to `bridge_m`."""
    rows = np.flatnonzero(close & (steps.owner < facing.other))
    if not len(rows):
        return []
    walked = np.cumsum(steps.weight_m)
    new = (np.diff(steps.chain[rows]) != 0) | (np.diff(facing.other[rows]) != 0) | (np.diff(walked[rows]) > bridge_m)
    found = []
    for piece in np.split(rows, np.flatnonzero(new) + 1):
        if walked[piece[-1]] - walked[piece[0]] <= max(_SHORTEST * float(np.median(facing.gap_m[piece])), _LEAST_M):
            continue
        half = _turn(facing.foot[piece] - steps.xy[piece]) / 2
        middle = steps.xy[piece] + half
        ahead, behind = (
            _end(steps, facing, close, middle[k], near, beyond[near])
            for k, near, beyond in ((0, piece[0], steps.before), (-1, piece[-1], steps.after))
        )
        line = shapely.LineString(np.concatenate((ahead, middle, behind)))
        found.append(Midline(int(steps.owner[piece[0]]), int(facing.other[piece[0]]), line))
    return sorted(found, key=lambda piece: (piece.i, piece.j))


def _end(steps: _Steps, facing: _Facing, close: Mask, middle: Floats, near: int, beyond: int) -> Floats:
    """How a midline goes on beyond its last step, which stands up to a whole step before the true end."""
    gap = facing.gap_m[[near, beyond]].max()
    if near == beyond or gap <= _MEETING_M:
        return np.empty((0, 2))
    # A corner faces no one, but is the end; a step that belongs to someone else lies past it.
    share = 0.5 if close[beyond] or gap > WIDEST_M else 1.0
    return np.asarray(middle + share * _turn(steps.xy[[beyond]] - steps.xy[[near]]), dtype=float)


def _metres(delta: Floats, lat: Floats) -> Floats:
    """Degrees east and north as metres, near enough for telling which of two things is closer."""
    scale: Floats = np.column_stack((np.cos(np.radians(lat)), np.ones(len(lat)))) * _METRES_PER_DEG
    return _turn(delta) * scale


def _turn(delta: Floats) -> Floats:
    """Differences of lon, lat with the shorter way round the globe."""
    return np.column_stack(((delta[:, 0] + 180) % 360 - 180, delta[:, 1]))


def _unit(vectors: Floats) -> Floats:
    """The same directions with length 1."""
    length = np.hypot(*vectors.T)
    return np.asarray(vectors / np.where(length > 0, length, 1)[:, None], dtype=float)
