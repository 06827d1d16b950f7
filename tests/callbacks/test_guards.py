"""What is refused before anything looks at it: other sites, other names, what is too long or no question of a page."""

import json
import logging

import pytest

from callbacks import guards
from callbacks.guards import MOST_ADDRESS_LETTERS, MOST_BODY_BYTES, names_of
from callbacks.web import build
from settings import Settings
from tests.callbacks.test_headers import TICK, behind

DOOR = "/_dash-update-component"
ENGLISH = {"Referer": "http://localhost/?lang=en"}
INTERNAL = ("Traceback", ".py", "site-packages", "werkzeug", "Werkzeug", "dash.", "sqlite", "Error")


def words(answer):
    """What an answer says, after a look that it tells nothing of the inside."""
    said = answer.get_data(as_text=True)
    assert [one for one in INTERNAL if one in said] == []
    return said


@pytest.fixture
def client(still_web):
    return still_web.client


# other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8051"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "http://[::1"},
        {"Origin": "file://"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "x"},
    ],
)
def test_what_a_page_of_another_site_sends_is_refused(client, headers):
    answer = client.post(DOOR, json=TICK, headers=headers)
    assert answer.status_code == 403
    assert "其他网站" in words(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://LOCALHOST:80", "Sec-Fetch-Site": "same-origin"},
        {"Host": "127.0.0.1:8050", "Origin": "http://127.0.0.1:8050"},
        {"Host": "[::1]:8050", "Origin": "http://[::1]:8050"},
        # A proxy that ends TLS and does not say so.
        {"Origin": "https://localhost"},
    ],
)
def test_what_our_own_page_sends_is_answered(client, headers):
    assert client.post(DOOR, json=TICK, headers=headers).status_code == 200


def test_behind_tls_a_page_without_it_is_another_site(desk):
    client = behind(desk, proxies=1)
    told = {"X-Forwarded-Proto": "https", "Host": "localhost"}
    assert client.post(DOOR, json=TICK, headers=told | {"Origin": "https://localhost"}).status_code == 200
    assert client.post(DOOR, json=TICK, headers=told | {"Origin": "http://localhost"}).status_code == 403


def test_a_link_from_elsewhere_opens_a_page_and_embeds_nothing(client):
    there = {"Sec-Fetch-Site": "cross-site"}
    assert client.get("/wall", headers=there | {"Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert client.get("/map/zones.geojson", headers=there | {"Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert client.get("/assets/map.js", headers=there).status_code == 403


# names


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example:8050", "10.0.0.7", "[::2]", "a b"])
def test_a_name_that_points_here_is_not_ours(client, host):
    for answer in (client.get("/", headers={"Host": host}), client.post(DOOR, json=TICK, headers={"Host": host})):
        assert answer.status_code in (400, 421)
        assert host not in words(answer)


def test_the_operator_says_by_which_names_it_is_called(desk):
    client = behind(desk, hosts="lianfang.example, 10.0.0.5")
    for host, status in (
        ("lianfang.example", 200),
        ("LIANFANG.example:8443", 200),
        ("10.0.0.5", 200),
        ("localhost", 421),
    ):
        assert client.get("/", headers={"Host": host}).status_code == status
    assert behind(desk, host="10.1.1.1").get("/", headers={"Host": "any.example"}).status_code == 200


def test_this_machine_answers_by_its_own_name(monkeypatch):
    monkeypatch.setattr(guards.socket, "gethostname", lambda: "Desk-7")
    assert names_of(Settings(host="127.0.0.2")) == {"localhost", "127.0.0.1", "::1", "127.0.0.2", "desk-7"}
    assert names_of(Settings(host="10.1.1.1")) is None


def test_a_proxy_cannot_be_given_another_name_by_whoever_asks(desk):
    answer = behind(desk, proxies=1).get("/", headers={"Host": "localhost", "X-Forwarded-Host": "elsewhere.example"})
    assert answer.status_code == 200
    assert "elsewhere" not in answer.get_data(as_text=True)


# too much


def test_more_than_the_limit_is_said_to_be_too_much(client):
    answer = client.post(DOOR, data=b" " * (MOST_BODY_BYTES + 1), content_type="application/json")
    assert answer.status_code == 413
    assert "上限" in words(answer)


def test_an_address_without_end_is_refused(client):
    for path in ("/?a=" + "x" * MOST_ADDRESS_LETTERS, "/map/" + "y" * MOST_ADDRESS_LETTERS + ".geojson"):
        answer = client.get(path)
        assert answer.status_code == 414
        assert "过长" in words(answer)


# no question of a page


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'"x"',
        b"[" * 100_000,
        b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
        json.dumps(TICK | {"inputs": []}).encode(),
        json.dumps(TICK | {"inputs": {}}).encode(),
        json.dumps(TICK | {"inputs": None}).encode(),
        json.dumps(TICK | {"inputs": ["x"]}).encode(),
        json.dumps(TICK | {"state": []}).encode(),
        json.dumps(TICK | {"state": TICK["inputs"]}).encode(),
        json.dumps(TICK | {"outputs": None}).encode(),
        json.dumps(TICK | {"outputs": {"id": "notice", "property": "children"}}).encode(),
        json.dumps(TICK | {"output": "notice.children"}).encode(),
        json.dumps(TICK | {"output": None}).encode(),
        json.dumps(TICK | {"output": ["pulse.data"]}).encode(),
        json.dumps(TICK | {"output": {"pulse": "data"}}).encode(),
        json.dumps(TICK | {"changedPropIds": "tick.n_intervals"}).encode(),
        json.dumps(TICK | {"changedPropIds": [{}]}).encode(),
        json.dumps(TICK).replace('"value": 1', '"value": NaN').encode(),
        json.dumps(TICK).replace('"value": 1', '"value": -Infinity').encode(),
        json.dumps(TICK).replace('"value": 1', '"value": 1e999').encode(),
        json.dumps(TICK).replace('"value": 1', '"value": ' + "9" * 30).encode(),
        json.dumps(TICK).replace('"value": 1', '"value": ' + "9" * 9_000).encode(),
        json.dumps(TICK).replace('"value": 1', r'"value": "\u0000"').encode(),
        json.dumps(TICK).replace('"value": 1', r'"value": "\ud800"').encode(),
        json.dumps(TICK).replace('"value": 1', r'"value": {"\u0000": 1}').encode(),
        json.dumps(TICK).replace('"value": 1', '"value": ' + "[" * 60 + "]" * 60).encode(),
    ],
    ids=lambda body: body[-60:].decode(errors="replace"),
)
def test_what_no_page_of_ours_sends_is_refused_in_words(client, caplog, body):
    with caplog.at_level(logging.ERROR):
        answer = client.post(DOOR, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert words(answer)
    assert caplog.records == []


@pytest.mark.parametrize("asker", ["screen", "person"])
@pytest.mark.parametrize(
    "body", [b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000], ids=["lists", "objects"]
)
def test_whoever_is_known_sends_nothing_too_deep_either(signed, caplog, asker, body):
    client = signed.screen()[0] if asker == "screen" else signed.browser("li")
    with caplog.at_level(logging.WARNING):
        answer = client.post(DOOR, data=body, content_type="application/json", headers=ENGLISH)
    assert (answer.status_code, words(answer)) == (400, "The server does not take this request.")
    assert caplog.records == []


def test_every_callback_refuses_the_inputs_of_another(still_web):
    for output, known in still_web.app.callback_map.items():
        forged = TICK | {"output": output} if output != "pulse.data" else TICK | {"outputs": []}
        assert still_web.client.post(DOOR, json=forged).status_code == 400, (output, known)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/json5"]
)
def test_a_form_of_another_page_is_no_question(client, kind):
    answer = client.post(DOOR, data=json.dumps(TICK), content_type=kind)
    assert answer.status_code == 415
    assert words(answer)


