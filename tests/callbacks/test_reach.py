"""Who gets there first, the what-if and the visits, as a browser asks for them."""

import pytest

from callbacks.planner.reach import question_of
from callbacks.planner.searching import searched
from callbacks.planner.whatif import STATION, planned
from callbacks.view import read
from casework.errors import NotFoundError, RefusedError
from casework.whatif import MOST_STEPS, Added, Closed, Moved, read_steps
from layers.view import View
from pages.planner.ids import Ids
from tests.callbacks.test_planner import CONTROLS
from tests.world import IN_FORCE, E, N, W

VIEW = View(lang="en", a=E, b=W, agreement=IN_FORCE)
QUERY = VIEW.query()
ALONE = VIEW.but(whatif=(Closed("s-e-team"), Closed("s-w-joint"), Closed("s-w-team")))


def at(tab, view=VIEW):
    return {"view.data": view.query(), "tabs.value": tab}


def kept(answer):
    a, b, text = answer["what-if-steps.data"]
    assert (a, b) == (E, W)
    return read_steps(text)


# who is first


def test_the_zone_gains_minutes_in_words(web, desk):
    gain = desk.reach.gain(question_of(desk, VIEW))
    words = web.fire("show_gain", {"view.data": QUERY}).text
    assert f"The zone gains {gain.own_min - gain.either_min:.1f} min when the border is ignored" in words
    assert f"{gain.n_sooner} of {gain.n_sites} firms and incidents in the zone are reached sooner" in words
    assert "straight line, no roads · about ±50%" in words
    assert web.fire("show_gain", {"view.data": "lang=en"})["zone-gain.children"] is None
    closed = VIEW.but(whatif=(*ALONE.whatif, Closed("s-w-squad")))
    assert "No station of East or West with officers" in web.fire("show_gain", {"view.data": closed.query()}).text
    only = VIEW.but(whatif=(Closed("s-e-team"), Closed("s-w-squad"), Closed("s-w-team")))
    words = web.fire("show_gain", {"view.data": only.query()}).text
    assert "without its joint stations" not in words
    half = VIEW.but(whatif=(Closed("s-w-squad"), Closed("s-w-team"), Closed("s-w-joint")), depth_a_m=100.0)
    assert (
        "Half of the zone is reached only when the border is ignored"
        in web.fire("show_gain", {"view.data": half.query()}).text
    )


def test_minutes_saved_are_listed_and_a_row_is_picked(web, desk):
    answer = web.fire("list_first", at("first"))
    rows = answer["first-table.rowData"]
    found = desk.reach.first(question_of(desk, VIEW))
    assert len(rows) == len(found)
    first = found.iloc[0]
    assert rows[0]["key"] == f"{first['kind']}:{first['id']}"
    assert (rows[0]["own"], rows[0]["minutes"]) == (round(first["own_min"], 1), round(first["minutes"], 1))
    assert rows[0]["station"] == first["station"]
    assert "firms and incidents have a nearer station on the other side" in answer.text
    assert "about ±50%" in answer.text
    firm = next(one for one in rows if one["key"].startswith("firm:"))
    picked = web.fire("pick", {"first-table.cellClicked": {"rowId": firm["key"]}}, "first-table.cellClicked")
    assert picked["picked.data"] == firm["key"]
    composed = web.fire("compose", CONTROLS | {"picked.data": firm["key"]}, "picked.data")
    assert read(composed["view.data"]).selected == firm["key"]
    chosen = VIEW.but(selected=firm["key"])
    assert web.fire("list_first", at("first", chosen))["first-table.rowData"]
    place = desk.stations.firms().set_index("id").geometry[firm["key"].partition(":")[2]]
    scene = web.fire("paint", {"view.data": chosen.query(), "pulse.data": {"versions": {}}})
    assert scene["planner-scene.data"]["focus"] == [place.x, place.y]
    shown = web.fire("show_picked", {"view.data": chosen.query()}).text
    assert "first from either side" in shown
    assert "min" in shown


