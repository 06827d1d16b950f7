"""Versions of agreements: what each changed, what a newer one forbids, and how a removed one comes back."""

import doctest
from dataclasses import replace
from datetime import date

import pytest
import shapely
from shapely.testing import assert_geometries_equal

from casework import terms
from casework.changes import Change, Difference, differences, steps
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.model import Category, Ends, Kind, Standing, Strip
from tests import world
from tests.world import EXPIRED, FUTURE, IN_FORCE, SHORT, TODAY, E, N, W


def test_examples_in_the_docstrings():
    result = doctest.testmod(terms)
    assert result.attempted
    assert not result.failed


def test_an_agreement_stands_somewhere_each_day(desk):
    found = {one.id: one.standing(TODAY) for one in desk.agreements.all()}
    assert found == {
        IN_FORCE: Standing.IN_FORCE, SHORT: Standing.IN_FORCE, FUTURE: Standing.NOT_YET, EXPIRED: Standing.ENDED,
    }  # fmt: skip


def test_parties_are_those_of_all_strips(desk):
    one = replace(desk.agreements.get(IN_FORCE), others=(Strip(N, W, 1.0, 1.0), Strip(E, N, 1.0, 1.0)))
    assert one.parties == (E, N, W)
    assert one.pairs == ((E, W), (N, W), (E, N))


def test_differences_are_the_terms_that_changed_in_the_order_of_the_model(desk):
    one = desk.agreements.get(IN_FORCE)
    other = replace(one, version=9, stale="why", simulated=True, ends=Ends.ROUND, depth_a_m=5.0)
    assert differences(one, other) == (Difference("depth_a_m", 1000.0, 5.0), Difference("ends", Ends.FLAT, Ends.ROUND))
    assert differences(one, one) == ()


def test_the_history_tells_each_version_and_shows_it_as_it_was(desk):
    first, first_zone = desk.agreements.get(IN_FORCE), desk.agreements.zones(IN_FORCE)
    second = desk.agreements.save(replace(first, depth_a_m=3000.0, valid_to=date(2027, 1, 1)))
    newest, oldest = desk.history.of(IN_FORCE)
    assert (newest.version, newest.change, newest.agreement) == (2, Change.SAVED, second)
    assert {one.term for one in newest.differences} == {"depth_a_m", "valid_to"}
    assert newest.area_before_m2 == oldest.area_after_m2 == pytest.approx(first_zone["area_m2"].sum())
    assert newest.area_after_m2 == pytest.approx(2 * oldest.area_after_m2, rel=1e-2)
    assert (oldest.version, oldest.differences, oldest.area_before_m2) == (1, (), None)
    was, zone = desk.history.as_it_was(IN_FORCE, 1)
    assert was == first
    assert_geometries_equal(zone.geometry, first_zone.geometry)
    assert desk.history.of("e-w-9") == steps(()) == ()
    with pytest.raises(NotFoundError, match=r"^There is no version 3 of agreement e-w-1\.$"):
        desk.history.as_it_was(IN_FORCE, 3)


def test_a_newer_version_is_in_the_way_and_says_what_it_changed(desk):
    mine = replace(desk.agreements.get(IN_FORCE), title="Mine")
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), depth_b_m=700.0))
    desk.agreements.save(replace(desk.agreements.get(IN_FORCE), valid_to=TODAY))
    with pytest.raises(
        OutdatedError, match="Somebody saved version 3 while you worked on version 1; nothing was saved"
    ):
        desk.agreements.save(mine)
    assert desk.agreements.get(IN_FORCE).title == "Whole border"
    assert [(one.version, one.by, one.differences) for one in desk.agreements.since(mine).steps] == [
        (3, "local", (Difference("valid_to", None, TODAY),)),
        (2, "local", (Difference("depth_b_m", 1000.0, 700.0),)),
    ]


