"""Whose ground a place lies on."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import GeoError
from geo.frames import JURISDICTIONS


def place(points: npt.ArrayLike, jurisdictions: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """The id of the jurisdiction each point lies in, None where there is none.

    Parameters
    ----------
    points
        Points, EPSG:4326: an array, a list or a GeoSeries. None and empty points lie nowhere.
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`.

    Returns
    -------
    array of str or None
        One entry per point. On a shared line, and where outlines overlap, the id that is less as text.

    Raises
    ------
    FrameError
        When `jurisdictions` breaks its contract.
    GeoError
        When `points` holds something that is not a point.

    Examples
    --------
    >>> squares = gpd.GeoDataFrame({"id": ["w", "e"], "name": ["West", "East"]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    >>> place(shapely.points([(0.5, 0.5), (1, 0.5), (3, 3)]), squares)
    array(['w', 'e', None], dtype=object)
    >>> place([], squares)
    array([], dtype=object)
    """
    JURISDICTIONS.check(jurisdictions)
    spots = np.asarray(points, dtype=object)
    kinds = shapely.get_type_id(spots)
    if (wrong := np.flatnonzero(kinds > shapely.GeometryType.POINT)).size:
        raise GeoError(f"point {wrong[0]} is a {spots[wrong[0]].geom_type}: a Point was expected")
    by_id = jurisdictions.sort_values("id", kind="stable")
    ids: npt.NDArray[np.object_] = np.array([*by_id["id"], None], dtype=object)
    outlines = by_id.geometry.to_numpy()
    # The tree holds the points: each outline is then prepared once for all that lie in its box.
    outline, spot = shapely.STRtree(spots).query(outlines, predicate="intersects")
    least = np.full(len(spots), len(ids) - 1)
    np.minimum.at(least, spot, outline)
    found: npt.NDArray[np.object_] = ids[least]
    return found
