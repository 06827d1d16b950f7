"""Cells: the web-mercator square cut into 2^26 x 2^26 cells along a Z-order curve, so that a map tile is one range.

A cell's number interleaves the bits of its column (even bits) and row (odd bits, counted from the north), so every
tile of the usual map pyramid holds one unbroken range of cells. A plain index on the number then answers "what is in
this tile" in any database. A cell measures 0.60 m at the equator, which is also one unit of a zoom-14 tile of extent
4,096.

References
----------
Morton, G. M. (1966). A Computer Oriented Geodetic Data Base and a New Technique in File Sequencing.
"""

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError

LEVEL = 26
MERCATOR_LIMIT_DEG = 85.0511287798066

_SIDE = 1 << LEVEL
# Five steps that each move half of the bits: 26 in a row become 26 with a gap after each.
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
# How many times finer than asked the cover is cut before its nearest neighbours are joined again.
_FINER = 4

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def cell_of(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Ints:
    """Number of the cell each place lies in.

    Parameters
    ----------
    lon, lat
        Places in EPSG:4326, degrees, equal shapes. What lies beyond the square (latitudes past 85.05) is moved onto
        its rim.

    Returns
    -------
    numpy.ndarray
        int64 from 0 to 2^52 - 1, of the shape of `lon`.

    Raises
    ------
    GeoError
        When a coordinate is not a finite number.

    Examples
    --------
    >>> cell_of([-180.0, 180.0, 120.1], [90.0, -90.0, 30.9]).tolist()
    [0, 4503599627370495, 2138669323824158]
    >>> cell_of([], []).tolist()
    []
    """
    column, row = _square(lon, lat)
    return _interleave(_fine(column), _fine(row))


def tile_cells(z: int, x: int, y: int) -> tuple[int, int]:
    """First cell of a map tile, and the one after its last.

    Parameters
    ----------
    z, x, y
        Zoom from 0 to 26, column from the west, row from the north.

    Raises
    ------
    GeoError
        When there is no such tile.

    Examples
    --------
    >>> tile_cells(0, 0, 0) == (0, 2**52)
    True
    >>> tile_cells(26, 1, 1)
    (3, 4)
    """
    if not 0 <= z <= LEVEL:
        raise GeoError(f"Zoom {z} is not between 0 and {LEVEL}.")
    if not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise GeoError(f"Zoom {z} has no tile {x}/{y}: both lie between 0 and {(1 << z) - 1}.")
    shift = 2 * (LEVEL - z)
    number = int(_interleave(np.array(x), np.array(y)))
    return number << shift, (number + 1) << shift


def box_cells(west: float, south: float, east: float, north: float, max_ranges: int = 16) -> list[tuple[int, int]]:
    """Half-open ranges of cells that together cover a rectangle; they may cover a little more.

    Parameters
    ----------
    west, south, east, north
        Edges in degrees, EPSG:4326, themselves inside.
    max_ranges
        At most so many ranges; more fit closer.

    Returns
    -------
    list
        Ascending, without overlap; empty when an edge is beyond its opposite.

    Raises
    ------
    GeoError
        When an edge is not a finite number, or `max_ranges` is below 1.

    Examples
    --------
    >>> box_cells(-180.0, -90.0, 180.0, 90.0) == [(0, 2**52)]
    True
    >>> len(box_cells(119.9, 30.5, 120.6, 31.1, max_ranges=8))
    8
    >>> box_cells(1.0, 0.0, 0.0, 1.0)
    []
    """
    if max_ranges < 1:
        raise GeoError(f"A cover needs at least 1 range, not {max_ranges}.")
    column, row = _square([west, east], [north, south])
    if west > east or south > north:
        return []
    # One cell wider: the last digit of a tangent may differ between one number and many.
    wider = np.array([-1, 1])
    first_column, last_column = np.clip(_fine(column) + wider, 0, _SIDE - 1).tolist()
    first_row, last_row = np.clip(_fine(row) + wider, 0, _SIDE - 1).tolist()

    inside: list[Ints] = []
    columns, rows, shift = np.zeros(1, np.int64), np.zeros(1, np.int64), LEVEL
    # Ends at the finest level at the latest: there a cell is wholly inside or outside.
    while True:
        ends_column, ends_row = ((columns + 1) << shift) - 1, ((rows + 1) << shift) - 1
        meets = (ends_column >= first_column) & (columns << shift <= last_column)
        meets &= (ends_row >= first_row) & (rows << shift <= last_row)
        whole = (columns << shift >= first_column) & (ends_column <= last_column)
        whole &= (rows << shift >= first_row) & (ends_row <= last_row)
        inside.append(_ranges(columns[whole], rows[whole], shift))
        partly = meets & ~whole
        columns, rows = columns[partly], rows[partly]
        if not len(columns) or len(columns) > _FINER * max_ranges:
            break
        columns = (columns[:, None] * 2 + [0, 1, 0, 1]).ravel()
        rows = (rows[:, None] * 2 + [0, 0, 1, 1]).ravel()
        shift -= 1
    inside.append(_ranges(columns, rows, shift))
    return _join(np.concatenate(inside), max_ranges)


def tile_xy(
    lon: npt.ArrayLike, lat: npt.ArrayLike, z: int, x: int, y: int, extent: int = 4096
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Where each place falls in a map tile, in its units.

    Parameters
    ----------
    lon, lat
        Places in EPSG:4326, degrees, equal shapes.
    z, x, y
        The tile.
    extent
        Units along one edge of the tile.

    Returns
    -------
    tuple of numpy.ndarray
        Columns from the tile's west edge and rows from its north edge, int32; from 0 to `extent` - 1 inside the tile,
        and not beyond 2^28 units from it.

    Raises
    ------
    GeoError
        When there is no such tile, or a coordinate is not a finite number.

    Examples
    --------
    >>> columns, rows = tile_xy([0.0, 90.0], [0.0, -66.5], 1, 1, 1)
    >>> columns.tolist(), rows.tolist()
    ([0, 2048], [0, 2047])
    >>> [part.tolist() for part in tile_xy([], [], 0, 0, 0)]
    [[], []]
    """
    tile_cells(z, x, y)
    column, row = _square(lon, lat)
    edge = float(1 << z)
    far = 1 << 28
    across = np.clip(np.floor((column * edge - x) * extent), -far, far)
    down = np.clip(np.floor((row * edge - y) * extent), -far, far)
    return across.astype(np.int32), down.astype(np.int32)


def _square(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Position in the unit square, from the west and from the north, 0 to 1."""
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise GeoError("A coordinate is missing or infinite; every place needs two finite numbers.")
    lat_rad = np.radians(np.clip(lat, -MERCATOR_LIMIT_DEG, MERCATOR_LIMIT_DEG))
    across = np.clip(lon, -180.0, 180.0) / 360.0 + 0.5
    down = 0.5 - np.arcsinh(np.tan(lat_rad)) / (2.0 * np.pi)
    return across, np.clip(down, 0.0, 1.0)


def _fine(position: Floats) -> Ints:
    """Column or row of the finest grid."""
    return np.minimum(np.floor(position * _SIDE), _SIDE - 1).astype(np.int64)


def _interleave(column: Ints, row: Ints) -> Ints:
    """Bits of the two numbers in turn, the column's first."""
    return _spread(column) | (_spread(row) << 1)


def _spread(number: Ints) -> Ints:
    """Each bit moved to twice its place."""
    wide = np.asarray(number, np.int64)
    for shift, mask in _SPREAD:
        wide = (wide | (wide << shift)) & mask
    return wide


def _ranges(columns: Ints, rows: Ints, shift: int) -> Ints:
    """First and last + 1 of the fine cells in coarse ones, shape (n, 2)."""
    number = _interleave(columns, rows)
    return np.stack([number << (2 * shift), (number + 1) << (2 * shift)], axis=1)


def _join(ranges: Ints, max_ranges: int) -> list[tuple[int, int]]:
    """Ranges in order, touching ones and then the nearest ones joined until few enough remain."""
    ranges = ranges[np.argsort(ranges[:, 0])]
    gaps = ranges[1:, 0] - ranges[:-1, 1]
    kept = np.zeros(len(gaps), bool)
    widest = np.argsort(-gaps, kind="stable")[: max_ranges - 1]
    kept[widest] = gaps[widest] > 0
    first = ranges[np.concatenate([[True], kept]), 0]
    last = ranges[np.concatenate([kept, [True]]), 1]
    return list(zip(first.tolist(), last.tolist(), strict=True))
