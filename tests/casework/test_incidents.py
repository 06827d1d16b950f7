"""Incidents chosen, counted and cut into tiles, against counting by hand."""

from datetime import timedelta

import numpy as np
import pytest

from casework import incidents as module
from casework.errors import NotFoundError
from casework.model import Category, Selection, Severity, Source
from geo.cells import tile_xy
from tests import world
from tests.world import NEWEST, STRADDLING, E, N, W


@pytest.fixture(scope="module")
def all_of_them():
    frame = world.incidents()
    x, y = frame.geometry.x, frame.geometry.y
    side = np.where(y > 30.98, N, np.where(x > 120.3, E, W))
    return frame.assign(jurisdiction_id=side)


def test_every_incident_lies_where_it_was_placed(desk, all_of_them):
    found = desk.incidents.find(Selection()).set_index("id")["jurisdiction_id"]
    assert found.to_dict() == all_of_them.set_index("id")["jurisdiction_id"].to_dict()


@pytest.mark.parametrize(
    ("selection", "keep"),
    [
        (Selection(), lambda f: f["id"] != ""),
        (Selection(since=NEWEST - timedelta(days=10)), lambda f: ~f["id"].str.startswith("noise")),
        (Selection(until=NEWEST), lambda f: f["at"] < NEWEST),
        (Selection(since=NEWEST), lambda f: f["at"] == NEWEST),
        (Selection(categories=(Category.AIR, Category.SOIL)), lambda f: f["category"].isin(["air", "soil"])),
        (Selection(sources=(Source.RANDOM,)), lambda f: f["source"] == "random"),
        (Selection(min_severity=Severity.SERIOUS), lambda f: f["severity"] >= 3),
        (Selection(jurisdictions=(E, N)), lambda f: f["jurisdiction_id"].isin([E, N])),
        (Selection(jurisdictions=("nowhere",)), lambda f: f["id"] == ""),
        (
            Selection(min_severity=Severity.CRITICAL, jurisdictions=(W,), categories=(Category.WASTE,)),
            lambda f: (f["severity"] == 4) & (f["jurisdiction_id"] == W) & (f["category"] == "waste"),
        ),
    ],
)
def test_a_selection_finds_and_counts_what_it_says(desk, all_of_them, selection, keep):
    expected = all_of_them[keep(all_of_them)]
    found = desk.incidents.find(selection)
    assert set(found["id"]) == set(expected["id"])
    assert found["at"].is_monotonic_decreasing
    assert desk.incidents.count(selection)["n"].sum() == len(expected)
    by = desk.incidents.count(selection, "jurisdiction_id", "severity")
    hand = expected.groupby(["jurisdiction_id", "severity"]).size()
    assert by.set_index(["jurisdiction_id", "severity"])["n"].to_dict() == hand.to_dict()


def test_a_limit_keeps_the_newest(desk):
    assert (
        desk.incidents.find(Selection(), limit=5)["id"].tolist() == desk.incidents.find(Selection())["id"].tolist()[:5]
    )
    assert desk.incidents.latest(3)["id"].tolist() == desk.incidents.find(Selection())["id"].tolist()[:3]


def test_one_incident_with_all_it_has(desk):
    one = desk.incidents.get("ew-00")
    assert (one["at"], one["category"], one["source"], one["jurisdiction_id"]) == (NEWEST, "water", "monitoring", E)
    assert one["source_file"] == "world.csv"
    with pytest.raises(NotFoundError, match=r"^There is no incident gone.$"):
        desk.incidents.get("gone")


def test_inside_is_the_rectangle_around_a_zone(desk, all_of_them):
    zone = desk.agreements.zones(world.IN_FORCE)
    west, south, east, north = zone.total_bounds
    expected = all_of_them.cx[west:east, south:north]
    assert set(desk.incidents.inside(zone, Selection())["id"]) == set(expected["id"])
    assert desk.incidents.inside(zone.iloc[:0], Selection()).empty


