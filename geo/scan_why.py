"""Why is this a cluster, or not: the best window that holds a place, a day or some cases, and how it does by chance."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.scan import Scan
from geo.scan_found import cases_inside, radii
from geo.scan_windows import distances, spots
from geo.shifts import Ints


@dataclass(frozen=True)
class Window:
    """One circle and interval: centre, radius_m, days, cases observed and expected, statistic and rank p."""

    x: float
    y: float
    radius_m: float
    start_on: Any
    end_on: Any
    observed: int
    expected: float
    statistic: float
    p: float
    site_ids: tuple[Any, ...]
    case_rows: tuple[int, ...]


def best_window(found: Scan, x: float, y: float, on: date | int | None = None) -> Window | None:
    """The strongest window whose circle holds a place, None where no such window has more cases than expected.

    Parameters
    ----------
    found
        A scan.
    x
        Longitude in degrees, or easting, as the scan's sites have it.
    y
        Latitude or northing.
    on
        A day (a number when time is generic) that the interval must hold; None: any.

    Raises
    ------
    GeoError
        When the place is not finite or the day lies outside the study.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.scan import ScanSettings, scan
    >>> sites = pd.DataFrame({"id": ["a", "b", "c"], "x": [120.0, 120.01, 120.3], "y": [30.0, 30.0, 30.0]})
    >>> days = pd.to_datetime(["2024-05-01", "2024-05-01", "2024-05-02", "2024-05-09", "2024-05-20", "2024-05-28"])
    >>> cases = pd.DataFrame({"site": ["a", "b", "a", "c", "c", "c"], "at": days})
    >>> found = scan(cases, sites, ScanSettings(max_radius_m=5000, max_length=7, replications=99))
    >>> best = best_window(found, 120.005, 30.0)
    >>> best.observed, best.expected
    (3, 1.5)
    >>> best_window(scan(cases[:0], sites), 120.0, 30.0) is None
    True
    """
    place = spots([x], [y], found.settings.geometry)
    period = -1
    if on is not None:
        period = found.study.period_of(on)
        if period < 0:
            raise GeoError(
                f"{on} lies outside the study, which lasts from {found.study.first_on} to {found.study.last_on}"
            )
    middle = spots(found.xy[:, 0], found.xy[:, 1], found.settings.geometry)
    away = distances(middle, place, found.settings.geometry)
    return _best(found, _reaching(found, middle, away), np.empty(0, dtype=bool), period)


def best_window_with(found: Scan, case_rows: npt.ArrayLike) -> Window | None:
    """The strongest window that holds at least one of some cases (rows of the scan's cases); None as `best_window`."""
    wanted = np.isin(found.study.row_of_case, np.asarray(case_rows, dtype=np.int64))
    if not wanted.any():
        return None
    there = np.unique(found.study.model.case_site[wanted])
    near = np.zeros(len(found.study.ids), dtype=bool)
    near[there] = True
    circles = found.search.circles
    owner = np.repeat(np.arange(len(found.xy)), np.diff(circles.ptr))
    holds = near[np.where(circles.places < 0, ~circles.places, circles.places)]
    least = np.full(len(found.xy), -1, dtype=np.int64)
    position = np.arange(len(owner)) - circles.ptr[owner] + 1
    least[owner[holds][::-1]] = position[holds][::-1]  # the first one is written last
    return _best(found, least, wanted, -1)


def _reaching(found: Scan, middle: npt.NDArray[np.float64], away: npt.NDArray[np.float64]) -> Ints:
    """How many sites each centre's circle needs to reach as far as `away`, -1 where none does."""
    circles, geometry = found.search.circles, found.settings.geometry
    least = np.full(len(middle), -1, dtype=np.int64)
    for centre in np.flatnonzero(away <= found.settings.radius):
        sites = circles.of(int(centre), int(circles.ptr[centre + 1] - circles.ptr[centre]))
        far = distances(found.study.spots[sites], middle[centre], geometry)
        if len(far) and far[-1] >= away[centre]:
            least[centre] = int(np.argmax(far >= away[centre])) + 1
    return least


def _best(found: Scan, least: Ints, wanted: npt.NDArray[np.bool_], period: int) -> Window | None:
    """The strongest window under these conditions."""
    search, study = found.search, found.study
    windows = search.holding(least, wanted, period)
    if not len(windows) or windows[:, 0].max() <= 0:
        return None
    middle = spots(found.xy[:, 0], found.xy[:, 1], found.settings.geometry)
    radius = radii(windows, search.circles, middle, study.spots, found.settings.geometry)
    centre = int(np.lexsort((found.xy[:, 1], found.xy[:, 0], radius, -windows[:, 0].round(9)))[0])
    statistic, size, first, last, count, measure = windows[centre].tolist()
    expected = float(search.model.in_cases(np.array([measure]))[0])
    sites = search.circles.of(centre, int(size))
    inside = cases_inside(search.model, sites, int(first), int(last))
    return Window(
        float(found.xy[centre, 0]), float(found.xy[centre, 1]), float(radius[centre]),
        study.periods.first_day(np.array([int(first)]))[0], study.periods.last_day(np.array([int(last)]))[0],
        int(count), expected, statistic, float(found.chance.p(statistic)[0]), tuple(study.ids[sites]),
        tuple(np.unique(study.row_of_case[inside]).tolist()),
    )  # fmt: skip
