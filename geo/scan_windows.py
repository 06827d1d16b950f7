"""Where and when a scan looks: the places about every centre in order of distance, and the time axis in periods."""

from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from geo.errors import GeoError
from geo.scan_kernels import Ints32
from geo.scan_thinning import Thinning, by_steps, thinned
from geo.shifts import Floats, Ints

Unit = Literal["day", "month", "year", "generic"]
Geometry = Literal["lonlat", "cartesian"]
EARTH_M = 6_371_008.8
_CODES = {"day": "D", "month": "M", "year": "Y"}
_PAIRS_AT_ONCE = 1_000_000
_SLACK = 1 + 1e-9
_MOST_PAIRS = 400_000_000
_SAME_M = 1e-3
_MOST_NUMBER = 9e18  # 64 bits hold it


@dataclass(frozen=True)
class Circles:
    """Places about every centre, nearest first; a place below 0 is `~place` and comes together with the next one.

    `told` says in words which circles were left out, if any.
    """

    ptr: Ints
    places: Ints32
    told: tuple[str, ...] = ()

    def of(self, centre: int, size: int) -> Ints:
        """The `size` places nearest to a centre."""
        first = int(self.ptr[centre])
        place = self.places[first : first + size].astype(np.int64)
        return np.where(place < 0, ~place, place)


def spots(x: npt.ArrayLike, y: npt.ArrayLike, geometry: Geometry) -> Floats:
    """Points between which straight distances can be compared: a plane's, or those of a sphere of radius 1.

    Parameters
    ----------
    x
        Longitudes in degrees, or eastings.
    y
        Latitudes in degrees, or northings in the same unit.
    geometry
        "lonlat" or "cartesian".

    Raises
    ------
    GeoError
        When a coordinate is missing or off the globe.
    """
    here, there = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if here.shape != there.shape:
        raise GeoError(f"{here.size} x and {there.size} y: one of each was expected")
    wrong = ~np.isfinite(here) | ~np.isfinite(there)
    if geometry == "lonlat":
        wrong |= (np.abs(here) > 360) | (np.abs(there) > 90)  # noqa: PLR2004
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise GeoError(
            f"place {row} lies at ({here[row]:g}, {there[row]:g}): finite coordinates on the globe were expected"
        )
    if geometry == "cartesian":
        return np.column_stack((here, there))
    lon, lat = np.radians(here), np.radians(there)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def distances(one: Floats, other: Floats, geometry: Geometry) -> Floats:
    """Distances between points of `spots`, row by row: metres along the sphere, or units of the plane."""
    straight = np.sqrt(((one - other) ** 2).sum(axis=-1))
    return along(straight, geometry)


def along(straight: Floats, geometry: Geometry) -> Floats:
    """Distances along the ground of straight ones between points of `spots`; metres are rounded to a millimetre."""
    if geometry == "cartesian":
        return straight
    metres = 2 * EARTH_M * np.arcsin(np.minimum(straight / 2, 1.0))
    return np.asarray(np.round(metres / _SAME_M) * _SAME_M)


def circles(
    centres: Floats,
    sites: Floats,
    share: Floats,
    max_radius: float,
    max_share: float,
    geometry: Geometry,
    most_pairs: int = _MOST_PAIRS,
) -> Circles:
    """The places about every centre that circles within the limits hold, nearest first.

    Parameters
    ----------
    centres
        Points of `spots`.
    sites
        Places, likewise.
    share
        The part of the population, or of the expected cases, that each place has; sums to 1.
    max_radius
        Metres, or units of the plane; inf for no limit.
    max_share
        Most that a circle may have of `share`.
    geometry
        As the points were made.
    most_pairs
        Pairs of a centre and a place within `max_radius` from which on wide circles are about fewer centres.

    Raises
    ------
    GeoError
        When circles would hold more places than a machine has memory for.
    """
    tree = cKDTree(sites)
    widest = _straight(max_radius, geometry)
    fewer = thinned(centres, sites, widest, most_pairs)
    reach = np.full(len(centres), widest) if fewer is None else fewer.reach
    counts = np.full(len(centres), len(sites))
    if (near := np.isfinite(reach)).any():
        counts[near] = tree.query_ball_point(centres[near], reach[near] * _SLACK, return_length=True)
    if (total := int(counts.sum())) > _MOST_PAIRS:
        raise GeoError(f"circles hold {total:,} places: at most {_MOST_PAIRS:,} were expected; lower the radius")
    sizes, parts = np.zeros(len(centres), dtype=np.int64), [np.empty(0, dtype=np.int32)]
    begin = 0
    end_of = np.cumsum(counts)
    while begin < len(centres):
        done = int(end_of[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(end_of, done + _PAIRS_AT_ONCE, side="right")))
        size, part = _nearest(
            centres[begin:end], sites, tree, share, reach[begin:end], max_radius, max_share, geometry,
            in_steps=fewer is not None,
        )  # fmt: skip
        sizes[begin:end] = size
        parts.append(part)
        begin = end
    told = () if fewer is None else (_told(fewer, max_radius, geometry),)
    return Circles(np.concatenate(([0], np.cumsum(sizes))), np.concatenate(parts), told)


