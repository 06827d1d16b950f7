"""Reach as the crow flies: who can be where within which time, when only distance and a speed are known.

No road is looked at. A straight line at one speed is off by about half either way, and every result says so.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import metric_crs, on_globe, project
from geo.edges import GEOD
from geo.errors import FrameError, GeoError
from geo.frames import STATIONS, WGS84
from geo.shifts import Floats, Ints

PROVIDER = "straight-line"
ERROR = 0.5
_CORNERS = 180  # a polygon of so many corners has 99.98 % of its circle's area
_AT_ONCE = 2_000_000
_WIDE_DEG = 0.1


def travel_min(
    from_lon: npt.ArrayLike, from_lat: npt.ArrayLike, to_lon: npt.ArrayLike, to_lat: npt.ArrayLike, kmh: float
) -> Floats:
    """Minutes from every origin (rows) to every destination (columns) along the geodesic; half more or less on roads.

    Parameters
    ----------
    from_lon
        Longitudes of the origins, EPSG:4326 degrees.
    from_lat
        Their latitudes.
    to_lon
        Longitudes of the destinations.
    to_lat
        Their latitudes.
    kmh
        Speed, km/h.

    Returns
    -------
    array of float
        One row an origin, one column a destination.

    Raises
    ------
    GeoError
        When the speed is not above 0.

    Examples
    --------
    >>> travel_min([0], [0], [0, 0], [0, 1], 60).round(1)
    array([[  0. , 110.6]])
    >>> travel_min([], [], [0], [0], 60).shape
    (0, 1)
    """
    _refuse(kmh)
    x, y = np.atleast_1d(np.asarray(from_lon, dtype=float)), np.atleast_1d(np.asarray(from_lat, dtype=float))
    u, v = np.atleast_1d(np.asarray(to_lon, dtype=float)), np.atleast_1d(np.asarray(to_lat, dtype=float))
    shape = (len(x), len(u))
    if 0 in shape:
        return np.empty(shape)
    metres = GEOD.inv(np.repeat(x, len(u)), np.repeat(y, len(u)), np.tile(u, len(x)), np.tile(v, len(x)))[2]
    return np.asarray(metres, dtype=float).reshape(shape) * 0.06 / kmh


def reach(stations: gpd.GeoDataFrame, minutes: float | Sequence[float], kmh: float) -> gpd.GeoDataFrame:
    """The ground each station reaches within each budget, the border ignored: a circle on the ellipsoid.

    Parameters
    ----------
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326.
    minutes
        One budget or several, minutes above 0.
    kmh
        Speed, km/h.

    Returns
    -------
    GeoDataFrame
        Columns station_id, minutes, provider, error and geometry, a row per station and budget. A circle about a
        station within its own radius of the antimeridian has longitudes beyond 180.

    Raises
    ------
    FrameError
        When `stations` breaks its contract.
    GeoError
        When speed or budget is not above 0.

    Examples
    --------
    >>> stations = gpd.GeoDataFrame({"id": ["s"], "name": ["S"], "level": ["team"], "jurisdiction_id": ["w"],
    ...     "n_officers": [4]}, geometry=gpd.points_from_xy([120.0], [30.0]), crs=4326)
    >>> circle = reach(stations, 30, 40)
    >>> circle.station_id[0], circle.minutes[0], circle.provider[0], circle.error[0]
    ('s', np.float64(30.0), 'straight-line', np.float64(0.5))
    >>> float(round(GEOD.geometry_area_perimeter(circle.geometry[0])[0] / 1e6, -1))
    1260.0
    >>> len(reach(stations.iloc[:0], 30, 40))
    0
    """
    STATIONS.check(stations)
    _refuse(kmh)
    budgets = np.atleast_1d(np.asarray(minutes, dtype=float))
    if not (np.isfinite(budgets) & (budgets > 0)).all():
        raise GeoError(f"minutes {budgets.tolist()}: finite minutes above 0 were expected")
    n = len(stations) * len(budgets)
    radius = np.tile(budgets, len(stations)) * kmh / 0.06
    lon = np.repeat(stations.geometry.x.to_numpy(), len(budgets))
    lat = np.repeat(stations.geometry.y.to_numpy(), len(budgets))
    bearing = np.tile(np.linspace(360, 0, _CORNERS, endpoint=False), n)
    x, y, _ = GEOD.fwd(np.repeat(lon, _CORNERS), np.repeat(lat, _CORNERS), bearing, np.repeat(radius, _CORNERS))
    away = (np.asarray(x) - np.repeat(lon, _CORNERS) + 180) % 360 - 180
    xy = np.column_stack((np.repeat(lon, _CORNERS) + away, y)).reshape(n, _CORNERS, 2)
    frame = pd.DataFrame(
        {
            "station_id": np.repeat(stations["id"].to_numpy(dtype=object), len(budgets)),
            "minutes": np.tile(budgets, len(stations)),
            "provider": PROVIDER,
            "error": ERROR,
        },
        index=range(n),
    ).astype({"station_id": "str"})
    return gpd.GeoDataFrame(frame, geometry=np.asarray(shapely.polygons(xy), dtype=object), crs=WGS84)


def nearest(
    places: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    kmh: float,
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
    kmh
        Speed, km/h.
    side_of_station
        The side each station belongs to; None: neither.
    side_of_place
        The side each place lies on; None: neither, it then has no own side.

    Returns
    -------
    DataFrame
        With the index of `places`: station_id, minutes, own_station_id, own_minutes, saved_min, provider, error.
        None and NaN where there is no station. Of stations equally near, the id that is less as text.

    Raises
    ------
    FrameError
        When `stations` breaks its contract or `places` are not points in EPSG:4326.
    GeoError
        When the speed is not above 0, or there is not one side per station and place.

    Examples
    --------
    >>> stations = gpd.GeoDataFrame({"id": ["e1", "w1"], "name": ["E", "W"], "level": ["team", "squad"],
    ...     "jurisdiction_id": ["e", "w"], "n_officers": [4, 4]},
    ...     geometry=gpd.points_from_xy([120.1, 119.8], [30.0, 30.0]), crs=4326)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.99], [30.0]), crs=4326)
    >>> first = nearest(spots, stations, 40, ["e", "w"], ["w"]).iloc[0]
    >>> first.station_id, round(first.minutes), first.own_station_id, round(first.own_minutes), round(first.saved_min)
    ('e1', 16, 'w1', 27, 12)
    >>> len(nearest(spots.iloc[:0], stations, 40, ["e", "w"], []))
    0
    """
    STATIONS.check(stations)
    _refuse(kmh)
    if places.crs is None or places.crs.to_epsg() != WGS84 or not (places.geom_type == "Point").all():
        raise FrameError("places: points in EPSG:4326 were expected")
    if len(side_of_station) != len(stations) or len(side_of_place) != len(places):
        raise GeoError(
            f"{len(side_of_station)} sides for {len(stations)} stations and {len(side_of_place)} for {len(places)} "
            "places: one each was expected"
        )
    ids = stations["id"].to_numpy(dtype=object)
    order = np.argsort(ids, kind="stable")
    depots = np.column_stack((stations.geometry.x, stations.geometry.y))[order]
    spots = np.column_stack((places.geometry.x, places.geometry.y))
    depot_side = np.array(side_of_station, dtype=object)[order]
    spot_side = np.array(side_of_place, dtype=object)
    first = _first(spots, depots, np.arange(len(depots)))
    own = np.full(len(spots), -1)
    for side in {side for side in side_of_place if side is not None}:
        here = np.flatnonzero(spot_side == side)
        own[here] = _first(spots[here], depots, np.flatnonzero(depot_side == side))
    minutes, own_minutes = (_minutes(spots, depots, which, kmh) for which in (first, own))
    named: npt.NDArray[np.object_] = np.array([*ids[order], None], dtype=object)
    return pd.DataFrame(
        {
            "station_id": pd.Series(named[first], dtype=object, index=places.index),
            "minutes": minutes,
            "own_station_id": pd.Series(named[own], dtype=object, index=places.index),
            "own_minutes": own_minutes,
            "saved_min": np.maximum(own_minutes - minutes, 0.0),
            "provider": PROVIDER,
            "error": ERROR,
        },
        index=places.index,
    )


