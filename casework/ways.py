"""What is asked of reach and what it answers: a question, all its ways, and the figures made of them."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np

from casework.model import Agreement, Selection
from casework.whatif import Step
from geo.shifts import Floats, Ints
from geo.station_models import Flags, Model, Service


@dataclass(frozen=True)
class Question:
    """Whose reach: the two sides and their zone, which incidents count, and what is planned."""

    agreement: Agreement
    selection: Selection
    steps: tuple[Step, ...] = ()

    @property
    def as_it_is(self) -> "Question":
        """The same without what is planned."""
        return replace(self, steps=())


@dataclass(frozen=True)
class Ways:
    """All ways of a question: minutes from each station (rows) to each place (columns).

    `own` says whether a station stands on the side of a place; a joint station that nobody holds alone belongs to both.
    """

    stations: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    minutes: Floats
    own: Flags

    @property
    def n_officers(self) -> Ints:
        """Officers at each station."""
        return self.stations["n_officers"].to_numpy(dtype=np.int64)


@dataclass(frozen=True)
class Gain:
    """What a zone gains when the border is ignored.

    Medians are minutes until the first officer is there, over an even sample of the zone's ground; inf where half of it
    is not reached. `own_min` is by the stations of each place's own side, `either_min` by whoever is nearest;
    `force_own_min` and `force_either_min` are the same without joint stations. `n_sooner` of `n_sites` firms and
    incidents in the zone are reached sooner from the other side, by `sooner_min` in the median.
    """

    n_ground: int
    own_min: float
    either_min: float
    force_own_min: float
    force_either_min: float
    n_sites: int
    n_sooner: int
    sooner_min: float


@dataclass(frozen=True)
class Around:
    """What one station has about it: per time the firms and incidents within it, and at how many of all it is first."""

    within: tuple[tuple[float, int, int], ...]
    n_first: int
    n_sites: int


@dataclass(frozen=True)
class Served:
    """How one model serves each side and both together; `n_officers` are on the stations of it."""

    model: Model
    a: Service
    b: Service
    both: Service
    zone: Service
    n_officers: int
