"""The log's page over HTTP: filters, pages, the chain in words, a file, and who may not."""

import csv
import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.audit import Deed, Entry, Sought
from casework.desk import Desk
from casework.model import Selection
from casework.people import Actor, Role
from tests.callbacks.web import Web
from tests.world import NOW, E, N, W

SAW = Entry(NOW, "li", "officer", Deed.SAW, "incident:I1", (E, W), {"zone": "太湖"})
SOUGHT = {
    "log-actor.value": "", "log-kind.value": None, "log-thing.value": "", "log-deeds.value": [],
    "log-region.value": None, "log-period.value": [None, None], "log-place.data": None, "view.data": "lang=en",
}  # fmt: skip


def show(web, **more):
    """What the page shows, with some filters set."""
    values = SOUGHT | {name.replace("_", "-").replace("--", "."): value for name, value in more.items()}
    return web.fire("show_lines", values, page="/audit")


def numbers(answer):
    """Numbers of the lines of the table."""
    rows = answer["log-lines.children"]["props"]["children"][1]["props"]["children"]
    return [int(row["props"]["children"][0]["props"]["children"]) for row in rows]


@pytest.fixture
def first(desk):
    """The number of the first of some lines that are put behind those of the world."""
    lines = [replace(SAW, at=NOW + timedelta(hours=n), thing=f"incident:I{n}") for n in range(120)]
    more = replace(
        SAW, actor="wang", deed=Deed.REFUSED, thing="plan:p1", regions=(N,), facts={"reason": "You may not."}
    )
    return desk._store.append([*lines, more])[0].n


def test_the_page_says_it_in_both_languages(web):
    assert "Which lines" in web.page("/audit", lang="en").text
    assert "筛选记录" in web.page("/audit", lang="zh").text
    assert [one["label"] for one in web.fire("offer_regions", {"view.data": "lang=en"})["log-region.data"]] == [
        "East", "北区", "West", "岛",
    ]  # fmt: skip


def test_lines_come_newest_first_and_page_by_page(web, first):
    newest = show(web)
    assert numbers(newest) == list(range(first + 120, first + 70, -1))
    assert (newest["log-newer.disabled"], newest["log-older.disabled"]) == (True, False)
    place = web.fire("show_older", {"log-shown.data": newest["log-shown.data"]}, "log-older.n_clicks")["log-place.data"]
    older = show(web, log_place__data=place)
    assert numbers(older) == list(range(first + 70, first + 20, -1))
    assert (older["log-newer.disabled"], older["log-older.disabled"]) == (False, False)
    back = web.fire("show_newer", {"log-shown.data": older["log-shown.data"]}, "log-newer.n_clicks")["log-place.data"]
    assert numbers(show(web, log_place__data=back)) == numbers(newest)
    # Other filters begin at the newest.
    assert numbers(show(web, log_place__data=place, log_actor__value="li"))[0] == first + 119


def test_a_line_says_who_did_what_to_what(web, first):
    del first
    text = show(web, log_deeds__value=["refused"]).text
    for words in ("wang · officer", "was refused", "plan p1", "北区", "reason: You may not."):
        assert words in text
    assert "被拒绝" in show(web, log_deeds__value=["refused"], view__data="lang=zh").text


def test_a_party_is_called_by_its_name(web, desk):
    desk._store.append([replace(SAW, deed=Deed.SHARED, facts={"party": E, "given": True})])
    row = show(web)["log-lines.children"]["props"]["children"][1]["props"]["children"][0]["props"]["children"]
    assert row[-1]["props"]["children"] == "of the party East · given: yes"


def test_filters_narrow(web, first):
    last = first + 120

    def found(**filters):
        return numbers(show(web, **filters))

    assert found(log_actor__value=" wang ") == [last]
    assert found(log_kind__value="plan", log_deeds__value=["refused", "shared"]) == [last]
    assert found(log_kind__value="incident", log_thing__value="I119") == [last - 1]
    assert found(log_thing__value="I119") == [last - 1]
    assert found(log_region__value=N, log_actor__value="wang") == [last]
    assert found(log_period__value=["2026-06-14", "2026-06-14"])[-1] == first + 68
    assert len(found(log_period__value=["2026-06-14", "2026-06-14"])) == 24
    nothing = show(web, log_actor__value="nobody")
    assert "choose fewer filters" in nothing.text
    assert nothing["log-older.disabled"]


