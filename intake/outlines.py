"""Outlines of jurisdictions: polygons in WGS-84, repaired where that is possible without guessing."""

import numpy as np
import pandas as pd
import shapely

from casework.model import WORLD
from geo.polygons import areas_m2
from geo.repairs import mended
from intake.faults import Faults
from intake.reference import Reference
from intake.tables import Shapes, stripped

_TAKEN = (
    shapely.GeometryType.POLYGON,
    shapely.GeometryType.MULTIPOLYGON,
    shapely.GeometryType.GEOMETRYCOLLECTION,  # some programs keep a line or a point beside the polygons
)


def from_texts(texts: pd.Series, field: str, faults: Faults) -> Shapes:
    """Shapes that stand as well-known text in a column; None where the text is none."""
    values = stripped(texts).to_numpy()
    shapes: Shapes = np.asarray(shapely.from_wkt([text or None for text in values], on_invalid="ignore"), np.object_)
    faults.add((values != "") & shapely.is_missing(shapes), field, values, "well-known text such as POLYGON ((...))")
    return shapes


def outlines(shapes: Shapes, field: str, reference: Reference, faults: Faults) -> tuple[Shapes, pd.DataFrame]:
    """Valid polygons in WGS-84, and what had to be repaired in which of them.

    The second is a frame by the position of the row: reason, area_before_m2 and area_after_m2.

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
    faults.add(~np.isin(shapely.get_type_id(flat), _TAKEN), field, _said(flat), "a polygon")
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
    whole, reasons = mended(moved)
    faults.add(shapely.is_missing(whole), field, _said(flat), "a polygon with an area")
    changed = np.flatnonzero(faults.good & (reasons != ""))
    areas = {"area_before_m2": areas_m2(moved[changed]), "area_after_m2": areas_m2(whole[changed])}
    whole[faults.bad] = None
    return whole, pd.DataFrame({"reason": reasons[changed], **areas}, index=changed)


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
