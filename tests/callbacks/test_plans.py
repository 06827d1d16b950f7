"""The plans' page, as a browser asks for it: asked for, worked out, shown, changed, agreed, taken along."""

import json
from dataclasses import replace
from io import BytesIO

import gpxpy
import icalendar
import openpyxl
import pytest
from dash import no_update

from callbacks.plans import altering, solving
from callbacks.plans.altering import change_of
from callbacks.plans.solving import FIELDS, wish_from, worked_out
from callbacks.plans.work import Work
from casework import rosters
from casework.approvals import PlanState
from casework.errors import RefusedError
from casework.plan import Undone
from casework.planning import packed, unpacked
from casework.replanning import Kind
from layers.view import View
from pages.plans.gantt import _lines
from pages.plans.said import RULES, UNDONE, conflict, unlawful, why_undone
from tests.callbacks.web import Web
from tests.world import E, W
from words import translator

VIEW = View(lang="en", a=E, b=W)
QUERY = VIEW.query()
SHORT = [1, 1]
EN = translator("en")


@pytest.fixture
def web(desk):
    return Web(desk, language="en")


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(altering, "_CHANGE_S", 0.3)
    monkeypatch.setattr(solving, "_SERIES_S", 0.3)


def offered(web, **more):
    values = {"plans-side-a.value": E, "plans-side-b.value": W, "plans-day.value": "2026-06-12", "view.data": QUERY}
    return web.fire("offer_visits", values | more, "plans-day.value", page="/plans")


def fields(rows, **more):
    values = [rows, E, W, "2026-06-12", [], "09:00", "17:00", "11:30", "13:30", 45, 45, 30, *SHORT]
    names = [str(one) for one, _what in FIELDS]
    return [more.get(name, value) for name, value in zip(names, values, strict=True)]


def run(desk, order, work=None, rows=(), query=QUERY, **more):
    told = []
    answer = worked_out(
        desk, told.append, lambda: False, {"token": "t" * 8, **order}, work, query, *fields(rows, **more)
    )
    return answer, told


def altered(web, change, work):
    values = {"plan-change.data": change, "plan-at-work.data": work, "view.data": QUERY}
    return web.fire("change_plan", values, "plan-change.data")


@pytest.fixture
def rows(web):
    return offered(web)["wanted-table.rowData"]


@pytest.fixture
def work(desk, rows):
    return run(desk, {"do": "plan"}, rows=rows)[0][0]


def test_the_page_is_there_and_says_what_to_do(web, empty_web):
    assert "plan-standing" in web.page("/plans", a=E, b=W).text
    assert "Plan first" in web.fire("show_result", {"view.data": QUERY}).text
    assert "no plan yet" in web.fire("stand", {"view.data": QUERY, "acting-for.value": "a"}).text
    empty = empty_web.fire("offer_sides", {"view.data": "lang=en"})
    assert empty["plans-side-b.data"] == []
    nothing = empty_web.fire("offer_visits", {"view.data": "lang=en"})
    assert nothing["wanted-words.children"] == "There are no jurisdictions yet: load boundaries first."
    assert nothing["wanted-table.style"] == {"display": "none"}
    assert "app.py load boundaries FILE" in empty_web.fire("show_result", {"view.data": "lang=en"}).text
    waiting = web.fire("offer_visits", {"view.data": "lang=en"})
    assert waiting["wanted-words.children"] == "Choose two sides first."
    assert waiting["wanted-table.style"] == {"height": "100%"}


def test_sides_stations_and_visits_are_offered(web, rows):
    values = {"plans-side-a.value": E, "plans-side-b.value": "x", "view.data": QUERY}
    sides = web.fire("offer_sides", values, "plans-side-a.value")
    assert sides["plans-side-b.value"] == W
    assert {one["value"] for one in sides["plans-stations.data"]} == {"s-e-team", "s-w-joint", "s-w-squad", "s-w-team"}
    assert sides["plans-day.value"] == "2026-06-12"
    assert next((row["key"], row["visit"], row["joint"]) for row in rows if row["duty"] == "cluster") == (
        "cluster:1", True, True,
    )  # fmt: skip
    assert {"f-e-red", "f-w-red", "f-w-yellow"} < {row["key"] for row in rows}
    later = offered(web, **{"plans-day.value": "2025-01-01"})["wanted-table.rowData"]
    assert not any(row["visit"] for row in later)


