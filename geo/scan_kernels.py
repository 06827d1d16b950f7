"""The loops over circles of the scan statistic, compiled: circles grow site by site, and draws are made.

A window's statistic grows with its count and falls with its expected cases. So for every count the least expected number
is all that has to be kept, and once a statistic is known, a number per count tells what cannot beat it. A circle that
grew by a place without cases, or an interval that begins or ends on an empty day, can only be worse than the one without:
they are never looked at. Of the others, counters of the cases about its day leave a few in a hundred.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.scan_intervals import about, anywhere, least_growth, reaching_the_end, shortest_about
from geo.scan_ratio import BINS, cut_off, likelihood_ratio, surpluses
from geo.shifts import Floats

Ints32 = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
_CUTS, _RISE = 256, 1.1
_SEVERAL = 1
_MANY = 12  # new cases times this: more than periods, and all intervals are looked at together
_SPARSE = 40  # cases times this: less than counters, and these are cleared case by case
_ONE, _TWO = np.uint32(1), np.uint32(2)  # unsigned: no look whether a row counts from the end
N_FACTS = 6  # what `best_windows` says of a window: statistic, sites, first, last, count, expected


@njit(cache=True, nogil=True, inline="always")
def _joined(t: Any, extra: int, tally: Any, slots: Any) -> tuple[Any, Any]:
    """Count cases of a day, there and in three counters each for brief and long intervals about it; the most of each."""
    brief, long = slots[t, 0], slots[t, 1]
    tally[t] += extra
    a, b, c = tally[brief] + extra, tally[brief + _ONE] + extra, tally[brief + _TWO] + extra
    tally[brief], tally[brief + _ONE], tally[brief + _TWO] = a, b, c
    d, e, f = tally[long] + extra, tally[long + _ONE] + extra, tally[long + _TWO] + extra
    tally[long], tally[long + _ONE], tally[long + _TWO] = d, e, f
    return max(a, b, c), max(d, e, f)


@njit(cache=True, nogil=True, inline="always")
def _forgotten(t: Any, tally: Any, slots: Any) -> None:
    """Forget the cases of a day, there and in the counters about it."""
    brief, long = slots[t, 0], slots[t, 1]
    tally[t] = 0
    tally[brief], tally[brief + _ONE], tally[brief + _TWO] = 0, 0, 0
    tally[long], tally[long + _ONE], tally[long + _TWO] = 0, 0, 0


@njit(cache=True, nogil=True, inline="always")
def _promising(t: Any, scale: float, most: Any, growth: Any, cut: Any) -> bool:
    """Whether an interval that holds a day could be good, brief or long: by the most it has and the least it expects."""
    beyond = len(cut) - 1
    # One jump, not two: which of them it is cannot be foretold.
    return bool((scale * growth[t, 0] < cut[min(most[0], beyond)]) | (scale * growth[t, 1] < cut[min(most[1], beyond)]))


@njit(cache=True, nogil=True)
def _walk(  # noqa: C901, PLR0912, PLR0915  # in one piece: it is what a scan does all the time, and calls cost
    near_ptr: Any, near: Any, weight: Any, site_cum: Any, ptr: Any, times: Any, limits: Any, totals: Any, apart: bool,
    best: Any, where: Any, cut: Any, tally: Any, slots: Any, own_cum: Any, growth: Any, heads: Any, surplus_of: Any,
    found: Any, known: float,
) -> None:  # fmt: skip
    """Grow the circles of every centre and note the least expected number of every count."""
    separable = len(site_cum) == 0
    n_periods = len(growth)
    top, surplus = np.zeros(1), np.zeros(n_periods + 1)
    is_new, new, days = (
        np.zeros(n_periods, dtype=np.bool_),
        np.zeros(n_periods, np.int64),
        np.zeros(n_periods, np.int64),
    )
    on = tally[:n_periods]
    for centre in range(len(near_ptr) - 1):
        met, n_new = 0, 0
        scale = 0.0 if separable else 1.0
        if not separable:
            own_cum[:] = 0.0
        for k in range(near_ptr[centre], near_ptr[centre + 1]):
            more = near[k] < 0  # the next one is as far away: they come together
            site = np.uint32(~near[k] if more else near[k])
            if separable:
                scale += weight[site]
            else:
                own_cum += site_cum[site]
            t = heads[site]
            if t < n_periods:  # by far the most usual: one more case
                most = _joined(t, 1, tally, slots)
                met += 1
                if n_new == 0 and not more and separable and not _promising(t, scale, most, growth, cut):
                    continue
                if not is_new[t]:
                    is_new[t], new[n_new] = True, t
                    n_new += 1
            elif t == n_periods + _SEVERAL:
                for case in range(ptr[site], ptr[site + 1]):
                    day = times[case]
                    _joined(day, 1, tally, slots)
                    if not is_new[day]:
                        is_new[day], new[n_new] = True, day
                        n_new += 1
                met += ptr[site + 1] - ptr[site]
            if more or n_new == 0:
                continue
            size = k + 1 - near_ptr[centre]
            for i in range(n_new):
                is_new[new[i]] = False
            if limits[2] == 1:
                last = int(new[:n_new].max())
                if last >= n_periods - limits[0]:
                    reaching_the_end(last, scale, size, own_cum, on, limits, best, where)
            elif n_new * _MANY > n_periods and len(surplus_of) > 0 and surplus_of[0] > -np.inf:
                anywhere(scale, own_cum, on, limits, totals, best, cut, surplus_of, top, surplus)
            else:
                good = 0
                for i in range(n_new):
                    day = new[i]
                    if not separable:
                        growth[day] = own_cum[day + 1] - own_cum[day]
                    if _promising(day, scale, _joined(day, 0, tally, slots), growth, cut):
                        new[good] = day
                        good += 1
                new[:good].sort()
                least = 0  # every interval once: by the first of these days it holds
                for i in range(good):
                    about(new[i], least, scale, size, own_cum, on, days, limits, totals, best, where, cut, top)
                    if limits[1] > 1:
                        shortest_about(new[i], scale, size, own_cum, on, limits, best, where)
                    least = new[i] + 1
            n_new = 0
        if met * _SPARSE < len(tally):
            for k in range(near_ptr[centre], near_ptr[centre + 1]):
                site = np.uint32(~near[k] if near[k] < 0 else near[k])
                for case in range(ptr[site], ptr[site + 1]):
                    _forgotten(times[case], tally, slots)
        else:
            for slot in range(len(tally)):  # half as long again as fast as a slice
                tally[slot] = 0
        if apart:
            _kept(met, limits, totals, best, where, found[centre])
        elif top[0] > _RISE * known:
            known = top[0]
            cut_off(known, limits[3], totals, cut)
            surpluses(cut, totals, surplus_of)


@njit(cache=True, nogil=True)
def _kept(met: int, limits: Any, totals: Any, best: Any, where: Any, found: Any) -> None:
    """Write the facts of the best window of all counts up to `met`, and forget these."""
    for count in range(met + 1):
        if count >= limits[3] and best[count] < np.inf:
            expected = best[count] / totals[2]
            ratio = likelihood_ratio(count, expected, totals[0], totals[1])
            # What differs in the last digits only is the same; the smaller window is the sharper one.
            if ratio > found[0] * (1 + 1e-12):
                found[0], found[4], found[5] = ratio, count, expected
                found[1:4] = where[count]
        best[count] = np.inf


@njit(cache=True, nogil=True)
def _blocks(longest: int) -> tuple[int, int]:
    """The lengths of blocks of which three side by side hold any brief interval, and any at all."""
    return max(longest // 6, 1), max(longest // 2, 1)


@njit(cache=True, nogil=True)
def _slots(n_periods: int, longest: int) -> Any:
    """Where the tally keeps the counters of every period, brief and long, and in the last row where it ends.

    A counter holds the cases of three blocks side by side. An interval up to one longer than two blocks lies in them.
    """
    slots = np.zeros((n_periods + 1, 2), dtype=np.uint32)
    begin = n_periods
    for which, length in enumerate(_blocks(longest)):
        slots[:n_periods, which] = np.arange(n_periods) // length + begin
        begin += (n_periods - 1) // length + 3
    slots[n_periods] = begin
    return slots


@njit(cache=True, nogil=True)
def _growth(cum: Any, longest: int) -> Any:
    """For every period the least growth of `cum` over an interval that holds it, and over one too long to be brief."""
    growth = np.zeros((len(cum) - 1, 2))
    growth[:, 0], growth[:, 1] = least_growth(cum, 1), least_growth(cum, 2 * _blocks(longest)[0] + 2)
    return growth


@njit(cache=True, nogil=True)
def _heads(ptr: Any, times: Any, n_periods: int) -> Any:
    """The period of every site's only case; `n_periods` where there is none, and more where there are several."""
    heads = np.full(len(ptr) - 1, n_periods, dtype=np.uint32)
    for site in range(len(heads)):
        if ptr[site + 1] - ptr[site] == 1:
            heads[site] = times[ptr[site]]
        elif ptr[site + 1] > ptr[site]:
            heads[site] = n_periods + _SEVERAL
    return heads


