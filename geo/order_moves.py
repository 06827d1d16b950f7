"""Changes to an order of visits and to who does them, and the annealer that tries them, compiled."""

from typing import Any

import numpy as np
from numba import njit

from geo.order_kernels import evaluate, forget, keep, may, touch
from geo.order_problem import N_NEAR

HALF = 0.5
_BESIDE, _ALONG = 0.6, 0.8  # up to which a move goes beside a near visit, or along the order; beyond, to another crew
_CROSS, _AWAY = 0.8, 0.7  # of exchanges those that change crews, of changes of crew those that change the place too


@njit(cache=True, nogil=True)
def draw(sums: Any) -> float:
    """The next number from 0 up to 1 of a stream of chance (xorshift64*)."""
    x = sums[0].chance
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    sums[0].chance = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def below(sums: Any, n: int) -> int:
    """A number from 0 up to n, n not included."""
    return int(draw(sums) * n)


@njit(cache=True, nogil=True)
def shift(held: Any, origin: int, target: int) -> None:
    """Move what stands at one position of the order to another."""
    visit = held[origin].order
    step = 1 if target > origin else -1
    for k in range(origin, target, step):
        held[k].order = held[k + step].order
        held[held[k].order].at = k
    held[target].order = visit
    held[visit].at = target


@njit(cache=True, nogil=True)
def some_crew(visits: Any, crews: Any, visit: int, slot: int, other: int, sums: Any) -> int:
    """A crew by chance that could do a part of a visit beside another (-1: alone); -1 where chance found none."""
    n = len(crews)
    crew = below(sums, n)
    for _ in range(n):
        if may(visits, crews, visit, crew, other) if slot == 0 else may(visits, crews, visit, other, crew):
            return crew
        crew = crew + 1 if crew + 1 < n else 0
    return -1


@njit(cache=True, nogil=True)
def relocate(  # noqa: C901, PLR0912  # in one piece, as compiled loops are
    travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any, temp: float
) -> bool:
    """Move one visit elsewhere in the order, often beside a near one and to its crew."""
    n = len(held)
    visit = below(sums, n)
    if visits[visit].fixed:
        return False
    origin = held[visit].at
    one, two = held[visit].crew[0], held[visit].crew[1]
    new_one, new_two = one, two
    kind = draw(sums) * (1.0 if one >= 0 else _BESIDE)
    slot = 1 if two >= 0 and draw(sums) < HALF else 0
    if kind < _BESIDE:
        beside = visits[visit].near[below(sums, N_NEAR)]
        if beside == visit or not held[beside].done:
            return False
        crew = held[beside].crew[1] if held[beside].crew[1] >= 0 and draw(sums) < HALF else held[beside].crew[0]
        target = held[beside].at
        if target > origin:
            target -= 1
        if draw(sums) < HALF:
            target += 1
        if slot == 0:
            new_one = crew
        else:
            new_two = crew
        if not may(visits, crews, visit, new_one, new_two):
            if new_two < 0:
                return False
            if slot == 0:
                new_two = some_crew(visits, crews, visit, 1, new_one, sums)
            else:
                new_one = some_crew(visits, crews, visit, 0, new_two, sums)
    elif kind < _ALONG:
        target = min(n - 1, max(0, origin + below(sums, 21) - 10))
    else:
        target = min(n - 1, max(0, origin + below(sums, 11) - 5)) if draw(sums) < _AWAY else origin
        if slot == 0:
            new_one = some_crew(visits, crews, visit, 0, two, sums)
        else:
            new_two = some_crew(visits, crews, visit, 1, one, sums)
    if not may(visits, crews, visit, new_one, new_two) or (target == origin and new_one == one and new_two == two):
        return False
    first, last = min(origin, target), max(origin, target)
    touch(visits, crews, held, sums, one, first)
    touch(visits, crews, held, sums, two, first)
    touch(visits, crews, held, sums, new_one, first)
    touch(visits, crews, held, sums, new_two, first)
    shift(held, origin, target)
    held[visit].crew[0], held[visit].crew[1] = new_one, new_two
    cost = evaluate(travel, visits, crews, held, groups, sums, first, last)
    if cost <= sums[0].cost - temp * np.log(1.0 - draw(sums)):
        keep(travel, crews, held, sums)
        return True
    shift(held, target, origin)
    held[visit].crew[0], held[visit].crew[1] = one, two
    forget(crews, sums)
    return False


@njit(cache=True, nogil=True)
def exchange(travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any, temp: float) -> bool:
    """Two visits change places in the order and, mostly, crews."""
    a = below(sums, len(held))
    b = visits[a].near[below(sums, N_NEAR)]
    a1, a2, b1, b2 = held[a].crew[0], held[a].crew[1], held[b].crew[0], held[b].crew[1]
    na1, na2, nb1, nb2 = a1, a2, b1, b2
    if draw(sums) < _CROSS:
        slot_a = 1 if a2 >= 0 and draw(sums) < HALF else 0
        slot_b = 1 if b2 >= 0 and draw(sums) < HALF else 0
        crew_a, crew_b = held[a].crew[slot_a], held[b].crew[slot_b]
        if slot_a == 0:
            na1 = crew_b
        else:
            na2 = crew_b
        if slot_b == 0:
            nb1 = crew_a
        else:
            nb2 = crew_a
    if a == b or visits[a].fixed or visits[b].fixed:
        return False
    if not may(visits, crews, a, na1, na2) or not may(visits, crews, b, nb1, nb2):
        return False
    at_a, at_b = held[a].at, held[b].at
    first, last = min(at_a, at_b), max(at_a, at_b)
    for crew in (a1, a2, b1, b2):
        touch(visits, crews, held, sums, crew, first)
    held[at_a].order, held[at_b].order, held[a].at, held[b].at = b, a, at_b, at_a
    held[a].crew[0], held[a].crew[1], held[b].crew[0], held[b].crew[1] = na1, na2, nb1, nb2
    cost = evaluate(travel, visits, crews, held, groups, sums, first, last)
    if cost <= sums[0].cost - temp * np.log(1.0 - draw(sums)):
        keep(travel, crews, held, sums)
        return True
    held[at_a].order, held[at_b].order, held[a].at, held[b].at = a, b, at_a, at_b
    held[a].crew[0], held[a].crew[1], held[b].crew[0], held[b].crew[1] = a1, a2, b1, b2
    forget(crews, sums)
    return False


@njit(cache=True, nogil=True)
def tails(travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any, temp: float) -> bool:
    """Two crews change over everything from a position of the order on."""
    m, n = len(crews), len(held)
    a, b = below(sums, m), below(sums, m)
    if a == b:
        return False
    first, until, fine = below(sums, n), n, True
    for k in range(first, n):
        one = held[held[k].order]
        for slot in range(2):
            crew = one.crew[slot]
            one.old_crew[slot] = crew
            if crew in (a, b):
                one.crew[slot] = a + b - crew
                fine &= visits[held[k].order].fixed == 0
        if one.crew[0] >= 0 and not may(visits, crews, held[k].order, one.crew[0], one.crew[1]):
            until, fine = k + 1, False
            break
    if fine:
        touch(visits, crews, held, sums, a, first)
        touch(visits, crews, held, sums, b, first)
        cost = evaluate(travel, visits, crews, held, groups, sums, first, n - 1)
        if cost <= sums[0].cost - temp * np.log(1.0 - draw(sums)):
            keep(travel, crews, held, sums)
            return True
        forget(crews, sums)
    for k in range(first, until):
        one = held[held[k].order]
        one.crew[0], one.crew[1] = one.old_crew[0], one.old_crew[1]
    return False