def test_firms_spots_and_lots_are_added(web, rows):
    base = {"wanted-table.rowData": rows, "view.data": QUERY}
    sides = {"plans-side-a.value": E, "plans-side-b.value": W}
    added = web.fire("add_firm", {**base, **sides, "add-firm.value": "f-w-green"}, "add-firm.value")
    assert added["wanted-table.rowData"][0]["key"] == "f-w-green"
    assert web.fire("aim_spot", {"point-mode.data": ""}, "add-point.n_clicks")["point-mode.data"] == "spot"
    click = {"lon": 120.31, "lat": 30.91}
    spot = web.fire("add_spot", {**base, "point-mode.data": "spot", "map-click.data": click}, "map-click.data")
    assert spot["wanted-table.rowData"][0]["title"] == "Spot 1"
    assert (
        web.fire("add_spot", {**base, "point-mode.data": "", "map-click.data": click}, "map-click.data").changed == {}
    )
    lots = {**base, **sides, "draw-seed.value": "S", "draw-firms.value": 2, "draw-officers.value": 2}
    drawn = web.fire("draw_lots", lots, "draw.n_clicks")
    assert "Seed: S" in drawn.text
    assert "sha256" in drawn.text
    assert [row["reason"] for row in drawn["wanted-table.rowData"][:2]] == ["random inspection, seed S"] * 2
    assert "Fill in the seed" in web.fire("draw_lots", {**lots, "draw-seed.value": ""}, "draw.n_clicks").notice


def test_a_plan_is_worked_out_and_shown(web, desk, rows, work):
    plan = unpacked(work["plan"])
    assert {"cluster:1", "f-e-red"} <= plan.visit_ids
    shown = web.fire("show_result", {"plan-at-work.data": work, "view.data": QUERY}, "plan-at-work.data")
    assert len(shown["stops-table.rowData"]) == sum(len(crew.stops) for crew in plan.crews)
    assert any(row["joint"] for row in shown["stops-table.rowData"])
    bars = shown["gantt.figure"]["data"]
    work_ms = sum(sum(bar["x"]) for bar in bars if bar["width"] > 0.5)
    assert work_ms == sum((s.end_at - s.start_at).total_seconds() for c in plan.crews for s in c.stops) * 1000
    assert "straight line, no roads" in shown.text
    assert "about ±50%" in shown.text
    scene = web.fire(
        "paint_plan", {"view.data": QUERY, "pulse.data": {}, "plan-at-work.data": work}, "plan-at-work.data"
    )
    kinds = {one["properties"]["kind"] for one in scene["plans-scene.data"]["inline"]["routes"]["features"]}
    assert {"way", "joint"} <= kinds
    assert (
        "inline" not in web.fire("paint_plan", {"view.data": QUERY, "pulse.data": {}}, "pulse.data")["plans-scene.data"]
    )
    zh = web.fire(
        "show_result", {"plan-at-work.data": work, "view.data": VIEW.but(lang="zh").query()}, "plan-at-work.data"
    )
    assert "联合" in zh.text


def test_progress_is_told_in_risk(desk, rows):
    answer, told = run(desk, {"do": "plan"}, rows=rows)
    plan = unpacked(answer[0]["plan"])
    assert told[0][0] == 0
    assert f"risk covered {plan.risk:.1f}, {plan.travel_min:.0f} min" in told[-1][1]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"plans-side-b": None}, "Choose two sides"),
        ({"shift-from": "x"}, "Fill in shift"),
        ({"shift-until": "08:00"}, "ends before it begins"),
        ({"rest-until": "12:00"}, "does not fit"),
        ({"solve-seconds": None}, "Fill in the seconds"),
        ({"wanted-table": []}, "nothing to visit"),
    ],
)
def test_what_cannot_be_asked_is_said(desk, rows, more, words):
    answer, _told = run(desk, {"do": "plan"}, rows=rows, **more)
    assert words in answer[1]
    assert answer[0] is no_update


