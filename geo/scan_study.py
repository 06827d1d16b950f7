"""Frames as a study: places in one order whatever the order of rows, cases by place and period, what was left out."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError
from geo.scan_models import Model, bernoulli_model, effort_exposure, permutation_model, poisson_model, standardised
from geo.scan_settings import ScanSettings
from geo.scan_windows import Periods, spots, units_of
from geo.shifts import Floats, Ints

_M_A_DEGREE = 111_195.0
_MOST_PERIODS, _MOST_CASES = 1_000_000, 50_000_000


@dataclass(frozen=True)
class Against:
    """What cases are compared with; nothing at all under "permutation".

    `population`: columns site, at (a whole number is a year and counts for its 1 July), population and `covariates`.
    `covariates`: columns expected cases are adjusted for. `controls`: columns site, at, n. `effort`: columns site, at
    and weight, where and when somebody looked; `unseen_share` of the cases are taken to come to notice without.
    """

    population: pd.DataFrame | None = None
    covariates: tuple[str, ...] = ()
    controls: pd.DataFrame | None = None
    effort: pd.DataFrame | None = None
    unseen_share: float = 0.05


@dataclass(frozen=True)
class Study:
    """The sites in order of their coordinates, the time axis, and the model; `row_of_case` is each case's row of the frame."""

    ids: npt.NDArray[np.object_]
    xy: Floats
    spots: Floats
    periods: Periods
    model: Model
    row_of_case: Ints
    caveats: tuple[str, ...]
    timezone: str

    @property
    def first_on(self) -> date | int:
        """The study's first day, or its number when time is generic."""
        return _plain(self.periods.first_day(np.array([0]))[0])

    @property
    def last_on(self) -> date | int:
        """Its last day."""
        return _plain(self.periods.last_day(np.array([self.periods.n - 1]))[0])

    def period_of(self, on: Any) -> int:
        """The period that a day (or number) falls into, -1 outside of the study."""
        units, _ = units_of(pd.Series([on]), self.periods.unit, self.timezone)
        return int(self.periods.of(units)[0])


def _plain(day: Any) -> date | int:
    """A day or a number in Python's own types."""
    found: date | int = day.item()
    return found


@dataclass(frozen=True)
class _Counted:
    """Rows of a frame one by one: place, unit of time, row in the frame."""

    site: Ints
    unit: Ints
    row: Ints
    n_without: int


def study_of(cases: pd.DataFrame, sites: pd.DataFrame, settings: ScanSettings, against: Against) -> Study:
    """The study that these frames make.

    Raises
    ------
    GeoError
        When a column is missing, a site is unknown or twice there, or the model lacks what it compares with.
    """
    _columns("sites", sites, ("id", "x", "y"))
    order = _in_order(sites, settings)
    ids = sites["id"].to_numpy(dtype=object)[order]
    index = pd.Index(ids)
    if (twice := index[index.duplicated()]).size:
        raise GeoError(f"site {twice[0]!r} is there twice: unique ids were expected")
    xy = sites[["x", "y"]].to_numpy(dtype=float)[order]
    given = _counted("cases", cases, index, settings)
    periods = _periods(given.unit, settings)
    period = periods.of(given.unit)
    there = period >= 0
    rows = np.lexsort((given.row[there], period[there], given.site[there]))
    kept = replace(given, site=given.site[there][rows], unit=period[there][rows], row=given.row[there][rows])
    model = _model(kept, cases, index, periods, settings, against)
    caveats = _caveats(kept, int((~there).sum()), given.n_without, periods, settings)
    return Study(
        ids, xy, spots(xy[:, 0], xy[:, 1], settings.geometry), periods, model, kept.row, caveats, settings.timezone
    )


def _in_order(sites: pd.DataFrame, settings: ScanSettings) -> Ints:
    """Sites in an order of their own: in squares of the largest radius, so that neighbours are near in memory too."""
    x, y = sites["x"].to_numpy(dtype=float), sites["y"].to_numpy(dtype=float)
    side = settings.radius if settings.geometry == "cartesian" else settings.radius / _M_A_DEGREE
    row, column = (np.floor(values / side) if np.isfinite(side) else np.zeros(len(values)) for values in (y, x))
    return np.asarray(np.lexsort((sites["id"].astype(str), y, x, column, row)))


def _columns(name: str, frame: pd.DataFrame, wanted: tuple[str, ...]) -> None:
    """Refuse a frame without these columns."""
    if missing := [column for column in wanted if column not in frame.columns]:
        raise GeoError(f"{name}: column {missing[0]!r} is missing among {', '.join(map(str, frame.columns))}")


def _rows_of(name: str, frame: pd.DataFrame, index: pd.Index) -> Ints:
    """The row of each site, or a refusal that names the unknown one."""
    site = index.get_indexer(pd.Index(frame["site"].to_numpy(dtype=object)))
    if (unknown := np.flatnonzero(site < 0)).size:
        raise GeoError(
            f"{name}: site {frame['site'].iloc[unknown[0]]!r} has no coordinates: one of `sites` was expected"
        )
    return np.asarray(site, dtype=np.int64)


def _counted(name: str, frame: pd.DataFrame, index: pd.Index, settings: ScanSettings) -> _Counted:
    """The cases (or controls) one by one; those without a time are counted and left out."""
    _columns(name, frame, ("site", "at"))
    site = _rows_of(name, frame, index)
    n = frame["n"].to_numpy(dtype=float) if "n" in frame else np.ones(len(frame))
    if (wrong := np.flatnonzero(~(n >= 0) | (n != np.round(n)) | ~np.isfinite(n))).size:
        raise GeoError(f"{name}: row {wrong[0]} counts {n[wrong[0]]:g}: a whole number from 0 up was expected")
    if n.sum() > _MOST_CASES:
        raise GeoError(f"{name}: {n.sum():,.0f} are counted in all: at most {_MOST_CASES:,} were expected")
    units, missing = units_of(frame["at"], settings.unit, settings.timezone)
    n_without = int(n[missing].sum())
    row = np.repeat(np.arange(len(frame)), np.where(missing, 0, n).astype(np.int64))
    return _Counted(site[row], units[row], row, n_without)


