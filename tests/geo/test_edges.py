"""Edges, their twins, and runs of them."""

import numpy as np
import shapely

from geo.edges import common_edges, geodesic_m, outline_edges, run_lines, runs, split_at_vertices


def test_edges_of_zero_length_and_minus_zero_are_one_vertex():
    left = shapely.Polygon([(-1, -0.0), (-0.0, -0.0), (-0.0, -0.0), (0, 1), (-1, 1)])
    edges = outline_edges([left, shapely.box(0, 0, 1, 1)])
    assert len(edges.owner) == 8
    assert len(common_edges(edges).edge) == 1


def test_two_roundings_are_one_vertex():
    edges = outline_edges([shapely.box(0, 0, 0.1 + 0.2, 1), shapely.box(0.3, 0, 1, 1)])
    assert len(common_edges(edges).edge) == 1


def test_a_run_passes_the_place_where_its_ring_begins():
    # The ring of the square begins at its lower left corner, in the middle of the neighbour's hook.
    square = shapely.box(1, 1, 2, 2)
    hook = shapely.Polygon([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)])
    edges = outline_edges([square, hook])
    common = common_edges(edges)
    row, run = runs(edges, common.edge, common.i * 2 + common.j)
    lines = run_lines(edges, row, run)
    assert len(lines) == 1
    assert shapely.equals(lines[0], shapely.LineString([(1, 2), (1, 1), (2, 1)]))


def test_two_runs_that_do_not_meet_stay_two():
    edges = outline_edges([shapely.box(0, 0, 1, 1)])
    row, run = runs(edges, np.array([0, 2]), np.array([7, 7]))
    assert run.tolist() == [0, 1]
    assert len(run_lines(edges, row, run)) == 2


def test_nothing_to_do():
    edges = outline_edges([])
    none = np.empty(0, dtype=np.int64)
    assert len(runs(edges, none, none)[0]) == 0
    assert len(run_lines(edges, none, none)) == 0
    assert len(geodesic_m(edges.start, edges.end)) == 0
    assert split_at_vertices(edges, none) is edges


def test_an_edge_is_cut_once_where_two_neighbours_have_their_vertex():
    cells = [shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 2)]
    edges = outline_edges(cells)
    cut = split_at_vertices(edges, np.arange(len(edges.owner)))
    assert len(cut.owner) == len(edges.owner) + 1
    assert (cut.start[1:][np.diff(cut.ring) == 0] == cut.end[:-1][np.diff(cut.ring) == 0]).all()