def test_the_wish_is_that_of_the_fields(rows):
    rows = [
        {**row, "required": True, "reason": "why", "joint": True}
        for row in rows
        if row["key"] in ("cluster:1", "f-e-red")
    ]
    wish = wish_from(*fields(rows, **{"rest-minutes": 0})[:-2])
    assert (wish.firm_ids, wish.rest, wish.required) == (("f-e-red",), None, {"cluster:1", "f-e-red"})
    assert (wish.joint_firms, wish.reasons["f-e-red"], wish.shift_min) == ({"f-e-red"}, "why", (540.0, 1020.0))


def test_a_change_is_ordered_and_told_with_its_cost(web, work):
    stops = web.fire("show_result", {"plan-at-work.data": work, "view.data": QUERY}, "plan-at-work.data")[
        "stops-table.rowData"
    ]
    row = next(one for one in stops if one["visit"] == "f-e-red")
    values = {
        "stops-table.selectedRows": [row],
        "plan-at-work.data": work,
        "start-at.value": "14:00",
        "move-to-crew.value": "crew 1",
    }
    orders = {
        name: web.fire("order_change", values, f"{name}.n_clicks")["plan-change.data"]
        for name in ("move-visit", "set-start", "lock-visit", "forbid-visit", "other-plan")
    }
    assert {one["kind"] for one in orders.values()} == {"move", "at", "lock", "forbid", "other"}
    answer = altered(web, orders["forbid-visit"], work)
    assert "falls out: East red" in answer["solve-told.children"]
    assert answer["plan-at-work.data"]["changed"]
    refused = altered(web, {"kind": "at", "visit": "cluster:1", "at": "03:00"}, work)
    assert "plan-at-work.data" not in refused
    assert refused["solve-told.children"].startswith("Not possible, the plan is as it was. Cluster 1")
    assert "no crew x" in altered(web, {"kind": "move", "visit": "f-e-red", "crew": "x"}, work).text
    assert "Choose a stop" in web.fire("order_change", {}, "lock-visit.n_clicks").notice
    assert "Plan first" in altered(web, orders["other-plan"], None).notice
    with pytest.raises(RefusedError):
        change_of({"kind": Kind.AT, "visit": "x"})
    assert (
        web.fire("allow_changes", {"stops-table.selectedRows": [row]}, "stops-table.selectedRows")[
            "lock-visit.disabled"
        ]
        is False
    )
    edge = web.fire("order_change", {**values, "stops-table.selectedRows": [stops[0]]}, "move-earlier.n_clicks")
    assert "at that end" in edge.notice


def test_both_sides_agree(web, desk, work):
    def step(button, now, acting="a", reason=""):
        values = {"plan-at-work.data": now, "acting-for.value": acting, "step-reason.value": reason, "view.data": QUERY}
        return web.fire("take_step", values, f"{button}.n_clicks")

    def displays(now, acting):
        values = {"plan-at-work.data": now, "acting-for.value": acting, "view.data": QUERY}
        stand = web.fire("stand", values, "plan-at-work.data")
        return {name.split(".")[0] for name, value in stand.changed.items() if value == "block"}

    assert displays(work, "a") == {"keep-plan"}
    kept = step("keep-plan", work)["plan-at-work.data"]
    assert displays(kept, "a") == {"propose-plan", "cancel-plan"}
    proposed = step("propose-plan", kept)["plan-at-work.data"]
    assert displays(proposed, "b") == {"accept-plan", "return-plan", "cancel-plan"}
    assert "Say why" in step("return-plan", proposed, "b").notice
    one = step("accept-plan", proposed)["plan-at-work.data"]
    outdated = step("accept-plan", proposed, "b")
    assert "What changed stands below" in outdated.notice
    both = step("accept-plan", one, "b")
    assert "in force" in both.notice
    plan = desk.plans.all()[0]
    assert plan.state is PlanState.IN_FORCE
    listed = web.fire("list_plans", {"view.data": QUERY}, "view.data")["plans-table.rowData"]
    assert [(row["key"], row["state"]) for row in listed] == [(plan.id, "in force")]
    opened = web.fire("open_plan", {"view.data": QUERY, "plans-table.selectedRows": listed}, "plans-table.selectedRows")
    assert unpacked(opened["plan-at-work.data"]["plan"]) == plan
    history = web.fire(
        "stand",
        {"plan-at-work.data": opened["plan-at-work.data"], "acting-for.value": "a", "view.data": QUERY},
        "plan-at-work.data",
    )
    assert "West · local: accepted → in force" in history.text
    assert web.get("/map/routes.geojson", plan=plan.id).json["features"]
    assert web.get("/map/routes.geojson", plan="gone").json["features"] == []
    assert web.get("/map/routes.geojson").json["features"] == []
    view = web.fire(
        "remember", {"view.data": QUERY, "plan-at-work.data": opened["plan-at-work.data"]}, "plan-at-work.data"
    )
    assert f"plan={plan.id}" in view["view.data"]


