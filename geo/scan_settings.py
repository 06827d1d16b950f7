"""What a scan looks for, within which limits, and how chance is told from clusters."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np

from geo.errors import GeoError
from geo.scan_windows import Geometry, Unit

ModelName = Literal["permutation", "poisson", "bernoulli"]


@dataclass(frozen=True)
class ScanSettings:
    """Limits of windows, the model, and the replications. Nonsense raises `GeoError` when it is made.

    Parameters
    ----------
    model
        "permutation": times against places, nothing else is needed. "poisson": against a population or effort.
        "bernoulli": against controls.
    prospective
        Only windows that reach the last period: what is going on now.
    max_radius_m
        Metres, or units of the plane when `geometry` is "cartesian"; None: no limit.
    max_share
        The most a circle may have of the expected cases ("permutation": of cases; "bernoulli": of cases and controls),
        above 0 and up to 1.
    max_length
        Units of time a window may last; None: half of the study.
    min_length
        Units it has to last; refused when no window may, whole periods counted, be that long.
    min_cases
        Cases it has to hold.
    unit
        In what time counts.
    aggregation
        How many units make a period, counted backwards from the end; the first period may be shorter.
    start
        First day of the study, or its number when time is generic; None: the first case.
    end
        Last day; None: the last case.
    geometry
        "lonlat": EPSG:4326, distances along a sphere. "cartesian": a plane.
    timezone
        In which instants are days.
    replications
        How many; the least p is 1 through one more.
    stop_after
        Replications as large as the strongest window after which the rest is spared; None: none is.
    seed
        Where chance starts, from 0 up.
    most
        Clusters reported at most.
    most_pairs
        Pairs of a centre and a place within the largest radius from which on wide circles are about fewer centres, and a
        caveat says so; 1 or more.

    Examples
    --------
    >>> ScanSettings(max_radius_m=5000, max_length=14).model
    'permutation'
    """

    model: ModelName = "permutation"
    prospective: bool = False
    max_radius_m: float | None = None
    max_share: float = 0.5
    max_length: int | None = None
    min_length: int = 1
    min_cases: int = 2
    unit: Unit = "day"
    aggregation: int = 1
    start: date | int | None = None
    end: date | int | None = None
    geometry: Geometry = "lonlat"
    timezone: str = "UTC"
    replications: int = 999
    stop_after: int | None = None
    seed: int = 1
    most: int = 20
    most_pairs: int = 2_000_000

    def __post_init__(self) -> None:
        for name, kinds in (("model", ModelName), ("unit", Unit), ("geometry", Geometry)):
            if getattr(self, name) not in get_args(kinds):
                raise GeoError(f"{name} {getattr(self, name)!r}: one of {', '.join(get_args(kinds))} was expected")
        if self.max_radius_m is not None and not 0 < self.max_radius_m < np.inf:
            raise GeoError(f"max_radius_m {self.max_radius_m:g}: metres above 0 were expected")
        if not 0 < self.max_share <= 1:
            raise GeoError(f"max_share {self.max_share:g}: a share above 0 and up to 1 was expected")
        least = {
            "min_length": 1,
            "min_cases": 1,
            "aggregation": 1,
            "replications": 0,
            "seed": 0,
            "most": 0,
            "most_pairs": 1,
        }
        for name, at_least in (least | {"max_length": 1, "stop_after": 1}).items():
            value = getattr(self, name)
            if value is not None and value < at_least:
                raise GeoError(f"{name} {value}: {at_least} or more was expected")
        if self.max_length is not None and self.max_length < self.min_length:
            raise GeoError(f"max_length {self.max_length} is less than min_length {self.min_length}")

    @property
    def radius(self) -> float:
        """The largest radius, inf for no limit."""
        return np.inf if self.max_radius_m is None else self.max_radius_m
