"""Where a coordinate is: datums in and out of WGS 84, and the plane in which metres are measured.

Chinese map services deliver GCJ-02 or BD-09; both shift a point by some hundred metres, enough to move an incident
across a border. The shifts are smooth, so their inverse is found by iteration.
"""

import math
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo.errors import DatumError
from geo.shifts import Floats, bd_of_gcj, gcj_of_bd, gcj_of_wgs, wgs_of_gcj

GEOD = pyproj.Geod(ellps="WGS84")
_STRIP_DEG = 6.0  # wider than this, one Gauss-Krueger plane stretches lengths by more than a thousandth
_PLANE_DEG = 90.0
_CHINA = (73.0, 3.0, 136.0, 54.0)
_FIRST_ZONE, _FIRST_MERIDIAN, _LAST_MERIDIAN = 4534, 75, 135  # EPSG: CGCS2000 / 3-degree Gauss-Kruger CM 75E


class Datum(StrEnum):
    """What a file's coordinates refer to; no file is taken in without one."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(x: npt.ArrayLike, y: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Longitudes and latitudes in WGS 84 of points given in `datum`.

    CGCS2000 agrees with WGS 84 to a few centimetres and is taken as it is. NaN stays NaN.

    Parameters
    ----------
    x
        Longitudes in `datum`, degrees.
    y
        Latitudes in `datum`, degrees.
    datum
        What the coordinates refer to.

    Returns
    -------
    tuple of arrays
        Longitudes and latitudes, degrees, right to 1e-6 m against `from_wgs84`. GCJ-02 equals WGS 84 outside a box
        around China. Within some hundred metres of that box's edge a GCJ-02 point may have two origins; the one
        inside the box is given.

    Raises
    ------
    DatumError
        When `datum` is not one of `Datum`.

    References
    ----------
    The obfuscation is unpublished; the formula follows the open re-implementations of "eviltransform" (2013).

    Examples
    --------
    >>> lon, lat = to_wgs84([120.43], [30.87], Datum.GCJ02)
    >>> float(lon[0].round(6)), float(lat[0].round(6))
    (120.425385, 30.872062)
    >>> to_wgs84([], [], Datum.BD09)
    (array([], dtype=float64), array([], dtype=float64))
    """
    lon, lat = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    match _datum(datum):
        case Datum.GCJ02:
            return wgs_of_gcj(lon, lat)
        case Datum.BD09:
            return wgs_of_gcj(*gcj_of_bd(lon, lat))
        case _:
            return lon, lat


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Coordinates in `datum` of points given in WGS 84; the inverse of `to_wgs84`.

    Parameters
    ----------
    lon
        Longitudes, WGS 84, degrees.
    lat
        Latitudes, WGS 84, degrees.
    datum
        What the result shall refer to.

    Returns
    -------
    tuple of arrays
        x and y in `datum`, degrees.

    Raises
    ------
    DatumError
        When `datum` is not one of `Datum`.

    Examples
    --------
    >>> x, y = from_wgs84([120.43, -74.0], [30.87, 40.7], Datum.GCJ02)
    >>> x.round(6).tolist(), y.round(6).tolist()
    ([120.434607, -74.0], [30.867932, 40.7])
    >>> from_wgs84([], [], Datum.GCJ02)
    (array([], dtype=float64), array([], dtype=float64))
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    match _datum(datum):
        case Datum.GCJ02:
            return gcj_of_wgs(x, y)
        case Datum.BD09:
            return bd_of_gcj(*gcj_of_wgs(x, y))
        case _:
            return x, y


def shapes_to_wgs84(geometries: npt.ArrayLike, datum: Datum) -> npt.NDArray[np.object_]:
    """The same shapes with every vertex moved from `datum` to WGS 84.

    Parameters
    ----------
    geometries
        Shapely geometries with x, y in `datum`, degrees; None stays None.
    datum
        What the coordinates refer to.

    Returns
    -------
    array of geometries
        In EPSG:4326.

    Raises
    ------
    DatumError
        When `datum` is not one of `Datum`.

    Examples
    --------
    >>> shapes_to_wgs84([shapely.Point(-74, 40.7), None], Datum.GCJ02)
    array([<POINT (-74 40.7)>, None], dtype=object)
    >>> shapes_to_wgs84([], Datum.WGS84)
    array([], dtype=object)
    """
    shapes = np.asarray(geometries, dtype=object)
    if _datum(datum) in (Datum.WGS84, Datum.CGCS2000):
        return shapes

    def move(xy: Floats) -> Floats:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))

    moved: npt.NDArray[np.object_] = shapely.transform(shapes, move)
    return moved


