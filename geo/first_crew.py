"""Joint patrols: who goes, from where, and in which order; or the rule that stops them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.crs import on_globe
from geo.errors import GeoError
from geo.frames import STATIONS
from geo.reach import lonlat
from geo.shifts import Ints
from geo.travel import STRAIGHT_LINE, STRAIGHT_LINE_ERROR, Travel

JOINT = "joint"


class Rule(StrEnum):
    """What can stop a crew."""

    EACH_SIDE = "each_side"
    MIN_OFFICERS = "min_officers"


@dataclass(frozen=True)
class Part:
    """The officers one station sends for one side, and how long they are on the way."""

    station_id: str
    jurisdiction_id: str
    n_officers: int
    travel_min: float


@dataclass(frozen=True)
class Crew:
    """Officers of both sides who start together at one place."""

    parts: tuple[Part, ...]
    provider: str = STRAIGHT_LINE
    error: float = STRAIGHT_LINE_ERROR

    @property
    def n_officers(self) -> int:
        """Officers on site."""
        return sum(part.n_officers for part in self.parts)

    @property
    def start_after_min(self) -> float:
        """Minutes until the last part has arrived."""
        return max(part.travel_min for part in self.parts)


@dataclass(frozen=True)
class Refusal:
    """Why there is no crew: the rule that stops it, and a sentence that says so and what would lift it."""

    rule: Rule
    sentence: str


class _Option(NamedTuple):
    """A station that can send officers."""

    travel_min: float
    station_id: str
    n_officers: int


def first_crew(
    stations: gpd.GeoDataFrame, lon: float, lat: float, a: str, b: str, travel: Travel, min_officers: int = 2
) -> Crew | Refusal:
    """The crew of both sides that can start earliest at a place, or the reason why there is none.

    Each side sends at least one officer, from its nearest station that has one. A joint station may serve either side,
    or both, if it has an officer for each. Where more than two officers are asked for, the stations already chosen
    send more first, then the next nearest.

    Parameters
    ----------
    stations
        Frame `geo.frames.STATIONS`, EPSG:4326. A joint station serves when its jurisdiction is a, b or missing.
    lon
        Longitude of the place, EPSG:4326 degrees.
    lat
        Its latitude.
    a
        One side's jurisdiction.
    b
        The other's.
    travel
        Where the times come from.
    min_officers
        Officers on site, 2 or more: the law asks for two.

    Returns
    -------
    Crew or Refusal
        Parts ordered by side, then by travel time; of stations equally near, the id that is less as text.

    Raises
    ------
    FrameError
        When `stations` breaks its contract.
    GeoError
        When the sides are one, or fewer than two officers are asked for.

    Examples
    --------
    >>> from geo.travel import StraightLine
    >>> stations = gpd.GeoDataFrame({"id": ["e1", "w1"], "name": ["E", "W"], "level": ["team", "squad"],
    ...     "jurisdiction_id": ["e", "w"], "n_officers": [4, 1]},
    ...     geometry=gpd.points_from_xy([120.1, 119.8], [30.0, 30.0]), crs=4326)
    >>> crew = first_crew(stations, 120.0, 30.0, "e", "w", StraightLine(40))
    >>> [(part.station_id, part.n_officers, round(part.travel_min)) for part in crew.parts]
    [('e1', 1, 14), ('w1', 1, 29)]
    >>> first_crew(stations.iloc[:0], 120.0, 30.0, "e", "w", StraightLine(40)).sentence  # doctest: +ELLIPSIS
    'No station of e has an officer who can get there, and every joint visit needs one from each side: ...
    """
    STATIONS.check(stations)
    if a == b:
        raise GeoError(f"both sides are {a}: two different jurisdictions were expected")
    if min_officers < 2:  # noqa: PLR2004
        raise GeoError(f"min_officers is {min_officers}: 2 or more were expected, by law")
    away = travel.minutes(lonlat(stations), np.array([[lon, lat]]))[:, 0]
    options = {side: _options(stations, away, side, other) for side, other in ((a, b), (b, a))}
    for side in (a, b):
        if not options[side]:
            return Refusal(
                Rule.EACH_SIDE,
                f"No station of {side} has an officer who can get there, and every joint visit needs one from each side: "
                f"assign an officer to a station of {side} or to a joint station.",
            )
    # One officer cannot stand for both sides, so a joint station may have to yield to the second nearest.
    pairs = [
        (max(one.travel_min, two.travel_min), one.travel_min + two.travel_min, one, two)
        for one, two in product(options[a][:2], options[b][:2])
        if one.station_id != two.station_id or one.n_officers > 1
    ]
    if not pairs:
        return Refusal(
            Rule.EACH_SIDE,
            f"Only station {options[a][0].station_id} can serve {a} and {b}, and it has 1 officer, but every joint "
            "visit needs one from each side: assign a second officer to it or one to another station of either side.",
        )
    _, _, one, two = min(pairs)
    sent = {(a, one.station_id): 1, (b, two.station_id): 1}
    found = sum({option.station_id: option.n_officers for side in (a, b) for option in options[side]}.values())
    if found < min_officers:
        return Refusal(
            Rule.MIN_OFFICERS,
            f"The stations of {a} and {b} have {found} officers and {min_officers} are required on site: "
            f"assign {min_officers - found} more or ask for fewer, but no fewer than 2.",
        )
    for side, option in _reserve(options, (a, one), (b, two)):
        busy = sum(n for (_, station), n in sent.items() if station == option.station_id)
        more = min(min_officers - sum(sent.values()), option.n_officers - busy)
        if more > 0:
            sent[side, option.station_id] = sent.get((side, option.station_id), 0) + more
    minutes = {option.station_id: option.travel_min for side in (a, b) for option in options[side]}
    parts = [Part(station, side, n, minutes[station]) for (side, station), n in sent.items()]
    parts.sort(key=lambda part: (part.jurisdiction_id != a, part.travel_min, part.station_id))
    return Crew(tuple(parts), travel.provider, travel.error)


def visiting_order(lon: npt.ArrayLike, lat: npt.ArrayLike, start_lon: float, start_lat: float) -> Ints:
    """The order in which to visit places, each time the nearest one left.

    Parameters
    ----------
    lon
        Longitudes of the places, EPSG:4326 degrees.
    lat
        Their latitudes.
    start_lon
        Longitude of the start.
    start_lat
        Its latitude.

    Returns
    -------
    array of int
        Positions of the places in the order of the visits; of places equally near, the earlier one.

    References
    ----------
    Rosenkrantz, Stearns, Lewis (1977), An analysis of several heuristics for the traveling salesman problem.

    Examples
    --------
    >>> visiting_order([120.3, 120.1, 120.2], [30, 30, 30], 120.0, 30)
    array([1, 2, 0])
    >>> visiting_order([], [], 120.0, 30)
    array([], dtype=int64)
    """
    spots = on_globe(lon, lat)
    here = on_globe([start_lon], [start_lat])[0]
    left = np.ones(len(spots), dtype=bool)
    order = np.empty(len(spots), dtype=np.int64)
    for k in range(len(spots)):
        away = ((spots - here) ** 2).sum(axis=1)
        order[k] = np.argmin(np.where(left, away, np.inf))
        left[order[k]] = False
        here = spots[order[k]]
    return order


def _options(stations: gpd.GeoDataFrame, away: npt.NDArray[np.float64], side: str, other: str) -> list[_Option]:
    """The stations that can send an officer for `side`, nearest first."""
    home = stations["jurisdiction_id"]
    joint = (stations["level"] == JOINT) & (home.isna() | (home == other))
    # Where no road leads there, nobody can come.
    can = np.flatnonzero(((home == side) | joint) & (stations["n_officers"] > 0) & np.isfinite(away))
    ids, officers = stations["id"].to_numpy(dtype=object), stations["n_officers"].to_numpy()
    return sorted(_Option(float(away[k]), str(ids[k]), int(officers[k])) for k in can)


def _reserve(options: dict[str, list[_Option]], *chosen: tuple[str, _Option]) -> Iterator[tuple[str, _Option]]:
    """Where further officers may come from: the stations already sending, then all others, nearest first."""
    yield from sorted(chosen, key=lambda pair: pair[1])
    yield from sorted(((side, option) for side in options for option in options[side]), key=lambda pair: pair[1])
