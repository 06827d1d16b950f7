"""Edges of outlines sorted into cells on the globe, so that what is near a place is found without looking at the rest.

Compiled, because each question looks at some ten edges, and a nation asks some million questions.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.shifts import Floats, Ints, Mask

_EMPTY = -1
_DEG = np.pi / 180
_HALF, _WHOLE = 180.0, 360.0
_ROW_M = 110574.0  # a degree of latitude has as much or more


class Grid(NamedTuple):
    """Cells of `cell_m` metres in rows of equal latitude: a hash table of those that hold anything, and what they hold.

    `columns` has how many cells go round the globe in each row from `south` on.
    """

    cell_m: float
    south: int
    columns: Ints
    key: Ints
    cell: Ints
    first: Ints
    items: Ints


class Segments(NamedTuple):
    """What the compiled questions need of the edges: ends, whose, and whether the edge has no twin."""

    start: Floats
    end: Floats
    owner: Ints
    alone: Mask


@njit(cache=True)
def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres of a degree of longitude and of latitude on WGS 84 at a latitude."""
    phi = lat * _DEG
    square = 1 - 0.00669437999014 * np.sin(phi) ** 2
    normal = 6378137.0 / np.sqrt(square)
    return _DEG * normal * np.cos(phi), _DEG * 6378137.0 * (1 - 0.00669437999014) / square**1.5


@njit(cache=True)
def turned(delta: float) -> float:
    """A difference of longitudes by the shorter way round the globe."""
    if delta > _HALF:
        return delta - _WHOLE
    return delta + _WHOLE if delta < -_HALF else delta


@njit(cache=True)
def row_of(lat: float, cell_m: float) -> int:
    """The row of cells a latitude lies in."""
    return int(np.floor((lat + 90.0) * _ROW_M / cell_m))


@njit(cache=True)
def _rows(start: Floats, end: Floats, cell_m: float) -> tuple[int, int]:
    """First and last row of an edge."""
    return row_of(min(start[1], end[1]), cell_m), row_of(max(start[1], end[1]), cell_m)


@njit(cache=True)
def _extent(start: Floats, end: Floats, rows: Ints, cell_m: float) -> tuple[int, int]:
    """First and last row of all edges."""
    if not len(rows):
        return 0, 0
    south, north = _rows(start[rows[0]], end[rows[0]], cell_m)
    for k in rows:
        first, last = _rows(start[k], end[k], cell_m)
        south, north = min(south, first), max(north, last)
    return south, north


@njit(cache=True)
def _columns_from(south: int, north: int, cell_m: float) -> Ints:
    """Cells around the globe in each row from `south` to `north`."""
    columns = np.empty(north - south + 1, np.int64)
    for row in range(south, north + 1):
        middle = (row + 0.5) * cell_m / _ROW_M - 90.0
        columns[row - south] = max(1, int(360.0 * metres_per_degree(min(89.9, max(-89.9, middle)))[0] / cell_m))
    return columns


@njit(cache=True)
def _span(start: Floats, end: Floats, row: int, cell_m: float, n_columns: int) -> tuple[int, int]:
    """First and last column of what an edge has in a row, counted on beyond the antimeridian."""
    low, high = row * cell_m / _ROW_M - 90.0, (row + 1) * cell_m / _ROW_M - 90.0
    dx, dy = turned(end[0] - start[0]), end[1] - start[1]
    begin, stop = 0.0, 1.0
    if dy != 0:
        one, two = (low - start[1]) / dy, (high - start[1]) / dy
        begin, stop = max(0.0, min(one, two)), min(1.0, max(one, two))
    west, east = start[0] + begin * dx, start[0] + stop * dx
    if west > east:
        west, east = east, west
    per_deg = n_columns / 360.0
    return int(np.floor((west + 180.0) * per_deg)), int(np.floor((east + 180.0) * per_deg))


@njit(cache=True)
def slot_of(keys: Ints, key: int) -> np.int64:
    """Where a key stands in an open hash table, or would."""
    mask = keys.size - 1
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    slot = np.int64((mixed >> np.uint64(20)) & np.uint64(mask))
    while keys[slot] != _EMPTY and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@njit(cache=True)
