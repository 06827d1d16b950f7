"""Taking neighbouring visits out of an order and putting them, and some that were left out, back at their best places."""

from typing import Any

import numpy as np
from numba import njit

from geo.order_kernels import evaluate, forget, home_at, keep, may, start_of, touch
from geo.order_moves import HALF, below, draw, shift
from geo.order_problem import N_NEAR, PAIR, SINGLE

_BLINK = 0.03  # chance of overlooking a gap, so that the same visits do not always go back to the same places
_MOST_OUT, _LONGEST = 12, 4
_SPARED, _BESIDE = 0.2, 0.7  # near visits that stay; left-out ones that are taken from beside what was taken out
_PRIZE, _RATE, _EARLY, _KINDS = 1, 2, 3, 4  # in which order visits go back; 0 is chance


@njit(cache=True, nogil=True)
def _gap(travel: Any, visits: Any, crews: Any, held: Any, sums: Any, visit: int, slot: int, crew: int) -> float:
    """What a visit would cost in the gap of a crew's day that is being looked at; inf where it surely does not fit."""
    what, it, soft = visits[visit], crews[crew], sums[0].soft
    place, late = what.place, 0.0
    start, rested = start_of(travel, visits, crews, visit, slot, crew, it.where, it.free, it.rested, 0.0, soft)
    if start == np.inf:
        return np.inf
    ready = start + what.duration[slot]
    if it.ahead < 0:
        if home_at(travel, crews, crew, place, ready, rested) > it.ends:
            return np.inf
        onward = it.home
    else:
        after = visits[it.ahead]
        onward = after.place
        arrive = ready + travel[place, onward]
        last = after.closes[after.n_windows - 1]
        if soft:
            side = 0 if held[it.ahead].crew[0] == crew else 1
            starts = held[it.ahead].ready[side] - after.duration[side]
            late = max(0.0, arrive - max(last, starts))
        elif arrive > last:
            return np.inf
    if soft:
        late += max(0.0, start - what.closes[0])
    more = travel[it.where, place] + travel[place, onward] - travel[it.where, onward]
    return float(sums[0].weight_travel * more + sums[0].weight_late * late)


@njit(cache=True, nogil=True)
def _look(  # noqa: C901, PLR0912  # in one piece, as compiled loops are
    travel: Any, visits: Any, crews: Any, held: Any, sums: Any, visit: int, found: Any
) -> int:
    """The best few places for a visit that nobody does: rows of cost, position, first crew, second crew."""
    n, m, n_found = len(held), len(crews), 0
    for crew in range(m):
        it = crews[crew]
        it.ahead, it.where, it.free, it.rested = -1, it.home, it.starts, 0
    for position in range(n - 1, -1, -1):
        one = held[held[position].order]
        if one.done:
            for slot in range(2):
                if one.crew[slot] >= 0:
                    one.next[slot] = crews[one.crew[slot]].ahead
                    crews[one.crew[slot]].ahead = held[position].order
    shape = visits[visit].shape
    fresh_one, fresh_two = -2, -2  # whose gap begins here; before the first position everybody's does
    for position in range(n + 1):
        if fresh_one != -1:
            low, best_one, best_two = np.inf, -1, -1
            if shape != PAIR:
                for crew in range(m):
                    if (fresh_one in (-2, crew) or fresh_two == crew) and may(visits, crews, visit, crew, -1):
                        cost = _gap(travel, visits, crews, held, sums, visit, 0, crew)
                        if cost < low and draw(sums) > _BLINK:
                            low, best_one = cost, crew
            if shape != SINGLE and low == np.inf:
                low_one, low_two, first, second = np.inf, np.inf, -1, -1
                needs = visits[visit].needs[0]
                for crew in range(m):
                    if crews[crew].bits & needs == needs and crews[crew].bits & visits[visit].bars == 0:
                        cost = _gap(travel, visits, crews, held, sums, visit, 0, crew)
                        if cost < low_one and draw(sums) > 5 * _BLINK:
                            low_one, first = cost, crew
                if first >= 0:
                    for crew in range(m):
                        if may(visits, crews, visit, first, crew):
                            cost = _gap(travel, visits, crews, held, sums, visit, 1, crew)
                            if cost < low_two and draw(sums) > _BLINK:
                                low_two, second = cost, crew
                if second >= 0 and low_one + low_two < low:
                    low, best_one, best_two = low_one + low_two, first, second
            if best_one >= 0:
                n_found = _enter(found, n_found, low, position, best_one, best_two)
        if position < n:
            visit_here = held[position].order
            one = held[visit_here]
            fresh_one, fresh_two = -1, -1
            if one.done:
                fresh_one, fresh_two = one.crew[0], one.crew[1]
                for slot in range(2):
                    crew = one.crew[slot]
                    if crew >= 0:
                        it = crews[crew]
                        it.where, it.free, it.rested = visits[visit_here].place, one.ready[slot], one.rested[slot]
                        it.ahead = one.next[slot]
    return n_found


@njit(cache=True, nogil=True)
def _enter(found: Any, n_found: int, cost: float, position: int, one: int, two: int) -> int:
    """How many places are known after one more; the cheapest first."""
    k = n_found
    if k == len(found):
        if cost >= found[k - 1, 0]:
            return n_found
        k -= 1
    while k > 0 and found[k - 1, 0] > cost:
        found[k] = found[k - 1]
        k -= 1
    found[k, 0], found[k, 1], found[k, 2], found[k, 3] = cost, position, one, two
    return min(n_found + 1, len(found))


