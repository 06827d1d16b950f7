"""The planner's events, one by one, as a browser sends them."""

from datetime import date

import pytest

from callbacks.view import read
from casework.model import Kind
from layers import PLANNER_LAYERS
from layers.view import View
from tests import world
from tests.world import EXPIRED, FUTURE, IN_FORCE, SHORT, E, N, W

VIEW = View(lang="en", a=E, b=W, agreement=IN_FORCE, selected="cluster:1")
QUERY = VIEW.query()
DRAFT = VIEW.but(agreement=None).query()
CONTROLS = {
    "agreement.value": IN_FORCE,
    "side-a.value": E,
    "side-b.value": W,
    "stretch.value": [0, 19.95],
    "depth-a.value": 1000,
    "depth-b.value": 1000,
    "period.value": [None, None],
    "categories.value": [],
    "sources.value": [],
    "severity.value": "1",
    "layers.value": [layer.key for layer in PLANNER_LAYERS if layer.shown and layer.switch],
    "picked.data": "cluster:1",
    "view.data": QUERY,
}


def settle(web, triggered, view=QUERY, **values):
    controls = {"agreement.value": IN_FORCE, "side-a.value": E, "side-b.value": W, "view.data": view}
    return web.fire("settle", controls | {k.replace("_", "-") + ".value": v for k, v in values.items()}, triggered)


def compose(web, triggered, **values):
    changed = {k.replace("_", "-") + ".value": v for k, v in values.items()}
    return web.fire("compose", CONTROLS | changed, triggered)


def pulse(web):
    return web.fire("tick", {}, "tick.n_intervals")["pulse.data"]


# who


def test_an_agreement_brings_its_sides_and_terms(web):
    answer = settle(web, "agreement.value", agreement=FUTURE)
    assert (answer["agreement.value"], answer["side-a.value"], answer["side-b.value"]) == (FUTURE, N, W)
    assert (answer["depth-a.value"], answer["depth-b.value"], answer["agreement-title.value"]) == (0.0, 1500.0, "Next")
    labels = {one["value"]: one["label"] for one in answer["agreement.data"]}
    assert labels[SHORT] == "East – West · in force · Southern stretch"
    assert labels[EXPIRED] == "北区 – West · ended · Old"
    assert labels[FUTURE] == "北区 – West · not yet in force · Next"
    assert list(labels) == [IN_FORCE, SHORT, FUTURE, EXPIRED]


def test_another_side_drops_the_agreement_and_offers_its_neighbours(web):
    answer = settle(web, "side-a.value", side_a=N)
    assert (answer["agreement.value"], answer["side-a.value"], answer["side-b.value"]) == (None, N, W)
    assert [one["value"] for one in answer["side-b.data"]] == [W]


def test_marks_shown_lie_on_the_border_and_mean_what_was_kept(web, desk):
    for agreement in (IN_FORCE, SHORT, EXPIRED):
        answer = settle(web, "agreement.value", agreement=agreement)
        start, end = answer["stretch.value"]
        assert 0 <= start < end <= answer["stretch.max"]
        view = read(
            compose(
                web, "stretch.value", agreement=agreement, stretch=[start, end],
                side_a=answer["side-a.value"], side_b=answer["side-b.value"],
            )["view.data"]
        )  # fmt: skip
        from layers.choice import drafted  # noqa: PLC0415

        kept = desk.agreements.get(agreement)
        assert (drafted(desk, view).from_m, drafted(desk, view).to_m) == (kept.from_m, kept.to_m)


# the view


def test_controls_become_the_view(web):
    answer = compose(web, "period.value", period=["2026-06-01", "2026-06-05"], categories=["air"], severity="3")
    view = read(answer["view.data"])
    assert (view.since, view.until) == (date(2026, 6, 1), date(2026, 6, 5))
    assert (view.categories, view.severity, view.lang, view.selected) == (("air",), 3, "en", "cluster:1")
    assert (view.hide, view.show) == ((), ())
    assert answer.notice == ""


def test_layers_that_are_not_as_by_default_stand_in_the_view(web):
    view = read(compose(web, "layers.value", layers=["firms"])["view.data"])
    assert view.show == ("firms",)
    assert "zones" in view.hide


def test_the_same_controls_change_nothing(web):
    told = compose(web, "severity.value")["view.data"]
    again = web.fire("compose", CONTROLS | {"view.data": told}, "severity.value")
    assert "view.data" not in again


def test_other_sides_let_go_of_what_was_picked(web):
    view = read(compose(web, "side-a.value", agreement=None, side_a=N)["view.data"])
    assert (view.pair, view.selected) == ((N, W), None)


def test_an_emptied_depth_is_the_agreements_own(web):
    assert read(compose(web, "depth-a.value", depth_a="")["view.data"]).depth_a_m is None


# the map


