"""What the two engines do each in its own way, and what every transaction has in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from casework.audit import Deed, Entry, Fact
from casework.errors import BusyError, CaseError, DoubtError, RefusedError, UnreachableError
from casework.model import Box, Selection
from casework.people import Actor
from casework.ports import Topic
from store import schema
from store.chain import continue_chain
from store.migrate import bring_up_to_date
from store.rows import to_us
from store.selections import counted, counted_by_cell

Insert = sqlite.Insert | postgresql.Insert
# Its lock is taken after those of topics, by all.
_AUDIT = "audit"
Coming = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]


@dataclass(frozen=True)
class Upsert:
    """Rows put into a table by their key.

    Attributes
    ----------
    table
        Where they go.
    names
        Columns that each row brings, in its order.
    keys
        Columns that say which row is the same.
    news
        What each further column becomes where the row is there already, from the columns of the row that comes.
    untold
        Columns that change with the others, but do not make a row a changed one.
    """

    table: sa.Table
    names: tuple[str, ...]
    keys: tuple[str, ...]
    news: Callable[[Coming], Mapping[str, sa.ColumnElement[Any]]]
    untold: frozenset[str] = frozenset()

    def of(self, insert: Insert) -> Insert:
        """`insert`, made to leave equal rows alone."""
        news = self.news(insert.excluded)
        told = {name: new for name, new in news.items() if name not in self.untold}
        return insert.on_conflict_do_update(index_elements=self.keys, set_=news, where=differs(self.table, told))


@dataclass(frozen=True)
class Seer:
    """Through whose eyes a database is looked at, and what day it is there."""

    actor: Actor
    today: Callable[[], date]


class Database(ABC):
    """Transactions on one database that is up to date, for many threads and processes at once.

    Parameters
    ----------
    name
        What messages call it.
    engine
        Connections to it.
    busy_s
        Seconds to wait for another writer before `BusyError`.
    now
        Present instant, aware.

    Raises
    ------
    CaseError
        When it is no database of ours, or a newer one.
    BusyError
        When another process holds it too long.
    """

    # What SQLAlchemy is told of a connection before a transaction that reads, and one that writes.
    READING: Mapping[str, Any] = {}
    WRITING: Mapping[str, Any] = {}
    # Whoever the transactions are of, as the audit names them.
    actor = Actor()

    def __init__(self, name: str, engine: sa.Engine, busy_s: float, now: Callable[[], datetime]) -> None:
        self.name = name
        self.now = now
        self._engine = engine
        self._busy_s = busy_s
        self._seer: Seer | None = None
        try:
            bring_up_to_date(name, self.read, self.alter)
        finally:
            # A server forks after it opened the store, and a connection does not survive that.
            self.close()

    def seen_by(self, seer: Seer) -> Self:
        """The same database through somebody's eyes: what they may not see is not there, what not write is refused."""
        seen = copy(self)
        seen._seer, seen.actor = seer, seer.actor  # noqa: SLF001  # a copy of this very one
        return seen

    @property
    @abstractmethod
    def binds(self) -> bool:
        """Whether the database itself keeps an actor within what they may see and write."""

    @property
    def at_door(self) -> bool:
        """Whether nobody has come in, so that the database tells of one person at a time and nothing else."""
        return False

    def today(self) -> date | None:
        """The day by which agreements are in force for whom it is seen by; the operator has none."""
        return None if self._seer is None else self._seer.today()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one unchanging state."""
        with self._in_words(), self._connections(writes=False).connect() as connection:
            connection.execution_options(**self.READING)
            with connection.begin():
                self._look(connection, writes=False)
                yield connection

    def write(self, topic: Topic, *more: Topic) -> AbstractContextManager[sa.Connection]:
        """A connection alone in changing these topics; everything is kept at the end, or nothing after an error."""
        return self._alone(sorted({topic.value, *(one.value for one in more)}))

    def alter(self) -> AbstractContextManager[sa.Connection]:
        """A connection alone in changing the schema; everything is kept at the end, or nothing after an error."""
        return self._alone(["schema"])

    def write_log(self) -> AbstractContextManager[sa.Connection]:
        """A connection alone in adding to the audit; everything is kept at the end, or nothing after an error."""
        return self._alone([_AUDIT])

    @contextmanager
    def _alone(self, names: Sequence[str]) -> Iterator[sa.Connection]:
        """A transaction that holds the locks called `names`."""
        with self._in_words(), self._connections(writes=True).connect() as connection:
            connection.execution_options(**self.WRITING)
            with connection.begin() as transaction:
                self._lock(connection, names)
                self._look(connection, writes=True)
                yield connection
                with self._in_doubt():
                    transaction.commit()

    def bump(self, connection: sa.Connection, topic: Topic, told: Entry) -> None:
        """Count one more change of `topic`, and tell it in the audit: last of all, because others wait for its end."""
        row = self.insert(schema.topics).values(topic=topic.value, version=1, changed_at_us=to_us(self.now()))
        more = {"version": schema.topics.c.version + 1, "changed_at_us": row.excluded.changed_at_us}
        connection.execute(row.on_conflict_do_update(index_elements=["topic"], set_=more))
        self.tell(connection, told)

    def tell(self, connection: sa.Connection, *entries: Entry) -> tuple[Entry, ...]:
        """Lines of the audit, kept or lost together with all that this transaction does."""
        self._lock(connection, [_AUDIT])
        return continue_chain(connection, entries)

    def entry(self, thing: str, regions: Iterable[str | None] = (), deed: Deed = Deed.CHANGED, **facts: Fact) -> Entry:
        """A line about what the actor does now."""
        concerned = tuple(sorted({one for one in regions if one}))
        return Entry(self.now(), self.actor.id, str(self.actor.role), deed, thing, concerned, facts)

    def heard(self) -> int | None:
        """Another number after every change by anybody; None where nobody can tell."""
        return None

    def close(self) -> None:
        """Close every idle connection; the next use opens new ones."""
        self._engine.dispose()

    def counted_by_cell(
        self,
        connection: sa.Connection,
        selection: Selection,
        box_cells: tuple[int, int],
        shift: int,
    ) -> list[Any]:
        """Number and `FIGURES` of each coarse cell of incidents in a range of fine cells, in order."""
        return list(connection.execute(counted_by_cell(selection, box_cells, shift)))

    def counted(self, connection: sa.Connection, selection: Selection, by: Sequence[str], box: Box | None) -> list[Any]:
        """Values of `by` and how many incidents of a selection have them, in order; a day as `day_of` numbers it."""
        return list(connection.execute(counted(selection, by, box)))

    def _connections(self, *, writes: bool) -> sa.Engine:  # noqa: ARG002  # an engine may keep those of actors apart
        """Where connections come from."""
        return self._engine

    @abstractmethod
    def _look(self, connection: sa.Connection, *, writes: bool) -> None:
        """Look through the eyes of whom this database is seen by, for one transaction."""

    @abstractmethod
    def share(self, connection: sa.Connection, agreement_id: str) -> None:
        """Find anew which incidents and firms lie in an agreement's zone, by the zone that is kept."""

    @abstractmethod
    def insert(self, table: sa.Table) -> Insert:
        """An insert that knows what to do with rows that are there already."""

    @abstractmethod
    def upsert(self, connection: sa.Connection, upsert: Upsert, rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """How many of `rows` are new and how many changed a row; values are plain, documents are JSON text."""

    @abstractmethod
    def near(self, table: sa.Table, box: Box) -> sa.ColumnElement[bool]:
        """Rows whose bounds meet `box`, found by an index, which may let in a neighbour."""

    @abstractmethod
    def each(self, numbers: Sequence[int]) -> sa.Select[tuple[int]]:
        """`numbers` as rows: a list of any length, to look rows up by."""

    @abstractmethod
    def pairs(self, texts: Mapping[str, str | None]) -> sa.TableValuedAlias:
        """`texts` as rows with the columns `key` and `value`."""

    @abstractmethod
    def _lock(self, connection: sa.Connection, names: Sequence[str]) -> None:
        """Wait until nobody else holds one of the locks called `names`, which come in one order for all."""

    @abstractmethod
    def _trouble(self, error: Exception) -> CaseError | None:
        """What a failure of the database means for whoever asked; None when it is a fault of the program."""

    @contextmanager
    def _in_doubt(self) -> Iterator[None]:
        """Say so when the answer to a commit did not come: it may have been kept."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            if not isinstance(self._trouble(error), UnreachableError):
                raise
            raise DoubtError(
                "The database stopped answering at the last moment: look whether it was kept before you try again."
            ) from error

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn what is no fault of the program, such as a lock that was not to be had, into a `CaseError`."""
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise BusyError(
                "{name} has too many callers at once; nothing was changed, try again.", name=self.name
            ) from error
        except Exception as error:
            trouble = self._trouble(error)
            if trouble is None:
                raise
            raise trouble from error


def refused() -> RefusedError:
    """What the last door says; the desk refuses before, with the reason."""
    return RefusedError("The database refuses that: it is not yours to change. Nothing was changed.")


def change(connection: sa.Connection, statement: sa.Update | sa.Delete) -> None:
    """Change a row that is there.

    A policy of PostgreSQL raises nothing for a row that may be seen and not changed: it passes it over.

    Raises
    ------
    RefusedError
        When no row was changed.
    """
    if not connection.execute(statement).rowcount:
        raise refused()


def differs(table: sa.Table, news: Mapping[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[bool]:
    """Rows of `table` in which a column is not what it is to become; documents are compared as their text."""
    return sa.or_(*(_plain(table.c[name]).is_distinct_from(_plain(new)) for name, new in news.items()))


def _plain(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(value, sa.Text) if isinstance(value.type, sa.JSON) else value
