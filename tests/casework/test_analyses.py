"""Tests for chance: what is found, what each side alone would have found, and what is kept."""

from dataclasses import replace
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely

from casework import analyses as module
from casework.chance import Border, Limits, examined, searched
from casework.errors import NotFoundError, RefusedError
from casework.findings import Inquiry
from casework.model import Selection
from geo.scan_centres import along_borders
from geo.scan_significance import CancelledError
from tests import world
from tests.world import STRADDLING, E, N, W, gathering

QUICK = Inquiry(radius_m=2000.0, days=14, replications=99)
LIMITS = Limits(0.05, 2, "Asia/Shanghai")


def test_a_straddling_cluster_is_found_with_both_sides_and_zone(busy_desk):
    (one,) = busy_desk.analyses.run([(W, E)], QUICK)
    found = busy_desk.analyses.findings(one)
    first = found.iloc[0]
    assert (one.a, one.b, one.n_zones, one.watch, one.by) == (E, W, 1, False, "local")
    assert (first["n_incidents"], first["n_a"], first["n_b"], first["straddles"]) == (14, 7, 7, True)
    assert first["q"] == first["p"] == 0.01
    assert first["n_zone"] == 14
    assert first["expected_zone"] == pytest.approx(first["expected"])
    assert first["expected_a"] + first["expected_b"] == pytest.approx(first["expected"])
    assert set(first["member_ids"]) == {f"g-{k}" for k in range(120, 134)}
    assert sum(n for _day, _side, n in first["by_day"]) >= 14
    assert world.metres(first.geometry.x, first.geometry.y, *STRADDLING) < 300
    assert {"across" if row["straddles"] else "own" for row in found[found["q"] <= 0.05].to_dict("records")} >= {
        "across"
    }


def test_what_is_kept_is_shown_again_as_it_was(busy_desk):
    (one,) = busy_desk.analyses.run([(E, W)], QUICK)
    before = busy_desk.analyses.findings(one)
    busy_desk.records.add(world.load(world.Kind.INCIDENTS), gathering("complaint").assign(severity=1))
    assert busy_desk.analyses.findings(busy_desk.analyses.get(one.id)).equals(before)
    assert busy_desk.analyses.stale(one)
    assert not busy_desk.analyses.stale(busy_desk.analyses.run([(E, W)], QUICK)[0])


def test_the_same_seed_finds_the_same_whoever_works(busy_desk):
    first, second = (busy_desk.analyses.run([(E, W)], QUICK, jobs=jobs)[0] for jobs in (1, 2))
    assert busy_desk.analyses.findings(first).equals(busy_desk.analyses.findings(second))
    assert [one.id for one in busy_desk.analyses.of(W, E)] == [second.id, first.id]


def test_pairs_are_adjusted_together(busy_desk):
    told = []
    made = busy_desk.analyses.run([(E, W), (N, W)], QUICK, progress=lambda share, pair: told.append((share, pair)))
    assert [(one.a, one.b, one.n_zones) for one in made] == [(E, W, 2), (N, W, 2)]
    assert len({one.run for one in made}) == 1
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[-1], {pair for _, pair in told}) == (1.0, {f"{E}\n{W}", f"{N}\n{W}"})
    for one in made:
        found = busy_desk.analyses.findings(one)
        assert (found["q"] >= found["p"]).all()
    assert busy_desk.analyses.findings(made[0])["q"].iloc[0] <= 0.02


def test_the_wall_goes_by_what_is_in_force_and_knows_what_is_new(busy_desk, clock):
    assert busy_desk.analyses.watched(E, W) is None
    assert not busy_desk.analyses.up_to_date()
    (first,) = busy_desk.analyses.watch()
    assert busy_desk.analyses.up_to_date()
    assert (first.watch, first.inquiry.prospective, first.n_zones) == (True, True, 1)
    assert busy_desk.analyses.watched(W, E) == first
    known = busy_desk.analyses.significant(first)
    assert known["straddles"].iloc[0]
    assert not known["is_new"].any()
    more = gathering("complaint").iloc[120:]
    # So far that no circle about the line between them holds both.
    moved = more.assign(id=[f"new-{k}" for k in range(14)]).set_geometry(more.geometry.translate(0, 0.07), crs=4326)
    busy_desk.records.add(
        world.load(world.Kind.INCIDENTS, "more.csv"), busy_desk.records.placed(world.Kind.INCIDENTS, moved)
    )
    assert not busy_desk.analyses.up_to_date()
    clock.at += timedelta(hours=1)
    (second,) = busy_desk.analyses.watch()
    found = busy_desk.analyses.significant(second)
    assert {any(one.startswith("new-") for one in row["member_ids"]): row["is_new"] for row in found.to_dict("records")} == {
        True: True, False: False,
    }  # fmt: skip
    busy_desk.analyses.run([(E, W)], QUICK)
    assert busy_desk.analyses.watched(E, W) == second


def test_the_board_shows_what_was_tested(busy_desk):
    before = busy_desk.figures.board()
    assert (before.n_pairs, before.n_tested, before.tested_at, before.outdated) == (1, 0, None, False)
    assert before.urgent[0].analysis is None
    assert not before.urgent[0].is_new
    (one,) = busy_desk.analyses.watch()
    board = busy_desk.figures.board()
    assert (board.n_tested, board.tested_at, board.outdated) == (1, one.at, False)
    (urgent,) = board.urgent
    assert (urgent.analysis, urgent.is_new) == (one, False)
    assert [one.keys() for one in busy_desk.figures.arrivals(urgent)] == [{E, W}]
    patrol = busy_desk.patrols.propose_at(E, W, urgent.cluster, busy_desk.today())
    busy_desk.patrols.keep(patrol)
    assert busy_desk.figures.board().urgent == ()


