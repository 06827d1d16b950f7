"""Attempts to sign in: what slows down who guesses, whichever worker is asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from casework.ports import Topic
from store import schema
from store.database import Database
from store.rows import from_us, to_us


class Attempts:
    """Who tried how often of late. No screen shows them, so no version counts them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attempts(self, keys: Sequence[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """See `casework.ports.Store.attempts`."""
        with self._database.read() as connection:
            return _seen(connection, keys, since)

    def add_attempt(self, known: Mapping[str, int], at: datetime, since: datetime) -> bool:
        """See `casework.ports.Store.add_attempt`."""
        kept = schema.attempts
        with self._database.write(Topic.PEOPLE) as connection:
            seen = _seen(connection, tuple(known), since)
            if any(len(seen[key]) != n for key, n in known.items()):
                return False
            connection.execute(sa.delete(kept).where(kept.c.at_us < to_us(since)))
            connection.execute(sa.insert(kept), [{"key": key, "at_us": to_us(at)} for key in known])
        return True

    def forget_attempts(self, key: str, at: datetime | None = None) -> None:
        """See `casework.ports.Store.forget_attempts`."""
        kept = schema.attempts
        which = kept.c.key == key
        if at is not None:
            which &= kept.c.at_us == to_us(at)
        with self._database.write(Topic.PEOPLE) as connection:
            connection.execute(sa.delete(kept).where(which))


def _seen(connection: sa.Connection, keys: Sequence[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
    kept = schema.attempts
    wanted = sa.select(kept.c.key, kept.c.at_us).where(kept.c.key.in_(keys), kept.c.at_us >= to_us(since))
    rows = connection.execute(wanted.order_by(kept.c.at_us, kept.c.n)).all()
    return {key: tuple(from_us(at_us) for one, at_us in rows if one == key) for key in keys}
