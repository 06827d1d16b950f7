"""Midlines beyond what the borders' tests show."""

import numpy as np
import pytest
import shapely

from geo.edges import outline_edges
from geo.midlines import midlines


def test_nothing_alone_or_no_tolerance_gives_nothing():
    edges = outline_edges([shapely.box(0, 0, 1, 1)])
    assert midlines(edges, np.zeros(4, dtype=bool), 0.0, None) == (0.0, [])
    assert midlines(edges, np.ones(4, dtype=bool), 0.0, 0.0) == (0.0, [])


def test_a_clean_board_with_a_narrow_inlet_stays_clean():
    # 500 km of shared border and 2 km of shore facing shore: the estimate leaves the shore alone.
    edges = outline_edges([shapely.box(0, 0, 0.02, 0.02), shapely.box(0.022, 0, 0.04, 0.02)])
    assert midlines(edges, np.ones(8, dtype=bool), 500_000.0, None) == (0.0, [])
    used_m, found = midlines(edges, np.ones(8, dtype=bool), 0.0, None)
    assert 222 < used_m <= 500
    assert [(piece.i, piece.j) for piece in found] == [(0, 1)]


def test_contact_shorter_than_the_tolerance_is_a_corner():
    edges = outline_edges([shapely.box(0, 0, 0.002, 0.002), shapely.box(0.003, 0, 0.005, 0.002)])
    assert len(midlines(edges, np.ones(8, dtype=bool), 0.0, 200.0)[1]) == 1
    assert midlines(edges, np.ones(8, dtype=bool), 0.0, 400.0)[1] == []


M = 1 / 111_195  # a metre in degrees, near the equator and about


def found(shapes, tolerance_m=700.0):
    """Line of each pair, in metres from (0.05, 0.05)."""
    edges = outline_edges(shapes)
    alone = np.ones(len(edges.owner), dtype=bool)
    return {
        (piece.i, piece.j): shapely.transform(piece.line, lambda xy: (xy - 0.05) / M)
        for piece in midlines(edges, alone, 0.0, tolerance_m)[1]
    }


def grown(shape, by_m):
    """A shape with its outline moved outward, or inward where negative."""
    return shapely.buffer(shape, by_m * M, join_style="mitre")


QUARTERS = [shapely.box(x, y, x + 0.05, y + 0.05) for x, y in ((0, 0), (0.05, 0), (0, 0.05), (0.05, 0.05))]


@pytest.mark.parametrize("by_m", [-150, -10, 10, 150])
def test_four_lines_meet_where_four_meet(by_m):
    lines = found([grown(one, by_m) for one in QUARTERS])
    assert set(lines) == {(0, 1), (0, 2), (1, 3), (2, 3)}
    middle = shapely.Point(0, 0)
    for line in lines.values():
        assert line.distance(middle) < 15
        far = max(middle.distance(shapely.get_point(line, k)) for k in (0, -1))
        assert far == pytest.approx(0.05 / M + by_m, abs=60)


def test_a_line_follows_a_corner_that_only_one_outline_shows():
    inner = shapely.box(0, 0, 0.05, 0.05)
    outer = shapely.box(-0.05, -0.05, 0.1, 0.1) - inner
    line = found([grown(inner, -75), grown(outer, -75)])[0, 1]
    # Midway between a corner and two edges runs a parabola, 0.41 of the way to the outer corner.
    assert line.distance(shapely.Point(-75 + 0.414 * 150, -75 + 0.414 * 150)) < 5
    assert line.hausdorff_distance(shapely.transform(inner.exterior, lambda xy: (xy - 0.05) / M)) < 60


def test_a_line_stops_at_a_third_that_runs_across():
    west, east = shapely.box(0, 0, 0.05, 0.05), shapely.box(0.05, 0, 0.1, 0.05)
    lines = found([grown(one, -100) for one in (west, east, shapely.box(0, 0.05, 0.1, 0.1))])
    north = max(shapely.get_coordinates(lines[0, 1])[:, 1])
    assert -60 < north < 0


def test_where_a_gap_opens_into_the_sea_the_line_ends():
    west = shapely.Polygon([(0, 0), (0.05, 0), (0.05, 0.03), (0.02, 0.05), (0, 0.05)])
    east = shapely.Polygon([(0.1, 0), (0.051, 0), (0.051, 0.03), (0.08, 0.05), (0.1, 0.05)])
    line = found([west, east])[0, 1]
    assert (0.03 - 0.05) / M - 50 < max(shapely.get_coordinates(line)[:, 1]) < (0.03 - 0.05) / M + 250


def test_beyond_where_overlapping_outlines_cross_there_is_no_border():
    west, east = shapely.box(0, 0, 0.0505, 0.05), shapely.box(0.0495, 0, 0.1, 0.05)
    line = found([west, east])[0, 1]
    assert shapely.get_coordinates(line)[:, 1].max() == pytest.approx(0, abs=25)
    assert shapely.get_coordinates(line)[:, 1].min() == pytest.approx(-0.05 / M, abs=25)


def test_an_enclave_drawn_apart_has_a_closed_border():
    inner = shapely.Point(0.05, 0.05).buffer(0.02)
    outer = shapely.box(0, 0, 0.1, 0.1) - shapely.Point(0.05, 0.05).buffer(0.021)
    line = found([inner, outer])[0, 1]
    assert line.length == pytest.approx(2 * np.pi * 0.0205 / M, rel=0.01)
    assert shapely.get_point(line, 0).distance(shapely.get_point(line, -1)) < 1


def test_more_outlines_at_one_place_than_are_looked_at():
    fan = [
        shapely.Polygon([(0.05, 0.05), *(
            (0.05 + 0.04 * np.cos(turn + more), 0.05 + 0.04 * np.sin(turn + more)) for more in (0.02, 0.23)
        )])
        for turn in np.arange(25) * 2 * np.pi / 25
    ]  # fmt: skip
    lines = found([shapely.buffer(one, -30 * M, join_style="mitre") for one in fan], 400.0)
    assert {(k, k + 1) for k in range(24)} <= set(lines)
