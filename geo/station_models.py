"""The three ways to run the same stations: who may go where, when two officers are there, and how well that serves."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.shifts import Floats, Ints

Flags = npt.NDArray[np.bool_]
NOBODY = -1
_DAY_MIN = 1440.0


class Model(StrEnum):
    """How officers are bound to places.

    Resident: a district has one station, whose officers alone serve it. By district: a side's stations serve its side.
    Pooled: whoever is nearest, from either side.
    """

    RESIDENT = "resident"
    DISTRICT = "by_district"
    POOLED = "pooled"


@dataclass(frozen=True)
class Arrivals:
    """Per place: the station whose officer is first there (-1: none) and when, and when the crew is complete, minutes."""

    first: Ints
    first_min: Floats
    ready_min: Floats


@dataclass(frozen=True)
class Service:
    """How well places are served: how many, minutes of the middle and of the ninth of ten, shares of places and of risk.

    `n_beyond` are the gaps. Minutes are inf where not so many places are reached, and NaN without any place.
    """

    n: int
    median_min: float
    p90_min: float
    share: float
    risk_share: float
    n_beyond: int


def may_go(model: Model, minutes: Floats, n_officers: npt.ArrayLike, own: Flags, district: npt.ArrayLike) -> Flags:
    """Which stations (rows) may send officers to which places (columns).

    Parameters
    ----------
    model
        How officers are bound.
    minutes
        From each station to each place; inf where there is no way.
    n_officers
        Officers at each station.
    own
        Whether a station belongs to the side of a place; a joint station belongs to both.
    district
        A number of the district each place lies in, for `Model.RESIDENT`; -1: in none, nobody is resident there.

    Returns
    -------
    array of bool
        As `minutes`. Under `Model.RESIDENT` a district has that station of its own side which has officers and the
        least mean way to its places.

    Raises
    ------
    GeoError
        When the arrays do not fit each other.

    Examples
    --------
    >>> minutes = np.array([[5.0, 20.0], [9.0, 6.0]])
    >>> own = np.array([[True, True], [True, True]])
    >>> may_go(Model.RESIDENT, minutes, [1, 4], own, [0, 0])
    array([[False, False],
           [ True,  True]])
    >>> may_go(Model.POOLED, np.empty((0, 3)), [], np.empty((0, 3), dtype=bool), [0, 0, 0]).shape
    (0, 3)
    """
    officers, of = np.asarray(n_officers), np.asarray(district, dtype=np.int64)
    if own.shape != minutes.shape or officers.shape != minutes.shape[:1] or of.shape != minutes.shape[1:]:
        raise GeoError(
            f"{minutes.shape} minutes, {own.shape} flags, {officers.size} numbers of officers and {of.size} districts: "
            "one row a station and one column a place were expected"
        )
    if model is Model.POOLED:
        return np.ones(minutes.shape, dtype=bool)
    if model is Model.DISTRICT:
        return own.copy()
    may = np.zeros(minutes.shape, dtype=bool)
    manned = np.flatnonzero(officers > 0)
    if not len(manned):
        return may
    for one in np.unique(of[of != NOBODY]):
        here = np.flatnonzero(of == one)
        belongs = own[np.ix_(manned, here)]
        # A place without a way costs a day, so that one such place does not rule a station out.
        way = np.where(belongs, np.minimum(minutes[np.ix_(manned, here)], _DAY_MIN), _DAY_MIN).mean(axis=1)
        if way.min() < _DAY_MIN:
            resident = manned[int(np.argmin(way))]
            may[resident, here] = own[resident, here]
    return may


def arrivals(minutes: Floats, n_officers: npt.ArrayLike, may: Flags, n_needed: int = 2) -> Arrivals:
    """Who is first at each place, and when enough officers are there, from one station or from several.

    Parameters
    ----------
    minutes
        From each station (rows) to each place (columns); inf where there is no way.
    n_officers
        Officers at each station; one without any sends nobody.
    may
        Which station may go to which place, as `may_go` says.
    n_needed
        Officers who have to be on site, 1 or more; the law asks for two.

    Returns
    -------
    Arrivals
        inf where nobody comes, or not enough do. Of stations equally near, the first.

    Raises
    ------
    GeoError
        When fewer than one officer is asked for.

    Examples
    --------
    >>> minutes = np.array([[5.0, 20.0], [9.0, 6.0]])
    >>> arrivals(minutes, [1, 1], np.ones((2, 2), dtype=bool))
    Arrivals(first=array([0, 1]), first_min=array([5., 6.]), ready_min=array([ 9., 20.]))
    >>> arrivals(np.empty((0, 1)), [], np.empty((0, 1), dtype=bool)).ready_min
    array([inf])
    """
    if n_needed < 1:
        raise GeoError(f"n_needed is {n_needed}: at least 1 officer was expected")
    officers = np.asarray(n_officers, dtype=np.int64)
    n_stations, n_places = minutes.shape
    if not n_stations:
        return Arrivals(np.full(n_places, NOBODY), np.full(n_places, np.inf), np.full(n_places, np.inf))
    way = np.where(may & (officers > 0)[:, None], minutes, np.inf)
    order = np.argsort(way, axis=0, kind="stable")
    sorted_min = np.take_along_axis(way, order, axis=0)
    there = np.cumsum(np.where(np.isfinite(sorted_min), officers[order], 0), axis=0)
    enough = there >= n_needed
    at = np.argmax(enough, axis=0)
    columns = np.arange(n_places)
    first_min = sorted_min[0]
    return Arrivals(
        np.where(np.isfinite(first_min), order[0], NOBODY),
        first_min,
        np.where(enough.any(axis=0), sorted_min[at, columns], np.inf),
    )


def service(ready_min: Floats, risk: npt.ArrayLike, within_min: float) -> Service:
    """How well places are served by the times at which somebody is ready there.

    Parameters
    ----------
    ready_min
        Minutes, one for each place; inf where never.
    risk
        What each place counts, 0 or more.
    within_min
        The time that was promised, minutes; a place at just that time is within.

    Returns
    -------
    Service
        Shares are 0 to 1, NaN without places, or without risk. Quantiles are times of places, the next larger one.

    Examples
    --------
    >>> service(np.array([10.0, 20.0, np.inf]), [1, 1, 2], 30)
    Service(n=3, median_min=20.0, p90_min=inf, share=0.6666666666666666, risk_share=0.5, n_beyond=1)
    >>> service(np.empty(0), [], 30).n
    0
    """
    n = len(ready_min)
    if not n:
        nan = float("nan")
        return Service(0, nan, nan, nan, nan, 0)
    within, weigh = ready_min <= within_min, np.asarray(risk, dtype=float)
    ordered = np.sort(ready_min)
    median, p90 = (float(ordered[int(np.ceil(n * share)) - 1]) for share in (0.5, 0.9))
    total = float(weigh.sum())
    risk_share = float(weigh[within].sum()) / total if total else float("nan")
    return Service(n, median, p90, float(within.mean()), risk_share, int((~within).sum()))
