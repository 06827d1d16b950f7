"""What lies within reach: which places, for which side; what share of a zone; and the places nobody gets to in time."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError
from geo.frames import STATIONS
from geo.reach import lonlat, refuse_no_points
from geo.samples import even_points
from geo.shifts import Floats
from geo.travel import Travel, stated

_N_SAMPLE = 2000


def coverage(
    places: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    minutes: float,
    travel: Travel,
    of_a: npt.ArrayLike,
    of_b: npt.ArrayLike,
    *,
    arriving: bool = False,
) -> pd.DataFrame:
    """Which places the stations of A, of B and of either reach in time.

    Parameters
    ----------
    places
        Points, EPSG:4326.
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326.
    minutes
        The budget, above 0.
    travel
        Where the times come from.
    of_a
        Whether each station serves side A; a joint one may serve both sides.
    of_b
        Whether it serves side B.
    arriving
        From the places to the stations, rather than from the stations to the places.

    Returns
    -------
    DataFrame
        With the index of `places`: a_minutes, b_minutes, minutes (of either; NaN where there is no way), by_a, by_b,
        covered (by either), provider, error, data_on, simulated.

    Raises
    ------
    FrameError
        When `stations` breaks its contract or `places` are not points in EPSG:4326.
    GeoError
        When the budget is not above 0, or there is not one word per station on whom it serves.

    Examples
    --------
    >>> from geo.travel import StraightLine
    >>> stations = gpd.GeoDataFrame({"id": ["e1", "w1"], "name": ["E", "W"], "level": ["team", "squad"],
    ...     "jurisdiction_id": ["e", "w"], "n_officers": [4, 4]},
    ...     geometry=gpd.points_from_xy([120.1, 119.8], [30.0, 30.0]), crs=4326)
    >>> spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.99], [30.0]), crs=4326)
    >>> coverage(spots, stations, 20, StraightLine(40), [True, False], [False, True])[["by_a", "by_b", "covered"]]
       by_a   by_b  covered
    0  True  False     True
    >>> len(coverage(spots.iloc[:0], stations, 20, StraightLine(40), [True, False], [False, True]))
    0
    """
    STATIONS.check(stations)
    refuse_no_points(places)
    if not 0 < minutes < np.inf:
        raise GeoError(f"minutes {minutes:g}: finite minutes above 0 were expected")
    a, b = (np.asarray(one, dtype=bool) for one in (of_a, of_b))
    if len(a) != len(stations) or len(b) != len(stations):
        raise GeoError(
            f"{len(a)} and {len(b)} stations of sides A and B: one word for each of {len(stations)} expected"
        )
    depots, spots = lonlat(stations), lonlat(places)
    took = {name: _soonest(depots[some], spots, travel, arriving) for name, some in (("a", a), ("b", b))}
    soonest = np.minimum(took["a"], took["b"])
    return pd.DataFrame(
        {
            **{f"{name}_minutes": np.where(np.isinf(one), np.nan, one) for name, one in took.items()},
            "minutes": np.where(np.isinf(soonest), np.nan, soonest),
            **{f"by_{name}": one <= minutes for name, one in took.items()},
            "covered": soonest <= minutes,
            **stated(travel),
        },
        index=places.index,
    ).astype({"data_on": "str"})


def gaps(covered: pd.DataFrame, risk: npt.ArrayLike) -> pd.DataFrame:
    """The places nobody reaches in time, largest risk first; of equal risk, the one that waits longest.

    Parameters
    ----------
    covered
        As `coverage` gives it.
    risk
        One number a place; the larger, the worse.

    Returns
    -------
    DataFrame
        Those rows of `covered`, with their `risk`.

    Raises
    ------
    GeoError
        When there is not one risk per place.

    Examples
    --------
    >>> covered = pd.DataFrame({"minutes": [20, 45, np.nan], "covered": [True, False, False]}, index=["p", "q", "r"])
    >>> gaps(covered, [9, 3, 3]).index.tolist()
    ['r', 'q']
    >>> len(gaps(covered.iloc[:0], []))
    0
    """
    risks = np.asarray(risk, dtype=float)
    if len(risks) != len(covered):
        raise GeoError(f"{len(risks)} risks for {len(covered)} places: one each was expected")
    left = covered.assign(risk=risks)[~covered["covered"].to_numpy(dtype=bool)]
    return left.iloc[np.lexsort((-left["minutes"].fillna(np.inf), -left["risk"]))]


def covered_share(zone_polygons: gpd.GeoSeries, stations: gpd.GeoDataFrame, minutes: float, travel: Travel) -> float:
    """The share of a zone's ground that some station reaches in time, from 0 to 1, right to about 0.01.

    Parameters
    ----------
    zone_polygons
        The zone's parts, EPSG:4326.
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326.
    minutes
        The budget.
    travel
        Where the times come from.

    Returns
    -------
    float
        NaN for a zone without area.

    Notes
    -----
    One search from all stations to an even sample of places; the outlines of each station's ground would take a hundred
    times as long.

    Examples
    --------
    >>> import shapely
    >>> from geo.travel import StraightLine
    >>> stations = gpd.GeoDataFrame({"id": ["s"], "name": ["S"], "level": ["team"], "jurisdiction_id": ["w"],
    ...     "n_officers": [4]}, geometry=gpd.points_from_xy([120.0], [30.05]), crs=4326)
    >>> zone = gpd.GeoSeries([shapely.box(119.8, 30, 120.2, 30.1)], crs=4326)
    >>> round(covered_share(zone, stations, 15, StraightLine(40)), 1)
    0.5
    >>> covered_share(zone.iloc[:0], stations, 15, StraightLine(40))
    nan
    """
    places = even_points(zone_polygons.union_all(), _N_SAMPLE)
    if not len(places):
        return float("nan")
    return float((travel.first(lonlat(stations), places, minutes)[1] <= minutes).mean())


def _soonest(depots: Floats, spots: Floats, travel: Travel, arriving: bool) -> Floats:
    """Minutes between each spot and the depot that is nearest in time; inf where there is none."""
    if not arriving:
        return travel.first(depots, spots)[1]
    return travel.minutes(spots, depots).min(axis=1, initial=np.inf)
