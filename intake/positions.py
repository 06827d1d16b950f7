"""Where the rows are: points out of coordinate columns or shapes, in WGS-84, with what is wrong with each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from casework.model import WORLD, Box
from intake.faults import Faults, Mask
from intake.reference import Floats, Reference
from intake.tables import Shapes, stripped

_EXPECTED_DEGREES = "a longitude of -180 to 180 and a latitude of -90 to 90, decimal degrees"
_EXPECTED_NUMBER = "decimal degrees such as 120.1234"
_SWAPPED = "longitude first: longitude and latitude are swapped"


@dataclass(frozen=True)
class Columns:
    """The texts of the two coordinate columns, and what the file calls them."""

    x: pd.Series
    y: pd.Series
    x_name: str
    y_name: str


def from_columns(columns: Columns, reference: Reference, faults: Faults, near: Box | None = None) -> Shapes:
    """Points of rows whose coordinates stand in two columns; None where faulty.

    Parameters
    ----------
    columns
        Texts.
    reference
        What the numbers refer to.
    faults
        Grows by the rows without a usable point.
    near
        Box of all jurisdictions: a point outside it whose mirror image lies inside was swapped.
    """
    x_text, y_text = stripped(columns.x), stripped(columns.y)
    for text, name in ((x_text, columns.x_name), (y_text, columns.y_name)):
        faults.add(text == "", name, text.to_numpy(), _EXPECTED_NUMBER + "; the coordinate is missing")
    x, y = _numbers(x_text), _numbers(y_text)
    faults.add(~np.isfinite(x), columns.x_name, x_text.to_numpy(), _EXPECTED_NUMBER + ", a number")
    faults.add(~np.isfinite(y), columns.y_name, y_text.to_numpy(), _EXPECTED_NUMBER + ", a number")
    field = f"{columns.x_name}, {columns.y_name}"
    return _points(x, y, field, reference, faults, near)


def from_shapes(shapes: Shapes, field: str, reference: Reference, faults: Faults, near: Box | None = None) -> Shapes:
    """Points of rows that carry a shape; None where it is none."""
    single = np.asarray(
        [s.geoms[0] if s is not None and s.geom_type == "MultiPoint" and len(s.geoms) == 1 else s for s in shapes],
        object,
    )
    empty = shapely.is_missing(single) | shapely.is_empty(single)
    faults.add(empty, field, _types(single), "a point; the coordinates are missing")
    faults.add(shapely.get_type_id(single) != shapely.GeometryType.POINT, field, _types(single), "a point")
    x, y = np.asarray(shapely.get_x(single), float), np.asarray(shapely.get_y(single), float)
    faults.add(~(np.isfinite(x) & np.isfinite(y)), field, lambda i: f"{x[i]}, {y[i]}", _EXPECTED_NUMBER + ", a number")
    return _points(x, y, field, reference, faults, near)


def _points(x: Floats, y: Floats, field: str, reference: Reference, faults: Faults, near: Box | None) -> Shapes:
    def said(i: int) -> str:
        return f"{x[i]:.10g}, {y[i]:.10g}"

    faults.add((x == 0) & (y == 0), field, said, "the place of the incident; 0, 0 lies in the Gulf of Guinea")
    if reference.in_degrees:
        inside = _within(x, y, WORLD)
        faults.add(~inside & _within(y, x, WORLD), field, said, _SWAPPED)
        faults.add(~inside, field, said, _EXPECTED_DEGREES)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    good = faults.good
    lon[good], lat[good] = reference.points(x[good], y[good])
    if not reference.in_degrees:
        faults.add(~_within(lon, lat, WORLD), field, said, f"metres in {reference.name}")
    if near is not None:
        faults.add(~_within(lon, lat, near) & _within(lat, lon, near), field, said, _SWAPPED)
    points = np.full(len(x), None, object)
    good = faults.good
    points[good] = shapely.points(lon[good], lat[good])
    return points


def _within(x: Floats, y: Floats, box: Box) -> Mask:
    inside: Mask = (x >= box.west) & (x <= box.east) & (y >= box.south) & (y <= box.north)
    return inside


def _numbers(texts: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(texts, errors="coerce"), float)


def _types(shapes: Shapes) -> npt.NDArray[np.object_]:
    return np.asarray(
        ["nothing" if s is None else f"{'empty ' if s.is_empty else ''}{s.geom_type}" for s in shapes], object
    )
