"""Stations and what they reach, against distances on the ellipsoid."""

import math

import numpy as np
import pytest
import shapely

from casework.desk import Desk
from casework.people import Actor
from casework.rules import Rules
from geo.travel import StraightLine
from tests import world
from tests.geo.road_towns import streets_of
from tests.world import ISLAND, STRADDLING, E, N, W, metres


def test_stations_and_firms_of_some_or_all(desk):
    assert len(desk.stations.of()) == len(world.stations())
    assert desk.stations.of(E)["id"].tolist() == ["s-e-squad", "s-e-team"]
    assert desk.stations.of(ISLAND).empty
    assert len(desk.stations.firms()) == len(world.firms())
    assert set(desk.stations.firms(E, N)["id"]) == {"f-e-red", "f-e-far", "f-n-red"}


def test_only_a_station_with_officers_reaches_anything(desk):
    assert desk.stations.reach(E)["station_id"].tolist() == ["s-e-team"]
    assert set(desk.stations.reach()["station_id"]) == {"s-e-team", "s-w-joint", "s-w-squad", "s-w-team"}
    assert desk.stations.reach(N).empty
    circle = desk.stations.reach(E).geometry.iloc[0]
    corners = shapely.get_coordinates(circle.exterior)
    # 30 minutes at 40 km/h.
    assert metres(120.38, 30.90, *corners.T) == pytest.approx(20_000, abs=1)


def test_the_first_station_is_the_nearest_with_officers(desk):
    for side, name in ((E, "East team"), (W, "West squad")):
        arrival = desk.stations.first(*STRADDLING, side)
        manned = world.stations().query("n_officers > 0 and jurisdiction_id == @side")
        minutes = metres(manned.geometry.x, manned.geometry.y, *STRADDLING) / 1000 / 40 * 60
        assert arrival.station_name == name
        assert arrival.minutes == pytest.approx(minutes.min())


def test_a_side_without_officers_never_arrives(desk):
    assert desk.stations.first(*STRADDLING, N) is None
    assert desk.stations.first(*STRADDLING, ISLAND) is None


def test_the_covered_share_is_by_area(desk):
    zone = desk.agreements.zones(world.IN_FORCE)
    reached = shapely.union_all(desk.stations.reach(E).geometry.to_numpy())
    whole = zone.union_all()
    by_hand = world.area_m2(whole.intersection(reached)) / world.area_m2(whole)
    assert desk.stations.covered_share(zone, E) == pytest.approx(by_hand, abs=0.01)
    assert 0 < by_hand <= 1
    assert desk.stations.covered_share(zone, N) == 0
    assert desk.stations.covered_share(zone) == pytest.approx(1)
    assert math.isnan(desk.stations.covered_share(zone.iloc[:0], E))


def test_an_empty_store_reaches_nothing(empty_desk):
    assert empty_desk.stations.of().empty
    assert empty_desk.stations.firms(E).empty
    assert empty_desk.stations.reach().empty


def test_roads_that_were_loaded_take_the_place_of_the_straight_line(desk):
    assert desk.stations.travel.provider == "straight-line"
    streets = streets_of([[119.0, 30.0], [121.0, 30.0]], [[0, 1]], simulated=True)
    desk._store.keep_roads(streets)
    assert desk.stations.travel.provider == "roads (simulated)"
    assert desk.stations.travel is desk.stations.travel


def test_the_operator_calibrates_the_roads(desk):
    streets = streets_of([[119.0, 30.0], [121.0, 30.0]], [[0, 1]])
    desk._store.keep_roads(streets)
    slow = Desk(desk._store, Actor(), desk.clock, Rules(road_speed=0.5))
    ends = np.array([[119.5, 30.0], [120.5, 30.0]])
    usual, longer = (one.stations.travel.minutes(ends[:1], ends[1:])[0, 0] for one in (desk, slow))
    assert longer == pytest.approx(2 * usual, rel=0.01)


def test_whom_the_desk_is_given_goes_before_all_roads(desk):
    desk._store.keep_roads(streets_of([[119.0, 30.0], [121.0, 30.0]], [[0, 1]]))
    given = StraightLine(10)
    assert Desk(desk._store, Actor(), desk.clock, Rules(), given).stations.travel is given
