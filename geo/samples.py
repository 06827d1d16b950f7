"""Even ground: points spread evenly over a shape, and squares that cut it into places of one size."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import metric_crs, project, transformer
from geo.errors import GeoError
from geo.frames import WGS84
from geo.shifts import Floats

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def even_points(shape: BaseGeometry, n: int) -> Floats:
    """About `n` points in a square grid over a polygon, so that each stands for as much ground.

    Parameters
    ----------
    shape
        Polygon or multipolygon, EPSG:4326.
    n
        How many, 1 or more; there may be some more or fewer. A shape too thin for any grid point gives one, within it.

    Returns
    -------
    array of float
        Longitude and latitude, (k, 2); k is 0 where the shape has no area.

    Raises
    ------
    GeoError
        When less than one point is asked for.

    Examples
    --------
    >>> even_points(shapely.box(120, 30, 120.1, 30.1), 100).shape
    (99, 2)
    >>> even_points(shapely.Polygon(), 100).shape
    (0, 2)
    """
    if n < 1:
        raise GeoError(f"n is {n}: at least 1 point was expected")
    if shape.is_empty or shape.area == 0:
        return np.empty((0, 2))
    crs = metric_crs(shape.bounds)
    (flat,) = project(np.array([shape], dtype=object), crs)
    step_m = np.sqrt(flat.area / n)
    x, y = (axis.ravel() for axis in np.meshgrid(*(_steps(*ends, step_m) for ends in _ends(flat))))
    inside = shapely.contains_xy(flat, x, y)
    found = (
        np.column_stack((x[inside], y[inside])) if inside.any() else shapely.get_coordinates(flat.point_on_surface())
    )
    return np.column_stack(transformer(crs, inverse=True).transform(*found.T))


def square_cells(shape: BaseGeometry, side_m: float, least: float = 0.05) -> gpd.GeoDataFrame:
    """Squares of one size over a polygon, cut at its outline.

    Parameters
    ----------
    shape
        Polygon or multipolygon, EPSG:4326.
    side_m
        Side of a square, metres.
    least
        Pieces with less than this share of a square's area are left out.

    Returns
    -------
    GeoDataFrame
        Columns id (a letter for the row from the north, a number for the column from the west) and geometry, EPSG:4326.

    Raises
    ------
    GeoError
        When the side is not above 0.

    Examples
    --------
    >>> cells = square_cells(shapely.box(120, 30, 120.06, 30.05), 3000)
    >>> cells["id"].tolist()
    ['A1', 'A2', 'B1', 'B2']
    >>> len(square_cells(shapely.Polygon(), 3000))
    0
    """
    if not side_m > 0:
        raise GeoError(f"side_m is {side_m:g}: metres above 0 were expected")
    if shape.is_empty or shape.area == 0:
        return gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=WGS84)
    crs = metric_crs(shape.bounds)
    (flat,) = project(np.array([shape], dtype=object), crs)
    west, south, east, north = flat.bounds
    n_columns, n_rows = (max(1, int(np.ceil((high - low) / side_m))) for low, high in ((west, east), (south, north)))
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(n_columns), np.arange(n_rows)))
    left, top = west + column * side_m, north - row * side_m
    pieces = shapely.intersection(shapely.box(left, top - side_m, left + side_m, top), flat)
    stays = shapely.area(pieces) >= least * side_m**2
    ids = [f"{_row_name(int(one))}{number + 1}" for one, number in zip(row[stays], column[stays], strict=True)]
    cells = gpd.GeoDataFrame({"id": pd.Series(ids, dtype="str")}, geometry=pieces[stays], crs=crs)
    return cells.to_crs(WGS84)


def _ends(flat: BaseGeometry) -> tuple[tuple[float, float], tuple[float, float]]:
    """West to east and south to north."""
    west, south, east, north = flat.bounds
    return (west, east), (south, north)


def _steps(low: float, high: float, step: float) -> Floats:
    """Middles of steps from low to high, as many as fit best."""
    n = max(1, round((high - low) / step))
    middles: npt.NDArray[np.float64] = low + (np.arange(n) + 0.5) * (high - low) / n
    return middles


def _row_name(row: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    name = _LETTERS[row % len(_LETTERS)]
    return name if row < len(_LETTERS) else _row_name(row // len(_LETTERS) - 1) + name
