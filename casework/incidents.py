"""What happened: incidents chosen, counted, and cut into map tiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from casework.errors import NotFoundError
from casework.model import Box, Selection
from casework.ports import Store
from geo.borders import Line
from geo.cells import LEVEL, tile_cells
from geo.sides import side_of

POINTS_PER_TILE = 5_000
_CELLS_PER_TILE_BITS = 5
_NEW_DAYS = 90
_MOST_UNDER_POINTER = 1_000


@dataclass(frozen=True)
class TileContent:
    """What one map tile shows: counts of a grid's cells, and each incident where they are not too many."""

    points: pd.DataFrame | None
    cells: pd.DataFrame


class Incidents:
    """Incidents of a selection."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, selection: Selection, limit: int | None = None) -> gpd.GeoDataFrame:
        """INCIDENTS frame, newest first."""
        return self._store.incidents(selection, limit=limit)

    def get(self, incident_id: str) -> Mapping[str, object]:
        """One incident with every column; an unknown id raises `NotFoundError`."""
        found = self._store.incident(incident_id)
        if found is None:
            raise NotFoundError("There is no incident {id}.", id=incident_id)
        return found

    def side(self, incident_id: str, a: str, b: str) -> Mapping[str, object] | None:
        """Which side of the border of `a` and `b` an incident is on, how surely and how far from the line.

        None when the two share no border. Columns are those of `geo.sides.side_of`, a < b as text; an accuracy that is
        not stated counts as exact. An unknown id raises `NotFoundError`.
        """
        a, b = sorted((a, b))
        border = self._store.borders(a)
        border = border[border["b"] == b]
        if border.empty:
            return None
        found = self.get(incident_id)
        stated = found.get("accuracy_m")
        accuracy_m = np.nan if stated is None else float(cast("float", stated))
        outline = self._store.jurisdictions([a, b]).set_index("id").geometry
        spots = [cast("Point", found["geometry"])]
        row = side_of(spots, accuracy_m, outline[a], outline[b], cast("Line", border.geometry.iloc[0])).iloc[0]
        return {str(name): value for name, value in row.items()}

    def among(self, ids: Sequence[str]) -> gpd.GeoDataFrame:
        """INCIDENTS frame of those of `ids` that are still there, newest first."""
        found = [one for one in (self._store.incident(one) for one in ids) if one is not None]
        if not found:
            return self._store.incidents(Selection(), limit=0)
        days = [cast("datetime", one["at"]) for one in found]
        near = self._store.incidents(Selection(since=min(days), until=max(days) + timedelta(seconds=1)))
        return near[near["id"].isin(set(ids))]

    def inside(self, zone: gpd.GeoDataFrame, selection: Selection) -> gpd.GeoDataFrame:
        """INCIDENTS frame of the rectangle around `zone`; the caller looks closer."""
        if zone.empty:
            return self._store.incidents(selection, limit=0)
        return self._store.incidents(selection, Box(*(float(edge) for edge in zone.total_bounds)))

    def nearest(self, selection: Selection, lon: float, lat: float, within_deg: float) -> str | None:
        """Id of the incident nearest to a place, looked for within a square; None where there is none."""
        box = Box(lon - within_deg, lat - within_deg, lon + within_deg, lat + within_deg)
        found = self._store.incidents(selection, box, limit=_MOST_UNDER_POINTER)
        if found.empty:
            return None
        distance = np.hypot((found.geometry.x - lon) * np.cos(np.radians(lat)), found.geometry.y - lat)
        return str(found["id"].iloc[int(distance.to_numpy().argmin())])

    def count(self, selection: Selection, *by: str) -> pd.DataFrame:
        """Columns `by` and `n`."""
        return self._store.count_incidents(selection, by)

    def span(self) -> tuple[datetime, datetime] | None:
        """First and last instant of all incidents; None where there are none."""
        return self._store.incident_span()

    def latest_period(self, days: int = _NEW_DAYS) -> tuple[datetime, datetime] | None:
        """The last `days` up to the newest incident, so that old data shows something; None without data."""
        span = self.span()
        return None if span is None else (max(span[0], span[1] - timedelta(days=days)), span[1])

    def latest(self, n: int) -> gpd.GeoDataFrame:
        """INCIDENTS frame of the newest `n`."""
        return self._store.incidents(Selection(), limit=n)

    def tile(self, selection: Selection, z: int, x: int, y: int) -> TileContent:
        """Content of a web-mercator tile: at most `POINTS_PER_TILE` incidents, else counts."""
        cells = tile_cells(z, x, y)
        shift = 2 * max(LEVEL - z - _CELLS_PER_TILE_BITS, 0)
        counts = self._store.incident_cells(selection, cells, shift)
        if counts["n"].sum() > POINTS_PER_TILE:
            return TileContent(None, counts)
        return TileContent(self._store.incident_points(selection, cells), counts)
