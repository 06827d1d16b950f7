"""Datums and planes: against a scalar implementation written apart, and against the ellipsoid."""

import math

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import Datum, from_wgs84, metric_crs, off_globe, on_globe, project, shapes_to_wgs84, to_wgs84
from geo.errors import DatumError
from geo.shifts import EAST

GEOD = pyproj.Geod(ellps="WGS84")


def scalar_gcj(lng, lat):
    """GCJ-02 of one point, transcribed from the public formula without the engine's arrays."""
    if not (72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lng, lat
    x, y, pi = lng - 105.0, lat - 35.0, math.pi
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    d_lat += (20.0 * math.sin(6.0 * x * pi) + 20.0 * math.sin(2.0 * x * pi)) * 2.0 / 3.0
    d_lat += (20.0 * math.sin(y * pi) + 40.0 * math.sin(y / 3.0 * pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * pi) + 320.0 * math.sin(y * pi / 30.0)) * 2.0 / 3.0
    d_lng = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    d_lng += (20.0 * math.sin(6.0 * x * pi) + 20.0 * math.sin(2.0 * x * pi)) * 2.0 / 3.0
    d_lng += (20.0 * math.sin(x * pi) + 40.0 * math.sin(x / 3.0 * pi)) * 2.0 / 3.0
    d_lng += (150.0 * math.sin(x / 12.0 * pi) + 300.0 * math.sin(x / 30.0 * pi)) * 2.0 / 3.0
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * math.sin(lat / 180.0 * pi) ** 2
    d_lat = (d_lat * 180.0) / ((a * (1 - ee)) / (magic * math.sqrt(magic)) * pi)
    d_lng = (d_lng * 180.0) / (a / math.sqrt(magic) * math.cos(lat / 180.0 * pi) * pi)
    return lng + d_lng, lat + d_lat


def scalar_bd(lng, lat):
    """BD-09 of one WGS 84 point, by way of GCJ-02."""
    x, y = scalar_gcj(lng, lat)
    z = math.sqrt(x * x + y * y) + 0.00002 * math.sin(y * math.pi * 3000.0 / 180.0)
    theta = math.atan2(y, x) + 0.000003 * math.cos(x * math.pi * 3000.0 / 180.0)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


inside_china = st.tuples(st.floats(72.1, 137.7), st.floats(0.9, 55.7))


@given(inside_china)
def test_forward_equals_the_scalar_formula(point):
    for datum, scalar in ((Datum.GCJ02, scalar_gcj), (Datum.BD09, scalar_bd)):
        x, y = from_wgs84(*point, datum)
        assert (float(x), float(y)) == pytest.approx(scalar(*point), abs=1e-11)


def test_published_point():
    x, y = from_wgs84(121.5272106, 31.1774276, Datum.GCJ02)
    assert (float(x), float(y)) == pytest.approx((121.531541859215, 31.17530398364597), abs=1e-10)


@pytest.mark.parametrize("datum", list(Datum))
def test_round_trip_is_right_to_a_micrometre(datum):
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(72.1, 137.7, 20_000), rng.uniform(0.9, 55.7, 20_000)
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert GEOD.inv(lon, lat, *back)[2].max() < 1e-6


def test_shift_near_huzhou_is_about_half_a_kilometre():
    x, y = from_wgs84([120.43], [30.87], Datum.GCJ02)
    assert GEOD.inv([120.43], [30.87], x, y)[2][0] == pytest.approx(495, abs=15)


def test_at_the_edge_of_the_box_every_point_has_an_answer_that_leads_back():
    lon, lat = np.linspace(EAST - 0.02, EAST, 2001), np.full(2001, 40.0)
    back = to_wgs84(*from_wgs84(lon, lat, Datum.GCJ02), Datum.GCJ02)
    assert GEOD.inv(lon, lat, *back)[2].max() < 1e-6
    far = np.array([EAST + 0.02])
    assert to_wgs84(far, [40.0], Datum.GCJ02)[0] == far


def test_nan_stays_nan():
    lon, lat = to_wgs84([np.nan, 120.0], [30.0, 30.0], Datum.BD09)
    assert np.isnan(lon[0])
    assert np.isfinite([lon[1], lat[1]]).all()


def test_unknown_datum_is_refused():
    with pytest.raises(DatumError, match="'beijing54' is unknown; one of wgs84"):
        to_wgs84([1], [1], "beijing54")


def test_shapes_move_vertex_by_vertex():
    line = shapely.LineString([(120.43, 30.87), (120.44, 30.88)])
    there = shapely.transform(line, lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], Datum.BD09)))
    assert shapely.equals_exact(shapes_to_wgs84([there], Datum.BD09)[0], line, 1e-11)
    assert shapes_to_wgs84([line], Datum.CGCS2000)[0] is line


@pytest.mark.parametrize(
    ("bounds", "name"),
    [
        ((120.2, 30.7, 120.6, 31.0), "CGCS2000 / 3-degree Gauss-Kruger CM 120E"),
        ((73.5, 39, 73.9, 40), "CGCS2000 / 3-degree Gauss-Kruger CM 75E"),
    ],
)
def test_national_zones(bounds, name):
    assert metric_crs(bounds).name == name


@pytest.mark.parametrize(
    "bounds",
    [
        (9.4, 47.0, 9.7, 47.3),
        (179.5, -17, -179.5, -16),
        (-75, 40, -74, 41),
        (135.5, 48, 135.9, 49),
        (13, -34, 13.5, -33),
    ],
)
def test_lengths_hold_in_the_strip(bounds):
    west, south, _, north = bounds
    crs = metric_crs(bounds)
    line = shapely.LineString([(west, south), (west + 0.01, north)])
    assert project(line, crs).length == pytest.approx(GEOD.geometry_length(line), rel=4e-4)
    assert shapely.equals_exact(project(project(line, crs), crs, inverse=True), line, 1e-9)


def test_wide_extents_keep_areas():
    crs = metric_crs((73, 18, 135, 54))
    square = shapely.segmentize(shapely.box(80, 30, 82, 32), 0.01)
    assert project(square, crs).area == pytest.approx(GEOD.geometry_area_perimeter(square)[0], rel=1e-4)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((1, 2, 3), "four finite degrees"),
        ((1, 2, np.nan, 3), "four finite degrees"),
        ((1, 5, 2, 3), "is it projected"),
        ((449_000, 3_416_000, 450_000, 3_417_000), "is it projected"),
        ((-180, 10, 180, 20), "do not fit one plane"),
        ((0, -60, 1, 60), "do not fit one plane"),
    ],
)
def test_nonsense_is_refused(bounds, words):
    with pytest.raises(DatumError, match=words):
        metric_crs(bounds)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_globe_and_back(lon, lat):
    xyz = on_globe([lon], [lat])
    back = off_globe(xyz)
    assert np.abs(on_globe(*back) - xyz).max() < 1e-6
