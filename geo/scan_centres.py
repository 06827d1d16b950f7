"""Centres of circles beside the places of cases: points along the borders, where circles reach both sides."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import GEOD
from geo.errors import GeoError
from geo.shifts import Floats


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
        When the step is not above 0.

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
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    return np.concatenate([np.empty((0, 2)), *(_along(shapely.get_coordinates(part), step_m) for part in parts)])


def _along(xy: Floats, step_m: float) -> Floats:
    """Points of one line in equal steps of at most `step_m`."""
    lon, lat = xy.T
    mark = np.concatenate(([0.0], np.cumsum(GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2])))
    at = np.linspace(0, mark[-1], int(np.ceil(mark[-1] / step_m)) + 1)
    return np.column_stack((np.interp(at, mark, lon), np.interp(at, mark, lat)))
