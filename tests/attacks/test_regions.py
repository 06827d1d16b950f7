"""Another region's ids in addresses and events, by everybody who may not see them, over both engines as plain roles."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import mapbox_vector_tile
import pytest
import sqlalchemy as sa

from callbacks.planner.fields import base_of
from layers import LAYERS
from layers.view import View
from store import schema
from tests.attacks import people
from tests.attacks.conftest import postgis_url
from tests.attacks.test_forged import DOOR, events, question
from tests.attacks.words import told_inside
from tests.store.postgis_database import WEB
from tests.world import IN_FORCE, TODAY, E, N, W

TILE = "/tiles/incidents/{z}/{x}/{y}.pbf"
# Everything of the world in one, and the zone of the agreement in four.
TILES = ((0, 0, 0), (8, 213, 104), (8, 213, 105), (10, 854, 418), (11, 1708, 837))
# Incidents of East and of West that an attacker has heard of.
ASKED = ("id-e-0-", "id-e-1-", "id-w-8-", "id-w-9-")
# Who may do least and most of those who see cases, and those who see other things; the truth table has every role.
STRANGERS = [f"{role}-{N}" for role in ("viewer", "commander", "auditor", "administrator")]
NEIGHBOURS = [f"{role}-{W}" for role in ("viewer", "commander")]


@pytest.fixture(scope="module", params=["sqlite", "postgis"])
def signed(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("regions")
    if request.param == "sqlite":
        url = door = f"sqlite:///{folder / 'regions.sqlite'}"
    else:
        url = postgis_url(request)
        door = request.getfixturevalue("database").url("lianfang_web", WEB, "lianfang")
    with ExitStack() as open_now:
        operators, web, made = people.opened(url, door, folder)
        open_now.enter_context(operators)
        open_now.enter_context(web)
        people.fill(made.store)
        yield made


def hidden(answer, *regions):
    """Words of these regions that an answer tells, beside the ids that were asked for."""
    said = answer.get_data().decode(errors="replace")
    assert told_inside(said) == []
    for asked in ASKED:
        said = said.replace(asked, "")
    marks = [mark for one in regions for mark in (f"hidden-{one}-", f"id-{one}-")]
    if {E, W} <= set(regions):
        marks.append("parties-only")
    return [one for one in (*marks, "hidden-phone") if one in said]


def not_theirs(person):
    """Regions whose words somebody may not read."""
    return {"e": (N, W), "n": (E, W), "w": (E, N)}[person[-1]]


def views(_desk):
    """Views that name what is somebody else's."""
    picks = ["firm:f-e-far", "firm:f-w-red", *(f"incident:{one}" for one in ASKED)]
    base = View(lang="en", a=E, b=W, agreement=IN_FORCE, show=("firms", "hotspots", "visits"), plan="p-e-w")
    return [base, *(base.but(selected=one) for one in picks)]


@pytest.mark.parametrize("person", [*STRANGERS, *NEIGHBOURS])
def test_no_layer_tells_what_is_somebody_elses(signed, person):
    client = signed.browser(person)
    for view in views(signed.operator):
        for key in LAYERS:
            answer = client.get(f"/map/{key}.geojson?{view.query()}")
            assert answer.status_code in {200, 404, 409, 422}, key
            assert hidden(answer, *not_theirs(person)) == [], key


@pytest.mark.parametrize("person", [*STRANGERS, *NEIGHBOURS])
def test_no_tile_holds_what_is_somebody_elses(signed, person):
    client = signed.browser(person)
    for z, x, y in TILES:
        answer = client.get(TILE.format(z=z, x=x, y=y))
        assert answer.status_code == 200
        found = mapbox_vector_tile.decode(answer.data).get("incidents", {}).get("features", [])
        assert hidden(answer, *not_theirs(person)) == []
        if person in STRANGERS:
            assert all("id-n-" in str(one["properties"].get("id", "id-n-")) for one in found)


@pytest.mark.parametrize("person", [*STRANGERS, *NEIGHBOURS])
@pytest.mark.parametrize("path", ["/", "/plans", "/wall"])
def test_no_page_and_no_file_tells_it(signed, person, path):
    client = signed.browser(person)
    for view in views(signed.operator):
        known = next(one for one in signed.app.callback_map if one.startswith(".._pages_content.children"))
        body = question(known, signed.app.callback_map[known], None)
        body["inputs"][0]["value"], body["inputs"][1]["value"] = path, f"?{view.query()}"
        answer = client.post(DOOR, json=body)
        assert answer.status_code == 200
        assert hidden(answer, *not_theirs(person)) == []
    if person in STRANGERS:
        for name in ("1.html", "2.ics", "1.gpx", "all.xlsx"):
            assert client.get(f"/plans/p-e-w/{name}").status_code in {403, 404, 409}


class _Fired:
    """An event of the app, found by the web's own means."""

    def __init__(self, app):
        self.app = app


