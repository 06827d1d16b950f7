"""A global order of visits, turned into times crew by crew, compiled: only what a change touches is worked out again.

Visits are taken in one order for all crews, each appended to the end of its crews' days. A visit of two crews waits for
the later one, and since nobody ever waits for a visit that comes later in the order, nothing can lock up.

Tables are those of `geo.order_problem`: `visits`, `crews`, `held`, `groups` and the one row of `sums`.
"""

from typing import Any

import numpy as np
from numba import njit

from geo.order_problem import PAIR, SINGLE

_ROUNDS = 8  # of two crews waiting for each other around their rests; two are usual


@njit(cache=True, nogil=True)
def may(visits: Any, crews: Any, visit: int, one: int, two: int) -> bool:
    """Whether the law and the skills let these crews (-1: no second one) do a visit, whatever the time."""
    if one < 0 or one == two or crews[one].people == 0:
        return False
    what, bits, people = visits[visit], crews[one].bits, crews[one].people
    if bits & what.needs[0] != what.needs[0]:
        return False
    if two < 0:
        if what.shape == PAIR:
            return False
    else:
        other = crews[two].bits
        if what.shape == SINGLE or other & what.needs[1] != what.needs[1] or crews[two].people == 0:
            return False
        bits |= other
        people += crews[two].people
    both = what.needs[2]
    return bool(bits & both == both and bits & what.bars == 0 and people >= what.people)


@njit(cache=True, nogil=True)
def _open_from(visits: Any, visit: int, at: float, soft: int) -> float:
    """When a visit may start that cannot start before `at`; inf for never."""
    what = visits[visit]
    if soft:
        return float(max(at, what.opens[0]))
    for k in range(what.n_windows):
        if at <= what.closes[k]:
            return float(max(at, what.opens[k]))
    return np.inf


@njit(cache=True, nogil=True)
def start_of(
    travel: Any, visits: Any, crews: Any, visit: int, slot: int, crew: int, where: int, free: float, rested: int,
    least: float, soft: int,
) -> tuple[float, int]:  # fmt: skip
    """When a crew that is free at a place can start a visit, not before `least`, and whether it has rested by then."""
    drive = travel[where, visits[visit].place]
    arrive = free + drive
    start = _open_from(visits, visit, max(arrive, least), soft)
    rest = crews[crew].rest
    length = rest[2]
    if rested or length == 0:
        return start, rested
    earliest, latest = rest[0], rest[1]
    there = max(arrive, earliest)
    if there <= latest:
        if there + length <= start:
            return start, 1  # the wait is long enough to rest in
        if start + visits[visit].duration[slot] <= latest:
            return start, 0
        return _open_from(visits, visit, max(there + length, least), soft), 1
    before = max(free, earliest)
    if before <= latest:
        return _open_from(visits, visit, max(before + length + drive, least), soft), 1
    return np.inf, 0


@njit(cache=True, nogil=True)
def home_at(travel: Any, crews: Any, crew: int, place: int, ready: float, rested: int) -> float:
    """When a crew is back that is done at a place; a break that does not fit after the way home is taken before."""
    drive = travel[place, crews[crew].home]
    rest = crews[crew].rest
    if rested or rest[2] == 0 or ready + drive <= rest[1]:
        return float(ready + drive)
    return float(max(ready, rest[0]) + rest[2] + drive)


@njit(cache=True, nogil=True)
def _standing(visits: Any, crews: Any, held: Any, crew: int, position: int) -> tuple[int, float, int]:
    """Where a crew whose day is as held stands before a position of the order: place, minute, rested."""
    for k in range(position - 1, -1, -1):
        visit = held[k].order
        one = held[visit]
        if one.done:
            if one.crew[0] == crew:
                return visits[visit].place, one.ready[0], one.rested[0]
            if one.crew[1] == crew:
                return visits[visit].place, one.ready[1], one.rested[1]
    return crews[crew].home, crews[crew].starts, 0


