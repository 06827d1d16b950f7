"""Outlines that cross themselves or carry more than polygons, mended without guessing; and an account of it."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import DatumError, FrameError, GeoError
from geo.frames import JURISDICTIONS, WGS84
from geo.polygons import areas_m2, polygons_of

Shapes = npt.NDArray[np.object_]
_POLYGONS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
_COLLECTION = int(shapely.GeometryType.GEOMETRYCOLLECTION)
_REASON_OF_COLLECTION = "Lines or points beside the polygons"


def repaired(jurisdictions: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """The jurisdictions with valid outlines, and what had to be done to which.

    Parameters
    ----------
    jurisdictions
        Columns of `geo.frames.JURISDICTIONS`, EPSG:4326; polygons, valid or not, and collections that hold polygons.

    Returns
    -------
    tuple
        The frame `geo.frames.JURISDICTIONS`, all polygons valid, in the same order; and a frame with the columns id,
        reason (what was wrong first, and where), area_before_m2 and area_after_m2 (ellipsoid), one row for each outline
        that was changed. Outlines that were valid are the same objects as before.

    Raises
    ------
    FrameError
        When columns are missing or ids are not unique.
    DatumError
        When the frame has no reference system, or another than EPSG:4326.
    GeoError
        When an outline is missing, empty, no polygon, or has no area.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> frame = gpd.GeoDataFrame({"id": ["x"], "name": ["X"]}, geometry=[bow], crs=4326)
    >>> mended, repairs = repaired(frame)
    >>> mended.geometry.iloc[0].is_valid, repairs["reason"].tolist()
    (True, ['Self-intersection[0.5 0.5]'])
    >>> [len(part) for part in repaired(frame.iloc[:0])]
    [0, 0]
    """
    _refuse(jurisdictions)
    shapes, reasons = mended(jurisdictions.geometry.to_numpy())
    ids = jurisdictions["id"].to_numpy(dtype=object)
    lost = np.flatnonzero(shapely.is_missing(shapes))
    if len(lost):
        raise GeoError(f"the outline of {ids[lost[0]]!r} has no area: a polygon with an area was expected")
    changed = np.flatnonzero(reasons != "")
    repairs = pd.DataFrame(
        {
            "id": ids[changed],
            "reason": reasons[changed],
            "area_before_m2": areas_m2(jurisdictions.geometry.to_numpy()[changed]),
            "area_after_m2": areas_m2(shapes[changed]),
        }
    ).astype({"id": "str", "reason": "str"})
    whole = jurisdictions.set_geometry(shapes, crs=WGS84)
    JURISDICTIONS.check(whole)
    return whole, repairs


def mended(shapes: npt.ArrayLike) -> tuple[Shapes, npt.NDArray[np.object_]]:
    """Valid polygons, and for each what was wrong with it.

    The ground between the rings of a polygon stays what it was: a loop that crosses itself becomes two parts, a hole
    that leaves its shell is cut at it, spikes and lines without area go. In collections only the polygons stay.

    Parameters
    ----------
    shapes
        Geometries with finite coordinates; None stays None.

    Returns
    -------
    tuple
        Polygons and multipolygons, None where nothing with an area is left; and texts: "" where nothing was done, else
        the reason and its place.

    References
    ----------
    GEOS, GEOSMakeValid with method "structure" (2022).

    Examples
    --------
    >>> whole, reasons = mended([shapely.box(0, 0, 1, 1), shapely.Point(0, 0), None])
    >>> whole[0].wkt, whole[1], reasons.tolist()
    ('POLYGON ((1 0, 1 1, 0 1, 0 0, 1 0))', None, ['', '', ''])
    >>> mended([])
    (array([], dtype=object), array([], dtype=object))
    """
    found: Shapes = np.array(shapes, dtype=object)
    reasons = np.full(len(found), "", dtype=object)
    mixed = shapely.get_type_id(found) == _COLLECTION
    found[mixed] = [polygons_of(shape) for shape in found[mixed]]
    reasons[mixed] = _REASON_OF_COLLECTION
    invalid = np.flatnonzero(~shapely.is_missing(found) & ~shapely.is_valid(found))
    reasons[invalid] = shapely.is_valid_reason(found[invalid])
    valid = shapely.make_valid(found[invalid], method="structure", keep_collapsed=False)
    found[invalid] = [polygons_of(shape) for shape in valid]
    area = np.nan_to_num(shapely.area(found))
    bare = ~np.isin(shapely.get_type_id(found), _POLYGONS) | ~(area > 0)
    found[bare], reasons[bare] = None, ""
    return found, reasons


def _refuse(frame: Any) -> None:
    """Nothing, when the frame holds jurisdictions, whatever the state of their outlines."""
    if not isinstance(frame, gpd.GeoDataFrame) or not set(JURISDICTIONS.columns.columns) <= set(frame.columns):
        raise FrameError("jurisdictions: a GeoDataFrame with id, name and geometry was expected")
    if frame.crs is None:
        raise DatumError("jurisdictions: the frame does not say its reference system; EPSG:4326 was expected")
    if frame.crs.to_epsg() != WGS84:
        raise DatumError(f"jurisdictions: EPSG:4326 was expected, not {frame.crs.to_string()}")
    shapes = frame.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = np.flatnonzero(missing | ~np.isin(shapely.get_type_id(shapes), (*_POLYGONS, _COLLECTION)))
    if len(wrong):
        shape = shapes[wrong[0]]
        what = "nothing" if missing[wrong[0]] else shape.geom_type
        raise GeoError(f"the outline of {frame['id'].iloc[wrong[0]]!r} is {what}: a polygon was expected")
