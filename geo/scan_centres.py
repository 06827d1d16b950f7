"""Centres of circles beside the places of cases: points along the borders, where circles reach both sides."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import GEOD
from geo.errors import GeoError
from geo.shifts import Floats

_MOST_POINTS = 5_000_000


def along_borders(lines: npt.ArrayLike, step_m: float) -> Floats:
    """Points on every line, from its beginning to its end, at most so far apart; one row of lon and lat each.

    Parameters
    ----------
    lines
        Borders, EPSG:4326; of several parts each has its own points.
    step_m
        Metres along the line, above 0.

    Raises
    ------
    GeoError
        When the step is not above 0, or so short that points would be more than a machine has memory for.

    References
    ----------
    Kulldorff (1997) leaves the centres free; a grid beside the cases' own places finds circles centred between them.

    Examples
    --------
    >>> along_borders([shapely.LineString([(120, 30), (120, 30.01)])], 600).round(4).tolist()
    [[120.0, 30.0], [120.0, 30.005], [120.0, 30.01]]
    >>> along_borders([], 500).shape
    (0, 2)
    """
    if not 0 < step_m < np.inf:
        raise GeoError(f"step_m {step_m:g}: metres above 0 were expected")
    ways = [shapely.get_coordinates(part) for part in shapely.get_parts(np.asarray(lines, dtype=object))]
    marks = [_marks(*xy.T) for xy in ways]
    steps = [np.ceil(mark[-1] / step_m) for mark in marks]
    if sum(steps) > _MOST_POINTS:
        raise GeoError(f"step_m {step_m:g} makes {sum(steps):,.0f} points: at most {_MOST_POINTS:,} were expected")
    found = [np.empty((0, 2))]
    for xy, mark, n in zip(ways, marks, steps, strict=True):
        at = np.linspace(0, mark[-1], int(n) + 1)
        found.append(np.column_stack([np.interp(at, mark, of) for of in xy.T]))
    return np.concatenate(found)


def _marks(lon: Floats, lat: Floats) -> Floats:
    """How far along a line each of its corners lies, metres."""
    return np.concatenate(([0.0], np.cumsum(GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2])))
