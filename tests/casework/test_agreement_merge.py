"""Two people at work on one agreement: what each alone changed is kept, what both changed is chosen, and who did what is told."""

import doctest
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from casework import agreement_merge
from casework.agreement_merge import REMOVED, Meanwhile, Stance, merge
from casework.changes import Change, Difference, differences
from casework.errors import OutdatedError, RefusedError
from casework.model import Category, Ends, Strip
from casework.people import Person, Role
from casework.sharing import Share
from tests.world import IN_FORCE, NOW, TODAY, E, N, W

LI, WU = (Person(one, one.title(), Role.COMMANDER, (of,), NOW) for one, of in (("li", E), ("wu", W)))


@pytest.fixture
def of(desk):
    """A desk of somebody over the same store."""
    for one in (LI, WU):
        desk._store.save_person(one, None)
    return lambda person: desk.of(person.actor)


@pytest.fixture
def base(desk):
    return desk.agreements.get(IN_FORCE)


def test_examples_in_the_docstrings():
    result = doctest.testmod(agreement_merge)
    assert result.attempted
    assert not result.failed


def test_terms_that_one_alone_changed_come_from_there(base):
    theirs = replace(base, version=4, depth_a_m=3000.0, powers="sampling", consents=())
    mine = replace(base, depth_b_m=700.0, valid_to=TODAY, ends=Ends.ROUND)
    found = merge(base, theirs, mine)
    assert found.clashes == ()
    assert found.agreement == replace(theirs, depth_b_m=700.0, valid_to=TODAY, ends=Ends.ROUND)


def test_a_term_that_both_changed_is_chosen(base):
    theirs = replace(base, version=2, title="Theirs", memorandum="No. 20")
    mine = replace(base, title="Mine", memorandum="No. 30", powers="all")
    found = merge(base, theirs, mine)
    assert [one.stances for one in found.clashes] == [
        (Stance("title", base.title, "Theirs", "Mine"),),
        (Stance("memorandum", base.memorandum, "No. 20", "No. 30"),),
    ]
    assert found.agreement == replace(theirs, powers="all")
    assert merge(base, theirs, mine, ["title"]).agreement == replace(theirs, powers="all", title="Mine")


def test_the_same_change_twice_is_none(base):
    theirs = replace(base, version=2, title="New", depth_a_m=5.0)
    assert merge(base, theirs, replace(theirs, version=1)).clashes == ()
    assert merge(base, theirs, replace(theirs, version=1)).agreement == theirs


def test_strips_go_with_the_depths_they_were_made_with(base):
    strip = Strip(N, W, 800.0, 1000.0)
    mine = replace(base, others=(strip,))
    alone = merge(base, replace(base, title="New"), mine)
    assert (alone.clashes, alone.agreement.others) == ((), (strip,))
    (clash,) = merge(base, replace(base, depth_b_m=500.0), mine).clashes
    assert [one.term for one in clash.stances] == ["depth_b_m", "others"]
    assert clash.id == "depth_b_m"
    chosen = merge(base, replace(base, depth_b_m=500.0), mine, [clash.id]).agreement
    assert (chosen.depth_b_m, chosen.others) == (1000.0, (strip,))


def test_shares_go_with_the_categories_they_are_of(base):
    """Else a side would share what the agreement does not cover any more."""
    mine = replace(base, shares=(Share(E, ("water", "air")),))
    theirs = replace(base, categories=(Category.AIR,))
    (clash,) = merge(base, theirs, mine).clashes
    assert [one.term for one in clash.stances] == ["categories", "shares"]
    assert merge(base, theirs, mine).agreement.shares == ()


def test_whatever_two_change_nothing_is_lost_that_was_not_chosen(base):
    """Each term of the result is mine or theirs; theirs where I changed nothing, mine where they did not."""
    changes = (
        {},
        {"title": "x"},
        {"depth_a_m": 9.0},
        {"title": "y", "depth_b_m": 8.0},
        {"beyond": True, "depth_a_m": 7.0},
    )
    for one, other in product(changes, changes):
        theirs, mine = replace(base, version=2, **one), replace(base, **other)
        for chosen in ((), [clash.id for clash in merge(base, theirs, mine).clashes]):
            made = merge(base, theirs, mine, chosen).agreement
            for term in {*one, *other}:
                both = term in one and term in other
                from_mine = term in other and (not both or term in chosen)
                assert getattr(made, term) == getattr(mine if from_mine else theirs, term)
            assert {each.term for each in differences(base, made)} <= {*one, *other}


# at the desk


