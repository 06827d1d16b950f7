"""What the map of a briefing shows, in drawing order: once for the screen and once for paper."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from casework.briefings import Briefing
from casework.plan import PlannedCrew
from exports.crews import stop_name
from exports.texts import one_line
from layers.palette import STATION_SHAPES
from words import Language

_LEAST_HIGH_DEG = 0.012
_MARGIN = 0.18
_PAN = 1.5  # how far one can move beyond the first view, in views
_DETAIL = 2_000  # steps across the view that a line may follow
_WIDTH_TO_HEIGHT = 1.35
_CROWDED = 0.03
_LEAST_NAMED = 0.03


@dataclass(frozen=True)
class Drawn:
    """A shape in EPSG:4326 and its kind, which is its class in the style sheet; `area` kinds are filled."""

    kind: str
    shape: BaseGeometry
    area: bool = False


@dataclass(frozen=True)
class Sign:
    """Something written at a place: a stop's number, a station's shape, a name.

    `rank` counts signs of stops that share a place, from 0 away from the nearer edge (negative: leftwards), so that
    they stand side by side. `second` is a line below.
    """

    kind: str
    lon: float
    lat: float
    text: str
    title: str = ""
    second: str = ""
    target: str = ""
    rank: int = 0


@dataclass(frozen=True)
class Scene:
    """The first view in degrees (west, south, east, north), and what is on it."""

    view: tuple[float, float, float, float]
    drawn: tuple[Drawn, ...]
    signs: tuple[Sign, ...]


def scene(briefing: Briefing, crew: PlannedCrew, lang: Language) -> Scene:
    """What a crew's map shows: outlines, zone, border, findings, the way and its stops."""
    view = _view(crew)
    west, south, east, north = view
    wide, high = east - west, north - south
    around = shapely.box(west - _PAN * wide, south - _PAN * high, east + _PAN * wide, north + _PAN * high)
    detail_deg = wide / _DETAIL
    side = {briefing.plan.a: "side-a", briefing.plan.b: "side-b"}
    lands = _cut(briefing.outlines, around, detail_deg)
    drawn = [Drawn("land", shape, area=True) for shape in lands.geometry]
    zones = _cut(briefing.zones, around, detail_deg)
    for owner, letter, shape in zip(zones["jurisdiction_id"], zones["side"], zones.geometry, strict=True):
        nobodys = "zone-disputed" if letter == "disputed" else "zone-c"
        drawn += [Drawn(side.get(owner, nobodys).replace("side", "zone"), shape, area=True)]
    drawn += [
        Drawn(side.get(one, "outline"), shapely.intersection(shapely.boundary(shape), around.buffer(-detail_deg)))
        for one, shape in sorted(zip(lands["id"], lands.geometry, strict=True), key=lambda pair: side.get(pair[0], ""))
    ]
    drawn += [Drawn("border", shape) for shape in _cut(briefing.borders, around, detail_deg).geometry]
    places = [(crew.lon, crew.lat), *((stop.lon, stop.lat) for stop in crew.stops)]
    if crew.stops:
        drawn.append(Drawn("way", shapely.LineString([*places, places[0]])))
    visits = {stop.visit_id for stop in crew.stops}
    found = briefing.findings[briefing.findings["visit_id"].isin(visits)].drop_duplicates("id")
    drawn += [Drawn("finding", shape) for shape in found.geometry]
    drawn += [Drawn("spot", shapely.Point(place)) for place in places[1:]]
    return Scene(
        view,
        tuple(one for one in drawn if not shapely.is_empty(one.shape)),
        (*_names(briefing, lands, view, places, lang), *_stops(briefing, crew, view)),
    )


def _view(crew: PlannedCrew) -> tuple[float, float, float, float]:
    """West, south, east and north of the station and all stops, with a margin, in the form of a sheet."""
    lon = np.array([crew.lon, *(stop.lon for stop in crew.stops)])
    lat = np.array([crew.lat, *(stop.lat for stop in crew.stops)])
    x, y = (lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2
    shortened = max(float(np.cos(np.radians(y))), 0.01)
    high = max(np.ptp(lat), np.ptp(lon) * shortened / _WIDTH_TO_HEIGHT, _LEAST_HIGH_DEG) * (1 + 2 * _MARGIN)
    wide = high * _WIDTH_TO_HEIGHT / shortened
    return float(x - wide / 2), float(y - high / 2), float(x + wide / 2), float(y + high / 2)


def _cut(frame: gpd.GeoDataFrame, around: BaseGeometry, detail_deg: float) -> gpd.GeoDataFrame:
    """The rows that lie in the map's ground, cut to it and no finer than one can see."""
    near = frame[frame.intersects(around)]
    shapes = shapely.intersection(shapely.simplify(near.geometry.to_numpy(), detail_deg / 2), around)
    return near.set_geometry(gpd.GeoSeries(shapes, index=near.index, crs=frame.crs))


def _names(
    briefing: Briefing,
    lands: gpd.GeoDataFrame,
    view: tuple[float, float, float, float],
    places: list[tuple[float, float]],
    lang: Language,
) -> list[Sign]:
    """Names of the jurisdictions in view, in the middle of their room, clear of the stops."""
    window = shapely.box(*view)
    taken = shapely.LineString([*places, places[0]]).buffer(0.1 * (view[3] - view[1]))
    signs = []
    for one, name, english, shape in zip(lands["id"], lands["name"], lands["name_en"], lands.geometry, strict=True):
        seen = shapely.intersection(shape, window)
        free = [
            part for part in shapely.get_parts(shapely.difference(seen, taken)) if isinstance(part, shapely.Polygon)
        ]
        if not free or seen.area < _LEAST_NAMED * window.area:
            continue
        widest = max(free, key=lambda part: part.area)
        lon, lat = shapely.get_coordinates(shapely.maximum_inscribed_circle(widest))[0]
        kind = {briefing.plan.a: "name-a", briefing.plan.b: "name-b"}.get(one, "name")
        both = (name, english if pd.notna(english) and english != name else "")
        first, second = reversed(both) if lang == "en" and both[1] else both
        signs.append(Sign(kind, float(lon), float(lat), one_line(first), second=one_line(second)))
    return signs


def _stops(briefing: Briefing, crew: PlannedCrew, view: tuple[float, float, float, float]) -> list[Sign]:
    """The station and the numbered stops; those that share a place stand side by side."""
    levels = dict(zip(briefing.stations["id"], briefing.stations["level"], strict=True))
    station = STATION_SHAPES[levels.get(crew.station_id, "squad")]
    signs = [Sign("station", crew.lon, crew.lat, station, title=one_line(crew.station_name))]
    west, south, east, north = view
    placed: list[tuple[float, float]] = []
    for number, stop in enumerate(crew.stops, start=1):
        shortened = max(float(np.cos(np.radians(stop.lat))), 0.01)
        rank = sum(
            np.hypot((stop.lon - lon) * shortened, stop.lat - lat) < _CROWDED * (north - south) for lon, lat in placed
        )
        placed.append((stop.lon, stop.lat))
        inwards = 1 if 2 * stop.lon < west + east else -1
        signs.append(
            Sign(
                "stop",
                stop.lon,
                stop.lat,
                f"{number}",
                title=stop_name(stop),
                target=f"stop-{number}",
                rank=int(rank) * inwards,
            )
        )
    return signs