@pytest.mark.parametrize(("name", "tab"), [("list_first", "first"), ("list_gaps", "gaps"), ("compare", "whatif")])
def test_a_tab_behind_waits(web, name, tab):
    assert web.fire(name, at("clusters")).changed == {}
    assert web.fire(name, {"view.data": "lang=en", "tabs.value": tab}).changed == {}


def test_gaps_are_those_who_wait_for_two_officers(web):
    none = web.fire("list_gaps", at("gaps"))
    assert none["gaps-table.rowData"] == []
    assert "No gap: two officers of either side" in none.text
    answer = web.fire("list_gaps", at("gaps", ALONE))
    rows = answer["gaps-table.rowData"]
    assert rows
    assert all(one["ready"] is None for one in rows)  # one officer is left, and one is not enough
    assert [one["risk"] for one in rows] == sorted((one["risk"] for one in rows), reverse=True)
    assert "wait more than 30 min for two officers" in answer.text
    assert "With 3 steps of the what-if." in answer.text
    assert "what-if" not in none.text
    nobody = ALONE.but(whatif=(*ALONE.whatif, Closed("s-w-squad")))
    assert web.fire("list_first", at("first", nobody))["first-table.rowData"][0]["station"] == "nobody"


def test_the_toggle_shows_the_layer_and_stops_at_the_border(web):
    shown = web.fire("show_reach", {"border-mode.value": "bound", "layers.value": ["zones"]}, "border-mode.value")
    assert shown["layers.value"] == ["zones", "reach"]
    assert (
        web.fire("show_reach", {"border-mode.value": "free", "layers.value": ["reach"]}, "border-mode.value").changed
        == {}
    )
    composed = web.fire("compose", CONTROLS | {"border-mode.value": "bound"}, "border-mode.value")
    assert read(composed["view.data"]).bound
    free, bound = (
        {one["properties"]["side"]: one for one in web.get("/map/reach.geojson", a=E, b=W, bound=how).json["features"]}
        for how in ("no", "yes")
    )
    for side in "ab":
        west, east = (
            [x for ring in one["geometry"]["coordinates"] for x, _y in ring] for one in (bound[side], free[side])
        )
        assert max(west) - min(west) < max(east) - min(east)
    assert min(x for ring in bound["a"]["geometry"]["coordinates"] for x, _y in ring) == pytest.approx(120.3)


def test_a_station_has_rings_of_minutes(web):
    rings = web.get("/map/rings.geojson", a=E, b=W, selected="station:s-e-team", lang="en").json["features"]
    assert [one["properties"]["label"] for one in rings] == ["30 min", "20 min", "10 min"]
    cut = web.get("/map/rings.geojson", a=E, b=W, selected="station:s-e-team", bound="yes").json["features"]
    assert min(x for one in cut for ring in one["geometry"]["coordinates"] for x, _y in ring) == pytest.approx(120.3)
    assert web.get("/map/rings.geojson", a=E, b=W, selected="station:gone").json["features"] == []
    assert web.get("/map/rings.geojson", a=E, b=W, selected="incident:ew-00").json["features"] == []
    words = web.fire("show_picked", {"view.data": VIEW.but(selected="station:s-e-team").query()}).text
    for part in ("East team", "10 min", "30 min", "firms and incidents", "±50%"):
        assert part in words


@pytest.mark.parametrize(
    ("selected", "words"),
    [
        ("station:gone", "no station gone"),
        ("firm:gone", "no firm gone"),
        ("place:gone", "no township or square gone"),
    ],
)
def test_what_is_gone_says_so(web, selected, words):
    assert words in web.fire("show_picked", {"view.data": VIEW.but(selected=selected).query()}).text
    assert web.get("/map/picked.geojson", a=E, b=W, selected=selected).json["features"] == []


def test_without_two_sides_nothing_is_said_of_a_station(web):
    words = web.fire("show_picked", {"view.data": "lang=en&selected=station:s-e-team"}).text
    assert "Choose two sides first." in words


# what if