# errors


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/<script>alert(1)</script>/x.js",
        "/_dash-component-suites/dash/../../x",
        "/_dash-component-suites/dash/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../app.py",
        "/assets/%2e%2e/settings.py",
        "/assets/..%5capp.py",
        "/_reload-hash",
        "/nowhere",
        "/map/x%0d%0aSet-Cookie:%20a=b.geojson",
        "/plans/..%2f..%2fetc/1.html",
        "/_dash-update-component",
    ],
)
def test_what_is_not_there_is_said_in_words(client, caplog, path):
    for kind, accept in (("text/plain", "*/*"), ("text/html", "text/html,application/xhtml+xml,*/*;q=0.8")):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == 404
        assert "<script>alert" not in words(answer)
        assert "passwd" not in words(answer)
        assert answer.mimetype == kind or path.startswith("/plans/")
        assert "Set-Cookie" not in answer.headers
    assert caplog.records == []


def test_an_address_asked_in_another_way_says_so(client):
    answer = client.delete("/_dash-layout", headers={"Referer": "http://localhost/?lang=en"})
    assert (answer.status_code, words(answer)) == (405, "This address is not asked in this way.")
    assert "GET" in answer.headers["Allow"]
    for path in ("/", "/map/zones.geojson", "/plans/x/1.html"):
        assert client.post(path, json={}).status_code == 405


def test_a_page_that_is_none_leads_back_in_its_language_and_theme(client):
    answer = client.get("/nowhere?lang=en&theme=light", headers={"Accept": "text/html"})
    assert '<html lang="en" data-theme="light">' in words(answer)
    assert 'href="/?lang=en">To the planner' in words(answer)


def test_what_nobody_expected_is_a_number_that_stands_in_the_log(desk, caplog, monkeypatch):
    def broken():
        raise ZeroDivisionError("secret inside")

    app = build(Settings(database=desk._store._database.name), lambda: desk)
    app.server.get("/broken")(broken)
    with caplog.at_level(logging.ERROR, "lianfang"):
        answer = app.server.test_client().get("/broken?lang=en")
    assert answer.status_code == 500
    said = words(answer)
    assert "secret" not in said
    number = said.rsplit(" ", 1)[1].strip(".")
    assert [record.getMessage() for record in caplog.records] == [f"{number}: unexpected error at '/broken'"]
    assert caplog.records[0].exc_info


@pytest.mark.parametrize("referrer", ["http://[", "x" * 5_000, "http://localhost/?lang=%ff", "javascript:alert(1)"])
def test_a_page_that_names_itself_oddly_is_answered(web, desk, monkeypatch, referrer):
    def broken():
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(desk, "pulse", broken)
    answer = web.client.post(DOOR, json=TICK, headers={"Referer": referrer})
    assert "编号" in answer.get_json()["sideUpdate"]["notice"]["children"]
