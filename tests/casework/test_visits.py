"""Who was visited when, against a count by hand, and what is blind."""

from dataclasses import replace
from datetime import date

import shapely

from casework.model import CrewPart, Patrol, PatrolState, Selection, Source
from casework.visits import BLIND_MONTHS, N_MONTHS
from tests import world
from tests.world import E, W, load


def test_visits_are_the_problems_they_found(desk):
    found = desk.visits.of(E, W)
    selection = Selection(sources=(Source.INSPECTION, Source.RANDOM), jurisdictions=(E, W))
    days = [desk.rules.day(at).isoformat()[:7] for at in desk.incidents.find(selection)["at"]]
    assert found.matrix.columns[-1] == "2026-06"
    assert len(found.matrix.columns) == N_MONTHS
    # Slivers of squares at the outline are no places.
    n_seen = sum(day in set(found.matrix.columns) for day in days)
    assert 0.95 * n_seen <= found.n_visits <= n_seen
    assert not found.townships
    assert found.matrix.index.tolist() == found.places["id"].tolist()
    assert found.places["need"].is_monotonic_decreasing
    late = found.matrix.iloc[:, -BLIND_MONTHS:].sum(axis=1) == 0
    assert set(found.blind["place"]) == set(found.matrix.index[late])
    assert found.places["blind"].to_numpy().tolist() == late.tolist()
    assert found.blind["need"].is_monotonic_decreasing
    assert desk.visits.of(E, W) is found


def test_a_patrol_is_a_visit_when_its_day_has_come(desk):
    before = desk.visits.of(E, W)
    cell = before.blind.iloc[0]
    middle = shapely.point_on_surface(before.places.set_index("id").geometry[cell["place"]])
    crew = (CrewPart("s-e-team", "East team", E, 2, 5.0),)
    today = date(2026, 6, 11)
    patrol = Patrol("p1", world.IN_FORCE, "", today, middle.x, middle.y, crew)
    desk._store.save_patrol(patrol)
    desk._store.save_patrol(replace(patrol, id="p2", on=date(2026, 6, 12)))
    desk._store.save_patrol(replace(patrol, id="p3", state=PatrolState.CANCELLED))
    after = desk.visits.of(E, W)
    assert after.matrix.loc[cell["place"], "2026-06"] == 1
    assert after.n_visits == before.n_visits + 1
    assert cell["place"] not in set(after.blind["place"])


def test_need_is_the_risk_of_firms_and_what_others_reported(desk):
    places = desk.visits.of(E, W).places.set_index("id")
    by_firm = places[shapely.intersects(places.geometry.to_numpy(), shapely.Point(120.42, 30.90))]
    assert by_firm["need"].iloc[0] >= 0.7
    assert set(places["side"]) == {E, W}


def test_without_incidents_everything_is_blind(empty_desk):
    empty_desk.records.add(load(world.Kind.BOUNDARIES), world.boundaries())
    empty_desk.records.boundaries_changed()
    found = empty_desk.visits.of(E, W)
    assert found.matrix.shape[1] == 0
    assert found.n_visits == 0
    assert len(found.blind) == len(found.places) > 0
