"""Agreements of three parties, strips that end round, and ground beyond those who signed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.errors import RefusedError
from casework.model import Ends, Selection, Strip
from tests import world
from tests.world import IN_FORCE, NEWEST, TODAY, E, N, W, area_m2

RECENT = Selection(since=NEWEST - timedelta(days=30))
NORTH = Strip(N, W, 800.0, 1200.0)


def three(desk, **changes):
    return replace(desk.agreements.get(IN_FORCE), others=(NORTH,), **changes)


def inside(zone):
    frame, whole = world.incidents(), zone.union_all()
    return {one: point for one, point in zip(frame["id"], frame.geometry, strict=True) if whole.covers(point)}


def test_each_party_has_its_part_of_one_zone(desk):
    kept = desk.agreements.save(three(desk))
    assert kept.parties == (E, N, W)
    zone = desk.agreements.zones(IN_FORCE).set_index("side")
    assert zone["jurisdiction_id"].to_dict() == {"a": E, "b": N, "c": W}
    for owner, shape in zip(zone["jurisdiction_id"], zone.geometry, strict=True):
        assert shape.difference(world.SQUARES[owner].buffer(1e-6)).is_empty
    figures = desk.agreements.figures(kept)
    # A line along a parallel is no geodesic: 20 km of it make 0.2 % of a strip.
    assert figures.part_a_area_m2 == pytest.approx(area_m2(zone.geometry["a"]), rel=1e-6)
    assert figures.part_b_area_m2 == pytest.approx(area_m2(zone.geometry["c"]), rel=2e-3)
    assert figures.further_area_m2 == {N: pytest.approx(area_m2(zone.geometry["b"]), rel=1e-2)}
    assert figures.zone_area_m2 == pytest.approx(sum(area_m2(one) for one in zone.geometry), rel=2e-3)
    assert desk.agreements.get(IN_FORCE) == kept


def test_a_third_party_counts_what_is_in_its_part(desk):
    agreement = three(desk)
    found = inside(desk.agreements.preview(agreement))
    north = {one for one, point in found.items() if world.SQUARES[N].covers(point)}
    everything = sum(world.SQUARES[N].covers(point) for point in world.incidents().geometry)
    assert desk.figures.further(agreement, Selection()) == {N: (everything, len(north))}
    assert desk.figures.further(desk.agreements.get(IN_FORCE), Selection()) == {}
    both = desk.figures.sides(agreement, Selection())["both"]
    assert both.n_in_zone == len(found) - len(north)


def test_a_cluster_between_other_parties_of_an_agreement_is_urgent_and_can_be_patrolled(desk):
    desk.agreements.save(three(desk))
    urgent = {(one.a, one.b): one for one in desk.figures.board().urgent}
    assert set(urgent) == {(E, W), (N, W)}
    assert urgent[N, W].agreement.id == IN_FORCE
    number = int(urgent[N, W].cluster["cluster"].iloc[0])
    patrol = desk.patrols.propose(N, W, urgent[N, W].selection, number, TODAY)
    assert {part.jurisdiction_id for part in patrol.crew} == {N, W}
    desk.patrols.keep(patrol)
    assert {(one.a, one.b) for one in desk.figures.board().urgent} == {(E, W)}


def test_the_wall_counts_an_incident_once_in_a_zone_of_many_strips(desk):
    before = desk.figures.board().n_new_in_zones
    desk.agreements.save(three(desk))
    zones = desk.agreements.zones_in_force()
    recent = {one for one in inside(zones) if one.startswith(("ew", "nw", "own"))}
    assert desk.figures.board().n_new_in_zones == len(recent) > before


@pytest.mark.parametrize(
    ("strip", "sentence"),
    [
        (Strip(N, W, 0.0, 0.0), "A zone needs a depth above 0 m on at least one side."),
        (Strip(N, W, 1.0, 1.0, 9.0, 9.0), "The stretch ends before it starts"),
        (Strip(W, N, 1.0, 1.0), "w and n are not in the order of their ids"),
    ],
)
def test_every_strip_has_to_be_one(desk, strip, sentence):
    with pytest.raises(RefusedError, match=sentence):
        desk.agreements.save(replace(desk.agreements.get(IN_FORCE), others=(NORTH, strip)))
    assert desk.agreements.get(IN_FORCE).version == 1


def test_a_strip_may_reach_beyond_its_parties(desk):
    agreement = replace(desk.agreements.get(IN_FORCE), ends=Ends.ROUND)
    within = desk.agreements.figures(agreement)
    beyond = desk.agreements.figures(replace(agreement, beyond=True))
    assert within.beyond_area_m2 == 0
    assert beyond.beyond_area_m2 > 0
    assert beyond.zone_area_m2 == pytest.approx(within.zone_area_m2 + beyond.beyond_area_m2, rel=1e-6)
    flat = desk.agreements.figures(replace(agreement, ends=Ends.FLAT, from_m=2000.0, to_m=9000.0))
    rounded = desk.agreements.figures(replace(agreement, from_m=2000.0, to_m=9000.0))
    assert rounded.zone_area_m2 - flat.zone_area_m2 == pytest.approx(3.14159e6, rel=0.02)


def test_zones_of_many_parties_follow_new_boundaries(desk):
    desk.agreements.save(three(desk))
    report = desk.records.boundaries_changed()
    assert not next(one for one in report.zones if one.agreement_id == IN_FORCE).changed
