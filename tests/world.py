"""A small world with known answers, in the real embedded store: four squares about 20 km wide and what happens there.

West shares a border with East (the line x = 120.3) and with North (the line y = 30.98); East and North meet at a corner
only; the island has no neighbour. Two clusters straddle (East-West and North-West), one lies in West alone.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from casework.desk import Desk
from casework.model import Agreement, Category, Kind, Load, Source
from casework.people import Actor
from casework.rules import Rules
from store import open_store

ELLIPSOID = Geod(ellps="WGS84")
# Already the 11th on the operator's calendar.
NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
TODAY = date(2026, 6, 11)
NEWEST = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)
E, N, W, ISLAND = "e", "n", "w", "x"
STRADDLING = (120.3, 30.90)  # 7 in East, 6 in West
NORTHERN = (120.2, 30.98)  # 4 in North, 4 in West
ONE_SIDED = (120.18, 30.86)  # 9 in West, 11 km from the line
SQUARES = {
    E: shapely.box(120.3, 30.8, 120.5, 30.98),
    N: shapely.box(120.1, 30.98, 120.3, 31.16),
    W: shapely.box(120.1, 30.8, 120.3, 30.98),
    ISLAND: shapely.box(121.5, 30.8, 121.7, 30.98),
}
IN_FORCE, SHORT, EXPIRED, FUTURE = "e-w-1", "e-w-2", "n-w-1", "n-w-2"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def now(self):
        return self.at


def load(kind, file="world.csv"):
    return Load(kind, file, "survey office", "wgs84", NOW, simulated=kind is Kind.FIRMS)


def boundaries():
    names = {"id": [E, N, W, ISLAND], "name": ["东区", "北区", "西区", "岛"], "name_en": ["East", "", "West", None]}
    return gpd.GeoDataFrame(names, geometry=[SQUARES[one] for one in names["id"]], crs=4326)


def stations():
    rows = [
        ("s-e-team", "East team", "team", E, 4, 120.38, 30.90),
        ("s-e-squad", "East squad", "squad", E, 0, 120.302, 30.90),
        ("s-w-joint", "Joint station", "joint", W, 2, 120.29, 30.95),
        ("s-w-squad", "West squad", "squad", W, 1, 120.27, 30.89),
        ("s-w-team", "West team", "team", W, 6, 120.15, 30.85),
        ("s-n-squad", "North squad", "squad", N, 0, 120.2, 31.0),
    ]
    return _points(rows, ["id", "name", "level", "jurisdiction_id", "n_officers"])


def firms():
    rows = [
        ("f-e-red", "East red", "red", E, 120.3012, 30.9002),
        ("f-e-far", "East far", "red", E, 120.42, 30.90),
        ("f-w-green", "West green", "green", W, 120.2995, 30.90),
        ("f-w-yellow", "West yellow", "yellow", W, 120.2998, 30.9002),
        ("f-w-red", "West red", "red", W, 120.2992, 30.9),
        ("f-n-red", "North red", "red", N, 120.2, 31.1),
    ]
    return _points(rows, ["id", "name", "code", "jurisdiction_id"])


def incidents(seed=7):
    """200 incidents: three clusters within the last ten days, and noise from the year before."""
    rng = np.random.default_rng(seed)
    rows = []
    for name, (lon, lat), east_west, n, sides in (
        ("ew", STRADDLING, True, 13, 7),
        ("nw", NORTHERN, False, 8, 4),
        ("own", ONE_SIDED, True, 9, 9),
    ):
        for k in range(n):
            across = (0.0004 + 0.0016 * rng.random()) * (1 if k < sides else -1)
            along = 0.002 * (rng.random() - 0.5)
            dx, dy = (across, along) if east_west else (along, across)
            at = NEWEST - timedelta(hours=7 * k + (0 if name == "ew" else 30))
            rows.append((f"{name}-{k:02}", at, lon + dx, lat + dy))
    for k in range(170):
        square = SQUARES[(E, N, W)[k % 3]]
        west, south, east, north = square.bounds
        at = NEWEST - timedelta(days=100 + 200 * k / 170)
        rows.append((f"noise-{k:03}", at, rng.uniform(west, east), rng.uniform(south, north)))
    categories, sources = tuple(Category), tuple(Source)
    return gpd.GeoDataFrame(
        {
            "id": [row[0] for row in rows],
            "at": pd.DatetimeIndex([row[1] for row in rows]).as_unit("us"),
            "category": [str(categories[k % len(categories)]) for k in range(len(rows))],
            "source": [str(sources[k % len(sources)]) for k in range(len(rows))],
            "severity": [1 + k % 4 for k in range(len(rows))],
            "description": [None if k % 3 else "black water" for k in range(len(rows))],
        },
        geometry=shapely.points([row[2:] for row in rows]),
        crs=4326,
    )


def gathering(source, seed=3):
    """120 incidents over 99 days anywhere in East and West, and 14 on the line in the last week, all of one source."""
    rng = np.random.default_rng(seed)
    days_ago = np.concatenate([rng.uniform(0, 99, 120), rng.uniform(0, 6, 14)])
    lon = np.concatenate([rng.uniform(120.15, 120.45, 120), 120.3 + np.tile([0.001, -0.001], 7)])
    lat = np.concatenate([rng.uniform(30.82, 30.96, 120), STRADDLING[1] + rng.uniform(0, 0.002, 14)])
    rows = {
        "id": [f"g-{k}" for k in range(134)],
        "at": pd.DatetimeIndex([NEWEST - timedelta(days=one) for one in days_ago]).as_unit("us"),
        "category": "water",
        "source": ["complaint", "inspection"] * 60 + [source] * 14,
        "severity": 2,
        "jurisdiction_id": np.where(lon < 120.3, W, E).tolist(),
    }
    return gpd.GeoDataFrame(rows, geometry=shapely.points(lon, lat), crs=4326)


def agreements():
    return (
        Agreement(IN_FORCE, "Whole border", E, W, 1000.0, 1000.0, date(2026, 1, 1), memorandum="No. 12"),
        Agreement(SHORT, "Southern stretch", E, W, 2000.0, 500.0, date(2026, 6, 11), date(2026, 12, 31), 0.0, 12_000.0),
        Agreement(EXPIRED, "Old", N, W, 1000.0, 1000.0, date(2025, 1, 1), date(2026, 6, 10), simulated=True),
        Agreement(FUTURE, "Next", N, W, 0.0, 1500.0, date(2026, 7, 1)),
    )


def metres(lon, lat, to_lon, to_lat):
    """Geodesic distance, array by array."""
    lon, lat, to_lon, to_lat = np.broadcast_arrays(lon, lat, to_lon, to_lat)
    return ELLIPSOID.inv(lon, lat, to_lon, to_lat)[2]


def area_m2(shape):
    return abs(ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(shape))[0])


def _points(rows, names):
    frame = pd.DataFrame([row[:-2] for row in rows], columns=names)
    return gpd.GeoDataFrame(frame, geometry=shapely.points([row[-2:] for row in rows]), crs=4326)


def open_desk(path, clock=None, rules=None):
    return Desk(open_store(f"sqlite:///{path}"), Actor(), clock or Clock(), rules or Rules())


def build(path):
    """Write the world into a new file."""
    desk = open_desk(path)
    fill(desk)
    desk._store.close()


def fill(desk):
    """Write the world the way it comes in: through the desk."""
    desk.records.add(load(Kind.BOUNDARIES), boundaries())
    desk.records.boundaries_changed()
    desk.records.add(load(Kind.STATIONS), stations())
    desk.records.add(load(Kind.FIRMS), firms())
    desk.records.add(load(Kind.INCIDENTS), incidents())
    for one in agreements():
        desk.agreements.save(one)


@pytest.fixture(scope="session")
def world_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("world") / "world.sqlite"
    build(path)
    return path


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world_copy(world_file, tmp_path):
    """A copy of the world that a test may change."""
    return shutil.copy(world_file, tmp_path / "copy.sqlite")


@pytest.fixture
def desk(world_copy, clock):
    desk = open_desk(world_copy, clock)
    yield desk
    desk._store.close()


@pytest.fixture
def busy_desk(empty_desk):
    """The world's jurisdictions and stations, its first agreement, and a gathering on the line among noise."""
    empty_desk.records.add(load(Kind.BOUNDARIES), boundaries())
    empty_desk.records.boundaries_changed()
    empty_desk.records.add(load(Kind.STATIONS), stations())
    empty_desk.records.add(load(Kind.INCIDENTS), gathering("complaint"))
    empty_desk.agreements.save(agreements()[0])
    return empty_desk


@pytest.fixture
def empty_desk(tmp_path, clock):
    desk = open_desk(tmp_path / "empty.sqlite", clock)
    yield desk
    desk._store.close()