def test_nothing_to_test_is_refused(desk, empty_desk):
    with pytest.raises(RefusedError, match="no pair"):
        desk.analyses.run([], QUICK)
    with pytest.raises(RefusedError, match="no pair"):
        empty_desk.analyses.watch()


def test_too_many_are_refused(desk, monkeypatch):
    monkeypatch.setattr(module, "MOST_INCIDENTS", 10)
    with pytest.raises(RefusedError, match="too many"):
        desk.analyses.run([(E, W)], QUICK)


def test_without_incidents_nothing_is_found_and_it_says_so(desk, empty_desk):
    nobody = replace(QUICK, selection=Selection(until=world.NEWEST - timedelta(days=3000)))
    (one,) = desk.analyses.run([(E, W)], nobody)
    assert (one.n_incidents, one.first_on) == (0, one.last_on)
    assert one.caveats[0] == "There are no cases in the study, so there is no cluster."
    assert len(desk.analyses.findings(one)) == 0
    assert desk.analyses.why(one, *STRADDLING).window is None
    (nothing,) = empty_desk.analyses.run([("a", "b")], QUICK)
    assert nothing.n_incidents == 0


def test_called_off_nothing_is_kept(desk):
    before = desk.versions()
    with pytest.raises(CancelledError):
        desk.analyses.run([(E, W), (N, W)], QUICK, cancel=lambda: True)
    assert desk.versions() == before
    assert desk.analyses.of(E, W) == ()


def test_what_is_not_there_is_said(desk):
    with pytest.raises(NotFoundError):
        desk.analyses.get("0" * 12)
    (one,) = desk.analyses.run([(E, W)], QUICK)
    with pytest.raises(NotFoundError):
        desk.analyses.finding(one.id, 99)
    assert desk.analyses.finding(one.id, 1)["cluster"].tolist() == [1]


def test_why_a_place_is_or_is_no_cluster(busy_desk):
    (one,) = busy_desk.analyses.run([(E, W)], QUICK)
    found = busy_desk.analyses.findings(one).set_index("cluster").loc[1]
    there = busy_desk.analyses.why(one, *STRADDLING)
    assert (there.window.observed, there.n_a, there.n_b) == (14, 7, 7)
    assert there.window.p == found["p"]
    elsewhere = busy_desk.analyses.why(one, 120.45, 30.82)
    assert elsewhere.window is None or elsewhere.window.p > 0.05
    busy_desk.records.add(world.load(world.Kind.INCIDENTS, "more.csv"), world.incidents().iloc[:1].assign(id="more"))
    with pytest.raises(RefusedError, match="test again"):
        busy_desk.analyses.why(one, *STRADDLING)


def border(incidents, zone=None, line=None):
    zone, line = zone or shapely.Polygon(), line or shapely.LineString()
    return Border(E, W, incidents, date(2026, 3, 1), date(2026, 6, 9), zone, line)


def test_circles_are_about_points_along_the_border_too_and_it_says_so(busy_desk):
    (one,) = busy_desk.analyses.run([(E, W)], QUICK)
    n = len(along_borders([busy_desk.territory.border(E, W).geometry], 500))
    assert one.caveats[-1] == f"Circles are also about {n} points along the shared border, at most 500 m apart."
    lon, lat = STRADDLING
    # Four about one point of the line: no circle about any of them holds them all.
    around = gathering("complaint").iloc[:124].copy()
    four = around.index >= 120
    around.loc[four, "at"] = around["at"].max()
    ends = [(lon - 0.015, lat), (lon + 0.015, lat), (lon, lat - 0.014), (lon, lat + 0.014)]
    shapes = np.r_[around.geometry.to_numpy()[:120], [shapely.Point(one) for one in ends]]
    around = around.set_geometry(gpd.GeoSeries(shapes, index=around.index, crs=4326))
    line = shapely.LineString([(lon, lat - 0.05), (lon, lat + 0.05)])
    held = [
        max(len(set(ids) & set(around["id"][four])) for ids in examined(one, QUICK, LIMITS)[0]["member_ids"])
        for one in (border(around), border(around, line=line))
    ]
    assert held[0] < held[1] == 4


def test_without_a_shared_border_circles_are_about_places_alone():
    _, caveats = examined(border(gathering("complaint")), QUICK, LIMITS)
    assert caveats == ()


def test_a_cluster_that_inspections_made_only_shows_where_people_looked():
    made, _ = examined(border(gathering("inspection")), QUICK, LIMITS)
    first = made.iloc[0]
    assert (first["n_incidents"], first["p"] <= 0.05) == (14, True)
    assert first["p_effort"] > 0.05
    found, _ = examined(border(gathering("complaint")), QUICK, LIMITS)
    assert np.isnan(found.iloc[0]["p_effort"])
    assert found.iloc[0]["n_zone"] == 0


def test_effort_as_what_is_compared_with():
    asked = replace(QUICK, method="effort")
    told = []
    found, _ = examined(border(gathering("complaint")), asked, LIMITS, progress=told.append)
    assert found.iloc[0]["n_incidents"] >= 14
    assert found["p_effort"].isna().all()
    assert told[-1] == 1.0
    nobody = gathering("complaint")
    with pytest.raises(RefusedError, match="inspection"):
        searched(border(nobody[nobody["source"] == "complaint"].reset_index(drop=True)), asked, LIMITS)


def test_hot_jurisdictions_are_told_with_their_figures(busy_desk):
    found = busy_desk.hotspots.of(Selection())
    assert found["id"].tolist() == [E, N, W, world.ISLAND]
    assert found["n"].sum() == 134
    assert found["kind"].isin(["hot", "cold", ""]).all()
    assert busy_desk.hotspots.of(Selection()) is found
