"""The verbs `people` and `devices`, the key beside the database, and a server that refuses to stand open."""

import json
import re
import runpy
import stat

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from app import create_app
from casework.errors import CaseError
from cli import cli
from keys import key_of
from settings import Settings
from store import open_store

SHARED = "of all machines"
GOOD = "correct horse battery staple"
LI = ("people", "add", "li", "--name", "李", "--role", "administrator", "--region", "330502")


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Calls the program on a store of its own."""
    monkeypatch.setenv("LIANFANG_DATABASE", str(tmp_path / "store.sqlite"))

    def calling(*words, told="", fails=False):
        done = CliRunner().invoke(cli, words, input=told)
        assert (done.exit_code != 0) is fails, done.output
        assert "Traceback" not in done.output
        return json.loads(done.stdout) if "--json" in words and not fails else done.output

    return calling


@pytest.fixture
def squares(tmp_path):
    """Two regions in a file."""
    shapes = [shapely.box(120.1, 30, 120.2, 30.1), shapely.box(120, 30, 120.1, 30.1)]
    frame = gpd.GeoDataFrame({"adcode": ["330502", "320509"], "name": ["东区", "西区"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "squares.geojson")
    return str(tmp_path / "squares.geojson")


@pytest.fixture
def served(monkeypatch):
    """Makes dashboards as the program does, and closes their stores."""
    stores = []
    monkeypatch.setattr("app.open_store", lambda *place: stores.append(open_store(*place)) or stores[-1])
    yield lambda **changes: create_app(Settings(**changes)).server.test_client()
    for store in stores:
        store.close()


def test_the_first_administrator_can_sign_in(call, served):
    made = call(*LI, "--password-stdin", "--json", told=GOOD + "\n")
    assert (made["id"], made["role"], made["regions"], made["invitation"]) == ("li", "administrator", ["330502"], "")
    client = served(sign_in="on")
    assert client.post("/sign-in", data={"id": "li", "password": GOOD}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_password_is_asked_for_twice_and_shown_nowhere(call):
    told = call(*LI, told=f"{GOOD}\n{GOOD}\n")
    assert "li  李, administrator of 330502" in told
    assert GOOD not in told
    assert "at least 12 letters" in call(*LI, told="short\nshort\n", fails=True)


def test_an_invitation_opens_the_page_to_set_a_password(call, served, squares):
    call("load", "boundaries", squares)
    address = call(*LI, "--invite", "--json")["invitation"]
    client = served(sign_in="on")
    assert 'value="li"' in client.get(address).get_data(as_text=True)
    assert re.search(r"^/invite/\S+$", call(*LI[:2], "an", *LI[3:], "--invite"), re.MULTILINE)
    assert "not both" in call(*LI, "--invite", "--password-stdin", fails=True)


def test_the_first_administrator_is_told_that_the_region_is_not_there_yet(call, squares):
    done = CliRunner().invoke(cli, [*LI, "--invite", "--json"])
    assert json.loads(done.stdout)["id"] == "li"
    assert "There is no region 330502 yet: li sees nothing" in done.stderr
    assert "app.py load boundaries FILE" in done.stderr
    an, wall = (*LI[:2], "an", *LI[3:-1]), ("devices", "add", "Wall", "--region")
    for words in ((*an, "330502", "--invite"), (*wall, "330502")):
        assert "There is no region 330502 yet: load boundaries first" in call(*words, fails=True)
    call("load", "boundaries", squares)
    for words in ((*an, "330520", "--invite"), (*wall, "330520")):
        assert "There is no region 330520: write ids of jurisdictions" in call(*words, fails=True)
    assert "no region" not in call(*an, "330502", "--invite")


def test_whoever_comes_by_the_provider_needs_no_password(call):
    assert call(*LI, "--subject", "sub", "--json")["subject"] == "sub"


def test_people_are_listed_locked_and_unlocked(call):
    assert "Nobody can sign in yet" in call("people", "list")
    call(*LI, "--invite")
    assert call("people", "lock", "li") == "li  李, administrator of 330502, locked\n"
    assert call("people", "list", "--json")["people"][0]["active"] is False
    assert call("people", "unlock", "li", "--json")["active"] is True
    assert "nobody called an" in call("people", "lock", "an", fails=True)


def test_a_password_is_replaced(call):
    call(*LI, "--invite")
    assert "new password" in call("people", "password", "li", "--password-stdin", told=GOOD)
    assert "nobody called an" in call("people", "password", "an", fails=True)


def test_a_role_that_nobody_can_be_given_is_refused(call):
    for role in ("operator", "screen"):
        call(*LI[:6], role, *LI[7:], fails=True)


def test_screens_are_added_listed_and_revoked(call, squares):
    call("load", "boundaries", squares)
    assert "no screens yet" in call("devices", "list")
    made = call("devices", "add", "Wall", "--region", "330502", "--json")
    assert made["address"] == f"/wall?token={made['token']}"
    listed = call("devices", "list", "--json")["devices"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert made["token"] not in json.dumps(listed)
    assert call("devices", "revoke", made["id"]) == f"{made['id']}  Wall, of 330502, revoked\n"
    assert call("devices", "list", "--json")["devices"][0]["revoked_at"]
    assert "/wall?token=" in call("devices", "add", "Wall", "--region", "330502")
    assert "no screen x" in call("devices", "revoke", "x", fails=True)


def test_the_key_is_made_once_for_all_and_only_its_owner_reads_it(tmp_path):
    settings = Settings(database=str(tmp_path / "made" / "store.sqlite"))
    key = key_of(settings)
    assert len(key) > 40
    assert key_of(settings) == key
    (file,) = (tmp_path / "made").iterdir()
    assert file == settings.secret_file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key_of(Settings(secret=SHARED)) == SHARED
    assert SHARED not in repr(Settings(secret=SHARED))


def test_the_process_that_comes_second_takes_the_key_of_the_first(tmp_path, monkeypatch):
    settings = Settings(database=str(tmp_path / "store.sqlite"))
    key = key_of(settings)
    monkeypatch.setattr("pathlib.Path.exists", lambda _self: False)
    assert key_of(settings) == key
    assert [one.name for one in tmp_path.iterdir()] == [settings.secret_file.name]


def test_a_server_does_not_stand_open_to_the_network(call, served, monkeypatch):
    monkeypatch.setenv("LIANFANG_HOST", "192.0.2.1")
    assert "LIANFANG_SIGN_IN=on" in call("serve", fails=True)
    with pytest.raises(CaseError, match="LIANFANG_SIGN_IN=elsewhere"):
        served()
    with pytest.raises(SystemExit, match="Nobody signs in"):
        runpy.run_path("tools/gunicorn.py")
    assert served(sign_in="elsewhere").get("/").status_code == 200
