"""An actor's eyes on SQLite: temporary views in front of the tables, and temporary triggers on them, by connection."""

from datetime import date
from functools import cache

import sqlalchemy as sa

from casework.ports import Topic
from store import schema
from store.seen import MASKED, PUBLISHED, READ
from store.seen_sets import SQLITE, quoted, sets
from store.seen_steps import STEPS
from store.seen_writes import DELETE, INSERT, UPDATE, WRITTEN

REFUSED = "SQLITE_CONSTRAINT_TRIGGER"
_SETS = (
    "CREATE TEMP TABLE me (id TEXT, role TEXT, regions TEXT, day TEXT, told TEXT)",
    "CREATE TEMP TABLE own (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE mine (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE ours (agreement_id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE offered (agreement_id TEXT, jurisdiction_id TEXT, category TEXT, fields TEXT)",
    "CREATE INDEX temp.offered_by ON offered (agreement_id, jurisdiction_id, category)",
    "CREATE INDEX temp.offered_of ON offered (jurisdiction_id)",
)
# The database moves the end of the chain itself, and lets nobody else.
_FOLLOWING = ("audit_head",)
_DECIDING = quoted((Topic.AGREEMENTS, Topic.JURISDICTIONS))


@cache
def views() -> tuple[str, ...]:
    """What a connection that reads is prepared with."""
    made = list(_SETS)
    for name in schema.METADATA.tables:
        if name in MASKED:
            query = MASKED[name].query(SQLITE, name)
        elif name in READ:
            query = f"SELECT * FROM main.{name} AS {name} WHERE {READ[name](SQLITE, f'{name}.')}"
        elif name in PUBLISHED:
            continue
        else:
            query = f"SELECT * FROM main.{name} WHERE false"
        made.append(f"CREATE TEMP VIEW {name} AS {query}")
    return tuple(made)


@cache
def guards() -> tuple[str, ...]:
    """What a connection that writes is prepared with."""
    made = list(_SETS)
    for name in schema.METADATA.tables:
        if name in _FOLLOWING:
            continue
        may = WRITTEN.get(name, {})
        for verb, rows in ((INSERT, ("new.",)), (UPDATE, ("old.", "new.")), (DELETE, ("old.",))):
            lawful = " AND ".join(f"({may[verb](SQLITE, row)})" for row in rows) if verb in may else "false"
            made.append(_refusal(f"guard_{name}_{verb}", verb, name, lawful))
    for name, conditions in STEPS.items():
        for verb, condition in zip((INSERT, UPDATE), conditions, strict=True):
            made.append(_refusal(f"step_{name}_{verb}", verb, name, condition(SQLITE)))
    return tuple(made)


def _refusal(trigger: str, verb: str, name: str, lawful: str) -> str:
    """A trigger that refuses what is not lawful."""
    return (
        f"CREATE TEMP TRIGGER {trigger} BEFORE {verb} ON main.{name} WHEN ({lawful}) IS NOT true"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )


def look(connection: sa.Connection, actor_id: str, on: date) -> None:
    """Fill the sets for this transaction, unless they hold this actor's on this day already."""
    asked = {"actor": actor_id, "day": on.isoformat()}
    queries = sets(SQLITE)
    known = queries["me"][1]
    versions = f"SELECT group_concat(topic || version) FROM main.topics WHERE topic IN ({_DECIDING})"
    told = connection.execute(
        sa.text(f"SELECT json_array(:actor, :day, (SELECT role || regions FROM ({known})), ({versions}))"),
        asked,
    ).scalar()
    if connection.exec_driver_sql("SELECT told FROM temp.me").scalar() == told:
        return
    for name, (_, query) in queries.items():
        connection.exec_driver_sql(f"DELETE FROM temp.{name}")
        if name == "me":
            connection.execute(
                sa.text(f"INSERT INTO temp.me SELECT id, role, regions, :day, :told FROM ({query})"),
                asked | {"told": told},
            )
        else:
            connection.execute(sa.text(f"INSERT INTO temp.{name} {query}"), asked if name == "offered" else {})
