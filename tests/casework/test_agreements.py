"""Agreements: what holds when, what a zone covers, and that a refusal changes nothing."""

import doctest
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from shapely.testing import assert_geometries_equal

from casework import zone_figures
from casework.agreements import DRAFT
from casework.errors import NotFoundError, RefusedError
from casework.model import Agreement
from casework.ports import Topic
from geo.errors import BorderError, FrameError, GeoError
from tests.world import EXPIRED, FUTURE, IN_FORCE, ISLAND, SHORT, TODAY, E, N, W, area_m2


def test_examples_in_the_docstrings():
    result = doctest.testmod(zone_figures)
    assert result.attempted
    assert not result.failed


def state(desk):
    return desk._store.versions(), desk._store.agreements(), desk._store.zones()["area_m2"].tolist()


def test_those_in_force_come_first(desk):
    assert [one.id for one in desk.agreements.all()] == [IN_FORCE, SHORT, FUTURE, EXPIRED]
    assert [one.id for one in desk.agreements.in_force()] == [IN_FORCE, SHORT]
    assert set(desk.agreements.zones_in_force()["agreement_id"]) == {IN_FORCE, SHORT}


def test_agreements_begin_and_end_at_the_operators_midnight(desk, clock):
    midnight = datetime(2026, 6, 10, 16, 0, tzinfo=UTC)
    clock.at = midnight - timedelta(microseconds=1)
    assert desk.agreements.today() == date(2026, 6, 10)
    assert [one.id for one in desk.agreements.in_force()] == [IN_FORCE, EXPIRED]
    clock.at = midnight
    assert desk.agreements.today() == TODAY
    assert [one.id for one in desk.agreements.in_force()] == [IN_FORCE, SHORT]


def test_none_in_force_gives_no_zone(desk, clock):
    clock.at = datetime(2020, 1, 1, tzinfo=UTC)
    assert desk.agreements.in_force() == ()
    assert desk.agreements.zones_in_force().empty
    assert len(desk.agreements.all()) == 4


def test_one_is_found_by_id_and_an_unknown_one_is_refused(desk):
    assert desk.agreements.get(IN_FORCE).title == "Whole border"
    with pytest.raises(NotFoundError, match=r"^There is no agreement e-w-9.$"):
        desk.agreements.get("e-w-9")


def test_zones_are_all_or_those_asked_for(desk):
    assert set(desk.agreements.zones()["agreement_id"]) == {IN_FORCE, SHORT, EXPIRED, FUTURE}
    assert desk.agreements.zones(SHORT)["side"].tolist() == ["a", "b"]


def test_a_draft_is_one_kilometre_from_today_on_in_either_order(desk):
    draft = desk.agreements.draft(W, E)
    assert draft == desk.agreements.draft(E, W)
    assert draft == Agreement(DRAFT, "", E, W, 1000.0, 1000.0, TODAY)


def test_a_zone_lies_within_its_depth_on_each_side(desk):
    zone = desk.agreements.preview(replace(desk.agreements.draft(E, W), depth_a_m=2000.0, depth_b_m=500.0))
    parts = zone.set_index("side").geometry
    west, _, east, _ = parts["a"].bounds
    assert west == pytest.approx(120.3, abs=1e-9)
    # A degree of longitude here is about 95.6 km.
    assert (east - 120.3) * 95_600 == pytest.approx(2000, rel=5e-3)
    assert (120.3 - parts["b"].bounds[0]) * 95_600 == pytest.approx(500, rel=5e-3)


def test_figures_are_lengths_and_areas_on_the_ground(desk):
    figures = desk.agreements.figures(desk.agreements.get(IN_FORCE))
    length_m = desk.territory.border(E, W).length_m
    assert figures.border_length_m == figures.stretch_length_m == length_m
    assert figures.part_a_area_m2 == pytest.approx(length_m * 1000, rel=1e-3)
    assert figures.disputed_area_m2 == 0
    assert figures.zone_area_m2 == figures.part_a_area_m2 + figures.part_b_area_m2
    parts = desk.agreements.zones(IN_FORCE).set_index("side").geometry
    assert figures.part_b_area_m2 == pytest.approx(area_m2(parts["b"]), rel=1e-6)


def test_figures_of_a_stretch(desk):
    short = desk.agreements.get(SHORT)
    assert desk.agreements.figures(short).stretch_length_m == 12_000
    middle = replace(short, from_m=4000.0)
    figures = desk.agreements.figures(middle)
    assert figures.stretch_length_m == 8000
    assert figures.part_a_area_m2 == pytest.approx(8000 * 2000, rel=1e-3)
    one_sided = replace(middle, depth_a_m=0.0)
    assert desk.agreements.figures(one_sided).part_a_area_m2 == 0