def test_crews_take_their_files_along(web, desk, work):
    kept = desk.plans.keep(unpacked(work["plan"]), E)
    page = web.get(f"/plans/{kept.id}/1.html", lang="en")
    assert page.mimetype == "text/html"
    assert b"East" in page.data
    assert icalendar.Calendar.from_ical(web.get(f"/plans/{kept.id}/1.ics").data).walk("VEVENT")
    assert gpxpy.parse(web.get(f"/plans/{kept.id}/1.gpx").data.decode()).waypoints
    assert openpyxl.load_workbook(BytesIO(web.get(f"/plans/{kept.id}/all.xlsx").data)).sheetnames
    for path, status in (("x/1.html", 404), (f"{kept.id}/99.html", 404), (f"{kept.id}/1.exe", 404)):
        assert web.get(f"/plans/{path}").status_code == status


def test_a_series_keeps_drafts_and_says_which_days_cannot_be(web, desk, work):
    order = web.fire(
        "order_series", {"series-n.value": 2, "series-weeks.value": 2, "acting-for.value": "a"}, "make-series.n_clicks"
    )
    answer, told = run(desk, order["solve-order.data"], work)
    assert "2 of 2 drafts kept." in answer[1]
    assert [one.on.isoformat() for one in desk.plans.all()] == ["2026-06-26", "2026-06-12"]
    assert len({one.series for one in desk.plans.all()}) == 1
    assert told[-1][1] == "2026-06-26"
    assert "Plan first" in run(desk, {"do": "series", "n": 1, "weeks": 1, "acting": "a"})[0][1]
    again, _told = run(desk, {"do": "series", "n": 0, "weeks": 1, "acting": "a"}, work)
    assert "1 to 52" in again[1]


def test_a_second_visit_of_the_day_is_warned_of_and_can_be_merged(web, desk, work):
    desk.plans.keep(unpacked(work["plan"]), E)
    other = {**work, "plan": {**work["plan"], "id": "other"}}
    shown = web.fire("show_result", {"plan-at-work.data": other, "view.data": QUERY}, "plan-at-work.data")
    assert "visit number 2 of that day" in shown.text
    assert "data-visit" in shown.text
    assert "Choose the firm" in web.fire("order_ad_hoc", {}, "ad-hoc-add.n_clicks").notice
    urgent = web.fire(
        "order_ad_hoc", {"ad-hoc-firm.value": "f-w-green", "ad-hoc-reason.value": "smoke"}, "ad-hoc-add.n_clicks"
    )
    change = urgent["plan-change.data"]
    assert (change["kind"], change["visit"], change["reason"]) == ("require", "f-w-green", "smoke")


