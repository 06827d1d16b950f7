"""Siting as integer programmes, for HiGHS: least travel, and whether so many sites cover everything."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from geo.shifts import Floats, Ints


def least_travel(cost: Floats, standing: Floats, n: int, limit_s: float) -> tuple[Ints | None, float]:
    """The best choice, or what there was when time ran out, and what no choice can undercut.

    A place pays its least cost, and the step to its next larger one for each level at which no site is open yet.
    """
    n_sites = len(cost)
    place, site = np.nonzero((cost < standing).T)
    here = cost[site, place]
    order = np.lexsort((here, place))
    place, site, here = place[order], site[order], here[order]
    new = np.r_[True, (np.diff(place) != 0) | (np.diff(here) != 0)][: len(place)]
    level = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    of, at = place[first], here[first]
    same = np.r_[of[1:] == of[:-1], False]
    step = np.where(same, np.r_[at[1:], 0.0][: len(at)], standing[of]) - at
    before = np.flatnonzero(np.r_[False, same[:-1]])
    n_levels = len(of)
    # Open at this level, or not open yet here, or not even needed: not open up to the level before.
    rows = np.r_[level, np.arange(n_levels), before, np.full(n_sites, n_levels)]
    columns = np.r_[n_levels + site, np.arange(n_levels), before - 1, n_levels + np.arange(n_sites)]
    values = np.r_[np.ones(len(site) + n_levels), -np.ones(len(before)), np.ones(n_sites)]
    shape = (n_levels + 1, n_levels + n_sites)
    least = np.r_[np.ones(n_levels), n]
    least[before] = 0.0
    found = milp(
        np.r_[step, np.zeros(n_sites)],
        integrality=np.r_[np.zeros(n_levels), np.ones(n_sites)],
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            coo_array((values, (rows, columns)), shape=shape).tocsr(), least, np.r_[np.full(n_levels, np.inf), n]
        ),
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )
    least_of_all = float(cost.min(axis=0, initial=np.inf).clip(max=standing).sum())
    bound = found.mip_dual_bound
    chosen = None if found.x is None else np.flatnonzero(np.round(found.x[n_levels:]))
    return chosen, least_of_all + (0.0 if bound is None else float(bound))


def covering(
    covers: npt.NDArray[np.bool_], done: npt.NDArray[np.bool_], n: int, limit_s: float
) -> tuple[Ints | None, bool]:
    """`n` sites that cover what is not done yet, or None; and whether that is sure."""
    n_sites = len(covers)
    wanted = coo_array(covers[:, ~done].T.astype(float)).tocsr()
    found = milp(
        np.ones(n_sites),
        integrality=np.ones(n_sites),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(wanted, 1, np.inf),
        options={"time_limit": limit_s},
    )
    if found.x is not None and round(found.x.sum()) <= n:
        chosen = np.flatnonzero(np.round(found.x))
        spare = np.setdiff1d(np.arange(n_sites), chosen)[: n - len(chosen)]
        return np.sort(np.r_[chosen, spare]), True
    return None, found.mip_dual_bound is not None and found.mip_dual_bound > n + 1e-6
