"""Where to put the next stations: least travel, most within reach, or nobody too far, with proof of how good it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.shifts import Floats, Ints
from geo.siting_programme import covering, least_travel
from geo.siting_search import added, interchanged, relaxed

_EXACT_UP_TO = 60_000  # costs in the programme; what has more is searched, and bounded
_LIMIT_S = 10.0
_TIMES_LONGEST = 10.0


@dataclass(frozen=True)
class Siting:
    """Sites that were chosen, what they come to, and what no choice can beat.

    `sites` are rows of the matrix, ascending, without those that stand already. `value` is in the unit of the question;
    `bound` is the best value any choice could have. `proven`: no better choice exists.
    """

    sites: tuple[int, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the larger one; 0 is proof."""
        largest = max(abs(self.value), abs(self.bound))
        return 0.0 if largest == 0 or self.value == self.bound else abs(self.value - self.bound) / largest

    @property
    def proven(self) -> bool:
        """Whether no better choice exists, but for a millionth."""
        return self.gap < 1e-6  # noqa: PLR2004  # what the solver itself leaves open


def p_median(
    minutes: npt.ArrayLike,
    weights: npt.ArrayLike,
    n_new: int,
    kept: Sequence[int] = (),
    *,
    limit_s: float = _LIMIT_S,
    exact: bool | None = None,
) -> Siting:
    """The sites by which weighted travel to all places is least.

    Parameters
    ----------
    minutes
        Travel from each site (rows) to each place (columns), minutes; inf where there is no way, which counts as ten
        times the longest way there is.
    weights
        What each place counts, 0 or more: its risk.
    n_new
        How many sites to open beside those kept.
    kept
        Rows of stations that stay open.
    limit_s
        Seconds the solver may take; what it has by then is told with its bound.
    exact
        Whether to solve to the optimum; None: where that is known to take seconds, else greedy choice, interchange and
        a bound.

    Returns
    -------
    Siting
        `value` in weighted minutes.

    Raises
    ------
    GeoError
        When the matrix is not one of minutes, weights do not fit it, or there are too few sites.

    Notes
    -----
    Hakimi (1964): an optimum lies on nodes. The programme has a variable for each place and each longer way, not for
    each place and site (Cornuejols, Nemhauser, Wolsey 1980; Elloumi 2010). Search: Teitz, Bart (1968), with the sums of
    Whitaker (1983).

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    >>> p_median(line, np.ones(5), 1)
    Siting(sites=(2,), value=6.0, bound=6.0)
    >>> p_median(line, np.ones(5), 1, kept=[0]).sites
    (3,)
    >>> p_median(np.empty((3, 0)), [], 1).value
    0.0
    """
    matrix, weigh = _checked(minutes, weights, n_new, kept)
    finite = matrix[np.isfinite(matrix)]
    far = _TIMES_LONGEST * float(finite.max(initial=1.0))
    matrix = np.where(np.isfinite(matrix), matrix, far)
    return _opened(matrix * weigh, far * weigh, n_new, kept, limit_s, exact)


def max_cover(
    minutes: npt.ArrayLike,
    weights: npt.ArrayLike,
    n_new: int,
    within_min: float,
    kept: Sequence[int] = (),
    *,
    limit_s: float = _LIMIT_S,
    exact: bool | None = None,
) -> Siting:
    """The sites by which most weight lies within a time of a station.

    Parameters
    ----------
    minutes
        Travel from each site (rows) to each place (columns), minutes; inf where there is no way.
    weights
        What each place counts, 0 or more.
    n_new
        How many sites to open beside those kept.
    within_min
        The time, minutes; a place at just that time is covered.
    kept
        Rows of stations that stay open.
    limit_s
        As for `p_median`.
    exact
        As for `p_median`.

    Returns
    -------
    Siting
        `value` is the weight covered, kept stations included; `bound` is the most anybody could cover.

    Raises
    ------
    GeoError
        As `p_median` does.

    Notes
    -----
    Church, ReVelle (1974), and their proof that it is the p-median of a matrix of noughts and ones (1976).

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    >>> max_cover(line, [1, 1, 1, 1, 9], 1, 1)
    Siting(sites=(3,), value=11.0, bound=11.0)
    >>> max_cover(line, np.ones(5), 1, 1, kept=[0]).value
    5.0
    """
    matrix, weigh = _checked(minutes, weights, n_new, kept)
    missed = _opened((matrix > within_min) * weigh, weigh, n_new, kept, limit_s, exact)
    everything = float(weigh.sum())
    return Siting(missed.sites, everything - missed.value, everything - missed.bound)


