"""A screen shows its wall, for ever, and nothing else."""

from datetime import timedelta

import pytest

from tests.callbacks.signed import event
from tests.world import W

EVENTS = "/_dash-update-component"
PLACE = ("_pages_location.pathname", "_pages_location.search")


def fire(signed, client, name, **values):
    return client.post(EVENTS, json=event(signed.app, name, **values))


def test_a_token_leaves_the_address_at_once_and_stays_in_cookies_of_the_wall(signed):
    _device, token = signed.operator.accounts.add_device("Wall", (W,))
    answer = signed.browser().get(f"/wall?token={token}&theme=light")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/wall?theme=light")
    cookies = answer.headers.getlist("Set-Cookie")
    assert all({"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")) for cookie in cookies)
    assert "/" not in {part.partition("=")[2] for cookie in cookies for part in cookie.split("; ") if "Path=" in part}


def test_a_wall_shows_what_it_needs(signed):
    client, _device = signed.screen()
    assert client.get("/wall?lang=en").status_code == 200
    assert client.get("/_dash-layout").status_code == 200
    assert client.get("/_dash-dependencies").status_code == 200
    assert fire(signed, client, "tick").status_code == 200
    assert fire(signed, client, "look", **{"pulse.data": {}, "view.data": ""}).status_code == 200
    assert fire(signed, client, "update", **dict(zip(PLACE, ("/wall", ""), strict=True))).status_code == 200
    assert client.get("/map/zones.geojson").status_code == 200


@pytest.mark.parametrize("path", ["/", "/plans", "/password", "/plans/p/1.html", "/signed-in"])
def test_a_screen_comes_to_no_other_page(signed, path):
    client, _device = signed.screen()
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/map/incidents.geojson", "/map/stations.geojson", "/tiles/incidents/0/0/0.pbf", "/map/nothing.geojson",
    ],
)  # fmt: skip
def test_a_screen_fetches_no_other_layer(signed, path):
    client, _device = signed.screen()
    assert client.get(path).status_code == 403
    assert client.post("/map/zones.geojson").status_code == 403


def test_a_screen_calls_no_other_callback(signed):
    client, _device = signed.screen()
    others = [
        spec["callback"]
        for spec in signed.app.callback_map.values()
        if "callback" in spec and spec["callback"].__module__ not in ("callbacks.wall", "callbacks.shell", "dash.dash")
    ]
    assert len(others) > 40
    for key, spec in signed.app.callback_map.items():
        if spec.get("callback") in others:
            answer = client.post(EVENTS, json={"output": key, "inputs": [], "state": []})
            assert answer.status_code == 403, key
    for body in ({}, [], {"output": None}, {"output": "nothing.data"}, {"output": ["pulse.data"]}):
        assert client.post(EVENTS, json=body).status_code == 403
    assert client.post(EVENTS, data="no json").status_code == client.post(EVENTS).status_code == 400
    assert client.post(f"{EVENTS}?cacheKey=x&job=1", json=event(signed.app, "tick")).status_code == 403


def test_a_screen_lays_out_no_other_page(signed):
    client, _device = signed.screen()
    body = event(signed.app, "update", **dict(zip(PLACE, ("/", ""), strict=True)))
    assert client.post(EVENTS, json=body).status_code == 403
    # Dash goes by the order, not by the names.
    body["inputs"] = [
        {"id": "_pages_location", "property": "search", "value": "/"},
        {"id": "_pages_location", "property": "pathname", "value": "/wall"},
    ]
    assert client.post(EVENTS, json=body).status_code == 403
    for inputs in ([], None, ["/wall"], [["/wall"]], "/wall"):
        assert client.post(EVENTS, json={**body, "inputs": inputs}).status_code == 403


def test_no_session_throws_a_wall_off(signed):
    client, _device = signed.screen()
    for _month in range(30):
        signed.clock.at += timedelta(days=31)
        answer = fire(signed, client, "tick")
        assert answer.status_code == 200
        # A browser forgets a cookie after 400 days: it is given anew long before.
        assert len(answer.headers.getlist("Set-Cookie")) == 6
    assert "Set-Cookie" not in fire(signed, client, "tick").headers


def test_a_person_who_signed_in_on_a_wall_leaves_it_a_wall(signed):
    client, _device = signed.screen()
    assert client.post("/sign-in", data={"id": "li", "password": "correct horse battery staple"}).status_code == 302
    assert client.get("/").status_code == 200
    signed.clock.at += timedelta(days=8)
    assert client.get("/").status_code == 302
    assert fire(signed, client, "tick").status_code == 200


def test_a_revoked_token_is_worth_nothing(signed):
    client, device = signed.screen()
    signed.operator.accounts.revoke(device.id)
    assert fire(signed, client, "tick").status_code == 401
    assert client.get("/map/zones.geojson").status_code == 401
    assert client.get("/wall").status_code == 302


def test_an_unknown_token_is_told_in_words(signed):
    answer = signed.browser().get("/wall?token=guessed&lang=en")
    assert answer.status_code == 403
    assert "ask an administrator" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
