"""Plans from draft to done, each step by one side."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.approvals import Event, PlanState
from casework.entries import entries, entries_around
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.people import Actor
from casework.plans import Plans
from tests.store.specimens import plan
from tests.world import NOW


@pytest.fixture
def plans(empty_desk):
    # What a plan holds is another test's matter: these are about who takes which step.
    return Plans(empty_desk._store, empty_desk.clock, empty_desk.rules, Actor(), lambda plan: plan)


@pytest.fixture
def today(empty_desk):
    return empty_desk.today()


def on(day, **changes):
    return plan(on=day, state=PlanState.DRAFT, steps=(), created_at=None, version=0, **changes)


def test_from_draft_to_done_by_both_sides(plans, today):
    kept = plans.keep(on(today), "A")
    assert (kept.state, kept.version, kept.created_at) == (PlanState.DRAFT, 1, NOW)
    for side, event, reason in (
        ("B", Event.PROPOSE, ""),
        ("A", Event.ACCEPT, ""),
        ("B", Event.ACCEPT, ""),
        ("A", Event.FINISH, ""),
    ):
        kept = plans.step(kept, side, event, reason)
    assert kept.state is PlanState.DONE
    assert [(step.event, step.by) for step in kept.steps] == [
        (event, "local") for event in (Event.CHANGE, Event.PROPOSE, Event.ACCEPT, Event.ACCEPT, Event.FINISH)
    ]
    assert plans.get(kept.id) == kept
    assert plans.all() == (kept,)
    with pytest.raises(RefusedError, match="done and stays"):
        plans.keep(kept, "A")
    assert plans.get(kept.id) == kept


def test_who_changes_a_plan_begins_anew(plans, today):
    kept = plans.step(plans.step(plans.keep(on(today), "A"), "A", Event.PROPOSE), "A", Event.ACCEPT)
    assert kept.state is PlanState.ACCEPTED_A
    changed = plans.keep(replace(kept, title="Another", state=PlanState.IN_FORCE, steps=()), "B", "one firm more")
    assert (changed.state, changed.title, changed.steps[-1].reason) == (PlanState.DRAFT, "Another", "one firm more")
    assert len(changed.steps) == len(kept.steps) + 1


def test_a_reason_is_kept(plans, today):
    kept = plans.step(plans.keep(on(today), "A"), "A", Event.PROPOSE)
    with pytest.raises(RefusedError, match="Say why"):
        plans.step(kept, "B", Event.RETURN)
    assert plans.step(kept, "B", Event.RETURN, " no car ").steps[-1].reason == "no car"


def test_two_people_do_not_write_over_each_other(plans, today):
    kept = plans.keep(on(today), "A")
    plans.step(kept, "A", Event.PROPOSE)
    with pytest.raises(OutdatedError):
        plans.step(kept, "B", Event.CANCEL, "rain")
    with pytest.raises(OutdatedError):
        plans.keep(kept, "B")
    assert plans.get(kept.id).state is PlanState.PROPOSED


def test_days_gone_and_to_come(plans, today):
    with pytest.raises(RefusedError, match="is over"):
        plans.keep(on(today - timedelta(days=1)), "A")
    kept = plans.keep(on(today + timedelta(days=1)), "A")
    for side, event in (("A", Event.PROPOSE), ("A", Event.ACCEPT), ("B", Event.ACCEPT)):
        kept = plans.step(kept, side, event)
    with pytest.raises(RefusedError, match="still to come"):
        plans.step(kept, "A", Event.FINISH)


def test_nobody_else_and_nothing_else(plans, today):
    kept = plans.keep(on(today), "A")
    with pytest.raises(RefusedError, match="neither side"):
        plans.step(kept, "C", Event.PROPOSE)
    with pytest.raises(NotFoundError, match="no plan x"):
        plans.get("x")
    with pytest.raises(NotFoundError):
        plans.step(replace(kept, id="x"), "A", Event.PROPOSE)


def test_a_firm_is_not_visited_too_often(plans, today):
    first = plans.keep(on(today, id="one"), "A")
    second = plans.keep(on(today, id="two"), "A")
    assert [(found.nth, found.refused, found.merge.plan_id) for found in plans.collisions(second)] == [
        (2, False, "one")
    ]
    with pytest.raises(RefusedError, match="2 visits on that day already"):
        plans.keep(on(today, id="three"), "A")
    assert len(plans.all()) == 2
    plans.step(first, "B", Event.CANCEL, "rain")
    third = plans.keep(on(today, id="three"), "A")
    assert entries_around(plans.all(), today, without="two") == entries(third)
    assert entries_around(plans.all(), today + timedelta(days=40)) == ()


def test_crews_that_enter_together_enter_once(today):
    one = on(today)
    both = replace(one, crews=(one.crews[0], replace(one.crews[0], id="c2")))
    assert len(entries(both)) == 1
