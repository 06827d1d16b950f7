"""The inner loop of the quick look, compiled: neighbours in a grid of cells, cores joined, fringes given to a core."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.shifts import Floats

_Rows = npt.NDArray[np.int64]
_COUNT, _JOIN, _FRINGE = 0, 1, 2


@njit(cache=True, nogil=True)
def _root(parent: Any, row: int) -> int:
    """The root of a row's tree, which becomes flatter on the way."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


@njit(cache=True, nogil=True)
def _better(xyz: Any, when: Any, one: int, other: int) -> bool:
    """Whether the first of two cores equally far away goes before the other: the earlier, then the lesser place."""
    if when[one] != when[other]:
        return bool(when[one] < when[other])
    for axis in (2, 1, 0):
        if xyz[one, axis] != xyz[other, axis]:
            return bool(xyz[one, axis] < xyz[other, axis])
    return False


@njit(cache=True, nogil=True)
def grown(  # noqa: C901, PLR0912
    xyz: Floats, when: _Rows, keys: _Rows, first: _Rows, strides: _Rows, radius_m: float, window: int, least: int
) -> _Rows:
    """The row that each incident's cluster is known by, -1 for one that stands alone.

    Incidents lie in order of their cells and, within a cell, of time. `keys`: sorted numbers of the cells, `first`: their
    first rows and the end. `strides`: what one cell along x and along y add to a number; along z it is 1.
    """
    n = len(when)
    count, parent = np.zeros(n, dtype=np.int64), np.arange(n)
    near, nearest = np.full(n, np.inf), np.full(n, -1)
    for step in range(3):
        at = np.zeros((3, 3), dtype=np.int64)  # the first cell in each of nine rows of three: cells go up, so does it
        for cell in range(len(keys)):
            for dx in range(-1, 2):
                for dy in range(-1, 2):
                    low = keys[cell] + dx * strides[0] + dy * strides[1] - 1
                    other = at[dx + 1, dy + 1]
                    while other < len(keys) and keys[other] < low:
                        other += 1
                    at[dx + 1, dy + 1] = other
                    while other < len(keys) and keys[other] <= low + 2:
                        begin, end = first[other], first[other + 1]
                        other += 1
                        for i in range(first[cell], first[cell + 1]):
                            is_core = count[i] >= least
                            if (
                                (step == _COUNT and is_core)
                                or (step == _JOIN and not is_core)
                                or (step == _FRINGE and is_core)
                            ):
                                continue
                            while begin < end and when[begin] < when[i] - window:
                                begin += 1
                            for j in range(begin, end):
                                if when[j] > when[i] + window:
                                    break
                                if step != _COUNT and (count[j] < least or (step == _JOIN and j >= i)):
                                    continue
                                if step == _JOIN and _root(parent, i) == _root(parent, j):
                                    continue
                                far = 0.0
                                for axis in range(3):
                                    far += (xyz[i, axis] - xyz[j, axis]) ** 2
                                if far > radius_m * radius_m:
                                    continue
                                if step == _COUNT:
                                    count[i] += 1
                                    if count[i] >= least:
                                        break
                                elif step == _JOIN:
                                    parent[_root(parent, i)] = _root(parent, j)
                                elif far < near[i] or (far == near[i] and _better(xyz, when, j, nearest[i])):
                                    near[i], nearest[i] = far, j
    group = np.full(n, -1)
    for i in range(n):
        if count[i] >= least:
            group[i] = _root(parent, i)
        elif nearest[i] >= 0:
            group[i] = _root(parent, nearest[i])
    return group
