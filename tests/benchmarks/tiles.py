"""Five million incidents in PostGIS: tiles, the questions behind a planner's filters, and how long a million take to come in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import sqlalchemy as sa

from casework.desk import Desk
from casework.model import Category, Selection, Severity, Source
from geo.cells import LEVEL, tile_cells
from layers.incidents import INCIDENTS
from layers.view import View
from store.buckets import SHIFT
from tests.benchmarks.data import PAIR, since
from tests.benchmarks.measure import Say, Table, seconds, timed, verdict
from tests.benchmarks.server import Server, kept_server, new_server
from tests.benchmarks.store import desk_on

TARGET_S = 0.3
_ZOOMS = (5, 8, 11, 13)
_FULLEST = 2
_KEPT_ZOOM = LEVEL - SHIFT // 2
_SEED = 31
_NOTES = (
    """{n:,} incidents over ten years in PostgreSQL with PostGIS on the same machine, its shared memory 512 MB, as the role of
the program. A tile is made from nothing: query, counts or points, encoding; the two fullest of each zoom, the median.
In brackets processor seconds of program and server together, which other work on the machine disturbs less than the
clock. ST_AsMVT: the server makes the whole tile of the same features from the same rows or counts.""",
    """Questions of the planner: {n_filters} filters chosen at random with one seed, over periods from three months to all ten years, one to three
categories or all, any severity, one in five with a source; each asks everything once; by the clock, on a machine with other work.""",
)
_PLACE = (
    "ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326), 3857), ST_TileEnvelope({z}, {x}, {y}))"
)
_AS_MVT = "SELECT ST_AsMVT(tile, 'incidents', 4096, 'place') FROM ({tile}) AS tile"
_POINTS = "SELECT {place} AS place, category, severity FROM incidents WHERE cell >= {first} AND cell < {last}"
_COUNTS = """
SELECT {place} AS place, n FROM (
    SELECT sum(lon) / sum(n) AS lon, sum(lat) / sum(n) AS lat, sum(n) AS n FROM {counts}
    WHERE cell >= {first} >> {less} AND cell < {last} >> {less} GROUP BY cell >> {shift} - {less}) AS coarse
