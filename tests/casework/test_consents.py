"""Nothing is shared before every party has agreed to the very terms."""

from dataclasses import replace

import pytest

from casework.audit import Deed, Sought
from casework.changes import Change
from casework.desk import Desk
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.people import Actor, Role
from tests.world import IN_FORCE, E, N, W

SHARED = Sought(deeds=(Deed.SHARED,))


@pytest.fixture
def of(desk, clock):
    """A desk of somebody over the same store."""
    return lambda name, role, *regions: Desk(desk._store, Actor(name, role, regions), clock, desk.rules)


@pytest.fixture
def east(of):
    return of("li", Role.COMMANDER, E)


@pytest.fixture
def west(of):
    return of("wang", Role.COMMANDER, W)


def parties(agreement):
    return [one.party for one in agreement.consents]


def test_the_operator_speaks_for_every_party(desk):
    kept = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Again"))
    assert (kept.agreed, {one.by for one in kept.consents}) == (True, {"local"})


def test_each_side_gives_its_own_word(east, west):
    kept = east.agreements.save(replace(east.agreements.get(IN_FORCE), title="By East"))
    assert (parties(kept), kept.agreed) == ([E], False)
    agreed = west.consents.give(kept.id, kept.version, W)
    assert (parties(agreed), agreed.agreed, agreed.version) == ([E, W], True, kept.version + 1)
    assert [one.change for one in west.history.of(IN_FORCE)][:2] == [Change.CONSENTED, Change.SAVED]
    assert {one.party: one.by for one in west.agreements.get(IN_FORCE).consents} == {E: "li", W: "wang"}


def test_a_coordinator_writes_but_does_not_speak(of):
    desk = of("zhao", Role.COORDINATOR, E)
    kept = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Draft"))
    assert kept.consents == ()
    with pytest.raises(RefusedError, match="commander"):
        desk.consents.give(kept.id, kept.version, E)


def test_other_terms_need_every_word_again_and_the_same_terms_do_not(desk, east, west):
    kept = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Both"))
    assert east.agreements.save(kept).agreed
    deeper = east.agreements.save(replace(east.agreements.get(IN_FORCE), depth_b_m=1900.0))
    assert parties(deeper) == [E]
    assert west.consents.give(deeper.id, deeper.version, W).agreed


def test_the_log_has_one_line_for_each_word_that_is_another(desk, east):
    kept = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Both"))
    before = desk._store.audit_head().n
    east.agreements.save(kept)
    assert list(desk._store.audit_lines(SHARED, before)) == []
    east.agreements.save(replace(east.agreements.get(IN_FORCE), depth_b_m=1900.0))
    told = [
        (one.facts["party"], one.facts["by"], one.facts["given"]) for one in desk._store.audit_lines(SHARED, before)
    ]
    assert told == [(E, "li", True), (W, "local", False)]


def test_a_word_is_for_the_terms_that_were_read(desk, east, west):
    read = east.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Read"))
    east.agreements.save(replace(read, depth_a_m=2000.0))
    with pytest.raises(OutdatedError, match="no longer those you read"):
        west.consents.give(read.id, read.version, W)
    with pytest.raises(OutdatedError):
        west.consents.give(read.id, 99, W)


def test_a_word_of_the_other_side_does_not_make_what_was_read_old(of, east, west):
    kept = of("zhao", Role.COORDINATOR, E).agreements.save(replace(east.agreements.get(IN_FORCE), title="Draft"))
    east.consents.give(kept.id, kept.version, E)
    assert west.consents.give(kept.id, kept.version, W).agreed


def test_a_word_can_be_taken_back_once(desk, west):
    kept = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Both"))
    left = west.consents.withdraw(kept.id, kept.version, W)
    assert (parties(left), left.agreed) == ([E], False)
    assert west.history.of(IN_FORCE)[0].change is Change.WITHDRAWN
    with pytest.raises(RefusedError, match="has not consented"):
        west.consents.withdraw(left.id, left.version, W)
    west.consents.give(left.id, left.version, W)
    with pytest.raises(RefusedError, match="already"):
        west.consents.give(left.id, left.version, W)


def test_nobody_speaks_for_another_side(east, of):
    kept = east.agreements.save(replace(east.agreements.get(IN_FORCE), title="By East"))
    for role, region in ((Role.COMMANDER, N), (Role.VIEWER, W), (Role.ADMINISTRATOR, W)):
        desk = of("sun", role, region)
        assert desk.consents.own(kept) == ()
        with pytest.raises(RefusedError, match="cannot speak"):
            desk.consents.give(kept.id, kept.version, W)


def test_an_agreement_that_never_was(west):
    with pytest.raises(NotFoundError, match="no agreement nowhere"):
        west.consents.give("nowhere", 1, W)


def test_what_comes_back_from_removal_needs_every_word_again(desk, east):
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Both"))
    gone = desk.agreements.remove(IN_FORCE, 2)
    assert parties(east.agreements.restore(IN_FORCE, gone.version)) == [E]


def test_an_undo_consents_to_nothing_that_others_wrote(desk, east, west):
    west.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Theirs"))
    gone = desk.agreements.remove(IN_FORCE, 2)
    assert parties(east.agreements.restore(IN_FORCE, gone.version)) == []


def test_regions_below_one_are_spoken_for():
    parents = {E: "p", "p": "top", "top": None, "loop": "loop"}
    above = Actor("hu", Role.COMMANDER, ("top",))
    assert above.answers_for(E, parents)
    assert not above.answers_for("loop", parents)
    assert not above.answers_for(W, parents)
