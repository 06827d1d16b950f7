"""How long the way takes: what every provider of travel times answers, and the one that knows no road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import GEOD, on_globe
from geo.errors import GeoError
from geo.shifts import Floats, Ints

Shapes = npt.NDArray[np.object_]
STRAIGHT_LINE = "straight-line"
STRAIGHT_LINE_ERROR = 0.5
_CORNERS = 180  # a polygon of so many corners has 99.98 % of its circle's area
_AT_ONCE = 2_000_000


class Travel(Protocol):
    """A provider of travel times. Places are arrays of lon, lat (n, 2) in EPSG:4326; no speed or road but its own."""

    @property
    def provider(self) -> str:
        """What the times come from, in a word: it stands beside every figure."""
        ...

    @property
    def error(self) -> float:
        """Half the width of the band about a time, as a share of it."""
        ...

    @property
    def data_on(self) -> date | None:
        """The day the roads are of; None where there are none, or the file did not say."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether the roads are made up."""
        ...

    def minutes(self, origins: Floats, destinations: Floats, within: float = np.inf) -> Floats:
        """Minutes from every origin (rows) to every destination (columns); inf where farther than `within` or no way."""
        ...

    def first(self, origins: Floats, destinations: Floats, within: float = np.inf) -> tuple[Ints, Floats]:
        """For each destination the origin that is there first (the lowest of equals; -1: none), and its minutes."""
        ...

    def ground(self, places: Floats, minutes: Sequence[float], *, arriving: bool = False) -> Shapes:
        """Polygons (n, len(minutes)), EPSG:4326: where one gets to from each place, or from where one gets there."""
        ...

    def snap_m(self, places: Floats) -> Floats:
        """Metres from each place to the network; 0 where there is none to stand off from."""
        ...


def stated(travel: Travel) -> dict[str, object]:
    """Columns that say how far a result can be trusted: provider, error, data_on (text, None: unknown), simulated.

    Examples
    --------
    >>> stated(StraightLine(40))
    {'provider': 'straight-line', 'error': 0.5, 'data_on': None, 'simulated': False}
    """
    return {
        "provider": travel.provider,
        "error": travel.error,
        "data_on": travel.data_on and travel.data_on.isoformat(),
        "simulated": travel.simulated,
    }


@dataclass(frozen=True)
class StraightLine:
    """Travel as the crow flies at one speed: no road is looked at, and half more or less is to be expected.

    Parameters
    ----------
    kmh
        Speed along the geodesic, km/h.

    Raises
    ------
    GeoError
        When the speed is not above 0.

    Examples
    --------
    >>> StraightLine(60).minutes(np.array([[0, 0]]), np.array([[0, 0], [0, 1]])).round(1)
    array([[  0. , 110.6]])
    >>> StraightLine(60).minutes(np.empty((0, 2)), np.array([[0, 0]])).shape
    (0, 1)
    >>> StraightLine(60).ground(np.empty((0, 2)), [30]).shape
    (0, 1)
    """

    kmh: float
    provider = STRAIGHT_LINE
    error = STRAIGHT_LINE_ERROR
    data_on: date | None = None
    simulated = False

    def __post_init__(self) -> None:
        if not 0 < self.kmh < np.inf:
            raise GeoError(f"kmh is {self.kmh:g}: a speed above 0 was expected")

    def minutes(self, origins: Floats, destinations: Floats, within: float = np.inf) -> Floats:
        """Minutes along the geodesic."""
        shape = (len(origins), len(destinations))
        if 0 in shape:
            return np.empty(shape)
        here, there = np.repeat(origins, len(destinations), axis=0), np.tile(destinations, (len(origins), 1))
        found = np.asarray(GEOD.inv(*here.T, *there.T)[2], dtype=float).reshape(shape) * 0.06 / self.kmh
        return np.where(found <= within, found, np.inf)

    def first(self, origins: Floats, destinations: Floats, within: float = np.inf) -> tuple[Ints, Floats]:
        """The nearest origin of each destination, and the minutes from it."""
        n = len(destinations)
        found, minutes = np.full(n, -1), np.full(n, np.inf)
        if not len(origins) or not n:
            return found, minutes
        here, there = on_globe(*destinations.T), on_globe(*origins.T)
        step = max(1, _AT_ONCE // len(origins))
        for begin in range(0, n, step):
            away = sum((here[begin : begin + step, None, axis] - there[None, :, axis]) ** 2 for axis in range(3))
            found[begin : begin + step] = np.argmin(away, axis=1)
        minutes = np.asarray(GEOD.inv(*origins[found].T, *destinations.T)[2], dtype=float) * 0.06 / self.kmh
        late = minutes > within
        return np.where(late, -1, found), np.where(late, np.inf, minutes)

    def ground(self, places: Floats, minutes: Sequence[float], *, arriving: bool = False) -> Shapes:  # noqa: ARG002
        """Circles on the ellipsoid; one about a place within its radius of the antimeridian has longitudes beyond 180."""
        budgets = np.asarray(minutes, dtype=float)
        n = len(places) * len(budgets)
        radius = np.tile(budgets, len(places)) * self.kmh / 0.06
        lon, lat = (np.repeat(places[:, axis], len(budgets) * _CORNERS) for axis in (0, 1))
        bearing = np.tile(np.linspace(360, 0, _CORNERS, endpoint=False), n)
        x, y, _ = GEOD.fwd(lon, lat, bearing, np.repeat(radius, _CORNERS))
        away = (np.asarray(x) - lon + 180) % 360 - 180
        xy = np.column_stack((lon + away, y)).reshape(n, _CORNERS, 2)
        return np.asarray(shapely.polygons(xy), dtype=object).reshape(len(places), len(budgets))

    def snap_m(self, places: Floats) -> Floats:
        """No network, no way to it."""
        return np.zeros(len(places))