def test_the_map_gets_its_scene_and_the_place_of_the_sides(web, desk):
    answer = web.fire("paint", {"view.data": QUERY, "pulse.data": pulse(web)}, "view.data")
    told = answer["planner-scene.data"]
    assert told["sources"].keys() == {layer.key for layer in PLANNER_LAYERS}
    assert told["fit"] == list(desk.territory.border(E, W).geometry.bounds)
    assert read(told["query"]) == VIEW
    for path in told["sources"].values():
        assert web.client.get(path.format(z=8, x=213, y=104)).status_code == 200


def test_without_a_pulse_there_is_nothing_to_paint(web):
    assert web.fire("paint", {"view.data": QUERY}).changed == {}


@pytest.mark.parametrize(("button", "mode"), [("pick-start", "start"), ("pick-end", "end")])
def test_a_button_aims(web, button, mode):
    assert web.fire("aim", {}, f"{button}.n_clicks")["pick-mode.data"] == mode


@pytest.mark.parametrize(("mode", "expected"), [("start", [10.0, 15.0]), ("end", [4.0, 10.0])])
def test_a_click_while_aiming_is_a_mark(web, mode, expected):
    click = {"lon": 120.31, "lat": 30.8 + 0.18 * 10 / 19.957, "within_deg": 0.01, "cluster": None}
    values = {"map-click.data": click, "pick-mode.data": mode, "stretch.value": [4, 15], "view.data": QUERY}
    answer = web.fire("point", values, "map-click.data")
    assert answer["stretch.value"] == pytest.approx(expected, abs=0.02)
    assert answer["pick-mode.data"] == ""
    assert "picked.data" not in answer


@pytest.mark.parametrize(
    ("click", "picked"),
    [
        ({"lon": 120.3, "lat": 30.9, "within_deg": 0.01, "cluster": 2}, "cluster:2"),
        ({"lon": 0.0, "lat": 0.0, "within_deg": 0.01, "cluster": None}, None),
    ],
)
def test_a_click_picks_a_cluster_or_nothing(web, click, picked):
    assert web.fire("point", {"map-click.data": click, "view.data": QUERY}, "map-click.data")["picked.data"] == picked


def test_a_click_picks_the_nearest_incident(web, desk):
    one = desk.incidents.get("ew-00")["geometry"]
    click = {"lon": one.x, "lat": one.y, "within_deg": 0.001, "cluster": None}
    assert (
        web.fire("point", {"map-click.data": click, "view.data": QUERY}, "map-click.data")["picked.data"]
        == "incident:ew-00"
    )


@pytest.mark.parametrize("table", ["clusters-table", "incidents-table"])
def test_a_row_picks(web, table):
    answer = web.fire("pick", {f"{table}.cellClicked": {"rowId": "cluster:2"}}, f"{table}.cellClicked")
    assert answer["picked.data"] == "cluster:2"


# figures


def test_figures_of_the_zone_and_both_sides(web, desk):
    zone = web.fire("show_zone", {"view.data": QUERY}, "view.data")
    assert f"{desk.territory.border(E, W).length_m / 1000:.2f} km" in zone.text
    assert "2026-01-01 – until revoked · in force" in zone.text
    assert "nobody has signed it" in web.fire("show_zone", {"view.data": DRAFT}, "view.data").text
    answer = web.fire("show_sides", {"view.data": QUERY}, "view.data")
    rows = answer["clusters-table.rowData"]
    assert [(row["n"], row["n_a"], row["n_b"], row["picked"]) for row in rows] == [(13, 7, 6, True), (9, 0, 9, False)]
    bars = {trace["name"]: sum(trace["customdata"]) for trace in answer["time.figure"]["data"]}
    # The latest 90 days hold the clusters only.
    assert bars == {"East": 7, "West": 6 + 4 + 9}


def test_without_sides_figures_wait(web):
    assert web.fire("show_sides", {"view.data": ""}, "view.data").changed == {}
    assert web.fire("show_zone", {"view.data": ""}, "view.data")["zone-figures.children"] is None
    assert web.fire("list_incidents", {"view.data": ""}, "view.data")["incidents-table.rowData"] == []


def test_incidents_are_listed_newest_first_with_plain_words(web):
    answer = web.fire("list_incidents", {"view.data": QUERY}, "view.data")
    rows = answer["incidents-table.rowData"]
    assert rows[0]["key"] == "incident:ew-00"
    assert rows[0]["at"] == "2026-06-09 20:00"
    assert {row["description"] for row in rows} == {"", "black water"}
    assert {row["jurisdiction"] for row in rows} == {"East", "West"}
    assert answer["incident-count.children"].startswith("26 incidents on both sides")
    nothing = web.fire("list_incidents", {"view.data": VIEW.but(until=date(2000, 1, 1)).query()}, "view.data")
    assert "the data runs from" in nothing["incident-count.children"]


# picked


def test_what_was_picked_is_told(web):
    answer = web.fire("show_picked", {"view.data": QUERY}, "view.data")
    assert "Cluster 1" in answer.text
    assert (answer["propose.disabled"], answer["patrol-day.value"]) == (False, "2026-06-12")
    one = web.fire(
        "show_picked", {"view.data": VIEW.but(selected="incident:ew-00").query(), "patrol-day.value": "2026-07-01"}
    )
    assert "ew-00" in one.text
    assert (one["propose.disabled"], one["patrol-day.value"]) == (True, "2026-07-01")
    assert "Click a cluster" in web.fire("show_picked", {"view.data": VIEW.but(selected=None).query()}).text