def test_a_mark_is_the_way_along_the_border(desk):
    length_m = desk.territory.border(E, W).length_m
    assert desk.agreements.mark_m(W, E, 120.35, 30.8) == pytest.approx(0, abs=5)
    assert desk.agreements.mark_m(E, W, 120.2, 30.89) == pytest.approx(length_m / 2, abs=20)
    assert desk.agreements.mark_m(E, W, 120.3, 35.0) == pytest.approx(length_m, abs=1)


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"depth_a_m": 0.0, "depth_b_m": 0.0}, RefusedError, "A zone needs a depth above 0 m on at least one side."),
        (
            {"from_m": 5000.0, "to_m": 5000.0},
            RefusedError,
            "The stretch ends before it starts: move the second mark beyond the first.",
        ),
        ({"to_m": 99_000.0}, BorderError, "does not lie on the border"),
        ({"from_m": 99_000.0}, BorderError, "does not lie on the border"),
        ({"a": E, "b": N}, BorderError, "e and n share no border"),
        ({"a": W, "b": E}, RefusedError, "w and e are not in the order of their ids: name the lesser one first."),
        ({"a": E, "b": ISLAND}, BorderError, "share no border"),
        ({"b": "nowhere"}, GeoError, "nowhere"),
        ({"depth_a_m": -5.0}, FrameError, "depth_a_m"),
    ],
)
@pytest.mark.parametrize("verb", ["preview", "figures", "save"])
def test_what_cannot_be_a_zone_is_refused_and_changes_nothing(desk, verb, changes, error, sentence):
    before = state(desk)
    with pytest.raises(error, match=sentence):
        getattr(desk.agreements, verb)(replace(desk.agreements.get(IN_FORCE), **changes))
    assert state(desk) == before


def test_an_agreement_cannot_end_before_it_begins(desk):
    before = state(desk)
    backwards = replace(desk.agreements.get(SHORT), valid_to=date(2026, 6, 10))
    with pytest.raises(RefusedError, match="would end on 2026-06-10, before it begins on 2026-06-11"):
        desk.agreements.save(backwards)
    assert state(desk) == before
    one_day = desk.agreements.save(replace(backwards, valid_to=backwards.valid_from))
    assert one_day.in_force(TODAY)


def test_a_preview_follows_new_boundaries_and_is_remembered_between(desk):
    draft = desk.agreements.draft(E, W)
    assert desk.agreements.preview(draft) is desk.agreements.preview(draft)
    first = desk.agreements.preview(draft)
    desk._store.replace_borders(desk._store.borders())
    assert desk.agreements.preview(draft) is not first


def test_a_kept_draft_gets_the_next_free_id_and_its_zone(desk):
    draft = replace(desk.agreements.draft(W, E), title="Third")
    before = desk._store.versions()[Topic.AGREEMENTS]
    kept = desk.agreements.save(draft)
    assert (kept.id, kept.version) == ("e-w-3", 1)
    assert desk.agreements.get("e-w-3") == kept
    assert set(desk.agreements.zones("e-w-3")["agreement_id"]) == {"e-w-3"}
    assert desk._store.versions()[Topic.AGREEMENTS] == before + 1
    # What was removed can come back: nobody else gets its id.
    desk.agreements.remove(IN_FORCE, 1)
    assert desk.agreements.save(replace(draft, title="Fourth")).id == "e-w-4"


def test_a_draft_that_is_kept_already_is_not_kept_twice(desk):
    draft = replace(desk.agreements.draft(E, W), title="Sent twice")
    kept = desk.agreements.save(draft)
    n_kept = len(desk.agreements.all())
    assert desk.agreements.save(draft) == kept
    assert len(desk.agreements.all()) == n_kept
    assert desk.agreements.save(replace(draft, title="Another")).id != kept.id


def test_keeping_again_replaces_the_zone_and_counts_the_version(desk):
    wider = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), depth_a_m=3000.0))
    assert (wider.id, wider.version) == (IN_FORCE, 2)
    zone = desk.agreements.zones(IN_FORCE)
    assert zone["side"].tolist() == ["a", "b"]
    assert zone["area_m2"].iloc[0] == pytest.approx(3 * zone["area_m2"].iloc[1], rel=1e-2)
    assert desk.agreements.save(wider).version == 3
    assert_geometries_equal(desk.agreements.zones(IN_FORCE).geometry, zone.geometry)


def test_removing_forgets_agreement_and_zone_once(desk):
    desk.agreements.remove(IN_FORCE, 1)
    assert IN_FORCE not in {one.id for one in desk.agreements.all()}
    assert desk.agreements.zones(IN_FORCE).empty
    after = state(desk)
    with pytest.raises(NotFoundError, match=r"^There is no agreement e-w-1.$"):
        desk.agreements.remove(IN_FORCE, 1)
    assert state(desk) == after
