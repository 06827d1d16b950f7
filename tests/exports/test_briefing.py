"""The briefing page says what a crew has to know, once in each language, and asks nobody for anything."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
import shapely

from casework.approvals import PlanState
from casework.errors import NotFoundError
from casework.plan import Duty
from exports.briefing import briefing_page
from exports.briefing_scene import scene
from exports.checklists import read_checklists
from exports.crews import car_name
from exports.leaflet import leaflet_script, leaflet_style
from exports.texts import one_line
from tests import outings
from words import translator

ABROAD = re.compile(r"""url\((?!#|data:)(?!#default)|@import""")
VOID = {"meta", "link", "br"}


class Read(HTMLParser):
    """What a browser would see: elements, scripts, and words outside of scripts and styles."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.scripts, self.words = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style":
            self.words.append(data)


def read(page):
    parser = Read()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def said(page):
    return one_line(" ".join(read(page).words))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Joint patrol briefing", "Crew 1", "Friday, 12 June 2026", "in force · version 3", "start together with Crew 2")),
        ("zh", ("联合巡查任务书", "第 1 组", "2026年6月12日星期五", "生效中 · 版本 3", "与第 2 组同时开始")),
    ],
)  # fmt: skip
def test_a_crew_reads_who_when_and_with_whom(told, lang, words):
    page = said(briefing_page(told, "k1", lang))
    assert [one for one in words if one not in page] == []
    for at in ("09:00", "09:25", "09:30", "10:10", "12:30"):
        assert at in page
    for member in told.plan.crews[0].members:
        assert member.name in page
    assert "浙E·0001" in page


def test_a_stop_has_its_firm_its_findings_and_its_checklists(told):
    page = briefing_page(told, "k1", "en")
    cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
    assert len(cards) == 3
    first, second, third = (said(card) for card in cards)
    assert "◆ red: strict" in first
    assert "▲ yellow: watch" in second
    assert "simulated" in first
    newest = told.findings[told.findings["visit_id"] == "v1"].iloc[0]
    assert f"{told.local(newest['at']):%Y-%m-%d %H:%M} · {newest['category']}" in first
    assert ("Water" in first, "Air" in first, "Solid" in first) == (True, True, False)
    assert "Fire service" in second
    assert "default" in second
    assert "cluster" in third
    assert all("At least two officers are on site" in card for card in (first, second, third))


def test_scores_are_told_where_there_are_any(told):
    firms = told.firms.assign(risk=0.42, emissions=61.0, history=None)
    page = said(briefing_page(replace(told, firms=firms), "k1", "en"))
    assert "emissions 61" in page
    assert "risk 0.42" in page
    assert "enforcement history" not in page


def test_a_green_firm_without_a_reason_is_warned_of(told):
    warning = "do not disturb it without cause"
    assert warning not in said(briefing_page(told, "k2", "en"))
    crew = told.plan.crews[1]
    bare = replace(crew, stops=tuple(replace(stop, reason="") for stop in crew.stops))
    plan = replace(told.plan, crews=(told.plan.crews[0], bare))
    assert warning in said(briefing_page(replace(told, plan=plan), "k2", "en"))


def test_the_law_and_the_sources_are_named(told):
    page = said(briefing_page(told, "k1", "en"))
    assert "At least 2 officers are on site" in page
    assert "Whole border 2026-01-01 – until revoked powers: not stated" in page
    assert "Outlines: survey office" in page
    assert "Datum: WGS 84" in page
    assert "Travel times: straight line, ±50 %" in page
    assert "WGS-84 · outlines: survey office" in page
    roads = replace(told, plan=replace(told.plan, provider="roads of 2026"))
    assert "Travel times: roads of 2026" in said(briefing_page(roads, "k1", "en"))
    assert "outing-1, version 3, seed 1; written 2026-06-11 04:00 (Asia/Shanghai)" in page
    later = replace(told.agreements[0], valid_from=outings.ON.replace(year=2027))
    assert "Not in force on that day" in said(briefing_page(replace(told, agreements=(later,)), "k1", "en"))
    assert "nobody crosses the border" in said(briefing_page(replace(told, agreements=()), "k1", "en"))


@pytest.mark.parametrize(
    ("state", "loud"),
    [(PlanState.IN_FORCE, False), (PlanState.DONE, False), (PlanState.DRAFT, True), (PlanState.CANCELLED, True)],
)
def test_a_plan_that_is_not_in_force_says_so(told, state, loud):
    page = said(briefing_page(replace(told, plan=replace(told.plan, state=state)), "k1", "en"))
    assert ("do not set out by this sheet" in page) is loud


def test_an_operators_checklists_take_the_place_of_the_defaults(told, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('[water]\ntitle = { en = "W", zh = "水" }\nitems = [{ en = "Look twice", zh = "看两遍" }]', "utf-8")
    page = said(briefing_page(told, "k1", "zh", read_checklists(file)))
    assert "看两遍" in page
    assert "污水处理设施" not in page


def test_nothing_is_from_elsewhere_and_only_our_scripts_may_run(told):
    page = briefing_page(told, "k1", "en")
    found = read(page)
    assert ABROAD.findall("".join(re.findall(r"<style>.*?</style>", page, re.DOTALL))) == []
    links = {one.get(name) for _, one in found.seen for name in ("src", "href", "srcset", "action", "data")} - {None}
    assert {link for link in links if not link.startswith("#")} == {"data:,"}
    hashes = {b64encode(sha256(script.encode()).digest()).decode() for script in found.scripts}
    (policy,) = [one["content"] for tag, one in found.seen if one.get("http-equiv") == "Content-Security-Policy"]
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
    assert len(found.scripts) == 2
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


def test_leaflet_stands_in_the_page_with_its_licence():
    script = leaflet_script()
    assert "BSD 2-Clause License" in script
    assert "sourceMappingURL" not in script
    assert "</script" not in script
    assert "images/" not in leaflet_style()
    assert leaflet_style().count("url(data:image/png;base64,") == 3


def test_the_same_briefing_gives_the_same_page(told):
    assert briefing_page(told, "k1", "zh") == briefing_page(told, "k1", "zh")


def test_hostile_words_come_through_as_words(hostile):
    for crew in hostile.plan.crews:
        page = briefing_page(hostile, crew.id, "en")
        found = read(page)
        assert len(found.scripts) == 2
        assert not any(name.startswith("on") for _, attributes in found.seen for name in attributes)
        words = said(page)
        for stop in crew.stops:
            assert one_line(stop.title) in words
        for member in crew.members:
            assert one_line(member.name) in words
        assert "\x00" not in page


def test_an_empty_plan_and_a_crew_without_stops_have_pages_too(empty_desk):
    crew = replace(outings.plan().crews[0], stops=())
    bare = empty_desk.briefings.about(outings.plan(a="A", b="B", crews=(crew,), provider="", undone=()))
    page = said(briefing_page(bare, "k1", "en"))
    assert "This crew has no stop." in page
    assert "nobody crosses the border" in page
    with pytest.raises(NotFoundError, match="no crew k9"):
        briefing_page(bare, "k9", "en")


def test_the_scene_holds_both_sides_in_drawing_order(told):
    shown = scene(told, told.plan.crews[0], "en")
    kinds = list(dict.fromkeys(one.kind for one in shown.drawn))
    assert kinds == ["land", "zone-a", "zone-b", "outline", "side-a", "side-b", "border", "way", "finding", "spot"]
    view = shapely.box(*shown.view)
    for crew_stop in told.plan.crews[0].stops:
        assert view.contains(shapely.Point(crew_stop.lon, crew_stop.lat))
    assert all(not one.shape.is_empty for one in shown.drawn)
    stops = [sign for sign in shown.signs if sign.kind == "stop"]
    assert [sign.text for sign in stops] == ["1", "2", "3"]
    # The three places are within 200 m of each other: their numbers stand side by side, away from the edge.
    assert [sign.rank for sign in stops] == [0, -1, -2]
    assert {sign.text for sign in shown.signs if sign.kind.startswith("name-")} == {"East", "West"}


def test_a_third_partys_part_and_disputed_ground_have_a_look_of_their_own(told):
    zones = told.zones.assign(side=["c", "disputed"], jurisdiction_id=["n", None])
    shown = scene(replace(told, zones=zones), told.plan.crews[0], "zh")
    assert {"zone-c", "zone-disputed"} <= {one.kind for one in shown.drawn}
    assert "zone-a" not in {one.kind for one in shown.drawn}


def test_a_place_without_a_firm_has_a_card(told):
    crew = told.plan.crews[0]
    bare = replace(
        crew, stops=(replace(crew.stops[0], duty=Duty.PLACE, firm_id="", agencies=(), visit_id="elsewhere"),)
    )
    page = said(briefing_page(replace(told, plan=replace(told.plan, crews=(bare,))), "k1", "en"))
    assert "Nothing was reported here in this time." in page
    assert "On site" in page


@pytest.mark.parametrize(
    ("vehicle", "zh", "en"), [("s/car 2", "2 号车", "Car 2"), ("浙E·123警", "浙E·123警", "浙E·123警"), ("", "–", "–")]
)
def test_a_car_is_called_by_its_number_at_its_station(vehicle, zh, en):
    assert (car_name(vehicle, translator("zh")), car_name(vehicle, translator("en"))) == (zh, en)