def test_words_while_it_runs(web):
    begun = web.fire("begin_plan", {"view.data": QUERY}, "solve-order.data")
    assert "as it was" in begun["solve-told.children"]
    assert begun["solve-step.children"].startswith("Getting ready")
    assert (
        "Cancelled" in web.fire("call_off_plan", {"view.data": QUERY}, "solve-cancel.n_clicks")["solve-told.children"]
    )
    ended = web.fire("end_search", {"view.data": QUERY, "solve-order.data": {"token": "abc"}}, "solve-stop.n_clicks")
    assert "best so far" in ended["solve-step.children"]
    assert web.fire("order_plan", {}, "solve.n_clicks")["solve-order.data"]["do"] == "plan"


def test_what_the_engine_says_is_said_in_both_languages():
    zh = translator("zh")
    for rule in UNDONE:
        why, lift = why_undone(Undone("v", "V", "why", "lift", rule, (2, 3, 4)), zh)
        assert "{" not in why + lift
    assert why_undone(Undone("v", "V", "why", "lift", "shifts", (2, 25)), EN)[1] == "A shift longer by 25 min."
    assert why_undone(Undone("v", "V", "why", "lift", "other"), EN) == ("why", "lift")
    words = "Required visits a, b cannot all be done under the officers' shifts: longer shifts would lift it."
    assert conflict(words, {"a": "甲"}, zh) == "受限于执法人员的班次，甲, b 无法全部完成。可行的办法：延长班次。"
    assert conflict("Visits a were not fitted in, though they can be: search longer.", {}, EN).startswith("a were not")
    assert conflict("else", {}, EN) == "else"
    from geo.patrol_reasons import _RELAXED  # noqa: PLC0415  # its phrases are what is translated

    assert {words for _relax, words, _lift in _RELAXED.values()} <= set(RULES)


def test_a_plan_travels_as_json(work):
    assert packed(unpacked(work["plan"])) == work["plan"]


def leaves(part, path=()):
    """Paths to every value of a plan as a page keeps it; the problem is not read again."""
    if isinstance(part, dict | list) and part:
        pairs = part.items() if isinstance(part, dict) else enumerate(part)
        return [leaf for key, value in pairs if key != "problem" for leaf in leaves(value, (*path, key))]
    return [path]


def forged(work, path, value):
    """The plan at work with one value replaced."""
    copy = json.loads(json.dumps(work))
    part = copy
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return copy


def test_two_cars_that_start_together_are_marked_and_named_everywhere(web, desk, rows, monkeypatch):
    monkeypatch.setattr(rosters, "SEATS", 1)
    monkeypatch.setattr(rosters, "_OFFICERS_A_CAR", 1)
    work = run(desk, {"do": "plan"}, rows=rows)[0][0]
    plan = unpacked(work["plan"])
    assert all(len(crew.members) == 1 for crew in plan.crews)
    crew, stop = next((crew, stop) for crew in plan.crews for stop in crew.stops)
    (other,) = stop.with_crews
    shown = web.fire("show_result", {"plan-at-work.data": work, "view.data": QUERY}, "plan-at-work.data")
    name = f"start together with Crew {[one.id for one in plan.crews].index(other) + 1}"
    row = next(
        row for row in shown["stops-table.rowData"] if (row["visit"], row["crew_id"]) == (stop.visit_id, crew.id)
    )
    assert name in row["joint"]
    bars = [bar for bar in shown["gantt.figure"]["data"] if bar["width"] > 0.5]
    assert any(name in words for bar in bars for words in bar["hovertext"])
    assert any("1.1 &amp; 2.1" in words.replace("<br>", " ") for bar in bars for words in bar["text"])
    assert len(shown["gantt.figure"]["layout"]["shapes"]) == len(plan.visit_ids)
    kept = desk.plans.keep(plan, E)
    assert "start together with" in web.get(f"/plans/{kept.id}/1.html", lang="en").text