def covered_share(zone_polygons: gpd.GeoSeries, reached: gpd.GeoDataFrame) -> float:
    """The share of a zone's area that lies within reach of any station, from 0 to 1; straight-line, as `reach` is.

    Parameters
    ----------
    zone_polygons
        The zone's parts, EPSG:4326.
    reached
        As `reach` gives it, of one budget.

    Returns
    -------
    float
        NaN for a zone without area.

    Examples
    --------
    >>> zone = gpd.GeoSeries([shapely.box(120, 30, 120.2, 30.1)], crs=4326)
    >>> half = gpd.GeoDataFrame(geometry=[shapely.box(119, 29, 120.1, 31)], crs=4326)
    >>> round(covered_share(zone, half), 3)
    0.5
    >>> covered_share(zone.iloc[:0], half)
    nan
    """
    if zone_polygons.is_empty.all():
        return float("nan")
    crs = metric_crs(zone_polygons.total_bounds)
    zone = shapely.union_all(project(zone_polygons.to_numpy(), crs))
    # Only what is near the zone is projected: a wide circle would leave the plane's good part.
    near = shapely.clip_by_rect(reached.geometry.to_numpy(), *_wider(zone_polygons.total_bounds))
    covered = shapely.union_all(project(shapely.segmentize(near, _WIDE_DEG / 10), crs))
    return float(shapely.area(shapely.intersection(zone, covered)) / shapely.area(zone))


def _refuse(kmh: float) -> None:
    """Nothing, when one can travel at this speed."""
    if not 0 < kmh < np.inf:
        raise GeoError(f"kmh is {kmh:g}: a speed above 0 was expected")


def _wider(bounds: npt.ArrayLike) -> Floats:
    """The bounds with a margin."""
    wider: Floats = np.asarray(bounds, dtype=float) + np.array([-_WIDE_DEG, -_WIDE_DEG, _WIDE_DEG, _WIDE_DEG])
    return wider


def _first(spots: Floats, depots: Floats, some: Ints) -> Ints:
    """For each spot the nearest of `some` depots, the first of equals; -1 when there is none."""
    if not len(some):
        return np.full(len(spots), -1)
    here, there = on_globe(*spots.T), on_globe(*depots[some].T)
    found = np.empty(len(spots), dtype=np.int64)
    step = max(1, _AT_ONCE // len(some))
    for begin in range(0, len(spots), step):
        away = sum((here[begin : begin + step, None, axis] - there[None, :, axis]) ** 2 for axis in range(3))
        found[begin : begin + step] = some[np.argmin(away, axis=1)]
    return found


def _minutes(spots: Floats, depots: Floats, which: Ints, kmh: float) -> Floats:
    """Minutes from each spot's depot; NaN when it has none."""
    minutes = np.full(len(spots), np.nan)
    has = np.flatnonzero(which >= 0)
    origin = depots[which[has]]
    minutes[has] = np.asarray(GEOD.inv(*origin.T, *spots[has].T)[2], dtype=float) * 0.06 / kmh
    return minutes
