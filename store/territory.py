"""Jurisdictions, their borders, stations and firms, as they are read."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import shapely
import sqlalchemy as sa

from casework.model import Box
from casework.ports import Topic
from geo.frames import BORDERS
from store import schema
from store.database import Database
from store.rows import FLAG, FLOAT, INT, TEXT, Convert, columns_of, flat, floats, points, shapes, texts

_JURISDICTIONS = dict.fromkeys(("id", "name", "level", "parent_id", "name_en", "source", "datum"), TEXT)
_JURISDICTIONS |= {"simulated": FLAG}
_STATIONS = {"id": TEXT, "name": TEXT, "level": TEXT, "jurisdiction_id": TEXT, "n_officers": INT}
_STATIONS |= {"phone": TEXT, "source": TEXT, "simulated": FLAG}
_FIRMS = {"id": TEXT, "name": TEXT, "code": TEXT, "jurisdiction_id": TEXT}
_FIRMS |= dict.fromkeys(("risk", "emissions", "history", "safety", "oversight"), FLOAT)
_FIRMS |= {"source": TEXT, "simulated": FLAG}
_BORDERS = {"a": TEXT, "b": TEXT, "length_m": FLOAT, "method": TEXT, "tolerance_m": FLOAT}


class Territory:
    """Who is where."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def jurisdictions(self, ids: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.jurisdictions`; those that touch the box, not only their bounds."""
        column = schema.jurisdictions.c
        wanted = sa.select(*(column[name] for name in _JURISDICTIONS), column.geometry).order_by(column.id)
        if ids is not None:
            wanted = wanted.where(column.id.in_(ids))
        if box is not None:
            wanted = wanted.where(self._database.near(schema.jurisdictions, box))
        with self._database.read() as connection:
            frame = shapes(connection.execute(wanted).all(), _JURISDICTIONS)
        if box is None:
            return frame
        touching = frame.intersects(shapely.box(box.west, box.south, box.east, box.north))
        return frame[touching].reset_index(drop=True)

    def stations(self, jurisdictions: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.stations`."""
        return self._sites(schema.stations, _STATIONS, jurisdictions, box)

    def firms(self, jurisdictions: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.firms`."""
        return self._sites(schema.firms, _FIRMS, jurisdictions, box)

    def borders(self, of: str | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.borders`."""
        column = schema.borders.c
        wanted = sa.select(*(column[name] for name in _BORDERS), column.geometry).order_by(column.a, column.b)
        if of is not None:
            wanted = wanted.where(sa.or_(column.a == of, column.b == of))
        with self._database.read() as connection:
            return shapes(connection.execute(wanted).all(), _BORDERS)

    def replace_borders(self, borders: gpd.GeoDataFrame) -> None:
        """See `casework.ports.Store.replace_borders`.

        Raises
        ------
        FrameError
            When `borders` breaks its contract; nothing was changed.
        """
        rows: list[dict[str, object]] = []
        if len(borders):
            BORDERS.check(borders)
            converts: dict[str, Convert] = {
                "a": texts,
                "b": texts,
                "length_m": floats,
                "method": texts,
                "tolerance_m": floats,
            }
            values = columns_of(borders, converts) | {"geometry": shapely.to_wkb(flat(borders)).tolist()}
            rows = [dict(zip(values, one, strict=True)) for one in zip(*values.values(), strict=True)]
        with self._database.write(Topic.JURISDICTIONS) as connection:
            connection.execute(sa.delete(schema.borders))
            if rows:
                connection.execute(sa.insert(schema.borders), rows)
            told = self._database.entry("borders:", n_borders=len(rows))
            self._database.bump(connection, Topic.JURISDICTIONS, told)

    def _sites(
        self, kept: sa.Table, dtypes: Mapping[str, str], jurisdictions: Sequence[str] | None, box: Box | None
    ) -> gpd.GeoDataFrame:
        """Points of one table, by id."""
        column = kept.c
        wanted = sa.select(*(column[name] for name in dtypes), column.lon, column.lat).order_by(column.id)
        if jurisdictions is not None:
            wanted = wanted.where(column.jurisdiction_id.in_(jurisdictions))
        if box is not None:
            inside = column.lon.between(box.west, box.east), column.lat.between(box.south, box.north)
            wanted = wanted.where(self._database.near(kept, box), *inside)
        with self._database.read() as connection:
            return points(connection.execute(wanted).all(), dtypes)
