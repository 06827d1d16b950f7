"""The store with a million incidents, on both engines: how long they take to come in, and what a map tile and a page cost."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from statistics import median

import numpy as np
import sqlalchemy as sa

from casework.desk import Desk, SystemClock
from casework.model import Selection
from casework.people import Actor
from casework.rules import Rules
from layers.incidents import INCIDENTS
from layers.view import View, chosen
from store import open_store, schema
from tests.benchmarks.data import PAIR, database, load_figures, since, url_of
from tests.benchmarks.measure import Say, Table, seconds, timed
from tests.benchmarks.server import new_server

_ZOOMS = {"low": (5, 8), "middle": (9, 11), "high": (13, 14)}
_FULLEST = 5
_NOTES = (
    """{n:,} incidents over ten years, written in batches of 50,000 into one SQLite file and into PostgreSQL with PostGIS on
the same machine, as the role of the program. Processor seconds of the program, with the clock's in brackets: PostgreSQL
works in processes of its own, which only the clock sees. A tile is made from nothing: query, counts or points, encoding; the five fullest of each zoom, the median.""",
)


def run(n: int, n_runs: int, say: Say) -> Table:
    """Load, tiles and counts, in the one file and on a server of its own."""
    file, figures = database(n), load_figures(n)
    sqlite = _rows(url_of(file), figures, n, n_runs, say)
    with new_server(n, say) as server:
        postgis = _rows(server.url, server.took, n, n_runs, say) if server else {}
    rows = [[work, time, postgis.get(work, "–")] for work, time in sqlite.items()]
    return Table("The store", ["work", "SQLite", "PostGIS"], rows, [note.format(n=n) for note in _NOTES])


def _rows(url: str, figures: dict[str, float], n: int, n_runs: int, say: Say) -> dict[str, str]:
    """What each work took on the store at `url`."""
    rows = {f"load of {n:,} incidents": f"{seconds(figures['cpu_s'])} ({seconds(figures['wall_s'])})"}
    if "peak_mb" in figures:
        rows["largest memory of the loading process"] = f"{figures['peak_mb']:,.0f} MB"
    rows["size on the disk"] = f"{figures['file_mb']:,.0f} MB"
    with desk_on(url) as desk:
        points = points_of(url)
        everything, latest = View(since=since()), View()
        for name, zooms in _ZOOMS.items():
            for zoom in zooms:
                say(f"tiles of zoom {zoom}")
                tiles = fullest(points, zoom)
                cells = [_tile(desk, view, zoom, tiles, n_runs) for view in (everything, latest)]
                rows[f"tile, {name} zoom {zoom}: all / latest 90 days"] = " / ".join(cells)
        for name, work in _questions(desk).items():
            say(name)
            time = timed(work, n_runs)
            rows[name] = f"{seconds(time.cpu_s)} ({seconds(time.wall_s)})"
    return rows


def _questions(desk: Desk) -> dict[str, Callable[[], object]]:
    """What the planner asks the store for at every change of its filters."""
    everything = Selection()
    latest = chosen(desk, View())
    pair = Selection(since=latest.since, jurisdictions=PAIR)
    return {
        "version numbers, which every page asks for": desk.versions,
        "count of all, by category": lambda: desk.incidents.count(everything, "category"),
        "count of the latest 90 days by side and day": lambda: desk.incidents.count(pair, "jurisdiction_id", "day"),
        "the newest 500 of two sides": lambda: desk.incidents.find(pair, limit=500),
    }


@contextmanager
def desk_on(url: str) -> Iterator[Desk]:
    with closing(open_store(url)) as kept:
        yield Desk(kept, Actor(), SystemClock(), Rules())


def points_of(url: str) -> np.ndarray:
    """Column and row of every incident in the square of zoom 15."""
    with sa.create_engine(url).connect() as connection:
        rows = connection.execute(sa.select(schema.incidents.c.lon, schema.incidents.c.lat)).all()
    lon, lat = np.array([tuple(row) for row in rows], float).reshape(-1, 2).T
    down = 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)
    return np.floor(np.column_stack([lon / 360 + 0.5, down]) * 2**15).astype(np.int64)


def fullest(points: np.ndarray, zoom: int) -> list[tuple[int, int]]:
    tiles, n = np.unique(points >> (15 - zoom), axis=0, return_counts=True)
    return [(int(x), int(y)) for x, y in tiles[np.argsort(-n, kind="stable")[:_FULLEST]]]


def _tile(desk: Desk, view: View, zoom: int, tiles: list[tuple[int, int]], n_runs: int) -> str:
    make = INCIDENTS.tile
    assert make is not None
    times = [timed(lambda x=x, y=y: make(desk, view, zoom, x, y), n_runs) for x, y in tiles]
    return f"{seconds(median(one.cpu_s for one in times))} ({seconds(median(one.wall_s for one in times))})"
