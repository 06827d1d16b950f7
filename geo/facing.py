"""What of one outline faces another's, and the place midway; compiled, asked some million times.

A place is midway between two jurisdictions when it is as deep in one as in the other, or as far out of one as of the
other, and no third one has a better claim to it: the border is a line of the Voronoi diagram of the outlines, with
distances counted negative inside. So it is the same for gaps and for overlaps, and ends where three claims are equal.
"""

import numpy as np
from numba import njit

from geo.segment_grid import Grid, Segments, foot_of, metres_per_degree, near, turned
from geo.shifts import Floats, Ints

_FACING = -0.1  # cosine: two sides of one border run against each other
_MOST_EDGES, _MOST_OWNERS = 8192, 16
_CANDIDATES = 4
_BESIDE, _BESIDE_M = 1.5, 20.0
_OPENS = 1.1  # times its width before: a gap that ends at a coast, or comes to a junction
_ROUNDS = 4
_PARTS, _LEAST_GAP_M = 8, 5.0
_ALIKE, _ALIKE_M = 0.02, 0.02  # how unlike two claims to one place may be, as a share and in metres
_TIE = 1e-6
_LEAST_SLOPE = 0.01  # below it both outlines run away together: there is no middle


@njit(cache=True)
def claims(
    x: float, y: float, radius_m: float, grid: Grid, segments: Segments, found: Ints, owner: Ints, depth_m: Floats
) -> int:
    """Whose outlines are within a radius, and how far the place is out of each (negative: inside); how many."""
    kx, ky = metres_per_degree(y)
    n, n_found = 0, near(x, y, radius_m, grid, found)
    aside = np.zeros(owner.size)
    for k in found[:n_found]:
        dx, dy, _, side = foot_of(x, y, segments.start[k], segments.end[k], kx, ky)
        far = np.hypot(dx, dy)
        if far > radius_m:
            continue
        at = 0
        while at < n and owner[at] != segments.owner[k]:
            at += 1
        if at == owner.size:
            continue
        if at == n:
            owner[at], depth_m[at], aside[at] = segments.owner[k], np.inf, 0.0
            n += 1
        # At a vertex both its edges are as near; the one seen from farther aside tells the side.
        tie = abs(far - abs(depth_m[at])) <= _TIE * (1 + far)
        if (not tie and far < abs(depth_m[at])) or (tie and abs(side) > abs(aside[at])):
            depth_m[at] = far if side > 0 else -far
            aside[at] = side
    return n


@njit(cache=True)
def settled(
    x: float, y: float, i: int, j: int, gap_m: float, radius: float, grid: Grid, segments: Segments, found: Ints,
    owner: Ints, depth_m: Floats,
) -> tuple[float, float, float, int]:  # fmt: skip
    """The place moved until it is midway between `i` and `j`: lon, lat, how far out of both, and whose it is.

    Whose: -1 when `i` and `j` have the best claim, -2 when no such place is near, else the owner with a better one.
    """
    kx, ky = metres_per_degree(y)
    one = two = 0.0
    for turn in range(_ROUNDS + 1):
        n = claims(x, y, radius, grid, segments, found, owner, depth_m)
        one, two = _of_both(n, owner, depth_m, i, j, np.inf)
        if max(one, two) == np.inf:
            return x, y, 0.0, -2
        if abs(one - two) <= _ALIKE_M + _ALIKE * abs(one) or turn == _ROUNDS:
            break
        # Downhill from the weaker claim to the stronger, by the slopes seen from a step beside.
        step = max(0.25 * abs(one - two), 0.05)
        n = claims(x + step / kx, y, radius, grid, segments, found, owner, depth_m)
        east = _of_both(n, owner, depth_m, i, j, radius)
        n = claims(x, y + step / ky, radius, grid, segments, found, owner, depth_m)
        north = _of_both(n, owner, depth_m, i, j, radius)
        gx, gy = (east[0] - east[1] - one + two) / step, (north[0] - north[1] - one + two) / step
        square = gx * gx + gy * gy
        if not square > _LEAST_SLOPE:
            return x, y, 0.0, -2
        x -= (one - two) * gx / square / kx
        y -= (one - two) * gy / square / ky
    if abs(one - two) > 0.1 * gap_m + _ALIKE_M + _ALIKE * abs(one):
        return x, y, 0.0, -2
    level = max(one, two)
    best, whose = level - _ALIKE_M - _ALIKE * abs(level), -1
    for at in range(n):
        if owner[at] != i and owner[at] != j and depth_m[at] < best:
            best, whose = depth_m[at], owner[at]
    return x, y, (one + two) / 2, whose


