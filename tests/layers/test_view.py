"""A link reproduces the view, and no garbage in an address breaks a page."""

import doctest
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbacks.view import read
from casework.desk import Desk
from casework.model import Category, Ends, Selection, Severity, Source, Strip
from casework.people import Actor
from casework.rules import Rules
from layers import view as module
from layers.view import View, chosen
from tests.world import NEWEST
from words import LANGUAGES

NAMES = [field.name for field in fields(View)]


def number(low, high):
    return st.none() | st.floats(low, high).map(lambda value: round(value, 5) + 0.0)


ids = st.none() | st.text(min_size=1, max_size=60).filter(str.isprintable)
keys = st.lists(st.sampled_from(["zones", "firms", "reach"]), unique=True).map(tuple)
days = st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31))
strips = st.builds(
    Strip,
    *(st.text(min_size=1, max_size=20).filter(str.isprintable) for _ in "ab"),
    *(st.floats(0, 20_000) for _ in "ab"),
    *(st.none() | st.floats(0, 1e8) for _ in "ab"),
)
views = st.builds(
    View,
    lang=st.sampled_from(LANGUAGES),
    theme=st.sampled_from(["dark", "light"]),
    a=ids,
    b=ids,
    agreement=ids,
    from_m=number(0, 1e8),
    to_m=number(0, 1e8),
    depth_a_m=number(0, 20_000),
    depth_b_m=number(0, 20_000),
    ends=st.none() | st.sampled_from(list(Ends)),
    beyond=st.none() | st.booleans(),
    agreed=st.none() | st.lists(st.sampled_from(list(Category)), unique=True, min_size=1).map(tuple),
    others=st.none() | st.lists(strips, max_size=3).map(tuple),
    since=days,
    until=days,
    categories=st.lists(st.sampled_from(list(Category)), unique=True).map(tuple),
    sources=st.lists(st.sampled_from(list(Source)), unique=True).map(tuple),
    severity=st.sampled_from(list(Severity)),
    hide=keys,
    show=keys,
    selected=st.none() | st.integers(0, 10**8).map("cluster:{}".format) | ids.map("incident:{}".format),
    lon=number(-180, 180),
    lat=number(-90, 90),
    zoom=number(0, 22),
)
words = st.text(max_size=30) | st.sampled_from(
    [
        "[1]",
        "[[1, 2, 3, 4, 5]]",
        '[["a", "b", "x", 1, null, null]]',
        '[["a", "b", NaN, 1, null, null]]',
        '{"a": 1}',
        "[" * 5_000,
        "nan",
        "inf",
        "-1",
        "1e400",
        "9" * 5000,
        "9999-12-31",
        "0001-01-01",
        "cluster:²",
        "cluster:",
        "incident:",
        ",,",
        "\x00",
    ]
)


def test_examples_in_the_docstrings():
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


@given(views)
@example(View(selected="incident:浙环（2024）12号", to_m=22_123.456, from_m=1e8))
def test_a_link_reproduces_the_view(view):
    assert read(view.query()) == view
    assert View.read(dict(parse_qsl(view.query())), "en") == view


@given(views, st.lists(st.sampled_from(NAMES)))
def test_a_part_of_a_link_reproduces_that_part(view, names):
    part = read(view.query(*names)) if names else view
    for name in NAMES:
        expected = getattr(view if name in names or not names else View(), name)
        assert getattr(part, name) == expected


@given(st.dictionaries(st.sampled_from([*NAMES, "v", "self", "cls"]), words | st.none() | st.lists(words)))
def test_garbage_is_left_at_its_default(query):
    view = View.read(query)
    assert read(view.query()) == view
    Selection(view.since, view.until)
    for name in NAMES:
        if not query.get(name):
            assert getattr(view, name) == getattr(View(), name)


@given(st.text(max_size=200) | st.binary(max_size=80).map(lambda raw: raw.decode("latin1")))
def test_any_text_after_the_question_mark_is_a_view(text):
    assert isinstance(read(text), View)


def test_no_text_is_the_default_view():
    assert read(None) == read("") == View()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("depth_a_m=20001", "depth_a_m"),
        ("depth_a_m=nan", "depth_a_m"),
        ("lat=91", "lat"),
        ("severity=5", "severity"),
        ("severity=0", "severity"),
        ("categories=water,plague", "categories"),
        ("until=9999-12-31", "until"),
        ("since=1066-10-14", "since"),
        ("selected=nobody:1", "selected"),
        ("bound=perhaps", "bound"),
        ("whatif=[[]]", "whatif"),
        ("whatif=" + "[" * 5000, "whatif"),
        ("selected=cluster:²", "selected"),
        ("a=%0Ax", "a"),
        ("b=" + "x" * 201, "b"),
        ("theme=pink", "theme"),
        ("lang=fr", "lang"),
    ],
)
def test_what_cannot_be_is_not_read(query, name):
    assert getattr(read(query), name) == getattr(View(), name)


def test_the_language_of_an_address_that_names_none_is_the_operators():
    assert View.read({}, "en").lang == "en"
    assert View.read({"lang": "zh"}, "en").lang == "zh"
    assert View.read(dict(parse_qsl(View(lang="zh").query())), "en").lang == "zh"


def test_a_pair_is_ordered_and_needs_two():
    assert View(a="w", b="e").pair == View(a="e", b="w").pair == ("e", "w")
    assert View(a="w").pair is View(b="w").pair is View(a="w", b="w").pair is None


@pytest.mark.parametrize("timezone", ["Asia/Shanghai", "UTC", "America/New_York"])
def test_days_are_the_operators_and_the_last_is_included(desk, timezone):
    at = Desk(desk._store, Actor(), desk.clock, Rules(timezone=timezone))
    zone = ZoneInfo(timezone)
    found = chosen(at, View(since=date(2026, 3, 8), until=date(2026, 3, 8)))
    assert found.since == datetime(2026, 3, 8, tzinfo=zone)
    assert found.until == datetime(2026, 3, 9, tzinfo=zone)
    for incident in at.incidents.find(chosen(at, View(since=date(2026, 6, 4), until=date(2026, 6, 5))))["at"]:
        assert incident.astimezone(zone).date() in (date(2026, 6, 4), date(2026, 6, 5))


def test_every_incident_falls_on_exactly_one_day(desk):
    first, last = (one.astimezone(ZoneInfo("Asia/Shanghai")).date() for one in desk.incidents.span())
    counts = [
        int(desk.incidents.count(chosen(desk, View(since=day, until=day)))["n"].sum())
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
    assert sum(counts) == 200


def test_without_a_period_it_is_the_latest_the_data_has(desk, empty_desk):
    assert chosen(desk, View()) == Selection(since=NEWEST - timedelta(days=90))
    only_until = chosen(desk, View(until=date(2026, 1, 1)))
    assert (only_until.since, only_until.until.astimezone(UTC)) == (None, datetime(2026, 1, 1, 16, tzinfo=UTC))
    assert chosen(empty_desk, View()) == Selection()


def test_filters_go_into_the_selection(desk):
    view = View(categories=(Category.AIR,), sources=(Source.RANDOM,), severity=Severity.SERIOUS)
    found = chosen(desk, view)
    assert (found.categories, found.sources, found.min_severity) == (
        (Category.AIR,),
        (Source.RANDOM,),
        Severity.SERIOUS,
    )


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2999, 12, 31)])
def test_the_first_and_last_day_a_link_can_name_can_be_asked_for(desk, day):
    assert desk.incidents.find(chosen(desk, View(since=day, until=day))).empty
