"""The chain of the audit, continued inside the transaction whose lines it takes."""

from collections.abc import Sequence

import sqlalchemy as sa

from casework.audit import Entry, Head
from casework.chain import chained
from store.rows import to_us
from store.schema import audit, audit_head


def head_of(connection: sa.Connection) -> Head:
    """The last line there is."""
    return Head(*connection.execute(sa.select(audit_head.c.n, audit_head.c.hash)).one())


def continue_chain(connection: sa.Connection, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """`entries` as they were written behind the last line, by a transaction that is alone in doing so."""
    lines = chained(head_of(connection), entries)
    connection.execute(sa.insert(audit), [_row(line) for line in lines])
    return lines


def _row(line: Entry) -> dict[str, object]:
    """A line as a row."""
    plain = {"n": line.n, "at_us": to_us(line.at), "actor": line.actor, "role": str(line.role), "deed": str(line.deed)}
    told = {"thing": line.thing, "regions": list(line.regions), "facts": dict(line.facts)}
    return {**plain, **told, "previous": line.previous, "hash": line.hash}
