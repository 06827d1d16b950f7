"""A request sent again, as it was: it changes nothing twice, or is told that somebody was there before."""

import re
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from threading import Barrier

import pytest

from callbacks.planner.fields import base_of
from callbacks.plans.work import Work, read_work
from casework.wishes import Wish
from layers.view import View
from tests.world import IN_FORCE, E, W

QUERY = View(lang="en", a=E, b=W, agreement=IN_FORCE).query()


def written(desk):
    one = desk.agreements.get(IN_FORCE)
    return {
        "view.data": QUERY,
        "agreement-base.data": base_of(one),
        "agreement-title.value": "Replayed",
        "valid-from.value": one.valid_from.isoformat(),
        "agreed-categories.value": [str(category) for category in one.categories],
        "memorandum.value": "once",
        "powers.value": one.powers,
    }


def test_an_agreement_is_kept_once(victim):
    values = written(victim.desk)
    first = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    assert first.notice.startswith("Kept: Replayed")
    kept, rows = victim.desk.agreements.get(IN_FORCE), victim.counts()
    again = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    assert (again.notice, again["conflict.hidden"]) == (first.notice, True)
    assert victim.desk.agreements.get(IN_FORCE) == kept
    assert victim.counts() == rows


def test_a_new_agreement_is_kept_once(victim):
    view = View(lang="en", a=E, b=W, depth_a_m=1300.0).query()
    values = written(victim.desk) | {
        "agreement-base.data": base_of(victim.desk.agreements.draft(E, W)),
        "view.data": view,
    }
    first = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    rows = victim.counts()
    again = victim.web.fire("keep_agreement", values, "save-agreement.n_clicks", page="/?lang=en")
    assert again["agreement.value"] == first["agreement.value"]
    assert victim.counts() == rows
    victim.desk.agreements.remove(first["agreement.value"], 1)


def drawn_up(desk, title):
    """A plan of tomorrow that nobody kept yet, as a page holds it."""
    wish = Wish(E, W, desk.candidates.next_working_day(), ("f-e-red", "f-w-red"))
    plan = desk.planning.solved(desk.planning.wishes.asked(wish), iterations=50)
    return {
        "plan-at-work.data": Work(replace(plan, title=title)).plain(),
        "acting-for.value": "a",
        "view.data": View(lang="en", a=E, b=W).query(),
    }


def test_a_plan_is_kept_and_proposed_once(victim):
    values = drawn_up(victim.desk, "Replayed")
    first = victim.web.fire("take_step", values, "keep-plan.n_clicks")
    kept, rows = read_work(first["plan-at-work.data"]).plan, victim.counts()
    assert (kept.version, len(kept.steps), first.notice) == (1, 1, "Replayed: draft, version 1.")
    again = victim.web.fire("take_step", values, "keep-plan.n_clicks")
    assert "Somebody else has changed plan Replayed meanwhile" in again.notice
    propose = values | {"plan-at-work.data": first["plan-at-work.data"]}
    assert victim.web.fire("take_step", propose, "propose-plan.n_clicks").notice == "Replayed: proposed, version 2."
    again = victim.web.fire("take_step", propose, "propose-plan.n_clicks")
    assert "Somebody else has changed plan Replayed meanwhile" in again.notice
    found = victim.desk.plans.get(kept.id)
    assert (found.version, [str(step.event) for step in found.steps]) == (2, ["change", "propose"])
    assert victim.counts() | {"audit": 0} == rows | {"audit": 0}


@pytest.mark.parametrize("what", ["plan", "agreement", "new agreement"])
def test_two_clicks_at_the_same_instant_are_one(victim, what):
    """Each answer says that it is kept, or why not; one version more is there, and one line of the log."""
    if what == "plan":
        event = "take_step", drawn_up(victim.desk, "Clicked twice"), "keep-plan.n_clicks"
    else:
        values = written(victim.desk) | {"agreement-title.value": f"Clicked twice: {what}"}
        if what == "new agreement":
            draft = base_of(victim.desk.agreements.draft(E, W))
            values |= {"agreement-base.data": draft, "view.data": View(lang="en", a=E, b=W, depth_b_m=1700.0).query()}
        event = "keep_agreement", values, "save-agreement.n_clicks"
    before = victim.counts()
    begin = Barrier(2)

    def click(_n):
        page = copy(victim.web)
        page.client = victim.web.app.server.test_client()
        begin.wait()
        return page.fire(*event, page="/?lang=en").notice

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(click, range(2)))
    assert all(re.search(r"Kept: |version 1\.|Somebody|somebody", one) for one in told), told
    after = victim.counts()
    table, history = ("plans", "plans") if what == "plan" else ("agreements", "agreement_versions")
    assert after[history] - before[history] == 1
    assert after[table] - before[table] == (what != "agreement")


def test_an_agreement_is_removed_and_restored_once(victim):
    base = base_of(victim.desk.agreements.get(IN_FORCE))
    remove = (
        "remove_agreement",
        {"agreement-base.data": base, "view.data": QUERY},
        "remove-agreement-sure.submit_n_clicks",
    )
    assert victim.web.fire(*remove).notice
    rows = victim.counts()
    assert "no agreement" in victim.web.fire(*remove, page="/?lang=en").notice
    assert victim.counts() == rows
    undo = {"agreement": IN_FORCE, "version": base["version"] + 1}
    restore = ("restore_agreement", {"undo.data": undo, "view.data": QUERY}, "undo.data")
    assert "Restored" in victim.web.fire(*restore).notice
    rows = victim.counts()
    assert "already" in victim.web.fire(*restore, page="/?lang=en").notice
    assert victim.counts() == rows


def test_an_answer_is_never_a_right_to_ask_again(victim):
    """Whatever is asked by GET changes nothing, however often; the log tells what went out."""
    rows = victim.counts() | {"audit": 0}
    for rule in victim.web.app.server.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            for _ in range(2):
                victim.client.get(rule.rule)
    assert victim.counts() | {"audit": 0} == rows
    assert {rule.rule for rule in victim.web.app.server.url_map.iter_rules() if "POST" in rule.methods} == {
        "/_dash-update-component"
    }
