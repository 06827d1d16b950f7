"""The streets that travel times are computed on."""

import sqlalchemy as sa
from alembic import op

from store.columns import NUMBER, TEXT

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "roads",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("data_on", TEXT, nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_roads"),
    )


def downgrade() -> None:
    op.drop_table("roads")
