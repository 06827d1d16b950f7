"""Rejected rows, until they are corrected."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from casework.model import Kind, Reject
from casework.ports import Topic
from store.database import Database, Upsert
from store.schema import rejects as kept

_KEY = ("kind", "file", "row", "field")
_CONTENT = ("value", "expected", "raw")
_UPSERT = Upsert(kept, _KEY + _CONTENT, _KEY, lambda new: {name: new[name] for name in _CONTENT})


class Quarantine:
    """Rows that wait for a correction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def quarantined(self, kind: Kind | None = None) -> tuple[Reject, ...]:
        """See `casework.ports.Store.quarantined`."""
        wanted = sa.select(kept).order_by(kept.c.n)
        if kind is not None:
            wanted = wanted.where(kept.c.kind == kind.value)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            Reject(Kind(row.kind), row.file, row.row, row.field, row.value, row.expected, row.raw, row.n)
            for row in rows
        )

    def release(self, reject_ids: Sequence[int]) -> None:
        """See `casework.ports.Store.release`; ids that are gone already are passed over."""
        if not reject_ids:
            return
        gone = sa.delete(kept).where(kept.c.n.in_(self._database.each([int(one) for one in reject_ids])))
        with self._database.write(Topic.QUARANTINE) as connection:
            n_gone = connection.execute(gone).rowcount
            if n_gone:
                told = self._database.entry("quarantine:", n_released=n_gone)
                self._database.bump(connection, Topic.QUARANTINE, told)


def keep(database: Database, connection: sa.Connection, rejects: Sequence[Reject]) -> int:
    """How many of `rejects` are new or differ from what was kept for the same field of the same row."""
    # The last word on a field counts: no row of one statement may change another of it.
    rows = {
        (one.kind.value, one.file, one.row, one.field): (one.value, one.expected, json.dumps(dict(one.raw)))
        for one in rejects
    }
    return sum(database.upsert(connection, _UPSERT, [key + content for key, content in rows.items()])) if rows else 0
