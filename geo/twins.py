"""Which edges have a twin: compiled, because a nation has some million of them."""

import numpy as np
from numba import njit

from geo.segment_grid import Grid, foot_of, metres_per_degree, near, turned
from geo.shifts import Floats, Ints

_NONE = -1
_ON_EDGE_M = 0.0003  # what rounding to a tenth of a millimetre leaves of a vertex that was meant to lie on an edge
_SHORT_M = 3000.0


@njit(cache=True)
def _mixed(place: Ints) -> np.uint64:
    """A well-mixed number for a place."""
    value = np.uint64(place[0]) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(place[1])
    value = (value ^ (value >> np.uint64(32))) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(29))


@njit(cache=True)
def twins(start: Ints, end: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """Rows of edges, and of those that run the other way between the same two points for a greater owner.

    Coordinates come as the bits of their numbers. Ordered by the first row.
    """
    n = len(start)
    mask = 15
    while mask + 1 < n:
        mask = 2 * mask + 1
    # Buckets of edges by their two ends, whichever comes first: the last of each, and before each the one before.
    last, before, slots = np.full(mask + 1, _NONE, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    for k in range(n):
        slot = np.int64((_mixed(start[k]) + _mixed(end[k])) & np.uint64(mask))
        slots[k], before[k], last[slot] = slot, last[slot], k
    one, two, found = np.empty(n, np.int64), np.empty(n, np.int64), 0
    for k in range(n):
        e = last[slots[k]]
        while e > k:  # what stands below has looked from its own side; owners come in order
            if (
                owner[e] > owner[k]
                and start[e, 0] == end[k, 0] and start[e, 1] == end[k, 1]
                and end[e, 0] == start[k, 0] and end[e, 1] == start[k, 1]
            ):  # fmt: skip
                if found == len(one):
                    one, two = np.append(one, one), np.append(two, two)
                one[found], two[found] = k, e
                found += 1
            e = before[e]
    return one[:found], two[:found]


@njit(cache=True)
def vertices_on(start: Floats, end: Floats, owner: Ints, rows: Ints, grid: Grid) -> tuple[Ints, Ints]:
    """Edges among `rows` that another owner's vertex lies on, and the edge that begins at that vertex."""
    hit, at, found = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64), 0
    close = np.empty(8192, np.int64)
    for k in rows:
        x, y = start[k]
        kx, ky = metres_per_degree(y)
        for e in close[: near(x, y, _ON_EDGE_M, grid, close)]:
            if owner[e] == owner[k] or (x == start[e, 0] and y == start[e, 1]) or (x == end[e, 0] and y == end[e, 1]):
                continue
            dx, dy, _, _ = foot_of(x, y, start[e], end[e], kx, ky)
            if dx * dx + dy * dy <= _ON_EDGE_M**2:
                if found == len(hit):
                    hit, at = np.append(hit, hit), np.append(at, at)
                hit[found], at[found] = e, k
                found += 1
    return hit[:found], at[:found]


@njit(cache=True)
def short_m(start: Floats, end: Floats) -> Floats:
    """Metres from start to end of short edges, right to a ten-millionth; nan where an edge is too long for that."""
    length = np.empty(len(start))
    for k in range(len(start)):
        kx, ky = metres_per_degree((start[k, 1] + end[k, 1]) / 2)
        length[k] = np.hypot(turned(end[k, 0] - start[k, 0]) * kx, (end[k, 1] - start[k, 1]) * ky)
        if not length[k] <= _SHORT_M:
            length[k] = np.nan
    return length
