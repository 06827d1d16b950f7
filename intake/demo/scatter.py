"""Plausible places: random points around towns, along waterways and borders, inside the counties and outside the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import GEOD
from intake.demo.places import CANALS, CITIES, COUNTIES, LAKE

Floats = npt.NDArray[np.floating[Any]]
Indices = npt.NDArray[np.intp]

_TOWNS_PER_COUNTY = 6


@dataclass(frozen=True)
class Mix:
    """Shares of points around towns, along waterways and along borders; the rest is anywhere."""

    towns: float
    canals: float
    borders: float


def offset(lon: Floats, lat: Floats, azimuth_deg: Floats, distance_m: Floats) -> tuple[Floats, Floats]:
    """Lon and lat of the points `distance_m` away on the ground in direction `azimuth_deg`."""
    east, north, _ = GEOD.fwd(lon, lat, azimuth_deg, distance_m)
    return np.asarray(east), np.asarray(north)


def around(rng: np.random.Generator, lon: Floats, lat: Floats, spread_m: Floats | float) -> tuple[Floats, Floats]:
    """Lon and lat scattered normally about each point, `spread_m` in each direction."""
    distance_m = rng.rayleigh(1.0, len(lon)) * spread_m
    return offset(lon, lat, rng.uniform(0, 360, len(lon)), distance_m)


class Terrain:
    """The land simulated things stand on.

    Parameters
    ----------
    jurisdictions
        JURISDICTIONS frame of the demonstration.
    borders
        BORDERS frame of the same.
    rng
        Draws the towns.
    """

    def __init__(self, jurisdictions: gpd.GeoDataFrame, borders: gpd.GeoDataFrame, rng: np.random.Generator) -> None:
        self.ids = jurisdictions["id"].to_numpy(dtype=object)
        self.shapes = jurisdictions.geometry.to_numpy()
        self.weights = self._weights(jurisdictions)
        across = borders[borders["a"].str[:4] != borders["b"].str[:4]]
        self._border_lines = shapely.get_parts(across.geometry.to_numpy())
        shapely.prepare(self.shapes)
        shapely.prepare(LAKE)
        self._draw_towns(rng)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def _weights(self, jurisdictions: gpd.GeoDataFrame) -> Floats:
        """Share of each county: larger and denser ones have more, but a mountain county not ten times more."""
        density = {city.id[:4]: city.density for city in CITIES}
        area_m2 = np.array([abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in self.shapes])
        weights = np.sqrt(area_m2) * np.array([density[i[:4]] for i in jurisdictions["id"]])
        return np.asarray(weights / weights.sum())

    def _draw_towns(self, rng: np.random.Generator) -> None:
        """A seat for each county, as it is, and smaller towns drawn at random."""
        seat = {county.id: county for county in COUNTIES}
        owners = np.arange(len(self.ids))
        lon = np.array([seat[i].lon for i in self.ids])
        lat = np.array([seat[i].lat for i in self.ids])
        towns = np.repeat(owners, _TOWNS_PER_COUNTY)
        east, north = self.anywhere_in(rng, towns)
        self.town_lon, self.town_lat = np.r_[lon, east], np.r_[lat, north]
        self.town_spread_m = np.r_[np.full(len(lon), 4000.0), np.full(len(towns), 2500.0)]
        weight = np.r_[self.weights, self.weights[towns] * rng.uniform(0.2, 0.6, len(towns))]
        self.town_weight = weight / weight.sum()

    def locate(self, lon: Floats, lat: Floats) -> Indices:
        """Row of the county each point lies in; -1 in none of them, in more than one, or in the lake."""
        points = np.asarray(shapely.points(lon, lat), dtype=object)
        # Boxes first, then the prepared outlines: a predicate given to the tree would prepare the points instead.
        point, shape = self._tree.query(points)
        inside = shapely.contains(self.shapes[shape], points[point])
        point, shape = point[inside], shape[inside]
        row = np.full(len(points), -1, dtype=np.intp)
        row[point] = shape
        row[np.bincount(point, minlength=len(points)) > 1] = -1
        row[shapely.contains(LAKE, points)] = -1
        return row

    def anywhere_in(self, rng: np.random.Generator, counties: Indices) -> tuple[Floats, Floats]:
        """Lon and lat of a point anywhere on the land of each of `counties` (rows)."""
        boxes = shapely.bounds(self.shapes)[counties]
        lon, lat = np.empty(len(counties)), np.empty(len(counties))
        todo = np.arange(len(counties))
        while len(todo):
            box = boxes[todo]
            lon[todo], lat[todo] = rng.uniform(box[:, 0], box[:, 2]), rng.uniform(box[:, 1], box[:, 3])
            todo = todo[self.locate(lon[todo], lat[todo]) != counties[todo]]
        return lon, lat

    def scatter(self, rng: np.random.Generator, n: int, mix: Mix) -> tuple[Floats, Floats, Indices]:
        """Lon, lat and county (row) of `n` points, spread as `mix` says."""
        lon, lat, row = np.empty(0), np.empty(0), np.empty(0, dtype=np.intp)
        while len(row) < n:
            east, north = self._candidates(rng, 2 * n, mix)
            found = self.locate(east, north)
            kept = found >= 0
            lon, lat, row = np.r_[lon, east[kept]], np.r_[lat, north[kept]], np.r_[row, found[kept]]
        return lon[:n], lat[:n], row[:n]

    def _candidates(self, rng: np.random.Generator, n: int, mix: Mix) -> tuple[Floats, Floats]:
        """Lon and lat of `n` points of which some may lie outside."""
        shares = [mix.towns, mix.canals, mix.borders, 1 - mix.towns - mix.canals - mix.borders]
        n_towns, n_canals, n_borders, n_rest = rng.multinomial(n, shares)
        town = rng.choice(len(self.town_lon), n_towns, p=self.town_weight)
        parts = [
            around(rng, self.town_lon[town], self.town_lat[town], self.town_spread_m[town]),
            along(rng, CANALS, n_canals, 900.0),
            along(rng, self._border_lines, n_borders, 1200.0),
            self.anywhere_in(rng, rng.choice(len(self.ids), n_rest, p=self.weights)),
        ]
        order = rng.permutation(n)
        return np.concatenate([part[0] for part in parts])[order], np.concatenate([part[1] for part in parts])[order]


def along(
    rng: np.random.Generator, lines: Sequence[BaseGeometry] | npt.NDArray[np.object_], n: int, spread_m: float
) -> tuple[Floats, Floats]:
    """Lon and lat of `n` points scattered about `lines`, each metre of line alike."""
    array = np.asarray(lines, dtype=object)
    length = shapely.length(array)
    line = rng.choice(len(array), n, p=length / length.sum())
    points = shapely.line_interpolate_point(array[line], rng.uniform(0, 1, n), normalized=True)
    return around(rng, shapely.get_x(points), shapely.get_y(points), spread_m)
