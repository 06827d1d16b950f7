"""What if: stations closed, added, or their officers moved, step by step and on no store."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import geopandas as gpd
import pandas as pd
import shapely

from casework.errors import RefusedError
from casework.model import StationLevel
from geo.frames import WGS84
from geo.places import place

MOST_STEPS = 20
MOST_OFFICERS = 99
_ADDED = "what-if-"


@dataclass(frozen=True)
class Closed:
    """A station is closed; its officers are free until they are moved elsewhere before."""

    station_id: str


@dataclass(frozen=True)
class Added:
    """A joint station is opened at a place, EPSG:4326, with officers from outside."""

    lon: float
    lat: float
    n_officers: int


@dataclass(frozen=True)
class Moved:
    """Officers go from one station to another."""

    station_id: str
    to_id: str
    n_officers: int


Step = Closed | Added | Moved
_KINDS: dict[str, type[Step]] = {"close": Closed, "add": Added, "move": Moved}


def steps_text(steps: Sequence[Step]) -> str:
    """Steps as an address holds them.

    Examples
    --------
    >>> steps_text((Closed("s-1"), Added(120.4, 30.9, 4), Moved("s-2", "s-3", 2)))
    '[["close","s-1"],["add",120.4,30.9,4],["move","s-2","s-3",2]]'
    >>> steps_text(())
    '[]'
    """
    names = {kind: name for name, kind in _KINDS.items()}
    return json.dumps([[names[type(one)], *astuple(one)] for one in steps], ensure_ascii=False, separators=(",", ":"))


def read_steps(text: str) -> tuple[Step, ...]:
    """Steps from what an address holds.

    Raises
    ------
    ValueError
        When the text is none, or holds a number or an id that cannot be one.

    Examples
    --------
    >>> read_steps('[["close","s-1"],["add",120.4,30.9,4]]')
    (Closed(station_id='s-1'), Added(lon=120.4, lat=30.9, n_officers=4))
    >>> read_steps("[]")
    ()
    """
    rows = json.loads(text)
    if not isinstance(rows, list) or len(rows) > MOST_STEPS:
        raise ValueError(text)
    return tuple(_step(row) for row in rows)


def applied(stations: gpd.GeoDataFrame, steps: Sequence[Step], jurisdictions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Stations as they would be.

    Parameters
    ----------
    stations
        STATIONS frame as it is.
    steps
        One after the other. A step whose station is not there, as in a link from another day, is left out; of officers
        to be moved, those who are there go.
    jurisdictions
        JURISDICTIONS frame: an added station belongs to the ground it stands on.

    Returns
    -------
    GeoDataFrame
        STATIONS frame with `planned`: "closed", "added", "changed", or "" where nothing was planned.

    Examples
    --------
    >>> stations = gpd.GeoDataFrame({"id": ["s1", "s2"], "name": ["S1", "S2"], "level": ["team", "squad"],
    ...     "jurisdiction_id": ["w", "w"], "n_officers": [4, 1]},
    ...     geometry=gpd.points_from_xy([120.0, 120.1], [30.0, 30.0]), crs=4326)
    >>> ground = gpd.GeoDataFrame({"id": ["w"], "name": ["W"]}, geometry=[shapely.box(119, 29, 121, 31)], crs=4326)
    >>> after = applied(stations, [Moved("s1", "s2", 3), Closed("s1"), Added(120.2, 30, 2)], ground)
    >>> after[["id", "n_officers", "planned", "jurisdiction_id"]].values.tolist()
    [['s1', 0, 'closed', 'w'], ['s2', 4, 'changed', 'w'], ['what-if-1', 2, 'added', 'w']]
    >>> len(applied(stations.iloc[:0], [], ground))
    0
    """
    frame = _with_added(stations, [one for one in steps if isinstance(one, Added)], jurisdictions)
    officers = dict(zip(frame["id"], frame["n_officers"].astype(int), strict=True))
    planned = {one: "added" if one.startswith(_ADDED) else "" for one in officers}
    for step in steps:
        if isinstance(step, Closed) and step.station_id in officers:
            officers[step.station_id], planned[step.station_id] = 0, "closed"
        if isinstance(step, Moved) and {step.station_id, step.to_id} <= officers.keys():
            n = min(step.n_officers, officers[step.station_id])
            for one, more in ((step.station_id, -n), (step.to_id, n)):
                officers[one] += more
                planned[one] = planned[one] or "changed"
    return frame.assign(n_officers=frame["id"].map(officers).astype("int64"), planned=frame["id"].map(planned))


def checked(stations: gpd.GeoDataFrame, step: Step) -> Step:
    """The step, when it can follow what is planned already; `stations` are those of `applied`.

    Raises
    ------
    RefusedError
        When a station is closed already, officers are not there, or would go where they are.
    """
    by_id = stations.set_index("id")
    if isinstance(step, Added):
        return step
    officers, names, planned = by_id["n_officers"], by_id["name"], by_id["planned"]
    here = step.station_id
    if here not in by_id.index or planned[here] == "closed":
        raise RefusedError("That station is closed or gone: choose another one.")
    if isinstance(step, Closed):
        return step
    if step.to_id not in by_id.index or step.to_id == here or planned[step.to_id] == "closed":
        raise RefusedError("Choose another open station for the officers to go to.")
    if not 1 <= step.n_officers <= officers[here]:
        raise RefusedError(
            "{station} has {n} officers: move at least 1 and no more than these.", station=names[here], n=officers[here]
        )
    return step


def _with_added(
    stations: gpd.GeoDataFrame, added: Sequence[Added], jurisdictions: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """The frame with a row for each station added."""
    if not added:
        return stations
    points = shapely.points([(one.lon, one.lat) for one in added])
    numbers = range(1, len(added) + 1)
    rows = gpd.GeoDataFrame(
        {
            "id": [f"{_ADDED}{number}" for number in numbers],
            "name": [f"★{number}" for number in numbers],
            "level": str(StationLevel.JOINT),
            "jurisdiction_id": place(points, jurisdictions),
            "n_officers": [one.n_officers for one in added],
        },
        geometry=points,
        crs=WGS84,
    )
    return gpd.GeoDataFrame(pd.concat([stations, rows], ignore_index=True), crs=WGS84)


def _step(row: object) -> Step:
    """One step of a list."""
    match row:
        case ["close", str(station)] if _is_id(station):
            return Closed(station)
        case ["add", int() | float() as lon, int() | float() as lat, int(n)] if (
            abs(lon) <= 180 and abs(lat) <= 90 and 0 <= n <= MOST_OFFICERS  # noqa: PLR2004
        ):
            return Added(float(lon), float(lat), n)
        case ["move", str(station), str(to), int(n)] if _is_id(station) and _is_id(to) and 1 <= n <= MOST_OFFICERS:
            return Moved(station, to, n)
    raise ValueError(row)


def _is_id(text: str) -> bool:
    """Whether an id can be one, as in the other parts of an address."""
    return len(text) <= 200 and text.isprintable()  # noqa: PLR2004