def test_a_removed_agreement_is_in_the_way_too(desk):
    mine = replace(desk.agreements.get(SHORT), title="Mine")
    desk.agreements.remove(SHORT, 1)
    with pytest.raises(OutdatedError, match="was removed while you worked on it; nothing was saved"):
        desk.agreements.save(mine)
    assert desk.agreements.since(mine).removed


def test_an_agreement_without_categories_is_refused(desk):
    with pytest.raises(RefusedError, match="covers no category"):
        desk.agreements.save(replace(desk.agreements.get(SHORT), categories=()))
    assert desk.agreements.get(SHORT).version == 1


def test_what_was_removed_comes_back_with_its_zone(desk):
    before, zone = desk.agreements.get(SHORT), desk.agreements.zones(SHORT)
    desk.agreements.remove(SHORT, 1)
    back = desk.agreements.restore(SHORT, 2)
    assert back == replace(before, version=3)
    assert_geometries_equal(desk.agreements.zones(SHORT).geometry, zone.geometry)
    assert [one.change for one in desk.history.of(SHORT)] == ["restored", "removed", "saved"]
    with pytest.raises(RefusedError, match="there already"):
        desk.agreements.restore(SHORT, 2)
    with pytest.raises(NotFoundError, match="e-w-9"):
        desk.agreements.restore("e-w-9", 1)


def test_nobody_removes_or_brings_back_what_they_have_not_read(desk):
    theirs = desk.agreements.save(replace(desk.agreements.get(SHORT), title="Theirs"))
    with pytest.raises(
        OutdatedError, match="Somebody saved version 2 while you looked at version 1; nothing was removed"
    ):
        desk.agreements.remove(SHORT, 1)
    assert desk.agreements.get(SHORT) == theirs
    assert desk.agreements.remove(SHORT, 2) == replace(theirs, version=3)
    desk.agreements.restore(SHORT, 3)
    desk.agreements.remove(SHORT, 4)
    with pytest.raises(OutdatedError, match="after version 3 and was removed again as version 5; nothing was restored"):
        desk.agreements.restore(SHORT, 3)
    assert SHORT not in {one.id for one in desk.agreements.all()}
    assert desk.agreements.restore(SHORT, 5).title == "Theirs"


def test_two_who_bring_it_back_at_once_do_so_once(desk, monkeypatch):
    gone = desk.agreements.remove(SHORT, 1)
    before = desk._store.agreement_history(SHORT)
    desk.agreements.restore(SHORT, gone.version)
    monkeypatch.setattr(desk._store, "agreement_history", lambda _id: before)
    with pytest.raises(RefusedError, match="there already"):
        desk.agreements.restore(SHORT, gone.version)


def test_what_comes_back_is_drawn_by_the_boundaries_there_are_or_says_why_not(desk):
    zone = desk.agreements.zones(SHORT)
    desk.agreements.remove(SHORT, 1)
    moved = world.boundaries()
    short = shapely.box(120.3, 30.9, 120.5, 30.98)
    moved = moved.set_geometry([short if one == E else world.SQUARES[one] for one in moved["id"]], crs=4326)
    desk.records.add(world.load(Kind.BOUNDARIES, "short.csv"), moved)
    desk.records.boundaries_changed()
    back = desk.agreements.restore(SHORT, 2)
    assert "does not lie on the border" in back.stale
    assert_geometries_equal(desk.agreements.zones(SHORT).geometry, zone.geometry)
    fixed = desk.agreements.save(replace(back, to_m=5000.0))
    assert (fixed.stale, fixed.version) == ("", 4)


def test_words_and_days_draw_nothing_anew(desk):
    one = desk.agreements.get(IN_FORCE)
    told = replace(one, title="x", memorandum="y", valid_to=TODAY, categories=(Category.AIR,), version=7)
    assert desk.agreements.preview(one) is desk.agreements.preview(told)
    assert desk.agreements.preview(replace(one, depth_a_m=999.0)) is not desk.agreements.preview(one)
