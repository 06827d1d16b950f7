"""What the map fetches: every layer, its cache headers, and no garbage that is an error nobody expected."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import mapbox_vector_tile
import pytest

from callbacks import errors
from callbacks.errors import status_of
from casework import clusters
from casework.errors import BusyError, CaseError, NotFoundError, RefusedError
from casework.rules import Rules
from geo.errors import BorderError, GeoError
from layers import LAYERS
from layers.scene import address
from layers.view import View
from tests.callbacks.test_pages import GARBAGE
from tests.callbacks.web import Web
from tests.world import FUTURE, IN_FORCE, E, W

VIEW = View(lang="en", a=E, b=W, agreement=IN_FORCE, selected="cluster:1")
TILE = "/tiles/incidents/8/213/104.pbf"
KEPT = "private, max-age=3600, immutable"


def where(desk, key, view=VIEW):
    return address(LAYERS[key], view, desk.versions()).format(z=8, x=213, y=104)


@pytest.mark.parametrize("key", LAYERS)
def test_every_layer_is_served_as_geojson_and_kept_by_its_version(desk, web, key):
    path = where(desk, key).replace("/tiles/incidents/8/213/104.pbf", "/map/incidents.geojson")
    answer = web.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/geo+json")
    assert answer.headers["Cache-Control"] == KEPT
    found = json.loads(answer.data, parse_constant=pytest.fail)
    assert len(found["features"]) == len(LAYERS[key].features(desk, VIEW))
    # The outlines of the small world meet, its few incidents make nobody stand out, none was tested, no station is picked.
    assert bool(found["features"]) == (key not in {"slivers", "hotspots", "tested", "rings", "routes"})
    longest = max((len(str(one)) for one in coordinates(found)), default=0)
    assert longest <= len("-120.123456")


def coordinates(found):
    stack = [one["geometry"]["coordinates"] for one in found["features"]]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        else:
            yield one


@pytest.mark.parametrize("key", LAYERS)
def test_an_empty_store_is_served_too(empty_web, key):
    answer = empty_web.client.get(f"/map/{key}.geojson")
    assert answer.status_code == 200
    assert answer.get_json()["features"] == []


def test_a_tile_is_served_and_kept_by_its_version(desk, web):
    answer = web.client.get(where(desk, "incidents", View()))
    assert (answer.status_code, answer.mimetype) == (200, "application/x-protobuf")
    assert answer.headers["Cache-Control"] == KEPT
    assert mapbox_vector_tile.decode(answer.data)["incidents"]["features"]
    assert web.client.get(TILE).headers["Cache-Control"] == "no-cache"
    assert web.client.get("/tiles/incidents/8/0/0.pbf").data == b""


@pytest.mark.parametrize(
    "path",
    [
        "/map/nothing.geojson",
        "/tiles/nothing/0/0/0.pbf",
        "/tiles/zones/0/0/0.pbf",
        "/tiles/incidents/23/0/0.pbf",
        "/tiles/incidents/2/4/0.pbf",
        "/tiles/incidents/2/0/4.pbf",
        "/tiles/incidents/99999999999/0/0.pbf",
    ],
)
def test_what_is_not_there_is_not_found(web, path):
    assert web.client.get(path).status_code == 404


@pytest.mark.parametrize("query", GARBAGE)
def test_no_query_is_an_error_nobody_expected(web, query):
    for key in LAYERS:
        assert web.client.get(f"/map/{key}.geojson{query}").status_code in (200, 404, 409, 422)
    assert web.client.get(TILE + query).status_code == 200


def test_bytes_that_are_no_text_are_read_as_far_as_they_go(web):
    answer = web.client.get("/map/borders.geojson", environ_overrides={"QUERY_STRING": "a=\xff\xfe&lang=en"})
    assert answer.status_code == 200
    assert "border" in answer.get_json()["features"][0]["properties"]["tip"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "26 incidents are too many for a quick look (at most 25): shorten"), ("zh", "26 条")],
)
def test_a_refusal_is_said_in_the_language_of_the_view(web, monkeypatch, lang, sentence):
    monkeypatch.setattr(clusters, "MOST_INCIDENTS", 25)
    answer = web.client.get(f"/map/clusters.geojson?a=e&b=w&lang={lang}")
    assert (answer.status_code, answer.mimetype) == (409, "text/plain")
    assert sentence in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_engine_refuses_is_unprocessable(desk, web, monkeypatch):
    monkeypatch.setattr(desk.stations, "_rules", Rules(reach_kmh=0.0))
    answer = web.client.get("/map/reach.geojson?a=e&b=w")
    assert answer.status_code == 422
    assert "a speed above 0 was expected" in answer.get_data(as_text=True)


@pytest.mark.parametrize("terms", ["depth_a_m=0&depth_b_m=0", "from_m=9000&to_m=100"])
def test_terms_that_make_no_zone_show_none(web, terms):
    answer = web.client.get(f"/map/draft.geojson?a=e&b=w&{terms}")
    assert (answer.status_code, answer.get_json()["features"]) == (200, [])


def test_a_busy_store_is_unavailable_for_now(desk, web, monkeypatch):
    def busy():
        raise BusyError("Somebody else is writing; try again.")

    monkeypatch.setattr(desk, "versions", busy)
    for path in ("/map/zones.geojson", TILE):
        answer = web.client.get(path)
        assert (answer.status_code, answer.get_data(as_text=True)) == (503, "Somebody else is writing; try again.")


def test_an_address_without_a_version_is_never_answered_with_old_data(desk, web):
    before = web.client.get("/map/zones.geojson").data
    assert web.client.get("/map/zones.geojson").data == before
    desk.agreements.remove(FUTURE, 1)
    answer = web.client.get("/map/zones.geojson")
    assert answer.data != before
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_version_that_is_not_yet_cannot_be_filled_in_advance(desk, web):
    later = {**desk.versions(), "agreements": desk.versions()["agreements"] + 1}
    path = address(LAYERS["zones"], View(), later)
    early = web.client.get(path)
    assert early.headers["Cache-Control"] == "no-cache"
    desk.agreements.remove(FUTURE, 1)
    assert address(LAYERS["zones"], View(), desk.versions()) == path
    answer = web.client.get(path)
    assert answer.data != early.data
    assert answer.headers["Cache-Control"] == KEPT


def test_zones_are_drawn_anew_at_midnight(desk, web, clock):
    before = web.client.get(where(desk, "zones")).data
    clock.at = datetime(2026, 7, 1, tzinfo=UTC)
    assert web.client.get(where(desk, "zones")).data != before


def test_eight_threads_at_once_get_what_one_gets(desk):
    views = [VIEW, View(), View(a="n", b=W), VIEW.but(severity=3, lang="zh")]
    paths = [where(desk, key, view) for view in views for key in LAYERS]
    paths += [f"/tiles/incidents/{z}/{x}/{y}.pbf" for z in range(3) for x in range(2**z) for y in range(2**z)]
    alone = Web(desk)
    one_by_one = [alone.client.get(path).data for path in paths]
    together = Web(desk)

    def fetch(path):
        return together.app.server.test_client().get(path).data

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(fetch, paths * 2)) == one_by_one * 2


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("x"), 404),
        (RefusedError("x"), 409),
        (BusyError("x"), 503),
        (CaseError("x"), 400),
        (GeoError("x"), 422),
        (BorderError("x"), 422),
        (ValueError("x"), 500),
    ],
)
def test_each_error_has_its_status(error, status):
    assert status_of(error) == status
    assert isinstance(error, errors.EXPECTED) == (status != 500)
