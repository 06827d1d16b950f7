"""Incidents: found one by one or by the list, and placed in their jurisdictions."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import sqlalchemy as sa

from casework.model import Box, Selection
from casework.ports import Topic
from store.database import Database
from store.rows import FLAG, FLOAT, INSTANT, INT, TEXT, from_us, points
from store.schema import incidents
from store.selections import chosen, matching

_DTYPES = {"id": TEXT, "at": INSTANT, "category": TEXT, "source": TEXT, "severity": INT, "jurisdiction_id": TEXT}
_DTYPES |= {"description": TEXT, "accuracy_m": FLOAT, "reported_jurisdiction": TEXT, "source_file": TEXT}
_DTYPES |= {"simulated": FLAG}
_COLUMNS = [incidents.c["at_us" if name == "at" else name] for name in _DTYPES] + [incidents.c.lon, incidents.c.lat]
_PLACED = {"id": TEXT, "jurisdiction_id": TEXT}
_CHUNK = 50_000


class Incidents:
    """What happened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def incidents(self, selection: Selection, box: Box | None = None, limit: int | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.incidents`."""
        wanted = sa.select(*_COLUMNS).order_by(incidents.c.at_us.desc(), incidents.c.id).limit(limit)
        if box is None:
            wanted = wanted.where(*matching(selection))
        else:
            wanted = wanted.where(incidents.c.n.in_(_numbers(selection, box)))
        with self._database.read() as connection:
            return points(connection.execute(wanted).all(), _DTYPES)

    def incident(self, incident_id: str) -> Mapping[str, object] | None:
        """See `casework.ports.Store.incident`; the columns of the frame, and `lon` and `lat`."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(*_COLUMNS).where(incidents.c.id == incident_id)).first()
        if row is None:
            return None
        found: dict[str, object] = dict(zip((*_DTYPES, "lon", "lat"), row, strict=True))
        return found | {"at": from_us(row.at_us), "geometry": shapely.Point(row.lon, row.lat)}

    def incident_span(self) -> tuple[datetime, datetime] | None:
        """See `casework.ports.Store.incident_span`."""
        # Two queries in one: asked for both ends at once, SQLite would walk the whole index.
        ends = [sa.select(end(incidents.c.at_us)).scalar_subquery() for end in (sa.func.min, sa.func.max)]
        with self._database.read() as connection:
            first, last = connection.execute(sa.select(*ends)).one()
        return None if first is None else (from_us(first), from_us(last))

    def unplaced_incidents(self, box: Box | None = None) -> Iterable[gpd.GeoDataFrame]:
        """See `casework.ports.Store.unplaced_incidents`; what comes in meanwhile is not among them."""
        with self._database.read() as connection:
            found = connection.execute(_numbers(Selection(), box))
            numbers = np.sort(np.fromiter((row[0] for row in found), np.int64))
        return self._chunks(numbers)

    def place_incidents(self, jurisdiction_of: Mapping[str, str | None]) -> int:
        """See `casework.ports.Store.place_incidents`; unknown ids are passed over."""
        if not jurisdiction_of:
            return 0
        placed = self._database.pairs(jurisdiction_of)
        moved = incidents.c.jurisdiction_id.is_distinct_from(placed.c.value)
        place = sa.update(incidents).where(incidents.c.id == placed.c.key, moved)
        with self._database.write(Topic.INCIDENTS) as connection:
            n_changed = connection.execute(place.values(jurisdiction_id=placed.c.value)).rowcount
            if n_changed:
                told = self._database.entry("incidents:placed", jurisdiction_of.values(), n_changed=n_changed)
                self._database.bump(connection, Topic.INCIDENTS, told)
        return n_changed

    def _chunks(self, numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterator[gpd.GeoDataFrame]:
        """Frames of the rows with these numbers; no transaction stays open between two of them."""
        for start in range(0, len(numbers), _CHUNK):
            listed = self._database.each(numbers[start : start + _CHUNK].tolist())
            column = incidents.c
            wanted = sa.select(column.id, column.jurisdiction_id, column.lon, column.lat).order_by(column.n)
            with self._database.read() as connection:
                rows = connection.execute(wanted.where(column.n.in_(listed))).all()
            yield points(rows, _PLACED)


def _numbers(selection: Selection, box: Box | None) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Query for the row numbers of a selection in a rectangle."""
    return chosen([incidents.c.n], selection, box)
