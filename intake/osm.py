"""Streets out of an OpenStreetMap extract (.osm.pbf): what a car may drive on, which way and how fast."""

import re
from array import array
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from geo.streets import RoadClass, Streets
from intake.errors import FileError
from intake.loading import Progress

_CLASSES = {
    "motorway": RoadClass.MOTORWAY,
    "trunk": RoadClass.TRUNK,
    "primary": RoadClass.PRIMARY,
    "secondary": RoadClass.SECONDARY,
    "tertiary": RoadClass.TERTIARY,
    "unclassified": RoadClass.UNCLASSIFIED,
    "road": RoadClass.UNCLASSIFIED,
    "residential": RoadClass.RESIDENTIAL,
    "living_street": RoadClass.SERVICE,
    "service": RoadClass.SERVICE,
    "track": RoadClass.TRACK,
}
_CLASS_KMH = {"motorway": 105, "trunk": 90, "primary": 75, "secondary": 60, "tertiary": 50, "unclassified": 40}
_CLASS_KMH |= {"road": 40, "residential": 35, "living_street": 25, "service": 25}
_SERVICE_KMH = {"driveway": 10, "parking_aisle": 15, "drive-through": 10}
_GRADE_KMH = {"grade1": 20, "grade2": 15, "grade3": 12, "grade4": 10, "grade5": 5}
_TRACK_KMH = 5
_ROUGH = frozenset(
    [
        "compacted",
        "unpaved",
        "gravel",
        "fine_gravel",
        "pebblestone",
        "dirt",
        "earth",
        "ground",
        "grass",
        "mud",
        "sand",
        "rock",
        "woodchips",
        "clay",
        "soil",
        "cobblestone",
        "unhewn_cobblestone",
        "grass_paver",
        "path",
    ]
)
_CLOSED = ("no", "agricultural", "forestry", "emergency", "psv", "bus", "delivery_only")
_MILE_KM, _KNOT_KM = 1.609344, 1.852
_SLOWEST_KMH, _FASTEST_KMH = 2.0, 140.0
_HIGH_ROADS = ("motorway", "motorway_link")
_SPEED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?\s*$")


def read_osm(path: Path, progress: Progress = lambda _done, _all: None) -> Streets:
    """The streets of an OpenStreetMap extract on which a car may drive, with ferries.

    Parameters
    ----------
    path
        An .osm.pbf, .osm, .osm.bz2 or .osm.gz file.
    progress
        Called now and then with the ways read.

    Returns
    -------
    Streets
        With `data_on`: the day of the extract by its header, else that of its latest street.

    Raises
    ------
    FileError
        When the file is missing, empty, cut off or no extract, or holds no street.
    """
    if not path.is_file():
        raise FileError(f"{path}: there is no such file.")
    if path.stat().st_size == 0:
        raise FileError(f"{path.name}: the file is empty.")
    reading = _Reading()
    try:
        data_on = header_day(path)
        ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for n, thing in enumerate(ways.with_filter(osmium.filter.KeyFilter("highway", "route"))):
            reading.take(thing)
            if n % 10_000 == 0:
                progress(n, None)
    except (RuntimeError, ValueError) as error:
        raise FileError(
            f"{path.name}: this is no whole OpenStreetMap extract ({error}): it may have been cut off on the way; "
            "fetch it again."
        ) from error
    if not reading.begins:
        raise FileError(f"{path.name}: there is no street in it that a car may drive on.")
    return reading.streets(data_on or reading.latest, path.name)


