"""The data of the benchmarks: the demonstration without its incidents, and as many simulated ones as asked for.

Stores are kept in ``data/benchmarks/`` and made again when they are missing; what their making took is kept beside them.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.desk import SystemClock
from casework.model import Category, Kind, Load, Severity, Source
from casework.records import Records
from geo.frames import WGS84
from intake.demo.generate import SEED, demo
from intake.demo.scatter import Mix, Terrain
from intake.demo.writing import write_demo
from store import open_store

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "benchmarks"
YEARS = 10
BATCH = 50_000
PAIR = ("320509", "330502")
AGREEMENT = "demo-a-wuxing-wujiang"
_PLACES = Mix(towns=0.6, canals=0.08, borders=0.08)
_SEVERITIES = (0.55, 0.3, 0.12, 0.03)


def until() -> date:
    """The first day without incidents: fixed for a year, so that kept stores stay good and agreements stay in force."""
    return date(datetime.now(UTC).year, 1, 1)


def since() -> date:
    """The first day with incidents."""
    return until().replace(year=until().year - YEARS)


def database(n: int) -> Path:
    """File of the store with `n` incidents, made if it is missing."""
    file = FOLDER / f"incidents-{n}-until-{until()}.sqlite"
    if not _figures_of(file).exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for part in FOLDER.glob(f"{file.name}*"):
            part.unlink()
        # In a process of its own, whose largest memory is that of the load and nothing else.
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.data", str(n), str(file)],
            cwd=ROOT,
            check=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    return file


def load_figures(n: int) -> dict[str, float]:
    """What the making of `database(n)` took: seconds and processor seconds of the writes, largest memory, file size."""
    return dict(json.loads(_figures_of(database(n)).read_text()))


def url_of(file: Path) -> str:
    """SQLAlchemy URL of a store's file."""
    return f"sqlite:///{file}"


def incidents(n: int, terrain: Terrain, rng: np.random.Generator) -> Iterator[gpd.GeoDataFrame]:
    """INCIDENTS frames of `BATCH` rows, oldest first, that hold `n` incidents together.

    They are spread over the counties as the demonstration's are, and evenly over the years.
    """
    start = pd.Timestamp(since(), tz="UTC")
    length_us = int((pd.Timestamp(until(), tz="UTC") - start) // timedelta(microseconds=1))
    at_us = np.sort(rng.integers(0, length_us, n))
    categories, sources = ([one.value for one in words] for words in (Category, Source))
    phrases = np.array([f"simulated: {one}, reported by telephone, to be looked at" for one in categories])
    for first in range(0, n, BATCH):
        size = min(BATCH, n - first)
        lon, lat, row = terrain.scatter(rng, size, _PLACES)
        category = rng.integers(0, len(categories), size)
        yield gpd.GeoDataFrame(
            {
                "id": pd.Series([f"bench-{number:07d}" for number in range(first, first + size)], dtype="str"),
                "at": (start + pd.to_timedelta(at_us[first : first + size], unit="us")).as_unit("us"),
                "category": pd.Series(np.array(categories)[category], dtype="str"),
                "source": pd.Series(rng.choice(sources, size), dtype="str"),
                "severity": rng.choice([int(one) for one in Severity], size, p=_SEVERITIES),
                "jurisdiction_id": pd.Series(terrain.ids[row], dtype="str"),
                "description": pd.Series(phrases[category], dtype="str"),
                "accuracy_m": rng.choice([5.0, 20.0, 100.0], size),
            },
            geometry=gpd.points_from_xy(lon.round(6), lat.round(6)),
            crs=WGS84,
        )


def _figures_of(file: Path) -> Path:
    return file.with_suffix(".json")


def fill(url: str, n: int) -> dict[str, float]:
    """Seconds, by the clock and of this process, of writing `n` incidents into the empty store at `url`."""
    made = demo(until())
    with closing(open_store(url)) as store:
        write_demo(replace(made, incidents=made.incidents.iloc[:0]), store, Records(store, SystemClock()))
        terrain = Terrain(made.jurisdictions, made.borders, np.random.default_rng(SEED))
        load = Load(Kind.INCIDENTS, "benchmark", "simulated", "wgs84", datetime.now(UTC), simulated=True)
        wall_s = cpu_s = 0.0
        for batch in incidents(n, terrain, np.random.default_rng(SEED)):
            wall, cpu = time.perf_counter(), time.process_time()
            store.add(load, batch)
            wall_s += time.perf_counter() - wall
            cpu_s += time.process_time() - cpu
    return {"wall_s": wall_s, "cpu_s": cpu_s}


def _make(n: int, file: Path) -> None:
    """Write the store, and then what that took."""
    took = fill(url_of(file), n)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {**took, "peak_mb": peak_mb, "file_mb": file.stat().st_size / 1e6}
    _figures_of(file).write_text(json.dumps({"n": n, **figures}))


if __name__ == "__main__":
    _make(int(sys.argv[1]), Path(sys.argv[2]))
