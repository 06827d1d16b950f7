"""The tables about people: who signs in, which screens show what, and who did what."""

import sqlalchemy as sa

from store.columns import TEXT
from store.table_parts import METADATA, count, flag, instant, number, text

people = sa.Table(
    "people",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    text("name"),
    text("role"),
    sa.Column("regions", sa.JSON, nullable=False),
    instant("made_at_us"),
    text("subject"),
    flag("active"),
    count("epoch"),
    # Argon2's own text, which says how it was made; empty for one who signs in elsewhere.
    text("password"),
)

devices = sa.Table(
    "devices",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    text("name"),
    sa.Column("regions", sa.JSON, nullable=False),
    instant("made_at_us"),
    text("made_by"),
    instant("revoked_at_us", nullable=True),
    # SHA-256 of the token: it is long and made by chance, so a slow hash would protect nothing more.
    text("token", unique=True),
)

# Failed attempts to sign in, by what was typed and from where: what slows down who guesses.
attempts = sa.Table(
    "attempts",
    METADATA,
    number(),
    text("key"),
    instant("at_us"),
    sa.Index(None, "key", "at_us"),
)

# Only ever added to. Each hash is over the line and the hash before it.
audit = sa.Table(
    "audit",
    METADATA,
    number(),
    instant("at_us"),
    text("actor"),
    text("role"),
    text("deed"),
    text("thing"),
    sa.Column("regions", sa.JSON, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    text("previous"),
    text("hash", unique=True),
    sa.Index(None, "at_us"),
    sa.Index(None, "actor", "n"),
    sa.Index(None, "thing", "n"),
)

# One row, the last line of the chain: whoever may only add to the audit can still continue it. Triggers keep it.
audit_head = sa.Table(
    "audit_head",
    METADATA,
    sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
    text("hash"),
)
