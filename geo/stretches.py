"""Places along a border: the stretch of it between two marks, and the marks nearest to given places."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.borders import Line
from geo.crs import metric_crs, transformer
from geo.edges import geodesic_m, segments
from geo.errors import BorderError
from geo.shifts import Floats

_SLACK_M = 0.001  # a mark read off a printed length may be this much beyond the end
_STRAIGHT_M = 500.0


def stretch(line: Line, from_m: float | None, to_m: float | None) -> Line:
    """The part of a border between two marks.

    Parameters
    ----------
    line
        A border, EPSG:4326.
    from_m
        Where the stretch begins, geodesic metres from the border's start along its parts. None: at the start.
    to_m
        Where it ends. None: at the border's end.

    Returns
    -------
    LineString or MultiLineString
        In the direction of the border.

    Raises
    ------
    BorderError
        When the marks lie outside the border or the stretch would not be longer than zero.

    Examples
    --------
    >>> half = stretch(shapely.LineString([(0, 0), (0, 1)]), None, 55287.15)
    >>> shapely.set_precision(half, 1e-5).wkt
    'LINESTRING (0 0, 0 0.5)'
    >>> stretch(shapely.LineString(), 0, 1)
    Traceback (most recent call last):
        ...
    geo.errors.BorderError: the border is empty; there is no stretch of it
    """
    if from_m is None and to_m is None:
        return line
    start, end, mark, part = _segments(line)
    total = float(mark[-1])
    begin, stop = 0.0 if from_m is None else float(from_m), total if to_m is None else float(to_m)
    if not -_SLACK_M <= begin < stop <= total + _SLACK_M:
        raise BorderError(
            f"the stretch from {begin:,.0f} m to {stop:,.0f} m does not lie on the border: "
            f"marks between 0 and {total:,.1f} m were expected, the first before the second"
        )
    hit = np.flatnonzero((mark[1:] > begin) & (mark[:-1] < stop))
    lines = []
    for rows in np.split(hit, np.flatnonzero(np.diff(part[hit]) != 0) + 1):
        xy = np.concatenate((start[rows], end[rows[-1:]]))
        for place, row, at in ((0, rows[0], begin), (-1, rows[-1], stop)):
            if mark[row] < at < mark[row + 1]:
                share = (at - mark[row]) / (mark[row + 1] - mark[row])
                xy[place] = start[row] + share * (end[row] - start[row])
        lines.append(shapely.LineString(xy))
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def marks(line: Line, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """How far along the border the point of it lies that is nearest to each place.

    Parameters
    ----------
    line
        A border, EPSG:4326.
    lon
        Longitudes of the places, EPSG:4326 degrees.
    lat
        Latitudes of the places.

    Returns
    -------
    array of float
        Geodesic metres from the border's start along its parts.

    Raises
    ------
    BorderError
        When the border is empty.

    Examples
    --------
    >>> marks(shapely.LineString([(0, 0), (0, 1)]), [0.1, 0.1, 0.1], [-1, 0.5, 2]).round()
    array([     0.,  55287., 110574.])
    >>> marks(shapely.LineString([(0, 0), (0, 1)]), [], [])
    array([], dtype=float64)
    """
    start, end, mark, _ = _segments(line)
    # A long segment is straight on the map and bent in the plane: short ones are both.
    n = np.maximum(1, np.ceil(np.diff(mark) / _STRAIGHT_M)).astype(np.int64)
    of = np.repeat(np.arange(len(n)), n)
    share = (np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)) / n[of]
    mark = np.append(mark[of] + share * np.diff(mark)[of], mark[-1])
    start, end = (start[of] + at[:, None] * (end - start)[of] for at in (share, share + 1 / n[of]))
    x, y = np.atleast_1d(np.asarray(lon, dtype=float)), np.atleast_1d(np.asarray(lat, dtype=float))
    crs = metric_crs(line.bounds)
    way = transformer(crs)
    begin, stop, place = (
        np.column_stack(way.transform(xy[:, 0], xy[:, 1])) for xy in (start, end, np.column_stack((x, y)))
    )
    tree = shapely.STRtree(segments(begin, stop))
    which, row = tree.query_nearest(shapely.points(place), all_matches=False)
    along = stop[row] - begin[row]
    along_share = ((place[which] - begin[row]) * along).sum(axis=1) / (along**2).sum(axis=1)
    along_m: Floats = mark[row] + np.clip(along_share, 0, 1) * (mark[row + 1] - mark[row])
    return along_m


def _segments(line: Line) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64]]:
    """Starts and ends of the border's segments, the marks between them from 0 on, and the part of each."""
    xy, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    real = (part[1:] == part[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
    start, end = xy[:-1][real], xy[1:][real]
    if not len(start):
        raise BorderError("the border is empty; there is no stretch of it")
    return start, end, np.r_[0.0, np.cumsum(geodesic_m(start, end))], part[1:][real]
