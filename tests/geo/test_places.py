"""Whose ground: against a loop over all polygons."""

import numpy as np
import pytest
import shapely

from geo.errors import FrameError, GeoError
from geo.places import place
from tests.geo.specimens import board, frame_of, wiggly_board


def test_equals_a_loop_over_all_polygons():
    cells = wiggly_board(4).sample(frac=1, random_state=1)
    points = shapely.points(np.random.default_rng(0).uniform((119.9, 29.9), (120.4, 30.4), (500, 2)))
    expected = []
    for point in points:
        inside = sorted(row.id for row in cells.itertuples() if row.geometry.intersects(point))
        expected.append(inside[0] if inside else None)
    assert place(points, cells).tolist() == expected


def test_on_a_shared_line_and_where_outlines_overlap_the_lesser_id_wins():
    cells = board(2, x=0, y=0, side=1).iloc[::-1]
    assert place([shapely.Point(1, 0.5), shapely.Point(1, 1), shapely.Point(1, 2)], cells).tolist() == [
        "j00",
        "j00",
        "j02",
    ]
    overlap = frame_of([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)], ["b", "a"])
    assert place(shapely.points([1.5], [0.5]), overlap).tolist() == ["a"]


def test_missing_and_empty_points_lie_nowhere():
    assert place([None, shapely.Point()], board(2)).tolist() == [None, None]
    assert place([shapely.Point(120.05, 30.05)], board(2).iloc[:0]).tolist() == [None]


def test_other_shapes_and_frames_are_refused():
    with pytest.raises(GeoError, match="point 1 is a Polygon"):
        place([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], board(2))
    with pytest.raises(FrameError):
        place([shapely.Point(0, 0)], board(2).drop(columns="name"))