def test_whatever_is_forged_in_a_plan_is_refused_or_put_right(web, desk, work, monkeypatch):
    """One value after the other is replaced; what would be kept is what the rules allow and the store knows."""
    true, kept = unpacked(work["plan"]), []
    monkeypatch.setattr(desk._store, "save_plan", lambda plan: kept.append(plan) or plan)
    values = (
        "x",
        None,
        -1.5,
        "2026-06-12T03:00:00Z",
        [],
        {"a": 1},
        1e300,
        "0001-01-01T00:00:00Z",
        "2026-06-12T03:00:00",
    )
    for k, path in enumerate(leaves(work["plan"], ("plan",))):
        for value in (values[k % len(values)], values[(k + 2) % len(values)]):
            sent = {"plan-at-work.data": forged(work, path, value), "acting-for.value": "a", "view.data": QUERY}
            said = web.fire("take_step", sent, "keep-plan.n_clicks").notice
            assert said
            assert "unexpected" not in said, (path, value)
    assert len(kept) > 5
    for plan in kept:
        assert (plan.crews, plan.a, plan.b, plan.on) == (true.crews, true.a, true.b, true.on)
        assert plan.problem["visits"] == true.problem["visits"]
        assert plan.state is PlanState.DRAFT


def test_what_is_no_plan_at_all_is_refused(web):
    for sent in ([], "x", {"x": 1}, {"plan": []}, {"plan": {"id": "a"}}):
        values = {"plan-at-work.data": sent, "acting-for.value": "a", "view.data": QUERY}
        said = web.fire("take_step", values, "keep-plan.n_clicks").notice
        assert "could be read" in said or "no plan yet" in said


def test_a_side_accepts_what_is_kept_and_not_what_a_page_says(web, desk, work):
    kept = desk.plans.keep(unpacked(work["plan"]), E)
    page = Work(replace(kept, crews=kept.crews[:1], state=PlanState.ACCEPTED_B)).plain()
    values = {"plan-at-work.data": page, "acting-for.value": "a", "view.data": QUERY}
    assert "is a draft" in web.fire("take_step", values, "accept-plan.n_clicks").notice
    assert desk.plans.get(kept.id) == kept
    after = web.fire("take_step", values, "propose-plan.n_clicks")["plan-at-work.data"]
    assert unpacked(after["plan"]).crews == kept.crews


def test_a_plan_with_another_crew_is_refused_in_both_languages(web, work):
    crew = work["plan"]["crews"][0]
    wrong = forged(work, ("plan", "crews", 0, "members"), [{**crew["members"][0], "officer_id": "s-e-team/99"}])
    for lang, words in (("en", "is not on duty any more"), ("zh", "s-e-team/99")):
        values = {"plan-at-work.data": wrong, "acting-for.value": "a", "view.data": VIEW.but(lang=lang).query()}
        said = web.fire("take_step", values, "keep-plan.n_clicks").notice
        assert words in said


def test_every_sentence_of_a_plan_that_does_not_hold_has_its_words():
    titles = {"v": "Mill"}
    for breach, says in (
        ("Officer o is unknown.", "o is not on duty"),
        ("Visit v is unknown.", "Mill is not to be visited"),
        ("Visit v has 1 officers: 2 are the law.", "Mill needs 2 officers"),
        ("Joint visit v has no officer of a.", "Mill is joint"),
        ("Officers of a enter at visit v, where no agreement holds.", "At Mill no agreement"),
        ("Visit v has nobody with skill lab.", "Nobody who goes to Mill"),
        ("Visit v disturbs a green firm without a stated reason.", "Mill is a green firm"),
        ("Firm v would have 3 visits that day, 3 that week, 3 that month.", "Mill would be visited too often"),
        ("Car c cannot be at visit v by 600.", "The way to Mill"),
        ("Visit v is locked, but was changed.", "Mill is locked"),
        ("The plan says risk 5, but its visits come to 0.", "not those that follow"),
    ):
        assert unlawful(breach, titles, EN).startswith(says) or says in unlawful(breach, titles, EN)


def test_words_of_a_bar_take_two_lines_at_most():
    assert _lines("3.1 模拟企业 1713（建材）", 82) == ["3.1 模拟企业", "1713（建材）"]
    assert _lines("◆ 1.1 & 2.1 Shuangqiao printing and dyeing", 82) == ["◆ 1.1 & 2.1", "Shuangqiao…"]
    assert _lines("1.1", 1) == ["1.1"]
    assert _lines("", 50) == []
