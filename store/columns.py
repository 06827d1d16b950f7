"""Types of columns that the engines keep each in its own way; the tables and the migrations are made of them."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry


class _Shape(Geometry):
    """PostGIS's own type, which takes and gives WKB."""

    from_text = "ST_GeomFromWKB"
    as_binary = "ST_AsBinary"
    cache_ok = True

    def bind_processor(self, _dialect: sa.Dialect) -> Callable[[Any], Any]:
        """What turns WKB into a parameter."""
        return lambda value: value

    def result_processor(self, _dialect: sa.Dialect, _coltype: object) -> Callable[[Any], Any]:
        """What turns a value of the database into WKB."""
        return lambda value: None if value is None else bytes(value)


# SQLite's fast row number is an INTEGER, and only that word makes it one.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Ordered by code point, as Python orders and as SQLite does, whatever the language of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SHAPE = sa.LargeBinary().with_variant(_Shape("GEOMETRY", 4326, spatial_index=False), "postgresql")