def metric_crs(bounds: npt.ArrayLike) -> pyproj.CRS:
    """A plane in metres for the extent `bounds`.

    Parameters
    ----------
    bounds
        West, south, east, north in EPSG:4326 degrees. West beyond east means across the antimeridian.

    Returns
    -------
    pyproj.CRS
        Up to 6 degrees wide: transverse Mercator on the nearest 3-degree central meridian, in China the CGCS2000 zone
        of that meridian; lengths are right to 3 parts in 10,000 within 1.5 degrees of it. Wider: a Lambert azimuthal
        equal-area plane about the middle, in which areas hold and lengths only roughly.

    Raises
    ------
    DatumError
        When the bounds are not four finite degrees, are upside down, lie off the globe, or span more than 90 degrees.

    References
    ----------
    GB/T 22021-2008, Basic technical specification for the national geodetic control (3-degree Gauss-Krueger zones).

    Examples
    --------
    >>> metric_crs((120.2, 30.7, 120.6, 31.0)).to_epsg()
    4549
    >>> metric_crs((9.4, 47.0, 9.7, 47.3)).to_epsg() is None
    True
    >>> metric_crs(())
    Traceback (most recent call last):
        ...
    geo.errors.DatumError: bounds (): four finite degrees (west, south, east, north) were expected
    """
    edges = tuple(float(edge) for edge in np.ravel(np.asarray(bounds, dtype=float)))
    if len(edges) != len(_CHINA) or not all(math.isfinite(edge) for edge in edges):
        raise DatumError(f"bounds {edges}: four finite degrees (west, south, east, north) were expected")
    west, south, east, north = edges
    if not -90 <= south <= north <= 90 or not all(-180 <= lon <= 180 for lon in (west, east)):  # noqa: PLR2004  # degrees of a globe
        raise DatumError(f"bounds {edges}: degrees with south <= north on the globe were expected; is it projected?")
    width = (east - west) % 360 if east < west else east - west
    if max(width, north - south) > _PLANE_DEG:
        raise DatumError(f"bounds {edges}: {max(width, north - south):g} degrees do not fit one plane; take a part")
    middle = (west + width / 2 + 180) % 360 - 180
    if width > _STRIP_DEG:
        return _equal_area(round(middle, 6), round((south + north) / 2, 6))
    in_china = _CHINA[0] <= west <= east <= _CHINA[2] and _CHINA[1] <= south and north <= _CHINA[3]
    return _gauss_krueger(round(middle / 3) * 3, in_china=in_china)


@lru_cache(maxsize=512)
def transformer(crs: pyproj.CRS, *, inverse: bool = False) -> pyproj.Transformer:
    """The way from EPSG:4326 to the plane `crs`, or back, x first; kept, because building one takes longer than use."""
    # From the plane's own datum: those we use equal WGS 84, and searching for a shift between them takes 0.3 s.
    datum = crs.geodetic_crs
    assert datum is not None, "a plane has a datum"
    return pyproj.Transformer.from_crs(*((crs, datum) if inverse else (datum, crs)), always_xy=True)


def project(geometries: Any, crs: pyproj.CRS, *, inverse: bool = False) -> Any:
    """The shape or shapes taken from EPSG:4326 to the plane `crs`, or back from it."""
    way = transformer(crs, inverse=inverse)

    def move(xy: Floats) -> Floats:
        return np.column_stack(way.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometries, move)


def on_globe(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Points in metres from the centre of the Earth, one row each: near things are near in them, poles and all."""
    x, y, z = _GEOCENTRIC.transform(
        np.asarray(lon, dtype=float), np.asarray(lat, dtype=float), np.zeros(np.shape(lon)), errcheck=True
    )
    return np.column_stack((x, y, z)).astype(float)


def way_round(delta: Floats) -> Floats:
    """Differences of lon, lat, the last axis of `delta`, by the shorter way round the globe."""
    return np.stack(((delta[..., 0] + 180) % 360 - 180, delta[..., 1]), axis=-1)


def off_globe(xyz: Floats) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of points in metres from the centre of the Earth."""
    lon, lat, _ = _GEOCENTRIC.transform(xyz[:, 0], xyz[:, 1], xyz[:, 2], direction="INVERSE")
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


_GEOCENTRIC = pyproj.Transformer.from_crs(4979, 4978, always_xy=True)


def _datum(datum: Datum) -> Datum:
    """The datum, or a refusal that lists those we know."""
    try:
        return Datum(datum)
    except ValueError as error:
        known = ", ".join(Datum)
        raise DatumError(f"datum {datum!r} is unknown; one of {known} was expected") from error


@lru_cache(maxsize=256)
def _gauss_krueger(meridian: int, *, in_china: bool) -> pyproj.CRS:
    """Transverse Mercator about `meridian`; the national zone where there is one."""
    if in_china and _FIRST_MERIDIAN <= meridian <= _LAST_MERIDIAN:
        return pyproj.CRS.from_epsg(_FIRST_ZONE + (meridian - _FIRST_MERIDIAN) // 3)
    return pyproj.CRS.from_proj4(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +datum=WGS84 +units=m")


@lru_cache(maxsize=256)
def _equal_area(lon: float, lat: float) -> pyproj.CRS:
    """Lambert's azimuthal equal-area plane about a point."""
    return pyproj.CRS.from_proj4(f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m")