def _told(fewer: Thinning, max_radius: float, geometry: Geometry) -> str:
    """What a reader has to know of centres that were left out."""
    widest = min(float(along(np.array(fewer.widest), geometry)), max_radius)
    small, gap = (float(along(np.array(one), geometry)) for one in (fewer.small, fewer.gap))
    told = [f"{one:,.0f} m" if geometry == "lonlat" else f"{one:.6g}" for one in (small, widest, gap)]
    return (
        f"Places are crowded: circles of up to {told[0]} are about each of {len(fewer.reach):,} centres, wider ones about "
        f"fewer, those of {told[1]} about {fewer.n_wide:,}; none left out lies farther than {told[2]} from one of these."
    )


def _straight(max_radius: float, geometry: Geometry) -> float:
    """The straight distance that surely reaches as far as `max_radius` along the ground."""
    if geometry == "cartesian":
        return max_radius
    angle = min((max_radius + 1) / EARTH_M, np.pi)
    return float(2 * np.sin(angle / 2))


def _nearest(
    centres: Floats, sites: Floats, tree: Any, share: Floats, reach: Floats, max_radius: float, max_share: float,
    geometry: Geometry, *, in_steps: bool,
) -> tuple[Ints, Ints32]:  # fmt: skip
    """How many places each of some centres reaches, and those places in order."""
    if np.isfinite(reach).all():
        near = tree.query_ball_point(centres, reach * _SLACK, return_sorted=True)
        i = np.repeat(np.arange(len(centres)), [len(those) for those in near])
        j = np.fromiter(chain.from_iterable(near), dtype=np.int64, count=len(i))
    else:
        i, j = (grid.ravel() for grid in np.indices((len(centres), len(sites))))
    far = distances(centres[i], sites[j], geometry)
    within = far <= max_radius
    i, j, far = i[within], j[within], far[within]
    # One whole number to sort by takes half the time of two keys; of equally far ones, that of the lesser row is first.
    order = np.argsort(i * len(far) + np.unique(far, return_inverse=True)[1], kind="stable")
    i, j, far = i[order], j[order], far[order]
    first = np.searchsorted(i, np.arange(len(centres)))
    held = np.cumsum(share[j])
    before = np.concatenate(([0.0], held))[first]
    tied = np.concatenate(((i[1:] == i[:-1]) & (far[1:] == far[:-1]), [False])) if len(i) else np.zeros(0, dtype=bool)
    fits = held - before[i] <= max_share * _SLACK
    # A circle that is too large ends the centre's list at the last whole group of equally far places before it.
    last_of = np.flatnonzero(~tied)
    group = np.searchsorted(last_of, np.arange(len(i)))
    keep = fits[last_of[group]] if len(i) else np.zeros(0, dtype=bool)
    i, j, tied = i[keep], j[keep], tied[keep]
    together = by_steps(i, tied) if in_steps else tied
    return np.bincount(i, minlength=len(centres)).astype(np.int64), np.where(together, ~j, j).astype(np.int32)


@dataclass(frozen=True)
class Periods:
    """The time axis: `n` periods of `length` units, the last one ending with `last`; the first may be shorter."""

    unit: Unit
    length: int
    first: int
    last: int

    @property
    def n(self) -> int:
        """How many periods there are."""
        return -(-(self.last - self.first + 1) // self.length)

    def of(self, units: Ints) -> Ints:
        """The period of each unit of time, -1 for what lies outside."""
        row = self.n - 1 - (self.last - units) // self.length
        return np.where((units >= self.first) & (units <= self.last), row, -1)

    def begin(self, rows: Ints) -> Ints:
        """The first unit of each period."""
        return np.maximum(self.last + 1 - (self.n - rows) * self.length, self.first)

    def end(self, rows: Ints) -> Ints:
        """The last unit of each period."""
        return self.last - (self.n - 1 - rows) * self.length

    def first_day(self, rows: Ints) -> npt.NDArray[Any]:
        """The day each period begins on; for generic time the number itself."""
        return _days(self.begin(rows), self.unit)

    def last_day(self, rows: Ints) -> npt.NDArray[Any]:
        """The day each period ends on; for generic time the number itself."""
        return (
            self.end(rows) if self.unit == "generic" else _days(self.end(rows) + 1, self.unit) - np.timedelta64(1, "D")
        )


def _days(units: Ints, unit: Unit) -> npt.NDArray[Any]:
    """The first day of each unit of time."""
    return units if unit == "generic" else units.astype(f"datetime64[{_CODES[unit]}]").astype("datetime64[D]")


def units_of(at: Any, unit: Unit, timezone: str) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Days, months or years since 1970 of instants in `timezone` (generic numbers as they are), and which are missing."""
    if unit == "generic":
        numbers = pd.to_numeric(pd.Series(np.asarray(at)), errors="coerce").to_numpy(dtype=float)
        missing = ~np.isfinite(numbers)
        if (beyond := np.flatnonzero(~missing & (np.abs(numbers) > _MOST_NUMBER))).size:
            raise GeoError(
                f"time {numbers[beyond[0]]:g}: a number from -{_MOST_NUMBER:g} to {_MOST_NUMBER:g} was expected"
            )
        return np.where(missing, 0, numbers).astype(np.int64), missing
    instants = pd.DatetimeIndex(pd.to_datetime(pd.Series(at).to_numpy() if not isinstance(at, pd.Series) else at))
    if instants.tz is not None:
        instants = instants.tz_convert(timezone).tz_localize(None)
    missing = np.asarray(instants.isna())
    days = instants.to_numpy().astype("datetime64[D]")
    days[missing] = np.datetime64(0, "D")
    return days.astype(f"datetime64[{_CODES[unit]}]").astype(np.int64), missing
