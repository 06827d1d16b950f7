"""Clusters across the line, and what one side alone would not see."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from casework import clusters as module
from casework.desk import Desk
from casework.errors import NotFoundError, RefusedError
from casework.model import Kind, Selection, Severity
from casework.people import Actor
from casework.rules import Rules
from tests import world
from tests.world import NEWEST, ONE_SIDED, STRADDLING, E, N, W, metres

RECENT = Selection(since=NEWEST - timedelta(days=30))


def test_both_sides_together_find_what_straddles_and_it_comes_first(desk):
    found = desk.clusters.look(E, W, RECENT)
    assert found["cluster"].tolist() == [1, 2]
    first = found.iloc[0]
    assert (first["n_incidents"], first["n_a"], first["n_b"], first["straddles"]) == (13, 7, 6, True)
    second = found.iloc[1]
    # Of the northern cluster four lie in West: too few to be seen without North.
    assert (second["n_incidents"], second["n_a"], second["n_b"], second["straddles"]) == (9, 0, 9, False)


def test_one_side_alone_finds_less(desk):
    together = desk.clusters.look(E, W, RECENT)
    for side in (E, W):
        alone = desk.clusters.look(E, W, RECENT, alone=(side,))
        assert not alone["straddles"].any()
        assert alone["n_incidents"].sum() < together["n_incidents"].sum()
    assert desk.clusters.look(N, W, RECENT)["straddles"].sum() == 1
    assert desk.clusters.look(N, W, RECENT, alone=(N,)).empty


def test_order_of_the_sides_does_not_matter(desk):
    assert desk.clusters.look(E, W, RECENT) is desk.clusters.look(W, E, replace(RECENT, jurisdictions=(N,)))
    assert desk.clusters.look(E, W, RECENT, alone=(W, E)).equals(desk.clusters.look(E, W, RECENT))


def test_a_cluster_is_its_members_and_no_other(desk):
    found = desk.clusters.get(W, E, RECENT, 1)
    members = desk.clusters.members(W, E, RECENT, 1)
    assert set(members["id"]) == {f"ew-{k:02}" for k in range(13)}
    assert members["at"].is_monotonic_decreasing
    centre = found.geometry.iloc[0]
    away = metres(members.geometry.x.to_numpy(), members.geometry.y.to_numpy(), centre.x, centre.y)
    assert found["radius_m"].iloc[0] == pytest.approx(away.max(), abs=0.01)
    assert (found["first_at"].iloc[0], found["last_at"].iloc[0]) == (members["at"].min(), members["at"].max())
    assert found["max_severity"].iloc[0] == members["severity"].max()
    assert float(metres(*STRADDLING, centre.x, centre.y)) < 150


@pytest.mark.parametrize("number", [0, 4, -1, 10**30])
def test_a_number_that_is_not_there_is_refused(desk, number):
    for method in (desk.clusters.get, desk.clusters.members):
        with pytest.raises(
            NotFoundError, match=f"^There is no cluster {number} in this period and with these filters.$"
        ):
            method(E, W, RECENT, number)


def test_filters_narrow_what_gathers(desk):
    assert desk.clusters.look(E, W, replace(RECENT, min_severity=Severity.CRITICAL)).empty
    assert desk.clusters.look(E, W, Selection(until=NEWEST - timedelta(days=90))).empty


def test_too_many_for_a_quick_look_are_refused_with_what_to_do(desk, monkeypatch):
    monkeypatch.setattr(module, "MOST_INCIDENTS", 25)
    with pytest.raises(RefusedError, match=r"^26 incidents are too many for a quick look \(at most 25\): shorten"):
        desk.clusters.look(E, W, RECENT)
    assert desk.clusters.look(E, W, RECENT, alone=(E,)) is not None


def test_a_look_is_remembered_until_incidents_change(desk):
    before = desk.clusters.look(E, W, RECENT)
    assert desk.clusters.look(E, W, RECENT) is before
    more = world.incidents().iloc[:1].assign(id="one-more")
    desk.records.add(world.load(Kind.INCIDENTS, "more.csv"), more)
    after = desk.clusters.look(E, W, RECENT)
    assert after["n_incidents"].iloc[0] == 14


def test_the_rules_decide_what_a_cluster_is(desk):
    strict = Desk(desk._store, Actor(), desk.clock, Rules(cluster_min_each_side=7))
    assert not strict.clusters.look(E, W, RECENT)["straddles"].any()
    few = Desk(desk._store, Actor(), desk.clock, Rules(cluster_min_incidents=14))
    assert few.clusters.look(E, W, RECENT).empty


def test_a_cluster_holds_the_places_within_its_radius(desk):
    cluster = desk.clusters.get(E, W, RECENT, 1)
    centre, radius_m = cluster.geometry.iloc[0], float(cluster["radius_m"].iloc[0])
    for bearing in np.arange(0, 360, 45.0):
        near, far = (world.ELLIPSOID.fwd(centre.x, centre.y, bearing, radius_m * f)[:2] for f in (0.999, 1.001))
        assert desk.clusters.holds(cluster, [near])
        assert not desk.clusters.holds(cluster, [far])
        assert desk.clusters.holds(cluster, [far, near])
    assert not desk.clusters.holds(cluster, [])
    assert not desk.clusters.holds(cluster, [ONE_SIDED])


def test_an_empty_store_has_no_cluster(empty_desk):
    assert empty_desk.clusters.look(E, W, Selection()).empty
