"""Rejected rows, until they are corrected."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from casework.model import Kind, Reject
from casework.ports import Topic
from store.database import Database
from store.schema import rejects as kept

_KEY = ("kind", "file", "row", "field")
_CONTENT = ("value", "expected", "raw")


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
        gone = sa.delete(kept).where(kept.c.n == sa.bindparam("reject_id"))
        with self._database.write() as connection:
            done = connection.execute(gone, [{"reject_id": int(one)} for one in reject_ids])
            if done.rowcount:
                self._database.bump(connection, Topic.QUARANTINE)


def keep(connection: sa.Connection, rejects: Sequence[Reject]) -> int:
    """How many of `rejects` are new or differ from what was kept for the same field of the same row."""
    if not rejects:
        return 0
    upsert = insert(kept)
    new = {name: upsert.excluded[name] for name in _CONTENT}
    differs = sa.or_(*(kept.c[name] != value for name, value in new.items()))
    rows = [
        {name: getattr(one, name) for name in (*_KEY, *_CONTENT)} | {"kind": one.kind.value, "raw": dict(one.raw)}
        for one in rejects
    ]
    return connection.execute(upsert.on_conflict_do_update(index_elements=_KEY, set_=new, where=differs), rows).rowcount
