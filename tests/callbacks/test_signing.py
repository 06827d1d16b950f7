"""Nobody sees or does anything before they have shown who they are; sessions end when they should."""

import re
from datetime import timedelta

import pytest

from callbacks.sessions import TOUCHED
from callbacks.signing import NOBODY, who
from casework.errors import UnreachableError
from casework.invitations import sealed
from settings import Settings
from tests.callbacks.signed import COORDINATOR, KEY, PASSWORD, Signed, event
from tests.world import W

EVENTS = "/_dash-update-component"


def tick(signed, client, **headers):
    return client.post(EVENTS, json=event(signed.app, "tick"), headers=headers)


@pytest.mark.parametrize("path", ["/", "/plans", "/wall", "/plans/p/1.html", "/password"])
def test_a_page_asks_for_a_sign_in_and_comes_back(signed, path):
    client = signed.browser()
    away = client.get(f"{path}?lang=en&a=1")
    assert away.status_code == 302
    assert away.headers["Location"] == f"/sign-in?next={path.replace('/', '%2F')}%3Flang%3Den%26a%3D1"
    page = client.get(away.headers["Location"]).get_data(as_text=True)
    (goes_on,) = re.findall(r'name="next" value="([^"]*)"', page)
    back = client.post("/sign-in", data={"id": "li", "password": PASSWORD, "next": goes_on.replace("&amp;", "&")})
    assert back.headers["Location"] == f"{path}?lang=en&a=1"


@pytest.mark.parametrize(
    "path",
    ["/map/zones.geojson", "/tiles/incidents/0/0/0.pbf", "/_dash-layout", "/_dash-dependencies"],
)
def test_what_a_page_fetches_is_refused_in_words(signed, path):
    answer = signed.browser().get(path, headers={"Referer": "http://localhost/?lang=en"})
    assert (answer.status_code, answer.get_data(as_text=True)) == (401, "You are signed out.")


def test_an_event_is_refused_in_words(signed):
    answer = tick(signed, signed.browser())
    assert (answer.status_code, answer.get_data(as_text=True)) == (401, "You are signed out.")
    assert signed.browser().put("/").status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/assets/theme.css", "/health"])
def test_what_everybody_may_see_needs_no_sign_in_and_no_cookie(signed, path):
    with signed.browser().get(path) as answer:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert path != "/assets/theme.css" or "Cookie" not in answer.headers.get("Vary", "")


def test_whoever_signs_in_comes_to_the_page_and_its_events(signed):
    client = signed.browser("LI ")
    assert client.get("/").status_code == 200
    assert tick(signed, client).status_code == 200
    with client:
        client.get("/")
        assert who() == COORDINATOR.actor
    assert who() == NOBODY


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_lines(signed):
    def cookie(url):
        client = signed.app.server.test_client()
        return client.post(f"{url}/sign-in", data={"id": "li", "password": PASSWORD}).headers["Set-Cookie"]

    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie("http://localhost").split("; "))
    assert "Secure" not in cookie("http://localhost")
    assert "Secure" in cookie("https://localhost").split("; ")


def test_a_proxy_tells_of_tls_only_where_one_is_set(empty_desk, clock):
    for proxies, told in ((0, False), (1, True)):
        signed = Signed(empty_desk, clock, proxies=proxies)
        client = signed.app.server.test_client()
        headers = {"X-Forwarded-Proto": "https"}
        answer = client.post("/sign-in", data={"id": "li", "password": PASSWORD}, headers=headers)
        assert ("Secure" in answer.headers["Set-Cookie"]) is told


@pytest.mark.parametrize("named", ["li", "nobody-here", "", "x' OR 1=1", "\x00", "李"])
def test_a_wrong_name_or_password_is_told_in_the_same_words(signed, named):
    answer = signed.browser().post("/sign-in", data={"id": named, "password": "wrong horse battery", "lang": "en"})
    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_the_name_stays_and_is_no_html(signed):
    data = {"id": '"><script>', "password": "wrong horse battery"}
    html = signed.browser().post("/sign-in", data=data).get_data(as_text=True)
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "wrong horse" not in html