def test_steps_are_planned_compared_and_taken_back(web):
    states = {"view.data": QUERY, "what-if-station.value": "s-w-team"}
    closed = web.fire("plan", states, "what-if-close.n_clicks")
    assert kept(closed) == (Closed("s-w-team"),)
    assert closed["tabs.value"] == "whatif"
    composed = web.fire(
        "compose", CONTROLS | {"what-if-steps.data": closed["what-if-steps.data"]}, "what-if-steps.data"
    )
    view = read(composed["view.data"])
    assert view.whatif == (Closed("s-w-team"),)
    moved = web.fire(
        "plan",
        {"view.data": view.query(), "what-if-station.value": "s-e-team", "what-if-to.value": "s-e-squad",
         "what-if-officers.value": 2},
        "what-if-move.n_clicks",
    )  # fmt: skip
    view = view.but(whatif=kept(moved))
    assert view.whatif[-1] == Moved("s-e-team", "s-e-squad", 2)
    shown = web.fire("show_plan", {"view.data": view.query(), "what-if-station.value": "s-w-team"})
    assert "close West team" in shown.text
    assert "move 2 officers from East team to East squad" in shown.text
    assert shown["what-if-station.value"] is None  # it is closed
    assert {one["value"] for one in shown["what-if-station.data"]} == {
        "s-e-squad",
        "s-e-team",
        "s-w-joint",
        "s-w-squad",
    }
    assert (shown["what-if-undo.disabled"], shown["what-if-clear.disabled"]) == (False, False)
    table = web.fire("compare", at("whatif", view)).text
    for part in ("resident", "by district", "pooled", "13 → 7", "before → after", "±50%"):
        assert part in table
    back = web.fire("plan", {"view.data": view.query()}, "what-if-undo.n_clicks")
    assert kept(back) == (Closed("s-w-team"),)
    assert kept(web.fire("plan", {"view.data": view.query()}, "what-if-clear.n_clicks")) == ()
    plain = web.fire("compare", at("whatif"))
    assert "→" not in plain.text
    assert "Nothing planned" in web.fire("show_plan", {"view.data": QUERY}).text


def test_a_picked_station_is_the_one_that_is_changed(web):
    shown = web.fire("show_plan", {"view.data": VIEW.but(selected="station:s-w-joint").query()})
    assert shown["what-if-station.value"] == "s-w-joint"
    assert web.fire("show_plan", {"view.data": "lang=en"})["what-if-station.data"] == []


def test_a_station_is_put_on_the_map(web, desk):
    assert web.fire("aim_station", {}, "what-if-add.n_clicks")["pick-mode.data"] == STATION
    click = {"map-click.data": {"lon": 120.3123456, "lat": 30.9, "within_deg": 0.01}, "view.data": QUERY}
    put = web.fire("put_station", click | {"pick-mode.data": STATION}, "map-click.data")
    assert kept(put) == (Added(120.31235, 30.9, 4),)
    assert web.fire("put_station", click | {"pick-mode.data": ""}, "map-click.data").changed == {}
    ended = web.fire("point", click | {"pick-mode.data": STATION, "stretch.value": [0, 1]}, "map-click.data")
    assert ended.changed == {"pick-mode.data": ""}
    view = VIEW.but(whatif=kept(put))
    drawn = web.get(
        "/map/stations.geojson", a=E, b=W, whatif='[["add",120.31235,30.9,4],["close","s-e-team"]]', lang="en"
    )
    planned_of = {one["properties"]["id"]: one["properties"] for one in drawn.json["features"]}
    assert planned_of["what-if-1"]["planned"] == "added"
    assert "what if: closed" in planned_of["s-e-team"]["tip"]
    assert planned_of["s-w-team"]["pick"] == "station:s-w-team"
    assert (
        "what if: added" in web.fire("show_picked", {"view.data": view.but(selected="station:what-if-1").query()}).text
    )
    assert (
        "add a joint station at 120.3123, 30.9000 with 4 officers"
        in web.fire("show_plan", {"view.data": view.query()}).text
    )


@pytest.mark.parametrize(
    ("button", "station", "to", "n", "words"),
    [
        (Ids.WHATIF_CLOSE, None, None, None, "Choose a station first"),
        (Ids.WHATIF_MOVE, "s-w-team", "s-e-team", None, "Say how many"),
        (Ids.WHATIF_MOVE, "s-w-team", None, 2, "another open station"),
        (Ids.WHATIF_MOVE, "s-w-team", "s-e-team", 99, "has 6 officers"),
        (Ids.SITE_TAKE, None, None, None, "Choose a station first"),
    ],
)
def test_what_cannot_be_planned_is_said(desk, button, station, to, n, words):
    with pytest.raises(RefusedError, match=words):
        planned(desk, VIEW, button, station, to, n, None)


