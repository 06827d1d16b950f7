"""Gaps and overlaps that a coverage otherwise clean has left."""

import numpy as np
import shapely

from geo.edges import common_edges, outline_edges
from geo.rings import narrow


def thin(shapes):
    """Length in metres of the edges on thin rings, among those without a twin."""
    edges = outline_edges(shapes)
    common = common_edges(edges)
    alone = np.ones(len(edges.owner), dtype=bool)
    alone[common.edge] = alone[common.twin] = False
    rest = edges.take(np.flatnonzero(alone))
    return rest.take(narrow(rest, 500.0)).metres().sum()


def halves(west, east):
    """Two neighbours with a hole between them that is `west` to `east` wide about their line."""
    left = shapely.Polygon(
        [(0, 0), (0.1, 0), (0.1, 0.01), (0.1 - west, 0.02), (0.1 - west, 0.08), (0.1, 0.09), (0.1, 0.1), (0, 0.1)]
    )
    right = shapely.Polygon(
        [(0.2, 0), (0.1, 0), (0.1, 0.01), (0.1 + east, 0.02), (0.1 + east, 0.08), (0.1, 0.09), (0.1, 0.1), (0.2, 0.1)]
    )
    return [left, right]


def test_a_thin_gap_is_found_and_the_rim_is_not():
    assert 17_000 < thin(halves(0.0005, 0.0005)) < 19_000


def test_a_thin_overlap_is_found():
    assert 17_000 < thin(halves(-0.0005, -0.0005)) < 19_000


def test_a_lake_is_no_gap():
    assert thin(halves(0.02, 0.02)) == 0
    pond = shapely.Point(0.1, 0.05).buffer(0.001)
    assert thin([shapely.difference(one, pond) for one in halves(0, 0)]) == 0


def test_a_slit_within_one_jurisdiction_is_its_own():
    slit = shapely.box(0.02, 0.05, 0.08, 0.0501)
    assert thin([shapely.difference(halves(0, 0)[0], slit), halves(0, 0)[1]]) == 0
