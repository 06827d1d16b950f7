"""Outlines are mended without guessing, and nothing is changed silently."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import DatumError, FrameError, GeoError
from geo.frames import JURISDICTIONS
from geo.polygons import areas_m2, polygons_of
from geo.repairs import mended, repaired

SQUARE = shapely.box(120, 30, 120.1, 30.1)
BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
SPIKE = shapely.Polygon([(0, 0), (1, 0), (1, 1), (2, 1), (1, 1), (0, 1)])
HOLE_OUT = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(3, 1), (5, 1), (5, 2), (3, 2)]])
OVERLAPPING = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)])
DEEP = shapely.from_wkt(
    "GEOMETRYCOLLECTION (POINT (9 9), GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)))),"
    " MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5))))"
)


def frame(*shapes, ids=None, crs=4326):
    names = [f"j{n}" for n in range(len(shapes))] if ids is None else ids
    return gpd.GeoDataFrame({"id": names, "name": names}, geometry=list(shapes), crs=crs).astype(
        {"id": "str", "name": "str"}
    )


@pytest.mark.parametrize(
    ("shape", "reason", "area"),
    [
        (BOW_TIE, "Self-intersection[0.5 0.5]", 0.5),
        (SPIKE, "Ring Self-intersection", 1.0),
        (HOLE_OUT, "Self-intersection", 15.0),
        (OVERLAPPING, "Self-intersection", 6.0),
        (DEEP, "Lines or points beside the polygons", 1.0),
    ],
)
def test_what_crosses_itself_keeps_its_ground(shape, reason, area):
    (whole,), (why,) = mended([shape])
    assert whole.is_valid
    assert whole.area == pytest.approx(area)
    assert why.startswith(reason)


def test_a_nation_of_which_nearly_all_is_invalid():
    rng = np.random.default_rng(3)
    shapes = []
    for n in range(380):
        west, south = 100 + 0.2 * (n % 20), 20 + 0.2 * (n // 20)
        xy = np.array([(0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1)]) + np.array([west, south])
        shapes.append(shapely.Polygon(xy[[0, 2, 1, 3]] + rng.normal(0, 1e-3, (4, 2)) if n >= 25 else xy))
    whole, repairs = repaired(frame(*shapes))
    assert len(repairs) == 355
    assert whole.geometry.is_valid.all()
    assert whole["id"].tolist() == [f"j{n}" for n in range(380)]
    assert repairs["id"].tolist() == [f"j{n}" for n in range(25, 380)]
    assert repairs["reason"].str.match(r"Self-intersection\[[\d.]+ [\d.]+\]").all()
    assert (repairs["area_after_m2"] > 0).all()
    assert whole.geometry.iloc[:25].tolist() == shapes[:25]
    JURISDICTIONS.check(whole)


def test_areas_before_and_after_are_told():
    _, repairs = repaired(frame(HOLE_OUT))
    hole = areas_m2([shapely.box(4, 1, 5, 2)])[0]
    before, after = repairs.loc[0, ["area_before_m2", "area_after_m2"]]
    # The part of the hole outside the shell was taken off, and is not any more.
    assert after - before == pytest.approx(hole, rel=1e-3)


def test_an_edge_along_a_parallel_is_no_great_circle():
    """40 km along the 43rd parallel; the shortest way bulges by some thirty metres."""
    strip = shapely.box(-93.0, 43.0, -92.5, 43.001)
    dense = shapely.segmentize(strip, 0.001)
    assert areas_m2([strip])[0] == pytest.approx(areas_m2([dense])[0], rel=1e-5)


def test_nothing_in_nothing_out():
    whole, repairs = repaired(frame())
    assert len(whole) == len(repairs) == 0
    assert list(repairs.columns) == ["id", "reason", "area_before_m2", "area_after_m2"]
    assert polygons_of(shapely.Point(1, 1)).is_empty


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: frame(SQUARE, shapely.Point(0, 0)), GeoError, "the outline of 'j1' is Point: a polygon was expected"),
        (lambda: frame(SQUARE, None), GeoError, "the outline of 'j1' is nothing"),
        (lambda: frame(shapely.Polygon()), GeoError, "the outline of 'j0' is nothing"),
        (lambda: frame(shapely.Polygon([(0, 0), (1, 1), (0, 0)])), GeoError, "'j0' has no area"),
        (lambda: frame(shapely.GeometryCollection([shapely.Point(0, 0)])), GeoError, "'j0' has no area"),
        (lambda: frame(SQUARE, crs=None), DatumError, "does not say its reference system"),
        (lambda: frame(SQUARE, crs=4549), DatumError, "EPSG:4326 was expected, not EPSG:4549"),
        (lambda: frame(SQUARE, crs='LOCAL_CS["paper"]'), DatumError, "EPSG:4326 was expected"),
        (lambda: frame(SQUARE, SQUARE, ids=["x", "x"]), FrameError, "jurisdictions: .*not_unique|duplicate|unique"),
        (lambda: frame(SQUARE).drop(columns="name"), FrameError, "a GeoDataFrame with id, name and geometry"),
        (lambda: pd.DataFrame({"id": ["x"], "name": ["X"]}), FrameError, "a GeoDataFrame with id, name and geometry"),
    ],
)
def test_nonsense_gets_a_sentence(wrong, error, says):
    with pytest.raises(error, match=says):
        repaired(wrong())
