"""Outlines light enough to draw: fewer vertices, and neighbours that still meet."""

import numpy as np
import numpy.typing as npt
import shapely

_FIRST_TOLERANCE_DEG = 0.0005
_POWER = 1.5
_COARSER = 3.0
_WIDEST_DEG = 10.0
_AREA = 2

Shapes = npt.NDArray[np.object_]


def lighter(shapes: npt.ArrayLike, most_vertices: int) -> tuple[Shapes, float]:
    """The shapes with at most about `most_vertices` vertices together, and the tolerance that took.

    Polygons are simplified as one coverage, so that neighbours keep meeting; lines one by one, their ends kept.

    Parameters
    ----------
    shapes
        Polygons of one coverage, or lines, EPSG:4326, shape (n,).
    most_vertices
        What a browser is to be sent, from 1. Every polygon keeps a triangle and every line its ends, however low.

    Returns
    -------
    tuple
        The shapes, and the tolerance in degrees; 0 where nothing had to go.

    References
    ----------
    Visvalingam, M. and Whyatt, J. D. (1993). Line generalisation by repeated elimination of points.
    Douglas, D. H. and Peucker, T. K. (1973). Algorithms for the reduction of the number of points.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> wavy = shapely.linestrings(np.linspace(0, 1, 100), 0.0001 * (np.arange(100) % 2))
    >>> shapes, tolerance_deg = lighter([wavy], 10)
    >>> shapely.get_num_coordinates(shapes), round(tolerance_deg, 4)
    (array([2], dtype=int32), 0.0158)
    >>> lighter([], 10)
    (array([], dtype=object), 0.0)
    """
    drawn = np.asarray(shapes, dtype=object)
    n_vertices = int(shapely.get_num_coordinates(drawn).sum())
    if n_vertices <= most_vertices:
        return drawn, 0.0
    flat = bool((shapely.get_dimensions(drawn) < _AREA).all())
    simplify = shapely.simplify if flat else shapely.coverage_simplify
    # Much too many vertices need a coarse tolerance, and each try costs seconds on a whole nation.
    tolerance_deg = _FIRST_TOLERANCE_DEG * max(1.0, n_vertices / most_vertices) ** _POWER
    light = np.asarray(simplify(drawn, tolerance_deg), dtype=object)
    while shapely.get_num_coordinates(light).sum() > most_vertices and tolerance_deg < _WIDEST_DEG:
        tolerance_deg *= _COARSER
        light = np.asarray(simplify(light, tolerance_deg), dtype=object)
    return light, tolerance_deg
