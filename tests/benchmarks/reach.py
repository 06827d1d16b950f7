"""Travel on roads: beside scipy station by station, pandana's published times, Valhalla, and as networks grow."""

import os
import tempfile
from pathlib import Path

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geo.roads import Roads
from geo.streets import RoadClass, Streets
from intake.errors import FileError
from intake.osm import read_osm
from intake.valhalla import Valhalla
from tests.benchmarks.data import ROOT
from tests.benchmarks.measure import Say, Table, ratio, seconds, timed, verdict

_PANDANA_S = 161.0 + 10.0  # published for a million junctions: contraction, then one question
_TIMES, _WALL_S, _LIKENESS = 20.0, 30.0, 0.95
_DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", ROOT / "../shared/data"))
_EXTRACT = _DATA / "roads/liechtenstein-latest.osm.pbf"
_STEP_DEG, _BUDGET_MIN = 0.002, 30.0
_BUDGETS = (10, 15, 20, 30)
_NOTES = (
    """Processor seconds. Made-up networks are perturbed grids of streets of 200 m at 30, 40 and 60 km/h, without the cost
of turns, as pandana and scipy know none. Stations and places are anywhere. pandana's times are its own, for a network of
that size. Likeness is the Jaccard index of the ground reached, the median (and the least) of stations beside streets of the
extract; Valhalla's tiles are built before the clock runs.""",
)


def run(say: Say, *, quick: bool) -> Table:
    """Growth, many stations, peers, and likeness to Valhalla."""
    rows, verdicts = [], []
    for size in (1_000, 10_000) if quick else (10_000, 100_000, 1_000_000):
        say(f"reach: {size:,} junctions")
        streets, rng = _town(size), np.random.default_rng(1)
        Roads(_town(100), turns=False).first(streets.lonlat[:1], streets.lonlat[:1])  # compiled before the clock runs
        built = timed(lambda s=streets: Roads(s, turns=False), 1)
        roads: Roads = built.result
        stations, places = (_anywhere(streets, n, rng) for n in (300, 1_000))
        snapping = timed(lambda r=roads, s=stations: r.snap(s), 1)
        first = timed(lambda r=roads, s=stations, p=places: r.first(s, p, _BUDGET_MIN), 1)
        rows.append([f"{size:,} junctions: graph", seconds(built.cpu_s), "", ""])
        rows.append(["... places put on roads for the first time", seconds(snapping.cpu_s), "", ""])
        rows.append(["... who of 300 stations is first at 1,000 places", seconds(first.cpu_s), "", ""])
        ten = stations[:10]
        ours = timed(lambda r=roads, t=ten, p=places: r.minutes(t, p, _BUDGET_MIN), 1)
        peer = timed(lambda s=streets, t=ten: _scipy(s, t), 1)
        rows.append(["... 10 stations, 30 minutes, beside scipy", *_beside(ours.cpu_s, peer.cpu_s)])
    whole = built.cpu_s + snapping.cpu_s + first.cpu_s
    many = _anywhere(streets, 30 if quick else 3_000, rng)
    say(f"reach: {len(many):,} stations")
    each = timed(lambda: roads.minutes(many, places, _BUDGET_MIN), 1)
    rows.append([f"{len(many):,} stations to 1,000 places, each its own search", seconds(each.cpu_s), "", ""])
    if not quick:
        rows.append(["graph and first question beside pandana's", *_beside(whole, _PANDANA_S)])
        verdicts.append(verdict("3,000 stations on a million junctions", each.cpu_s, _WALL_S, " s"))
        verdicts.append(verdict("graph and question against pandana's", whole / _PANDANA_S, 1 / _TIMES, " ×"))
    rows += _beside_valhalla(say, 3 if quick else 20)
    return Table("Reach on roads", ["what", "ours", "peer", "ratio"], rows, [*_NOTES, *verdicts])


def _beside_valhalla(say: Say, n: int) -> list[list[str]]:
    """Likeness and times on a real extract, where both are there."""
    if not _EXTRACT.is_file():
        return []
    say("reach: beside Valhalla")
    streets = read_osm(_EXTRACT)
    with tempfile.TemporaryDirectory() as folder:
        try:
            engine = Valhalla(_EXTRACT, Path(folder))
        except FileError:
            return []
        where = np.flatnonzero(streets.classes <= RoadClass.RESIDENTIAL)
        rng = np.random.default_rng(11)
        places = streets.lonlat[streets.begins[rng.choice(where, n)]] + rng.normal(0, 0.0003, (n, 2))
        roads = timed(lambda: Roads(streets), 1)
        rows = [["an extract of 29,540 pieces of street: graph with turns", seconds(roads.cpu_s), "", ""]]
        roads.result.ground(places[:1], [10])
        for minutes in _BUDGETS:
            ours = timed(lambda m=minutes: roads.result.ground(places, [m])[:, 0], 1)
            theirs = timed(lambda m=minutes: [engine.ground(one[None], [m])[0, 0] for one in places], 1)
            peer = np.array(theirs.result, dtype=object)
            shared = shapely.area(shapely.intersection(ours.result, peer))
            like = shared / shapely.area(shapely.union(ours.result, peer))
            what = f"ground within {minutes} minutes of {n} stations, beside Valhalla: likeness "
            rows.append([f"{what}{np.median(like):.3f} ({like.min():.3f})", *_beside(ours.cpu_s, theirs.cpu_s)])
        return rows


def _beside(ours_s: float, peer_s: float) -> tuple[str, str, str]:
    """Cells of a comparison."""
    return seconds(ours_s), seconds(peer_s), ratio(ours_s, peer_s)


def _town(n: int) -> Streets:
    """A perturbed grid of about `n` junctions."""
    side, rng = round(n**0.5), np.random.default_rng(0)
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    lonlat = np.column_stack((115 + _STEP_DEG * column, 30 + _STEP_DEG * row))
    lonlat += rng.normal(0, _STEP_DEG / 10, lonlat.shape)
    at = row * side + column
    across, along = (np.column_stack((at, at + step)) for step in (1, side))
    pairs = np.vstack((across[column < side - 1], along[row < side - 1])).astype(np.int32)
    both, kmh = np.ones(len(pairs), dtype=bool), rng.choice([30.0, 40.0, 60.0], len(pairs))
    classes = np.full(len(pairs), RoadClass.RESIDENTIAL, dtype=np.int8)
    return Streets(lonlat, pairs[:, 0].copy(), pairs[:, 1].copy(), kmh, classes, both, both)


def _anywhere(streets: Streets, n: int, rng: np.random.Generator) -> np.ndarray:
    """Places anywhere among the streets."""
    return rng.uniform(streets.lonlat.min(axis=0), streets.lonlat.max(axis=0), (n, 2))


def _scipy(streets: Streets, stations: np.ndarray) -> None:
    """The same search by scipy, a station at a time, from the junction nearest in degrees."""
    steps = np.diff(streets.lonlat[np.column_stack((streets.begins, streets.ends))], axis=1)[:, 0]
    minutes = np.hypot(steps[:, 0] * 0.86, steps[:, 1]) * 111_195 * 0.06 / streets.kmh
    n = len(streets.lonlat)
    graph = csr_matrix((minutes, (streets.begins, streets.ends)), shape=(n, n))
    for station in stations:
        nearest = int(np.abs(streets.lonlat - station).sum(axis=1).argmin())
        dijkstra(graph, directed=False, indices=nearest, limit=_BUDGET_MIN)
