"""Cells against slow, obvious ways to the same answer."""

import doctest
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import cells
from geo.cells import LEVEL, MERCATOR_LIMIT_DEG, box_cells, cell_of, tile_cells, tile_xy
from geo.errors import GeoError

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
zooms = st.integers(0, LEVEL)


def slow_cell(lon: float, lat: float) -> int:
    """Bit by bit, from the textbook formula."""
    lat = max(-MERCATOR_LIMIT_DEG, min(MERCATOR_LIMIT_DEG, lat))
    side = 1 << LEVEL
    column = int((lon + 180) / 360 * side)
    row = math.floor((1 - math.log(math.tan(math.radians(lat)) + 1 / math.cos(math.radians(lat))) / math.pi) / 2 * side)
    column, row = max(0, min(side - 1, column)), max(0, min(side - 1, row))
    return sum(((column >> bit & 1) << 2 * bit) | ((row >> bit & 1) << 2 * bit + 1) for bit in range(LEVEL))


def test_examples_in_the_docstrings():
    result = doctest.testmod(cells)
    assert result.attempted
    assert not result.failed


@settings(deadline=None)
@given(st.integers(0, 2**LEVEL - 1), st.integers(0, 2**LEVEL - 1))
def test_the_middle_of_a_cell_lies_in_it(column, row):
    side = 2**LEVEL
    lon = (column + 0.5) / side * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / side))))
    expected = sum(((column >> bit & 1) << 2 * bit) | ((row >> bit & 1) << 2 * bit + 1) for bit in range(LEVEL))
    assert cell_of(lon, lat) == expected == slow_cell(lon, lat)


@settings(deadline=None)
@given(lons, lats, zooms)
def test_the_tile_around_a_place_holds_its_cell(lon, lat, z):
    cell = int(cell_of(lon, lat))
    prefix = cell >> 2 * (LEVEL - z)
    x = sum((prefix >> 2 * bit & 1) << bit for bit in range(LEVEL))
    y = sum((prefix >> 2 * bit + 1 & 1) << bit for bit in range(LEVEL))
    first, last = tile_cells(z, x, y)
    assert first <= cell < last
    columns, rows = tile_xy([lon], [lat], z, x, y)
    # The rims of the square belong to the outermost tiles: there the position may be the edge itself.
    assert -1 <= columns[0] <= 4096
    assert -1 <= rows[0] <= 4096


@settings(deadline=None)
@given(zooms.filter(lambda z: z < LEVEL), st.data())
def test_four_tiles_make_the_one_above(z, data):
    x, y = (data.draw(st.integers(0, 2**z - 1)) for _ in "xy")
    parts = sorted(tile_cells(z + 1, 2 * x + right, 2 * y + down) for right in (0, 1) for down in (0, 1))
    assert (parts[0][0], parts[-1][1]) == tile_cells(z, x, y)
    assert all(one[1] == other[0] for one, other in pairwise(parts))


@settings(deadline=None)
@given(st.tuples(lons, lons).map(sorted), st.tuples(lats, lats).map(sorted), st.integers(1, 40), st.data())
def test_every_place_in_a_box_is_covered(west_east, south_north, max_ranges, data):
    west, east = west_east
    south, north = south_north
    ranges = box_cells(west, south, east, north, max_ranges)
    assert 1 <= len(ranges) <= max_ranges
    assert all(first < last for first, last in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))
    for lon in (west, east, data.draw(st.floats(west, east))):
        for lat in (south, north, data.draw(st.floats(south, north))):
            cell = int(cell_of(lon, lat))
            assert any(first <= cell < last for first, last in ranges)


def test_a_cover_is_close():
    """A county's rectangle is covered by at most twice its area in 16 ranges, and closer with more."""
    side = 2**LEVEL
    west, south, east, north = 119.85, 30.55, 120.50, 31.00
    rows = [(1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side for lat in (north, south)]
    area = (east - west) / 360 * side * (rows[1] - rows[0])
    covered = [sum(last - first for first, last in box_cells(west, south, east, north, n)) for n in (1, 4, 16, 64)]
    assert covered == sorted(covered, reverse=True)
    assert covered[2] < 2 * area
    assert covered[3] < 1.3 * area


def test_beyond_the_square_is_its_rim():
    assert cell_of([0.0, 0.0], [89.0, -89.0]).tolist() == cell_of([0.0] * 2, [90.0, -90.0]).tolist()
    assert cell_of(200.0, 0.0) == cell_of(180.0, 0.0)


def test_shapes_are_kept():
    assert cell_of(np.zeros((2, 3)), np.zeros((2, 3))).shape == (2, 3)
    assert cell_of([], []).dtype == np.int64
    assert box_cells(0, 1, 1, 0) == []


def test_far_places_do_not_overflow():
    columns, rows = tile_xy([-180.0, 180.0], [85.0, -85.0], 22, 3_400_000, 1_700_000)
    assert columns.tolist() == [-(2**28), 2**28]
    assert rows.tolist() == [-(2**28), 2**28]


@pytest.mark.parametrize("tile", [(-1, 0, 0), (27, 0, 0), (1, 2, 0), (1, 0, 2), (1, -1, 0), (1, 0, -1)])
def test_no_such_tile(tile):
    with pytest.raises(GeoError, match=str(tile[0])):
        tile_cells(*tile)
    with pytest.raises(GeoError):
        tile_xy([0.0], [0.0], *tile)


def test_places_need_numbers():
    with pytest.raises(GeoError, match="finite"):
        cell_of([math.nan], [0.0])
    with pytest.raises(GeoError, match="finite"):
        box_cells(0, 0, math.inf, 1)
    with pytest.raises(GeoError, match="at least 1"):
        box_cells(0, 0, 1, 1, max_ranges=0)