"""
_KEPT, _ROWS = (
    "(SELECT * FROM incident_cells WHERE months = 12) AS kept",
    "(SELECT cell, lon, lat, 1 AS n FROM incidents) AS every",
)


def run(n: int, n_import: int, n_filters: int, n_runs: int, say: Say) -> Table:
    """Tiles and filters over `n` incidents, and the load of `n_import` into an empty database."""
    notes = [note.format(n=n, n_filters=n_filters) for note in _NOTES]
    rows: list[list[str]] = []
    with kept_server(n, say) as server:
        if server is None:
            return Table("Millions in PostGIS", ["work", "time"], [["no PostgreSQL is installed", "–"]])
        with desk_on(server.url) as desk:
            rows += _tiles(server, desk, n_runs, say)
            say("filters")
            for name, times in _filters(desk, n_filters).items():
                p95 = float(np.quantile(times, 0.95))
                rows.append([name, f"median {seconds(median(times))}, p95 {seconds(p95)}"])
                notes.append(verdict(f"{name}, p95", p95 * 1000, TARGET_S * 1000, " ms"))
    with new_server(n_import, say) as server:
        took = server.took if server else {}
        wall, cpu = (seconds(took[name]) for name in ("wall_s", "cpu_s"))
        rows.append([f"load of {n_import:,} incidents, counts kept along", f"{wall} ({cpu} of the program)"])
        rows.append([f"{n_import:,} incidents on the disk", f"{took['file_mb']:,.0f} MB"])
    return Table("Millions in PostGIS", ["work", "time"], rows, notes)


def _tiles(server: Server, desk: Desk, n_runs: int, say: Say) -> list[list[str]]:
    """Rows of the tiles of each zoom: over all years, the latest 90 days, filtered, and by the server alone."""
    serious = {"categories": (Category.WATER, Category.AIR), "severity": Severity.SERIOUS}
    views = {
        "all years": View(since=since()),
        "latest 90 days": View(),
        "all years, serious of two categories": View(since=since(), **serious),
    }
    make = INCIDENTS.tile
    assert make is not None
    rows = []
    for zoom in _ZOOMS:
        say(f"tiles of zoom {zoom}")
        tiles = _fullest(server.url, zoom)
        for name, view in views.items():
            asked = [partial(make, desk, view, zoom, x, y) for x, y in tiles]
            rows.append([f"tile, zoom {zoom}, {name}", _time(server, asked, n_runs)])
        with sa.create_engine(server.url).connect() as connection:
            asked = [partial(connection.exec_driver_sql, _as_mvt(desk, zoom, x, y)) for x, y in tiles]
            rows.append([f"tile, zoom {zoom}, all years, by ST_AsMVT", _time(server, asked, n_runs)])
    return rows


def _as_mvt(desk: Desk, z: int, x: int, y: int) -> str:
    """Query for the tile that the program makes for all years: points where they are few, else counts."""
    first, last = tile_cells(z, x, y)
    shift = 2 * (LEVEL - z - 5)
    kept = shift >= SHIFT
    points = desk.incidents.tile(Selection(), z, x, y).points is not None
    place = _PLACE.format(lon="lon", lat="lat", z=z, x=x, y=y)
    tile = (_POINTS if points else _COUNTS).format(
        place=place, first=first, last=last, shift=shift, less=SHIFT if kept else 0, counts=_KEPT if kept else _ROWS
    )
    return _AS_MVT.format(tile=tile)


def _fullest(url: str, zoom: int) -> list[tuple[int, int]]:
    """Column and row of the tiles of a zoom, up to 13, that hold the most."""
    with sa.create_engine(url).connect() as connection:
        wanted = "SELECT cell, sum(n) FROM incident_cells WHERE months = 12 GROUP BY cell"
        cell, n = np.array([tuple(row) for row in connection.exec_driver_sql(wanted)], np.int64).T
    tiles, which = np.unique(cell >> 2 * (_KEPT_ZOOM - zoom), return_inverse=True)
    most = tiles[np.argsort(-np.bincount(which, weights=n), kind="stable")[:_FULLEST]]
    bits = range(_KEPT_ZOOM)
    return [tuple(sum((int(one) >> 2 * bit + side & 1) << bit for bit in bits) for side in (0, 1)) for one in most]


def _time(server: Server, asked: list[Callable[[], Any]], n_runs: int) -> str:
    """Medians over all, by the clock and of the processors of program and server."""
    walls, cpus = [], []
    for work in asked:
        before = server.cpu_s()
        took = timed(work, n_runs)
        walls.append(took.wall_s)
        cpus.append(took.cpu_s + (server.cpu_s() - before) / n_runs)
    return f"{seconds(median(walls))} ({seconds(median(cpus))})"


def _filters(desk: Desk, n: int) -> dict[str, list[float]]:
    """Seconds by the clock of each question that a change of the planner's filters asks the store."""
    rng = np.random.default_rng(_SEED)
    ids = sorted(desk.territory.names("en"))
    found: dict[str, list[float]] = {}
    for _ in range(n):
        a = str(rng.choice(ids))
        near = desk.territory.neighbours(a)
        pair = (a, near[0] if near else PAIR[0])
        selection = _some(rng)
        both = replace(selection, jurisdictions=pair)
        asked: dict[str, Callable[[], Any]] = {
            "figures of two sides, by severity": lambda both=both: desk.incidents.count(both, "severity"),
            "timeline of two sides, by day": lambda both=both: desk.incidents.count(both, "jurisdiction_id", "day"),
            "every region, by region": lambda one=selection: desk.incidents.count(one, "jurisdiction_id"),
            "every region, by category": lambda one=selection: desk.incidents.count(one, "category"),
            "the newest 500 of two sides": lambda both=both: desk.incidents.find(both, limit=500),
            "first and last instant": desk.incidents.span,
        }
        for name, work in asked.items():
            found.setdefault(name, []).append(timed(work, 1).wall_s)
    return found


def _some(rng: np.random.Generator) -> Selection:
    """Filters as people set them, some of them none."""
    start = datetime.combine(since(), time(), UTC)
    length = timedelta(days=int(rng.choice([90, 365, 3 * 365, 10 * 365])))
    from_day = start + timedelta(days=float(rng.uniform(0, max(1, (10 * 365 - length.days)))))
    categories = rng.permutation(list(Category))[: int(rng.choice([0, 0, 1, 3]))]
    sources = rng.permutation(list(Source))[: int(rng.random() < 0.2)]
    return Selection(
        from_day,
        from_day + length,
        tuple(Category(one) for one in categories),
        tuple(Source(one) for one in sources),
        Severity(int(rng.choice([1, 1, 2, 3, 4]))),
    )
