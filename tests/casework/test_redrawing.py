"""New boundaries: what they do to each zone, to the incidents in it, and what of that is told."""

import geopandas as gpd
import pytest
import shapely

from casework.changes import Change, Redrawn
from casework.model import Kind
from tests import world
from tests.world import EXPIRED, FUTURE, IN_FORCE, SHORT, E, W, area_m2


def load_boundaries(desk, **shapes):
    frame = world.boundaries()
    frame = frame.set_geometry([shapes.get(one, world.SQUARES[one]) for one in frame["id"]], crs=4326)
    desk.records.add(world.load(Kind.BOUNDARIES, "moved.csv"), frame)
    return desk.records.boundaries_changed()


def moved(desk, edge):
    """The line between East and West is at `edge` degrees."""
    return load_boundaries(desk, e=shapely.box(edge, 30.8, 120.5, 30.98), w=shapely.box(120.1, 30.8, edge, 30.98))


def inside(zone, categories):
    whole, frame = zone.union_all(), world.incidents()
    frame = frame[frame["category"].isin(categories)]
    return {one for one, point in zip(frame["id"], frame.geometry, strict=True) if whole.covers(point)}


def test_the_same_boundaries_change_nothing(desk):
    before = desk._store.agreements(), desk._store.agreement_history()
    report = load_boundaries(desk)
    assert report.to_tell == report.unresolved == ()
    assert report.n_zones == len(report.zones) == 4
    assert (desk._store.agreements(), desk._store.agreement_history()) == before
    assert desk.records.redrawn() == report
    assert "4 zones drawn anew, 0 of them different." in report.words()


def test_a_moved_line_moves_zones_and_what_is_in_them(desk):
    old = {one: desk.agreements.zones(one) for one in (IN_FORCE, SHORT)}
    report = moved(desk, 120.306)
    changes = {one.agreement_id: one for one in report.zones}
    for name in (IN_FORCE, SHORT):
        new = desk.agreements.zones(name)
        categories = desk.agreements.get(name).categories
        was, now = inside(old[name], categories), inside(new, categories)
        change = changes[name]
        assert (change.n_into, change.n_out_of) == (len(now - was), len(was - now))
        assert change.changed
        assert change.area_before_m2 == pytest.approx(old[name]["area_m2"].sum())
        assert change.area_after_m2 == pytest.approx(sum(area_m2(one) for one in new.geometry))
        assert f"Agreement {name}: zone" in report.words()
    assert changes[IN_FORCE].n_out_of > 0
    worst = [one.n_into + one.n_out_of for one in report.zones]
    assert worst == sorted(worst, reverse=True)
    step = desk.history.of(IN_FORCE)[0]
    assert (step.version, step.change, step.differences) == (2, Change.REDRAWN, ())


def test_only_incidents_of_the_agreed_categories_move(desk):
    from dataclasses import replace  # noqa: PLC0415

    all_of_them = desk.agreements.get(IN_FORCE)
    old = desk.agreements.zones(IN_FORCE)
    desk.agreements.save(replace(all_of_them, categories=("water",)))
    change = next(one for one in moved(desk, 120.306).zones if one.agreement_id == IN_FORCE)
    new = desk.agreements.zones(IN_FORCE)
    assert change.n_out_of == len(inside(old, ["water"]) - inside(new, ["water"]))


def test_a_zone_that_cannot_be_drawn_stays_and_says_why(desk):
    before = desk.agreements.zones(SHORT)
    report = load_boundaries(desk, e=shapely.box(120.3, 30.9, 120.5, 30.98))
    first = report.zones[0]
    assert (first.agreement_id, first.changed) == (SHORT, False)
    assert "does not lie on the border" in first.stale
    assert report.unresolved == ((SHORT, first.stale),)
    assert first.border_after_m < first.border_before_m
    assert "keeps its last zone" in report.words()
    kept = desk.agreements.get(SHORT)
    assert (kept.stale, kept.version) == (first.stale, 2)
    assert desk.history.of(SHORT)[0].change is Change.STALE
    assert desk.agreements.zones(SHORT)["area_m2"].tolist() == before["area_m2"].tolist()
    again = load_boundaries(desk, e=shapely.box(120.3, 30.9, 120.5, 30.98))
    assert again.unresolved == report.unresolved
    assert desk.agreements.get(SHORT).version == 2
    back = load_boundaries(desk)
    assert SHORT not in {one.agreement_id for one in back.to_tell}
    assert (desk.agreements.get(SHORT).stale, desk.agreements.get(SHORT).version) == ("", 3)


def test_a_border_that_is_gone_has_no_length(desk):
    report = load_boundaries(desk, w=shapely.box(100, 30.8, 100.2, 30.98))
    assert {one.agreement_id for one in report.to_tell} == {IN_FORCE, SHORT, EXPIRED, FUTURE}
    assert {one.border_after_m for one in report.to_tell} == {None}
    assert report.n_zones == 0
    back = load_boundaries(desk)
    assert {one.border_before_m for one in back.zones} == {None}


def test_a_new_part_of_the_same_ground_moves_no_incident(desk, monkeypatch):
    """The zone's parts change hands: other parts, the same strip."""
    zone = desk.agreements.zones(IN_FORCE)
    swapped = zone.assign(side=["b", "a"])
    from casework import redrawing  # noqa: PLC0415

    monkeypatch.setattr(redrawing, "zones", lambda frame, *_: swapped.assign(agreement_id=frame["id"].iloc[0]))
    change = next(one for one in load_boundaries(desk).zones if one.agreement_id == IN_FORCE)
    assert (change.changed, change.n_into, change.n_out_of) == (True, 0, 0)


def test_words_of_a_zone_whose_border_came_or_went(desk):
    report = moved(desk, 120.31)
    assert f"border {report.to_tell[0].border_before_m / 1000:.2f} -> " in report.words()
    empty = Redrawn(world.NOW, 0, 0)
    assert (empty.n_zones, empty.unresolved, empty.to_tell) == (0, (), ())
    assert isinstance(desk.agreements.zones(), gpd.GeoDataFrame)
    assert {E, W} <= set(desk.territory.near(E))
