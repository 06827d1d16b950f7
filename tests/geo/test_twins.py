"""Edges with a twin, vertices on edges, and the length of short edges."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.edges import geodesic_m, outline_edges
from geo.segment_grid import grid_of
from geo.twins import short_m, twins, vertices_on


def found(edges):
    """Twins as pairs of rows."""
    one, two = twins(edges.start.view(np.int64), edges.end.view(np.int64), edges.owner)
    return list(zip(one.tolist(), two.tolist(), strict=True))


def test_every_pair_that_runs_the_other_way_is_found_by_brute_force():
    rng = np.random.default_rng(3)
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(5) for y in range(5)]
    edges = outline_edges([cells[k] for k in rng.permutation(25)])
    wanted = [
        (k, e)
        for k in range(100)
        for e in range(100)
        if edges.owner[k] < edges.owner[e]
        and (edges.start[k] == edges.end[e]).all()
        and (edges.end[k] == edges.start[e]).all()
    ]
    assert len(wanted) == 40
    assert sorted(found(edges)) == wanted


def test_an_edge_may_have_more_than_one_twin():
    # Outlines that overlap: three say that they are the neighbour on the right, four times over.
    right = [shapely.box(1, 0, 2, 1)] * 3
    assert len(found(outline_edges([shapely.box(0, 0, 1, 1), *right]))) == 3
    many = outline_edges([shapely.box(0, 0, 1, 1)] * 3 + [shapely.box(1, 0, 2, 1)] * 20)
    assert len(found(many)) == 60


def test_no_edges():
    assert found(outline_edges([])) == []


def test_vertices_on_edges_of_others():
    edges = outline_edges([shapely.box(0, 0, 1, 3), *(shapely.box(1, y, 2, y + 1) for y in range(3))])
    rows = np.arange(len(edges.owner))
    hit, at = vertices_on(edges.start, edges.end, edges.owner, rows, grid_of(edges.start, edges.end, rows, 500.0))
    places = {(int(edges.owner[e]), *edges.start[k].tolist()) for e, k in zip(hit, at, strict=True)}
    assert places == {(0, 1.0, 1.0), (0, 1.0, 2.0)}


@pytest.mark.parametrize("lat", [-70.0, 0.0, 30.9, 60.0])
def test_short_edges_to_a_ten_millionth(lat):
    rng = np.random.default_rng(5)
    start = np.column_stack((rng.uniform(-180, 180, 500), np.full(500, lat)))
    end = start + rng.uniform(-0.02, 0.02, (500, 2))
    true = Geod(ellps="WGS84").inv(*start.T, *end.T)[2]
    short = short_m(start, end)
    assert np.isnan(short).tolist() == (true > 3000).tolist()
    assert np.nanmax(np.abs(short / true - 1)) < 1e-7
    assert geodesic_m(start, end) == pytest.approx(true, rel=1e-7)
