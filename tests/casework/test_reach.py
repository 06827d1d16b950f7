"""Who gets there first, against ways measured one by one; and what is planned changes it."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from casework.errors import NotFoundError, RefusedError
from casework.model import Selection
from casework.sites import Goal
from casework.ways import Question
from casework.whatif import Added, Closed, Moved
from geo.station_models import Model
from tests import world
from tests.world import E, N, W, load, metres


@pytest.fixture
def question(desk):
    return Question(desk.agreements.get(world.IN_FORCE), Selection())


def by_hand(lon, lat, sides=(E, W)):
    """Minutes at 40 km/h from the nearest station with officers of these sides, and its name."""
    manned = world.stations().query("n_officers > 0 and jurisdiction_id in @sides")
    minutes = metres(manned.geometry.x, manned.geometry.y, lon, lat) * 0.06 / 40
    return minutes.min(), manned["name"].iloc[int(np.argmin(minutes))]


def test_first_are_those_who_are_nearest(desk, question):
    found = desk.reach.first(question)
    incidents = desk.incidents.find(Selection(jurisdictions=(E, W)))
    assert set(found["kind"]) == {"firm", "incident"}
    assert len(found) == 5 + len(incidents)
    for row in found.to_dict("records")[:40]:
        either, name = by_hand(row["lon"], row["lat"])
        assert row["minutes"] == pytest.approx(either)
        assert row["station"] == name
        own, own_name = by_hand(row["lon"], row["lat"], (row["side"],))
        assert (row["own_min"], row["own_station"]) == (pytest.approx(own), own_name)
        assert row["saved_min"] == pytest.approx(own - either)
        assert row["ready_min"] >= row["minutes"]
    worth = found["saved_min"] * found["risk"]
    assert (np.diff(worth) <= 1e-9).all()
    assert worth.iloc[0] > 0
    assert found["risk"].between(0, 1).all()
    assert desk.reach.stated["provider"] == "straight-line"


def test_a_site_that_only_the_other_side_reaches_goes_first(desk, question):
    closed = replace(question, steps=(Closed("s-e-team"),))
    found = desk.reach.first(closed)
    assert found["side"].iloc[0] == E
    assert np.isinf(found["own_min"].iloc[0])
    assert np.isinf(found["saved_min"].iloc[0])
    assert pd.isna(found["own_station"].iloc[0])
    nobody = replace(question, steps=tuple(Closed(one) for one in ("s-e-team", "s-w-joint", "s-w-squad", "s-w-team")))
    found = desk.reach.first(nobody)
    assert found["saved_min"].isna().all()
    assert found["station"].isna().all()
    gaps = desk.reach.gaps(nobody)
    assert len(gaps) == len(found)
    assert gaps["risk"].is_monotonic_decreasing


def test_gaps_wait_for_the_second_officer(desk, question):
    few = replace(question, steps=(Closed("s-e-team"), Closed("s-w-joint"), Moved("s-w-team", "s-w-squad", 1)))
    lone = replace(few, steps=(*few.steps[:2], Moved("s-w-team", "s-e-squad", 6)))
    assert desk.reach.gaps(question).empty
    for one in (few, lone):
        late = desk.reach.gaps(one)
        assert (late["ready_min"] > 30).all()
        all_of_them = desk.reach.first(one)
        assert len(late) == (all_of_them["ready_min"] > 30).sum()


def test_the_zone_gains_what_the_border_costs(desk, question):
    gain = desk.reach.gain(question)
    zone = desk.agreements.preview(question.agreement)
    places = desk.reach.ways(question).places
    ground = places[places["kind"] == "ground"]
    assert gain.n_ground == len(ground) == pytest.approx(400, rel=0.1)
    assert shapely.within(ground.geometry.to_numpy(), zone.union_all().buffer(1e-9)).all()
    either = sorted(by_hand(one.x, one.y)[0] for one in ground.geometry)
    own = sorted(by_hand(one.x, one.y, (side,))[0] for one, side in zip(ground.geometry, ground["side"], strict=True))
    assert gain.either_min == pytest.approx(either[len(either) // 2])
    assert gain.own_min == pytest.approx(own[len(own) // 2])
    assert gain.own_min > gain.either_min
    assert gain.force_own_min >= gain.own_min
    assert gain.force_own_min >= gain.force_either_min >= gain.either_min
    sites = desk.reach.first(question).query("in_zone")
    assert gain.n_sites == len(sites)
    assert gain.n_sooner == (sites["saved_min"] > 0).sum() > 0
    assert 0 < gain.sooner_min <= sites["saved_min"].max()


def test_more_freedom_serves_no_worse(desk, question):
    resident, by_district, pooled = desk.reach.models(question)
    assert [one.model for one in (resident, by_district, pooled)] == list(Model)
    for strict, free in ((resident, by_district), (by_district, pooled)):
        assert strict.both.share <= free.both.share
        assert strict.both.n_beyond >= free.both.n_beyond
        assert free.zone.median_min <= strict.zone.median_min
    assert pooled.a.n + pooled.b.n == pooled.both.n == len(desk.reach.first(question))
    assert {one.n_officers for one in (resident, by_district, pooled)} == {13}
    plus = replace(question, steps=(Added(120.35, 30.85, 5),))
    assert desk.reach.models(plus)[2].n_officers == 18
    assert desk.reach.models(plus)[2].both.median_min < pooled.both.median_min
    assert plus.as_it_is == question


def test_nothing_is_measured_twice_until_something_changes(desk, question):
    ways = desk.reach.ways(question)
    assert desk.reach.ways(question) is ways
    desk.records.add(load(world.Kind.STATIONS), world.stations().assign(n_officers=2))
    assert desk.reach.ways(question) is not ways


def test_without_firms_incidents_or_zone(empty_desk, desk):
    empty_desk.records.add(load(world.Kind.BOUNDARIES), world.boundaries())
    empty_desk.records.boundaries_changed()
    question = Question(empty_desk.agreements.draft(E, W), Selection())
    assert empty_desk.reach.first(question).empty
    assert empty_desk.reach.gaps(question).empty
    assert empty_desk.reach.gain(question).either_min == math.inf
    assert math.isnan(empty_desk.reach.gain(question).sooner_min)
    assert [one.both.n for one in empty_desk.reach.models(question)] == [0, 0, 0]
    with pytest.raises(RefusedError, match="no firm or incident"):
        empty_desk.sites.propose(question, Goal.COVER)


def test_townships_are_districts_where_there_are_some(desk, question):
    cells = desk.reach.districts(E, W)
    assert set(cells["side"]) == {E, W}
    assert cells["id"].is_unique
    west, south, east, north = world.SQUARES[E].bounds
    parts = [("t1", shapely.box(west, south, east, 30.9)), ("t2", shapely.box(west, 30.9, east, north))]
    rows = (
        world.boundaries()
        .iloc[[0, 0]]
        .assign(id=[one for one, _ in parts], name=["八都", "震泽"], level="township", parent_id=E)
    )
    desk.records.add(load(world.Kind.BOUNDARIES, "townships"), rows.set_geometry([one for _, one in parts]))
    towns = desk.reach.districts(E, W)
    assert towns[["id", "side"]].to_numpy().tolist() == [["t1", E], ["t2", E]]
    assert desk.visits.of(E, W).townships
    assert len(desk.reach.models(question)) == 3


def test_a_site_for_the_next_joint_station(desk, question):
    everything = desk.sites.propose(question, Goal.COVER)
    # All is within 30 minutes as it is: then the least travel is looked for, and said so.
    assert (everything.asked, everything.goal) == (Goal.COVER, Goal.MEDIAN)
    assert everything.n_firms == everything.n_incidents == everything.zone_share == 0
    assert everything.mean_after < everything.mean_before
    assert everything.gap == 0
    few = replace(question, steps=(Closed("s-e-team"), Closed("s-w-joint"), Moved("s-w-team", "s-w-squad", 1)))
    lone = replace(few, steps=(Closed("s-w-joint"), Closed("s-w-team"), Closed("s-e-team")))
    cover = desk.sites.propose(lone, Goal.COVER)
    assert (cover.asked, cover.goal) == (Goal.COVER, Goal.COVER)
    assert (cover.n_firms, cover.zone_share) == (5, 1)
    assert cover.n_incidents > 0
    assert cover.jurisdiction_id in (E, W)
    built = replace(lone, steps=(*lone.steps, Added(cover.lon, cover.lat, 2)))
    before, after = desk.reach.models(lone)[2], desk.reach.models(built)[2]
    assert before.both.n_beyond - after.both.n_beyond == cover.n_firms + cover.n_incidents
    centre = desk.sites.propose(lone, Goal.CENTRE)
    assert centre.worst_after < centre.worst_before == math.inf
    assert centre.worst_after <= cover.worst_after


def test_a_site_stands_where_the_risk_is(desk, question):
    median = desk.sites.propose(question, Goal.MEDIAN)
    candidates = desk.sites.candidates(question)
    places = desk.reach.first(question)
    ready = places["ready_min"].to_numpy()
    worth = [
        (np.minimum(ready, metres(lon, lat, places["lon"].to_numpy(), places["lat"].to_numpy()) * 0.06 / 40)
         * places["risk"]).sum()
        for lon, lat in candidates
    ]  # fmt: skip
    lon, lat = candidates[int(np.argmin(worth))]
    assert (median.lon, median.lat) == (round(lon, 5), round(lat, 5))
    assert median.n_candidates == len(candidates)
    assert pd.notna(median.mean_after)


def test_the_side_of_a_neighbour_is_not_asked(desk, question):
    assert N not in set(desk.reach.ways(question).stations["jurisdiction_id"])


def test_what_a_station_has_about_it(desk, question):
    around = desk.reach.around(question, "s-e-team")
    ways = desk.reach.first(question)
    minutes = metres(120.38, 30.90, ways["lon"].to_numpy(), ways["lat"].to_numpy()) * 0.06 / 40
    for within, n_firms, n_incidents in around.within:
        near = ways[minutes <= within]["kind"]
        assert (n_firms, n_incidents) == ((near == "firm").sum(), (near == "incident").sum())
    assert [one for one, _n, _m in around.within] == [10, 20, 30]
    assert around.n_first == (ways["station_id"] == "s-e-team").sum()
    assert around.n_sites == len(ways)
    with pytest.raises(NotFoundError, match="no station s-n-squad"):
        desk.reach.around(question, "s-n-squad")


def test_the_ground_of_a_station(desk):
    rings = desk.reach.rings("s-e-team", ())
    assert rings["minutes"].tolist() == [10, 20, 30]
    corners = shapely.get_coordinates(rings.geometry.iloc[0].exterior)
    assert metres(120.38, 30.90, *corners.T) == pytest.approx(20_000 / 3, abs=1)
    with pytest.raises(NotFoundError, match="no station gone"):
        desk.reach.rings("gone", ())
    assert set(desk.reach.ground((), W)["station_id"]) == {"s-w-joint", "s-w-squad", "s-w-team"}
    planned = desk.reach.ground((Closed("s-w-team"), Added(120.2, 30.9, 2), Added(120.4, 30.9, 2)), W)
    assert set(planned["station_id"]) == {"s-w-joint", "s-w-squad", "what-if-1"}
    assert desk.reach.districts().empty
