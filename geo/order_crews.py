"""Who rides with whom: officers change cars, and a car's crew may do what its officers may together, compiled."""

from typing import Any

import numpy as np
from numba import njit

from geo.order_kernels import evaluate, keep, touch
from geo.order_moves import HALF, below, draw
from geo.order_rebuild import insert, restore

_MOST_IN = 12


@njit(cache=True, nogil=True)
def muster(crews: Any, officers: Any, crew: int) -> None:
    """What a car's crew may do: the sum of its officers' powers, in the hours and with the break all of them have."""
    it = crews[crew]
    it.bits, it.people, it.starts, it.ends = 0, 0, -np.inf, np.inf
    it.rest[0], it.rest[1], it.rest[2] = -np.inf, np.inf, 0.0
    for k in range(len(officers)):
        one = officers[k]
        if one.crew == crew:
            it.bits |= one.bits
            it.people += 1
            it.starts, it.ends = max(it.starts, one.starts), min(it.ends, one.ends)
            if one.rest[2] > 0:
                # Each has to rest long enough before the end of the own window, so the longest break decides.
                it.rest[0] = max(it.rest[0], one.rest[0])
                it.rest[1] = min(it.rest[1], one.rest[1] + one.rest[2])
                it.rest[2] = max(it.rest[2], one.rest[2])
    if it.rest[2] > 0:
        it.rest[1] -= it.rest[2]
    if it.people > it.seats or it.starts >= it.ends or it.rest[1] < it.rest[0]:
        it.people = 0
    if it.people == 0:
        it.starts, it.ends = 0.0, 0.0


@njit(cache=True, nogil=True)
def reseat(  # noqa: C901, PLR0912  # in one piece, as compiled loops are
    travel: Any, visits: Any, crews: Any, officers: Any, held: Any, groups: Any, sums: Any, temp: float, spare: Any,
    found: Any, out: Any,
) -> bool:  # fmt: skip
    """An officer changes car, or two change places, and visits that are left out are tried again; whether that was kept."""
    a, n, m = below(sums, len(officers)), len(held), len(crews)
    b = -1
    crew, other = officers[a].crew, below(sums, m + 1) - 1
    if officers[a].fixed or crew == other or (other >= 0 and crews[other].home != officers[a].home):
        return False
    riding = 0
    for k in range(len(officers)):
        riding += officers[k].crew == other
    if other >= 0 and (riding >= crews[other].seats or (riding > 0 and draw(sums) < HALF)):
        start = below(sums, len(officers))
        for j in range(len(officers)):
            k = (start + j) % len(officers)
            if officers[k].crew == other and not officers[k].fixed:
                b = k
                break
        if b < 0:
            return False
    before, old = sums[0].cost, np.array([sums[0].travel, sums[0].late, sums[0].latest, sums[0].prize])
    spare[:] = held
    for seat in range(2):  # there, and if need be back again
        officers[a].crew = other if seat == 0 else crew
        if b >= 0:
            officers[b].crew = crew if seat == 0 else other
        for k in range(2):
            car = crew if k == 0 else other
            if car >= 0:
                muster(crews, officers, car)
        if seat == 1:
            break
        touch(visits, crews, held, sums, crew, 0)
        touch(visits, crews, held, sums, other, 0)
        evaluate(travel, visits, crews, held, groups, sums, 0, n - 1)
        keep(travel, crews, held, sums)
        n_out, start = 0, below(sums, n)
        for j in range(n):
            k = (start + j) % n
            if held[k].crew[0] < 0 and n_out < _MOST_IN:
                out[n_out] = k
                n_out += 1
        for k in range(n_out):
            insert(travel, visits, crews, held, groups, sums, out[k], found)
        if sums[0].cost <= before - temp * np.log(1.0 - draw(sums)):
            return True
    restore(travel, visits, crews, held, sums, spare, before, old)
    return False
