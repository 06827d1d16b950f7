"""Intervals of time for one circle, compiled: which of those about a new case could be any good, and the best of them.

`best` and `where` keep for every count the least expected number and its window: circle, first and last period.
`cut` says for every count from which expected number on a window is of no interest, `top` the largest statistic met.
"""

from typing import Any

import numpy as np
from numba import njit

from geo.scan_ratio import BINS, likelihood_ratio


@njit(cache=True, nogil=True)
def least_growth(cum: Any, length: int) -> Any:
    """For every period the least growth of `cum` over `length` periods that it is among; over all when there are fewer."""
    n_periods = len(cum) - 1
    length = min(length, n_periods)
    least = np.full(n_periods, np.inf)
    for first in range(n_periods - length + 1):
        growth = cum[first + length] - cum[first]
        for t in range(first, first + length):
            least[t] = min(least[t], growth)
    return least


@njit(cache=True, nogil=True)
def about(
    day: int, least: int, scale: float, size: int, own_cum: Any, on: Any, days: Any, limits: Any, totals: Any,
    best: Any, where: Any, cut: Any, top: Any,
) -> None:  # fmt: skip
    """Note every interval that holds `day`, and nothing before `least`, whose ends are days with cases."""
    n_periods, longest, shortest, beyond = len(on), limits[0], limits[1], len(cut) - 1
    n, count = 0, 0
    for t in range(max(day - longest + 1, least), day):
        days[n] = t  # kept if there is a case: a jump here would be guessed wrong half of the time
        n += 1 if on[t] > 0 else 0
    own = n
    for t in range(day, min(day + longest, n_periods)):
        days[n] = t
        n += 1 if on[t] > 0 else 0
        count += on[t]
    end = n - 1
    for i in range(own, -1, -1):
        first = days[i]
        if i < own:
            count += on[first]
        while days[end] - first >= longest:
            count -= on[days[end]]
            end -= 1
        before, inside = own_cum[first], count
        least_expected = scale * (own_cum[day + 1] - before)
        for j in range(end, own - 1, -1):
            limit = cut[min(inside, beyond)]
            if least_expected >= limit:
                break
            last = days[j]
            expected = scale * (own_cum[last + 1] - before)
            if expected < limit and expected < best[inside] and last - first + 1 >= shortest:
                best[inside] = expected
                where[inside, 0], where[inside, 1], where[inside, 2] = size, first, last
                if inside >= limits[3]:
                    top[0] = max(top[0], likelihood_ratio(inside, expected / totals[2], totals[0], totals[1]))
            inside -= on[last]


@njit(cache=True, nogil=True)
def shortest_about(
    day: int, scale: float, size: int, own_cum: Any, on: Any, limits: Any, best: Any, where: Any
) -> None:
    """Note the shortest intervals that hold `day`: they may begin and end on empty days."""
    n_periods, shortest = len(on), limits[1]
    for first in range(max(0, day - shortest + 1), min(day, n_periods - shortest) + 1):
        count = 0
        for t in range(first, first + shortest):
            count += on[t]
        expected = scale * (own_cum[first + shortest] - own_cum[first])
        if expected < best[count]:
            best[count] = expected
            where[count, 0], where[count, 1], where[count, 2] = size, first, first + shortest - 1


@njit(cache=True, nogil=True)
def reaching_the_end(
    last_new: int, scale: float, size: int, own_cum: Any, on: Any, limits: Any, best: Any, where: Any
) -> None:
    """Note the intervals that reach the last period and hold a new case, the last of which lies in `last_new`."""
    n_periods = len(on)
    count = 0
    for first in range(n_periods - 1, n_periods - limits[0] - 1, -1):
        count += on[first]
        if first <= last_new and first <= n_periods - limits[1]:
            expected = scale * (own_cum[n_periods] - own_cum[first])
            if expected < best[count]:
                best[count] = expected
                where[count, 0], where[count, 1], where[count, 2] = size, first, n_periods - 1


@njit(cache=True, nogil=True)
def anywhere(  # noqa: C901
    scale: float, own_cum: Any, on: Any, limits: Any, totals: Any, best: Any, cut: Any, surplus_of: Any, top: Any,
    surplus: Any,
) -> None:  # fmt: skip
    """Note the least expected numbers of all intervals, wherever they lie: for a circle that has grown by many cases.

    `surplus_of`: as `geo.scan_ratio.surpluses` gives it. An interval has what the surplus of cases over expected ones
    grew by from its beginning to its end. Beginnings and ends are taken in blocks, and most pairs of blocks are too
    alike: what is the least in one and the most in the other differ by less than any good interval needs.
    """
    n_periods, longest, shortest, beyond = len(on), limits[0], limits[1], len(cut) - 1
    block = max(longest // 6, 1)
    n_blocks = n_periods // block + 1
    surplus[0] = 0.0
    for t in range(n_periods):
        surplus[t + 1] = surplus[t] + on[t] - scale * (own_cum[t + 1] - own_cum[t]) / totals[2]
    low, high = np.zeros(n_blocks), np.zeros(n_blocks)
    for k in range(n_blocks):
        low[k] = high[k] = surplus[k * block]
        for t in range(k * block + 1, min(k * block + block, n_periods + 1)):
            low[k], high[k] = min(low[k], surplus[t]), max(high[k], surplus[t])
    for k in range(n_blocks):
        after = min(k * block + block, n_periods + 1)
        for m in range(k, n_blocks):
            if m * block - after + 1 > longest:
                break
            least = 0.0 if m == k else scale * (own_cum[m * block] - own_cum[after - 1]) / totals[2]
            if 2 * least <= totals[0] and high[m] - low[k] <= surplus_of[min(int(least * BINS), len(surplus_of) - 1)]:
                continue
            for first in range(k * block, after):
                count = 0
                for last in range(first, min(first + longest, m * block + block - 1, n_periods)):
                    count += on[last]
                    if last < m * block - 1 or last - first + 1 < shortest:
                        continue
                    expected = scale * (own_cum[last + 1] - own_cum[first])
                    if expected < cut[min(count, beyond)] and expected < best[count]:
                        best[count] = expected  # a count below the least has no expected number that is good
                        top[0] = max(top[0], likelihood_ratio(count, expected / totals[2], totals[0], totals[1]))
