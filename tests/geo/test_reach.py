"""Reach and the share of a zone in it: against circles, and what must grow with the budget."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.reach import covered_shares, reach
from geo.travel import StraightLine
from tests.geo.specimens import stations_of

GEOD = pyproj.Geod(ellps="WGS84")
LINE = StraightLine(40)
STATIONS = [
    ("e1", "team", "e", 4, 120.1, 30.0),
    ("e2", "squad", "e", 2, 120.3, 30.1),
    ("w1", "squad", "w", 3, 119.8, 30.0),
]


def test_circles_lie_at_their_distance_and_say_they_saw_no_road():
    circles = reach(stations_of(STATIONS), [15, 30], LINE)
    assert circles["station_id"].tolist() == ["e1", "e1", "e2", "e2", "w1", "w1"]
    assert set(circles["provider"]) == {"straight-line"}
    assert set(circles["error"]) == {0.5}
    assert not circles["simulated"].any()
    assert circles["data_on"].isna().all()
    assert (circles["snap_m"] == 0).all()
    rim = shapely.get_coordinates(circles.geometry[1])
    assert GEOD.inv(np.full(len(rim), 120.1), np.full(len(rim), 30.0), *rim.T)[2] == pytest.approx([20_000] * len(rim))
    assert circles.geometry[1].exterior.is_ccw


@given(st.floats(1, 60), st.floats(1, 3), st.floats(-60, 60))
@settings(max_examples=25, deadline=None)
def test_reach_grows_with_the_budget(minutes, factor, lat):
    station = stations_of([("s", "team", "e", 2, 10.0, lat)])
    small, large = reach(station, [minutes, minutes * factor], LINE).geometry
    assert shapely.covers(shapely.buffer(large, 1e-9), small)


def test_a_circle_over_the_antimeridian_stays_round():
    circle = reach(stations_of([("s", "team", "e", 2, 179.9, 0.0)]), 30, LINE).geometry[0]
    assert circle.bounds[0] > 179
    assert circle.bounds[2] < 181


@pytest.mark.parametrize("minutes", [0, -5, float("nan"), [10, 0]])
def test_no_budget_no_reach(minutes):
    with pytest.raises(GeoError, match="finite minutes above 0"):
        reach(stations_of(STATIONS), minutes, LINE)


def test_coverage_of_a_zone():
    zone = gpd.GeoSeries([shapely.box(120, 29.95, 120.2, 30.05), shapely.box(120.2, 29.95, 120.3, 30.05)], crs=4326)
    station = stations_of([STATIONS[0]])
    shares = [covered_shares([zone], station, minutes, LINE)[0] for minutes in (5, 15, 60)]
    assert shares == sorted(shares)
    radius = 5 * 40 / 0.06
    area = sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in zone)
    assert shares[0] == pytest.approx(np.pi * radius**2 / area, abs=0.01)
    assert shares[2] == pytest.approx(1)
    assert covered_shares([zone], station.iloc[:0], 5, LINE) == 0


def test_zones_are_counted_apart_however_they_lie():
    parts = gpd.GeoSeries([shapely.box(120, 29.95, 120.2, 30.05), shapely.box(120.2, 29.95, 120.3, 30.05)], crs=4326)
    zones = [parts, parts.iloc[:1], parts.iloc[:0], parts.iloc[1:]]
    station = stations_of([STATIONS[0]])
    alone = [covered_shares([one], station, 15, LINE)[0] for one in zones]
    np.testing.assert_array_equal(covered_shares(zones, station, 15, LINE), alone)
    assert len(set(alone)) == len(zones)
    assert np.isnan(alone[2])
