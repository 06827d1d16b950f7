"""The people's page: administrators change who is who in regions of their own, others see it, and every page says who is there."""

import re

import pytest

from tests.callbacks.signed import ADMINISTRATOR, COORDINATOR, EAST, KEY, PASSWORD, event
from tests.callbacks.web import Answer
from tests.world import E, W

FORM = ("person-id", "person-name", "person-role", "person-regions", "person-subject")


def fire(signed, client, name, **values):
    answer = client.post("/_dash-update-component", json=event(signed.app, name, **values))
    assert answer.status_code in (200, 204)
    return Answer(answer.get_json() if answer.status_code == 200 else {})


def form(person_id, name, role, regions, subject=""):
    return {f"{one}.value": told for one, told in zip(FORM, (person_id, name, role, regions, subject), strict=True)}


def shown(signed, client):
    return fire(signed, client, "list_accounts", **{"view.data": "lang=en"})


def row_of(signed, client, person_id):
    return next(row for row in shown(signed, client)["people-table.rowData"] if row["key"] == person_id)


def layout(signed, client, path="/people", lang="en"):
    place = {"_pages_location.pathname": path, "_pages_location.search": f"?lang={lang}"}
    return fire(signed, client, "update", **place).text


def test_everybody_sees_who_is_who_and_nobody_a_secret(signed):
    signed.operator.accounts.add_device("Wall", (W,))
    told = shown(signed, signed.browser("an"))
    assert [row["key"] for row in told["people-table.rowData"]] == ["adm", "an", "li"]
    assert told["devices-table.rowData"] == told["person-regions.data"] == []
    assert "An administrator of your region can change it" in told["people-may.children"]
    assert "argon2" not in told.text


def test_an_administrator_is_offered_regions_of_their_own(signed):
    device, _token = signed.operator.accounts.add_device("Wall", (W,))
    signed.operator.accounts.add_device("East wall", (E,))
    told = shown(signed, signed.browser("adm"))
    assert [one["value"] for one in told["person-regions.data"]] == [W]
    assert [row["key"] for row in told["devices-table.rowData"]] == [device.id]
    assert told["people-may.children"] == ""


def test_whoever_is_added_sets_their_password_by_the_address(signed):
    told = fire(signed, signed.browser("adm"), "add_person", **form("new", "New", "viewer", [W]))
    assert told["people-address.children"].startswith("/invite/")
    assert told["version-people.data"] > 0
    client = signed.browser()
    set_to = {"new": PASSWORD, "again": PASSWORD}
    assert client.post(told["people-address.children"], data=set_to).status_code == 302
    assert signed.browser("new").get("/").status_code == 200


def test_a_row_fills_the_form_and_is_changed(signed):
    client = signed.browser("adm")
    row = row_of(signed, client, "li")
    filled = fire(signed, client, "choose_person", **{"people-table.selectedRows": [row]})
    assert filled["person-id.value"] == "li"
    assert fire(signed, client, "choose_person")["people-seen.data"] is None
    values = {"people-seen.data": filled["people-seen.data"], **form("li", "Li", "commander", [W], "sub-li")}
    del values["person-id.value"]
    fire(signed, client, "save_person", **values)
    assert signed.store.person("li").role == "commander"
    again = fire(signed, client, "save_person", **values)
    assert "已被他人修改" in again.notice or "meanwhile" in again.notice


def test_a_lock_is_put_on_and_taken_off(signed):
    client = signed.browser("adm")
    seen = {"people-seen.data": row_of(signed, client, "li")["seen"]}
    assert COORDINATOR.name in fire(signed, client, "lock_person", **seen)["people-told.children"]
    assert not signed.store.person("li").active
    assert row_of(signed, client, "li")["state"] == "locked"
    fire(signed, client, "unlock_person", **seen)
    assert signed.store.person("li").active


def test_an_invitation_is_made_anew(signed):
    client = signed.browser("adm")
    seen = {"people-seen.data": row_of(signed, client, "li")["seen"]}
    assert fire(signed, client, "invite_person", **seen)["people-address.children"].startswith("/invite/")


