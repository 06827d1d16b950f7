"""Crowds: where every circle about every centre would be too many, wide circles are about fewer centres, small ones are not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from geo.shifts import Floats, Ints, Mask

_FINEST, _COARSER = 8.0, 0.75
_ATTEMPTS = 30
_HALVINGS = 24
_SHARE_OF_SMALL = 0.25
_GROWTH, _ONE_BY_ONE = 1.1, 10


@dataclass(frozen=True)
class Thinning:
    """How far circles about each centre go, in the unit of the points, and what is left out by that.

    Circles up to `small` are about each of the centres (0: about none for itself); those of the widest radius are about
    `n_wide`, and no centre lies farther than `gap` from one of these.
    """

    reach: Floats
    small: float
    widest: float
    n_wide: int
    gap: float


def thinned(centres: Floats, places: Floats, widest: float, most_pairs: int) -> Thinning | None:
    """Fewer centres for wide circles where pairs of a centre and a place in its circles are too many; None where not.

    Radii are halved from the widest down, until circles about each centre hold few enough places. Circles up to each
    larger one of these radii are about one centre per cell, the one nearest to the cell's middle. The cell's side is a
    fraction of the radius, an eighth at first and then more. So a small circle is where it was, and a wide one is moved
    by a fraction of its radius. Nothing but places decides, so that chance meets the same circles.

    Parameters
    ----------
    centres
        Points, one row each.
    places
        Points likewise.
    widest
        The largest radius; inf for no limit.
    most_pairs
        Pairs of a centre and a place in its circles that may be; where there are more, half as many are left.

    References
    ----------
    SaTScan User Guide, "Special Grid File", has a coarser grid of centres for data of many places.

    Examples
    --------
    >>> row = np.column_stack((np.arange(100.0), np.zeros(100)))
    >>> found = thinned(row, row, 40.0, 1_000)
    >>> found.small, found.n_wide, found.gap
    (0.625, 2, 33.0)
    >>> thinned(row, row, 4.0, 1_000) is None
    True
    >>> thinned(row[:0], row[:0], 4.0, 1_000) is None
    True
    """
    tree = cKDTree(places)

    def pairs(reach: float | Floats) -> int:
        return int(np.sum(tree.query_ball_point(centres, reach, return_length=True)))

    if not np.isfinite(widest):
        if len(centres) * len(places) <= most_pairs:
            return None
        both = np.concatenate((centres, places))
        widest = float(np.linalg.norm(np.ptp(both, axis=0)))
    if pairs(widest) <= most_pairs:
        return None
    left = most_pairs / 2
    rungs = _rungs(pairs, widest, int(left * _SHARE_OF_SMALL))
    fineness = _FINEST
    for _ in range(_ATTEMPTS):
        reach, wide = _ladder(centres, rungs, fineness)
        if pairs(reach) <= left:
            break
        fineness *= _COARSER
    gap = float(np.max(cKDTree(centres[wide]).query(centres)[0]))
    return Thinning(reach, rungs[0], widest, len(wide), gap)


def _rungs(pairs: Callable[[float], int], widest: float, most: int) -> list[float]:
    """Radii from the smallest up, each twice the one before; circles up to the first hold few places, 0 if none do."""
    radius = widest
    rungs: list[float] = []
    for _ in range(_HALVINGS):
        rungs.insert(0, radius)
        radius /= 2
        if pairs(radius) <= most:
            return [radius, *rungs]
    return [0.0, *rungs]


def _ladder(centres: Floats, rungs: list[float], fineness: float) -> tuple[Floats, Ints]:
    """How far circles about each centre go, and which centres have the widest."""
    reach = np.full(len(centres), rungs[0])
    left = np.arange(len(centres))
    from_corner = centres - centres.min(axis=0)
    for rung in rungs[1:]:
        left = left[_one_a_cell(from_corner[left], rung / fineness)]
        reach[left] = rung
    return reach, left


def _one_a_cell(points: Floats, side: float) -> Ints:
    """Rows of the points that are nearest to the middle of their cell."""
    within = points / side
    cell = np.floor(within)
    off = ((within - cell - 0.5) ** 2).sum(axis=1)
    order = np.lexsort((off, *cell.T))
    fresh = (np.diff(cell[order], axis=0, prepend=np.nan) != 0).any(axis=1)
    return np.asarray(np.sort(order[fresh]))


def by_steps(owner: Ints, tied: Mask) -> Mask:
    """Which places come together with the next, if circles of some places grow by a tenth at a time.

    Parameters
    ----------
    owner
        The centre of every place, in order; its places lie nearest first.
    tied
        Which places come together with the next as they are as far away; never a centre's last.

    Examples
    --------
    >>> by_steps(np.zeros(30, dtype=int), np.zeros(30, dtype=bool)).nonzero()[0]
    array([11, 13, 15, 17, 19, 21, 22, 24, 25, 27, 28])
    >>> by_steps(np.zeros(0, dtype=int), np.zeros(0, dtype=bool))
    array([], dtype=bool)
    """
    if not len(owner):
        return tied
    size = np.arange(len(owner)) - np.searchsorted(owner, owner) + 1
    ends = [1]
    while ends[-1] < size.max():
        ends.append(ends[-1] + 1 if ends[-1] < _ONE_BY_ONE else int(np.ceil(ends[-1] * _GROWTH)))
    whole = np.flatnonzero(~tied)
    step = np.searchsorted(ends, size[whole])
    last = np.append((np.diff(step) != 0) | (np.diff(owner[whole]) != 0), [True])
    together = np.ones(len(owner), dtype=bool)
    together[whole[last]] = False
    return together
