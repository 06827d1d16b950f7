"""Windows as clusters: ranked, without common ground, and what lies inside them."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.frames import WGS84
from geo.scan_models import Model
from geo.scan_significance import Chance
from geo.scan_windows import Circles, Geometry, Periods, distances
from geo.shifts import Floats, Ints

COLUMNS = [
    "cluster", "x", "y", "radius_m", "start_on", "end_on", "observed", "expected", "statistic", "p", "p_gumbel",
    "recurrence_days", "site_ids", "case_rows",
]  # fmt: skip
_DAYS_A_UNIT = {"day": 1.0, "month": 30.436875, "year": 365.2425, "generic": 1.0}
_DIGITS = 9


def ranked(windows: Floats, radius: Floats, xy: Floats) -> Ints:
    """Centres with a window, strongest first; equal ones by radius, then by place, so that no order of rows decides."""
    rows = np.flatnonzero(windows[:, 0] > 0)
    keys = (xy[rows, 1], xy[rows, 0], radius[rows], -windows[rows, 0].round(_DIGITS))
    return np.asarray(rows[np.lexsort(keys)], dtype=np.int64)


def radii(windows: Floats, found: Circles, centres: Floats, sites: Floats, geometry: Geometry) -> Floats:
    """How far the farthest place of each centre's window is, 0 without one."""
    away = np.zeros(len(windows))
    rows = np.flatnonzero(windows[:, 0] > 0)
    last = found.places[found.ptr[rows] + windows[rows, 1].astype(np.int64) - 1]
    away[rows] = distances(centres[rows], sites[last], geometry)
    return away


def apart(windows: Floats, order: Ints, found: Circles, n_sites: int, most: int) -> list[int]:
    """The strongest windows of which no two have a place in common."""
    taken = np.zeros(n_sites, dtype=bool)
    chosen: list[int] = []
    for centre in order.tolist():
        if len(chosen) == most:
            break
        places = found.of(centre, int(windows[centre, 1]))
        if not taken[places].any():
            taken[places] = True
            chosen.append(centre)
    return chosen


def cases_inside(model: Model, places: Ints, first: int, last: int) -> Ints:
    """Rows of the model's cases that lie at these places in these periods."""
    there = np.isin(model.case_site, places) & (model.case_period >= first) & (model.case_period <= last)
    return np.flatnonzero(there)


def cluster_rows(
    windows: Floats, chosen: list[int], found: Circles, radius: Floats, xy: Floats, model: Model, row_of_case: Ints,
    site_ids: Any, periods: Periods, chance: Chance, *, prospective: bool,
) -> pd.DataFrame:  # fmt: skip
    """The chosen windows as a frame with COLUMNS."""
    rows = []
    statistic, expected = windows[chosen, 0], model.in_cases(windows[chosen, 5])
    p = chance.p(statistic)
    again = _DAYS_A_UNIT[periods.unit] * periods.length / p if prospective else np.full(len(p), np.nan)
    for number, centre in enumerate(chosen):
        size, first, last = windows[centre, 1:4].astype(np.int64)
        places = found.of(centre, int(size))
        inside = cases_inside(model, places, int(first), int(last))
        rows.append((
            number + 1, *xy[centre], radius[centre], periods.first_day(np.array([first]))[0],
            periods.last_day(np.array([last]))[0], int(windows[centre, 4]), expected[number], statistic[number],
            p[number], np.nan, again[number], tuple(site_ids[places]), tuple(np.unique(row_of_case[inside]).tolist()),
        ))  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    # A fitted tail says more than a rank only beyond the largest replication.
    beyond = p <= 1 / (chance.n + 1)
    frame["p_gumbel"] = np.where(beyond, chance.p_gumbel(statistic), np.nan) if len(frame) else []
    return frame.astype(dict.fromkeys(("cluster", "observed"), "int64") | dict.fromkeys(
        ("x", "y", "radius_m", "expected", "statistic", "p", "p_gumbel", "recurrence_days"), "float64"
    ))  # fmt: skip


def on_the_map(clusters: pd.DataFrame) -> gpd.GeoDataFrame:
    """The clusters with their centres as points, EPSG:4326."""
    return gpd.GeoDataFrame(clusters, geometry=gpd.points_from_xy(clusters["x"], clusters["y"]), crs=WGS84)
