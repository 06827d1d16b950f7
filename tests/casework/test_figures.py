"""The figures people decide by, against counting by hand; what is urgent and what no longer is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely

from casework import clusters
from casework.model import Agreement, Category, CrewPart, Kind, Selection
from tests import world
from tests.world import IN_FORCE, NEWEST, SHORT, TODAY, E, N, W

RECENT = Selection(since=NEWEST - timedelta(days=30))


def inside(zone, since=None):
    """Ids of the incidents in a zone, one by one."""
    whole, frame = zone.union_all(), world.incidents()
    frame = frame if since is None else frame[frame["at"] >= since]
    return {one for one, point in zip(frame["id"], frame.geometry, strict=True) if whole.covers(point)}


def test_figures_of_both_sides_count_what_is_there(desk):
    agreement = desk.agreements.get(IN_FORCE)
    figures = desk.figures.sides(agreement, Selection())
    frame = world.incidents()
    where = {side: {one for one, p in zip(frame["id"], frame.geometry, strict=True) if world.SQUARES[side].covers(p)}
             for side in (E, W)}  # fmt: skip
    serious = set(frame.loc[frame["severity"] >= 3, "id"])
    zone = inside(desk.agreements.zones(IN_FORCE))
    for side, ids in (("a", where[E]), ("b", where[W]), ("both", where[E] | where[W])):
        assert figures[side].n_incidents == len(ids)
        assert figures[side].n_serious == len(ids & serious)
        assert figures[side].n_in_zone == len(ids & zone)
    assert (figures["a"].n_officers, figures["b"].n_officers, figures["both"].n_officers) == (4, 9, 13)
    assert (figures["a"].n_red_firms, figures["b"].n_red_firms, figures["both"].n_red_firms) == (2, 1, 3)
    for side, ids in (("a", (E,)), ("b", (W,)), ("both", (E, W))):
        zone_frame = desk.agreements.preview(agreement)
        assert figures[side].reach_share == desk.stations.covered_share(zone_frame, *ids)
    assert figures["both"].reach_share >= max(figures["a"].reach_share, figures["b"].reach_share)


def test_clusters_of_one_side_are_those_it_would_find_alone(desk):
    figures = desk.figures.sides(desk.agreements.get(IN_FORCE), RECENT)
    assert (figures["a"].n_clusters, figures["b"].n_clusters, figures["both"].n_clusters) == (1, 2, 2)
    north = desk.figures.sides(desk.agreements.draft(N, W), RECENT)
    assert (north["a"].n_clusters, north["both"].n_clusters) == (0, 3)


def test_the_figures_follow_the_zone_on_the_desk(desk):
    narrow = replace(desk.agreements.draft(E, W), depth_a_m=20.0, depth_b_m=20.0)
    wide = replace(narrow, depth_a_m=5000.0, depth_b_m=5000.0)
    counts = [desk.figures.sides(one, Selection())["both"].n_in_zone for one in (narrow, wide)]
    assert counts[0] < counts[1]
    assert counts[1] == len(inside(desk.agreements.preview(wide)))


def test_the_board_shows_what_straddles_in_zones_in_force(desk):
    board = desk.figures.board()
    assert (board.n_zones, board.n_patrols) == (2, 0)
    assert (board.since, board.until) == (NEWEST - timedelta(days=30), NEWEST)
    # The northern cluster straddles too, but no agreement is in force there: nobody could act on it jointly.
    (urgent,) = board.urgent
    assert (urgent.agreement.a, urgent.agreement.b) == (E, W)
    assert urgent.cluster["n_incidents"].iloc[0] == 13
    assert board.reach_share == desk.stations.covered_share(desk.agreements.zones(IN_FORCE, SHORT))


def test_an_incident_in_two_zones_counts_once(desk):
    first, second = (inside(desk.agreements.zones(one), NEWEST - timedelta(days=30)) for one in (IN_FORCE, SHORT))
    assert first & second
    assert desk.figures.board().n_new_in_zones == len(first | second) < len(first) + len(second)


def test_only_the_agreed_categories_count_in_a_zone(desk):
    frame = world.incidents().set_index("id")["category"]
    zone = inside(desk.agreements.zones(IN_FORCE))
    water = {one for one in zone if frame[one] == "water"}
    assert 0 < len(water) < len(zone)
    agreement = desk.agreements.save(replace(desk.agreements.get(IN_FORCE), categories=(Category.WATER, Category.AIR)))
    expected = {one for one in zone if frame[one] in {"water", "air"}}
    figures = desk.figures.sides(agreement, Selection())
    assert figures["both"].n_in_zone == len(expected)
    assert (
        figures["both"].n_incidents == desk.figures.sides(desk.agreements.get(SHORT), Selection())["both"].n_incidents
    )
    assert desk.figures.sides(agreement, Selection(categories=(Category.WATER,)))["both"].n_in_zone == len(water)
    assert desk.figures.sides(agreement, Selection(categories=(Category.NOISE,)))["both"].n_in_zone == 0
    # Each zone counts its own categories, and an incident that two count is one.
    since = NEWEST - timedelta(days=30)
    first = {one for one in inside(desk.agreements.zones(IN_FORCE), since) if frame[one] in {"water", "air"}}
    assert desk.figures.board().n_new_in_zones == len(first | inside(desk.agreements.zones(SHORT), since))


def test_a_planned_patrol_settles_a_cluster_until_it_is_cancelled(desk):
    (urgent,) = desk.figures.board().urgent
    patrol = desk.patrols.propose(E, W, urgent.selection, int(urgent.cluster["cluster"].iloc[0]), TODAY)
    assert len(desk.figures.board().urgent) == 1
    desk.patrols.keep(patrol)
    board = desk.figures.board()
    assert (board.urgent, board.n_patrols) == ((), 1)
    desk.patrols.cancel(patrol.id)
    board = desk.figures.board()
    assert (len(board.urgent), board.n_patrols) == (1, 0)


def test_a_patrol_of_yesterday_settles_nothing(desk, clock):
    desk.patrols.keep(desk.patrols.propose(E, W, RECENT, 1, TODAY))
    clock.at = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)
    assert len(desk.figures.board().urgent) == 1


def test_a_patrol_with_another_neighbour_settles_nothing(desk):
    patrol = desk.patrols.propose(E, W, RECENT, 1, TODAY)
    elsewhere = tuple(CrewPart("s", "S", side, 1, 5.0) for side in (N, W))
    desk._store.save_patrol(replace(patrol, crew=elsewhere))
    assert desk.figures.board().n_patrols == 1
    assert len(desk.figures.board().urgent) == 1


def test_urgent_clusters_of_several_pairs_come_latest_first(desk, clock):
    """In July the northern agreement holds too."""
    clock.at = datetime(2026, 7, 2, tzinfo=UTC)
    board = desk.figures.board()
    assert [(one.agreement.a, one.agreement.b) for one in board.urgent] == [(E, W), (N, W)]
    late = world.incidents().query("id == 'nw-00'").assign(id="nw-late")
    late["at"] += np.timedelta64(3 * 86_400_000_000, "us")
    desk.records.add(world.load(Kind.INCIDENTS, "late.csv"), late)
    assert [(one.agreement.a, one.agreement.b) for one in desk.figures.board().urgent] == [(N, W), (E, W)]


def test_each_side_that_has_officers_arrives(desk, clock):
    (urgent,) = desk.figures.board().urgent
    (arrivals,) = desk.figures.arrivals(urgent)
    assert {side: one.station_name for side, one in arrivals.items()} == {E: "East team", W: "West squad"}
    point = urgent.cluster.geometry.iloc[0]
    assert all(one == desk.stations.first(point.x, point.y, side) for side, one in arrivals.items())
    clock.at = datetime(2026, 7, 2, tzinfo=UTC)
    north = desk.figures.board().urgent[1]
    assert [list(one) for one in desk.figures.arrivals(north, urgent)] == [[W], list(arrivals)]


def test_a_board_of_nothing(empty_desk, desk, clock):
    board = empty_desk.figures.board()
    assert (board.urgent, board.n_zones, board.n_patrols, board.n_new_in_zones) == ((), 0, 0, 0)
    assert board.reach_share is board.since is board.until is None
    clock.at = datetime(2020, 1, 1, tzinfo=UTC)
    past = desk.figures.board()
    assert (past.urgent, past.n_zones, past.n_new_in_zones, past.reach_share) == ((), 0, 0, None)


def test_zones_without_incidents_still_have_a_reach(empty_desk):
    empty_desk.records.add(world.load(Kind.BOUNDARIES), world.boundaries())
    empty_desk.records.boundaries_changed()
    agreement = empty_desk.agreements.save(Agreement("m", "", E, W, 500.0, 500.0, TODAY))
    board = empty_desk.figures.board()
    assert (board.urgent, board.n_zones, board.n_new_in_zones, board.reach_share) == ((), 1, 0, 0.0)
    figures = empty_desk.figures.sides(agreement, Selection())["both"]
    assert (figures.n_incidents, figures.n_in_zone, figures.n_clusters, figures.reach_share) == (0, 0, 0, 0.0)


def test_a_stretch_beyond_every_incident_counts_none(desk):
    tiny = replace(desk.agreements.draft(E, W), from_m=0.0, to_m=5.0, depth_a_m=1.0, depth_b_m=0.0)
    figures = desk.figures.sides(tiny, Selection())
    assert figures["both"].n_in_zone == 0
    assert figures["a"].reach_share == pytest.approx(1)


def test_a_zone_that_came_out_empty_has_no_share(desk, monkeypatch):
    nothing = desk.agreements.zones(IN_FORCE).iloc[:0]
    monkeypatch.setattr(desk.agreements, "preview", lambda _agreement: nothing)
    figures = desk.figures.sides(desk.agreements.get(IN_FORCE), Selection())
    assert figures["a"].reach_share is None
    assert figures["a"].n_in_zone == 0


def test_incidents_exactly_on_the_line_belong_to_one_side_and_count_once(desk):
    frame = world.incidents().iloc[:1].assign(id="on-the-line")
    desk.records.add(world.load(Kind.INCIDENTS, "l.csv"), frame.set_geometry([shapely.Point(120.3, 30.9)], crs=4326))
    figures = desk.figures.sides(desk.agreements.get(IN_FORCE), RECENT)
    assert figures["both"].n_incidents == figures["a"].n_incidents + figures["b"].n_incidents == 27
    assert desk.incidents.get("on-the-line")["jurisdiction_id"] == E


def test_a_crowded_border_does_not_hide_what_is_urgent_elsewhere(desk, monkeypatch):
    monkeypatch.setattr(clusters, "MOST_INCIDENTS", 1)
    board = desk.figures.board()
    assert board.urgent == ()
    assert {(one.a, one.b) for one in board.crowded} == {(one.a, one.b) for one in desk.agreements.in_force()}
    assert board.n_new_in_zones > 0


def test_a_board_is_counted_once_until_something_changes(desk):
    first = desk.figures.board()
    assert desk.figures.board() is first
    (urgent,) = first.urgent
    desk.patrols.keep(desk.patrols.propose(W, E, urgent.selection, 1, TODAY))
    assert desk.figures.board() is not first
