"""The database away, slow or full: pages say so, keep what they have, and are asked for again."""

import pytest

from casework.errors import DoubtError, FullError, SlowError, UnreachableError
from tests.world import E, W

AWAY = "The database does not answer; nothing was changed. Try again in a moment."


def fails(monkeypatch, desk, name, error):
    def fail(*_args, **_more):
        raise error

    monkeypatch.setattr(desk._store, name, fail)


def tick(web, known):
    key = next(key for key, spec in web.app.callback_map.items() if key.startswith("pulse") and "tick" in str(spec))
    body = {
        "output": key,
        "outputs": {"id": "pulse", "property": "data"},
        "inputs": [{"id": "tick", "property": "n_intervals", "value": 1}],
        "state": [{"id": "pulse", "property": "data", "value": known}],
        "changedPropIds": ["tick.n_intervals"],
    }
    return web.client.post("/_dash-update-component", json=body, headers={"Referer": "http://localhost/"})


@pytest.fixture
def pulse(web):
    return web.fire("tick", {}, "tick.n_intervals")["pulse.data"]


def test_a_tick_in_which_nothing_is_new_reads_nothing(web, desk, pulse, monkeypatch):
    asked = []
    read = desk._store._database.read
    monkeypatch.setattr(desk._store._database, "read", lambda: (asked.append(1), read())[1])
    for _ in range(50):
        assert tick(web, pulse).status_code == 200
    assert len(asked) <= 1
    desk.agreements.save(desk.agreements.draft(E, W))
    versions = tick(web, pulse).get_json()["response"]["pulse"]["data"]["versions"]
    assert versions["agreements"] == pulse["versions"]["agreements"] + 1


@pytest.mark.parametrize("known", [None, 5, "pulse", [], {}, {"versions": 3}])
def test_whatever_a_page_claims_to_know_it_is_told_what_is(web, pulse, known):
    assert tick(web, known).get_json()["response"]["pulse"]["data"] == pulse


@pytest.mark.parametrize(("error", "status"), [(UnreachableError(AWAY), 503), (SlowError("slow"), 504)])
def test_a_tick_without_an_answer_is_no_sign_of_life(web, desk, pulse, monkeypatch, error, status):
    fails(monkeypatch, desk, "lately", error)
    assert tick(web, pulse).status_code == status
    monkeypatch.undo()
    fails(monkeypatch, desk, "versions", error)
    assert tick(web, None).status_code == status
    monkeypatch.undo()
    assert tick(web, pulse).status_code == 200


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (UnreachableError(AWAY), "no"),
        (FullError("full"), "no"),
        (SlowError("slow"), "no"),
        (DoubtError("?"), "unknown"),
    ],
)
def test_a_write_that_was_not_kept_is_said_and_marked(web, desk, monkeypatch, error, kept):
    fails(monkeypatch, desk, "remove_agreement", error)
    fails(monkeypatch, desk, "agreements", error)
    answers = []
    web.app.server.after_request_funcs.setdefault(None, []).append(lambda one: (answers.append(one), one)[1])
    shown = {"agreement-base.data": {"agreement": "e-w-1", "version": 1}}
    answer = web.fire("remove_agreement", shown, "remove-agreement-sure.submit_n_clicks")
    assert answer.notice
    assert answers[-1].headers["Lianfang-Kept"] == kept


def test_a_page_that_cannot_be_made_says_why_and_is_asked_for_again(web, desk, monkeypatch):
    fails(monkeypatch, desk, "versions", UnreachableError(AWAY))
    for path in ("/", "/wall", "/plans"):
        told = web.page(path, lang="en").text
        assert AWAY in told
        assert "tries again by itself" in told
    monkeypatch.undo()
    assert "tries again by itself" not in web.page("/", lang="en").text


def test_map_data_say_that_the_database_is_away(web, desk, monkeypatch):
    fails(monkeypatch, desk, "versions", UnreachableError(AWAY))
    answer = web.get("/map/zones.geojson", lang="en")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, AWAY)


def test_every_page_has_the_words_for_what_was_not_kept(web):
    for path in ("/", "/wall", "/plans"):
        told = web.page(path, lang="en").text
        assert "What you entered is still here" in told
        assert "the database does not answer" in told
