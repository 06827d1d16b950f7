"""The contracts refuse what breaks them, naming what was wrong."""

import pandas as pd
import pytest
import shapely

from geo.errors import FrameError
from geo.frames import BORDERS, JURISDICTIONS
from tests.geo.specimens import board, frame_of


def test_a_good_frame_passes_with_columns_beyond_the_contract():
    JURISDICTIONS.check(board(2).assign(more=1))


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame(board(2).drop(columns="geometry")), "without CRS"),
        (board(2).set_crs(None, allow_override=True), "without CRS"),
        (board(2).to_crs(3857), "EPSG:4326 was expected, not EPSG:3857"),
        (board(2).drop(columns="name"), "jurisdictions: .*name"),
        (frame_of([shapely.Point(0, 0)]), "row 0 holds Point, expected a polygon"),
        (frame_of([shapely.box(0, 0, 1, 1)] * 2, ["same", "same"]), "jurisdictions: .*id"),
    ],
)
def test_a_broken_frame_is_refused(frame, words):
    with pytest.raises(FrameError, match=words):
        JURISDICTIONS.check(frame)


def test_borders_are_lines():
    frame = (
        board(1)
        .assign(a="x", b="y", length_m=1.0, method="exact", tolerance_m=0.0)
        .astype({"a": "str", "b": "str", "method": "str"})
    )
    with pytest.raises(FrameError, match="expected a line"):
        BORDERS.check(frame)
