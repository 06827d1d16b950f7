"""SQLite: one file, one writer, R*Trees."""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from casework.errors import BusyError, CaseError, FullError, UnreachableError
from casework.model import Box, Selection
from store import shared, sqlite_seen
from store.database import Database, Upsert, refused
from store.schema import incidents
from store.selections import FIGURES, matching

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_RETRY_S = 0.05
_SETTINGS = (
    "synchronous = FULL",
    "foreign_keys = ON",
    # 32 MB of pages: the indexes of a million incidents take random inserts without spilling all the time.
    "cache_size = -32768",
    # What a large load left of the log is cut back, not kept for ever.
    "journal_size_limit = 67108864",
)
# So many coarse cells are looked up one by one; for more, sorting them all is quicker.
_MOST_WALKS = 4096


class SqliteDatabase(Database):
    """One SQLite file.

    Readers see the last committed state and never wait for the writer (write-ahead log). A commit is on the disk when
    it returns (`synchronous=FULL`). Writers take the lock when they begin, so none finds out too late that it cannot.
    A file that was taken away is not written to any more, nor made anew.

    Parameters
    ----------
    url
        SQLAlchemy URL of a file, ``sqlite:////path/to/file``.
    busy_s
        Seconds to wait for another writer before `BusyError`.
    now
        Present instant, aware.

    Raises
    ------
    CaseError
        When the URL names no file, or the file is no database of ours or a newer one.
    BusyError
        When another process holds the file too long.
    """

    WRITING: Mapping[str, Any] = {"lianfang_write": True}

    def __init__(self, url: str, busy_s: float, now: Callable[[], datetime]) -> None:
        file = sa.make_url(url).database
        if not file or file == ":memory:" or file.startswith("file:"):
            raise CaseError(f"{url!r} names no file: write sqlite:////path/to/lianfang.sqlite.")
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        self._busy_s = busy_s
        # Those of actors are prepared with what holds them, and never lent to the operator.
        self._reading, self._writing = self._pool(url, sqlite_seen.views), self._pool(url, sqlite_seen.guards)
        self._watching = threading.Lock()
        self._opened: tuple[int, int] | None = None
        self._watch: tuple[int, sqlite3.Connection] | None = None
        super().__init__(file, self._pool(url), busy_s, now)
        self._opened = _which(file)

    @property
    def binds(self) -> bool:
        """Always: the file belongs to the program, and it has no other way in for an actor."""
        return True

    def _pool(self, url: str, prepared: Callable[[], Sequence[str]] = tuple) -> sa.Engine:
        """Connections, each made ready by these statements."""

        def connect(connection: sqlite3.Connection, record: object) -> None:
            self._connect(connection, record)
            for statement in prepared():
                connection.execute(statement).close()

        # Room for every thread of a server; a waiting one gives up as it would for the lock.
        engine = sa.create_engine(
            url, connect_args={"timeout": self._busy_s}, pool_size=8, max_overflow=24, pool_timeout=self._busy_s
        )
        sa.event.listen(engine, "connect", connect)
        sa.event.listen(engine, "begin", _begin)
        return engine

    def _connections(self, *, writes: bool) -> sa.Engine:
        self._still_there()
        if self._seer is None:
            return self._engine
        return self._writing if writes else self._reading

    def _still_there(self) -> None:
        """Raise where the path no longer leads to the file that was opened: connections would go on with one nobody finds."""
        if self._opened is not None and _which(self.name) != self._opened:
            raise UnreachableError(
                "The file {name} of the database was taken away or exchanged; nothing was changed."
                " Put it back, or start the program anew.",
                name=Path(self.name).name,
            )

    def _look(self, connection: sa.Connection, *, writes: bool) -> None:  # noqa: ARG002  # both look the same way
        if self._seer is not None:
            sqlite_seen.look(connection, self._seer.actor.id, self._seer.today())

    def share(self, connection: sa.Connection, agreement_id: str) -> None:
        """See `Database.share`."""
        shared.fill(connection, agreement_id)

    def heard(self) -> int:
        """See `Database.heard`; SQLite counts what other connections have kept, and this one keeps nothing."""
        self._still_there()
        with self._watching:
            here = os.getpid()
            if self._watch is None or self._watch[0] != here:
                self._watch = here, sqlite3.connect(self.name, check_same_thread=False, isolation_level=None)
            return int(self._watch[1].execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """See `Database.close`."""
        with self._watching:
            if self._watch is not None and self._watch[0] == os.getpid():
                self._watch[1].close()
            self._watch = None
        super().close()
        self._reading.dispose()
        self._writing.dispose()

    def insert(self, table: sa.Table) -> sqlite.Insert:
        """See `Database.insert`."""
        return sqlite.insert(table)

    def upsert(self, connection: sa.Connection, upsert: Upsert, rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """See `Database.upsert`."""
        statement, order = _statement(upsert)
        places = [upsert.names.index(name) for name in order]
        if places != list(range(len(upsert.names))):
            rows = [[row[place] for place in places] for row in rows]
        n_before = _count(connection, upsert.table)
        # Past SQLAlchemy's parameter handling, which would take longer than the database.
        n_written = connection.exec_driver_sql(statement, [tuple(row) for row in rows]).rowcount
        n_new = _count(connection, upsert.table) - n_before
        return n_new, n_written - n_new

    def counted_by_cell(
        self,
        connection: sa.Connection,
        selection: Selection,
        box_cells: tuple[int, int],
        shift: int,
    ) -> list[Any]:
        """See `Database.counted_by_cell`."""
        if -(-box_cells[1] >> shift) - (box_cells[0] >> shift) > _MOST_WALKS:
            return super().counted_by_cell(connection, selection, box_cells, shift)
        cell = incidents.c.cell
        inside = (cell >= sa.bindparam("first", 0), cell < sa.bindparam("last", 0))
        return _walk(connection, sa.select(*FIGURES).where(*matching(selection), *inside), box_cells, shift)

    def near(self, table: sa.Table, box: Box) -> sa.ColumnElement[bool]:
        """See `Database.near`; the R*Tree has single precision."""
        bounds = sa.table(
            f"{table.name}_box", *(sa.column(name, sa.Float) for name in ("n", "west", "east", "south", "north"))
        )
        meets = (
            bounds.c.west <= box.east,
            bounds.c.east >= box.west,
            bounds.c.south <= box.north,
            bounds.c.north >= box.south,
        )
        return table.c.n.in_(sa.select(bounds.c.n).where(*meets))

    def each(self, numbers: Sequence[int]) -> sa.Select[tuple[int]]:
        """See `Database.each`."""
        listed = sa.func.json_each(json.dumps(list(numbers))).table_valued(sa.column("value", sa.BigInteger))
        return sa.select(listed.c.value)

    def pairs(self, texts: Mapping[str, str | None]) -> sa.TableValuedAlias:
        """See `Database.pairs`."""
        columns = sa.column("key", sa.Text), sa.column("value", sa.Text)
        return sa.func.json_each(json.dumps(dict(texts))).table_valued(*columns)

    def _lock(self, connection: sa.Connection, names: Sequence[str]) -> None:
        """See `Database`: the file has one lock, which the transaction took when it began."""

    def _trouble(self, error: Exception) -> CaseError | None:
        name = getattr(getattr(error, "orig", error), "sqlite_errorname", "")
        if self._seer is not None and name == sqlite_seen.REFUSED:
            return refused()
        if name == "SQLITE_FULL":
            return FullError("The disk of the database is full; nothing was changed.")
        if not _is_busy(getattr(error, "orig", error)):
            return None
        return BusyError(
            "Somebody else has been writing to {name} for {seconds} s; nothing was changed, try again.",
            name=Path(self.name).name,
            seconds=f"{self._busy_s:g}",
        )

    def _connect(self, connection: sqlite3.Connection, _record: object) -> None:
        """Prepare a new connection, or close it."""
        # Transactions are begun in words (`_begin`): Python's own would take the write lock too late.
        connection.isolation_level = None
        try:
            self._switch_to_log(connection)
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}").close()
        except BaseException:
            connection.close()
            raise

    def _switch_to_log(self, connection: sqlite3.Connection) -> None:
        """Ask for the write-ahead log; only the first time the file is needed alone, and SQLite does not wait then."""
        give_up_at = time.monotonic() + self._busy_s
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL").close()
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > give_up_at:
                    raise
                time.sleep(_RETRY_S)
            else:
                return


def _which(file: str) -> tuple[int, int] | None:
    """What the system knows a file by; None where there is none."""
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("lianfang_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_busy(error: object) -> bool:
    # The lower byte is the error, the upper ones its variety.
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


def _count(connection: sa.Connection, kept: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(kept)).scalar_one()


@cache
def _statement(upsert: Upsert) -> tuple[str, tuple[str, ...]]:
    """Upsert of one row, and the order of its parameters."""
    compiled = upsert.of(sqlite.insert(upsert.table)).compile(dialect=sqlite.dialect(), column_keys=upsert.names)
    return str(compiled), tuple(compiled.positiontup or ())


def _walk(
    connection: sa.Connection, wanted: sa.Select[Any], box_cells: tuple[int, int], shift: int
) -> list[tuple[Any, ...]]:
    """Rows of one query per coarse cell: along the index nothing is sorted, which takes a third of a GROUP BY's time."""
    compiled = wanted.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    statement, values, order = str(compiled), compiled.params, compiled.positiontup or ()
    cursor = connection.connection.cursor()
    rows = []
    try:
        for coarse in range(box_cells[0] >> shift, -(-box_cells[1] >> shift)):
            values["first"] = max(coarse << shift, box_cells[0])
            values["last"] = min(coarse + 1 << shift, box_cells[1])
            row = cursor.execute(statement, [values[name] for name in order]).fetchone()
            if row[2]:
                rows.append((coarse, *row))
    finally:
        cursor.close()
    return rows