class _Reading:
    """Streets gathered way by way."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._lonlat = array("d")
        self.begins, self._ends = array("i"), array("i")
        self._kmh, self._classes, self._ways = array("f"), array("b"), array("b")
        self._lights: set[int] = set()
        self.latest: date | None = None

    def take(self, thing: Any) -> None:
        """Keep a way that a car may drive on, and remember a node with traffic lights."""
        if thing.is_node():
            if thing.tags.get("highway") == "traffic_signals":
                self._lights.add(thing.id)
            return
        told = drive(thing.tags)
        if told is None:
            return
        road_class, kmh, ways = told
        rows = [self._row_of(node) for node in thing.nodes if node.location.valid()]
        for begin, end in pairwise(rows):
            self.begins.append(begin)
            self._ends.append(end)
            self._kmh.append(kmh)
            self._classes.append(road_class)
            self._ways.append(ways)
        if thing.timestamp.year > 1970:  # noqa: PLR2004
            day = thing.timestamp.date()
            self.latest = day if self.latest is None else max(self.latest, day)

    def _row_of(self, node: Any) -> int:
        row = self._row.get(node.ref)
        if row is None:
            row = self._row[node.ref] = len(self._row)
            self._lonlat.extend((node.lon, node.lat))
        return row

    def streets(self, data_on: date | None, source: str) -> Streets:
        """What was gathered."""
        ways = np.frombuffer(self._ways, dtype=np.int8)
        return Streets(
            np.frombuffer(self._lonlat).reshape(-1, 2),
            np.frombuffer(self.begins, dtype=np.int32),
            np.frombuffer(self._ends, dtype=np.int32),
            np.frombuffer(self._kmh, dtype=np.float32),
            np.frombuffer(self._classes, dtype=np.int8),
            (ways & 1) > 0,
            (ways & 2) > 0,
            np.array(sorted(self._row[one] for one in self._lights if one in self._row), dtype=np.int32),
            data_on,
            source,
        )


def drive(tags: Mapping[str, str]) -> tuple[RoadClass, float, int] | None:
    """Class, km/h and ways (1 along, 2 against, 3 both) of a way with these tags; None where no car may go.

    Untagged speeds, and what rough ground takes from them, are those Valhalla assumes outside dense cities.

    Examples
    --------
    >>> drive({"highway": "residential", "maxspeed": "30", "oneway": "yes"})
    (<RoadClass.RESIDENTIAL: 6>, 30.0, 1)
    >>> drive({"highway": "track", "tracktype": "grade2"})
    (<RoadClass.TRACK: 8>, 7.0, 3)
    >>> drive({"highway": "footway"}) is None, drive({}) is None
    (True, True)
    """
    if tags.get("route") == "ferry":
        return (RoadClass.FERRY, float("nan"), 3) if _open(tags) else None
    highway = tags.get("highway", "")
    named = highway.removesuffix("_link")
    if named not in _CLASSES or not _open(tags) or tags.get("area") == "yes":
        return None
    return _CLASSES[named], _kmh(tags, highway, named), _ways(tags, highway)


def _open(tags: Mapping[str, str]) -> bool:
    """Whether a car may be there: the most particular word counts."""
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] not in _CLOSED
    return True


def _kmh(tags: Mapping[str, str], highway: str, named: str) -> float:
    """The speed to be assumed, km/h."""
    rough = _is_rough(tags, highway)
    told = told_kmh(tags.get("maxspeed", ""))
    if told is not None:
        if highway.endswith("_link"):
            return min(told * 1.25, _FASTEST_KMH)
        return told - (10 if told >= 50 else 5 if told > 15 else 0) * rough  # noqa: PLR2004
    if highway == "track":
        kmh = float(_GRADE_KMH.get(tags.get("tracktype", ""), _TRACK_KMH))
    else:
        kmh = float(_SERVICE_KMH.get(tags.get("service", ""), _CLASS_KMH[named]))
    if highway.endswith("_link"):
        return round(kmh * 0.85)
    if tags.get("junction") in ("roundabout", "circular"):
        kmh = round(kmh / 2 + 0.01)
    return max(kmh // 2, _SLOWEST_KMH) if rough else kmh


def _is_rough(tags: Mapping[str, str], highway: str) -> bool:
    """Whether the ground is rough: by its surface, and for a track without one by being a track."""
    if "surface" in tags:
        return tags["surface"] in _ROUGH
    return highway == "track" or "tracktype" in tags


def told_kmh(text: str) -> float | None:
    """The speed a limit says, km/h; None where it says none."""
    if text == "walk" or text.endswith(":walk"):
        return 7.0
    found = _SPEED.match(text)
    if found is None:
        return None
    kmh = float(found[1]) * {"mph": _MILE_KM, "knots": _KNOT_KM}.get(found[2] or "", 1.0)
    return min(kmh, _FASTEST_KMH) if kmh >= _SLOWEST_KMH else None


def _ways(tags: Mapping[str, str], highway: str) -> int:
    """Which ways one may drive: 1 along, 2 against, 3 both."""
    oneway = tags.get("oneway:motor_vehicle", tags.get("oneway", ""))
    if oneway in ("yes", "true", "1"):
        return 1
    if oneway in ("-1", "reverse"):
        return 2
    if oneway == "no":
        return 3
    return 1 if highway in _HIGH_ROADS or tags.get("junction") in ("roundabout", "circular") else 3


def header_day(path: Path) -> date | None:
    """The day an extract says it is of."""
    reader = osmium.io.Reader(str(path))
    try:
        header = reader.header()
        told = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    finally:
        reader.close()
    try:
        return datetime.fromisoformat(told).astimezone(UTC).date()
    except ValueError:
        return None