def _sorted_in(start: Floats, end: Floats, rows: Ints, cell_m: float) -> tuple[int, Ints, Ints, Ints, Ints, Ints]:
    """The fields of a `Grid` after the first."""
    south, north = _extent(start, end, rows, cell_m)
    columns, n_entries = _columns_from(south, north, cell_m), 0
    for k in rows:
        low, high = _rows(start[k], end[k], cell_m)
        for row in range(low, high + 1):
            first, last = _span(start[k], end[k], row, cell_m, columns[row - south])
            n_entries += last - first + 1
    size = 16
    while size < 2 * n_entries:
        size *= 2
    keys, cells = np.full(size, _EMPTY, np.int64), np.zeros(size, np.int64)
    entry_of, item_of, counts = (
        np.empty(n_entries, np.int64),
        np.empty(n_entries, np.int64),
        np.zeros(n_entries + 1, np.int64),
    )
    n_cells = n = 0
    for k in rows:
        low, high = _rows(start[k], end[k], cell_m)
        for row in range(low, high + 1):
            n_columns = columns[row - south]
            first, last = _span(start[k], end[k], row, cell_m, n_columns)
            for column in range(first, last + 1):
                key = (row << 32) | (column % n_columns)
                slot = slot_of(keys, key)
                if keys[slot] == _EMPTY:
                    keys[slot], cells[slot] = key, n_cells
                    n_cells += 1
                entry_of[n], item_of[n] = cells[slot], k
                counts[cells[slot] + 1] += 1
                n += 1
    first_of = np.cumsum(counts[: n_cells + 1])
    items, at = np.empty(n_entries, np.int64), first_of.copy()
    for n in range(n_entries):
        items[at[entry_of[n]]] = item_of[n]
        at[entry_of[n]] += 1
    return south, columns, keys, cells, first_of, items


def grid_of(start: Floats, end: Floats, rows: Ints, cell_m: float) -> Grid:
    """The edges of `rows` in cells of `cell_m` metres."""
    return Grid(cell_m, *_sorted_in(start, end, rows, cell_m))


@njit(cache=True)
def foot_of(x: float, y: float, start: Floats, end: Floats, kx: float, ky: float) -> tuple[float, float, float, float]:
    """Nearest point of an edge in metres from the place, as dx, dy; where on the edge, 0 to 1; and left (+) or right."""
    sx, sy = turned(start[0] - x) * kx, (start[1] - y) * ky
    ax, ay = turned(end[0] - start[0]) * kx, (end[1] - start[1]) * ky
    square = ax * ax + ay * ay
    share = 0.0
    if square > 0:
        share = min(1.0, max(0.0, -(sx * ax + sy * ay) / square))
    aside = (ay * sx - ax * sy) / np.sqrt(square) if square > 0 else 0.0
    return sx + share * ax, sy + share * ay, share, aside


@njit(cache=True)
def near(x: float, y: float, radius_m: float, grid: Grid, found: Ints) -> int:
    """Fill `found` with edges in the cells within a radius, some of them twice; how many, at most its size."""
    kx, ky = metres_per_degree(y)
    n, wide = 0, 1.001 * radius_m / kx
    south = max(row_of(y - radius_m / ky, grid.cell_m), grid.south)
    north = min(row_of(y + radius_m / ky, grid.cell_m), grid.south + len(grid.columns) - 1)
    for row in range(south, north + 1):
        n_columns = grid.columns[row - grid.south]
        first = int(np.floor((x - wide + 180.0) * n_columns / 360.0))
        last = int(np.floor((x + wide + 180.0) * n_columns / 360.0))
        for column in range(first, min(last, first + n_columns - 1) + 1):
            slot = slot_of(grid.key, (row << 32) | (column % n_columns))
            if grid.key[slot] == _EMPTY:
                continue
            cell = grid.cell[slot]
            for at in range(grid.first[cell], grid.first[cell + 1]):
                if n < found.size:
                    found[n] = grid.items[at]
                    n += 1
    return n
