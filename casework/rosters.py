"""Who can go on a day: officers and cars as the stations count them, each officer with a side."""

import geopandas as gpd

from casework.model import StationLevel
from geo.patrol_problem import Officer, Rest, Vehicle

SEATS = 4
_CAR = "/car "
_OFFICERS_A_CAR = 2


def car_number(vehicle_id: str) -> int | None:
    """Which of its station's cars one is, as `roster` counts them; None for a car from elsewhere.

    Examples
    --------
    >>> car_number("s/car 2"), car_number("HU-1234"), car_number("")
    (2, None, None)
    """
    number = vehicle_id.rpartition(_CAR)[2] if _CAR in vehicle_id else ""
    return int(number) if number.isdecimal() else None


def roster(
    stations: gpd.GeoDataFrame, a: str, b: str, shift_min: tuple[float, float], rest: Rest | None = None
) -> tuple[tuple[Officer, ...], tuple[Vehicle, ...]]:
    """Officers and cars of the stations of two sides.

    No list of names is kept: each station's officers are numbered. Every two of them have a car. The officers of a joint
    station are of both sides in turn, its own side first.

    Parameters
    ----------
    stations
        Frame `geo.frames.STATIONS`; stations of other sides send nobody.
    a
        One side.
    b
        The other.
    shift_min
        From when to when everybody works, minutes of the day.
    rest
        Everybody's break; None: none.

    Returns
    -------
    tuple
        Officers, then cars, in the order of the stations.

    Examples
    --------
    >>> stations = gpd.GeoDataFrame({"id": ["s", "t"], "name": ["S", "T"], "level": ["joint", "squad"],
    ...     "jurisdiction_id": ["e", "w"], "n_officers": [3, 0]}, geometry=gpd.points_from_xy([120, 121], [30, 30]), crs=4326)
    >>> officers, cars = roster(stations, "e", "w", (540, 1020))
    >>> [(one.id, one.side) for one in officers], [one.id for one in cars]
    ([('s/1', 'e'), ('s/2', 'w'), ('s/3', 'e')], ['s/car 1', 's/car 2'])
    >>> roster(stations.iloc[:0], "e", "w", (540, 1020))
    ((), ())
    """
    officers: list[Officer] = []
    cars: list[Vehicle] = []
    for station in stations[stations["jurisdiction_id"].isin([a, b])].to_dict("records"):
        own = station["jurisdiction_id"]
        sides = (own, b if own == a else a) if station["level"] == StationLevel.JOINT else (own,)
        n = int(station["n_officers"])
        officers += [
            Officer(f"{station['id']}/{k + 1}", station["id"], "", sides[k % len(sides)], *shift_min, rest=rest)
            for k in range(n)
        ]
        cars += [
            Vehicle(f"{station['id']}{_CAR}{k + 1}", station["id"], SEATS) for k in range(-(-n // _OFFICERS_A_CAR))
        ]
    return tuple(officers), tuple(cars)
