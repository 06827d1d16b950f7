"""Straight-line reach: against the ellipsoid, and what must grow with the budget."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import FrameError, GeoError
from geo.reach import covered_share, nearest, reach, travel_min
from tests.geo.specimens import stations_of

GEOD = pyproj.Geod(ellps="WGS84")
STATIONS = [
    ("e1", "team", "e", 4, 120.1, 30.0),
    ("e2", "squad", "e", 2, 120.3, 30.1),
    ("w1", "squad", "w", 3, 119.8, 30.0),
]


def points(*lonlat):
    xy = np.reshape(lonlat, (-1, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=4326)


def test_travel_is_distance_over_speed():
    minutes = travel_min([120, 121], [30, 30], [120, 122, 123], [31, 30, 30], 30)
    assert minutes.shape == (2, 3)
    assert minutes[1, 2] == pytest.approx(GEOD.inv(121, 30, 123, 30)[2] / 500)
    assert travel_min([120], [30], [], [], 30).shape == (1, 0)


@pytest.mark.parametrize("kmh", [0, -1, float("nan"), float("inf")])
def test_no_speed_no_answer(kmh):
    with pytest.raises(GeoError, match="a speed above 0"):
        travel_min([0], [0], [1], [1], kmh)


def test_circles_lie_at_their_distance_and_say_they_saw_no_road():
    circles = reach(stations_of(STATIONS), [15, 30], 40)
    assert circles["station_id"].tolist() == ["e1", "e1", "e2", "e2", "w1", "w1"]
    assert set(circles["provider"]) == {"straight-line"}
    assert set(circles["error"]) == {0.5}
    rim = shapely.get_coordinates(circles.geometry[1])
    assert GEOD.inv(np.full(len(rim), 120.1), np.full(len(rim), 30.0), *rim.T)[2] == pytest.approx([20_000] * len(rim))
    assert circles.geometry[1].exterior.is_ccw


@given(st.floats(1, 60), st.floats(1, 3), st.floats(-60, 60))
@settings(max_examples=25, deadline=None)
def test_reach_grows_with_the_budget(minutes, factor, lat):
    station = stations_of([("s", "team", "e", 2, 10.0, lat)])
    small, large = reach(station, [minutes, minutes * factor], 40).geometry
    assert shapely.covers(shapely.buffer(large, 1e-9), small)


def test_a_circle_over_the_antimeridian_stays_round():
    circle = reach(stations_of([("s", "team", "e", 2, 179.9, 0.0)]), 30, 40).geometry[0]
    assert circle.bounds[0] > 179
    assert circle.bounds[2] < 181


@pytest.mark.parametrize("minutes", [0, -5, float("nan"), [10, 0]])
def test_no_budget_no_reach(minutes):
    with pytest.raises(GeoError, match="finite minutes above 0"):
        reach(stations_of(STATIONS), minutes, 40)


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_nearest_equals_the_matrix(seed):
    rng = np.random.default_rng(seed)
    rows = [(f"s{k}", "team", "e", 1, *rng.uniform((119, 29), (121, 31))) for k in rng.permutation(7)]
    stations, spots = stations_of(rows), points(*rng.uniform(119, 121, (30, 2)) - [0, 90])
    home, side = rng.choice(["a", "b"], 7), [*rng.choice(["a", "b", "c"], 29), None]
    found = nearest(spots, stations, 40, home, side)
    matrix = travel_min(spots.geometry.x, spots.geometry.y, stations.geometry.x, stations.geometry.y, 40)
    assert found["minutes"].to_numpy() == pytest.approx(matrix.min(axis=1))
    assert found["station_id"].tolist() == stations["id"].to_numpy()[matrix.argmin(axis=1)].tolist()
    for k, row in enumerate(found.itertuples()):
        own = matrix[k][home == side[k]]
        if len(own):
            assert row.own_minutes == pytest.approx(own.min())
            assert row.saved_min == pytest.approx(own.min() - matrix[k].min())
        else:
            assert row.own_station_id is None
            assert np.isnan(row.saved_min)
    assert (found["saved_min"].dropna() >= 0).all()
    assert set(found["provider"]) == {"straight-line"}


def test_of_equally_near_stations_the_lesser_id():
    stations = stations_of([("z", "team", "e", 2, 120.0, 30.0), ("a", "team", "w", 2, 120.0, 30.0)])
    assert nearest(points(120.1, 30.0), stations, 40, ["e", "w"], ["e"])["station_id"].tolist() == ["a"]


def test_no_station_at_all():
    row = nearest(points(120.1, 30.0), stations_of(STATIONS).iloc[:0], 40, [], ["e"]).iloc[0]
    assert row["station_id"] is None
    assert np.isnan(row["minutes"])


def test_what_nearest_refuses():
    stations = stations_of(STATIONS)
    with pytest.raises(GeoError, match="2 sides for 3 stations and 1 for 1 places"):
        nearest(points(120.1, 30.0), stations, 40, ["e", "w"], ["e"])
    with pytest.raises(FrameError, match="points in EPSG:4326"):
        nearest(points(120.1, 30.0).to_crs(4549), stations, 40, ["e", "e", "w"], ["e"])


def test_coverage_of_a_zone():
    zone = gpd.GeoSeries([shapely.box(120, 29.95, 120.2, 30.05), shapely.box(120.2, 29.95, 120.3, 30.05)], crs=4326)
    station = stations_of([STATIONS[0]])
    shares = [covered_share(zone, reach(station, minutes, 40)) for minutes in (5, 15, 60)]
    assert shares == sorted(shares)
    radius = 5 * 40 / 0.06
    area = sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in zone)
    assert shares[0] == pytest.approx(np.pi * radius**2 / area, rel=2e-3)
    assert shares[2] == pytest.approx(1)
    assert covered_share(zone, reach(station.iloc[:0], 5, 40)) == 0
