"""A briefing holds what its stops need, and says what is made up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.briefings import BESIDE_M, MOST_FINDINGS, RECENT_DAYS
from casework.errors import NotFoundError
from casework.plan import Duty
from tests import outings, world
from tests.world import IN_FORCE, SHORT, E, N, W, metres


@pytest.fixture
def told(desk):
    return desk.briefings.about(outings.plan())


def test_a_kept_plan_is_told_as_it_is_kept(world_copy):
    desk = world.open_desk(world_copy)
    kept = desk._store.save_plan(outings.plan(version=0))
    assert desk.briefings.of(kept.id).plan == kept
    with pytest.raises(NotFoundError, match="There is no plan nothing"):
        desk.briefings.of("nothing")
    desk._store.close()


def test_it_holds_both_sides_and_those_the_crews_meet(told):
    assert set(told.outlines["id"]) == {E, N, W}
    assert told.borders[["a", "b"]].to_numpy().tolist() == [[E, W]]
    assert sorted(told.stations["id"]) == ["s-e-team", "s-w-team"]
    assert sorted(told.firms["id"]) == ["f-e-red", "f-w-green", "f-w-yellow"]
    assert told.made_at == world.NOW
    assert told.min_officers == 2
    assert told.local(outings.NINE).hour == 9


def test_its_agreements_are_those_of_its_stops_or_those_in_force(desk, told):
    assert [one.id for one in told.agreements] == [IN_FORCE]
    assert set(told.zones["agreement_id"]) == {IN_FORCE}
    crews = tuple(
        replace(crew, stops=tuple(replace(stop, agreement_id="") for stop in crew.stops)) for crew in told.plan.crews
    )
    assert [one.id for one in desk.briefings.about(outings.plan(crews=crews)).agreements] == [IN_FORCE, SHORT]


@pytest.mark.parametrize("visit_id", ["v1", "v2", "v3", "v4"])
def test_findings_are_the_newest_beside_a_stop(desk, told, visit_id):
    stops = {stop.visit_id: stop for crew in told.plan.crews for stop in crew.stops}
    one = stops[visit_id]
    within_m = 1500.0 if one.duty is Duty.CLUSTER else BESIDE_M
    everything = world.incidents().sort_values(["at", "id"], ascending=[False, True])
    far = metres(one.lon, one.lat, everything.geometry.x, everything.geometry.y)
    recent = everything["at"] >= world.NOW - timedelta(days=RECENT_DAYS)
    expected = everything[(far <= within_m) & recent].head(MOST_FINDINGS)
    found = told.findings[told.findings["visit_id"] == visit_id]
    assert len(found)
    assert found["id"].tolist() == expected["id"].tolist()
    assert found["distance_m"].tolist() == pytest.approx(far[expected.index].tolist())


def test_names_are_in_the_language_asked_for(told):
    assert told.names("zh")[W] == "西区"
    assert told.names("en") == {E: "East", N: "北区", W: "West"}


def test_crews_are_counted_from_one(told):
    assert told.number("k2") == 2
    assert told.crew("k2").station_name == "East team"
    with pytest.raises(NotFoundError, match="The plan has no crew k9"):
        told.crew("k9")


def test_what_is_made_up_is_said(desk, told):
    """The world's firms are simulated, the rest of it is not."""
    assert told.simulated
    real = replace(told, firms=told.firms.assign(simulated=False))
    assert not real.simulated
    assert replace(real, plan=outings.plan(simulated=True)).simulated
    assert replace(real, agreements=(replace(real.agreements[0], simulated=True),)).simulated


def test_a_plan_of_strangers_without_stops_is_told_too(empty_desk, desk):
    bare = outings.plan(a="A", b="B", crews=())
    told = empty_desk.briefings.about(bare)
    assert told.names("en") == {"A": "A", "B": "B"}
    frames = (told.outlines, told.borders, told.zones, told.stations, told.firms, told.findings)
    assert [len(frame) for frame in frames] == [0] * 6
    assert {"visit_id", "distance_m"} <= set(told.findings.columns)
    assert not told.simulated
    crews = outings.plan().crews
    assert len(empty_desk.briefings.about(outings.plan(a="A", b="B", crews=crews)).findings) == 0


def test_a_stop_beside_the_pole_has_a_box(desk):
    crew = outings.plan().crews[0]
    polar = replace(crew, stops=(replace(crew.stops[0], lat=89.99),))
    assert len(desk.briefings.about(outings.plan(crews=(polar,))).findings) == 0
