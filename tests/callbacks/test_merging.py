"""Two coordinators on one plan's page: the first one's change reaches the second, who loses nothing of their own."""

import pytest

from callbacks.plans.work import Work, read_work
from casework.planning import unpacked
from casework.replanning import Change, Kind
from casework.wishes import Target, Wish
from layers.view import View
from tests.callbacks.web import Web
from tests.world import STRADDLING, E, W

VIEW = View(lang="en", a=E, b=W)
QUERY = VIEW.query()
FIRMS = ("f-e-red", "f-w-yellow", "f-w-red")


@pytest.fixture
def web(desk):
    return Web(desk, language="en")


@pytest.fixture
def kept(desk):
    on = desk.candidates.next_working_day()
    wish = Wish(E, W, on, FIRMS, (Target("cluster:1", "Cluster 1", *STRADDLING, 6.0),))
    return desk.plans.keep(desk.planning.solved(desk.planning.wishes.asked(wish), iterations=300), E)


def altered(desk, plan, kind, visit):
    return desk.replanning.changed(plan, Change(kind, visit), iterations=300)


def fire(web, name, work, triggered, **more):
    return web.fire(name, {"plan-at-work.data": work, "view.data": QUERY} | more, triggered)


def test_whoever_changed_nothing_follows(web, desk, kept):
    opened = Work(kept).plain()
    assert "plan-at-work.data" not in fire(web, "follow_plan", opened, "version-plans.data")
    newer = desk.plans.keep(altered(desk, kept, Kind.LOCK, FIRMS[0]), W, "the road is closed")
    answer = fire(web, "follow_plan", opened, "version-plans.data")
    assert unpacked(answer["plan-at-work.data"]["plan"]) == newer
    assert "saved version 2 after version 1" in answer.text
    assert "West · local: drawn up or changed → draft" in answer.text
    assert "the road is closed" in answer.text
    assert "now locked" in answer.text
    assert fire(web, "follow_plan", None, "version-plans.data").changed == {}


def test_whoever_changed_something_is_told_and_keeps_it(web, desk, kept):
    change = {"kind": "lock", "visit": FIRMS[1]}
    mine = web.fire(
        "change_plan",
        {"plan-change.data": change, "plan-at-work.data": Work(kept).plain(), "view.data": QUERY},
        "plan-change.data",
    )["plan-at-work.data"]
    assert read_work(mine).base.problem == {}
    assert fire(web, "tell_meanwhile", mine, "plan-at-work.data")["meanwhile.hidden"] is True
    newer = desk.plans.keep(altered(desk, kept, Kind.LOCK, FIRMS[0]), W)
    assert "plan-at-work.data" not in fire(web, "follow_plan", mine, "version-plans.data")
    outdated = fire(web, "take_step", mine, "keep-plan.n_clicks", **{"acting-for.value": "a"})
    assert "What changed stands below" in outdated.notice
    told = fire(web, "tell_meanwhile", mine, "version-plans.data")
    assert told["meanwhile.hidden"] is False
    assert "now locked" in told.text
    keep_mine = [one["props"]["value"] for one in told["keep-mine.children"]]

    answer = fire(web, "put_together", mine, "put-on-top.n_clicks", **{"keep-mine.value": keep_mine})
    merged = read_work(answer["plan-at-work.data"])
    assert (merged.plan.version, merged.changed, merged.base) == (2, True, newer)
    assert any(stop.locked for crew in merged.plan.crews for stop in crew.stops if stop.visit_id == FIRMS[1])
    after = fire(web, "take_step", answer["plan-at-work.data"], "keep-plan.n_clicks", **{"acting-for.value": "a"})
    assert unpacked(after["plan-at-work.data"]["plan"]).version == 3

    theirs = fire(web, "put_together", mine, "take-theirs.n_clicks")
    assert read_work(theirs["plan-at-work.data"]).plan == desk.plans.get(kept.id)
    assert (
        "Nobody else" in fire(web, "put_together", Work(desk.plans.get(kept.id)).plain(), "put-on-top.n_clicks").notice
    )
    assert "Nobody else" in fire(web, "put_together", None, "put-on-top.n_clicks").notice


def test_what_does_not_go_together_leaves_everything_as_it_was(web, desk, kept):
    desk.plans.keep(altered(desk, kept, Kind.LOCK, FIRMS[0]), W)
    mine = Work(altered(desk, kept, Kind.LOCK, FIRMS[1]), changed=True, base=kept).plain()
    for crew in mine["plan"]["crews"]:
        crew["leave_at"] = crew["back_at"]
    told = fire(web, "tell_meanwhile", mine, "version-plans.data")
    keep_mine = [one["props"]["value"] for one in told["keep-mine.children"]]
    assert keep_mine
    assert "Both of you changed" in told.text
    answer = fire(web, "put_together", mine, "put-on-top.n_clicks", **{"keep-mine.value": keep_mine})
    assert "plan-at-work.data" not in answer
    assert "do not go together" in answer["solve-told.children"]
