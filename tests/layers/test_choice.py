"""Which sides and terms a person means when one control changed, and what an old link opens."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import clusters
from casework.agreements import DRAFT
from casework.errors import NotFoundError
from layers.choice import choose, current, drafted, opened, placed
from layers.view import View
from tests.world import EXPIRED, FUTURE, IN_FORCE, ISLAND, SHORT, TODAY, E, N, W

SEEN = View(a=E, b=W, agreement=SHORT)


def sides(choice):
    return choice.agreement.id, choice.agreement.a, choice.agreement.b, choice.kept


def test_an_agreement_brings_its_sides(desk):
    assert sides(choose(desk, View(), SHORT, None, None)) == (SHORT, E, W, True)
    assert sides(choose(desk, SEEN, FUTURE, E, W)) == (FUTURE, N, W, True)


@pytest.mark.parametrize(("a", "b"), [(N, W), (E, N)])
def test_another_side_drops_the_agreement(desk, a, b):
    found = choose(desk, SEEN, SHORT, a, b)
    assert sides(found) == (DRAFT, N, W, False)


def test_sides_that_are_no_neighbours_fall_to_the_longest_border_of_the_one_that_moved(desk):
    assert sides(choose(desk, View(a=N, b=W), None, N, E)) == (DRAFT, E, W, False)
    assert sides(choose(desk, View(), None, E, N)) == (DRAFT, E, W, False)
    assert sides(choose(desk, SEEN, None, E, E)) == (DRAFT, E, W, False)


def test_nothing_changed_keeps_the_terms_of_the_view(desk):
    view = SEEN.but(depth_a_m=700.0, from_m=1000.0)
    found = choose(desk, view, SHORT, E, W)
    assert found.agreement == replace(desk.agreements.get(SHORT), depth_a_m=700.0, from_m=1000.0)
    assert found.kept
    assert choose(desk, view, SHORT, W, E) == found


def test_no_agreement_any_more_leaves_a_draft_of_the_two(desk):
    assert sides(choose(desk, SEEN, None, E, W)) == (DRAFT, E, W, False)


def test_one_side_alone_takes_its_longest_border(desk):
    assert sides(choose(desk, View(), None, N, None)) == (DRAFT, N, W, False)
    assert sides(choose(desk, View(), None, None, W)) == (DRAFT, E, W, False)


def test_an_island_is_refused_by_name(desk):
    with pytest.raises(NotFoundError, match=r"^x shares no border with another jurisdiction\.$"):
        choose(desk, SEEN, None, ISLAND, W)


def test_a_page_opens_where_a_decision_is_most_urgent(desk, clock):
    assert sides(current(desk, View())) == (IN_FORCE, E, W, True)
    desk.agreements.remove(IN_FORCE, 1)
    desk.agreements.remove(SHORT, 1)
    clock.at = datetime(2026, 7, 2, tzinfo=UTC)
    assert sides(current(desk, View())) == (FUTURE, N, W, True)


def test_else_with_the_first_agreement_in_force_else_with_any(desk, clock, monkeypatch):
    monkeypatch.setattr(clusters, "MOST_INCIDENTS", 1)
    assert sides(current(desk, View())) == (IN_FORCE, E, W, True)
    clock.at = datetime(2025, 6, 1, tzinfo=UTC)
    assert sides(current(desk, View())) == (EXPIRED, N, W, True)


def test_else_with_the_longest_border(desk):
    for one in desk.agreements.all():
        desk.agreements.remove(one.id, one.version)
    assert sides(current(desk, View())) == (DRAFT, E, W, False)


def test_an_agreement_that_lost_its_border_does_not_open_a_page(desk):
    borders = desk.territory.borders()
    desk._store.replace_borders(borders[borders["a"] == N])
    assert sides(current(desk, View())) == (FUTURE, N, W, True)
    assert sides(current(desk, View(agreement=IN_FORCE))) == (FUTURE, N, W, True)


def test_an_empty_store_has_nothing_to_choose(empty_desk):
    for view in (View(), SEEN, View(a=E), View(agreement=SHORT)):
        assert current(empty_desk, view) is None
        assert opened(empty_desk, view) == view


def test_without_two_sides_nothing_is_drafted(desk):
    assert drafted(desk, View(agreement=SHORT)) is None


@pytest.mark.parametrize(
    "link",
    [
        View(a="nowhere", b=W),
        View(a=E, b="nowhere"),
        View(a="nowhere", b="nobody", agreement="gone"),
        View(a=E, b=N),
        View(a=N, b=E, agreement=SHORT),
        View(a=ISLAND, b=W),
        View(a=ISLAND),
        View(a="nowhere"),
        View(agreement="gone"),
        View(agreement=DRAFT),
        View(a=E, b=W, agreement=DRAFT),
        View(a=E, b=W, agreement="gone"),
        View(a=E, b=W, agreement=FUTURE),
    ],
)
def test_an_old_link_opens_what_is_nearest_to_it(desk, link):
    full = opened(desk, link.but(from_m=1.0, to_m=5000.0, selected="cluster:1", lon=0.0, lat=0.0, zoom=3.0))
    assert desk.territory.border(*full.pair).length_m > 0
    assert full.agreement in {None, *(one.id for one in desk.agreements.all())}
    known = [side for side in (link.a, link.b) if side in (E, N, W)]
    if known:
        assert known[0] in full.pair
    if link.pair is not None and link.pair != full.pair:
        assert (full.from_m, full.to_m, full.selected) == (None, None, None)
        assert abs(full.lon - 120.2) < 1
    else:
        assert full.selected == "cluster:1"
    assert current(desk, full).agreement == drafted(desk, full)


def test_a_removed_agreement_still_opens_the_two_sides(desk):
    desk.agreements.remove(SHORT, 1)
    full = opened(desk, SEEN)
    assert (full.pair, full.agreement) == ((E, W), None)


def test_what_is_opened_stays_as_it_is(desk):
    full = opened(desk, View())
    assert opened(desk, full) == full
    assert (full.a, full.b, full.agreement) == (E, W, IN_FORCE)
    assert 120.2 < full.lon < 120.4
    assert 8 < full.zoom < 13


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((None, None), (0.0, 12_000.0)),
        ((0.0, 12_000.0), (0.0, 12_000.0)),
        ((4.0, 11_996.0), (0.0, 12_000.0)),
        ((50.0, 11_990.0), (50.0, 11_990.0)),
        ((50.0, 99_000.0), (50.0, None)),
        ((99_000.0, 99_000.0), ("end", None)),
    ],
)
def test_marks_that_were_not_moved_are_the_agreements_own_and_none_lies_beyond_the_border(desk, marks, expected):
    found = drafted(desk, SEEN.but(from_m=marks[0], to_m=marks[1]))
    length_m = desk.territory.border(E, W).length_m
    assert (found.from_m, found.to_m) == (length_m if expected[0] == "end" else expected[0], expected[1])


@pytest.mark.parametrize("off_m", [-9.9, -5, 0, 5])
def test_the_whole_border_as_a_slider_shows_it_is_the_whole_border(desk, off_m):
    """The slider rounds to 10 m, up as often as down."""
    length_m = desk.territory.border(E, W).length_m
    view = View(a=E, b=W, from_m=0.0, to_m=length_m + off_m)
    assert drafted(desk, view) == desk.agreements.draft(E, W)
    assert current(desk, view).stretch_m == (0.0, length_m)


def test_the_stretch_of_a_choice_lies_on_the_border(desk):
    assert current(desk, SEEN).stretch_m == (0.0, 12_000.0)
    length_m = desk.territory.border(E, W).length_m
    assert current(desk, SEEN.but(from_m=99_000.0, to_m=99_000.0)).stretch_m == (length_m, length_m)


@given(
    west=st.floats(-179, 179),
    south=st.floats(-84, 84),
    wide=st.floats(0, 1),
    tall=st.floats(0, 1),
    px=st.sampled_from([(1200, 600), (1340, 780)]),
)
def test_a_map_is_placed_so_that_all_of_it_is_seen(west, south, wide, tall, px):
    bounds = (west, south, west + wide, south + tall)
    view = placed(View(), bounds, px)
    assert (view.lon, view.lat) == ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    assert view.zoom <= 13
    assert wide * 512 * 2**view.zoom / 360 <= px[0]


def test_a_place_that_a_link_names_is_kept():
    named = View(lon=1.0, lat=2.0, zoom=3.0)
    assert placed(named, (120, 30, 121, 31), (100, 100)) == named
    assert placed(named.but(zoom=None), (120, 30, 121, 31), (100, 100)).lon == 120.5


def test_a_draft_begins_today(desk):
    assert drafted(desk, View(a=E, b=W)).valid_from == TODAY