def p_center(minutes: npt.ArrayLike, n_new: int, kept: Sequence[int] = (), *, limit_s: float = _LIMIT_S) -> Siting:
    """The sites by which the place that is farthest from all of them is nearest.

    Parameters
    ----------
    minutes
        Travel from each site (rows) to each place (columns), minutes; inf where there is no way.
    n_new
        How many sites to open beside those kept.
    kept
        Rows of stations that stay open.
    limit_s
        Seconds each of the solver's questions may take, some ten of them.

    Returns
    -------
    Siting
        `value` is the longest of the shortest times, minutes; inf where some place cannot be reached at all.

    Raises
    ------
    GeoError
        As `p_median` does.

    Notes
    -----
    Hakimi (1964); Minieka (1970): whether so many sites cover everything within a time is asked for ever closer times.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    >>> p_center(line, 2).value
    1.0
    >>> p_center(np.empty((3, 0)), 1).value
    0.0
    """
    matrix, _ = _checked(minutes, np.ones(np.shape(minutes)[-1:]), n_new, kept)
    standing = matrix[list(kept)].min(axis=0, initial=np.inf)
    free = np.setdiff1d(np.arange(len(matrix)), kept)
    sites = _farthest_first(matrix[free], standing, n_new)
    value = _longest(matrix[free[sites]], standing)
    low = float(np.minimum(matrix[free].min(axis=0), standing).max(initial=0.0))
    times = np.unique(np.minimum(matrix[free], standing))
    times = times[(times >= low) & (times < value)]
    # Below `possible` every time is proven too short; between `asked` and `end` nothing is known yet.
    possible = asked = 0
    end = len(times)
    while asked < end:
        middle = (asked + end) // 2
        found, proven = covering(matrix[free] <= times[middle], standing <= times[middle], n_new, limit_s)
        if found is not None:
            sites, value = found, _longest(matrix[free[found]], standing)
            end = int(np.searchsorted(times, value))
        else:
            asked = middle + 1
            possible = asked if proven else possible
    return Siting(_rows(free, sites), value, float(times[possible]) if possible < end else value)


def _checked(minutes: npt.ArrayLike, weights: npt.ArrayLike, n_new: int, kept: Sequence[int]) -> tuple[Floats, Floats]:
    """Matrix and weights, when a choice can be made by them."""
    matrix, weigh = np.asarray(minutes, dtype=float), np.asarray(weights, dtype=float)
    if matrix.ndim != 2 or np.isnan(matrix).any() or (matrix < 0).any():  # noqa: PLR2004
        raise GeoError(f"minutes {matrix.shape}: a matrix of sites and places was expected, 0 or more, inf for no way")
    if weigh.shape != matrix.shape[1:] or not (np.isfinite(weigh) & (weigh >= 0)).all():
        raise GeoError(f"{weigh.size} weights for {matrix.shape[1]} places: one each was expected, finite, 0 or more")
    n_free = len(matrix) - len(set(kept))
    if not 1 <= n_new <= n_free:
        raise GeoError(f"{n_new} new sites of {n_free} that are free: at least 1 and no more than these were expected")
    return matrix, weigh


def _opened(
    cost: Floats, unserved: Floats, n_new: int, kept: Sequence[int], limit_s: float, exact: bool | None
) -> Siting:
    """The cheapest choice: searched first, then solved where that does not take long, else bounded."""
    standing = np.minimum(cost[list(kept)].min(axis=0, initial=np.inf), unserved)
    free = np.setdiff1d(np.arange(len(cost)), kept)
    # A place that no free site serves better, or that counts nothing, decides nothing.
    worth = (cost[free] < standing).any(axis=0)
    left = float(standing[~worth].sum())
    cost, standing = np.ascontiguousarray(cost[np.ix_(free, np.flatnonzero(worth))]), standing[worth]
    sites = interchanged(cost, standing, added(cost, standing, np.empty(0, dtype=np.int64), n_new))
    value, bound = _cost(cost[sites], standing), 0.0
    if exact if exact is not None else np.count_nonzero(cost < standing) <= _EXACT_UP_TO:
        solved, bound = least_travel(cost, standing, n_new, limit_s)
        if solved is not None and _cost(cost[solved], standing) < value:
            sites, value = solved, _cost(cost[solved], standing)
    elif len(standing):
        bound = relaxed(cost, standing, n_new, value)
    # What the solver leaves open by its own tolerance is no gap.
    bound = value if np.isclose(bound, value, rtol=1e-9) else min(bound, value)
    return Siting(_rows(free, sites), value + left, bound + left)


def _farthest_first(cost: Floats, standing: Floats, n: int) -> Ints:
    """`n` sites, each the nearest to the place that is worst off at its turn."""
    chosen: list[int] = []
    now = standing.copy()
    for _ in range(n):
        away = cost[:, int(np.argmax(now))].copy() if len(now) else np.zeros(len(cost))
        away[chosen] = np.inf
        # Where the rest cannot be reached at all, any other site is as good.
        pick = int(np.argmin(away)) if np.isfinite(away).any() else min(set(range(len(cost))) - set(chosen))
        chosen.append(pick)
        now = np.minimum(now, cost[pick])
    return np.sort(np.array(chosen, dtype=np.int64))


def _longest(cost: Floats, standing: Floats) -> float:
    """The worst place's time."""
    return float(np.minimum(cost.min(axis=0), standing).max(initial=0.0))


def _cost(cost: Floats, standing: Floats) -> float:
    """What all places come to."""
    return float(np.minimum(cost.min(axis=0), standing).sum())


def _rows(free: Ints, sites: Ints) -> tuple[int, ...]:
    """Rows of the whole matrix, ascending."""
    return tuple(sorted(int(one) for one in free[sites]))