@njit(cache=True, nogil=True)
def touch(visits: Any, crews: Any, held: Any, sums: Any, crew: int, position: int) -> None:
    """Work a crew's day out again from a position of the order on."""
    if crew >= 0 and not crews[crew].changed:
        where, free, rested = _standing(visits, crews, held, crew, position)
        one = crews[crew]
        one.where, one.free, one.rested, one.changed = where, free, rested, 1
        crews[sums[0].n_ever].ever = crew
        sums[0].n_ever += 1


@njit(cache=True, nogil=True)
def evaluate(  # noqa: C901, PLR0912, PLR0915  # in one piece: it runs millions of times
    travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any, first: int, last: int
) -> float:
    """The cost of what is held after a change between two positions of its order; the crews it concerns are touched.

    The order and the crews in `held` are already the new ones, its times still the old.
    """
    n, total = len(held), sums[0]
    soft, grouped = total.soft, len(groups) > 0
    away, late, prize = total.travel, total.late, total.prize
    latest, gone, n_changed, n_tried = 0.0, False, total.n_ever, 0
    if grouped:
        for k in range(len(groups)):
            groups[k].used = 0
        for position in range(first):
            visit = held[position].order
            if visits[visit].group >= 0 and held[visit].done:
                groups[visits[visit].group].used += 1
    for position in range(first, n):
        visit = held[position].order
        now = held[visit]
        one, two, was = now.crew[0], now.crew[1], now.done
        group = visits[visit].group if grouped else -1
        if one < 0:
            if not was:
                continue
        elif group < 0 and not crews[one].changed and (two < 0 or not crews[two].changed):
            continue
        done = may(visits, crews, visit, one, two) and (group < 0 or groups[group].used < groups[group].room)
        what = visits[visit]
        place = what.place
        from_one, from_two, start_one, start_two, rested_one, rested_two = 0, 0, 0.0, 0.0, 0, 0
        if done:
            if crews[one].changed:
                from_one, free_one, had_one = crews[one].where, crews[one].free, crews[one].rested
            else:
                from_one, free_one, had_one = _standing(visits, crews, held, one, position)
            start_one, rested_one = start_of(
                travel, visits, crews, visit, 0, one, from_one, free_one, had_one, 0.0, soft
            )
            if two >= 0:
                if crews[two].changed:
                    from_two, free_two, had_two = crews[two].where, crews[two].free, crews[two].rested
                else:
                    from_two, free_two, had_two = _standing(visits, crews, held, two, position)
                least, most = what.apart[0], what.apart[1]
                start_two, rested_two = start_of(
                    travel, visits, crews, visit, 1, two, from_two, free_two, had_two, start_one + least, soft
                )
                done = False
                for _ in range(_ROUNDS):
                    if start_one >= start_two - most and start_two >= start_one + least:
                        done = start_one < np.inf and start_two < np.inf
                        break
                    if start_one < start_two - most:
                        start_one, rested_one = start_of(
                            travel, visits, crews, visit, 0, one, from_one, free_one, had_one, start_two - most, soft
                        )
                    if start_two < start_one + least:
                        start_two, rested_two = start_of(
                            travel, visits, crews, visit, 1, two, from_two, free_two, had_two, start_one + least, soft
                        )
                if done:
                    ready = start_two + what.duration[1]
                    done = home_at(travel, crews, two, place, ready, rested_two) <= crews[two].ends
            if done:
                ready = start_one + what.duration[0]
                done = ready < np.inf and home_at(travel, crews, one, place, ready, rested_one) <= crews[one].ends
        held[n_tried].tried = visit
        n_tried += 1
        now.new_done = done
        if was:
            away -= now.leg[0] + now.leg[1]
            prize -= what.prize
            if soft:
                late -= now.late[0] + now.late[1]
                gone |= max(now.late[0], now.late[1]) >= total.latest
        if not done:
            if was:
                touch(visits, crews, held, sums, one, position)
                touch(visits, crews, held, sums, two, position)
                n_changed = n
            continue
        if group >= 0:
            groups[group].used += 1
        prize += what.prize
        now.new_leg[0] = travel[from_one, place]
        now.new_leg[1] = travel[from_two, place] if two >= 0 else 0.0
        away += now.new_leg[0] + now.new_leg[1]
        if soft:
            now.new_late[0] = max(0.0, start_one - what.closes[0])
            now.new_late[1] = max(0.0, start_two - what.closes[0]) if two >= 0 else 0.0
            late += now.new_late[0] + now.new_late[1]
            latest = max(latest, now.new_late[0], now.new_late[1])
        for slot in range(2):
            crew = one if slot == 0 else two
            if crew < 0:
                continue
            ready = start_one + what.duration[0] if slot == 0 else start_two + what.duration[1]
            rested = rested_one if slot == 0 else rested_two
            now.new_ready[slot], now.new_rested[slot] = ready, rested
            same = was and ready == now.ready[slot] and rested == now.rested[slot]
            it = crews[crew]
            if not it.changed:
                if same:
                    continue
                it.changed = 1
                crews[total.n_ever].ever = crew
                total.n_ever += 1
                n_changed += 1
            it.where, it.free, it.rested = place, ready, rested
            if same and position > last:
                it.changed = 0
                _drop(crews, total, crew)
                n_changed -= 1
        if n_changed == 0 and position >= last and not grouped:
            break
    for k in range(total.n_ever):
        crew = crews[k].ever
        away += travel[crews[crew].where, crews[crew].home] - crews[crew].back
    if soft and not gone:
        latest = max(latest, total.latest)
    elif soft and latest < total.latest:
        for k in range(n_tried):
            held[held[k].tried].seen = 1
        for k in range(n):
            if held[k].done and not held[k].seen:
                latest = max(latest, held[k].late[0], held[k].late[1])
        for k in range(n_tried):
            held[held[k].tried].seen = 0
    total.n_tried = n_tried
    total.new_travel, total.new_late, total.new_latest, total.new_prize = away, late, latest, prize
    total.new_cost = total.weight_travel * away + total.weight_late * late + total.weight_latest * latest - prize
    return float(total.new_cost)


