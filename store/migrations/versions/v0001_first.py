"""The first tables, and what finds rows by their bounds: R*Trees on SQLite, GiST on PostGIS."""

import sqlalchemy as sa
from alembic import op

from store.columns import NUMBER, SHAPE, TEXT

revision = "0001"
down_revision = None

# Table, and what its bounds are called: points are boxes without extent.
BOXED = (
    ("jurisdictions", "west", "east", "south", "north"),
    ("stations", "lon", "lon", "lat", "lat"),
    ("firms", "lon", "lon", "lat", "lat"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.create_table(
        "agreements",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("a", TEXT, nullable=False),
        sa.Column("b", TEXT, nullable=False),
        sa.Column("depth_a_m", sa.Float(), nullable=False),
        sa.Column("depth_b_m", sa.Float(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("from_m", sa.Float(), nullable=True),
        sa.Column("to_m", sa.Float(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("memorandum", TEXT, nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
    )
    op.create_table(
        "borders",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("a", TEXT, nullable=False),
        sa.Column("b", TEXT, nullable=False),
        sa.Column("length_m", sa.Float(), nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("tolerance_m", sa.Float(), nullable=False),
        sa.Column("geometry", SHAPE, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_borders"),
        sa.UniqueConstraint("a", "b", name="uq_borders_a"),
    )
    op.create_index("ix_borders_b", "borders", ["b"])
    op.create_table(
        "firms",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("jurisdiction_id", TEXT, nullable=True),
        sa.Column("risk", sa.Float(), nullable=True),
        sa.Column("emissions", sa.Float(), nullable=True),
        sa.Column("history", sa.Float(), nullable=True),
        sa.Column("safety", sa.Float(), nullable=True),
        sa.Column("oversight", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("datum", TEXT, nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("source_file", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_firms"),
        sa.UniqueConstraint("id", name="uq_firms_id"),
    )
    op.create_index("ix_firms_jurisdiction_id", "firms", ["jurisdiction_id"])
    op.create_table(
        "incidents",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("jurisdiction_id", TEXT, nullable=True),
        sa.Column("description", TEXT, nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("reported_jurisdiction", TEXT, nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("source_file", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_incidents"),
        sa.UniqueConstraint("id", name="uq_incidents_id"),
    )
    op.create_index("ix_incidents_at_us", "incidents", ["at_us", "category", "source", "severity", "jurisdiction_id"])
    op.create_index(
        "ix_incidents_cell",
        "incidents",
        ["cell", "at_us", "category", "source", "severity", "jurisdiction_id", "lon", "lat"],
    )
    op.create_table(
        "jurisdictions",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=True),
        sa.Column("level", TEXT, nullable=True),
        sa.Column("parent_id", TEXT, nullable=True),
        sa.Column("geometry", SHAPE, nullable=False),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("datum", TEXT, nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("source_file", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_jurisdictions"),
        sa.UniqueConstraint("id", name="uq_jurisdictions_id"),
    )
    op.create_table(
        "loads",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("datum", TEXT, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("n_new", sa.Integer(), nullable=False),
        sa.Column("n_changed", sa.Integer(), nullable=False),
        sa.Column("n_unchanged", sa.Integer(), nullable=False),
        sa.Column("n_rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_loads"),
        sa.UniqueConstraint("kind", "file", "at_us", name="uq_loads_kind"),
    )
    op.create_table(
        "patrols",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("crew", sa.JSON(), nullable=False),
        sa.Column("firm_ids", sa.JSON(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patrols"),
    )
    op.create_table(
        "rejects",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("expected", TEXT, nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_rejects"),
        sa.UniqueConstraint("kind", "file", "row", "field", name="uq_rejects_kind"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "stations",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("jurisdiction_id", TEXT, nullable=True),
        sa.Column("n_officers", sa.Integer(), nullable=False),
        sa.Column("phone", TEXT, nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("datum", TEXT, nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("source_file", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_stations"),
        sa.UniqueConstraint("id", name="uq_stations_id"),
    )
    op.create_index("ix_stations_jurisdiction_id", "stations", ["jurisdiction_id"])
    op.create_table(
        "topics",
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name="pk_topics"),
    )
    op.create_table(
        "zones",
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("agreement_id", TEXT, nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.Column("geometry", SHAPE, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name="fk_zones_agreement_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("n", name="pk_zones"),
    )
    op.create_index("ix_zones_agreement_id", "zones", ["agreement_id"])
    if op.get_bind().dialect.name == "sqlite":
        for table, west, east, south, north in BOXED:
            _box(table, west, east, south, north)
    else:
        _gist()


def _gist() -> None:
    """Index shapes, and give points one that follows their numbers."""
    for table in ("jurisdictions", "zones"):
        op.execute(f"CREATE INDEX ix_{table}_geometry ON {table} USING gist (geometry)")
    point = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)"
    for table in ("stations", "firms"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN place geometry(Point, 4326) GENERATED ALWAYS AS ({point}) STORED")
        op.execute(f"CREATE INDEX ix_{table}_place ON {table} USING gist (place)")


def _box(table: str, west: str, east: str, south: str, north: str) -> None:
    """Add an R*Tree of the rows' bounds that follows its table through triggers."""
    put = f"INSERT INTO {table}_box VALUES (new.n, new.{west}, new.{east}, new.{south}, new.{north});"  # noqa: S608
    drop = f"DELETE FROM {table}_box WHERE n = old.n;"  # noqa: S608
    bounds = ", ".join(dict.fromkeys((west, east, south, north)))
    op.execute(f"CREATE VIRTUAL TABLE {table}_box USING rtree(n, west, east, south, north)")
    op.execute(f"CREATE TRIGGER {table}_box_insert AFTER INSERT ON {table} BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {table}_box_update AFTER UPDATE OF {bounds} ON {table} BEGIN {drop} {put} END")
    op.execute(f"CREATE TRIGGER {table}_box_delete AFTER DELETE ON {table} BEGIN {drop} END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, *_ in BOXED:
            op.execute(f"DROP TABLE {table}_box")
    op.drop_index("ix_zones_agreement_id", table_name="zones")
    op.drop_table("zones")
    op.drop_table("topics")
    op.drop_index("ix_stations_jurisdiction_id", table_name="stations")
    op.drop_table("stations")
    op.drop_table("rejects")
    op.drop_table("patrols")
    op.drop_table("loads")
    op.drop_table("jurisdictions")
    op.drop_index("ix_incidents_cell", table_name="incidents")
    op.drop_index("ix_incidents_at_us", table_name="incidents")
    op.drop_table("incidents")
    op.drop_index("ix_firms_jurisdiction_id", table_name="firms")
    op.drop_table("firms")
    op.drop_index("ix_borders_b", table_name="borders")
    op.drop_table("borders")
    op.drop_table("agreements")
