"""Events of every page: the tick, the wall, errors, and an empty store."""

import json
import logging
from datetime import UTC, datetime

import pytest

from casework.figures import Board
from layers import WALL_LAYERS
from layers.view import View
from pages import wall
from tests.callbacks.web import Web
from tests.world import IN_FORCE, E, W
from words import translator

VIEW = View(lang="en")


def look(web, view=VIEW, page="/wall?lang=en"):
    pulse = web.fire("tick", {}, "tick.n_intervals")["pulse.data"]
    return web.fire("look", {"pulse.data": pulse, "view.data": view.query()}, "pulse.data", page=page)


def test_a_tick_tells_only_what_changed(web, desk, clock):
    pulse = web.fire("tick", {}, "tick.n_intervals")["pulse.data"]
    assert web.fire("tick", {"pulse.data": pulse}, "tick.n_intervals").changed == {}
    desk.agreements.remove(IN_FORCE, 1)
    later = web.fire("tick", {"pulse.data": pulse}, "tick.n_intervals")["pulse.data"]
    assert {k for k, v in later["versions"].items() if v != pulse["versions"][k]} == {"agreements"}
    clock.at = datetime(2026, 6, 11, 16, tzinfo=UTC)
    assert web.fire("tick", {"pulse.data": later}, "tick.n_intervals")["pulse.data"]["versions"]["day"]


def test_the_wall_shows_what_needs_a_decision(web, desk):
    answer = look(web)
    assert '"13 incidents"' in answer.text
    assert "can be there" in answer.text
    assert answer["wall-scene.data"]["sources"].keys() == {layer.key for layer in WALL_LAYERS}
    desk.patrols.keep(desk.patrols.propose(E, W, desk.figures.board().urgent[0].selection, 1, desk.today()))
    assert "Nothing across the line waits for a decision." in look(web).text


def test_the_wall_waits_for_a_pulse(web):
    assert web.fire("look", {"view.data": ""}).changed == {}


def test_the_wall_turns_at_midnight(web, clock):
    before = look(web)
    clock.at = datetime(2026, 7, 2, tzinfo=UTC)
    after = look(web)
    assert after["wall-scene.data"]["sources"]["zones"] != before["wall-scene.data"]["sources"]["zones"]
    assert "North" not in before.text
    assert "北区" in after.text


@pytest.mark.parametrize(
    ("language", "page", "words"),
    [
        ("zh", "/wall", "发生意外错误"),
        ("zh", "/wall?lang=en", "Something unexpected happened"),
        ("en", "/wall", "Something unexpected happened"),
        ("en", "/wall?lang=zh", "发生意外错误"),
        ("en", "/wall?lang=english", "Something unexpected happened"),
    ],
)
def test_what_nobody_expected_is_said_in_the_language_of_the_page_and_logged(
    desk, monkeypatch, caplog, language, page, words
):
    web = Web(desk, language)

    def broken():
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(desk.figures, "board", broken)
    with caplog.at_level(logging.ERROR, "lianfang"):
        answer = web.fire("look", {"pulse.data": {}, "view.data": ""}, "pulse.data", page=page)
    assert answer.changed.keys() == {"notice.children"}
    assert answer.notice.startswith(words)
    assert "inside" not in answer.notice
    assert "ZeroDivisionError" in caplog.text


def test_what_the_engine_refuses_is_said_as_it_is(desk):
    web = Web(desk)
    values = {"view.data": View(a=E, b=W, agreement=IN_FORCE).query(), "map-click.data": {"lon": None, "lat": 30.9}}
    values["pick-mode.data"] = "start"
    answer = web.fire("point", values, "map-click.data")
    assert answer.changed.keys() == {"notice.children"}


EMPTY = {
    "settle": {"view.data": ""},
    "paint": {"view.data": "", "pulse.data": {}},
    "show_zone": {"view.data": ""},
    "show_sides": {"view.data": "lang=en"},
    "list_incidents": {"view.data": ""},
    "show_picked": {"view.data": "lang=en"},
    "list_patrols": {"view.data": ""},
    "tick": {},
    "propose": {"view.data": "", "patrol-day.value": "2026-06-12"},
    "keep_agreement": {"view.data": "lang=en", "agreement-title.value": ""},
    "look": {"view.data": "lang=en", "pulse.data": {}},
    "point": {"view.data": "", "map-click.data": {"lon": 1.0, "lat": 1.0, "within_deg": 1.0, "cluster": None}},
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("sides", ["", "&a=e&b=w&agreement=e-w-1&selected=cluster:1"])
def test_on_an_empty_store_every_event_is_answered(empty_web, caplog, name, sides):
    values = dict(EMPTY[name])
    if "view.data" in values:
        values["view.data"] += sides
    answer = empty_web.fire(name, values)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    expected = {"keep_agreement": "Choose two sides first."}
    if sides and name == "propose":
        assert answer.notice.startswith("该时段在当前筛选下没有聚集区 1")
    else:
        assert answer.notice == expected.get(name)


def test_an_empty_store_says_what_to_do(empty_web):
    for name in ("show_sides", "look"):
        said = empty_web.fire(name, EMPTY[name]).text
        assert ".venv/bin/python app.py load boundaries FILE --datum DATUM" in said
        assert ".venv/bin/python app.py demo" in said
        assert "wgs84, cgcs2000, gcj02, bd09 or EPSG:n" in said


def test_a_wall_without_incidents_says_how_to_load_them():
    board = Board((), 1, 0, 0, None, None, None)
    (card,) = wall.cards(board, {E: "East"}, [], [], "UTC", translator("en"))
    assert ".venv/bin/python app.py load incidents FILE --datum DATUM" in str(card)


def test_a_chart_of_nothing_leaves_the_ground_of_the_page(empty_web):
    figure = empty_web.fire("show_sides", EMPTY["show_sides"])["time.figure"]
    assert figure["data"] == []
    assert figure["layout"]["paper_bgcolor"] == figure["layout"]["plot_bgcolor"] == "rgba(0,0,0,0)"
    # Charts that nothing has filled yet are no other.
    page = empty_web.page("/", lang="en").text
    assert page.count('"type": "Graph"') - page.count('"id": "map"') == page.count(json.dumps(figure)) > 1


def test_no_two_callbacks_share_a_name_but_for_the_tables(web):
    names = [spec["callback"].__name__ for spec in web.app.callback_map.values() if "callback" in spec]
    # Dash adds a callback of its own for each button that calls work off.
    assert {name for name in names if names.count(name) > 1} <= {"pick", "cancel_call"}
