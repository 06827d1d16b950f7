"""Tests for chance, from the planner and for the wall, as a browser asks for them."""

from functools import partial

import psutil
import pytest
from dash import no_update
from dash.background_callback.managers import BaseBackgroundCallbackManager

from app import opened
from callbacks.planner.findings import WHY
from callbacks.planner.testing import carried_out, inquiry_of
from callbacks.web import build
from casework.errors import RefusedError
from settings import Settings
from tests import world
from tests.callbacks.job import ASKED, QUERY, VIEW, Job
from tests.callbacks.web import Web
from tests.world import STRADDLING, E, W


@pytest.fixture
def busy_web(busy_desk):
    return Web(busy_desk)


def run(desk, query=QUERY, scope="pair", asked=ASKED):
    told = []
    return carried_out(desk, told.append, query, scope, *asked), told


def listed(web, query=QUERY, triggered="view.data"):
    return web.fire("list_findings", {"view.data": query}, triggered)


def test_before_any_test_it_says_so(busy_web):
    answer = listed(busy_web)
    assert answer["findings-table.rowData"] == answer["analysis.data"] == []
    assert "not tested yet" in answer.text
    assert answer["why.disabled"] is True
    assert listed(busy_web, "lang=en")["tested.children"] == ""


def test_a_test_is_run_listed_and_explained(busy_web, busy_desk):
    (words, pulse, analysis, tab), told = run(busy_desk)
    assert words.startswith("Done in 0.0 s: 1 clusters are more than chance")
    assert (pulse["versions"]["analyses"], analysis, tab) == (1, None, "tested")
    assert told[0] == (0, "Reading the incidents…")
    assert told[-1] == (100, "East | West: 100%")
    answer = listed(busy_web)
    first = answer["findings-table.rowData"][0]
    assert (first["n"], first["n_a"], first["n_b"], first["q"]) == (14, 7, 7, 0.01)
    assert first["why"].startswith("more than chance")
    assert "1 clusters are more than chance." in answer.text
    assert "data changed" not in answer.text
    assert len(answer["analysis.data"]) == 1
    assert "tabs.value" not in answer
    assert listed(busy_web, triggered=None)["tabs.value"] == "tested"
    picked = VIEW.but(selected=first["key"])
    shown = busy_web.fire("show_picked", {"view.data": picked.query()}, "view.data")
    for part in ("More than chance: 14 incidents", "alone would have seen it", "replications", "99", "seed"):
        assert part in shown.text
    assert shown["propose.disabled"] is False
    proposal = busy_web.fire(
        "propose", {"view.data": picked.query(), "patrol-day.value": "2026-06-12"}, "propose.n_clicks"
    )
    kept = busy_web.fire("keep_patrol", {"proposed.data": proposal["proposed.data"]}, "keep-patrol.n_clicks")
    assert kept["tabs.value"] == "patrols"
    assert len(busy_desk.patrols.all()) == 1


def test_the_layers_draw_what_was_found(busy_web, busy_desk):
    assert busy_web.get("/map/tested.geojson", a=E, b=W).json["features"] == []
    run(busy_desk)
    key = listed(busy_web)["findings-table.rowData"][0]["key"]
    drawn = busy_web.get("/map/tested.geojson", a=E, b=W, lang="en").json["features"]
    assert {one["properties"]["pick"] for one in drawn} == {key}
    assert {one["properties"]["sure"] for one in drawn} == {True}
    chance = next(row["key"] for row in listed(busy_web)["findings-table.rowData"] if row["q"] > 0.05)
    both = busy_web.get("/map/tested.geojson", a=E, b=W, selected=chance).json["features"]
    assert {one["properties"]["pick"] for one in both} == {key, chance}
    assert len(busy_web.get("/map/picked.geojson", a=E, b=W, selected=key).json["features"]) == 14
    assert busy_web.get("/map/picked.geojson", a=E, b=W, selected="tested:000000000000:1").json["features"] == []
    assert busy_web.get("/map/hotspots.geojson").status_code == 200
    other = listed(busy_web, VIEW.but(analysis="0" * 12).query())
    assert other["findings-table.rowData"][0]["key"] == key


def test_a_click_on_a_tested_ring_picks_it(busy_web):
    click = {"lon": 120.3, "lat": 30.9, "within_deg": 0.01, "cluster": 1, "pick": "tested:0123456789ab:1"}
    answer = busy_web.fire(
        "point", {"view.data": QUERY, "map-click.data": click, "pick-mode.data": ""}, "map-click.data"
    )
    assert answer["picked.data"] == "tested:0123456789ab:1"


