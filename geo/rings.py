"""Rings that edges without a twin form together: the holes and the outer rims of a coverage."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import way_round
from geo.edges import Edges
from geo.shifts import Mask

_THIN = 8.0  # times as long as wide


def narrow(edges: Edges, widest_m: float) -> Mask:
    """Which edges lie on a closed ring of two owners or more, long and at most `widest_m` wide: a gap, or an overlap.

    A lake that no outline holds is a ring too, but seldom a thin one.
    """
    # As one complex number each, a place sorts many times faster than as a row of two.
    place, of = np.unique(np.concatenate((edges.start, edges.end)).view(complex)[:, 0], return_inverse=True)
    begin, stop = of.reshape(2, -1)
    joined = coo_array((np.ones(len(begin)), (begin, stop)), shape=(len(place),) * 2)
    n, part = connected_components(joined, directed=False)
    ring = part[begin]
    loose = np.bincount(begin, minlength=len(place)) != np.bincount(stop, minlength=len(place))
    closed = np.bincount(part, loose, n) == 0
    length = edges.metres()
    first = np.full(n, -1)
    first[ring[::-1]] = np.arange(len(ring))[::-1]
    from_first = way_round(edges.start - edges.start[first[ring]])
    to_first = way_round(edges.end - edges.start[first[ring]])
    scale = np.cos(np.radians(edges.start[first[ring], 1])) * 111_320.0**2
    cross = (from_first[:, 0] * to_first[:, 1] - to_first[:, 0] * from_first[:, 1]) * scale / 2
    around_m = np.bincount(ring, length, n)
    width_m = 2 * np.abs(np.bincount(ring, cross, n)) / around_m
    thin = width_m <= np.minimum(widest_m, around_m / 2 / _THIN)
    several = np.zeros(n, dtype=bool)
    several[ring[edges.owner != edges.owner[first[ring]]]] = True
    wanted: Mask = (closed & several & thin)[ring]
    return wanted
