"""What every answer tells the browser: its policy, who may keep it, and no word of what serves it."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from callbacks.web import build
from settings import Settings
from tests.callbacks.web import Web

PAGES = ("/", "/plans", "/wall")
TICK = {
    "output": "pulse.data",
    "outputs": {"id": "pulse", "property": "data"},
    "inputs": [{"id": "tick", "property": "n_intervals", "value": 1}],
    "state": [{"id": "pulse", "property": "data", "value": None}],
    "changedPropIds": ["tick.n_intervals"],
}
ADDRESSES = (*PAGES, "/nowhere", "/map/zones.geojson", "/_dash-layout", "/assets/map.js", "/tiles/incidents/2/0/9.pbf")


def policy(answer):
    """Directives of an answer's policy."""
    told = answer.headers["Content-Security-Policy"].split("; ")
    return {name: set(values) for name, *values in map(str.split, told)}


def behind(desk, **more):
    """A browser of a dashboard with such settings."""
    return build(Settings(database=desk._store._database.name, **more), lambda: desk).server.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_its_own_scripts_and_no_others(still_web, path):
    answer = still_web.client.get(path)
    told = policy(answer)
    html = answer.get_data(as_text=True)
    inside = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>(.*?)</script>", html, re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in inside}
    assert len(inside) == 2
    assert told["script-src"] == {"'self'", *hashes}
    assert told["worker-src"] == {"'self'", "blob:"}
    assert told["default-src"] == told["connect-src"] == told["form-action"] == {"'self'"}
    nothing = ("frame-ancestors", "object-src", "base-uri", "frame-src", "script-src-attr")
    assert all(told[name] == {"'none'"} for name in nothing)
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"\son\w+=", html.split("_dash-config")[0])


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_is_guarded_and_says_nothing_of_the_server(still_web, path):
    with still_web.client.get(path, headers={"Accept": "text/html"}) as answer:
        told = answer.headers
    assert policy(answer)["frame-ancestors"] == {"'none'"}
    assert (told["X-Content-Type-Options"], told["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert told["Cross-Origin-Opener-Policy"] == told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in told["Permissions-Policy"]
    assert told["Server"] == "Lianfang"
    assert "Strict-Transport-Security" not in told
    assert not {"X-Powered-By", "Access-Control-Allow-Origin"} & set(told.keys())


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/_dash-dependencies", "/nowhere"])
def test_what_depends_on_who_asks_is_kept_by_nobody(still_web, path):
    answer = still_web.client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_an_event_is_answered_to_one_person(still_web):
    assert still_web.client.post("/_dash-update-component", json=TICK).headers["Cache-Control"] == "no-store"


def test_map_data_kept_by_a_browser_is_not_given_to_the_next_person(still_web):
    assert "Cookie" in still_web.client.get("/map/zones.geojson").headers["Vary"]


@pytest.mark.parametrize(
    ("settings", "headers", "tls"),
    [
        ({"tls": "on"}, {}, True),
        ({"proxies": 1}, {"X-Forwarded-Proto": "https"}, True),
        ({"proxies": 1}, {"X-Forwarded-Proto": "http"}, False),
        ({"proxies": 1}, {"X-Forwarded-Proto": "https, http"}, False),
        ({}, {"X-Forwarded-Proto": "https"}, False),
    ],
)
def test_browsers_stay_with_tls_where_it_is_said_by_whom_we_believe(desk, settings, headers, tls):
    answer = behind(desk, **settings).get("/", headers=headers)
    assert ("Strict-Transport-Security" in answer.headers) is tls
    assert ("upgrade-insecure-requests" in policy(answer)) is tls


def test_a_download_may_do_nothing_where_it_is_opened(still_web):
    told = policy(still_web.client.get("/map/zones.geojson"))
    assert told["default-src"] == {"'none'"}
    assert "sandbox" in told


def test_two_dashboards_name_the_same_scripts(desk, still_web):
    other = Web(desk)
    assert policy(still_web.client.get("/"))["script-src"] == policy(other.client.get("/"))["script-src"]
