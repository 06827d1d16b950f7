"""An agreement, removed or not, goes on by those who signed its newest version; versions follow one another and tell it.

The tables stay as they are. These are rules, which PostgreSQL has written anew after every migration; SQLite has them by
connection.
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing but the rules."""


def downgrade() -> None:
    """Nothing: what the rules of before let through, these do not."""
