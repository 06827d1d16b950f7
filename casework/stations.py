"""Who can be there, and how soon: stations and firms of two neighbours, and the straight-line reach."""

from dataclasses import dataclass
from typing import cast

import geopandas as gpd
from shapely.geometry import Point

from casework.ports import Store
from casework.rules import Rules
from geo.reach import covered_share, reach, travel_min


@dataclass(frozen=True)
class Arrival:
    """A station and the minutes it needs to a place."""

    station_name: str
    minutes: float


class Stations:
    """Stations and what they reach; travel is over the straight line and says so."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._rules = rules

    def of(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """STATIONS frame of `jurisdiction_ids`, or of all."""
        return self._store.stations(jurisdiction_ids or None)

    def firms(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """FIRMS frame of `jurisdiction_ids`, or of all."""
        return self._store.firms(jurisdiction_ids or None)

    def reach(self, *jurisdiction_ids: str) -> gpd.GeoDataFrame:
        """Columns station_id, minutes, provider, error, geometry, for stations with at least one officer."""
        stations = self.of(*jurisdiction_ids)
        return reach(stations[stations["n_officers"] > 0], self._rules.reach_min, self._rules.reach_kmh)

    def covered_share(self, zone: gpd.GeoDataFrame, *jurisdiction_ids: str) -> float:
        """Share of the zone's area that stations of `jurisdiction_ids` reach in time, 0 to 1."""
        return covered_share(zone.geometry, self.reach(*jurisdiction_ids))

    def first(self, place: gpd.GeoDataFrame, jurisdiction_id: str) -> Arrival | None:
        """The station of one side that is first at a place; None where that side has no officers."""
        stations = self.of(jurisdiction_id)
        stations = stations[stations["n_officers"] > 0]
        if stations.empty:
            return None
        point = cast("Point", place.geometry.iloc[0])
        minutes = travel_min(stations.geometry.x, stations.geometry.y, [point.x], [point.y], self._rules.reach_kmh)[
            :, 0
        ]
        first = int(minutes.argmin())
        return Arrival(str(stations["name"].iloc[first]), float(minutes[first]))
