"""What is told of what was seen, taken out and refused, and who reads it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.audit import Deed, Sought
from casework.chain import Flaw
from casework.desk import Desk
from casework.errors import BusyError, RefusedError
from casework.people import Actor, Role
from store.embedded import EmbeddedStore
from tests.world import IN_FORCE, NOW, SHORT, E, N, W

EVERY = Sought()


@pytest.fixture
def of(desk, clock):
    """A desk of somebody over the same store."""
    return lambda name, role, *regions: Desk(desk._store, Actor(name, role, regions), clock, desk.rules)


@pytest.fixture
def li(of):
    return of("li", Role.OFFICER, W)


@pytest.fixture
def auditor(of):
    return of("zhou", Role.AUDITOR, W)


@pytest.fixture
def new(desk):
    """The lines since the test began, without what the chain adds."""
    begun = desk._store.audit_head().n

    def lines():
        return [
            (one.actor, one.deed, one.thing, one.regions, dict(one.facts))
            for one in desk._store.audit_lines(EVERY, after=begun)
        ]

    return lines


def test_a_record_of_another_region_is_told_each_time(li, new):
    for region in (E, W, None, E):
        li.log.opened("incident", "i1", region)
    assert new() == [("li", Deed.SAW, "incident:i1", (E, W), {})] * 2


def test_the_operator_sees_without_a_word(desk, new):
    desk.log.opened("incident", "i1", E)
    desk.log.looked()
    assert new() == []


def zones(lines):
    return [thing for _who, _deed, thing, *_ in lines]


def test_lists_are_told_once_a_zone_and_hour(li, clock, new):
    for _ in range(3):
        li.pulse()
        li.lately()
    first = new()
    assert first == [("li", Deed.SAW, f"zone:{one}", (E, W), {}) for one in (IN_FORCE, SHORT)]
    clock.at += timedelta(minutes=59)
    li.log.looked()
    assert new() == first
    clock.at += timedelta(minutes=1)
    li.log.looked()
    assert zones(new()) == [f"zone:{one}" for one in (IN_FORCE, SHORT)] * 2


def test_a_zone_that_opens_within_the_hour_is_told_within_a_minute(desk, li, clock, new):
    desk.agreements.remove(SHORT, 1)
    li.log.looked()
    desk.agreements.restore(SHORT, 2)
    li.log.looked()
    clock.at += timedelta(minutes=1)
    li.log.looked()
    assert [one for one in zones(new()) if one.startswith("zone")] == [f"zone:{IN_FORCE}", f"zone:{SHORT}"]


@pytest.mark.parametrize(
    ("role", "regions"),
    [(Role.AUDITOR, (W,)), (Role.ADMINISTRATOR, (W,)), (Role.OFFICER, (N,)), (Role.VIEWER, (E, W)), (Role.VIEWER, ())],
)
def test_who_sees_nothing_of_others_is_not_told_of(of, new, role, regions):
    of("nobody", role, *regions).log.looked()
    assert new() == []


def test_nothing_is_seen_before_all_have_consented(desk, of, new):
    kept = desk.agreements.get(IN_FORCE)
    commander = of("wang", Role.COMMANDER, W)
    commander.agreements.save(replace(kept, depth_a_m=900.0))
    before = len(new())
    of("li", Role.OFFICER, W).log.looked()
    assert zones(new()[before:]) == [f"zone:{SHORT}"]


def test_while_the_store_is_busy_lists_go_on_and_records_wait(desk, clock, new):
    file = desk._store._database.name
    with closing(EmbeddedStore(f"sqlite:///{file}", busy_s=0.1)) as store:
        li = Desk(store, Actor("li", Role.OFFICER, (W,)), clock, desk.rules)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            li.log.looked()
            with pytest.raises(BusyError):
                li.log.opened("incident", "i1", E)
        li.log.looked()
        assert new() == []
        clock.at += timedelta(minutes=1)
        li.log.looked()
    assert zones(new()) == [f"zone:{IN_FORCE}", f"zone:{SHORT}"]


def test_exports_are_told_of_everybody(desk, li, new):
    desk.log.exported("plan:p1", (W, E), file="a.ics")
    li.log.exported("plan:p1")
    told = [("local", Deed.EXPORTED, "plan:p1", (E, W), {"file": "a.ics"}), ("li", Deed.EXPORTED, "plan:p1", (), {})]
    assert new() == told


def test_refusals_are_told_with_their_reason_and_no_flood(li, clock, new, monkeypatch):
    for _ in range(3):
        li.log.refused("plan:p1", "You may not.")
    li.log.refused("plan:p1", "Another reason.", (E,))
    assert new() == [
        ("li", Deed.REFUSED, "plan:p1", (W,), {"reason": "You may not."}),
        ("li", Deed.REFUSED, "plan:p1", (E,), {"reason": "Another reason."}),
    ]
    clock.at += timedelta(minutes=1)
    monkeypatch.setattr("casework.log._MOST_REFUSALS", 2)
    li.log.refused("plan:p1", "You may not.")
    assert len(new()) == 3
    assert len(li.log._refused) == 1


def test_an_auditor_reads_what_concerns_the_own_regions(desk, li, auditor, of):
    li.log.exported("plan:p1", (W, E))
    li.log.exported("plan:p2", (N, E))
    li.log.exported("plan:p3")
    own = [one.thing for one in auditor.log.lines(Sought(deeds=(Deed.EXPORTED,)), 10)]
    assert own == ["plan:p3", "plan:p1"]
    assert [one.thing for one in auditor.log.lines(Sought(deeds=(Deed.EXPORTED,)), 1)] == ["plan:p3"]
    last = auditor.log.lines(Sought(deeds=(Deed.EXPORTED,)), 1)[0]
    assert [one.thing for one in auditor.log.lines(Sought(deeds=(Deed.EXPORTED,)), 1, last.n)] == ["plan:p1"]
    all_of_them = [one.thing for one in desk.log.lines(Sought(deeds=(Deed.EXPORTED,)), 10)]
    assert all_of_them == ["plan:p3", "plan:p2", "plan:p1"]
    out = list(auditor.log.every_line(Sought(thing="plan:"), "log.csv"))
    assert [one.thing for one in out] == ["plan:p1", "plan:p3"]
    (told,) = of("other", Role.AUDITOR, W).log.lines(Sought(actor="zhou"), 10)
    assert (told.deed, told.thing, told.regions, dict(told.facts)) == (
        Deed.EXPORTED,
        "audit:",
        (W,),
        {"file": "log.csv"},
    )


def test_others_are_refused_in_words_and_that_is_told(li, new):
    for ask in (lambda: li.log.lines(EVERY, 1), lambda: li.log.every_line(EVERY, "x"), li.log.checked):
        with pytest.raises(RefusedError, match="auditors"):
            ask()
    ((who, deed, thing, regions, facts),) = new()
    assert (who, deed, thing, regions) == ("li", Deed.REFUSED, "audit:", (W,))
    assert "auditors" in facts["reason"]


def test_the_chain_is_looked_at(desk, auditor, of):
    of("li", Role.OFFICER, W).log.exported("plan:p1", (N,))
    found = desk.log.checked()
    n = desk._store.audit_head().n
    assert (found.at, found.n_lines, found.whole, found.broken) == (NOW, n, True, None)
    assert found.head == desk._store.audit_head()
    latest = desk.log.checked(3)
    assert (latest.n_lines, latest.whole, latest.broken) == (3, False, None)
    own = auditor.log.checked()
    assert 0 < own.n_lines < n
    assert (own.whole, own.broken) == (False, None)


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [("UPDATE audit SET actor = 'x' WHERE n = {n}", Flaw.ALTERED), ("DELETE FROM audit WHERE n = {n}", Flaw.CUT)],
)
def test_a_break_is_found(desk, statement, flaw):
    n = desk._store.audit_head().n
    with closing(sqlite3.connect(desk._store._database.name)) as connection:
        connection.executescript("DROP TRIGGER audit_update; DROP TRIGGER audit_delete")
        connection.execute(statement.format(n=n))
        connection.commit()
    for latest in (None, 2):
        found = desk.log.checked(latest).broken
        assert (found.n, found.flaw) == (n, flaw)
