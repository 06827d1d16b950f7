"""Midlines beyond what the borders' tests show."""

import numpy as np
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


def test_contact_shorter_than_three_gaps_is_a_corner():
    edges = outline_edges([shapely.box(0, 0, 0.002, 0.002), shapely.box(0.003, 0, 0.005, 0.002)])
    assert midlines(edges, np.ones(8, dtype=bool), 0.0, 200.0)[1] == []
