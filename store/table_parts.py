"""What the tables are made of: one collection of them all, and columns that mean the same wherever they stand."""

import sqlalchemy as sa

from store.columns import NUMBER, SHAPE, TEXT

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def number() -> sa.Column[int]:
    """A row's own number."""
    return sa.Column("n", NUMBER, primary_key=True)


def text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[str]:
    """A text."""
    return sa.Column(name, TEXT, nullable=nullable, unique=unique)


def real(name: str, *, nullable: bool = False) -> sa.Column[float]:
    """A number."""
    return sa.Column(name, sa.Float, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    """Whole microseconds since 1970 in UTC."""
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def count(name: str) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.Integer, nullable=False)


def flag(name: str) -> sa.Column[bool]:
    """Yes or no."""
    return sa.Column(name, sa.Boolean, nullable=False)


def shape() -> sa.Column[bytes]:
    """Another shape than a point."""
    return sa.Column("geometry", SHAPE, nullable=False)


def place() -> tuple[sa.Column[float], sa.Column[float]]:
    """A point, WGS-84."""
    return real("lon"), real("lat")


def origin() -> tuple[sa.Column[str], sa.Column[str], sa.Column[bool], sa.Column[str]]:
    """Where a row came from."""
    return text("source"), text("datum"), flag("simulated"), text("source_file")
