"""The SQLite file: connections, transactions, and a schema that is up to date when it opens."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from casework.errors import BusyError, CaseError
from casework.ports import Topic
from store import schema
from store.rows import to_us

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


class Database:
    """One SQLite file, for many threads and processes at once.

    Readers see the last committed state and never wait for the writer (write-ahead log). A commit is on the disk when
    it returns (`synchronous=FULL`). Writers take the lock when they begin, so none finds out too late that it cannot.

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
        When the URL names no file, or the file is no database of ours.
    BusyError
        When another process holds the file too long.
    """

    def __init__(self, url: str, busy_s: float, now: Callable[[], datetime]) -> None:
        file = sa.make_url(url).database
        if not file or file == ":memory:" or file.startswith("file:"):
            raise CaseError(f"{url!r} names no file: write sqlite:////path/to/lianfang.sqlite.")
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._busy_s = busy_s
        self._now = now
        # Room for every thread of a server; a waiting one gives up as it would for the lock.
        self._engine = sa.create_engine(
            url, connect_args={"timeout": busy_s}, pool_size=8, max_overflow=24, pool_timeout=busy_s
        )
        sa.event.listen(self._engine, "connect", self._connect)
        sa.event.listen(self._engine, "begin", _begin)
        try:
            self._bring_up_to_date()
        except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
            raise CaseError(f"{file} is no database of this program: {getattr(error, 'orig', error)}.") from error
        finally:
            # A server forks after it opened the store, and SQLite's locks do not survive that.
            self.close()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one unchanging state."""
        with self._mind_the_lock(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A connection that holds the write lock; everything is kept at the end, or nothing after an error."""
        with self._mind_the_lock(), self._engine.connect() as connection:
            connection.execution_options(lianfang_write=True)
            with connection.begin():
                yield connection

    def now(self) -> datetime:
        """The present instant, aware."""
        return self._now()

    def bump(self, connection: sa.Connection, topic: Topic) -> None:
        """Count one more change of `topic`."""
        row = insert(schema.topics).values(topic=topic.value, version=1, changed_at_us=to_us(self._now()))
        more = {"version": schema.topics.c.version + 1, "changed_at_us": row.excluded.changed_at_us}
        connection.execute(row.on_conflict_do_update(index_elements=["topic"], set_=more))

    def close(self) -> None:
        """Close every idle connection; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def _mind_the_lock(self) -> Iterator[None]:
        """Turn a lock that was not to be had into `BusyError`."""
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise BusyError(f"{self._file} has too many callers at once; nothing was changed, try again.") from error
        except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
            if not _is_busy(getattr(error, "orig", error)):
                raise
            message = f"Somebody else has been writing to {self._file} for {self._busy_s:g} s; nothing was changed, try again."
            raise BusyError(message) from error

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

    def _bring_up_to_date(self) -> None:
        """Run the migrations that are missing, in one transaction that other processes wait for."""
        with self.read() as connection:
            if _revision(connection) == schema.REVISION:
                return
        with self.write() as connection:
            found = _revision(connection)
            if found != schema.REVISION:
                _migrate(connection, self._file, found)


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("lianfang_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_busy(error: BaseException | None) -> bool:
    # The lower byte is the error, the upper ones its variety.
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


def _revision(connection: sa.Connection) -> str | None:
    """Step the file's schema is at; None for a new file."""
    known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if known else None


def _migrate(connection: sa.Connection, file: str, found: str | None) -> None:
    """Run Alembic; imported here because a store that is up to date does not need it."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if found is not None and found not in {
        step.revision for step in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise CaseError(f"{file} was written by a newer version of this program (schema {found}): update the program.")
    command.upgrade(config, "head")
