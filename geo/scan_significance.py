"""How often chance alone does as well: replications in seeded chunks, rank p, and what extends it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from geo.errors import GeoError
from geo.scan_held import best_holding
from geo.scan_kernels import Ints32, best_windows
from geo.scan_models import Model
from geo.scan_windows import Circles
from geo.shifts import Floats, Ints, Mask

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]
_CHUNK = 10
_LIKELY = 0.9
_EULER = 0.5772156649015329


class CancelledError(GeoError):
    """Somebody called the scan off; nothing came out."""


@dataclass(frozen=True)
class Search:
    """Where windows are looked for, among which cases, and within which limits."""

    circles: Circles
    model: Model
    limits: npt.NDArray[np.int64]  # longest, shortest, alive, least count

    def __sizeof__(self) -> int:
        """Bytes, so that a cluster of machines sends it to each of them once and not with every chunk."""
        arrays = (self.circles.ptr, self.circles.places, self.model.site_cum, self.model.weight, self.model.case_site)
        return sum(array.nbytes for array in arrays)

    def windows(self, cases: tuple[Ints, Ints32], *, apart: bool, floor: float = 0.0) -> Floats:
        """Facts of the best window of every centre, or of the best of all if its statistic is larger than `floor`."""
        where, model = self.circles, self.model
        found: Floats = best_windows(
            where.ptr,
            where.places,
            model.weight,
            model.cum,
            model.site_cum,
            *cases,
            self.limits,
            model.totals,
            apart,
            floor,
        )
        return found

    def observed(self) -> Floats:
        """The best window of every centre among the cases there are."""
        return self.windows(self.model.observed, apart=True)

    def holding(self, least: Ints, wanted: Mask, period: int) -> Floats:
        """The best window of every centre among those that hold something; see `geo.scan_held.best_holding`."""
        where, model = self.circles, self.model
        found: Floats = best_holding(
            where.ptr, where.places, model.weight, model.cum, model.site_cum, *model.observed, self.limits,
            model.totals, least, wanted, period,
        )  # fmt: skip
        return found

    def maxima(self, seed: int, replications: Sequence[int], least: float = np.inf) -> Floats:
        """The largest statistic of each of these replications; the faster when told the `least` of some others."""
        tops: list[float] = []
        for one in replications:
            drawn = self.model.draw(seed, one)
            # Replications are alike: what the others surpass is most likely surpassed again, and if not, told so.
            guess = _LIKELY * least if least < np.inf else 0.0
            top = self.windows(drawn, apart=False, floor=guess)[0, 0]
            if top <= guess and guess > 0:  # something may be left over, but not the largest
                top = self.windows(drawn, apart=False)[0, 0]
            tops.append(float(top))
            least = min(least, tops[-1])
        return np.array(tops, dtype=float)


@dataclass(frozen=True)
class Chance:
    """The largest statistics of the replications, in their order; fewer than asked for when they could stop early."""

    maxima: Floats = field(default_factory=lambda: np.empty(0))
    stop_after: int | None = None

    @property
    def n(self) -> int:
        """Replications made."""
        return len(self.maxima)

    def p(self, statistic: npt.ArrayLike) -> Floats:
        """Rank p of each statistic: (1 + replications as large) / (1 + replications); after an early stop h / l.

        References
        ----------
        Dwass (1957) for the rank; Besag, Clifford (1991), Sequential Monte Carlo p-values: h replications as large
        were reached with replication l.

        Examples
        --------
        >>> Chance(np.array([1.0, 2.0, 3.0])).p([2.5, 9.0])
        array([0.5 , 0.25])
        >>> Chance(np.array([1.0, 2.0, 3.0]), stop_after=2).p([1.5])
        array([0.66666667])
        >>> Chance().p([])
        array([], dtype=float64)
        """
        asked = np.atleast_1d(np.asarray(statistic, dtype=float))
        ranks = np.empty(len(asked))
        for row, one in enumerate(asked):
            as_large = np.flatnonzero(self.maxima >= one * (1 - 1e-12))
            if self.stop_after is not None and len(as_large) >= self.stop_after:
                ranks[row] = self.stop_after / (as_large[self.stop_after - 1] + 1)
            else:
                ranks[row] = (1 + len(as_large)) / (1 + self.n)
        return ranks

    def p_gumbel(self, statistic: npt.ArrayLike) -> Floats:
        """The p by a Gumbel distribution fitted to the replications, NaN for fewer than ten: for p below what ranks reach.

        References
        ----------
        Abrams, Kulldorff, Kleinman (2010), Gumbel based p-value approximations for spatial scan statistics.

        Examples
        --------
        >>> Chance(np.arange(1.0, 21.0)).p_gumbel([30.0]).round(4)
        array([0.0082])
        >>> Chance().p_gumbel([3.0])
        array([nan])
        """
        asked = np.atleast_1d(np.asarray(statistic, dtype=float))
        if self.n < 10 or np.ptp(self.maxima) <= 0:  # noqa: PLR2004
            return np.full(len(asked), np.nan)
        scale = self.maxima.std(ddof=1) * np.sqrt(6) / np.pi
        return np.asarray(-np.expm1(-np.exp(-(asked - self.maxima.mean() + _EULER * scale) / scale)))


def replicate(
    search: Search,
    top: float,
    seed: int,
    replications: int,
    *,
    stop_after: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Chance:
    """The largest statistics under chance alone; the same for the same seed, whoever computes them.

    Parameters
    ----------
    search
        What was searched.
    top
        The largest statistic that was observed.
    seed
        Where chance starts, from 0 up. Every replication has its own stream of the seed and its number.
    replications
        How many, from 0 up.
    stop_after
        Stop once so many were as large as `top`: p is then surely not small. None: never.
    jobs
        How many at a time, -1 for all processors; None as `joblib.parallel_config` says, which may name a cluster.
    progress
        Called with replications done and asked for.
    cancel
        Asked between chunks; True calls the scan off.

    Raises
    ------
    GeoError
        When `jobs` is 0.
    CancelledError
        When `cancel` said so.
    """
    if jobs == 0:
        raise GeoError("jobs 0: 1 or more was expected, or -1 for all processors")
    done, least = np.empty(0), np.inf

    def chunks() -> Iterator[Any]:
        for begin in range(0, replications, _CHUNK):
            yield delayed(_maxima)(search, seed, range(begin, min(begin + _CHUNK, replications)), least)

    # Kernels let go of the interpreter, so threads do; a backend chosen outside goes before this hint.
    for tops in Parallel(n_jobs=jobs, prefer="threads", return_as="generator")(chunks()):
        done, least = np.concatenate([done, tops]), min(least, tops.min())
        if stop_after is not None and len(reached := np.flatnonzero(done >= top * (1 - 1e-12))) >= stop_after:
            done = done[: reached[stop_after - 1] + 1]
            break
        if progress is not None:
            progress(len(done), replications)
        if cancel is not None and cancel():
            raise CancelledError(f"the scan was called off after {len(done):,} of {replications:,} replications")
    if progress is not None:
        progress(len(done), len(done))
    return Chance(done, stop_after)


def _maxima(search: Search, seed: int, chunk: range, least: float) -> Floats:
    """One chunk, wherever it is computed."""
    return search.maxima(seed, chunk, least)


def false_discovery(p: npt.ArrayLike) -> Floats:
    """Every p of many tests, such as one per zone, adjusted: of those below q, at most a share q is false.

    Parameters
    ----------
    p
        One p per test, 0 to 1; larger ones are taken as 1. NaN stays NaN and counts as no test.

    References
    ----------
    Benjamini, Hochberg (1995), Controlling the false discovery rate.

    Examples
    --------
    >>> false_discovery([0.01, 0.04, 0.03])
    array([0.03, 0.04, 0.04])
    >>> false_discovery([])
    array([], dtype=float64)
    """
    given = np.asarray(p, dtype=float)
    adjusted = np.full(given.shape, np.nan)
    told = np.isfinite(given)
    ranked = np.sort(np.clip(given[told], 0, 1))[::-1]
    ranked *= len(ranked) / np.arange(len(ranked), 0, -1)
    # The largest first, so that each is at most what any larger one is.
    adjusted[np.flatnonzero(told)[np.argsort(-given[told], kind="stable")]] = np.minimum.accumulate(ranked)
    return np.asarray(np.minimum(adjusted, 1))
