"""The tables, once for both engines; what only one of them has (R*Trees, GiST, points as shapes) is in the migrations.

Instants are whole microseconds since 1970 in UTC (`_us`), so that they compare, index and travel as plain integers.
Points are kept as `lon` and `lat`, other shapes as WKB with their bounds beside them. `n` is a row's own number: ids
come from outside and can be long.
"""

import sqlalchemy as sa

from store.columns import NUMBER, SHAPE, TEXT

REVISION = "0005"

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> sa.Column[int]:
    return sa.Column("n", NUMBER, primary_key=True)


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=nullable, unique=unique)


def _float(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _shape() -> sa.Column[bytes]:
    return sa.Column("geometry", SHAPE, nullable=False)


def _place() -> tuple[sa.Column[float], sa.Column[float]]:
    return _float("lon"), _float("lat")


def _origin() -> tuple[sa.Column[str], sa.Column[str], sa.Column[bool], sa.Column[str]]:
    return _text("source"), _text("datum"), _flag("simulated"), _text("source_file")


topics = sa.Table(
    "topics",
    METADATA,
    sa.Column("topic", TEXT, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    _instant("changed_at_us"),
)

jurisdictions = sa.Table(
    "jurisdictions",
    METADATA,
    _number(),
    _text("id", unique=True),
    _text("name"),
    _text("name_en", nullable=True),
    _text("level", nullable=True),
    _text("parent_id", nullable=True),
    _shape(),
    _float("west"),
    _float("south"),
    _float("east"),
    _float("north"),
    *_origin(),
)

stations = sa.Table(
    "stations",
    METADATA,
    _number(),
    _text("id", unique=True),
    _text("name"),
    _text("level"),
    _text("jurisdiction_id", nullable=True),
    _count("n_officers"),
    _text("phone", nullable=True),
    *_place(),
    *_origin(),
    sa.Index(None, "jurisdiction_id"),
)

firms = sa.Table(
    "firms",
    METADATA,
    _number(),
    _text("id", unique=True),
    _text("name"),
    _text("code"),
    _text("jurisdiction_id", nullable=True),
    _float("risk", nullable=True),
    _float("emissions", nullable=True),
    _float("history", nullable=True),
    _float("safety", nullable=True),
    _float("oversight", nullable=True),
    *_place(),
    *_origin(),
    sa.Index(None, "jurisdiction_id"),
)

incidents = sa.Table(
    "incidents",
    METADATA,
    _number(),
    _text("id", unique=True),
    _instant("at_us"),
    _text("category"),
    _text("source"),
    _count("severity"),
    _text("jurisdiction_id", nullable=True),
    _text("description", nullable=True),
    _float("accuracy_m", nullable=True),
    _text("reported_jurisdiction", nullable=True),
    *_place(),
    sa.Column("cell", sa.BigInteger, nullable=False),
    _flag("simulated"),
    _text("source_file"),
    # Both hold everything a map tile or a count asks for, so that these never touch the rows themselves.
    sa.Index(None, "cell", "at_us", "category", "source", "severity", "jurisdiction_id", "lon", "lat"),
    sa.Index(None, "at_us", "category", "source", "severity", "jurisdiction_id"),
)

borders = sa.Table(
    "borders",
    METADATA,
    _number(),
    _text("a"),
    _text("b"),
    _float("length_m"),
    _text("method"),
    _float("tolerance_m"),
    _shape(),
    sa.UniqueConstraint("a", "b"),
    sa.Index(None, "b"),
)

agreements = sa.Table(
    "agreements",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    _text("title"),
    _text("a"),
    _text("b"),
    _float("depth_a_m"),
    _float("depth_b_m"),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    _float("from_m", nullable=True),
    _float("to_m", nullable=True),
    sa.Column("categories", sa.JSON, nullable=False),
    _text("memorandum"),
    _flag("simulated"),
    _count("version"),
    sa.Column("others", sa.JSON, nullable=False),
    _text("ends"),
    _flag("beyond"),
    _text("powers"),
    _text("stale"),
)

zones = sa.Table(
    "zones",
    METADATA,
    _number(),
    sa.Column("agreement_id", sa.ForeignKey("agreements.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("side"),
    _text("jurisdiction_id", nullable=True),
    _float("area_m2"),
    _shape(),
)

# What was is never changed, and does not go with the agreement it was of.
agreement_versions = sa.Table(
    "agreement_versions",
    METADATA,
    sa.Column("agreement_id", TEXT, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    _text("change"),
    _instant("at_us"),
    _float("area_m2"),
    sa.Column("terms", sa.JSON, nullable=False),
)

zone_versions = sa.Table(
    "zone_versions",
    METADATA,
    _number(),
    _text("agreement_id"),
    _count("version"),
    _text("side"),
    _text("jurisdiction_id", nullable=True),
    _float("area_m2"),
    _shape(),
    sa.Index(None, "agreement_id", "version"),
)

redrawings = sa.Table("redrawings", METADATA, _number(), sa.Column("report", sa.JSON, nullable=False))

patrols = sa.Table(
    "patrols",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    _text("agreement_id"),
    _text("title"),
    sa.Column("on", sa.Date, nullable=False),
    *_place(),
    sa.Column("crew", sa.JSON, nullable=False),
    sa.Column("firm_ids", sa.JSON, nullable=False),
    _text("state"),
    _instant("created_at_us", nullable=True),
    _text("note"),
)

plans = sa.Table(
    "plans",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("on", sa.Date, nullable=False),
    _count("version"),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Index(None, "on"),
)

# An analysis and its findings are kept as they were made: no row of either is ever changed.
analyses = sa.Table(
    "analyses",
    METADATA,
    _number(),
    _text("id", unique=True),
    _text("run"),
    _text("a"),
    _text("b"),
    sa.Column("inquiry", sa.JSON, nullable=False),
    _instant("at_us"),
    _text("by"),
    _float("took_s"),
    sa.Column("first_on", sa.Date, nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
    _count("n_incidents"),
    _count("n_zones"),
    _flag("watch"),
    sa.Column("versions", sa.JSON, nullable=False),
    sa.Column("caveats", sa.JSON, nullable=False),
    sa.Index(None, "a", "b", "at_us"),
)

findings = sa.Table(
    "findings",
    METADATA,
    _number(),
    sa.Column("analysis_id", sa.ForeignKey("analyses.id", ondelete="CASCADE"), nullable=False),
    _count("cluster"),
    *_place(),
    _float("radius_m"),
    _count("n_incidents"),
    _count("n_a"),
    _count("n_b"),
    _flag("straddles"),
    _instant("first_at_us"),
    _instant("last_at_us"),
    _count("max_severity"),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.UniqueConstraint("analysis_id", "cluster"),
)

rejects = sa.Table(
    "rejects",
    METADATA,
    _number(),
    _text("kind"),
    _text("file"),
    _count("row"),
    _text("field"),
    _text("value"),
    _text("expected"),
    sa.Column("raw", sa.JSON, nullable=False),
    sa.UniqueConstraint("kind", "file", "row", "field"),
    # A number once given is not given again: a page left open must not release another reject than it shows.
    sqlite_autoincrement=True,
)

loads = sa.Table(
    "loads",
    METADATA,
    _number(),
    _text("kind"),
    _text("file"),
    _text("source"),
    _text("datum"),
    _instant("at_us"),
    _flag("simulated"),
    _count("n_new"),
    _count("n_changed"),
    _count("n_unchanged"),
    _count("n_rejected"),
    sa.UniqueConstraint("kind", "file", "at_us"),
)

roads = sa.Table(
    "roads",
    METADATA,
    _number(),
    _text("source"),
    _text("data_on", nullable=True),
    _flag("simulated"),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
