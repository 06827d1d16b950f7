"""The streets that travel times are computed on, packed into one row."""

import io
from datetime import date

import numpy as np
import sqlalchemy as sa

from casework.ports import Topic
from geo.streets import Streets
from store import schema
from store.database import Database

_DEGREE = 1e7  # a ten-millionth of a degree is a centimetre, and fits into 32 bits


class KeptRoads:
    """One road network; a new one takes the place of the old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_roads(self, streets: Streets) -> None:
        """See `casework.ports.Store.keep_roads`."""
        row = {
            "source": streets.source,
            "data_on": streets.data_on and streets.data_on.isoformat(),
            "simulated": streets.simulated,
            "body": _packed(streets),
        }
        with self._database.write(Topic.ROADS) as connection:
            connection.execute(sa.delete(schema.roads))
            connection.execute(sa.insert(schema.roads).values(**row))
            told = self._database.entry("roads:", source=streets.source, n_pieces=len(streets))
            self._database.bump(connection, Topic.ROADS, told)

    def roads(self) -> Streets | None:
        """See `casework.ports.Store.roads`."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(schema.roads)).mappings().first()
        if row is None:
            return None
        with np.load(io.BytesIO(row["body"]), allow_pickle=False) as kept:
            columns = {name: kept[name] for name in kept.files}
        columns["lonlat"] = np.cumsum(columns["lonlat"], axis=0) / _DEGREE
        return Streets(
            **columns,
            source=row["source"],
            data_on=date.fromisoformat(row["data_on"]) if row["data_on"] else None,
            simulated=row["simulated"],
        )


def _packed(streets: Streets) -> bytes:
    """The columns, compressed: points as steps from one to the next, which are small numbers."""
    packed = io.BytesIO()
    points = np.round(streets.lonlat * _DEGREE).astype(np.int64)
    signals = np.empty(0, dtype=np.int32) if streets.signals is None else streets.signals
    np.savez_compressed(
        packed,
        lonlat=np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)),
        begins=streets.begins.astype(np.int32),
        ends=streets.ends.astype(np.int32),
        kmh=streets.kmh.astype(np.float32),
        classes=streets.classes,
        forward=streets.forward,
        backward=streets.backward,
        signals=signals,
    )
    return packed.getvalue()
