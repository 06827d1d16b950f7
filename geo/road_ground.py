"""The ground about the roads one reaches, compiled: least minutes on a grid, and the line where a budget ends."""

from typing import Any

import numpy as np
from numba import njit

from geo.shifts import Floats, Ints

_SAMPLES = 4  # along a road, a cell is looked at so often
BEYOND_MIN = 3.0  # ground is told from ground without a road up to so late, which counts as a minute late
_ROADLESS_MIN = 1.0


@njit(cache=True, nogil=True)
def stamped(
    driven: Ints,
    near_min: Floats,
    minutes: Floats,
    first: Ints,
    lonlat: Floats,
    along: Any,
    backwards: bool,
    corner: Floats,
    cell_deg: float,
    limit: float,
    grid: Floats,
) -> None:
    """Least minutes at which a road passes each cell, written into `grid` (inf before), whose first cell is at `corner`.

    `near_min`: minutes at which each driven edge is entered, below 0 where one starts on it. With `backwards` it is
    entered at its head. No road is followed beyond the limit.
    """
    for k in range(len(driven)):
        edge = driven[k] // 2
        against = (driven[k] % 2 == 1) != backwards
        step = -1 if against else 1
        here = first[edge + 1] - 1 if against else first[edge]
        last = first[edge] if against else first[edge + 1] - 1
        while here != last:
            there = here + step
            one = 1 - along[here] if against else along[here]
            two = 1 - along[there] if against else along[there]
            dx, dy = lonlat[there, 0] - lonlat[here, 0], lonlat[there, 1] - lonlat[here, 1]
            begun = near_min[k] + one * minutes[edge]
            if begun > limit:
                break
            n = int(_SAMPLES * max(abs(dx), abs(dy)) / cell_deg) + 1
            for sample in range(n + 1):
                share = sample / n
                time = begun + share * (two - one) * minutes[edge]
                if 0 <= time <= limit:
                    column = int((lonlat[here, 0] + share * dx - corner[0]) / cell_deg)
                    row = int((lonlat[here, 1] + share * dy - corner[1]) / cell_deg)
                    grid[row, column] = min(grid[row, column], time)
            here = there


@njit(cache=True, nogil=True)
def _joined(follow: Any, inside: Any, edges: Any) -> None:
    """The line through one triangle, its corners counter-clockwise, edge k from corner k to the next."""
    for k in range(3):
        before = edges[(k + 2) % 3]
        if inside[k] and not inside[(k + 1) % 3] and not inside[(k + 2) % 3]:
            follow[edges[k]] = before
        elif not inside[k] and inside[(k + 1) % 3] and inside[(k + 2) % 3]:
            follow[before] = edges[k]


@njit(cache=True, nogil=True)
def _line(late: Any) -> Ints:
    """For each edge of the triangles the edge to which the line runs on, -1 where it does not pass.

    Six edges a square: bottom, left, and from its middle to bottom left, bottom right, top right and top left.
    """
    n_rows, n_columns = late.shape
    follow = np.full(6 * n_rows * n_columns, -1, dtype=np.int64)
    corners, sides = np.empty(4, dtype=np.bool_), np.empty(4, dtype=np.int64)
    inside, edges = np.empty(3, dtype=np.bool_), np.empty(3, dtype=np.int64)
    for row in range(n_rows - 1):
        for column in range(n_columns - 1):
            corners[0], corners[1] = late[row, column] < 0, late[row, column + 1] < 0
            corners[3], corners[2] = late[row + 1, column] < 0, late[row + 1, column + 1] < 0
            if corners.all() or not corners.any():
                continue
            here = 6 * (row * n_columns + column)
            sides[0], sides[1], sides[2], sides[3] = here, here + 7, here + 6 * n_columns, here + 1
            inside[2] = _middle(late, row, column) < 0
            for k in range(4):
                inside[0], inside[1] = corners[k], corners[(k + 1) % 4]
                edges[0], edges[1], edges[2] = sides[k], here + 2 + (k + 1) % 4, here + 2 + k
                _joined(follow, inside, edges)
    return follow


@njit(cache=True, nogil=True)
def _middle(late: Any, row: int, column: int) -> float:
    """The mean of a square's corners."""
    return float(late[row, column] + late[row, column + 1] + late[row + 1, column] + late[row + 1, column + 1]) / 4


@njit(cache=True, nogil=True)
def rings(grid: Floats, budget: float) -> tuple[Floats, Ints]:
    """The line around the cells reached within the budget, as closed rings with the reached on their left.

    Points (n, 2) in cells from the middle of the first one, and where each ring begins. The outermost cells of the grid
    must not be reached. Squares between four cells are cut into triangles about their middle.

    References
    ----------
    Bourke (1987), CONREC: a contouring subroutine; Valhalla draws its isochrones so.
    """
    n_columns = grid.shape[1]
    late = np.where(np.isinf(grid), _ROADLESS_MIN, np.minimum(grid - budget, BEYOND_MIN))
    follow = _line(late)
    points = np.empty(((follow >= 0).sum(), 2))
    begins = [0]
    n = 0
    for begin in range(len(follow)):
        here = begin
        while follow[here] >= 0:
            kind, row, column = here % 6, here // 6 // n_columns, here // 6 % n_columns
            one = late[row, column] if kind < 2 else _middle(late, row, column)  # noqa: PLR2004
            x, y = (0.0, 0.0) if kind < 2 else (0.5, 0.5)  # noqa: PLR2004
            to_x, to_y = 1 if kind in (0, 3, 4) else 0, 1 if kind in (1, 4, 5) else 0
            two = late[row + to_y, column + to_x]
            share = one / (one - two)
            points[n, 0], points[n, 1] = column + x + share * (to_x - x), row + y + share * (to_y - y)
            n += 1
            there = follow[here]
            follow[here] = -1
            here = there
        if n > begins[-1]:
            begins.append(n)
    return points[:n].copy(), np.array(begins)


@njit(cache=True, nogil=True)
def snapped(
    places: Floats, edges: Ints, first: Ints, lonlat: Floats, along: Any, narrow: float
) -> tuple[Floats, Floats]:
    """The share of its edge's minutes at the point nearest to each place, and that point; -1 where there is no edge."""
    share, point = np.full(len(places), -1.0), np.full((len(places), 2), np.nan)
    for k in range(len(places)):
        if edges[k] < 0:
            continue
        nearest = np.inf
        for here in range(first[edges[k]], first[edges[k] + 1] - 1):
            dx, dy = lonlat[here + 1, 0] - lonlat[here, 0], lonlat[here + 1, 1] - lonlat[here, 1]
            x, y = places[k, 0] - lonlat[here, 0], places[k, 1] - lonlat[here, 1]
            length = dx * dx * narrow * narrow + dy * dy
            t = 0.0 if length == 0 else (dx * x * narrow * narrow + dy * y) / length
            t = min(max(t, 0.0), 1.0)
            away = ((x - t * dx) * narrow) ** 2 + (y - t * dy) ** 2
            if away < nearest:
                nearest = away
                share[k] = along[here] + t * (along[here + 1] - along[here])
                point[k, 0], point[k, 1] = lonlat[here, 0] + t * dx, lonlat[here, 1] + t * dy
    return share, point
