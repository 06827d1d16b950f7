"""The inner loop of siting, compiled: the swap of one open site for another that saves most, looked for in one pass."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.shifts import Floats, Ints

_STANDING = -1  # what serves a place where no chosen site is better


@njit(cache=True, nogil=True)
def _two_best(cost: Any, standing: Any, sites: Any, best: Any, second: Any, by: Any) -> None:
    """Per place its least cost, by which chosen site, and the least cost once that site is gone."""
    for place in range(cost.shape[1]):
        best[place], second[place], by[place] = standing[place], standing[place], _STANDING
        for k in range(len(sites)):
            here = cost[sites[k], place]
            if here < best[place]:
                second[place], best[place], by[place] = best[place], here, k
            elif here < second[place]:
                second[place] = here


@njit(cache=True, nogil=True)
def added(cost: Floats, standing: Floats, sites: npt.NDArray[np.int64], n_more: int) -> npt.NDArray[np.int64]:
    """`sites` and `n_more` beside them, each the one that saves most at its turn; of equals the first."""
    found = np.empty(len(sites) + n_more, dtype=np.int64)
    found[: len(sites)] = sites
    now = standing.copy()
    taken = np.zeros(len(cost), dtype=np.bool_)
    for site in sites:
        taken[site] = True
        now = np.minimum(now, cost[site])
    for k in range(len(sites), len(found)):
        most, pick = -1.0, -1
        for site in range(len(cost)):
            if not taken[site]:
                saved = 0.0
                for place in range(cost.shape[1]):
                    saved += max(now[place] - cost[site, place], 0.0)
                if saved > most:
                    most, pick = saved, site
        found[k] = pick
        taken[pick] = True
        now = np.minimum(now, cost[pick])
    return found


@njit(cache=True, nogil=True)
def interchanged(  # noqa: C901
    cost: Floats, standing: Floats, start: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Sites that no swap of one for another makes cheaper.

    What a site coming in saves and what each one going out costs is summed over the places at once, so a pass over all
    swaps takes as long as reading the costs.
    """
    sites = start.copy()
    n_places = cost.shape[1]
    best, second, by = np.empty(n_places), np.empty(n_places), np.empty(n_places, dtype=np.int64)
    taken = np.zeros(len(cost), dtype=np.bool_)
    for site in sites:
        taken[site] = True
    lost = np.empty(len(sites))
    while True:
        _two_best(cost, standing, sites, best, second, by)
        most, comes, goes = 1e-9 * max(best.sum(), 1.0), -1, -1
        for site in range(len(cost)):
            if taken[site]:
                continue
            saved = 0.0
            lost[:] = 0.0
            for place in range(n_places):
                here = cost[site, place]
                if here < best[place]:
                    saved += best[place] - here
                elif by[place] != _STANDING:
                    lost[by[place]] += min(second[place], here) - best[place]
            for k in range(len(sites)):
                if saved - lost[k] > most:
                    most, comes, goes = saved - lost[k], site, k
        if comes < 0:
            return sites
        taken[sites[goes]], taken[comes] = False, True
        sites[goes] = comes


def relaxed(cost: Floats, standing: Floats, n: int, worth: float, n_steps: int = 300) -> float:
    """A cost that no `n` sites can undercut: Lagrange's, which tends to that of the linear relaxation.

    Each place pays a price for being served; a site earns where the price is above its cost. The prices move by
    subgradients towards the dearest that nobody can do without. `worth` is the cost of a choice that is known.

    References
    ----------
    Cornuejols, Fisher, Nemhauser (1977), Location of bank accounts to optimize float.
    """
    price = np.sort(np.vstack((cost, standing)), axis=0)[:2].mean(axis=0)
    found, step, waited = -np.inf, 2.0, 0
    for _ in range(n_steps):
        earned = np.minimum(cost - price, 0.0)
        of_site = earned.sum(axis=1)
        opened: Ints = np.argpartition(of_site, n - 1)[:n]
        kept = np.minimum(standing - price, 0.0)
        bound = float(price.sum() + of_site[opened].sum() + kept.sum())
        waited = 0 if bound > found else waited + 1
        found = max(found, bound)
        served = (earned[opened] < 0).sum(axis=0) + (kept < 0)
        slope = 1.0 - served
        length = float((slope**2).sum())
        if length == 0 or found >= worth:
            break
        if waited > 15:  # noqa: PLR2004  # a shorter step, where the last ones brought nothing
            step, waited = step / 2, 0
        price = np.maximum(price + step * (worth - bound) / length * slope, 0.0)
    return min(found, worth)
