"""Who can be there, and how soon: stations and firms of two neighbours, and what the stations reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from casework.once import once
from casework.ports import Store, Topic
from casework.rules import Rules
from geo.reach import covered_shares, lonlat, reach
from geo.roads import Roads
from geo.shifts import Floats
from geo.travel import StraightLine, Travel


@dataclass(frozen=True)
class Arrival:
    """A station and the minutes it needs to a place."""

    station_name: str
    minutes: float


class Stations:
    """Stations and what they reach, by the provider of `travel`; `beside` shares its roads."""

    def __init__(
        self, store: Store, rules: Rules, travel: Travel | None = None, beside: "Stations | None" = None
    ) -> None:
        self._store = store
        self._rules = rules
        self._travel = travel
        # Roads are the same for everybody, and large.
        self.on_roads: Callable[[int], Roads | None] = once(1, self._roads) if beside is None else beside.on_roads

    @property
    def travel(self) -> Travel:
        """Where every travel time of the desk comes from: what it was given, the roads that were loaded, the straight line."""
        return self._travel or self.on_roads(self._store.versions()[Topic.ROADS]) or StraightLine(self._rules.reach_kmh)

    def _roads(self, version: int) -> Roads | None:
        """The road graph of a version of the roads; building it takes a second, so it is kept."""
        streets = self._store.roads() if version else None
        return None if streets is None else Roads(streets, calibration=self._rules.road_speed)

    def of(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """STATIONS frame of `jurisdiction_ids`, or of all."""
        return self._store.stations(jurisdiction_ids or None)

    def manned(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """Those of them that have at least one officer."""
        stations = self.of(*jurisdiction_ids)
        return stations[stations["n_officers"] > 0]

    def firms(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """FIRMS frame of `jurisdiction_ids`, or of all."""
        return self._store.firms(jurisdiction_ids or None)

    def reach(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """Columns as `geo.reach.reach` gives them, for stations with at least one officer."""
        return reach(self.manned(*jurisdiction_ids), self._rules.reach_min, self.travel)

    def covered_share(self, zone: gpd.GeoDataFrame, *jurisdiction_ids: str) -> float:
        """Share of the zone's area that stations of `jurisdiction_ids` reach in time, 0 to 1."""
        return float(self.covered_shares([zone], *jurisdiction_ids)[0])

    def covered_shares(self, zones: Sequence[gpd.GeoDataFrame], *jurisdiction_ids: str) -> Floats:
        """The same of each of several zones, by one search for all of them."""
        parts = [one.geometry for one in zones]
        manned = self.manned(*jurisdiction_ids)
        return covered_shares(parts, manned, self._rules.reach_min, self.travel)

    def first(self, lon: float, lat: float, jurisdiction_id: str) -> Arrival | None:
        """The station of one side that is first at a place; None where that side has no officers or no way there."""
        stations = self.manned(jurisdiction_id)
        if stations.empty:
            return None
        found, minutes = self.travel.first(lonlat(stations), np.array([[lon, lat]]))
        if found[0] < 0:
            return None
        return Arrival(str(stations["name"].iloc[found[0]]), float(minutes[0]))
