"""The inner loop behind "why is this no cluster?", compiled: the best of the windows that hold something."""

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.scan_kernels import N_FACTS, Ints32, Rows
from geo.scan_ratio import likelihood_ratio
from geo.shifts import Floats


@njit(cache=True, nogil=True)
def best_holding(  # noqa: C901, PLR0912
    near_ptr: Rows, near: Ints32, weight: Floats, cum: Floats, site_cum: Floats, ptr: Rows, times: Ints32, limits: Rows,
    totals: Floats, least: Rows, wanted: npt.NDArray[np.bool_], period: int,
) -> Floats:  # fmt: skip
    """The best window of every centre among those that hold something: facts as `best_windows` gives them.

    `least`: sites a centre's circle must have (-1: leave the centre out). `wanted`: cases of which one must be inside
    (empty: any). `period`: one the interval must hold (-1: any). Looks at every interval of every circle.
    """
    n_periods = len(cum) - 1
    separable = len(site_cum) == 0
    found = np.zeros((len(near_ptr) - 1, N_FACTS))
    on, asked = np.zeros(n_periods, dtype=np.int64), np.zeros(n_periods, dtype=np.int64)
    at = np.zeros(n_periods + 1)
    for centre in range(len(near_ptr) - 1):
        if least[centre] < 0:
            continue
        on[:], asked[:], at[:] = 0, 0, 0.0
        inside = 0.0
        n_asked = 0
        for k in range(near_ptr[centre], near_ptr[centre + 1]):
            more = near[k] < 0
            site = ~near[k] if more else near[k]
            inside += weight[site]
            if not separable:
                at += site_cum[site]
            for case in range(ptr[site], ptr[site + 1]):
                on[times[case]] += 1
                if len(wanted) == 0 or wanted[case]:
                    asked[times[case]] += 1
                    n_asked += 1
            size = k + 1 - near_ptr[centre]
            if more or size < least[centre] or n_asked == 0:
                continue
            for first in range(n_periods):
                if (limits[2] == 1 and n_periods - first > limits[0]) or (period >= 0 and first > period):
                    continue
                if on[first] == 0 and first != period and limits[1] == 1:
                    continue
                count, n_inside = 0, 0
                for last in range(first, min(first + limits[0], n_periods)):
                    count += on[last]
                    n_inside += asked[last]
                    if last - first + 1 < limits[1] or last < period or (limits[2] == 1 and last < n_periods - 1):
                        continue
                    if n_inside == 0 or count < limits[3]:
                        continue
                    expected = inside * (cum[last + 1] - cum[first]) if separable else at[last + 1] - at[first]
                    ratio = likelihood_ratio(count, expected / totals[2], totals[0], totals[1])
                    if ratio > found[centre, 0] * (1 + 1e-12):
                        found[centre, 0], found[centre, 1], found[centre, 2] = ratio, size, first
                        found[centre, 3], found[centre, 4], found[centre, 5] = last, count, expected / totals[2]
    return found
