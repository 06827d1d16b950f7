"""Plans of joint patrols."""

import sqlalchemy as sa
from alembic import op

from store.columns import TEXT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_on", "plans", ["on"])


def downgrade() -> None:
    op.drop_index("ix_plans_on", table_name="plans")
    op.drop_table("plans")
