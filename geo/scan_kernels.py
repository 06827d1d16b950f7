"""The inner loops of the scan statistic, compiled: circles grow site by site, windows are looked at, draws are made.

A window's statistic grows with its count and falls with its expected cases. So for every count the least expected number
is all that has to be kept, and no logarithm is taken before the end. And a circle that grew by a place without cases, or
an interval that begins or ends on an empty day, can only be worse than the one without: they are never looked at.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.shifts import Floats

Ints32 = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
_DE_BRUIJN, _WORD = 0x077CB531, 0xFFFFFFFF
_PLACE_OF_BIT = np.zeros(32, dtype=np.int64)
for _bit in range(32):
    _PLACE_OF_BIT[(((1 << _bit) * _DE_BRUIJN) & _WORD) >> 27] = _bit
_FEW, _HALVINGS, _RISE = 32, 16, 1.1
_NOBODY, _SEVERAL = -1, -2
N_FACTS = 6  # what `best_windows` says of a window: statistic, sites, first, last, count, expected


@njit(cache=True, nogil=True)
def likelihood_ratio(count: float, expected: float, n_cases: float, n_points: float) -> float:
    """Kulldorff's log likelihood ratio of a window with more than its share; 0 for any other.

    `n_points` above 0 makes it Bernoulli's, and `expected` then counts the cases and controls inside.
    """
    if n_points <= 0:
        if count <= expected:
            return 0.0
        rest = n_cases - count
        outside = rest * np.log(rest / (n_cases - expected)) if rest > 0 else 0.0
        return float(count * np.log(count / expected) + outside)
    if count * n_points <= n_cases * expected:
        return 0.0
    total = 0.0
    for side in range(2):
        cases = count * 1.0 if side == 0 else n_cases - count
        points = expected if side == 0 else n_points - expected
        if cases > 0:
            total += cases * np.log(cases / points)
        if points > cases:
            total += (points - cases) * np.log((points - cases) / points)
    share = n_cases / n_points
    return float(total - n_cases * np.log(share) - (n_points - n_cases) * np.log(1 - share))


@njit(cache=True, nogil=True)
def _cut(top: float, least: int, totals: Any, cut: Any) -> None:
    """For every small count the expected number from which on it is no better than `top`."""
    for count in range(min(len(cut), int(totals[0]) + 1)):
        low = float(count) if totals[1] > 0 else 1e-12
        high = count * max(totals[1] / totals[0], 1.0)
        if count < least or likelihood_ratio(count, low, totals[0], totals[1]) <= top:
            cut[count] = 0.0
            continue
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if likelihood_ratio(count, middle, totals[0], totals[1]) > top:
                low = middle
            else:
                high = middle
        cut[count] = high * totals[2]


@njit(cache=True, nogil=True)
def _walk(  # noqa: C901, PLR0912, PLR0915  # in one piece: a call here would cost more than what it does
    centre: int, near_ptr: Any, near: Any, weight: Any, cum: Any, site_cum: Any, ptr: Any, times: Any, limits: Any,
    totals: Any, best: Any, where: Any, cut: Any, top: Any, on: Any, own_cum: Any, bits: Any, new: Any, days: Any,
    blocks: Any, block_of: Any, heads: Any,
) -> int:  # fmt: skip
    """Grow the circles of one centre and note the least expected number of every count; how many cases it met.

    `cut`: expected numbers from which on a small count is of no interest. `top` becomes the largest statistic met.
    """
    separable = len(site_cum) == 0
    n_periods = len(cum) - 1
    longest, shortest, alive, least_count = limits[0], limits[1], limits[2] == 1, limits[3]
    met, fresh, first_new, last_new = 0, 0, n_periods, -1
    scale = 0.0 if separable else 1.0
    if not separable:
        own_cum[:] = 0.0
    for k in range(near_ptr[centre], near_ptr[centre + 1]):
        site = near[k]
        more = site < 0  # the next one is as far away: they come together
        if more:
            site = ~site
        if separable:
            scale += weight[site]
        else:
            for t in range(len(own_cum)):
                own_cum[t] += site_cum[site, t]
        t = heads[site]
        if t >= 0 and fresh == 0 and not more:  # by far the most usual: one more case
            on[t] += 1
            blocks[block_of[t]] += 1
            bits[t >> 5] |= 1 << (t & 31)
            fresh, first_new, last_new = 1, t, t
        elif t != _NOBODY:
            for case in range(ptr[site], ptr[site + 1]):
                t = times[case]
                on[t] += 1
                blocks[block_of[t]] += 1
                bit = 1 << (t & 31)
                bits[t >> 5] |= bit
                new[t >> 5] |= bit
                fresh += 1
                first_new, last_new = min(first_new, t), max(last_new, t)
        if more or fresh == 0:
            continue
        met += fresh
        size = k + 1 - near_ptr[centre]
        if alive:
            for word in range(first_new >> 5, (last_new >> 5) + 1):
                new[word] = 0
            count = 0
            for first in range(n_periods - 1, n_periods - longest - 1, -1):
                if last_new < n_periods - longest:
                    break
                count += on[first]
                if first <= last_new and first <= n_periods - shortest:
                    expected = scale * (own_cum[n_periods] - own_cum[first])
                    if expected < best[count]:
                        best[count] = expected
                        where[count, 0], where[count, 1], where[count, 2] = size, first, n_periods - 1
            fresh, first_new, last_new = 0, n_periods, -1
            continue
        # Every interval once: by the first of the new days it holds.
        least, day = 0, first_new
        while True:
            # An interval expects no less than its one day, and has no more cases than lie about it: often that tells.
            on_day = scale * (own_cum[day + 1] - own_cum[day])
            block = block_of[day]
            middle = blocks[block - 1] + blocks[block] + blocks[block + 1]
            about = max(
                middle, middle - blocks[block + 1] + blocks[block - 2], middle - blocks[block - 1] + blocks[block + 2]
            )
            if about >= len(cut) or on_day < cut[about]:
                low, high = max(day - longest + 1, least), min(day + longest - 1, n_periods - 1)
                n, own = 0, 0
                for word in range(low >> 5, (high >> 5) + 1):
                    rest = bits[word]
                    if word == low >> 5:
                        rest &= _WORD << (low & 31)
                    if word == high >> 5:
                        rest &= (2 << (high & 31)) - 1
                    while rest != 0:
                        bit = rest & -rest
                        rest ^= bit
                        one = (word << 5) + _PLACE_OF_BIT[((bit * _DE_BRUIJN) & _WORD) >> 27]
                        days[n] = one
                        if one == day:
                            own = n
                        n += 1
                left, right = 0, 0
                for i in range(own + 1, n):
                    right += on[days[i]]
                for i in range(own, -1, -1):
                    first = days[i]
                    left += on[first]
                    before = own_cum[first]
                    most = left + right
                    if most < len(cut) and scale * (own_cum[day + 1] - before) >= cut[most]:
                        continue
                    count = left
                    j = own
                    while True:
                        last = days[j]
                        expected = scale * (own_cum[last + 1] - before)
                        if expected < best[count] and last - first + 1 >= shortest:
                            best[count] = expected
                            where[count, 0], where[count, 1], where[count, 2] = size, first, last
                            if count >= least_count:
                                ratio = likelihood_ratio(count, expected / totals[2], totals[0], totals[1])
                                top[0] = max(top[0], ratio)
                        j += 1
                        if j == n or days[j] - first >= longest:
                            break
                        count += on[days[j]]
            if shortest > 1:  # the shortest intervals may begin and end on empty days
                for first in range(max(0, day - shortest + 1), min(day, n_periods - shortest) + 1):
                    count = 0
                    for one in range(first, first + shortest):
                        count += on[one]
                    expected = scale * (own_cum[first + shortest] - own_cum[first])
                    if expected < best[count]:
                        best[count] = expected
                        where[count, 0], where[count, 1], where[count, 2] = size, first, first + shortest - 1
            if day == last_new:
                break
            new[day >> 5] &= ~(1 << (day & 31))
            least = day + 1
            word = day >> 5
            while new[word] == 0:
                word += 1
            bit = new[word] & -new[word]
            day = (word << 5) + _PLACE_OF_BIT[((bit * _DE_BRUIJN) & _WORD) >> 27]
        new[day >> 5] = 0
        fresh, first_new, last_new = 0, n_periods, -1
    if met > 0:
        on[:] = 0
        bits[:] = 0
        blocks[:] = 0
    return met


@njit(cache=True, nogil=True)
def best_windows(  # noqa: C901
    near_ptr: Rows, near: Ints32, weight: Floats, cum: Floats, site_cum: Floats, ptr: Rows, times: Ints32, limits: Rows,
    totals: Floats, apart: bool,
) -> Floats:  # fmt: skip
    """The best window of every centre: statistic, sites, first and last period, count, expected; zeros for none.

    Without `apart`, one row with the largest statistic of all centres, which is much faster.

    `limits`: longest, shortest, alive (0 or 1), least count. `totals`: cases, points (0: not Bernoulli's), and what an
    expected number has to be divided by.
    """
    n_cases, n_periods, n_centres = len(times), len(cum) - 1, len(near_ptr) - 1
    best = np.full(n_cases + 1, np.inf)
    where = np.zeros((n_cases + 1, 3), dtype=np.int64)
    top, cut, known = np.zeros(1), np.full(_FEW, np.inf), 0.0
    on, own_cum, days = np.zeros(n_periods, dtype=np.int32), cum.copy(), np.zeros(n_periods, dtype=np.int64)
    bits, new = np.zeros(n_periods // 32 + 1, dtype=np.int64), np.zeros(n_periods // 32 + 1, dtype=np.int64)
    half = (limits[0] + 1) // 2  # no interval meets more than three blocks of half its length in a row
    block_of = np.arange(n_periods) // half + 2
    blocks = np.zeros(n_periods // half + 5, dtype=np.int64)
    heads = np.full(len(ptr) - 1, _NOBODY)  # the period of a site's only case, or that it has none, or several
    for site in range(len(heads)):
        if ptr[site + 1] - ptr[site] == 1:
            heads[site] = times[ptr[site]]
        elif ptr[site + 1] > ptr[site]:
            heads[site] = _SEVERAL
    found = np.zeros((n_centres if apart else 1, N_FACTS))
    for centre in range(n_centres):
        met = _walk(
            centre, near_ptr, near, weight, cum, site_cum, ptr, times, limits, totals, best, where, cut, top, on,
            own_cum, bits, new, days, blocks, block_of, heads,
        )  # fmt: skip
        if not apart:
            if top[0] > _RISE * known:
                known = top[0]
                _cut(known, limits[3], totals, cut)
            if centre < n_centres - 1:
                continue
            met = n_cases
        row = centre if apart else 0
        for count in range(met + 1):
            if count >= limits[3] and best[count] < np.inf:
                expected = best[count] / totals[2]
                ratio = likelihood_ratio(count, expected, totals[0], totals[1])
                # What differs in the last digits only is the same; the smaller window is the sharper one.
                if ratio > found[row, 0] * (1 + 1e-12):
                    found[row, 0], found[row, 4], found[row, 5] = ratio, count, expected
                    found[row, 1:4] = where[count]
            best[count] = np.inf
    return found


@njit(cache=True, nogil=True)
def cells_of(chances: Floats, site_end: Floats, site_cum: Floats) -> tuple[Rows, Ints32]:
    """Cases of each site as offsets, and their periods: for sorted chances from 0 up to the last of `site_end`."""
    n_sites, n_periods = len(site_cum), site_cum.shape[1] - 1
    ptr, times = np.zeros(n_sites + 1, dtype=np.int64), np.zeros(len(chances), dtype=np.int32)
    site = 0
    for k in range(len(chances)):
        while site < n_sites - 1 and chances[k] >= site_end[site]:
            site += 1
        rest = chances[k] - (site_end[site - 1] if site > 0 else 0.0)
        low, high = 0, n_periods - 1
        while low < high:
            middle = (low + high) // 2
            if site_cum[site, middle + 1] > rest:
                high = middle
            else:
                low = middle + 1
        times[k] = low
        ptr[site + 1] += 1
    for site in range(n_sites):
        ptr[site + 1] += ptr[site]
    return ptr, times
