"""Every version of an agreement and of its zone, strips of several pairs, and what new boundaries did to zones."""

import json

import sqlalchemy as sa
from alembic import op

from store.columns import NUMBER, SHAPE, TEXT

revision = "0002"
down_revision = "0001"

TERMS = (
    *("id", "title", "a", "b", "depth_a_m", "depth_b_m", "valid_from", "valid_to", "from_m", "to_m"),
    *("memorandum", "version"),
)


def upgrade() -> None:
    for column in (
        sa.Column("others", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("ends", TEXT, nullable=False, server_default="flat"),
        sa.Column("beyond", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("powers", TEXT, nullable=False, server_default=""),
        sa.Column("stale", TEXT, nullable=False, server_default=""),
    ):
        op.add_column("agreements", column)
    op.add_column("zones", sa.Column("jurisdiction_id", TEXT, nullable=True))
    op.create_table(
        "agreement_versions",
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", TEXT, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "version", name="pk_agreement_versions"),
    )
    op.create_table(
        "zone_versions",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("jurisdiction_id", TEXT, nullable=True),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.Column("geometry", SHAPE, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_zone_versions"),
    )
    op.create_index("ix_zone_versions_agreement_id", "zone_versions", ["agreement_id", "version"])
    op.create_table(
        "redrawings",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_redrawings"),
    )
    _begin_history()


def _begin_history() -> None:
    """Give what is kept already its owner by side, and its present version a place in the history."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        "UPDATE zones SET jurisdiction_id = (SELECT CASE zones.side WHEN 'a' THEN agreements.a WHEN 'b' THEN agreements.b"
        " END FROM agreements WHERE agreements.id = zones.agreement_id)"
    )
    connection.exec_driver_sql(
        "INSERT INTO zone_versions (agreement_id, version, side, jurisdiction_id, area_m2, geometry)"
        " SELECT agreement_id, agreements.version, side, jurisdiction_id, area_m2, geometry"
        " FROM zones JOIN agreements ON agreements.id = zones.agreement_id ORDER BY n"
    )
    # When each was saved was not kept: the last change of any is the latest it can have been.
    at_us = connection.exec_driver_sql("SELECT changed_at_us FROM topics WHERE topic = 'agreements'").scalar() or 0
    summed = connection.exec_driver_sql("SELECT agreement_id, SUM(area_m2) FROM zones GROUP BY agreement_id").all()
    areas = {row[0]: row[1] for row in summed}
    for row in connection.exec_driver_sql("SELECT * FROM agreements").mappings().all():
        terms = {name: row[name] for name in TERMS}
        for name in ("valid_from", "valid_to"):
            terms[name] = None if terms[name] is None else str(terms[name])
        categories = row["categories"]
        terms["categories"] = json.loads(categories) if isinstance(categories, str) else categories
        terms |= {"simulated": bool(row["simulated"]), "others": [], "ends": "flat", "beyond": False}
        terms |= {"powers": "", "stale": ""}
        connection.execute(
            sa.text("INSERT INTO agreement_versions VALUES (:id, :version, 'saved', :at_us, :area_m2, :terms)"),
            {
                "id": row["id"],
                "version": row["version"],
                "at_us": at_us,
                "area_m2": areas.get(row["id"], 0.0),
                "terms": json.dumps(terms),
            },
        )


def downgrade() -> None:
    op.drop_table("redrawings")
    op.drop_index("ix_zone_versions_agreement_id", table_name="zone_versions")
    op.drop_table("zone_versions")
    op.drop_table("agreement_versions")
    op.drop_column("zones", "jurisdiction_id")
    for column in ("stale", "powers", "beyond", "ends", "others"):
        op.drop_column("agreements", column)