def test_nothing_is_told_where_nobody_was_quicker(desk, base):
    assert desk.agreements.since(base) is None
    assert desk.agreements.since(replace(base, version=9)) is None
    assert desk.agreements.since(desk.agreements.draft(E, W)) is None


def test_the_second_is_told_who_did_what_and_when_and_both_changes_are_kept(desk, of, base):
    first = of(LI).agreements.save(replace(base, depth_a_m=3000.0))
    at = of(WU).agreements
    mine = replace(base, memorandum="No. 99")
    with pytest.raises(OutdatedError, match="nothing was saved"):
        at.save(mine)
    found = at.since(mine)
    assert (found.base, found.theirs, found.version, found.removed) == (base, first, 2, False)
    (step,) = found.steps
    assert (step.by, step.change, step.at) == ("li", Change.SAVED, desk._store.agreement_history(IN_FORCE)[0].at)
    assert Difference("depth_a_m", 1000.0, 3000.0) in step.differences
    assert found.clashes(mine) == ()
    kept = at.save_on_top(found, mine)
    assert (kept.version, kept.depth_a_m, kept.memorandum) == (3, 3000.0, "No. 99")
    assert [one.by for one in desk.history.of(IN_FORCE)][:2] == ["wu", "li"]


def test_who_saves_on_top_of_what_they_have_not_read_consents_to_nothing(desk, of, base):
    of(LI).agreements.save(replace(base, depth_a_m=3000.0))
    assert [one.party for one in desk.agreements.get(IN_FORCE).consents] == [E]
    at = of(WU).agreements
    mine = replace(base, memorandum="No. 99")
    kept = at.save_on_top(at.since(mine), mine)
    assert kept.consents == ()
    given = of(WU).consents.give(IN_FORCE, kept.version, W)
    assert [one.party for one in given.consents] == [W]


def test_a_consent_given_meanwhile_is_no_other_terms(desk, of, base):
    """Only the terms make somebody read again: who saves speaks for their side, and the other's word falls."""
    told = desk.agreements.save(replace(base, title="New"))
    desk.consents.withdraw(IN_FORCE, told.version, E)
    at = of(WU).agreements
    found = at.since(replace(told, powers="all"))
    assert [one.change for one in found.steps] == [Change.WITHDRAWN]
    kept = at.save_on_top(found, replace(told, powers="all"))
    assert [one.party for one in kept.consents] == [W]


def test_where_nothing_of_mine_is_left_nothing_is_saved(desk, base):
    theirs = desk.agreements.save(replace(base, title="New"))
    mine = replace(base, title="Other")
    found = desk.agreements.since(mine)
    assert [one.id for one in found.clashes(mine)] == ["title"]
    assert desk.agreements.save_on_top(found, mine) == theirs
    assert desk.agreements.save_on_top(desk.agreements.since(base), base) == theirs
    assert desk.agreements.get(IN_FORCE) == theirs
    assert desk.agreements.save_on_top(found, mine, ["title"]).title == "Other"


def test_two_that_make_no_agreement_together_are_refused(desk, base):
    desk.agreements.save(replace(base, valid_from=date(2026, 5, 1)))
    mine = replace(base, valid_to=date(2026, 4, 1))
    with pytest.raises(RefusedError, match="before it begins"):
        desk.agreements.save_on_top(desk.agreements.since(mine), mine)
    assert desk.agreements.get(IN_FORCE).version == 2


def test_somebody_who_is_quicker_once_more_is_not_overwritten(desk, base):
    desk.agreements.save(replace(base, title="New"))
    mine = replace(base, powers="all")
    found = desk.agreements.since(mine)
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), title="Newer"))
    with pytest.raises(OutdatedError, match="version 3 while you worked on version 2"):
        desk.agreements.save_on_top(found, mine)
    assert desk.agreements.get(IN_FORCE).title == "Newer"


def test_a_removal_is_against_whatever_i_changed(desk, base):
    desk.agreements.save(replace(base, title="New"))
    desk.agreements.remove(IN_FORCE, 2)
    mine = replace(base, powers="all")
    found = desk.agreements.since(mine)
    assert isinstance(found, Meanwhile)
    assert [one.change for one in found.steps] == [Change.REMOVED, Change.SAVED]
    assert [one.stances for one in found.clashes(mine)] == [(Stance(REMOVED, False, True, False),)]
    with pytest.raises(RefusedError, match="was removed while you worked on it"):
        desk.agreements.save_on_top(found, mine)
    back = desk.agreements.save_on_top(found, mine, [REMOVED])
    assert (back.version, back.title, back.powers) == (4, "New", "all")
    assert desk.agreements.get(IN_FORCE) == back