@njit(cache=True, nogil=True)
def _drop(crews: Any, total: Any, crew: int) -> None:
    """Take one crew off the list of those whose day changed."""
    for k in range(total.n_ever):
        if crews[k].ever == crew:
            crews[k].ever = crews[total.n_ever - 1].ever
            total.n_ever -= 1
            break


@njit(cache=True, nogil=True)
def forget(crews: Any, sums: Any) -> None:
    """Ready for the next change."""
    for k in range(sums[0].n_ever):
        crews[crews[k].ever].changed = 0
    sums[0].n_ever = 0


@njit(cache=True, nogil=True)
def keep(travel: Any, crews: Any, held: Any, sums: Any) -> None:
    """Hold what was evaluated last."""
    total = sums[0]
    for k in range(total.n_tried):
        now = held[held[k].tried]
        now.done = now.new_done
        if now.done:
            for slot in range(2):
                now.ready[slot], now.rested[slot] = now.new_ready[slot], now.new_rested[slot]
                now.leg[slot], now.late[slot] = now.new_leg[slot], now.new_late[slot]
        else:
            now.crew[0], now.crew[1] = -1, -1
    for k in range(total.n_ever):
        crew = crews[crews[k].ever]
        crew.back = travel[crew.where, crew.home]
    total.travel, total.late, total.latest = total.new_travel, total.new_late, total.new_latest
    total.prize, total.cost = total.new_prize, total.new_cost
    forget(crews, sums)


@njit(cache=True, nogil=True)
def decode(travel: Any, visits: Any, crews: Any, held: Any, groups: Any, sums: Any) -> float:
    """Work out everything anew from the order and the crews held; the cost."""
    total = sums[0]
    total.travel, total.late, total.latest, total.prize = 0.0, 0.0, 0.0, 0.0
    forget(crews, sums)
    for k in range(len(held)):
        held[k].done = 0
        held[held[k].order].at = k
    for crew in range(len(crews)):
        crews[crew].back = 0.0
        touch(visits, crews, held, sums, crew, 0)
    cost = evaluate(travel, visits, crews, held, groups, sums, 0, len(held) - 1)
    keep(travel, crews, held, sums)
    return cost