def forged(signed):
    """Every event there is, with somebody else's ids wherever an id can stand."""
    query, kept = views(signed.operator)[1].query(), signed.operator.agreements.get(IN_FORCE)
    words = {
        "view.data": query, "pulse.data": {}, "agreement.value": IN_FORCE, "side-a.value": E, "side-b.value": W,
        "plans-side-a.value": E, "plans-side-b.value": W, "plans-table.selectedRows": [{"key": "p-e-w", "id": "p-e-w"}],
        "undo.data": {"agreement": IN_FORCE, "version": kept.version},
        "agreement-base.data": base_of(kept), "plans-day.value": "2026-06-12",
    }  # fmt: skip
    for name, output, known in events(_Fired(signed.app)):
        body = question(output, known, None)
        for one in [*body["inputs"], *body["state"]]:
            one["value"] = words.get(f"{one['id']}.{one['property']}")
        for place in range(len(body["inputs"])):
            first = body["inputs"][place]
            yield name, body | {"changedPropIds": [f"{first['id']}.{first['property']}"]}


def counts(store):
    with store._database._engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in schema.METADATA.sorted_tables
            if table.name not in {"audit", "audit_head", "attempts"}
        }


@pytest.mark.parametrize("person", [*STRANGERS, f"viewer-{W}"])
def test_no_event_tells_it_or_changes_anything(signed, person):
    client, before = signed.browser(person), counts(signed.store)
    kept = signed.operator.agreements.get(IN_FORCE)
    for name, body in forged(signed):
        answer = client.post(DOOR, json=body)
        assert answer.status_code in {200, 204, 403}, name
        assert hidden(answer, *not_theirs(person)) == [], name
    assert counts(signed.store) == before
    assert signed.operator.agreements.get(IN_FORCE) == kept


def test_a_screen_writes_nothing_and_reads_no_words(signed):
    _device, token = signed.operator.accounts.add_device("Wall", (W,))
    client, before = signed.app.server.test_client(), counts(signed.store)
    assert client.get(f"/wall?token={token}&lang=en").status_code == 302
    refused = 0
    for name, body in forged(signed):
        answer = client.post(DOOR, json=body)
        assert answer.status_code in {200, 204, 403}, name
        refused += answer.status_code == 403
        # Clusters are told by the ids they hold.
        assert [one for one in hidden(answer, E, N, W) if "hidden" in one] == [], name
        assert hidden(answer, N) == [], name
    assert refused > 50
    for key in LAYERS:
        answer = client.get(f"/map/{key}.geojson?a={E}&b={W}&lang=en")
        assert answer.status_code in {200, 403, 404, 409, 422}
        assert hidden(answer, E, N, W) == []
    assert client.get(TILE.format(z=0, x=0, y=0)).status_code == 403
    for way in ("put", "delete", "patch", "post"):
        assert getattr(client, way)("/map/zones.geojson").status_code in {403, 405}
    assert counts(signed.store) == before


def test_whoever_has_not_signed_in_gets_nothing(signed):
    client = signed.app.server.test_client()
    for key in LAYERS:
        assert client.get(f"/map/{key}.geojson?a={E}&b={W}").status_code == 401
    assert client.get(TILE.format(z=0, x=0, y=0)).status_code == 401
    assert client.get("/plans/p-e-w/1.html").status_code in {302, 401}
    for _name, body in forged(signed):
        assert client.post(DOOR, json=body).status_code == 401


def test_a_tile_of_a_zone_no_longer_in_force_is_empty_whatever_its_address_says(signed):
    client = signed.browser(f"viewer-{W}")
    plain = TILE.format(z=8, x=213, y=104)
    versions = "-".join(str(one) for one in signed.operator.versions().values())
    addresses = (plain, f"{plain}?v={versions}", f"{plain}?v=1", f"{plain}?since=2026-01-01")
    during = [_points(client.get(one)) for one in addresses]
    try:
        gone = signed.operator.agreements.remove(IN_FORCE, signed.operator.agreements.get(IN_FORCE).version)
        after = [_points(client.get(one)) for one in addresses]
    finally:
        signed.operator.agreements.restore(IN_FORCE, gone.version)
    assert all(len(one) < len(before) for one, before in zip(after, during, strict=True))


def test_a_tile_of_a_zone_is_empty_the_day_after_its_last(signed):
    kept = signed.operator.agreements.get(IN_FORCE)
    client, plain = signed.browser(f"viewer-{W}"), TILE.format(z=8, x=213, y=104)
    signed.operator.agreements.save(replace(kept, valid_to=TODAY))
    during, before = _points(client.get(plain)), signed.clock.at
    try:
        signed.clock.at = before + timedelta(days=1)
        client = signed.browser(f"viewer-{W}", anew=True)
        after = _points(client.get(plain))
    finally:
        signed.clock.at = before
        signed.operator.agreements.save(replace(kept, version=kept.version + 1))
    assert len(after) < len(during)


def _points(answer):
    """Every point in a tile; those that share what is told of them come as one feature."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = [one["geometry"] for one in mapbox_vector_tile.decode(answer.data)["incidents"]["features"]]
    return [
        tuple(point)
        for one in found
        for point in (one["coordinates"] if one["type"] == "MultiPoint" else [one["coordinates"]])
    ]
