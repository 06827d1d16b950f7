"""What a turn costs at a junction, compiled: the wider it is, and across the other lane more than beside the kerb."""

from typing import Any

import numpy as np
from numba import njit

from geo.shifts import Floats, Ints
from geo.streets import Numbers

_MOST_S, _BACK_S, _LIGHT_S = 7.5, 20.0, 2.0
_BIAS = 1.075
_MIN_ROADS = 3


@njit(cache=True, nogil=True)
def turn_s(degrees: float, keep_right: bool) -> float:
    """Seconds of a turn of -180 to 180 degrees, positive to the right.

    References
    ----------
    Project OSRM, profiles/car.lua, process_turn; Valhalla takes the same for its times.
    """
    bias = _BIAS if (degrees >= 0) == keep_right else 1 / _BIAS
    return float(_MOST_S / (1 + np.exp(-(13 / bias * abs(degrees) / 180 - 6.5 * bias))))


@njit(cache=True, nogil=True)
def turns(
    heads: Numbers, at: Ints, order: Ints, may: Any, out: Floats, into: Floats, lit: Any
) -> tuple[Numbers, Numbers, Floats]:
    """Every turn from a driven edge into the next: both edges, and its minutes; back only where a street ends.

    `order` lists the driven edges that leave each junction, `at` where each junction's begin; `into` and `out` are the
    degrees in which an edge comes to its head and leaves its tail; `lit` are junctions with lights.
    """
    n = 0
    for edge in range(len(heads)):
        n += at[heads[edge] + 1] - at[heads[edge]]
    sources, targets = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    cost = np.empty(n)
    k = 0
    for edge in range(len(heads)):
        if not may[edge]:
            continue
        junction = heads[edge]
        ends_here = True
        for slot in range(at[junction], at[junction + 1]):
            if order[slot] != edge ^ 1 and may[order[slot]]:
                ends_here = False
        for slot in range(at[junction], at[junction + 1]):
            other = order[slot]
            back = other == edge ^ 1
            if not may[other] or (back and not ends_here):
                continue
            seconds = _LIGHT_S if lit[junction] else 0.0
            if back:
                seconds += _MOST_S + _BACK_S
            elif at[junction + 1] - at[junction] >= _MIN_ROADS:
                seconds += turn_s((out[other] - into[edge] + 180.0) % 360.0 - 180.0, True)
            sources[k], targets[k], cost[k] = edge, other, seconds / 60
            k += 1
    return sources[:k].copy(), targets[:k].copy(), cost[:k].copy()