def test_a_plan_has_an_end_and_two_sides(desk):
    full = VIEW.but(whatif=(Added(120.3, 30.9, 4),) * MOST_STEPS)
    with pytest.raises(RefusedError, match="20 steps are planned"):
        planned(desk, full, Ids.WHATIF_CLOSE, "s-w-team", None, None, None)
    with pytest.raises(RefusedError, match="two sides"):
        planned(desk, View(), Ids.WHATIF_CLOSE, "s-w-team", None, None, None)


def test_steps_of_two_others_stay_with_them(web):
    other = web.fire(
        "compose", CONTROLS | {"what-if-steps.data": [N, W, '[["close","s-w-team"]]']}, "what-if-steps.data"
    )
    assert "view.data" not in other or read(other["view.data"]).whatif == ()


# the next station


def test_the_next_station_is_found_and_taken(web, desk):
    said = []
    words, site, display = searched(desk, said.append, "cover", QUERY)
    assert said
    assert display == "block"
    text = str(words)
    assert "Everything is within 30 min already" in text
    assert "would shorten the way" in text
    taken = web.fire("plan", {"view.data": QUERY, "site-found.data": site}, "site-take.n_clicks")
    assert kept(taken) == (Added(*site, 4),)
    cover, _site, _display = searched(desk, said.append, "cover", ALONE.query())
    assert "5 more firms" in str(cover)
    assert "100% more of the zone within 30 minutes" in str(cover)
    assert "No other of" in str(cover)
    centre, _site, _display = searched(desk, said.append, "centre", ALONE.query())
    assert "the longest way from not reached to" in str(centre)


def test_where_there_is_nothing_to_reach_it_says_so(empty_desk, desk):
    assert searched(desk, lambda _said: None, "cover", "lang=en")[0] == "Choose two sides first."
    words, site, display = searched(empty_desk, lambda _said: None, "cover", QUERY)
    assert "share no border" in words
    assert (site, display) == (None, "none")


def test_the_search_can_be_called_off(web):
    assert (
        web.fire("call_off_search", {"view.data": QUERY}, "site-cancel.n_clicks")["site-words.children"] == "Cancelled."
    )


# visits


def test_visits_are_drawn_told_and_listed(web, desk):
    answer = web.fire("show_visits", at("visits"))
    found = desk.visits.of(E, W)
    (trace,) = answer["visits-chart.figure"]["data"]
    assert trace["z"] == found.matrix.iloc[:24].to_numpy().tolist()
    assert len(trace["x"]) == 12
    assert trace["y"][0].startswith(("East ", "West "))
    rows = answer["visits-table.rowData"]
    assert len(rows) == len(found.blind)
    assert (
        f"{len(found.blind)} of {len(found.places)} squares of 3 km were not visited in the last 6 months."
        in answer.text
    )
    assert "Visits that found nothing are not in the data" in answer.text
    assert web.fire("show_visits", at("clusters")).changed == {}
    drawn = web.get("/map/visits.geojson", a=E, b=W, lang="en").json["features"]
    assert {one["properties"]["pick"] for one in drawn} == {row["key"] for row in rows}
    picked = VIEW.but(selected=rows[0]["key"])
    words = web.fire("show_picked", {"view.data": picked.query()}).text
    assert "months with a visit" in words
    (outline,) = web.get("/map/picked.geojson", a=E, b=W, selected=rows[0]["key"]).json["features"]
    assert outline["geometry"]["type"] == "Polygon"
    assert web.get("/map/picked.geojson", selected=rows[0]["key"]).json["features"] == []
    assert sum(row["picked"] for row in web.fire("show_visits", at("visits", picked))["visits-table.rowData"]) == 1


def test_two_sides_that_are_no_neighbours(desk):
    with pytest.raises(NotFoundError):
        question_of(desk, VIEW.but(a=E, b=N, agreement=None))