@njit(cache=True, nogil=True)
def best_windows(
    near_ptr: Rows, near: Ints32, weight: Floats, cum: Floats, site_cum: Floats, ptr: Rows, times: Ints32, limits: Rows,
    totals: Floats, apart: bool, floor: float,
) -> Floats:  # fmt: skip
    """The best window of every centre: statistic, sites, first and last period, count, expected; zeros for none.

    Without `apart`, one row with the largest statistic of all centres, which is much faster; zeros when it is not
    larger than `floor`, and the faster the closer `floor` comes to it.

    `limits`: longest, shortest, alive (0 or 1), least count. `totals`: cases, points (0: not Bernoulli's), and what an
    expected number has to be divided by.
    """
    n_cases, n_periods, n_centres = len(times), len(cum) - 1, len(near_ptr) - 1
    best = np.full(n_cases + 1, np.inf)
    where = np.zeros((n_cases + 1, 3), dtype=np.int64)
    cut = np.full(_CUTS, np.inf)
    # Not where windows are told apart: of equally good ones the first met stays. Not with points, which are no cases.
    surplus_of = np.full(0 if apart or totals[1] > 0 else BINS * _CUTS, -np.inf)
    if floor > 0:
        cut_off(floor, limits[3], totals, cut)
        surpluses(cut, totals, surplus_of)
    slots, growth = _slots(n_periods, limits[0]), _growth(cum, limits[0])
    tally, heads = np.zeros(slots[n_periods, 0], dtype=np.int32), _heads(ptr, times, n_periods)
    found = np.zeros((n_centres if apart else 1, N_FACTS))
    _walk(
        near_ptr, near, weight, site_cum, ptr, times, limits, totals, apart, best, where, cut, tally, slots,
        cum.copy(), growth, heads, surplus_of, found, floor,
    )  # fmt: skip
    if not apart:
        _kept(n_cases, limits, totals, best, where, found[0])
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