@njit(cache=True)
def _of_both(n: int, owner: Ints, depth_m: Floats, i: int, j: int, unseen: float) -> tuple[float, float]:
    """How far out of `i` and of `j` a place is, among `n` claims."""
    one = two = unseen
    for at in range(n):
        if owner[at] == i:
            one = depth_m[at]
        elif owner[at] == j:
            two = depth_m[at]
    return one, two


@njit(cache=True)
def _faced(
    x: float, y: float, row: int, widest_m: float, grid: Grid, segments: Segments, found: Ints, whom: Ints, foot: Floats
) -> int:
    """Whose outlines run against the edge `row` within a distance, and the nearest foot on each: dx, dy, metres."""
    kx, ky = metres_per_degree(y)
    tx = turned(segments.end[row, 0] - segments.start[row, 0]) * kx
    ty = (segments.end[row, 1] - segments.start[row, 1]) * ky
    length = np.hypot(tx, ty)
    n, n_found = 0, near(x, y, widest_m, grid, found)
    for e in found[:n_found]:
        if segments.owner[e] == segments.owner[row] or not segments.alone[e]:
            continue
        ex = turned(segments.end[e, 0] - segments.start[e, 0]) * kx
        ey = (segments.end[e, 1] - segments.start[e, 1]) * ky
        dx, dy, _, _ = foot_of(x, y, segments.start[e], segments.end[e], kx, ky)
        far = np.hypot(dx, dy)
        if far > widest_m or (tx * ex + ty * ey) > _FACING * length * np.hypot(ex, ey):
            continue
        at = 0
        while at < n and whom[at] != segments.owner[e]:
            at += 1
        if at == n and n < _MOST_OWNERS:
            whom[at], foot[at, 2] = segments.owner[e], np.inf
            n += 1
        if at < n and far < foot[at, 2]:
            foot[at, 0], foot[at, 1], foot[at, 2] = dx, dy, far
    return n


@njit(cache=True)
def facing(xy: Floats, row: Ints, widest_m: float, grid: Grid, segments: Segments) -> tuple[Ints, Floats, Floats]:
    """For each step along an outline whom it faces (-1: nobody), the place midway, and the gap there in metres.

    Parameters
    ----------
    xy
        Steps, lon and lat.
    row
        The edge each step stands on.
    widest_m
        The widest gap bridged.
    grid
        All edges near the steps.
    segments
        What the grid's numbers mean.
    """
    n = len(xy)
    other, middle, gap = np.full(n, -1), xy.copy(), np.full(n, np.inf)
    found, owner, depth = np.empty(_MOST_EDGES, np.int64), np.empty(_MOST_OWNERS, np.int64), np.empty(_MOST_OWNERS)
    whom, foot = np.empty(_MOST_OWNERS, np.int64), np.empty((_MOST_OWNERS, 3))
    for k in range(n):
        x, y = xy[k]
        kx, ky = metres_per_degree(y)
        own = segments.owner[row[k]]
        n_whom = _faced(x, y, row[k], widest_m, grid, segments, found, whom, foot)
        for _turn in range(min(n_whom, _CANDIDATES)):
            at = int(np.argmin(foot[:n_whom, 2]))
            dx, dy, far = foot[at]
            if far == np.inf:
                break
            foot[at, 2] = np.inf
            mx, my, depth_m, whose = settled(
                x + dx / 2 / kx,
                y + dy / 2 / ky,
                own,
                whom[at],
                far,
                1.25 * far + 1.0,
                grid,
                segments,
                found,
                owner,
                depth,
            )
            # A place midway belongs to the steps beside it, not to one that only sees it round a corner.
            away = np.hypot(turned(mx - x) * kx, (my - y) * ky)
            if whose == -1 and away <= _BESIDE * abs(depth_m) + _BESIDE_M:
                other[k], middle[k, 0], middle[k, 1], gap[k] = whom[at], mx, my, 2 * abs(depth_m)
                break
    return other, middle, gap


