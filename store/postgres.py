"""PostgreSQL with PostGIS: many writers, COPY, GiST."""

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import psycopg2
import sqlalchemy as sa
from psycopg2 import errorcodes, extensions
from sqlalchemy.dialects import postgresql

from casework.errors import BusyError, CaseError, UnreachableError
from casework.model import Box
from casework.ports import Topic
from store.database import Database, Upsert

CHANNEL = "lianfang"

# Beside the answers of a lost connection, which have no code: the server goes down, comes up, or is full.
_AWAY = {
    errorcodes.ADMIN_SHUTDOWN,
    errorcodes.CRASH_SHUTDOWN,
    errorcodes.CANNOT_CONNECT_NOW,
    errorcodes.TOO_MANY_CONNECTIONS,
}
_BUSY = {errorcodes.LOCK_NOT_AVAILABLE, errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE}
_NUL = {errorcodes.UNTRANSLATABLE_CHARACTER, errorcodes.CHARACTER_NOT_IN_REPERTOIRE}
# A host that vanished is given up after half a minute, not after the two hours of TCP.
_CONNECTING = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
_CONNECTING |= {"tcp_user_timeout": 30_000}
# A place of its own among advisory locks.
_LOCKS = 8050
_ODD = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}

# Rectangles come from computations: psycopg2 would write a number of NumPy's as Python shows it.
extensions.register_adapter(np.float64, lambda value: extensions.Float(float(value)))


class PostgresDatabase(Database):
    """One database of a PostgreSQL server, for many machines at once.

    A reader sees one state for all its questions and never waits. Writers wait for those of the same topic only: each
    takes an advisory lock of its topics before it looks at what it is going to change.

    Parameters
    ----------
    url
        SQLAlchemy URL, ``postgresql+psycopg2://user@host/database``.
    busy_s
        Seconds to wait for another writer before `BusyError`.
    now
        Present instant, aware.

    Raises
    ------
    CaseError
        When the database has not our schema and this user may not make it, or was written by a newer version.
    UnreachableError
        When the server does not answer or lets this user not in.
    """

    READING: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def __init__(self, url: str, busy_s: float, now: Callable[[], datetime]) -> None:
        address = sa.make_url(url).set(drivername="postgresql+psycopg2")
        engine = sa.create_engine(
            address,
            connect_args={name: value for name, value in _CONNECTING.items() if name not in address.query},
            # A process has eight threads that ask, and a server a hundred connections for all.
            pool_size=8,
            max_overflow=8,
            pool_timeout=busy_s,
            pool_pre_ping=True,
        )
        name = f"{address.database} on {address.host}"
        try:
            super().__init__(name, engine, busy_s, now)
        except UnreachableError as error:
            # Who starts the program may know why; whoever looks at a screen is not told.
            reason = str(getattr(error.__cause__, "orig", error.__cause__)).strip()
            raise UnreachableError(f"{name} does not answer: {reason}") from error

    def bump(self, connection: sa.Connection, topic: Topic) -> None:
        """See `Database.bump`; whoever listens hears of it once it is kept."""
        super().bump(connection, topic)
        connection.execute(sa.select(sa.func.pg_notify(CHANNEL, topic.value)))

    def insert(self, table: sa.Table) -> postgresql.Insert:
        """See `Database.insert`."""
        return postgresql.insert(table)

    def upsert(self, connection: sa.Connection, upsert: Upsert, rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """See `Database.upsert`; rows come by COPY into a table of this transaction, and from there."""
        quote = connection.dialect.identifier_preparer.quote
        staged, names = f"staged_{upsert.table.name}", ", ".join(quote(name) for name in upsert.names)
        same = f"SELECT {names} FROM {upsert.table.name} WITH NO DATA"  # noqa: S608
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS {same}")
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            cursor.copy_expert(f"COPY {staged} ({names}) FROM STDIN", io.StringIO(_copied(upsert, rows)))
        columns: list[sa.ColumnElement[Any]] = [sa.column(name) for name in upsert.names]
        coming = sa.select(*columns).select_from(sa.table(staged))
        put = upsert.of(self.insert(upsert.table).from_select(upsert.names, coming))
        # A row that was there has been locked by this very transaction.
        done = put.returning(sa.literal_column("xmax = 0", sa.Boolean).label("is_new")).cte("done")
        counted = sa.select(sa.func.count().filter(done.c.is_new), sa.func.count().filter(~done.c.is_new))
        n_new, n_changed = connection.execute(counted).one()
        connection.exec_driver_sql(f"DROP TABLE {staged}")
        return n_new, n_changed

    def near(self, table: sa.Table, box: Box) -> sa.ColumnElement[bool]:
        """See `Database.near`; the GiST index has single precision."""
        place: sa.ColumnElement[Any] = sa.column("geometry" if "geometry" in table.c else "place")
        around = sa.func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
        return place.bool_op("&&")(around)

    def each(self, numbers: Sequence[int]) -> sa.Select[tuple[int]]:
        """See `Database.each`."""
        listed = sa.func.json_array_elements_text(json.dumps(list(numbers))).table_valued("value")
        return sa.select(sa.cast(listed.c.value, sa.BigInteger))

    def pairs(self, texts: Mapping[str, str | None]) -> sa.TableValuedAlias:
        """See `Database.pairs`."""
        columns = sa.column("key", sa.Text), sa.column("value", sa.Text)
        return sa.func.json_each_text(json.dumps(dict(texts))).table_valued(*columns)

    def _lock(self, connection: sa.Connection, names: Sequence[str]) -> None:
        # In words that go to the server together.
        locks = ", ".join(f"pg_advisory_xact_lock({_LOCKS}, hashtext('{name}'))" for name in names)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(self._busy_s * 1000)}; SELECT {locks}")

    def _trouble(self, error: Exception) -> CaseError | None:
        cause = getattr(error, "orig", error)
        code = getattr(cause, "pgcode", None)
        if code in _BUSY:
            return BusyError(
                "Somebody else has been writing to {name} for {seconds} s; nothing was changed, try again.",
                name=self.name,
                seconds=f"{self._busy_s:g}",
            )
        if code in _AWAY or (code is None and isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError)):
            return UnreachableError("The database does not answer; nothing was changed. Try again in a moment.")
        if code == errorcodes.DISK_FULL:
            return CaseError("The disk of the database is full; nothing was changed.")
        if code == errorcodes.PROGRAM_LIMIT_EXCEEDED:
            return CaseError("A text is too long to be found by; nothing was changed. Ids may have 2,000 letters.")
        if code in _NUL or (isinstance(cause, ValueError) and "NUL (0x00)" in str(cause)):
            return CaseError("A text holds the character NUL, which PostgreSQL does not keep; nothing was changed.")
        return None


def _copied(upsert: Upsert, rows: Sequence[Sequence[Any]]) -> str:
    """Rows in the text form of COPY."""
    lines = "".join("\t".join(map(_field, row)) + "\n" for row in rows)
    if "\0" in lines:
        name, value = next(
            (name, value)
            for row in rows
            for name, value in zip(upsert.names, row, strict=True)
            if isinstance(value, str) and "\0" in value
        )
        raise CaseError(f"{name} {value!r} holds the character NUL, which PostgreSQL does not keep: take it out.")
    return lines


def _field(value: Any) -> str:
    """A value as COPY reads it; bytes are WKB, which takes the datum of its column."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return _ODD.sub(lambda found: _ESCAPES[found[0]], value) if _ODD.search(value) else value
    return value.hex() if isinstance(value, bytes) else str(value)
