"""The annealer: changes by chance to an order of visits, kept when they are better or not much worse."""

from typing import Any

import numpy as np
from numba import njit

from geo.order_crews import muster, reseat
from geo.order_kernels import decode
from geo.order_moves import draw, exchange, relocate, tails
from geo.order_rebuild import insert, rebuild

_SAME = 1e-7
_RESEATS = 0.15  # share of changes of cars, where officers are
_RELOCATES, _EXCHANGES = 0.7, 0.95


@njit(cache=True, nogil=True)
def longest_day(visits: Any, crews: Any, held: Any) -> float:
    """Minutes of driving and work of the crew that has most of them."""
    days = np.zeros(len(crews))
    for crew in range(len(crews)):
        days[crew] = crews[crew].back
    for visit in range(len(held)):
        one = held[visit]
        if one.done:
            for slot in range(2):
                if one.crew[slot] >= 0:
                    days[one.crew[slot]] += one.leg[slot] + visits[visit].duration[slot]
    return float(days.max()) if len(days) > 0 else 0.0


@njit(cache=True, nogil=True)
def note_best(visits: Any, crews: Any, officers: Any, held: Any, sums: Any, always: bool) -> bool:
    """Keep a copy of what is held if it is the best so far; whether it was."""
    total, span = sums[0], -1.0
    if not always:
        if total.soft:
            if total.cost >= total.best - _SAME:
                return False
        elif total.prize < total.best_prize + _SAME:
            if total.prize < total.best_prize - _SAME or total.travel > total.best_travel + _SAME:
                return False
            if total.travel > total.best_travel - _SAME:
                span = longest_day(visits, crews, held)
                if span >= total.best_span - _SAME:
                    return False
    total.best, total.best_prize, total.best_travel = total.cost, total.prize, total.travel
    total.best_span = longest_day(visits, crews, held) if span < 0 else span
    for k in range(len(held)):
        one = held[k]
        one.best_order = one.order
        one.best_crew[0], one.best_crew[1] = one.crew[0], one.crew[1]
    for k in range(len(officers)):
        officers[k].best_crew = officers[k].crew
    return True


@njit(cache=True, nogil=True)
def take_best(travel: Any, visits: Any, crews: Any, officers: Any, held: Any, groups: Any, sums: Any) -> None:
    """Hold the best so far again."""
    for k in range(len(held)):
        one = held[k]
        one.order = one.best_order
        one.crew[0], one.crew[1] = one.best_crew[0], one.best_crew[1]
    for k in range(len(officers)):
        officers[k].crew = officers[k].best_crew
    if len(officers) > 0:
        for crew in range(len(crews)):
            muster(crews, officers, crew)
    decode(travel, visits, crews, held, groups, sums)


@njit(cache=True, nogil=True)
def construct(travel: Any, visits: Any, crews: Any, officers: Any, held: Any, groups: Any, sums: Any) -> None:
    """Do what the order already has crews for, then put every other visit where it costs least, in that order."""
    found = np.zeros((6, 4))
    if len(officers) > 0:
        for crew in range(len(crews)):
            muster(crews, officers, crew)
    decode(travel, visits, crews, held, groups, sums)
    plan = held["order"].copy()
    for k in range(len(held)):
        if held[plan[k]].crew[0] < 0:
            insert(travel, visits, crews, held, groups, sums, plan[k], found)
    note_best(visits, crews, officers, held, sums, True)


@njit(cache=True, nogil=True)
def anneal(
    travel: Any, visits: Any, crews: Any, officers: Any, held: Any, groups: Any, sums: Any, n_moves: int, hot: float,
    cold: float, share: float,
) -> None:  # fmt: skip
    """Try changes while it cools from `hot` to `cold`; `share` of them rebuild a part."""
    if len(held) == 0 or len(crews) == 0:
        return
    temp, factor = hot, (cold / hot) ** (1.0 / max(1, n_moves))
    spare, found, out = held.copy(), np.zeros((3, 4)), np.zeros(2 * len(held) + 8, dtype=np.int64)
    seats = _RESEATS if len(officers) > 0 else 0.0
    for _ in range(n_moves):
        temp *= factor
        kind = draw(sums)
        if seats > 0 and draw(sums) < seats:
            taken = reseat(travel, visits, crews, officers, held, groups, sums, temp, spare, found, out)
        elif share > 0 and draw(sums) < share:
            taken = rebuild(travel, visits, crews, held, groups, sums, temp, spare, found, out)
        elif kind < _RELOCATES:
            taken = relocate(travel, visits, crews, held, groups, sums, temp)
        elif kind < _EXCHANGES:
            taken = exchange(travel, visits, crews, held, groups, sums, temp)
        else:
            taken = tails(travel, visits, crews, held, groups, sums, temp)
        if taken:
            note_best(visits, crews, officers, held, sums, False)