@njit(cache=True)
def refined(middle: Floats, gap_m: Floats, i: int, j: int, grid: Grid, segments: Segments) -> Floats:
    """The places of a midline, with more where it bends between two of them: an outline's inner corner hides the outer."""
    found, owner, depth = np.empty(_MOST_EDGES, np.int64), np.empty(_MOST_OWNERS, np.int64), np.empty(_MOST_OWNERS)
    line, n = np.empty((_PARTS * len(middle), 2)), 0
    for k in range(len(middle)):
        line[n] = middle[k]
        n += 1
        if k + 1 == len(middle):
            break
        x, y = middle[k]
        kx, ky = metres_per_degree(y)
        dx, dy = turned(middle[k + 1, 0] - x), middle[k + 1, 1] - y
        gap = max(gap_m[k], gap_m[k + 1])
        if gap < _LEAST_GAP_M or np.hypot(dx * kx, dy * ky) < gap / 2:
            continue
        ax, ay, _, whose = settled(
            x + dx / 2, y + dy / 2, i, j, gap, 1.25 * gap + 1.0, grid, segments, found, owner, depth
        )
        if whose != -1 or np.hypot(turned(ax - x - dx / 2) * kx, (ay - y - dy / 2) * ky) < gap / 20:
            continue
        for part in range(1, _PARTS):
            share = part / _PARTS
            ax, ay, _, whose = settled(
                x + share * dx, y + share * dy, i, j, gap, 1.25 * gap + 1.0, grid, segments, found, owner, depth
            )
            if whose == -1:
                line[n, 0], line[n, 1] = ax, ay
                n += 1
    return line[:n]


@njit(cache=True)
def first_sound(middle: Floats, gap_m: Floats, i: int, j: int, widest_m: float, grid: Grid, segments: Segments) -> int:
    """The first place on which nobody has a better claim than `i` and `j`, looked at from farther than by `facing`.

    Where a third outline reaches over both, its own line may be out of sight from between the two.
    """
    found, owner, depth = np.empty(_MOST_EDGES, np.int64), np.empty(_MOST_OWNERS, np.int64), np.empty(_MOST_OWNERS)
    for k in range(len(middle)):
        n = claims(middle[k, 0], middle[k, 1], gap_m[k] / 2 + widest_m, grid, segments, found, owner, depth)
        mine, best = np.inf, np.inf
        for at in range(n):
            if owner[at] == i or owner[at] == j:
                mine = min(mine, depth[at])
            else:
                best = min(best, depth[at])
        if best >= mine - _ALIKE_M - _ALIKE * abs(mine):
            return k
    return len(middle)


@njit(cache=True)
def continued(
    x: float, y: float, ux: float, uy: float, i: int, j: int, gap_m: float, reach_m: float, widest_m: float,
    grid: Grid, segments: Segments, path: Floats,
) -> tuple[int, int, bool]:  # fmt: skip
    """How a line midway between `i` and `j` goes on beyond its last step; places written to `path`.

    It goes on to where a third claim is as good. Where none comes, at a coast, it ends where the gap begins to open.
    Told are how many places, how many of them lie before the gap opens, and whether a third was met.
    """
    found, owner, depth = np.empty(_MOST_EDGES, np.int64), np.empty(_MOST_OWNERS, np.int64), np.empty(_MOST_OWNERS)
    kx, ky = metres_per_degree(y)
    step = min(max(gap_m / 6, 1.0), 25.0)
    n = kept = 0
    gap, walked, radius = gap_m, 0.0, gap_m / 2 + widest_m
    _, _, first_m, _ = settled(x, y, i, j, gap, radius, grid, segments, found, owner, depth)
    while n < len(path) and walked < reach_m:
        ax, ay, depth_m, whose = settled(
            x + step * ux / kx, y + step * uy / ky, i, j, gap, radius, grid, segments, found, owner, depth
        )
        if whose >= 0:
            low, high = 0.0, step
            for _turn in range(6):
                half = (low + high) / 2
                bx, by, _, whose = settled(
                    x + half * ux / kx, y + half * uy / ky, i, j, gap, radius, grid, segments, found, owner, depth
                )
                if whose == -1:
                    low = half
                    path[n, 0], path[n, 1] = bx, by
                else:
                    high = half
            return (n + 1 if low > 0 else n), kept, True
        if whose < -1 or abs(depth_m) > widest_m:
            return kept, kept, False
        if first_m < -_ALIKE_M and depth_m > _ALIKE_M:  # out of an overlap into the open: the outlines cross here
            return n, n, False
        dx, dy = turned(ax - x) * kx, (ay - y) * ky
        far = np.hypot(dx, dy)
        if far < 0.1 * step or dx * ux + dy * uy < 0:  # it turns back: the line ends here
            return kept, kept, False
        ux, uy = dx / far, dy / far
        x, y, gap = ax, ay, max(2 * abs(depth_m), gap_m)
        walked += far
        path[n, 0], path[n, 1] = x, y
        n += 1
        if 2 * abs(depth_m) <= _OPENS * gap_m and n == kept + 1:
            kept = n
    return kept, kept, False
