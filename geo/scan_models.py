"""What chance alone would do: the expected cases of every place and period under each model, and draws from it."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.scan_kernels import Ints32, cells_of
from geo.scan_windows import Periods, units_of
from geo.shifts import Floats, Ints

_MOST_CELLS = 200_000_000


@dataclass(frozen=True)
class Model:
    """Cases and what is expected, by place and period; everything a replication needs but the circles.

    Where expected cases are a product, `weight` of the place times the growth of `cum` over the periods, `site_cum` is
    empty; else it holds for every place the expected cases before each period, and their sum at the end.
    """

    name: str
    weight: Floats
    cum: Floats
    site_cum: Floats
    unit: float  # what a product has to be divided by to be a number of cases
    case_site: Ints
    case_period: Ints
    point_site: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    point_period: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def n_cases(self) -> int:
        """Cases within the study."""
        return len(self.case_site)

    @property
    def totals(self) -> Floats:
        """Cases, points (0 unless Bernoulli's), and the divisor of expected numbers."""
        return np.array([self.n_cases, len(self.point_site), self.unit], dtype=float)

    @property
    def share(self) -> Floats:
        """The part of the population, or of the expected cases, at each place."""
        return np.asarray(self.weight / max(self.weight.sum(), 1e-300))

    def expected(self, sites: Ints, first: int, last: int) -> Floats:
        """The expected cases of each of these places from one period to another; under Bernoulli, in proportion to points."""
        if not len(self.site_cum):
            return np.asarray(self.weight[sites] * (self.cum[last + 1] - self.cum[first]) / self.unit)
        here = self.site_cum[sites, last + 1] - self.site_cum[sites, first]
        return self.in_cases(here)

    def in_cases(self, measure: Floats) -> Floats:
        """Expected cases of what a window measures: points of a Bernoulli model are not yet cases."""
        return np.asarray(measure * (self.n_cases / len(self.point_site)) if len(self.point_site) else measure)

    def by_site(self, site: Ints, period: Ints) -> tuple[Ints, Ints32]:
        """Cases in order of their places: offsets and periods."""
        n_sites = len(self.weight)
        order = np.argsort(site, kind="stable")
        ptr = np.concatenate(([0], np.cumsum(np.bincount(site, minlength=n_sites))))
        return ptr, period[order].astype(np.int32)

    @cached_property
    def observed(self) -> tuple[Ints, Ints32]:
        """The cases there are, as offsets and periods."""
        return self.by_site(self.case_site, self.case_period)

    def draw(self, seed: int, replication: int) -> tuple[Ints, Ints32]:
        """Cases as chance alone would have them, as offsets and periods; the same for the same two numbers."""
        rng = np.random.default_rng([seed, replication])
        if self.name == "permutation":
            ptr, periods = self.observed
            return ptr, rng.permutation(periods)
        if self.name == "bernoulli":
            chosen = rng.permutation(len(self.point_site))[: self.n_cases]
            return self.by_site(self.point_site[chosen], self.point_period[chosen])
        end = np.cumsum(self.site_cum[:, -1])
        return cells_of(np.sort(rng.random(self.n_cases)) * end[-1], end, self.site_cum)


def permutation_model(site: Ints, period: Ints, n_sites: int, periods: Periods) -> Model:
    """Each place's and each period's number of cases is given; which place had its cases when is chance.

    References
    ----------
    Kulldorff, Heffernan, Hartman, Assuncao, Mostashari (2005), A space-time permutation scan statistic.
    """
    weight = np.bincount(site, minlength=n_sites).astype(float)
    cum = np.concatenate(([0.0], np.cumsum(np.bincount(period, minlength=periods.n))))
    order = np.lexsort((period, site))
    return Model("permutation", weight, cum, np.empty((0, 0)), max(float(len(site)), 1.0), site[order], period[order])


def bernoulli_model(
    site: Ints, period: Ints, other_site: Ints, other_period: Ints, n_sites: int, periods: Periods
) -> Model:
    """Cases among cases and controls: where and when the points lie is given, which of them are cases is chance.

    References
    ----------
    Kulldorff (1997), A spatial scan statistic.
    """
    if not len(other_site):
        raise GeoError(
            "there are no controls: the Bernoulli model compares cases with controls, one at least was expected"
        )
    points, at = np.concatenate((site, other_site)), np.concatenate((period, other_period))
    order = np.lexsort((at, points))
    counts = _dense(points, at, np.ones(len(points)), n_sites, periods)
    return _general("bernoulli", counts, site, period, points[order], at[order])


def poisson_model(site: Ints, period: Ints, expected: Floats) -> Model:
    """Cases in proportion to what is expected of each place and period, given how many there are in all.

    Parameters
    ----------
    site
        Row of each case's place.
    period
        Row of its period.
    expected
        One row per place, one column per period, in any unit: population times time, visits, hours.

    Raises
    ------
    GeoError
        When an expected number is negative or missing.

    References
    ----------
    Kulldorff (1997), A spatial scan statistic.
    """
    if not (np.isfinite(expected).all() and (expected >= 0).all()):
        raise GeoError("an expected number is negative or missing: numbers from 0 up were expected")
    per_case = len(site) / expected.sum() if len(site) else 1.0
    return _general("poisson", expected * per_case, site, period, *(np.empty(0, dtype=np.int64),) * 2)


def _general(name: str, expected: Floats, site: Ints, period: Ints, points: Ints, at: Ints) -> Model:
    """A model whose expected cases are no product of place and period."""
    if expected.size > _MOST_CELLS:
        raise GeoError(
            f"{expected.shape[0]:,} places times {expected.shape[1]:,} periods: at most {_MOST_CELLS:,} were expected; "
            "aggregate places or time"
        )
    site_cum = np.zeros((expected.shape[0], expected.shape[1] + 1))
    np.cumsum(expected, axis=1, out=site_cum[:, 1:])
    cum = np.concatenate(([0.0], np.cumsum(expected.sum(axis=0))))
    return Model(name, site_cum[:, -1].copy(), cum, site_cum, 1.0, site, period, points, at)


def _dense(site: Ints, period: Ints, amount: Floats, n_sites: int, periods: Periods) -> Floats:
    """Amounts by place and period."""
    total = np.zeros((n_sites, periods.n))
    np.add.at(total, (site, period), amount)
    return total


def standardised(stratum: Ints, population: pd.DataFrame, n_sites: int, periods: Periods, timezone: str) -> Floats:
    """Expected cases of every place and period, if each stratum had the same rate everywhere and always.

    Indirect standardisation: the rate of a stratum is its cases through its person-time. Between two counts the
    population runs along a straight line, before the first and after the last it stays.

    Parameters
    ----------
    stratum
        Number of each case's stratum (age and sex, say), as in `population`.
    population
        Columns site and stratum (rows), at (date, year or generic number) and population.
    n_sites
        How many places there are.
    periods
        The time axis.
    timezone
        In which instants are days.

    Returns
    -------
    array
        One row per place, one column per period; sums to the number of cases.

    Raises
    ------
    GeoError
        When a population is missing or negative, or cases lie in a stratum without people.

    References
    ----------
    Kulldorff (1997); SaTScan User Guide, "Discrete Poisson Model", for populations between censuses.
    """
    people = population["population"].to_numpy(dtype=float)
    if not (np.isfinite(people).all() and (people >= 0).all()):
        row = int(np.flatnonzero(~(np.isfinite(people) & (people >= 0)))[0])
        raise GeoError(f"population row {row} says {people[row]:g}: a number from 0 up was expected")
    counted = _counted_on(population["at"], periods, timezone)
    begin, end = _day_of_begin(periods), _day_of_end(periods)
    of_site, of_stratum = (population[name].to_numpy(dtype=np.int64) for name in ("site", "stratum"))
    expected = np.zeros((n_sites, periods.n))
    for number, n_cases in enumerate(np.bincount(stratum, minlength=int(of_stratum.max(initial=-1)) + 1).tolist()):
        there = of_stratum == number
        person_days = np.zeros((n_sites, periods.n))
        for site in np.unique(of_site[there]).tolist():
            rows = there & (of_site == site)
            days, which = np.unique(counted[rows], return_inverse=True)
            n = np.bincount(which, weights=people[rows])
            person_days[site] = _area(days.astype(float), n, end) - _area(days.astype(float), n, begin)
        total = float(person_days.sum())
        if n_cases and total <= 0:
            raise GeoError(f"{n_cases:,} cases lie in stratum {number}, which has no people: some were expected")
        expected += person_days * (n_cases / max(total, 1e-300))
    return expected


def _area(days: Floats, n: Floats, until: Floats) -> Floats:
    """The integral of the population from the first day on up to the days `until`, negative before it."""
    knots = np.concatenate(([0.0], np.cumsum((n[1:] + n[:-1]) / 2 * np.diff(days))))
    within = np.clip(until, days[0], days[-1])
    k = np.clip(np.searchsorted(days, within, side="right") - 1, 0, len(days) - 1)
    rate = np.interp(within, days, n)
    inside = knots[k] + (within - days[k]) * (n[k] + rate) / 2
    return np.asarray(inside + np.minimum(until - days[0], 0) * n[0] + np.maximum(until - days[-1], 0) * n[-1])


def _counted_on(at: pd.Series, periods: Periods, timezone: str) -> Ints:
    """The day (or generic number) each population was counted on; a whole number is a year and counts for its 1 July."""
    if periods.unit == "generic":
        return units_of(at, "generic", timezone)[0]
    if pd.api.types.is_numeric_dtype(at):
        years = (at.to_numpy(dtype=np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[M]")
        return np.asarray((years + np.timedelta64(6, "M")).astype("datetime64[D]").astype(np.int64))
    return units_of(at, "day", timezone)[0]


def _day_of_begin(periods: Periods) -> Floats:
    return np.asarray(periods.first_day(np.arange(periods.n))).astype(np.int64).astype(float)


def _day_of_end(periods: Periods) -> Floats:
    return np.asarray(periods.last_day(np.arange(periods.n))).astype(np.int64).astype(float) + 1


def effort_exposure(
    case_site: Ints, case_period: Ints, visit_site: Ints, visit_period: Ints, weight: Floats, n_sites: int,
    periods: Periods, unseen_share: float,
) -> Floats:  # fmt: skip
    """Expected cases in proportion to how often somebody looked, by place and period.

    A part `unseen_share` of the cases is taken to come to notice without a visit, in proportion to the cases of the
    place times those of the period, so that no case lies where none can be expected.

    Raises
    ------
    GeoError
        When there is no visit, a weight is negative, or the share lies outside 0 to 1.
    """
    if not 0 < unseen_share < 1:
        raise GeoError(f"unseen_share {unseen_share:g}: a share between 0 and 1 was expected")
    if not (np.isfinite(weight).all() and (weight >= 0).all() and weight.sum() > 0):
        raise GeoError("effort is missing, negative or 0 in all: visits or hours above 0 were expected")
    looked = _dense(visit_site, visit_period, weight, n_sites, periods)
    n = max(len(case_site), 1)
    of_place = np.bincount(case_site, minlength=n_sites) / n
    of_time = np.bincount(case_period, minlength=periods.n) / n
    return np.asarray((1 - unseen_share) * looked / looked.sum() + unseen_share * np.outer(of_place, of_time))