def test_why_a_place_is_no_cluster(busy_web, busy_desk):
    assert busy_web.fire("ask_why", {}, "why.n_clicks")["pick-mode.data"] == WHY
    click = {"lon": STRADDLING[0], "lat": STRADDLING[1], "within_deg": 0.01, "cluster": None}
    asked = {"view.data": QUERY, "map-click.data": click, "pick-mode.data": WHY}
    assert busy_web.fire("say_why", asked, "map-click.data").changed == {}
    run(busy_desk)
    assert "It is a cluster" in busy_web.fire("say_why", asked, "map-click.data").text
    moved = asked | {"map-click.data": click | {"lon": 120.45, "lat": 30.82}}
    assert "It is a cluster" not in busy_web.fire("say_why", moved, "map-click.data").text
    nowhere = asked | {"map-click.data": click | {"lon": 0.0, "lat": 0.0}}
    assert "No circle of this test" in busy_web.fire("say_why", nowhere, "map-click.data").text
    assert busy_web.fire("say_why", asked | {"pick-mode.data": "start"}, "map-click.data").changed == {}
    assert busy_web.fire("point", asked | {"stretch.value": [0, 1]}, "map-click.data")["pick-mode.data"] == ""


def test_a_stale_test_says_so_and_answers_no_question(busy_web, busy_desk):
    run(busy_desk)
    more = world.gathering("complaint").iloc[:1].assign(id="more")
    busy_desk.records.add(world.load(world.Kind.INCIDENTS, "more.csv"), more)
    answer = listed(busy_web)
    assert "The data changed since: test again" in answer.text
    assert answer["why.disabled"] is True


@pytest.mark.parametrize(
    ("query", "scope", "asked", "words"),
    [
        ("lang=en", "pair", ASKED, "There is no pair to test"),
        (QUERY, "pair", ("permutation", None, 14, 99, 1, False), "Fill in radius"),
        (QUERY, "pair", ("permutation", -1, 14, 99, 1, False), "max_radius_m -1000"),
        (VIEW.but(lang="zh").query(), "pair", (None, 1, 14, 99, 1, False), "请填写"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_kept(busy_desk, query, scope, asked, words):
    (said, *rest), _told = run(busy_desk, query, scope, asked)
    assert said.startswith(words)
    assert rest == [no_update] * 3
    assert busy_desk.analyses.of(E, W) == ()


def test_all_zones_are_what_the_wall_goes_by(busy_desk):
    web = Web(busy_desk, language="en")
    before = web.fire("look", {"pulse.data": {}, "view.data": "lang=en"}, "pulse.data")
    assert "Clusters are not tested for chance yet" in before.text
    assert "not tested for chance" in before.text
    run(busy_desk, scope="watch", asked=(*ASKED[:-1], True))
    after = web.fire("look", {"pulse.data": {}, "view.data": "lang=en"}, "pulse.data")
    assert "not tested" not in after.text
    assert "expected by chance" in after.text
    assert "tested 06-11" in after.text


def test_words_while_it_runs(busy_web):
    assert busy_web.fire("begin", {"view.data": QUERY})["test-state.children"] == ""
    begun = busy_web.fire("begin", {"test.n_clicks": 1, "view.data": QUERY}, "test.n_clicks")
    assert begun["test-state.children"].startswith("The test ended without a result")
    off = busy_web.fire("call_off", {"view.data": QUERY}, "test-cancel.n_clicks")
    assert off["test-state.children"] == "Cancelled; nothing was kept."


def test_the_inquiry_is_that_of_the_fields_and_the_view(busy_desk):
    asked = inquiry_of(busy_desk, VIEW.but(severity=3), "effort", 2.5, 7, 199, 4, True)
    assert (asked.method, asked.radius_m, asked.days, asked.replications, asked.seed) == ("effort", 2500.0, 7, 199, 4)
    assert (asked.prospective, asked.selection.min_severity) == (True, 3)
    with pytest.raises(RefusedError):
        inquiry_of(busy_desk, VIEW, "other", 2.5, 7, 199, 4, False)


def test_a_job_that_ends_while_it_is_called_off_has_ended(busy_desk, tmp_path, monkeypatch):
    settings = Settings(database=busy_desk._store._database.name, timezone="Asia/Shanghai")
    build(settings, lambda: busy_desk, partial(opened, settings))
    manager = BaseBackgroundCallbackManager.managers[-1]

    def gone(pid):
        raise psutil.NoSuchProcess(pid)

    monkeypatch.setattr(psutil, "pid_exists", lambda _pid: True)
    monkeypatch.setattr(psutil, "Process", gone)
    manager.terminate_job(4_000_000)
    manager.handle.close()


@pytest.mark.slow
def test_in_a_process_of_its_own_with_progress(busy_desk, tmp_path):
    settings = Settings(database=busy_desk._store._database.name, timezone="Asia/Shanghai")
    job = Job(build(settings, lambda: busy_desk, partial(opened, settings)))
    answer, seen = job.answered()
    BaseBackgroundCallbackManager.managers[-1].handle.close()
    assert answer["response"]["test-state"]["children"].startswith("Done in")
    assert any(one is not None for one in seen)
    assert len(busy_desk.analyses.of(E, W)) == 1
    assert settings.work_folder.parent == tmp_path
