"""The audit: lines added to a chain, and read."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from casework.audit import Deed, Entry, Head, Sought
from store.chain import head_of
from store.database import Database
from store.rows import from_us, to_us
from store.schema import audit as kept

_CHUNK = 5_000


class Audit:
    """Who did what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """See `casework.ports.Store.append`."""
        if not entries:
            return ()
        with self._database.write_log() as connection:
            return self._database.tell(connection, *entries)

    def audit(self, sought: Sought, limit: int | None = None, before: int | None = None) -> tuple[Entry, ...]:
        """See `casework.ports.Store.audit`."""
        wanted = sa.select(kept).where(*_matching(sought)).order_by(kept.c.n.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(kept.c.n < before)
        with self._database.read() as connection:
            return tuple(_entry(row) for row in connection.execute(wanted))

    def audit_lines(self, sought: Sought, after: int = 0) -> Iterator[Entry]:
        """See `casework.ports.Store.audit_lines`; no transaction stays open between two chunks."""
        wanted = sa.select(kept).where(*_matching(sought)).order_by(kept.c.n).limit(_CHUNK)
        while True:
            with self._database.read() as connection:
                lines = [_entry(row) for row in connection.execute(wanted.where(kept.c.n > after))]
            yield from lines
            if len(lines) < _CHUNK:
                return
            after = lines[-1].n

    def audit_head(self) -> Head:
        """See `casework.ports.Store.audit_head`."""
        with self._database.read() as connection:
            return head_of(connection)


def _matching(sought: Sought) -> list[sa.ColumnElement[bool]]:
    """Conditions on `audit`, all of which must hold."""
    conditions = []
    if sought.actor:
        conditions.append(kept.c.actor == sought.actor)
    if sought.thing:
        of_a_kind = ":" in sought.thing
        find = kept.c.thing.startswith if of_a_kind else kept.c.thing.contains
        conditions.append(find(sought.thing if of_a_kind else f":{sought.thing}", autoescape=True))
    if sought.deeds:
        conditions.append(kept.c.deed.in_([str(deed) for deed in sought.deeds]))
    if sought.regions:
        # A name in quotation marks is found nowhere else in the text of a list of names.
        listed = sa.cast(kept.c.regions, sa.Text)
        conditions.append(sa.or_(*(listed.contains(json.dumps(one), autoescape=True) for one in sought.regions)))
    if sought.since is not None:
        conditions.append(kept.c.at_us >= to_us(sought.since))
    if sought.until is not None:
        conditions.append(kept.c.at_us < to_us(sought.until))
    return conditions


def _entry(row: Any) -> Entry:
    """The line of a row."""
    told = (row.actor, row.role, Deed(row.deed), row.thing, tuple(row.regions), row.facts)
    return Entry(from_us(row.at_us), *told, row.n, row.previous, row.hash)
