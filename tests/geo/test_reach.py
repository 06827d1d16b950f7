"""Reach, nearest first, coverage and gaps: against the matrix of times, and what must grow with the budget."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.covered import coverage, covered_share, gaps
from geo.errors import FrameError, GeoError
from geo.reach import lonlat, nearest, reach
from geo.travel import StraightLine
from tests.geo.specimens import stations_of

GEOD = pyproj.Geod(ellps="WGS84")
LINE = StraightLine(40)
STATIONS = [
    ("e1", "team", "e", 4, 120.1, 30.0),
    ("e2", "squad", "e", 2, 120.3, 30.1),
    ("w1", "squad", "w", 3, 119.8, 30.0),
]


def points(*lonlat):
    xy = np.reshape(lonlat, (-1, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=4326)


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


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_nearest_equals_the_matrix(seed):
    rng = np.random.default_rng(seed)
    rows = [(f"s{k}", "team", "e", 1, *rng.uniform((119, 29), (121, 31))) for k in rng.permutation(7)]
    stations, spots = stations_of(rows), points(*rng.uniform(119, 121, (30, 2)) - [0, 90])
    home, side = rng.choice(["a", "b"], 7), [*rng.choice(["a", "b", "c"], 29), None]
    found = nearest(spots, stations, LINE, home, side)
    matrix = LINE.minutes(lonlat(stations), lonlat(spots)).T
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
    assert nearest(points(120.1, 30.0), stations, LINE, ["e", "w"], ["e"])["station_id"].tolist() == ["a"]


def test_no_station_at_all():
    row = nearest(points(120.1, 30.0), stations_of(STATIONS).iloc[:0], LINE, [], ["e"]).iloc[0]
    assert row["station_id"] is None
    assert np.isnan(row["minutes"])


def test_what_nearest_refuses():
    stations = stations_of(STATIONS)
    with pytest.raises(GeoError, match="2 sides for 3 stations and 1 for 1 places"):
        nearest(points(120.1, 30.0), stations, LINE, ["e", "w"], ["e"])
    with pytest.raises(FrameError, match="points in EPSG:4326"):
        nearest(points(120.1, 30.0).to_crs(4549), stations, LINE, ["e", "e", "w"], ["e"])


def test_coverage_of_a_zone():
    zone = gpd.GeoSeries([shapely.box(120, 29.95, 120.2, 30.05), shapely.box(120.2, 29.95, 120.3, 30.05)], crs=4326)
    station = stations_of([STATIONS[0]])
    shares = [covered_share(zone, station, minutes, LINE) for minutes in (5, 15, 60)]
    assert shares == sorted(shares)
    radius = 5 * 40 / 0.06
    area = sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in zone)
    assert shares[0] == pytest.approx(np.pi * radius**2 / area, abs=0.01)
    assert shares[2] == pytest.approx(1)
    assert covered_share(zone, station.iloc[:0], 5, LINE) == 0


class TwoIslands(StraightLine):
    """Nobody crosses 120 degrees east, and nobody goes west as fast as east."""

    def minutes(self, origins, destinations, within=np.inf):
        found = super().minutes(origins, destinations, within)
        found = np.where(origins[:, :1] > destinations[None, :, 0], 2 * found, found)
        return np.where((origins[:, :1] < 120) != (destinations[None, :, 0] < 120), np.inf, found)

    def first(self, origins, destinations, within=np.inf):
        found = self.minutes(origins, destinations, within)
        if not len(origins):
            return np.full(len(destinations), -1), np.full(len(destinations), np.inf)
        return np.where(np.isinf(found.min(axis=0)), -1, found.argmin(axis=0)), found.min(axis=0)


def test_where_there_is_no_way_there_is_no_station_and_no_time():
    stations, spots = stations_of(STATIONS), points(119.9, 30.0, 120.2, 30.0)
    found = nearest(spots, stations, TwoIslands(40), ["e", "e", "w"], ["e", "w"])
    assert found["station_id"].tolist() == ["w1", "e1"]
    assert found["own_station_id"].tolist() == [None, None]
    assert found["own_minutes"].isna().all()
    assert found["saved_min"].isna().all()


@pytest.mark.parametrize("arriving", [False, True])
def test_coverage_by_a_by_b_and_by_either(arriving):
    stations, travel = stations_of(STATIONS), TwoIslands(40)
    rng = np.random.default_rng(5)
    spots = points(*rng.uniform((119.5, 29.8), (120.5, 30.2), (40, 2)).ravel())
    of_a, of_b = [True, True, False], [True, False, True]
    found = coverage(spots, stations, 20, travel, of_a, of_b, arriving=arriving)
    matrix = travel.minutes(lonlat(stations), lonlat(spots))
    if arriving:
        matrix = travel.minutes(lonlat(spots), lonlat(stations)).T
    for name, some in (("a", of_a), ("b", of_b)):
        soonest = matrix[some].min(axis=0)
        assert found[f"by_{name}"].tolist() == (soonest <= 20).tolist()
        assert found[f"{name}_minutes"].to_numpy() == pytest.approx(
            np.where(np.isinf(soonest), np.nan, soonest), nan_ok=True
        )
    assert found["covered"].tolist() == (matrix.min(axis=0) <= 20).tolist()
    assert found["a_minutes"].isna().any()
    assert set(found["provider"]) == {"straight-line"}
    left = gaps(found, np.arange(40) % 7)
    assert not left["covered"].any()
    assert len(left) == (~found["covered"]).sum() > 5
    ranks = list(zip(-left["risk"], -left["minutes"].fillna(np.inf), strict=True))
    assert ranks == sorted(ranks)


def test_coverage_without_stations_covers_nothing():
    found = coverage(points(120.1, 30.0), stations_of(STATIONS).iloc[:0], 20, LINE, [], [])
    assert found[["by_a", "by_b", "covered"]].to_numpy().tolist() == [[False, False, False]]


def test_what_coverage_and_gaps_refuse():
    stations, spots = stations_of(STATIONS), points(120.1, 30.0)
    with pytest.raises(GeoError, match="finite minutes above 0"):
        coverage(spots, stations, 0, LINE, [True] * 3, [True] * 3)
    with pytest.raises(GeoError, match="2 and 3 stations of sides A and B"):
        coverage(spots, stations, 20, LINE, [True] * 2, [True] * 3)
    with pytest.raises(GeoError, match="2 risks for 1 places"):
        gaps(coverage(spots, stations, 20, LINE, [True] * 3, [True] * 3), [1, 2])