@njit(cache=True, nogil=True)
def insert(travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any, visit: int, found: Any) -> bool:
    """Put a visit that nobody does where it costs least and nothing else is lost; whether there is such a place."""
    if visits[visit].fixed:
        return False
    n_found = _look(travel, visits, crews, held, sums, visit, found)
    for k in range(n_found):
        origin, target = held[visit].at, int(found[k, 1])
        if target > origin:
            target -= 1
        first, last = min(origin, target), max(origin, target)
        one, two = int(found[k, 2]), int(found[k, 3])
        touch(visits, crews, held, sums, one, first)
        touch(visits, crews, held, sums, two, first)
        shift(held, origin, target)
        held[visit].crew[0], held[visit].crew[1] = one, two
        evaluate(travel, visits, crews, held, groups, sums, first, last)
        if sums[0].soft or sums[0].new_prize >= sums[0].prize + visits[visit].prize * (1 - 1e-9) - 1e-9:
            keep(travel, crews, held, sums)
            return True
        shift(held, target, origin)
        held[visit].crew[0], held[visit].crew[1] = -1, -1
        forget(crews, sums)
    return False


@njit(cache=True, nogil=True)
def _take_out(  # noqa: C901  # in one piece, as compiled loops are
    visits: Any, crews: Any, held: Any, groups: Any, sums: Any, travel: Any, out: Any, size: int
) -> int:
    """Short strings of days about a visit by chance are taken out; how many visits that makes."""
    n, n_out = len(held), 0
    seed = below(sums, n)
    for k in range(-1, N_NEAR):
        visit = seed if k < 0 else visits[seed].near[k]
        if n_out >= size:
            break
        if not held[visit].done or held[visit].gone or visits[visit].fixed or (k >= 0 and draw(sums) < _SPARED):
            continue
        slot = 1 if held[visit].crew[1] >= 0 and draw(sums) < HALF else 0
        crew = held[visit].crew[slot]
        left = min(1 + below(sums, _LONGEST), size - n_out)
        position = held[visit].at
        back = below(sums, left)
        while back > 0 and position > 0:  # the string may begin before the visit
            position -= 1
            one = held[held[position].order]
            if one.done and crew in (one.crew[0], one.crew[1]):
                back -= 1
        while left > 0 and position < n:
            here = held[position].order
            one = held[here]
            if one.done and crew in (one.crew[0], one.crew[1]) and not one.gone and not visits[here].fixed:
                one.gone = 1
                out[n_out] = here
                n_out += 1
                left -= 1
            position += 1
    first = n
    for k in range(n_out):
        first = min(first, held[out[k]].at)
    for k in range(n_out):
        one = held[out[k]]
        touch(visits, crews, held, sums, one.crew[0], first)
        touch(visits, crews, held, sums, one.crew[1], first)
        one.gone = 0
    for k in range(n_out):
        held[out[k]].crew[0], held[out[k]].crew[1] = -1, -1
    if n_out > 0:
        evaluate(travel, visits, crews, held, groups, sums, first, n - 1)
        keep(travel, crews, held, sums)
    return n_out


@njit(cache=True, nogil=True)
def rebuild(  # noqa: C901, PLR0912  # in one piece, as compiled loops are
    travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any, temp: float, spare: Any, found: Any,
    out: Any,
) -> bool:  # fmt: skip
    """Take some visits out and put them back; whether that was kept."""
    before, n = sums[0].cost, len(held)
    old = np.array([sums[0].travel, sums[0].late, sums[0].latest, sums[0].prize])
    spare[:] = held
    n_out = _take_out(visits, crews, held, groups, sums, travel, out, 1 + below(sums, min(_MOST_OUT, n)))
    if sums[0].soft == 0:  # some of those left out may come in
        for _ in range(6):
            visit = below(sums, n)
            if n_out > 0 and draw(sums) < _BESIDE:
                visit = visits[out[below(sums, n_out)]].near[below(sums, N_NEAR)]
            if held[visit].crew[0] < 0:
                known = False
                for k in range(n_out):
                    known |= out[k] == visit
                if not known:
                    out[n_out] = visit
                    n_out += 1
    kind = below(sums, _KINDS)
    for k in range(n_out):  # in an order by chance, or the best prize, the longest, the earliest to close first
        low, at = np.inf, k
        for j in range(k, n_out):
            what = visits[out[j]]
            key = draw(sums)
            if kind == _PRIZE:
                key = -what.prize * (0.8 + 0.4 * key)
            elif kind == _RATE:
                key = -what.prize / (1.0 + what.duration[0]) * (0.8 + 0.4 * key)
            elif kind == _EARLY:
                key = what.closes[what.n_windows - 1]
            if key < low:
                low, at = key, j
        out[k], out[at] = out[at], out[k]
        insert(travel, visits, crews, held, groups, sums, out[k], found)
    if sums[0].cost <= before - temp * np.log(1.0 - draw(sums)):
        return True
    restore(travel, visits, crews, held, sums, spare, before, old)
    return False


@njit(cache=True, nogil=True)
def restore(travel: Any, visits: Any, crews: Any, held: Any, sums: Any, spare: Any, cost: float, old: Any) -> None:
    """Hold again what was held before, with its figures."""
    held[:] = spare
    total = sums[0]
    total.cost, total.travel, total.late, total.latest, total.prize = cost, old[0], old[1], old[2], old[3]
    for crew in range(len(crews)):
        crews[crew].back = 0.0
    for k in range(len(held)):
        visit = held[k].order
        one = held[visit]
        for slot in range(2):
            if one.done and one.crew[slot] >= 0:
                crew = crews[one.crew[slot]]
                crew.back = travel[visits[visit].place, crew.home]