def test_who_guesses_is_told_how_long_to_wait(signed):
    client = signed.browser()
    for _n in range(5):
        assert client.post("/sign-in", data={"id": "li", "password": "wrong"}).status_code == 401
    answer = client.post("/sign-in", data={"id": "li", "password": PASSWORD, "lang": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    assert "wait 15 s" in answer.get_data(as_text=True)
    signed.clock.at += timedelta(seconds=16)
    assert client.post("/sign-in", data={"id": "li", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//example.org",
        "https://example.org",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "javascript:x",
        "/sign-out",
    ],
)
def test_nobody_is_led_elsewhere(signed, elsewhere):
    client = signed.browser()
    answer = client.post("/sign-in", data={"id": "li", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"
    assert "example.org" not in client.get("/sign-in", query_string={"next": elsewhere}).get_data(as_text=True)


def test_whoever_signs_out_is_out(signed):
    client = signed.browser("li")
    away = client.post("/sign-out", data={"lang": "en"})
    assert away.headers["Location"] == "/sign-in?lang=en&out=1"
    assert "You are signed out." in client.get(away.headers["Location"]).get_data(as_text=True)
    assert tick(signed, client).status_code == 401
    assert signed.browser().post("/sign-out").status_code == 302


def test_a_page_that_nobody_touches_ends_the_session_although_it_ticks(signed):
    client = signed.browser("li")
    for _hour in range(8):
        assert tick(signed, client).status_code == 200
        signed.clock.at += timedelta(hours=1)
    signed.clock.at += timedelta(seconds=1)
    assert tick(signed, client).status_code == 401
    assert client.get("/").status_code == 302


def test_whoever_touches_the_page_stays_for_a_week(signed):
    client = signed.browser("li")
    for _time in range(23):
        signed.clock.at += timedelta(hours=7)
        assert tick(signed, client, **{TOUCHED: "1"}).status_code == 200
    signed.clock.at += timedelta(hours=7, seconds=1)
    assert tick(signed, client).status_code == 401


def test_the_cookie_changes_seldom_so_that_the_map_stays_in_the_browser(signed):
    client = signed.browser("li")
    signed.clock.at += timedelta(minutes=10)
    assert "Set-Cookie" not in client.get("/").headers
    signed.clock.at += timedelta(minutes=10)
    assert "Set-Cookie" in client.get("/").headers


@pytest.mark.parametrize("how", ["lock", "set_password", "change"])
def test_a_lock_a_new_password_or_another_role_ends_every_session(signed, how):
    clients = [signed.browser("li"), signed.browser("li")]
    accounts = signed.operator.accounts
    if how == "lock":
        accounts.lock("li")
    elif how == "set_password":
        accounts.set_password("li", "another good password")
    else:
        accounts.change(COORDINATOR, "李", COORDINATOR.role.VIEWER, (W,))
    assert [tick(signed, client).status_code for client in clients] == [401, 401]


def test_a_cookie_of_ones_own_making_is_worth_nothing(signed):
    client = signed.browser("li")
    cookie = client.get_cookie("lianfang").value
    for forged in (cookie[:-1] + ("a" if cookie[-1] != "a" else "b"), cookie.rpartition(".")[0], "x", ""):
        other = signed.browser()
        other.set_cookie("lianfang", forged)
        assert tick(signed, other).status_code == 401
    other.set_cookie("remember_token", "li 0|" + "0" * 128)
    assert tick(signed, other).status_code == 401


def test_an_invitation_lets_somebody_set_their_password_once(signed):
    accounts = signed.operator.accounts
    accounts.add("new", "New", COORDINATOR.role, (W,))
    address = f"/invite/{sealed(accounts.invite('new'), KEY)}"
    client = signed.browser()
    assert 'value="new"' in client.get(address).get_data(as_text=True)
    short = client.post(address, data={"new": "short", "again": "short", "lang": "en"})
    assert "at least 12 letters" in short.get_data(as_text=True)
    differ = client.post(address, data={"new": PASSWORD, "again": PASSWORD + "r", "lang": "en"})
    assert "not the same" in differ.get_data(as_text=True)
    assert client.post(address, data={"new": PASSWORD, "again": PASSWORD}).status_code == 302
    assert tick(signed, client).status_code == 200
    signed.browser("new")
    assert signed.browser().get(address).status_code == 401
    assert signed.browser().post(address, data={"new": PASSWORD, "again": PASSWORD}).status_code == 401


def test_an_invitation_ends(signed):
    address = f"/invite/{sealed(signed.operator.accounts.invite('li'), KEY)}"
    assert signed.browser().get(address).status_code == 200
    signed.clock.at += timedelta(days=7)
    assert "not valid any more" in signed.browser().get(f"{address}?lang=en").get_data(as_text=True)


def test_a_password_of_ones_own_ends_the_other_sessions_only(signed):
    here, there = signed.browser("li"), signed.browser("li")
    new = "four quite other words"
    wrong = here.post("/password", data={"old": "wrong", "new": new, "again": new, "lang": "en"})
    assert "not right" in wrong.get_data(as_text=True)
    assert 'value="li"' in here.get("/password").get_data(as_text=True)
    assert here.post("/password", data={"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert [tick(signed, client).status_code for client in (here, there)] == [200, 401]
    signed.browser("li", new)


def test_a_database_that_is_away_signs_nobody_out(signed, monkeypatch):
    client = signed.browser("li")
    assert tick(signed, client).status_code == 200

    def away(*_any):
        raise UnreachableError("The database does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(type(signed.store), "person", away)
        patched.setattr("casework.desk.Desk.versions", away)
        assert tick(signed, client).status_code == 503
        assert signed.browser().get("/health").status_code == 503
    assert tick(signed, client).status_code == 200


def test_a_page_that_is_opened_while_the_database_is_away_asks_again(signed, monkeypatch):
    def away(*_any):
        raise UnreachableError("The database does not answer.")

    client = signed.browser("li")
    monkeypatch.setattr(type(signed.store), "person", away)
    monkeypatch.setattr(type(signed.store), "device", away)
    client.set_cookie("lianfang-screen", "a-token")
    for path in ("/wall?lang=en", "/?lang=en"):
        answer = client.get(path, headers={"Accept": "text/html"})
        told = answer.get_data(as_text=True)
        assert answer.status_code == 503
        assert "The database does not answer." in told
        assert 'http-equiv="refresh"' in told
        assert "tries again by itself" in told
        # A screen may show its wall and nothing else.
        assert "<a " not in told
    missing = client.get("/assets/nothing?lang=en", headers={"Accept": "text/html"})
    assert (missing.status_code, "refresh" in missing.get_data(as_text=True)) == (404, False)


def test_pages_that_everybody_gets_are_laid_out_as_nobody_sees_them(signed, empty_desk, clock):
    """Dash lays out every page once, at the first request, and sends that to all."""
    cookie = signed.browser("li").get_cookie("lianfang").value
    fresh = Signed(empty_desk, clock)
    client = fresh.browser()
    client.set_cookie("lianfang", cookie)
    assert client.get("/").status_code == 200
    assert fresh.askers
    assert set(fresh.askers) == {NOBODY}
    tick(fresh, client)
    assert fresh.askers[-1] == COORDINATOR.actor


def test_nobody_listens_to_the_network_where_nobody_signs_in():
    assert Settings(host="192.0.2.1").exposed.startswith("Nobody signs in")
    assert [Settings(host=one).exposed for one in ("127.0.0.1", "localhost", "::1")] == [None] * 3
    assert [Settings(host="192.0.2.1", sign_in=one).exposed for one in ("on", "elsewhere")] == [None] * 2
