"""The two pages: they open from any address, in the language and theme it names, and say what to do on an empty store."""

import re
from urllib.parse import parse_qsl

import pytest

from callbacks.view import read
from pages.panels import local
from tests.callbacks.web import Web
from tests.world import IN_FORCE, NEWEST, E, N, W

GARBAGE = [
    "?a=nowhere&b=nobody",
    "?a=e&b=n",
    "?agreement=gone",
    "?a=e&b=w&agreement=gone&selected=cluster:²",
    "?since=9999-12-31&until=0001-01-01&severity=x&categories=,&lat=nan&zoom=1e9",
    "?a=%FF%FE&b=%00&lang=xx&theme=xx&lang=en&lang=zh",
    "?=&&&==&layout=1&self=2&view=3",
    "?from_m=1e8&to_m=0&depth_a_m=0&depth_b_m=0&a=e&b=w",
]


def view_of(answer):
    return read(re.search(r'"id": "view", "data": "([^"]*)"', answer.text)[1])


@pytest.mark.parametrize("path", ["/", "/wall"])
@pytest.mark.parametrize(
    ("query", "lang", "theme"),
    [
        ("", "zh-CN", "dark"),
        ("?lang=en&theme=light", "en", "light"),
        ("?lang=zh", "zh-CN", "dark"),
        ("?lang=%22%3E&theme=x", "zh-CN", "dark"),
    ],
)
def test_a_page_tells_language_and_theme_before_any_script(web, path, query, lang, theme):
    answer = web.client.get(path + query)
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert f'<html lang="{lang}" data-theme="{theme}"' in html
    assert '"><' not in html.split("<head>")[0]


def test_the_operator_sets_the_language_of_an_address_that_names_none(desk):
    web = Web(desk, language="en")
    assert '<html lang="en"' in web.client.get("/").get_data(as_text=True)
    assert view_of(web.page("/")).lang == "en"
    chinese = web.page("/", lang="zh")
    assert view_of(chinese).lang == "zh"
    # The link to the other page keeps the language.
    assert dict(parse_qsl(re.search(r'"href": "/wall\?([^"]*)"', chinese.text)[1]))["lang"] == "zh"


def test_the_planner_opens_where_a_decision_is_needed(web):
    view = view_of(web.page("/"))
    assert (view.pair, view.agreement) == ((E, W), IN_FORCE)
    assert (round(view.lon, 1), round(view.lat, 1)) == (120.3, 30.9)


def test_the_wall_opens_where_the_zones_in_force_are(web):
    view = view_of(web.page("/wall"))
    assert view.pair is None
    assert (round(view.lon, 1), round(view.lat, 1)) == (120.3, 30.9)


def test_a_link_to_sides_that_are_no_neighbours_opens_the_nearest(web):
    assert view_of(web.page("/", a=E, b=N)).pair == (E, W)
    assert view_of(web.page("/", a=[E, N], b=W)).pair == (E, W)


@pytest.mark.parametrize("path", ["/", "/wall"])
@pytest.mark.parametrize("query", GARBAGE)
@pytest.mark.parametrize("which", ["web", "empty_web"])
def test_no_address_breaks_a_page(request, which, path, query):
    web = request.getfixturevalue(which)
    assert web.client.get(path + query).status_code == 200
    place = {"_pages_location.pathname": path, "_pages_location.search": query}
    answer = web.fire("update", place, page=path + query)
    assert answer.notice is None
    assert '"id": "map"' in answer.text


def test_an_unknown_page_is_said_to_be_none(web):
    web.client.get("/")
    answer = web.fire("update", {"_pages_location.pathname": "/nowhere", "_pages_location.search": ""})
    assert "404" in answer.text


def test_instants_are_shown_by_the_operators_clock():
    assert local(NEWEST, "Asia/Shanghai") == "2026-06-09 20:00"
