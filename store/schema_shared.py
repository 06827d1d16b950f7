"""The tables that say what neighbours share: by whom, and of which rows."""

import sqlalchemy as sa

from store.columns import TEXT
from store.table_parts import METADATA, flag, text

# What each party of an agreement shares: the same as its shares and consents, as rows that a query can ask.
# `categories` and `fields` are words between commas, with one at each end.
parties = sa.Table(
    "parties",
    METADATA,
    sa.Column("agreement_id", sa.ForeignKey("agreements.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("jurisdiction_id", TEXT, primary_key=True),
    text("categories"),
    text("fields"),
    flag("consented"),
)


def _shared(name: str, of: str) -> sa.Table:
    """Which rows lie in which agreement's zone, whether it is in force or not: no query has to compute that."""
    return sa.Table(
        name,
        METADATA,
        sa.Column("n", sa.ForeignKey(f"{of}.n", ondelete="CASCADE"), primary_key=True),
        sa.Column("agreement_id", sa.ForeignKey("agreements.id", ondelete="CASCADE"), primary_key=True, index=True),
    )


shared_incidents = _shared("shared_incidents", "incidents")
shared_firms = _shared("shared_firms", "firms")
