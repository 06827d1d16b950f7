"""Reach: the ground a station gets to in time, and who is first at a place.

Times come from a provider (`geo.travel.Travel`); each result says which one, of what day and how far it can be trusted.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import FrameError, GeoError
from geo.frames import STATIONS, WGS84
from geo.shifts import Floats
from geo.travel import Travel, stated


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


def nearest(
    places: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    travel: Travel,
    side_of_station: Sequence[str | None],
    side_of_place: Sequence[str | None],
) -> pd.DataFrame:
    """Who arrives first at each place, whichever side, and what that saves against the place's own side.

    Parameters
    ----------
    places
        Points, EPSG:4326.
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326.
    travel
        Where the times come from.
    side_of_station
        The side each station belongs to; None: neither.
    side_of_place
        The side each place lies on; None: neither, it then has no own side.

    Returns
    -------
    DataFrame
        With the index of `places`: station_id, minutes, own_station_id, own_minutes, saved_min, provider, error,
        data_on, simulated. None and NaN where no station gets there. Of stations equally near, the id that is less as
        text.

    Raises
    ------
    FrameError
        When `stations` breaks its contract or `places` are not points in EPSG:4326.
    GeoError
        When there is not one side per station and place.

    Examples
    --------
    >>> from geo.travel import StraightLine
    >>> stations = gpd.GeoDataFrame({"id": ["e1", "w1"], "name": ["E", "W"], "level": ["team", "squad"],
    ...     "jurisdiction_id": ["e", "w"], "n_officers": [4, 4]},
    ...     geometry=gpd.points_from_xy([120.1, 119.8], [30.0, 30.0]), crs=4326)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.99], [30.0]), crs=4326)
    >>> first = nearest(spots, stations, StraightLine(40), ["e", "w"], ["w"]).iloc[0]
    >>> first.station_id, round(first.minutes), first.own_station_id, round(first.own_minutes), round(first.saved_min)
    ('e1', 16, 'w1', 27, 12)
    >>> len(nearest(spots.iloc[:0], stations, StraightLine(40), ["e", "w"], []))
    0
    """
    STATIONS.check(stations)
    refuse_no_points(places)
    if len(side_of_station) != len(stations) or len(side_of_place) != len(places):
        raise GeoError(
            f"{len(side_of_station)} sides for {len(stations)} stations and {len(side_of_place)} for {len(places)} "
            "places: one each was expected"
        )
    ids = stations["id"].to_numpy(dtype=object)
    order = np.argsort(ids, kind="stable")
    depots, spots = lonlat(stations)[order], lonlat(places)
    depot_side = np.array(side_of_station, dtype=object)[order]
    spot_side = np.array(side_of_place, dtype=object)
    first, minutes = travel.first(depots, spots)
    own, own_minutes = np.full(len(spots), -1), np.full(len(spots), np.inf)
    for side in {side for side in side_of_place if side is not None}:
        here, some = np.flatnonzero(spot_side == side), np.flatnonzero(depot_side == side)
        found, own_minutes[here] = travel.first(depots[some], spots[here])
        own[here] = np.append(some, -1)[found]
    named: npt.NDArray[np.object_] = np.array([*ids[order], None], dtype=object)
    minutes, own_minutes = (np.where(np.isinf(one), np.nan, one) for one in (minutes, own_minutes))
    return pd.DataFrame(
        {
            "station_id": pd.Series(named[first], dtype=object, index=places.index),
            "minutes": minutes,
            "own_station_id": pd.Series(named[own], dtype=object, index=places.index),
            "own_minutes": own_minutes,
            "saved_min": np.maximum(own_minutes - minutes, 0.0),
            **stated(travel),
        },
        index=places.index,
    ).astype({"data_on": "str"})


def lonlat(points: gpd.GeoDataFrame) -> Floats:
    """Longitudes and latitudes of a frame of points, a row each."""
    return np.column_stack((points.geometry.x, points.geometry.y)).astype(float)


def refuse_no_points(places: gpd.GeoDataFrame) -> None:
    """Nothing, when these are points in degrees."""
    if places.crs is None or places.crs.to_epsg() != WGS84 or not (places.geom_type == "Point").all():
        raise FrameError("places: points in EPSG:4326 were expected")
