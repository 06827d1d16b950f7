"""Tracks are read again by gpxpy."""

from xml.etree import ElementTree as ET

import gpxpy
import pytest

from casework.errors import NotFoundError
from exports.texts import one_line
from exports.track import track

NAMESPACE = "{http://www.topografix.com/GPX/1/1}"


def test_the_route_leaves_the_station_visits_the_stops_and_comes_back(told):
    crew = told.plan.crews[0]
    file = gpxpy.parse(track(told, "k1", "en"))
    (route,) = file.routes
    assert [(one.longitude, one.latitude) for one in route.points] == [
        (crew.lon, crew.lat), *((stop.lon, stop.lat) for stop in crew.stops), (crew.lon, crew.lat),
    ]  # fmt: skip
    assert [one.name for one in route.points] == [
        "0 West team",
        "1 East red",
        "2 West yellow",
        "3 Cluster 1",
        "4 West team",
    ]
    assert [one.time for one in route.points] == [crew.leave_at, *(stop.start_at for stop in crew.stops), crew.back_at]
    assert [one.name for one in file.waypoints] == ["0 West team", "1 East red", "2 West yellow", "3 Cluster 1"]
    assert file.name == "Crew 1 · Friday on the line"
    assert file.time == told.made_at


@pytest.mark.parametrize(("lang", "words"), [("en", "Coordinates are WGS 84"), ("zh", "WGS-84")])
def test_it_is_gpx_1_1_and_names_its_datum(told, lang, words):
    page = track(told, "k2", lang)
    root = ET.fromstring(page)  # noqa: S314  # our own file
    assert root.tag == f"{NAMESPACE}gpx"
    assert root.attrib["version"] == "1.1"
    assert words in gpxpy.parse(page).description


def test_hostile_words_come_through_as_words(hostile):
    for crew in hostile.plan.crews:
        file = gpxpy.parse(track(hostile, crew.id, "en"))
        names = [one.name for one in file.routes[0].points]
        assert names == [
            f"0 {one_line(crew.station_name)}",
            *(f"{n} {one_line(stop.title)}" for n, stop in enumerate(crew.stops, 1)),
            f"{len(crew.stops) + 1} {one_line(crew.station_name)}",
        ]


def test_a_crew_that_is_none_has_no_track(told):
    with pytest.raises(NotFoundError, match="no crew k9"):
        track(told, "k9", "en")
