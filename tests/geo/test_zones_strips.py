"""Strips: how wide they are on the ground, and how their ends lie."""

import numpy as np
import pyproj
import pytest
import shapely

from geo.borders import shared_borders
from geo.crs import metric_crs, project
from geo.zones_strips import ROWS, strips
from tests.geo.specimens import wiggly_board

GEOD = pyproj.Geod(ellps="WGS84")
CRS = metric_crs((120, 30, 120.3, 30.3))


def degrees(*xy):
    """A line through points in metres about 120 E, 30 N."""
    return project(shapely.LineString(np.add(xy, (500_000, 3_320_000))), CRS, inverse=True)


def metres(shape):
    """The shape in those metres again."""
    return shapely.transform(project(shape, CRS), lambda xy: xy - (500_000, 3_320_000))


def edge_distances_m(strip, line, n=400):
    """Geodesic metres from places on a strip's edge to the nearest place of its line."""
    edge = shapely.boundary(strip)
    places = shapely.get_coordinates(shapely.line_interpolate_point(edge, np.linspace(0, 1, n), normalized=True))
    dense = shapely.get_coordinates(shapely.segmentize(line, 2e-5))
    found = []
    for lon, lat in places:
        k = np.argsort(np.hypot((dense[:, 0] - lon) * np.cos(np.radians(lat)), dense[:, 1] - lat))[:30]
        found.append(GEOD.inv(np.full(len(k), lon), np.full(len(k), lat), *dense[k].T)[2].min())
    return np.array(found)


@pytest.mark.parametrize("depth", [200.0, 1000.0, 3000.0])
def test_the_depth_counts_on_the_ground_to_a_metre(depth):
    line = shared_borders(wiggly_board(4, n=2)).geometry[0]
    off = edge_distances_m(strips([line], depth, flat=False)[0], line) - depth
    assert np.quantile(np.abs(off), 0.99) < 1


def test_the_depth_holds_far_from_the_meridian_of_the_plane():
    line = shapely.LineString([(118.5001, 30), (118.5001, 30.1)])
    off = edge_distances_m(strips([line], 2000, flat=False)[0], line) - 2000
    assert np.abs(off).max() < 0.5


def test_a_flat_end_is_one_straight_cut_where_the_line_bends_before_it():
    # A hook of 60 m at the end: the cut stands on the bearing of the last 500 m, not on that of the hook.
    line = degrees((0, 0), (5000, 0), (5030, 52))
    shape = metres(strips([line], 1000)[0])
    far = shapely.get_coordinates(shape)
    assert shape.geom_type == "Polygon"
    assert far[:, 0].max() < 5200
    assert shapely.area(shape) == pytest.approx(2000 * 5030, rel=0.01)


def test_a_straight_line_ends_square_at_both_ends_and_on_both_sides_alike():
    shape = metres(strips([degrees((0, 0), (3000, 0))], 1000)[0])
    assert shapely.area(shapely.symmetric_difference(shape, shapely.box(0, -1000, 3000, 1000))) < 2000


def test_a_line_shorter_than_its_depth_has_two_ends():
    shape = metres(strips([degrees((0, 0), (200, 0))], 1000)[0])
    assert shapely.area(shapely.symmetric_difference(shape, shapely.box(0, -1000, 200, 1000))) < 3000


def test_a_line_that_comes_back_past_its_end_keeps_its_ground_there():
    # 8 km east, then back west 2.5 km to the north of itself: ground about the way out is not beyond the end.
    line = degrees((0, 0), (8000, 0), (8000, 1500), (5500, 1500))
    shape = metres(strips([line], 300)[0])
    assert shapely.covers(shape, shapely.LineString([(5000, 0), (8000, 0)]))
    assert not shapely.intersects(shape, shapely.box(5000, 1250, 5450, 1750))
    # The way out passes in front of the end, and keeps what is within its depth.
    beside = metres(strips([degrees((0, 0), (8000, 0), (8000, 500), (5500, 500))], 600)[0])
    assert shapely.covers(beside, shapely.box(1000, -550, 5000, 550))


def test_parts_that_meet_have_no_end_between_them():
    whole = degrees((0, 0), (2000, 0), (4000, 0))
    halves = shapely.MultiLineString([degrees((0, 0), (2000, 0)), degrees((2000, 0), (4000, 0))])
    halves = shapely.MultiLineString([whole.coords[:2], whole.coords[1:]])
    one, two = strips([whole, halves], 500)
    assert shapely.area(shapely.symmetric_difference(metres(one), metres(two))) < 1


def test_parts_apart_end_each_for_itself_and_do_not_cut_each_other():
    apart = shapely.MultiLineString([degrees((0, 0), (2000, 0)), degrees((2300, 0), (4000, 0))])
    shape = metres(strips([apart], 500)[0])
    assert shapely.area(shape) == pytest.approx(1000 * 3700, rel=1e-3)
    beside = shapely.MultiLineString([degrees((0, 0), (2000, 0)), degrees((1000, 600), (5000, 600))])
    assert shapely.covers(metres(strips([beside], 500)[0]), shapely.box(1100, 200, 4900, 1000))


def test_a_ring_and_round_ends_are_not_cut():
    ring = degrees((0, 0), (3000, 0), (3000, 3000), (0, 3000), (0, 0))
    flat, full = (strips([ring], 400, flat=ends)[0] for ends in (True, False))
    assert flat.equals(full)


def test_many_at_once_are_as_one_by_one():
    lines = [degrees((0, 10.0 * k), (900, 10.0 * k), (1800, 30.0 * k)) for k in range(ROWS + 3)]
    lines[3] = shapely.transform(lines[3], lambda xy: np.add(xy, (30, 0)))
    together = strips(lines, 300.0)
    for k in (0, 3, ROWS + 2):
        assert together[k].equals(strips(lines[k : k + 1], 300.0)[0])


def test_no_depth_no_strip():
    assert [shape.is_empty for shape in strips([degrees((0, 0), (9, 9))] * 2, [0.0, 5.0])] == [True, False]