@pytest.mark.parametrize(("lang", "says"), [("en", "to the line"), ("zh", "距交界线")])
def test_an_incident_says_on_which_side_of_the_chosen_border_it_lies(web, lang, says):
    view = VIEW.but(selected="incident:ew-00", lang=lang)
    shown = web.fire("show_picked", {"view.data": view.query()}, "view.data").text
    assert says in shown
    assert "%" in shown
    alone = web.fire("show_picked", {"view.data": view.but(a=None, b=None).query()}, "view.data").text
    assert says not in alone


@pytest.mark.parametrize("selected", ["cluster:99", "incident:gone"])
def test_what_is_gone_is_said_to_be_gone(web, selected):
    answer = web.fire("show_picked", {"view.data": VIEW.but(selected=selected).query()}, "view.data")
    assert f"There is no {selected.replace(':', ' ')}" in answer.text
    assert answer["propose.disabled"] is True


def propose(web, view=QUERY, day="2026-06-12"):
    return web.fire("propose", {"view.data": view, "patrol-day.value": day}, "propose.n_clicks", page="/?" + view)


def keep(web, proposed):
    return web.fire(
        "keep_patrol", {"proposed.data": proposed, "view.data": QUERY}, "keep-patrol.n_clicks", page="/?lang=en"
    )


def test_a_patrol_is_proposed_kept_listed_and_cancelled(web, desk):
    proposal = propose(web)
    assert "West squad" in proposal.text
    assert proposal["keep-patrol.display"] == "block"
    assert desk.patrols.all() == ()
    kept = keep(web, proposal["proposed.data"])
    assert (kept.notice, kept["tabs.value"], kept["keep-patrol.display"]) == ("Kept as a draft.", "patrols", "none")
    assert kept["pulse.data"]["versions"]["patrols"] == 1
    keep(web, proposal["proposed.data"])
    (patrol,) = desk.patrols.all()
    rows = web.fire("list_patrols", {"view.data": QUERY}, "view.data")["patrols-table.rowData"]
    assert [(row["key"], row["on"], row["agreement"], row["state"]) for row in rows] == [
        (patrol.id, "2026-06-12", "Whole border", "draft")
    ]
    assert web.fire("choose", {"patrols-table.selectedRows": rows})["cancel-patrol.disabled"] is False
    assert web.fire("choose", {"patrols-table.selectedRows": []})["cancel-patrol.disabled"] is True
    assert web.fire("ask_before_cancelling", {}, "cancel-patrol.n_clicks")["cancel-patrol-sure.displayed"] is True
    gone = web.fire(
        "cancel", {"patrols-table.selectedRows": rows, "view.data": QUERY}, "cancel-patrol-sure.submit_n_clicks"
    )
    assert gone.notice == "Cancelled."
    assert desk.patrols.open() == ()


def test_without_a_day_it_is_tomorrow(web):
    assert propose(web, day=None)["proposed.data"]["day"] == "2026-06-12"


@pytest.mark.parametrize("selected", [None, "incident:1", "incident:ew-00"])
def test_only_a_cluster_gets_a_patrol(web, selected):
    assert propose(web, VIEW.but(selected=selected).query()).changed == {}


def test_a_proposal_that_no_longer_stands_is_not_kept(web, desk):
    proposal = propose(web)["proposed.data"]
    more = world.incidents().iloc[:3]
    moved = more.assign(id=["m1", "m2", "m3"]).set_geometry(more.geometry.translate(0.003, 0.003), crs=4326)
    desk.records.add(world.load(Kind.INCIDENTS, "more.csv"), moved)
    answer = keep(web, proposal)
    assert answer.notice == "The incidents changed since this was proposed: look at the cluster and propose again."
    assert desk.patrols.all() == ()


def test_refusals_reach_the_notice_in_the_language_of_the_page(web, desk):
    past = propose(web, day="2026-06-10")
    assert past.notice == "The day 2026-06-10 is over: choose today or a later day."
    assert past.changed.keys() == {"notice.children"}
    chinese = propose(web, VIEW.but(lang="zh").query(), day="2026-06-10")
    assert chinese.notice == "2026-06-10 已过：请选择今天或以后的日期。"
    assert "zone" in propose(web, VIEW.but(selected="cluster:2").query()).notice
    assert desk.patrols.all() == ()


# in dispute


def test_the_chosen_border_says_how_it_was_found_and_what_is_in_dispute(web):
    told = str(web.fire("show_disputed", {"view.data": QUERY}, "view.data")["disputed.children"])
    assert "exact: both hold the same line" in told
    assert "none" in told
    apart = View(lang="en", a=E, b=world.ISLAND).query()
    for query in (View(lang="en").query(), apart):
        assert web.fire("show_disputed", {"view.data": query}, "view.data")["disputed.children"] is None