def _periods(units: Ints, settings: ScanSettings) -> Periods:
    """The time axis of the settings, or from the first to the last case."""
    first = _unit_of(settings.start, settings) if settings.start is not None else int(units.min(initial=2**62))
    last = _unit_of(settings.end, settings) if settings.end is not None else int(units.max(initial=-(2**62)))
    if not len(units) and (settings.start is None or settings.end is None):
        first = last = 0
    if first > last:
        raise GeoError(f"the study would end before it starts: start {settings.start}, end {settings.end}")
    periods = Periods(settings.unit, settings.aggregation, first, last)
    if periods.n > _MOST_PERIODS:
        raise GeoError(
            f"the study has {periods.n:,} periods: at most {_MOST_PERIODS:,} were expected; name its start and end, or "
            "aggregate time"
        )
    return periods


def _unit_of(moment: date | int, settings: ScanSettings) -> int:
    """The unit of time that a day or number is."""
    if (settings.unit == "generic") is not isinstance(moment, int):
        expected = "a whole number" if settings.unit == "generic" else "a day"
        raise GeoError(f"the study begins or ends with {moment!r}: {expected} was expected with unit {settings.unit!r}")
    return int(units_of(pd.Series([moment]), settings.unit, settings.timezone)[0][0])


def _model(
    cases: _Counted, frame: pd.DataFrame, index: pd.Index, periods: Periods, settings: ScanSettings, against: Against
) -> Model:
    """The model of the settings, with what it compares with."""
    n_sites = len(index)
    if settings.model == "permutation":
        return permutation_model(cases.site, cases.unit, n_sites, periods)
    if settings.model == "bernoulli":
        if against.controls is None:
            raise GeoError("the Bernoulli model compares cases with controls: controls were expected")
        others = _counted("controls", against.controls, index, settings)
        period = periods.of(others.unit)
        there = period >= 0
        return bernoulli_model(cases.site, cases.unit, others.site[there], period[there], n_sites, periods)
    if against.effort is not None:
        expected = _effort(cases, against.effort, index, periods, settings, against.unseen_share)
    elif against.population is not None:
        expected = _expected(cases, frame, against.population, index, periods, settings, against.covariates)
    else:
        raise GeoError("the Poisson model compares cases with a population or with effort: one of them was expected")
    if (nowhere := np.flatnonzero(expected[cases.site, cases.unit] <= 0)).size:
        site, period = cases.site[nowhere[0]], cases.unit[nowhere[:1]]
        raise GeoError(
            f"{nowhere.size:,} cases lie where none can be expected, the first at {index[site]!r} from "
            f"{periods.first_day(period)[0]} to {periods.last_day(period)[0]}: a population or exposure above 0 was "
            "expected there"
        )
    return poisson_model(cases.site, cases.unit, expected)


def _effort(
    cases: _Counted, effort: pd.DataFrame, index: pd.Index, periods: Periods, settings: ScanSettings, unseen: float
) -> Floats:
    """Expected cases in proportion to effort."""
    _columns("effort", effort, ("site", "at", "weight"))
    site = _rows_of("effort", effort, index)
    units, missing = units_of(effort["at"], settings.unit, settings.timezone)
    period = np.where(missing, -1, periods.of(units))
    there = period >= 0
    weight = effort["weight"].to_numpy(dtype=float)[there]
    return effort_exposure(cases.site, cases.unit, site[there], period[there], weight, len(index), periods, unseen)


def _expected(
    cases: _Counted, frame: pd.DataFrame, population: pd.DataFrame, index: pd.Index, periods: Periods,
    settings: ScanSettings, covariates: tuple[str, ...],
) -> Floats:  # fmt: skip
    """Expected cases by person-time, adjusted for the covariates."""
    _columns("population", population, ("site", "at", "population", *covariates))
    _columns("cases", frame, covariates)
    site = _rows_of("population", population, index)
    both: Any = pd.concat([frame[list(covariates)], population[list(covariates)]]).astype(str)
    stratum = both.groupby(list(covariates)).ngroup().to_numpy() if covariates else np.zeros(len(both), dtype=np.int64)
    people = population[["at", "population"]].assign(site=site, stratum=stratum[len(frame) :])
    of_case = stratum[: len(frame)][cases.row]
    return standardised(of_case, people, len(index), periods, settings.timezone)


def _caveats(
    cases: _Counted, n_outside: int, n_without: int, periods: Periods, settings: ScanSettings
) -> tuple[str, ...]:
    """What was left out, and why nothing can be found where that is so."""
    n = len(cases.site)
    told = [
        (n_without > 0, f"{n_without:,} cases without a time were left out."),
        (n_outside > 0, f"{n_outside:,} cases outside the study period were left out."),
        (n == 0, "There are no cases in the study, so there is no cluster."),
        (n == 1, "There is one case in the study; a cluster needs more."),
        (n > 1 and len(np.unique(cases.site)) == 1, "All cases lie at one place, so no place can stand out."),
        (n > 1 and len(np.unique(cases.unit)) == 1, "All cases fall into one period, so no time can stand out."),
        (
            n > 1 and periods.n == 1 and settings.model != "permutation",
            "The study has one period; places are compared, not times.",
        ),
    ]
    return tuple(words for holds, words in told if holds)