def test_a_screen_is_added_and_revoked_after_a_question(signed):
    client = signed.browser("adm")
    told = fire(signed, client, "add_screen", **{"device-name.value": "Wall", "device-regions.value": [W]})
    address = told["device-address.children"]
    screen = signed.browser()
    assert screen.get(address).headers["Location"] == "/wall"
    rows = shown(signed, client)["devices-table.rowData"]
    assert address.partition("=")[2] not in str(rows)
    chosen = {"devices-table.selectedRows": rows}
    assert fire(signed, client, "ask_first", **chosen)["device-confirm.displayed"] is True
    fire(signed, client, "revoke_screen", **chosen)
    assert screen.get("/wall").status_code == 302
    assert shown(signed, client)["devices-table.rowData"][0]["state"] == "revoked"


@pytest.mark.parametrize(
    "name", ["save_person", "lock_person", "unlock_person", "invite_person", "ask_first", "revoke_screen"]
)
def test_without_a_row_it_is_said_what_to_do(signed, name):
    assert fire(signed, signed.browser("adm"), name, **{"view.data": "lang=en"}).notice


@pytest.mark.parametrize("person", [COORDINATOR, EAST])
def test_who_is_no_administrator_changes_nothing(signed, person):
    client = signed.browser(person.id)
    seen = {"people-seen.data": row_of(signed, client, "adm")["seen"]}
    before = signed.store.people()
    change = form("adm", "x", "viewer", [W])
    del change["person-id.value"]
    for name, values in {
        "add_person": form("new", "New", "administrator", [W]),
        "save_person": {**seen, **change},
        "lock_person": seen,
        "unlock_person": seen,
        "invite_person": seen,
        "add_screen": {"device-name.value": "Wall", "device-regions.value": [W]},
    }.items():
        assert fire(signed, client, name, **values).notice
    assert signed.store.people() == before
    assert signed.store.devices() == ()


def test_a_role_that_is_none_is_no_secret_way(signed):
    for role in ("operator", "screen", "x"):
        assert fire(signed, signed.browser("adm"), "add_person", **form("new", "New", role, [W])).notice
    assert signed.store.person("new") is None


@pytest.mark.parametrize("path", ["/", "/plans", "/people"])
def test_each_page_says_who_is_signed_in(signed, path):
    told = layout(signed, signed.browser("li"), path)
    assert COORDINATOR.name in told
    assert '"coordinator"' in told
    assert "/sign-out?lang=en" in told
    assert "nobody signs in here" not in told
    assert ADMINISTRATOR.name not in told


def test_the_page_of_people_is_linked_for_administrators(signed):
    assert re.search(r'"href": "/people', layout(signed, signed.browser("adm"), "/"))
    assert not re.search(r'"href": "/people', layout(signed, signed.browser("li"), "/"))


@pytest.mark.parametrize("path", ["/", "/plans", "/wall", "/people"])
def test_each_page_says_that_nobody_signs_in(web, path):
    assert "nobody signs in here" in web.page(path, lang="en").text
    assert "此处无需登录" in web.page(path, lang="zh").text


def test_where_nobody_signs_in_people_can_be_made_ready(web):
    told = web.fire("add_person", form("li", "Li", "administrator", [W]))
    assert told["people-address.children"] == ""
    assert "LIANFANG_SIGN_IN" in web.fire("invite_person", {"people-seen.data": {"id": "li"}}).notice


def test_before_there_are_regions_it_is_said_that_boundaries_come_first(empty_web, web):
    told = empty_web.fire("list_accounts", {"view.data": "lang=en"}).changed["people-may.children"]
    assert told[0] == "Everybody answers for a region, so boundaries come first."
    assert "app.py load boundaries FILE" in str(told[1])
    assert web.fire("list_accounts", {"view.data": "lang=en"})["people-may.children"] == ""


def test_the_key_is_in_no_page(signed):
    client = signed.browser("adm")
    assert KEY not in client.get("/").get_data(as_text=True)
    assert KEY not in layout(signed, client)
