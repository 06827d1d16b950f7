"""Claims to a place, and lines midway: for gaps and overlaps alike."""

import numpy as np
import pytest
import shapely

from geo.edges import common_edges, outline_edges
from geo.facing import claims, facing, settled
from geo.segment_grid import Segments, grid_of

M = 1 / 111_000  # a metre in degrees, at the equator and about


def board(shapes):
    """The grid and the edges of shapes."""
    edges = outline_edges(shapes)
    common = common_edges(edges)
    alone = np.ones(len(edges.owner), dtype=bool)
    alone[common.edge] = alone[common.twin] = False
    grid = grid_of(edges.start, edges.end, np.arange(len(alone)), 500.0)
    return grid, Segments(edges.start, edges.end, edges.owner, alone), edges


def claimed(shapes, x, y, radius_m=800.0):
    """Metres out of each shape."""
    grid, segments, _ = board(shapes)
    owner, depth = np.empty(8, np.int64), np.empty(8)
    n = claims(x, y, radius_m, grid, segments, np.empty(100, np.int64), owner, depth)
    return {int(owner[k]): round(float(depth[k])) for k in range(n)}


def test_outside_counts_up_and_inside_down():
    box = shapely.box(0, 0, 0.05, 0.05)
    assert claimed([box], -500 * M, 0.02) == {0: pytest.approx(500, abs=4)}
    assert claimed([box], 500 * M, 0.02) == {0: pytest.approx(-500, abs=4)}
    assert claimed([box], -300 * M, -400 * M) == {0: pytest.approx(500, abs=4)}
    assert claimed([box], 0.025, 0.025) == {}


def test_at_a_sharp_corner_the_side_is_told_by_both_edges():
    wedge = shapely.Polygon([(0, 0), (0.05, 0.001), (0.05, -0.001)])
    assert claimed([wedge], -100 * M, 0.0)[0] == pytest.approx(100, abs=2)
    assert claimed([shapely.box(-0.05, -0.05, 0.05, 0.05) - wedge], -100 * M, 0.0)[0] == pytest.approx(-100, abs=2)


def midway(shapes, widest_m=600.0):
    """Places midway, by pair, of steps every so often along all outlines."""
    grid, segments, edges = board(shapes)
    share = np.linspace(0.01, 0.99, 40)
    xy = np.concatenate([edges.start + one * (edges.end - edges.start) for one in share])
    row = np.tile(np.arange(len(edges.owner)), len(share))
    other, middle, gap = facing(xy, row, widest_m, grid, segments)
    seen = other >= 0
    pairs = [tuple(sorted(pair)) for pair in zip(edges.owner[row][seen].tolist(), other[seen].tolist(), strict=True)]
    return pairs, middle[seen], gap[seen]


@pytest.mark.parametrize("half_m", [150, 10, -10, -150])
def test_midway_of_four_at_a_corner(half_m):
    """Gaps and overlaps of the same board give the same lines, and none between those that only touch."""
    half = half_m * M
    at = [(0, 0), (0.05, 0), (0, 0.05), (0.05, 0.05)]
    shapes = [shapely.box(x + half, y + half, x + 0.05 - half, y + 0.05 - half) for x, y in at]
    pairs, middle, gap = midway(shapes)
    assert set(pairs) == {(0, 1), (0, 2), (1, 3), (2, 3)}
    off = np.minimum(np.abs(middle[:, 0] - 0.05), np.abs(middle[:, 1] - 0.05))
    assert off.max() < 0.5 * M
    assert np.median(gap) == pytest.approx(2 * abs(half_m), rel=0.02)


def test_no_line_where_a_third_has_the_better_claim():
    strip = shapely.box(0.02 - 100 * M, 0, 0.02 + 100 * M, 0.05)
    west, east = shapely.box(0, 0, 0.02 - 150 * M, 0.05), shapely.box(0.02 + 150 * M, 0, 0.05, 0.05)
    assert set(midway([west, east])[0]) == {(0, 1)}
    assert set(midway([west, east, strip])[0]) == {(0, 2), (1, 2)}


def test_a_place_settles_midway_or_says_why_not():
    west, east = shapely.box(0, 0, 0.02, 0.05), shapely.box(0.02 + 200 * M, 0, 0.05, 0.05)
    grid, segments, _ = board([west, east])
    room = np.empty(100, np.int64), np.empty(8, np.int64), np.empty(8)
    x, y, depth_m, whose = settled(0.02 + 130 * M, 0.02, 0, 1, 200.0, 251.0, grid, segments, *room)
    assert (x - 0.02) / M == pytest.approx(100, abs=1)
    assert (y, whose) == (pytest.approx(0.02), -1)
    assert depth_m == pytest.approx(100, abs=2)
    assert settled(0.01, 0.02, 0, 1, 200.0, 251.0, grid, segments, *room)[3] == -2
