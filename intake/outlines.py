"""Outlines of jurisdictions: polygons in WGS-84, repaired where that is possible without guessing."""

import numpy as np
import pandas as pd
import shapely

from casework.model import WORLD
from intake.faults import Faults, Mask
from intake.reference import Reference
from intake.tables import Shapes, stripped

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def from_texts(texts: pd.Series, field: str, faults: Faults) -> Shapes:
    """Shapes that stand as well-known text in a column; None where the text is none."""
    values = stripped(texts).to_numpy()
    shapes: Shapes = np.asarray(shapely.from_wkt([text or None for text in values], on_invalid="ignore"), np.object_)
    faults.add((values != "") & shapely.is_missing(shapes), field, values, "well-known text such as POLYGON ((...))")
    return shapes


def outlines(shapes: Shapes, field: str, reference: Reference, faults: Faults) -> tuple[Shapes, Mask]:
    """Valid polygons in WGS-84, and which of them had to be repaired.

    Parameters
    ----------
    shapes
        As they stand in the file; None where there is none.
    field
        What the file calls the column.
    reference
        What the coordinates refer to.
    faults
        Grows by the rows that have no area.
    """
    flat: Shapes = np.asarray(shapely.force_2d(shapes), object)
    empty = shapely.is_missing(flat) | shapely.is_empty(flat)
    faults.add(empty, field, _said(flat), "a polygon; there is no shape")
    faults.add(~np.isin(shapely.get_type_id(flat), _POLYGONS), field, _said(flat), "a polygon")
    bounds = shapely.bounds(flat)
    endless = [not np.isfinite(shapely.get_coordinates(shape)).all() for shape in flat]
    faults.add(endless, field, _said(flat), "a polygon with finite coordinates")
    if reference.in_degrees:
        _check_degrees(bounds, field, faults)
    good = faults.good
    moved = np.full(len(flat), None, object)
    moved[good] = reference.shapes(flat[good])
    if not reference.in_degrees:
        on_globe = np.isfinite(shapely.bounds(moved)).all(axis=1)
        faults.add(~on_globe, field, _said(flat), f"metres in {reference.name}")
        moved[~faults.good] = None
    invalid = faults.good & ~shapely.is_valid(moved)
    moved[invalid] = shapely.make_valid(moved[invalid], method="structure", keep_collapsed=False)
    lost = shapely.is_empty(moved) | (shapely.area(moved) == 0) | ~np.isin(shapely.get_type_id(moved), _POLYGONS)
    faults.add(lost, field, _said(flat), "a polygon with an area")
    moved[faults.bad] = None
    return moved, invalid & faults.good


def _check_degrees(bounds: np.ndarray, field: str, faults: Faults) -> None:
    west, south, east, north = bounds.T

    def said(i: int) -> str:
        return ", ".join(f"{edge:.6g}" for edge in bounds[i])

    inside = (west >= WORLD.west) & (east <= WORLD.east) & (south >= WORLD.south) & (north <= WORLD.north)
    mirrored = (south >= WORLD.west) & (north <= WORLD.east) & (west >= WORLD.south) & (east <= WORLD.north)
    faults.add(~inside & mirrored, field, said, "longitude first: longitude and latitude are swapped")
    faults.add(~inside, field, said, "longitudes of -180 to 180 and latitudes of -90 to 90, decimal degrees")


def _said(shapes: Shapes) -> list[str]:
    return ["nothing" if s is None else f"{'empty ' if s.is_empty else ''}{s.geom_type}" for s in shapes]
