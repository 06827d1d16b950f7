"""OpenStreetMap extracts: what tags say of a way, and files that are not what they should be."""

import os
from datetime import date
from pathlib import Path

import numpy as np
import osmium
import pytest

from geo.roads import Roads
from geo.streets import RoadClass
from intake.errors import FileError
from intake.osm import drive, read_osm

DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", Path(__file__).parents[2] / "../shared/data")) / "roads"
EXTRACT = DATA / "liechtenstein-latest.osm.pbf"
published = pytest.mark.skipif(not EXTRACT.is_file(), reason="LIANFANG_REFERENCE_DATA holds no roads")


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"highway": "primary"}, (RoadClass.PRIMARY, 75, 3)),
        ({"highway": "primary", "maxspeed": "80"}, (RoadClass.PRIMARY, 80, 3)),
        ({"highway": "primary", "maxspeed": "30 mph"}, (RoadClass.PRIMARY, pytest.approx(48.28032), 3)),
        ({"highway": "primary", "maxspeed": "none"}, (RoadClass.PRIMARY, 75, 3)),
        ({"highway": "primary", "maxspeed": "0"}, (RoadClass.PRIMARY, 75, 3)),
        ({"highway": "living_street", "maxspeed": "walk"}, (RoadClass.SERVICE, 7, 3)),
        ({"highway": "primary", "junction": "roundabout"}, (RoadClass.PRIMARY, 38, 1)),
        ({"highway": "primary_link"}, (RoadClass.PRIMARY, 64, 3)),
        ({"highway": "primary_link", "maxspeed": "60"}, (RoadClass.PRIMARY, 75, 3)),
        ({"highway": "motorway"}, (RoadClass.MOTORWAY, 105, 1)),
        ({"highway": "motorway", "oneway": "no"}, (RoadClass.MOTORWAY, 105, 3)),
        ({"highway": "residential", "oneway": "-1"}, (RoadClass.RESIDENTIAL, 35, 2)),
        ({"highway": "service", "service": "driveway"}, (RoadClass.SERVICE, 10, 3)),
        ({"highway": "track"}, (RoadClass.TRACK, 2, 3)),
        ({"highway": "track", "tracktype": "grade1", "surface": "asphalt"}, (RoadClass.TRACK, 20, 3)),
        ({"highway": "tertiary", "surface": "gravel"}, (RoadClass.TERTIARY, 25, 3)),
        ({"highway": "service", "maxspeed": "60", "surface": "gravel"}, (RoadClass.SERVICE, 50, 3)),
        ({"highway": "primary", "motor_vehicle": "no", "motorcar": "yes"}, (RoadClass.PRIMARY, 75, 3)),
        ({"highway": "residential", "access": "private"}, (RoadClass.RESIDENTIAL, 35, 3)),
    ],
)
def test_what_tags_say(tags, told):
    assert drive(tags) == told


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"},
        {"highway": "track", "access": "forestry"},
        {"highway": "residential", "motor_vehicle": "no"},
        {"highway": "service", "area": "yes"},
        {"route": "ferry", "motorcar": "no"},
        {"building": "yes"},
    ],
)
def test_where_no_car_goes(tags):
    assert drive(tags) is None


def written(path, ways):
    """A small extract with four nodes in a row, the third of them with traffic lights."""
    with osmium.SimpleWriter(str(path)) as writer:
        for k in range(4):
            tags = {"highway": "traffic_signals"} if k == 2 else {}
            writer.add_node(osmium.osm.mutable.Node(id=k + 1, location=(10 + k / 100, 47), tags=tags))
        for k, tags in enumerate(ways):
            at = "2025-03-04T05:06:07Z"
            writer.add_way(osmium.osm.mutable.Way(id=k + 1, nodes=[1, 2, 3, 4], tags=tags, timestamp=at))
    return path


def test_a_small_extract(tmp_path):
    told = []
    streets = read_osm(
        written(tmp_path / "a.osm.pbf", [{"highway": "primary", "oneway": "yes"}, {"highway": "footway"}]),
        lambda *done: told.append(done),
    )
    assert len(streets) == 3
    assert streets.lonlat[:, 0].tolist() == pytest.approx([10, 10.01, 10.02, 10.03])
    assert streets.forward.all()
    assert not streets.backward.any()
    assert streets.signals.tolist() == [2]
    assert streets.data_on == date(2025, 3, 4)
    assert streets.source == "a.osm.pbf"
    assert told


def test_a_ferry_is_left_out_until_it_is_asked_for(tmp_path):
    streets = read_osm(written(tmp_path / "a.osm.pbf", [{"route": "ferry"}]))
    assert set(streets.classes) == {RoadClass.FERRY}
    assert len(Roads(streets).graph) == 0
    assert len(Roads(streets, ferries=True).graph) > 0


def test_files_that_are_no_extract(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_osm(tmp_path / "none.osm.pbf")
    empty = tmp_path / "empty.osm.pbf"
    empty.touch()
    with pytest.raises(FileError, match="the file is empty"):
        read_osm(empty)
    with pytest.raises(FileError, match="no street in it"):
        read_osm(written(tmp_path / "paths.osm.pbf", [{"highway": "footway"}]))
    whole = written(tmp_path / "a.osm.pbf", [{"highway": "primary"}]).read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileError, match="no whole OpenStreetMap extract"):
        read_osm(tmp_path / "cut.osm.pbf")


@published
def test_a_real_extract_connects_nearly_every_pair_of_places():
    streets = read_osm(EXTRACT)
    assert streets.data_on == date(2015, 7, 27)
    roads = Roads(streets)
    box = (*streets.lonlat.min(axis=0), *streets.lonlat.max(axis=0))
    places = np.random.default_rng(1).uniform(box[:2], box[2:], (300, 2))
    near = places[roads.snap_m(places) < 3000]
    assert len(near) > 200
    times = roads.minutes(near, near)
    assert np.isinf(times).mean() <= 0.005
