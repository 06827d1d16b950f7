"""Reach: the ground a station gets to in time, and the share of a zone that lies in it.

Times come from a provider (`geo.travel.Travel`); each result says which one, of what day and how far it can be trusted.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.frames import STATIONS, WGS84
from geo.samples import even_points
from geo.shifts import Floats
from geo.travel import Travel, stated

_N_SAMPLE = 2000


def reach(
    stations: gpd.GeoDataFrame, minutes: float | Sequence[float], travel: Travel, *, arriving: bool = False
) -> gpd.GeoDataFrame:
    """The ground each station reaches within each budget, the border ignored.

    Parameters
    ----------
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326.
    minutes
        One budget or several, minutes above 0.
    travel
        Where the times come from.
    arriving
        The ground from where one gets to the station, rather than where one gets to from it.

    Returns
    -------
    GeoDataFrame
        Columns station_id, minutes, snap_m (metres from the station to the network), provider, error, data_on,
        simulated and geometry, a row per station and budget; a polygon is empty where a station is off the network.

    Raises
    ------
    FrameError
        When `stations` breaks its contract.
    GeoError
        When a budget is not above 0.

    Examples
    --------
    >>> from geo.crs import GEOD
    >>> from geo.travel import StraightLine
    >>> stations = gpd.GeoDataFrame({"id": ["s"], "name": ["S"], "level": ["team"], "jurisdiction_id": ["w"],
    ...     "n_officers": [4]}, geometry=gpd.points_from_xy([120.0], [30.0]), crs=4326)
    >>> circle = reach(stations, 30, StraightLine(40))
    >>> circle.station_id[0], circle.minutes[0], circle.provider[0], circle.error[0]
    ('s', np.float64(30.0), 'straight-line', np.float64(0.5))
    >>> float(round(GEOD.geometry_area_perimeter(circle.geometry[0])[0] / 1e6, -1))
    1260.0
    >>> len(reach(stations.iloc[:0], 30, StraightLine(40)))
    0
    """
    STATIONS.check(stations)
    budgets = np.atleast_1d(np.asarray(minutes, dtype=float))
    if not (np.isfinite(budgets) & (budgets > 0)).all():
        raise GeoError(f"minutes {budgets.tolist()}: finite minutes above 0 were expected")
    places = lonlat(stations)
    frame = pd.DataFrame(
        {
            "station_id": np.repeat(stations["id"].to_numpy(dtype=object), len(budgets)),
            "minutes": np.tile(budgets, len(stations)),
            "snap_m": np.repeat(travel.snap_m(places), len(budgets)),
            **stated(travel),
        },
        index=range(len(stations) * len(budgets)),
    ).astype({"station_id": "str", "data_on": "str"})
    ground = travel.ground(places, budgets.tolist(), arriving=arriving)
    return gpd.GeoDataFrame(frame, geometry=ground.ravel(), crs=WGS84)


def covered_shares(
    zones: Sequence[gpd.GeoSeries], stations: gpd.GeoDataFrame, minutes: float, travel: Travel
) -> Floats:
    """The share of each zone's ground that some station reaches in time, from 0 to 1, right to about 0.01.

    Parameters
    ----------
    zones
        The parts of each zone, EPSG:4326; zones may overlap.
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326.
    minutes
        The budget.
    travel
        Where the times come from.

    Returns
    -------
    array of float
        A share for each zone; NaN for one without area.

    Notes
    -----
    One search from all stations to even samples of all zones; the outlines of each station's ground would take a hundred
    times as long, and a search for each zone most of the time again.

    Examples
    --------
    >>> import shapely
    >>> from geo.travel import StraightLine
    >>> stations = gpd.GeoDataFrame({"id": ["s"], "name": ["S"], "level": ["team"], "jurisdiction_id": ["w"],
    ...     "n_officers": [4]}, geometry=gpd.points_from_xy([120.0], [30.05]), crs=4326)
    >>> zone = gpd.GeoSeries([shapely.box(119.8, 30, 120.2, 30.1)], crs=4326)
    >>> covered_shares([zone, zone.iloc[:0]], stations, 15, StraightLine(40)).round(1).tolist()
    [0.5, nan]
    >>> covered_shares([], stations, 15, StraightLine(40)).tolist()
    []
    """
    samples = [even_points(zone.union_all(), _N_SAMPLE) for zone in zones]
    places = np.concatenate([np.empty((0, 2)), *samples])
    in_time = travel.first(lonlat(stations), places, minutes)[1] <= minutes
    of = np.repeat(np.arange(len(samples)), [len(one) for one in samples])
    n_reached, n_places = (np.bincount(those, minlength=len(samples)) for those in (of[in_time], of))
    shares: Floats = np.divide(n_reached, n_places, out=np.full(len(samples), np.nan), where=n_places > 0)
    return shares


def lonlat(points: gpd.GeoDataFrame) -> Floats:
    """Longitudes and latitudes of a frame of points, a row each."""
    return np.column_stack((points.geometry.x, points.geometry.y)).astype(float)
