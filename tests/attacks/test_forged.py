"""Forged events: ids, kinds of value and handles of work that no page of ours sends. Words come back, never the inside."""

import json
import time

import pytest
from flask import Flask

from callbacks import background
from casework.people import Actor, Role
from settings import Settings
from tests.attacks.words import FORMULAS, QUERIES, SCRIPTS, SHAPES, told_inside
from tests.callbacks.web import _filled, _outputs

DOOR = "/_dash-update-component"
# Somebody waits for each of them.
LONGEST_S = 20.0


def events(web):
    """Every event that the server answers, as name, output and what is sent with it."""
    for output, known in web.app.callback_map.items():
        if "callback" in known and not known.get("background"):
            yield known["callback"].__name__, output, known


def question(output, known, value):
    """The same event with one value everywhere."""
    fields = [*known["inputs"], *known["state"]]
    values = {f"{one['id']}.{one['property']}": value for one in fields}
    return {
        "output": output,
        "outputs": _outputs(output),
        "inputs": _filled(known["inputs"], values),
        "state": _filled(known["state"], values),
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in known["inputs"][:1]],
    }


@pytest.mark.parametrize("value", [*SHAPES, QUERIES[1], SCRIPTS[0], FORMULAS[0]], ids=lambda one: json.dumps(one)[:30])
def test_any_value_in_any_field_is_answered_in_words(victim, value):
    before = victim.counts()
    for name, output, known in events(victim.web):
        began = time.monotonic()
        answer = victim.client.post(DOOR, json=question(output, known, value))
        assert time.monotonic() - began < LONGEST_S, name
        assert answer.status_code in {200, 204}, name
        said = answer.get_data(as_text=True)
        assert told_inside(said) == [], name
        assert len(said) < 2_000_000, name
    after = victim.counts()
    assert {name for name in after if after[name] < before[name]} == set()
    assert all(after[name] == before[name] for name in ("incidents", "firms", "stations", "jurisdictions"))


@pytest.mark.parametrize("forged", ["x", "x~y", "1~" + "0" * 64, "", "~", "../../x~" + "a" * 64])
@pytest.mark.parametrize("name", ["cacheKey", "job", "oldJob", "cancelJob", "endId"])
def test_a_forged_handle_ends_no_work_and_reads_none(victim, monkeypatch, name, forged):
    ended = []
    monkeypatch.setattr(background._Processes, "terminate_job", lambda _self, job: ended.append(job))
    monkeypatch.setattr(background._Processes, "call_job_fn", lambda *_: 1)
    output, known = next(
        (output, known) for output, known in victim.web.app.callback_map.items() if known.get("background")
    )
    answer = victim.client.post(f"{DOOR}?{name}={forged}", json=question(output, known, None))
    assert answer.status_code in {200, 204}
    assert told_inside(answer.get_data(as_text=True)) == []
    assert ended == []


@pytest.mark.parametrize(
    "key", ["secrets", "people", "audit", "../zones", "zones/..", "incidents'", "__class__", "ZONES", "zones%00"]
)
def test_a_forged_layer_is_none(victim, key):
    for path in (f"/map/{key}.geojson", f"/tiles/{key}/1/1/1.pbf"):
        assert victim.client.get(path).status_code == 404


@pytest.mark.parametrize("tile", ["-1/0/0", "0/-1/0", "1e3/0/0", "5/32/0", "4294967296/0/0", "0x1/0/0", "5/1/1.5"])
def test_a_tile_that_is_none_is_not_there(victim, tile):
    assert victim.client.get(f"/tiles/incidents/{tile}.pbf").status_code == 404


def test_what_was_worked_out_for_one_is_no_answer_to_another(tmp_path):
    asker = [Actor("an", Role.VIEWER, ("e",))]
    manager = background.manager_of(Settings(database=str(tmp_path / "x")), Flask("x"), lambda: asker[0])
    question_of_all = (told_inside, ["e", "w"], [], None)
    mine = manager.build_cache_key(*question_of_all)
    assert manager.build_cache_key(*question_of_all) == mine
    for other in (
        Actor("li", Role.VIEWER, ("e",)),
        Actor("an", Role.COORDINATOR, ("e",)),
        Actor("an", Role.VIEWER, ("w",)),
    ):
        asker[0] = other
        assert manager.build_cache_key(*question_of_all) != mine


def test_no_cookie_goes_along_with_work(tmp_path):
    manager = background.manager_of(Settings(database=str(tmp_path / "x")), Flask("x"))
    told = manager.told({"cookies": {"lianfang": "session"}, "headers": {"Cookie": "session"}, "args": {}})
    assert "session" not in str(told)
    assert told["asked_by"]["id"] == "local"
