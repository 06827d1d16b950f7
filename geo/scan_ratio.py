"""Kulldorff's likelihood ratio, compiled, and for every count the expected cases from which on a ratio is out of reach."""

from typing import Any

import numpy as np
from numba import njit

BINS = 2  # of an expected case, in tables
_HALVINGS = 16
_SAFE = 1e-6  # what sums of fractions are surely exact to


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
def cut_off(top: float, least: int, totals: Any, cut: Any) -> None:
    """For every count the expected number from which on it is no better than `top`; the last stands for all beyond.

    `least`: the least count. `totals`: as `geo.scan_kernels.best_windows` takes them. `cut`: what is written to.
    """
    for count in range(min(len(cut) - 1, int(totals[0]) + 1)):
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
def surpluses(cut: Any, totals: Any, surplus: Any) -> None:
    """For every expected number, in bins, how many more cases than expected a window needs that expects so many or more.

    `cut`: as `cut_off` writes it. `surplus`: what is written to. What `cut` does not reach needs as much as the last it
    reaches, up to half of all cases: from there on it is less again.
    """
    count, reached = 0, len(surplus)
    for row in range(len(surplus)):
        while count < len(cut) - 1 and cut[count] / totals[2] <= row / BINS:
            count += 1
        if cut[count] == np.inf:
            reached = row
            break
        surplus[row] = count - (row + 1) / BINS - _SAFE
    surplus[reached:] = surplus[reached - 1] if reached > 0 else 0.0
    for row in range(len(surplus) - 2, -1, -1):
        surplus[row] = min(surplus[row], surplus[row + 1])