def test_a_region_has_all_below_it(desk, web, monkeypatch):
    line = replace(SAW, regions=("3305",), actor="zhou")
    desk._store.append([line, replace(line, regions=("330502",)), replace(line, regions=("320509",))])
    monkeypatch.setattr(type(desk.territory), "parents", lambda _self: {"3305": "33", "330502": "3305", "320509": "32"})
    last = desk._store.audit_head().n
    assert numbers(show(web, log_region__value="33", log_actor__value="zhou")) == [last - 1, last - 2]


def test_the_chain_is_told_in_words(web, desk):
    n = desk._store.audit_head().n
    told = web.fire("check_chain", {"view.data": "lang=en"}).text
    assert f"All {n} lines are as they were written, checked at 04:00:00." in told
    assert desk._store.audit_head().hash in told
    desk._store.append([SAW] * 1200)
    assert "1,000 lines were checked at" in web.fire("check_chain", {"view.data": "lang=en"}).text
    every = {"view.data": "lang=en", "log-check.n_clicks": 1}
    assert f"All {n + 1200:,} lines" in web.fire("check_chain", every, "log-check.n_clicks").text
    with closing(sqlite3.connect(desk._store._database.name)) as connection:
        connection.execute("DROP TRIGGER audit_update")
        connection.execute("UPDATE audit SET actor = 'x' WHERE n = 2")
        connection.commit()
    assert "Line 2 is not as it was written." in web.fire("check_chain", every, "log-check.n_clicks").text


def test_the_file_holds_what_the_page_chose(web, desk, first):
    answer = show(web, log_kind__value="plan", log_deeds__value=["refused"])
    got = web.client.get(answer["log-export.href"])
    assert (got.status_code, got.mimetype) == (200, "text/csv")
    assert got.headers["Content-Disposition"] == "attachment; filename=2026-06-11-log.csv"
    rows = list(csv.DictReader(io.StringIO(got.data.decode("utf-8-sig"))))
    assert [(row["n"], row["actor"]) for row in rows] == [(str(first + 120), "wang")]
    (told,) = desk._store.audit(Sought(deeds=(Deed.EXPORTED,)))
    assert (told.thing, told.facts) == ("audit:", {"file": "2026-06-11-log.csv"})
    assert web.get("/audit.csv", first="no day", deeds="sang").status_code == 200


def test_who_may_not_is_told_why(desk, clock):
    web = Web(Desk(desk._store, Actor("li", Role.OFFICER, (W,)), clock, desk.rules))
    for answer in (show(web), web.fire("check_chain", {"view.data": "lang=zh"})):
        assert "log is read by auditors" in answer.text or "审计人员" in answer.text
        assert "incident" not in answer.text
    got = web.get("/audit.csv", lang="en")
    assert got.status_code == 409
    assert "auditors" in got.text
    assert [line.thing for line in desk._store.audit(Sought(deeds=(Deed.REFUSED,)))] == ["audit:"]


def test_an_auditor_sees_the_own_regions(desk, clock, first):
    web = Web(Desk(desk._store, Actor("zhou", Role.AUDITOR, (N,)), clock, desk.rules))
    assert numbers(show(web))[0] == first + 120
    assert numbers(show(web, log_actor__value="wang")) == [first + 120]
    assert "choose fewer filters" in show(web, log_actor__value="li").text


def test_what_is_opened_and_taken_along_is_told(desk, clock):
    other = Desk(desk._store, Actor("li", Role.OFFICER, (W,)), clock, desk.rules)
    web = Web(other)
    mine, theirs = (str(desk._store.incidents(Selection(jurisdictions=(one,))).iloc[0]["id"]) for one in (W, E))
    for one in (mine, theirs):
        web.fire("show_picked", {"view.data": f"lang=en&a={E}&b={W}&selected=incident:{one}"})
    web.get("/tiles/incidents/8/213/105.pbf")
    told = [line.thing for line in desk._store.audit(Sought(actor="li"))]
    assert told[0] == f"incident:{theirs}"
    assert f"incident:{mine}" not in told
    assert sum(thing.startswith("zone:") for thing in told) == 2
