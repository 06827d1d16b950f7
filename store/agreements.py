"""Agreements with their zones."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import geopandas as gpd
import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from casework.errors import NotFoundError
from casework.model import Agreement, Category
from casework.ports import Topic
from geo.errors import FrameError
from geo.frames import ZONES
from store import schema
from store.database import Database
from store.rows import FLOAT, TEXT, columns_of, flat, floats, shapes, texts

_ZONES = {"agreement_id": TEXT, "side": TEXT, "area_m2": FLOAT}


class Agreements:
    """What neighbours agreed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def agreements(self) -> tuple[Agreement, ...]:
        """See `casework.ports.Store.agreements`."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(schema.agreements).order_by(schema.agreements.c.id)).mappings().all()
        return tuple(
            Agreement(**{**row, "categories": tuple(Category(one) for one in row["categories"])}) for row in rows
        )

    def save_agreement(self, agreement: Agreement, zone: gpd.GeoDataFrame) -> Agreement:
        """See `casework.ports.Store.save_agreement`; the version that comes in is not looked at.

        Raises
        ------
        FrameError
            When `zone` breaks its contract or belongs to another agreement; nothing was changed.
        """
        parts = _parts(agreement.id, zone)
        kept = schema.agreements
        with self._database.write() as connection:
            before = connection.execute(sa.select(kept.c.version).where(kept.c.id == agreement.id)).scalar()
            saved = replace(agreement, version=(before or 0) + 1)
            row = asdict(saved) | {"categories": [str(one) for one in saved.categories]}
            connection.execute(insert(kept).values(row).on_conflict_do_update(index_elements=["id"], set_=row))
            connection.execute(sa.delete(schema.zones).where(schema.zones.c.agreement_id == agreement.id))
            if parts:
                connection.execute(sa.insert(schema.zones), parts)
            self._database.bump(connection, Topic.AGREEMENTS)
        return saved

    def remove_agreement(self, agreement_id: str) -> None:
        """See `casework.ports.Store.remove_agreement`."""
        with self._database.write() as connection:
            gone = connection.execute(sa.delete(schema.agreements).where(schema.agreements.c.id == agreement_id))
            if not gone.rowcount:
                raise NotFoundError(f"There is no agreement {agreement_id!r}; it may have been removed already.")
            self._database.bump(connection, Topic.AGREEMENTS)

    def zones(self, agreement_ids: Sequence[str] | None = None) -> gpd.GeoDataFrame:
        """See `casework.ports.Store.zones`."""
        column = schema.zones.c
        wanted = sa.select(*(column[name] for name in _ZONES), column.geometry)
        wanted = wanted.order_by(column.agreement_id, column.side, column.n)
        if agreement_ids is not None:
            wanted = wanted.where(column.agreement_id.in_(agreement_ids))
        with self._database.read() as connection:
            return shapes(connection.execute(wanted).all(), _ZONES)


def _parts(agreement_id: str, zone: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Rows of an agreement's zone."""
    if not len(zone):
        return []
    ZONES.check(zone)
    values = columns_of(zone, {"agreement_id": texts, "side": texts, "area_m2": floats})
    others = set(values["agreement_id"]) - {agreement_id}
    if others:
        raise FrameError(f"The zone belongs to {min(others)!r}, not to the agreement {agreement_id!r}.")
    values["geometry"] = shapely.to_wkb(flat(zone)).tolist()
    return [dict(zip(values, one, strict=True)) for one in zip(*values.values(), strict=True)]
