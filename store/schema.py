"""The tables, once for both engines; what only one of them has (R*Trees, GiST, points as shapes) is in the migrations.

Instants are whole microseconds since 1970 in UTC (`_us`), so that they compare, index and travel as plain integers.
Points are kept as `lon` and `lat`, other shapes as WKB with their bounds beside them. `n` is a row's own number: ids
come from outside and can be long.
"""

import sqlalchemy as sa

from store.columns import TEXT
from store.schema_people import attempts, audit, audit_head, devices, people
from store.schema_shared import parties, shared_firms, shared_incidents
from store.table_parts import METADATA, count, flag, instant, number, origin, place, real, shape, text

REVISION = "0010"

__all__ = [
    "METADATA",
    "REVISION",
    "agreement_versions",
    "agreements",
    "analyses",
    "attempts",
    "audit",
    "audit_head",
    "borders",
    "devices",
    "findings",
    "firms",
    "incidents",
    "jurisdictions",
    "loads",
    "parties",
    "patrols",
    "people",
    "plans",
    "redrawings",
    "rejects",
    "roads",
    "shared_firms",
    "shared_incidents",
    "stations",
    "topics",
    "zone_versions",
    "zones",
]

topics = sa.Table(
    "topics",
    METADATA,
    sa.Column("topic", TEXT, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    instant("changed_at_us"),
)

jurisdictions = sa.Table(
    "jurisdictions",
    METADATA,
    number(),
    text("id", unique=True),
    text("name"),
    text("name_en", nullable=True),
    text("level", nullable=True),
    text("parent_id", nullable=True),
    shape(),
    real("west"),
    real("south"),
    real("east"),
    real("north"),
    *origin(),
    # Everything below a region is looked up from it downwards.
    sa.Index(None, "parent_id"),
)

stations = sa.Table(
    "stations",
    METADATA,
    number(),
    text("id", unique=True),
    text("name"),
    text("level"),
    text("jurisdiction_id", nullable=True),
    count("n_officers"),
    text("phone", nullable=True),
    *place(),
    *origin(),
    sa.Index(None, "jurisdiction_id"),
)

firms = sa.Table(
    "firms",
    METADATA,
    number(),
    text("id", unique=True),
    text("name"),
    text("code"),
    text("jurisdiction_id", nullable=True),
    real("risk", nullable=True),
    real("emissions", nullable=True),
    real("history", nullable=True),
    real("safety", nullable=True),
    real("oversight", nullable=True),
    *place(),
    *origin(),
    sa.Index(None, "jurisdiction_id"),
)

incidents = sa.Table(
    "incidents",
    METADATA,
    number(),
    text("id", unique=True),
    instant("at_us"),
    text("category"),
    text("source"),
    count("severity"),
    text("jurisdiction_id", nullable=True),
    text("description", nullable=True),
    real("accuracy_m", nullable=True),
    text("reported_jurisdiction", nullable=True),
    *place(),
    sa.Column("cell", sa.BigInteger, nullable=False),
    flag("simulated"),
    text("source_file"),
    # Both hold everything a map tile or a count asks for, so that these never touch the rows themselves.
    sa.Index(None, "cell", "at_us", "category", "source", "severity", "jurisdiction_id", "lon", "lat"),
    sa.Index(None, "at_us", "category", "source", "severity", "jurisdiction_id"),
)

borders = sa.Table(
    "borders",
    METADATA,
    number(),
    text("a"),
    text("b"),
    real("length_m"),
    text("method"),
    real("tolerance_m"),
    shape(),
    sa.UniqueConstraint("a", "b"),
    sa.Index(None, "b"),
)

agreements = sa.Table(
    "agreements",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    text("title"),
    text("a"),
    text("b"),
    real("depth_a_m"),
    real("depth_b_m"),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    real("from_m", nullable=True),
    real("to_m", nullable=True),
    sa.Column("categories", sa.JSON, nullable=False),
    text("memorandum"),
    flag("simulated"),
    count("version"),
    sa.Column("others", sa.JSON, nullable=False),
    text("ends"),
    flag("beyond"),
    text("powers"),
    text("stale"),
    sa.Column("shares", sa.JSON, nullable=False),
    sa.Column("consents", sa.JSON, nullable=False),
)

zones = sa.Table(
    "zones",
    METADATA,
    number(),
    sa.Column("agreement_id", sa.ForeignKey("agreements.id", ondelete="CASCADE"), nullable=False, index=True),
    text("side"),
    text("jurisdiction_id", nullable=True),
    real("area_m2"),
    shape(),
)

# What was is never changed, and does not go with the agreement it was of.
agreement_versions = sa.Table(
    "agreement_versions",
    METADATA,
    sa.Column("agreement_id", TEXT, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    text("change"),
    instant("at_us"),
    real("area_m2"),
    sa.Column("terms", sa.JSON, nullable=False),
    text("made_by"),
)

zone_versions = sa.Table(
    "zone_versions",
    METADATA,
    number(),
    text("agreement_id"),
    count("version"),
    text("side"),
    text("jurisdiction_id", nullable=True),
    real("area_m2"),
    shape(),
    sa.Index(None, "agreement_id", "version"),
)

redrawings = sa.Table("redrawings", METADATA, number(), sa.Column("report", sa.JSON, nullable=False))

patrols = sa.Table(
    "patrols",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    text("agreement_id"),
    text("title"),
    sa.Column("on", sa.Date, nullable=False),
    *place(),
    sa.Column("crew", sa.JSON, nullable=False),
    sa.Column("firm_ids", sa.JSON, nullable=False),
    text("state"),
    instant("created_at_us", nullable=True),
    text("note"),
)

plans = sa.Table(
    "plans",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("on", sa.Date, nullable=False),
    text("a"),
    text("b"),
    count("version"),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Index(None, "on"),
)

# An analysis and its findings are kept as they were made: no row of either is ever changed.
analyses = sa.Table(
    "analyses",
    METADATA,
    number(),
    text("id", unique=True),
    text("run"),
    text("a"),
    text("b"),
    sa.Column("inquiry", sa.JSON, nullable=False),
    instant("at_us"),
    text("by"),
    real("took_s"),
    sa.Column("first_on", sa.Date, nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
    count("n_incidents"),
    count("n_zones"),
    flag("watch"),
    sa.Column("versions", sa.JSON, nullable=False),
    sa.Column("caveats", sa.JSON, nullable=False),
    # Whose data were looked at: regions between commas, with one at each end; empty for everything there was.
    text("scope"),
    sa.Index(None, "a", "b", "at_us"),
)

findings = sa.Table(
    "findings",
    METADATA,
    number(),
    sa.Column("analysis_id", sa.ForeignKey("analyses.id", ondelete="CASCADE"), nullable=False),
    count("cluster"),
    *place(),
    real("radius_m"),
    count("n_incidents"),
    count("n_a"),
    count("n_b"),
    flag("straddles"),
    instant("first_at_us"),
    instant("last_at_us"),
    count("max_severity"),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.UniqueConstraint("analysis_id", "cluster"),
)

rejects = sa.Table(
    "rejects",
    METADATA,
    number(),
    text("kind"),
    text("file"),
    count("row"),
    text("field"),
    text("value"),
    text("expected"),
    sa.Column("raw", sa.JSON, nullable=False),
    sa.UniqueConstraint("kind", "file", "row", "field"),
    # A number once given is not given again: a page left open must not release another reject than it shows.
    sqlite_autoincrement=True,
)

loads = sa.Table(
    "loads",
    METADATA,
    number(),
    text("kind"),
    text("file"),
    text("source"),
    text("datum"),
    instant("at_us"),
    flag("simulated"),
    count("n_new"),
    count("n_changed"),
    count("n_unchanged"),
    count("n_rejected"),
    sa.UniqueConstraint("kind", "file", "at_us"),
)

roads = sa.Table(
    "roads",
    METADATA,
    number(),
    text("source"),
    text("data_on", nullable=True),
    flag("simulated"),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
