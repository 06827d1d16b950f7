"""Who made each version of an agreement, as far as the log tells it."""

import sqlalchemy as sa
from alembic import op

from store.columns import TEXT

revision = "0009"
down_revision = "0008"

# Of what was kept before there was a log nobody knows; the first lines of a version tell who made it.
_FROM_THE_LOG = """
UPDATE agreement_versions SET made_by = coalesce((
    SELECT told.actor FROM audit AS told
    WHERE told.thing = 'agreement:' || agreement_id AND told.deed = 'changed'
        AND CAST(told.facts ->> 'version' AS integer) = agreement_versions.version
    ORDER BY told.n LIMIT 1), '')
"""


def upgrade() -> None:
    op.add_column("agreement_versions", sa.Column("made_by", TEXT, nullable=False, server_default=""))
    op.get_bind().exec_driver_sql(_FROM_THE_LOG)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # The rules name the column; a migration writes them anew.
        op.execute("DROP SCHEMA IF EXISTS seen CASCADE")
    op.drop_column("agreement_versions", "made_by")
