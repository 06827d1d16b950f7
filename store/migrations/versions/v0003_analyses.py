"""Tests for chance, kept as they were made."""

import sqlalchemy as sa
from alembic import op

from store.columns import NUMBER, TEXT

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "analyses",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("run", TEXT, nullable=False),
        sa.Column("a", TEXT, nullable=False),
        sa.Column("b", TEXT, nullable=False),
        sa.Column("inquiry", sa.JSON(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("took_s", sa.Float(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("n_incidents", sa.Integer(), nullable=False),
        sa.Column("n_zones", sa.Integer(), nullable=False),
        sa.Column("watch", sa.Boolean(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("caveats", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_analyses"),
        sa.UniqueConstraint("id", name="uq_analyses_id"),
    )
    op.create_index("ix_analyses_a", "analyses", ["a", "b", "at_us"])
    op.create_table(
        "findings",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("analysis_id", TEXT, nullable=False),
        sa.Column("cluster", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=False),
        sa.Column("n_incidents", sa.Integer(), nullable=False),
        sa.Column("n_a", sa.Integer(), nullable=False),
        sa.Column("n_b", sa.Integer(), nullable=False),
        sa.Column("straddles", sa.Boolean(), nullable=False),
        sa.Column("first_at_us", sa.BigInteger(), nullable=False),
        sa.Column("last_at_us", sa.BigInteger(), nullable=False),
        sa.Column("max_severity", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_findings"),
        sa.UniqueConstraint("analysis_id", "cluster", name="uq_findings_analysis_id"),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analyses.id"], name="fk_findings_analysis_id", ondelete="CASCADE"
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("findings")
    op.drop_index("ix_analyses_a", table_name="analyses")
    op.drop_table("analyses")
