"""Simulated roads: a net of lanes over the land, main roads from seat to seat, few bridges, and none over the lake."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from geo.crs import GEOD
from geo.streets import RoadClass, Streets
from intake.demo.places import CANALS, CITIES, COUNTIES, LAKE
from intake.demo.scatter import Floats, Indices, Terrain

_STEP_DEG = 0.016  # some 1.6 km between crossings
_LONGEST_M = 4500.0
_WEST_OF_HILLS_DEG = 119.75
_LEFT_OUT_PLAIN, _LEFT_OUT_HILLS = 0.35, 0.5
_BRIDGES = 0.4  # of the lanes that meet a canal or a border between cities, as many cross it
_LARGER = 0.3


@dataclass(frozen=True)
class _Lanes:
    """Pieces of road between crossings: places (n, 2), rows of begin and end, metres."""

    xy: np.ndarray[Any, np.dtype[np.float64]]
    begins: Indices
    ends: Indices
    length_m: Floats

    def of(self, kept: np.ndarray) -> "_Lanes":
        """Some of them."""
        return _Lanes(self.xy, self.begins[kept], self.ends[kept], self.length_m[kept])


def simulated_roads(terrain: Terrain, rng: np.random.Generator, source: str) -> Streets:
    """Streets over the land of the demonstration; the same `rng` gives the same.

    Parameters
    ----------
    terrain
        The land, and the towns on it.
    rng
        Draws crossings, and which lanes there are.
    source
        What stands beside them as where they are from.

    Returns
    -------
    Streets
        Simulated, both ways, without speeds of their own; junctions wherever two meet.
    """
    lanes = _lanes(terrain, rng)
    main = _main_roads(lanes)
    crossing = _meets_water_or_border(lanes, terrain)
    hills = lanes.xy[lanes.begins, 0] < _WEST_OF_HILLS_DEG
    missing = rng.random(len(main)) < np.where(hills, _LEFT_OUT_HILLS, _LEFT_OUT_PLAIN)
    missing |= crossing & (rng.random(len(main)) > _BRIDGES)
    larger = rng.random(len(main)) < _LARGER
    classes = np.where(main < RoadClass.OTHER, main, np.where(larger, RoadClass.TERTIARY, RoadClass.UNCLASSIFIED))
    kept = ~missing | (main < RoadClass.OTHER)
    both_ways = np.ones(int(kept.sum()), dtype=bool)
    return Streets(
        lanes.xy.round(6),
        lanes.begins[kept].astype(np.int32),
        lanes.ends[kept].astype(np.int32),
        np.full(len(both_ways), np.nan),
        classes[kept].astype(np.int8),
        both_ways,
        both_ways,
        source=source,
        simulated=True,
    )


def _lanes(terrain: Terrain, rng: np.random.Generator) -> _Lanes:
    """Every lane there might be: neighbouring crossings on land, no longer than some kilometres, not over the lake."""
    west, south, east, north = shapely.total_bounds(terrain.shapes)
    x, y = np.meshgrid(np.arange(west, east, _STEP_DEG), np.arange(south, north, _STEP_DEG))
    xy = np.column_stack((x.ravel(), y.ravel())) + rng.uniform(-0.4, 0.4, (x.size, 2)) * _STEP_DEG
    xy = xy[terrain.locate(*xy.T) >= 0]
    xy = np.concatenate((np.array([[one.lon, one.lat] for one in COUNTIES]), xy))
    corners = Delaunay(xy).simplices
    pairs = np.unique(np.sort(np.concatenate((corners[:, :2], corners[:, 1:], corners[:, ::2])), axis=1), axis=0)
    begins, ends = pairs.T
    length_m = np.asarray(GEOD.inv(*xy[begins].T, *xy[ends].T)[2])
    lanes = _Lanes(xy, begins, ends, length_m).of(length_m <= _LONGEST_M)
    return lanes.of(~shapely.intersects(LAKE, _lines(lanes)))


def _lines(lanes: _Lanes) -> np.ndarray:
    return np.asarray(shapely.linestrings(np.stack((lanes.xy[lanes.begins], lanes.xy[lanes.ends]), axis=1)))


def _main_roads(lanes: _Lanes) -> Indices:
    """The class of each lane that lies on the shortest way between neighbouring seats; `OTHER` for all the rest."""
    n = len(lanes.xy)
    net = coo_array((lanes.length_m, (lanes.begins, lanes.ends)), shape=(n, n)).tocsr()
    _, before = dijkstra(net, directed=False, indices=np.arange(len(COUNTIES)), return_predecessors=True)
    found = np.full(len(lanes.begins), int(RoadClass.OTHER))
    row = {pair: k for k, pair in enumerate(zip(lanes.begins.tolist(), lanes.ends.tolist(), strict=True))}
    capital = {k for k, one in enumerate(COUNTIES) if one.id in {city.seat for city in CITIES}}
    for one, other in _neighbours(lanes.xy[: len(COUNTIES)]):
        far = {one, other} <= capital
        same = COUNTIES[one].id[:4] == COUNTIES[other].id[:4]
        kind = RoadClass.TRUNK if far else RoadClass.PRIMARY if same else RoadClass.SECONDARY
        here = other
        while before[one, here] >= 0:  # the way back from the one seat to the other
            last = int(before[one, here])
            lane = row[min(here, last), max(here, last)]
            found[lane] = min(found[lane], int(kind))
            here = last
    return found


def _neighbours(seats: Floats) -> list[tuple[int, int]]:
    """Seats that lie beside each other, and the seats of the cities among themselves."""
    corners = Delaunay(seats).simplices
    pairs = {(int(min(a, b)), int(max(a, b))) for one in corners for a, b in ((one[0], one[1]), (one[1], one[2]))}
    own = [k for k, one in enumerate(COUNTIES) if one.id in {city.seat for city in CITIES}]
    hubs = Delaunay(seats[own]).simplices
    pairs |= {
        (min(own[a], own[b]), max(own[a], own[b])) for one in hubs for a, b in ((one[0], one[1]), (one[1], one[2]))
    }
    return sorted(pairs)


def _meets_water_or_border(lanes: _Lanes, terrain: Terrain) -> np.ndarray:
    """Which lanes cross a canal, or go from one city into another."""
    city = np.array([one[:4] for one in terrain.ids] + [""])
    at = city[terrain.locate(*lanes.xy.T)]
    lines = _lines(lanes)
    wet = np.zeros(len(lines), dtype=bool)
    for canal in CANALS:
        wet |= shapely.intersects(canal, lines)
    return np.asarray(wet | (at[lanes.begins] != at[lanes.ends]))
