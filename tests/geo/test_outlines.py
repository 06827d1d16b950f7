import numpy as np
import pytest
import shapely

from geo.outlines import lighter


def steps(x0, x1, n):
    """A line east along a parallel with n small steps."""
    lon = np.linspace(x0, x1, n)
    return shapely.linestrings(lon, 30 + 0.0003 * (np.arange(n) % 2))


def test_few_vertices_stay_as_they_are():
    square = shapely.box(120, 30, 121, 31)
    shapes, tolerance_deg = lighter([square], 5)
    assert shapes[0] is square
    assert tolerance_deg == 0


def test_neighbours_still_meet_when_they_are_simplified():
    wall = shapely.get_coordinates(steps(120, 121, 200))
    north = shapely.polygons([*wall, (121, 31), (120, 31)])
    south = shapely.polygons([*wall, (121, 29), (120, 29)])
    shapes, tolerance_deg = lighter([north, south], 40)
    assert shapely.get_num_coordinates(shapes).sum() <= 40
    assert tolerance_deg > 0
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).area == pytest.approx(2, rel=1e-2)


def test_lines_keep_their_ends():
    line = steps(120, 121, 500)
    (light,), _tolerance = lighter([line], 20)
    assert shapely.get_num_coordinates(light) <= 20
    assert shapely.get_coordinates(light)[[0, -1]].tolist() == shapely.get_coordinates(line)[[0, -1]].tolist()


def test_a_coarse_tolerance_is_reached_step_by_step():
    tall = shapely.linestrings(np.linspace(0, 30, 60), 2.0 * (np.arange(60) % 2))
    (light,), tolerance_deg = lighter([tall], 30)
    assert shapely.get_num_coordinates(light) <= 30
    assert tolerance_deg > 1


def test_what_cannot_be_lighter_is_returned_all_the_same():
    squares = shapely.box(np.arange(20.0), 0, np.arange(20.0) + 1, 1)
    shapes, tolerance_deg = lighter(squares, 10)
    assert len(shapes) == 20
    assert tolerance_deg >= 10
