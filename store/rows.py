"""Frames to rows and back: plain Python values one way, columns of the right type the other, also for no row at all."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.errors import CaseError
from geo.errors import FrameError
from geo.frames import WGS84

Convert = Callable[["pd.Series[Any]"], list[Any]]
Rows = Sequence[Sequence[Any]]

# How a column of a frame is called by pandas; the database's own types are in the schema.
TEXT, FLOAT, INT, FLAG, INSTANT = "str", "float64", "int64", "bool", "datetime64[us, UTC]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """Whole microseconds since 1970 in UTC.

    Raises
    ------
    CaseError
        When `at` has no time zone.

    Examples
    --------
    >>> to_us(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    if at.tzinfo is None:
        raise CaseError(f"The instant {at} has no time zone; every instant needs one.")
    return (at - _EPOCH) // _US


def from_us(us: int) -> datetime:
    """Instant, aware, UTC.

    Examples
    --------
    >>> from_us(-1)
    datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + us * _US


def texts(column: "pd.Series[Any]") -> list[str | None]:
    """Text; None where it is missing."""
    return [None if gone else str(value) for value, gone in zip(column.tolist(), column.isna(), strict=True)]


def floats(column: "pd.Series[Any]") -> list[float | None]:
    """Numbers; None where they are missing."""
    return [None if math.isnan(value) else value for value in pd.to_numeric(column).astype("float64").tolist()]


def ints(column: "pd.Series[Any]") -> list[int]:
    """Whole numbers."""
    return list(column.astype("int64").tolist())


def instants(column: "pd.Series[Any]") -> list[int]:
    """Microseconds since 1970 in UTC."""
    return list(column.dt.tz_convert("UTC").dt.as_unit("us").astype("int64").tolist())


def columns_of(frame: pd.DataFrame, converts: Mapping[str, Convert]) -> dict[str, list[Any]]:
    """Values of each column named in `converts`; None throughout where the frame has no such column."""
    return {
        name: convert(frame[name]) if name in frame.columns else [None] * len(frame)
        for name, convert in converts.items()
    }


def flat(frame: gpd.GeoDataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Shapes in two dimensions.

    Raises
    ------
    FrameError
        When one is empty: it is nowhere, and could never be found again.
    """
    geometry = frame.geometry.to_numpy()
    empty = shapely.is_empty(geometry)
    if empty.any():
        raise FrameError(f"Row {frame.index[int(empty.argmax())]!r} has an empty geometry; expected a place.")
    return np.asarray(shapely.force_2d(geometry), object)


def table(rows: Rows, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Frame of rows whose values stand in the order of `dtypes`."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dtypes)
    return pd.DataFrame(
        {name: _column(values, dtype) for (name, dtype), values in zip(dtypes.items(), columns, strict=True)}
    )


def points(rows: Rows, dtypes: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Frame of points; each row ends in lon, lat."""
    frame = table(rows, {**dtypes, "lon": FLOAT, "lat": FLOAT})
    places = shapely.points(frame.pop("lon").to_numpy(), frame.pop("lat").to_numpy())
    return gpd.GeoDataFrame(frame, geometry=places, crs=WGS84)


def shapes(rows: Rows, dtypes: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Frame of lines or polygons; each row ends in WKB."""
    frame = table(rows, {**dtypes, "geometry": "object"})
    places = shapely.from_wkb(frame.pop("geometry").to_numpy())
    return gpd.GeoDataFrame(frame, geometry=places, crs=WGS84)


def _column(values: Sequence[Any], dtype: str) -> "pd.Series[Any]":
    if dtype == INSTANT:
        return pd.Series(np.array(values, "int64").view("datetime64[us]")).dt.tz_localize("UTC")
    return pd.Series(values, dtype=dtype)
