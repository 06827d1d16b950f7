"""Even ground: points that stand for equal areas, and squares of one size."""

import numpy as np
import pyproj
import pytest
import shapely

from geo.errors import GeoError
from geo.samples import even_points, square_cells

GEOD = pyproj.Geod(ellps="WGS84")
L_SHAPE = shapely.Polygon([(120, 30), (120.3, 30), (120.3, 30.1), (120.1, 30.1), (120.1, 30.4), (120, 30.4)])


def area_m2(shape):
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])


def test_points_are_as_dense_in_one_half_as_in_the_other():
    points = even_points(L_SHAPE, 1000)
    assert len(points) == pytest.approx(1000, rel=0.05)
    assert shapely.contains_xy(L_SHAPE, *points.T).all()
    arm = shapely.box(120, 30.1, 120.1, 30.4)
    inside = shapely.contains_xy(arm, *points.T).mean()
    assert inside == pytest.approx(area_m2(arm) / area_m2(L_SHAPE), abs=0.02)


def test_a_sliver_gives_one_point_within_it():
    sliver = shapely.box(120, 30, 120.3, 30.3).difference(shapely.box(120.001, 30.001, 120.3, 30.3))
    points = even_points(sliver, 20)
    assert points.shape == (1, 2)
    assert shapely.contains_xy(sliver, *points[0])


def test_cells_cover_the_shape_and_do_not_overlap():
    cells = square_cells(L_SHAPE, 3000, least=0)
    assert cells["id"].is_unique
    assert cells.union_all().symmetric_difference(L_SHAPE).area < 1e-3 * L_SHAPE.area
    assert sum(map(area_m2, cells.geometry)) == pytest.approx(area_m2(L_SHAPE), rel=1e-3)
    whole = [area_m2(one) for one in cells.geometry if area_m2(one) > 8.9e6]
    np.testing.assert_allclose(whole, 9e6, rtol=0.01)
    north, west = cells.iloc[0], cells[cells["id"].str.endswith("1") & (cells["id"].str.len() == 2)]
    assert north["id"] == "A1"
    assert len(west) == 15
    assert len(square_cells(L_SHAPE, 3000)) < len(cells)


def test_rows_beyond_z_have_two_letters():
    ids = square_cells(shapely.box(120, 30, 120.01, 30.9), 3000)["id"].tolist()
    assert ids[25:28] == ["Z1", "AA1", "AB1"]


def test_what_has_no_area_has_no_places():
    for nothing in (shapely.Polygon(), shapely.LineString([(120, 30), (121, 30)])):
        assert len(even_points(nothing, 10)) == 0
        assert len(square_cells(nothing, 3000)) == 0
    with pytest.raises(GeoError, match="at least 1 point"):
        even_points(L_SHAPE, 0)
    with pytest.raises(GeoError, match="above 0"):
        square_cells(L_SHAPE, 0)
