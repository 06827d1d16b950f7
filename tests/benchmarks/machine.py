"""The machine a run is made on, the programs it compares, and how busy it is with other work."""

import os
import platform
import sqlite3
import subprocess
import time
from importlib.metadata import version

import psutil

from tools.browser import chromium_path

_PACKAGES = (
    "dash",
    "plotly",
    "geopandas",
    "shapely",
    "numpy",
    "scikit-learn",
    "mapbox-vector-tile",
    "sqlalchemy",
    "gunicorn",
)
_QUIET_LOAD = 0.7


def machine() -> str:
    """Cores, memory, system and browser in one line."""
    memory_gb = psutil.virtual_memory().total / 1e9
    path = chromium_path()
    said = (
        subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split() if path else []
    )
    browser = " ".join(said[:2]) if said else "no Chromium"
    return f"{os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.machine()}, {browser}, WebGL in software"


def versions() -> str:
    """What was compared, with versions."""
    return ", ".join(
        [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
        + [f"{name} {version(name)}" for name in _PACKAGES]
    )


def load() -> str:
    """Processes that wanted a core, as means of the last one, five and fifteen minutes."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def wait_quiet(limit_s: float) -> None:
    """Return when little else runs, or after `limit_s`."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end and os.getloadavg()[0] > _QUIET_LOAD:
        time.sleep(5)