@pytest.mark.parametrize(("lon", "lat"), [STRADDLING, (120.2001, 30.9801), (120.18, 30.86), (120.31, 30.93)])
def test_the_nearest_incident_is_the_nearest(desk, all_of_them, lon, lat):
    within_deg = 0.02
    near = all_of_them.cx[lon - within_deg : lon + within_deg, lat - within_deg : lat + within_deg]
    expected = None
    if len(near):
        away = world.metres(near.geometry.x, near.geometry.y, lon, lat)
        expected = near["id"].iloc[int(np.argmin(away))]
    assert desk.incidents.nearest(Selection(), lon, lat, within_deg) == expected


def test_the_nearest_is_one_of_the_selection_or_none(desk):
    strict = Selection(min_severity=Severity.CRITICAL)
    found = desk.incidents.nearest(strict, *STRADDLING, 0.01)
    assert desk.incidents.get(found)["severity"] == 4
    assert desk.incidents.nearest(Selection(), 0.0, 0.0, 0.5) is None


def test_span_and_latest_period_follow_the_data(desk, all_of_them, empty_desk):
    first, last = desk.incidents.span()
    assert (first, last) == (all_of_them["at"].min(), NEWEST)
    assert desk.incidents.latest_period(30) == (NEWEST - timedelta(days=30), NEWEST)
    assert desk.incidents.latest_period(10_000) == (first, NEWEST)
    assert desk.incidents.latest_period() == (NEWEST - timedelta(days=90), NEWEST)
    assert empty_desk.incidents.span() is None
    assert empty_desk.incidents.latest_period() is None


def tile_of(lon, lat, z):
    x, y = (int(one[0]) for one in tile_xy([lon], [lat], 0, 0, 0, 2**z))
    return z, x, y


@pytest.mark.parametrize("z", [0, 8, 12, 15])
def test_a_tile_holds_the_incidents_in_it(desk, all_of_them, z):
    tile = tile_of(*STRADDLING, z)
    x, y = tile_xy(all_of_them.geometry.x, all_of_them.geometry.y, *tile, 4096)
    expected = all_of_them[(x >= 0) & (x < 4096) & (y >= 0) & (y < 4096)]
    content = desk.incidents.tile(Selection(), *tile)
    assert len(content.points) == content.cells["n"].sum() == len(expected)
    assert sorted(content.points["lon"]) == pytest.approx(sorted(expected.geometry.x))
    assert sorted(content.points["severity"]) == sorted(expected["severity"])


def test_a_tile_with_too_many_holds_counts_only(desk, monkeypatch):
    monkeypatch.setattr(module, "POINTS_PER_TILE", 199)
    content = desk.incidents.tile(Selection(), 0, 0, 0)
    assert content.points is None
    assert content.cells["n"].sum() == 200
    assert content.cells["max_severity"].max() == 4
    monkeypatch.setattr(module, "POINTS_PER_TILE", 200)
    assert len(desk.incidents.tile(Selection(), 0, 0, 0).points) == 200


def test_an_empty_tile_is_empty(desk):
    content = desk.incidents.tile(Selection(), 4, 0, 0)
    assert len(content.points) == len(content.cells) == 0


def test_the_side_of_an_incident_and_how_surely(desk):
    found = desk.incidents.side("ew-00", W, E)
    a, b = sorted((E, W))
    assert found["side"] in {"a", "b"}
    assert desk.incidents.get("ew-00")["jurisdiction_id"] == {"a": a, "b": b}[found["side"]]
    assert np.sign(found["distance_m"]) == {"a": 1, "b": -1}[found["side"]]
    assert found["p_a"] + found["p_b"] + found["p_both"] + found["p_neither"] == pytest.approx(1)
    assert desk.incidents.side("ew-00", "nowhere", W) is None
    with pytest.raises(NotFoundError):
        desk.incidents.side("gone", E, W)
