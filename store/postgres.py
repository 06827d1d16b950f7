"""PostgreSQL with PostGIS: many writers, COPY, GiST."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import numpy as np
import psycopg2
import shapely
import sqlalchemy as sa
from psycopg2 import errorcodes, extensions
from sqlalchemy.dialects import postgresql

from casework.audit import Entry
from casework.errors import BusyError, CaseError, FullError, SlowError, UnreachableError
from casework.model import Box, Selection
from casework.ports import Topic
from store import buckets, schema
from store.database import Database, Upsert, refused
from store.listening import Listener
from store.seen import MASKED
from store.shared import cells_of

CHANNEL = "lianfang"

# Beside the answers of a lost connection, which have no code: the server goes down, comes up, or is full.
_AWAY = {
    errorcodes.ADMIN_SHUTDOWN,
    errorcodes.CRASH_SHUTDOWN,
    errorcodes.CANNOT_CONNECT_NOW,
    errorcodes.TOO_MANY_CONNECTIONS,
}
_BUSY = {errorcodes.LOCK_NOT_AVAILABLE, errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE}
# A policy's answer; or the row is there already, where this actor does not see it.
_REFUSED = {errorcodes.INSUFFICIENT_PRIVILEGE, errorcodes.UNIQUE_VIOLATION}
_NUL = {errorcodes.UNTRANSLATABLE_CHARACTER, errorcodes.CHARACTER_NOT_IN_REPERTOIRE}
_SAID: dict[str, Callable[[], CaseError]] = {
    errorcodes.DISK_FULL: lambda: FullError("The disk of the database is full; nothing was changed."),
    errorcodes.QUERY_CANCELED: lambda: SlowError(
        "The database is slow to answer, and nothing was changed: try again later, or ask for less."
    ),
    errorcodes.PROGRAM_LIMIT_EXCEEDED: lambda: CaseError(
        "A text is too long to be found by; nothing was changed. Ids may have 2,000 letters."
    ),
}
# A host that vanished is given up after half a minute, not after the two hours of TCP.
_CONNECTING = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
_CONNECTING |= {"tcp_user_timeout": 30_000}
# A place of its own among advisory locks.
_LOCKS = 8050
_BOUND = (
    "SELECT NOT has_table_privilege('public.incidents', 'SELECT') AND row_security_active('public.plans')"
    " AND has_table_privilege('seen.incidents', 'SELECT')"
)
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
    answer_s
        Seconds to wait for an answer to a question before `SlowError`; None: for ever.

    Raises
    ------
    CaseError
        When the database has not our schema and this user may not make it, or was written by a newer version.
    UnreachableError
        When the server does not answer or lets this user not in.
    """

    READING: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def __init__(self, url: str, busy_s: float, now: Callable[[], datetime], answer_s: float | None = None) -> None:
        self._answer_s = answer_s
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
        parts, named = engine.dialect.create_connect_args(address)
        self._listener = Listener(lambda: psycopg2.connect(*parts, **{**_CONNECTING, **named}), CHANNEL)
        self._bound: bool | None = None
        name = f"{address.database} on {address.host}"
        try:
            super().__init__(name, engine, busy_s, now)
        except UnreachableError as error:
            # Who starts the program may know why; whoever looks at a screen is not told.
            reason = str(getattr(error.__cause__, "orig", error.__cause__)).strip()
            raise UnreachableError(f"{name} does not answer: {reason}") from error

    @property
    def binds(self) -> bool:
        """Whether this user reads rows of regions through views only, and writes under policies."""
        if self._bound is None:
            with self._engine.connect() as connection:
                self._bound = bool(connection.exec_driver_sql(_BOUND).scalar())
        return self._bound

    @property
    def at_door(self) -> bool:
        """See `Database.at_door`."""
        return self._seer is None and self.binds

    def _look(self, connection: sa.Connection, *, writes: bool) -> None:
        if self._seer is None:
            return
        # Views stand before tables for who reads; what is written are the tables.
        settings = {
            "search_path": "public, seen" if writes else "seen, public",
            "lianfang.actor": self._seer.actor.id,
            "lianfang.day": self._seer.today().isoformat(),
        }
        told = (sa.func.set_config(name, value, True) for name, value in settings.items())
        connection.execute(sa.select(*told))

    def share(self, connection: sa.Connection, agreement_id: str) -> None:
        """See `Database.share`; done by the database, because who saves an agreement may not see what lies in its zone."""
        zones = schema.zones.c
        parts = connection.execute(sa.select(zones.geometry).where(zones.agreement_id == agreement_id)).scalars().all()
        cells = cells_of(shapely.union_all(shapely.from_wkb(parts)))
        firsts, lasts = ([cell[end] for cell in cells] for end in (0, 1))
        numbers = postgresql.ARRAY(sa.BigInteger)
        shared = sa.func.seen.share(agreement_id, sa.literal(firsts, numbers), sa.literal(lasts, numbers))
        connection.execute(sa.select(shared))

    def bump(self, connection: sa.Connection, topic: Topic, told: Entry) -> None:
        """See `Database.bump`; whoever listens hears of it once it is kept."""
        super().bump(connection, topic, told)
        connection.execute(sa.select(sa.func.pg_notify(CHANNEL, topic.value)))

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """See `Database.read`."""
        with super().read() as connection:
            if self._answer_s is not None:
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(self._answer_s * 1000)}")
            yield connection

    def heard(self) -> int | None:
        """See `Database.heard`."""
        return self._listener.heard()

    def close(self) -> None:
        """See `Database.close`; whoever listened stops."""
        self._listener.close()
        super().close()

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

    def counted(self, connection: sa.Connection, selection: Selection, by: Sequence[str], box: Box | None) -> list[Any]:
        """See `Database.counted`; from counts kept beforehand, where they tell."""
        kept = None
        if box is None:
            kept = buckets.counted(connection, selection, by, today=self.today())
        return super().counted(connection, selection, by, box) if kept is None else kept

    def counted_by_cell(
        self, connection: sa.Connection, selection: Selection, box_cells: tuple[int, int], shift: int
    ) -> list[Any]:
        """See `Database.counted_by_cell`; from counts kept beforehand, where they tell."""
        kept = buckets.by_cell(connection, selection, box_cells, shift, today=self.today())
        return super().counted_by_cell(connection, selection, box_cells, shift) if kept is None else kept

    def near(self, table: sa.Table, box: Box) -> sa.ColumnElement[bool]:
        """See `Database.near`; the GiST index has single precision.

        An actor's view lets no function look at rows before it has: what PostGIS compares would see all of them.
        """
        if self._seer is not None and table.name in MASKED:
            return sa.true()
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
        if self._seer is not None and code in _REFUSED:
            return refused()
        if code in _AWAY or (code is None and isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError)):
            return UnreachableError("The database does not answer; nothing was changed. Try again in a moment.")
        if code in _SAID:
            return _SAID[code]()
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
