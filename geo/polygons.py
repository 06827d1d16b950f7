"""What every overlay asks of its results: the polygons in them, and how much ground these are."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo.crs import project
from geo.shifts import Floats

_POLYGON = int(shapely.GeometryType.POLYGON)
_EQUAL_AREA = pyproj.CRS.from_epsg(6933)
_STRAIGHT_DEG = 0.01


def polygons_of(shape: Any) -> Any:
    """The polygons of a shape as one, without its lines and points.

    Parameters
    ----------
    shape
        Any geometry but None.

    Returns
    -------
    Polygon or MultiPolygon
        An empty MultiPolygon where there is none.

    Examples
    --------
    >>> polygons_of(shapely.union(shapely.box(0, 0, 1, 1), shapely.Point(2, 2))).bounds
    (0.0, 0.0, 1.0, 1.0)
    >>> polygons_of(shapely.Point()).wkt
    'MULTIPOLYGON EMPTY'
    """
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > _POLYGON).any():  # collections may stand in collections
        parts = shapely.get_parts(parts)
    kept = parts[(shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(list(kept))


def areas_m2(shapes: npt.ArrayLike) -> Floats:
    """Area of each shape on the ellipsoid, square metres, its edges straight in degrees as a map draws them.

    Parameters
    ----------
    shapes
        Polygons and multipolygons, EPSG:4326, shape (n,).

    Returns
    -------
    array of float
        One area per shape: its outer rings less its holes. A ring that crosses itself counts as it is wound.

    Examples
    --------
    >>> areas_m2([shapely.box(0, 0, 0.001, 0.001)]).round(-1)
    array([12310.])
    >>> areas_m2([])
    array([], dtype=float64)
    """
    parts, of_shape = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    # In the equal-area plane a long slanting edge is none that a map draws; short ones are both. Ring by ring, because
    # segmentize mends a polygon that crosses itself.
    short = shapely.polygons(shapely.segmentize(rings, _STRAIGHT_DEG))
    is_hole = np.r_[False, np.diff(of_part) == 0][: len(rings)]
    signed_m2 = np.where(is_hole, -1.0, 1.0) * shapely.area(project(short, _EQUAL_AREA))
    return np.bincount(of_shape[of_part], signed_m2, minlength=np.size(shapes)).astype(float)
