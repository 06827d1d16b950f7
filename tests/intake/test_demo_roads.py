"""The simulated roads: over land, connected, with few bridges, the same again by the same seed."""

from datetime import date

import numpy as np
import pytest
import shapely

from geo.reach import lonlat
from geo.roads import Roads
from geo.streets import RoadClass
from intake.demo.generate import demo
from intake.demo.places import COUNTIES, LAKE


@pytest.fixture(scope="module")
def made():
    return demo(date(2026, 6, 1))


def test_nobody_drives_over_the_lake(made):
    streets = made.streets
    lines = shapely.linestrings(np.stack((streets.lonlat[streets.begins], streets.lonlat[streets.ends]), axis=1))
    assert not shapely.intersects(LAKE, lines).any()
    assert streets.simulated
    assert "simulated" in streets.source


def test_the_same_seed_draws_the_same_roads(made):
    again = demo(date(2026, 6, 1)).streets
    assert np.array_equal(again.lonlat, made.streets.lonlat)
    assert np.array_equal(again.begins, made.streets.begins)
    assert np.array_equal(again.classes, made.streets.classes)


def test_seats_lie_on_main_roads_and_every_station_gets_everywhere(made):
    streets, roads = made.streets, Roads(made.streets)
    main = np.isin(streets.classes, (RoadClass.TRUNK, RoadClass.PRIMARY, RoadClass.SECONDARY))
    assert set(range(len(COUNTIES))) <= {*streets.begins[main].tolist(), *streets.ends[main].tolist()}
    stations = made.stations.iloc[::20]
    assert np.isfinite(roads.minutes(lonlat(stations), lonlat(made.stations))).all()
    assert (roads.provider, roads.simulated) == ("roads (simulated)", True)


def test_few_ways_lead_from_city_to_city(made):
    county, at = made.jurisdictions.sindex.query(shapely.points(made.streets.lonlat), predicate="within")[::-1]
    city = np.full(len(made.streets.lonlat), "    ")
    city[at] = made.jurisdictions["id"].str[:4].to_numpy(dtype=str)[county]
    across = city[made.streets.begins] != city[made.streets.ends]
    assert 0 < across.mean() < 0.02
