"""A refresh after 500 stations changed: what it weighs and how long the page needs, beside a whole figure sent again."""

import shutil
import time
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Page, Request

from casework.model import Kind, Load
from casework.ports import Store
from store import open_store
from tests.benchmarks.browsing import Traffic, browser_page, wait_still
from tests.benchmarks.data import AGREEMENT, PAIR, database, url_of
from tests.benchmarks.measure import Say, Table, ratio, seconds, verdict
from tests.benchmarks.peer_app import VARIABLE, write_points
from tests.benchmarks.serving import OURS, PEER, folder_of, served

N_STATIONS = 500
TARGET_BYTES = 15_000
_LIMIT_S = 180.0
_PEER = "peer, whole figure"
_PATHS = {"planner, stations shown": f"/?a={PAIR[0]}&b={PAIR[1]}&agreement={AGREEMENT}", "wall": "/wall"}
_ASK = {
    True: "dash_clientside.set_props('tick', { n_intervals: Date.now() })",
    False: "document.getElementById('refresh').click()",
}
# The map's own fetches are a worker's and are not among these: they end before the map is idle.
_DONE = """(start) => {
  const map = heard.idle > start ? heard.idle - start : 0;
  return [map, Math.max(map, ...performance.getEntriesByType("resource").map((one) => one.responseEnd - start))];
}"""
_NOTES = (
    """Medians of {n_runs} refreshes. {n_stations} stations are written with other numbers of officers, as a file loaded
anew would; then the page ticks. Over the wire: heads and bodies of all answers that follow. Map: from the tick until it
is idle again; whole page: until the last answer is there too, with every figure that follows from stations. The planner shows every station; the wall none, but what follows
from them. The peer sends its figure with as many points and their words again, over outlines sent by address.""",
)


@dataclass(frozen=True)
class _Refresh:
    """What one refresh took; `map_s` is 0 where the map had nothing to do."""

    n_bytes: float
    map_s: float
    page_s: float


def run(n_incidents: int, n_runs: int, say: Say) -> Table:
    """Bytes and time of a refresh of ours and of the peer."""
    found: dict[str, list[_Refresh]] = {}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        shutil.copy(database(n_incidents), file)
        with closing(open_store(url_of(file))) as store:
            write_stations(store, 0)
            variables = {VARIABLE: str(write_points(file, Path(folder) / "peer.npz", (120.1, 30.9, 8.0)))}
            with served(OURS, folder_of(file)) as server:
                for name, path in _PATHS.items():
                    say(f"refresh: {name}")
                    found[name] = _refreshes(server.url + path, n_runs, store, ours=True)
            with served(PEER, variables) as server:
                say("refresh: peer")
                found[_PEER] = _refreshes(server.url, n_runs, store, ours=False)
    middle = {
        name: _Refresh(*(median(values) for values in zip(*map(astuple, runs), strict=True)))
        for name, runs in found.items()
    }
    peer = middle[_PEER]
    rows = [
        [
            name,
            f"{one.n_bytes / 1000:.1f} kB",
            ratio(one.n_bytes, peer.n_bytes),
            seconds(one.map_s) if one.map_s else "not touched",
            ratio(one.map_s, peer.map_s) if one.map_s else "",
            seconds(one.page_s),
        ]
        for name, one in middle.items()
    ]
    notes = [note.format(n_runs=n_runs, n_stations=N_STATIONS) for note in _NOTES]
    notes += [
        verdict(f"{name}, over the wire", middle[name].n_bytes / 1000, TARGET_BYTES / 1000, " kB") for name in _PATHS
    ]
    return Table("A refresh", ["page", "over the wire", "of peer", "map", "of peer", "whole page"], rows, notes)


def _refreshes(url: str, n_runs: int, store: Store, *, ours: bool) -> list[_Refresh]:
    """Bytes and seconds of each refresh; the first, which fills caches, is left out."""
    found = []
    with browser_page() as page:
        page.goto(url, wait_until="commit")
        wait_still(page, _LIMIT_S)
        page.wait_for_load_state("networkidle")
        for number in range(1, n_runs + 2):
            write_stations(store, number)
            found.append(_refresh(page, ours=ours))
    return found[1:]


def _refresh(page: Page, *, ours: bool) -> _Refresh:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", note)
    page.evaluate("performance.clearResourceTimings()")
    start = page.evaluate(f"() => {{ const start = performance.now(); {_ASK[ours]}; return start; }}")
    quiet_since, n_seen = time.monotonic(), 0
    while time.monotonic() - quiet_since < 2 or not n_seen:
        page.wait_for_timeout(100)
        if len(asked) > n_seen:
            quiet_since, n_seen = time.monotonic(), len(asked)
    wait_still(page, _LIMIT_S)
    page.remove_listener("requestfinished", note)
    traffic = Traffic()
    for request in asked:
        traffic.count(request)
    map_ms, page_ms = page.evaluate(_DONE, start)
    return _Refresh(traffic.n_bytes, map_ms / 1000, page_ms / 1000)


def write_stations(store: Store, number: int) -> None:
    """Every station with other officers; more stations first, if there are not enough."""
    stations = store.stations()
    if len(stations) < N_STATIONS:
        more = stations.iloc[: N_STATIONS - len(stations)].copy()
        more["id"] = ["bench-" + one for one in more["id"]]
        more = more.set_geometry(more.geometry.translate(0.02, 0.01).set_precision(1e-6), crs=stations.crs)
        stations = gpd.GeoDataFrame(pd.concat([stations, more], ignore_index=True), crs=stations.crs)
    stations = stations.iloc[:N_STATIONS]
    officers = np.random.default_rng(number).integers(1, 9, len(stations))
    load = Load(Kind.STATIONS, "benchmark", "simulated", "wgs84", datetime.now(UTC), simulated=True)
    store.add(load, stations[["id", "name", "level", "jurisdiction_id", "geometry"]].assign(n_officers=officers))
