"""Streets as a file tells them: points, the pieces between them, how fast and which way one may drive."""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.shifts import Floats, Mask

Bytes = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.int32]
_MOST_KMH = 200.0


class RoadClass(IntEnum):
    """The importance of a road, by OpenStreetMap's words; `OTHER` is every road a file gives no class."""

    MOTORWAY = 0
    TRUNK = 1
    PRIMARY = 2
    SECONDARY = 3
    TERTIARY = 4
    UNCLASSIFIED = 5
    RESIDENTIAL = 6
    SERVICE = 7
    TRACK = 8
    FERRY = 9
    OTHER = 10


# What Valhalla assumes outside dense cities, km/h; a track's depends on its grade and is told with the street.
CLASS_KMH = {
    RoadClass.MOTORWAY: 105.0,
    RoadClass.TRUNK: 90.0,
    RoadClass.PRIMARY: 75.0,
    RoadClass.SECONDARY: 60.0,
    RoadClass.TERTIARY: 50.0,
    RoadClass.UNCLASSIFIED: 40.0,
    RoadClass.RESIDENTIAL: 35.0,
    RoadClass.SERVICE: 25.0,
    RoadClass.TRACK: 5.0,
    RoadClass.FERRY: 15.0,
    RoadClass.OTHER: 40.0,
}


@dataclass(frozen=True)
class Streets:
    """Pieces of street between two points each; what is left of a road file when names and tags are gone.

    Parameters
    ----------
    lonlat
        Points (n, 2), EPSG:4326; a point several pieces share is where one may turn from one into the other.
    begins
        Row of the point each piece begins at.
    ends
        Row of the point it ends at.
    kmh
        Speed on each piece; NaN: that of its class.
    classes
        `RoadClass` of each piece.
    forward
        Whether one may drive it from its begin to its end.
    backward
        Whether one may drive it from its end to its begin.
    signals
        Rows of points with traffic lights.
    data_on
        The day the file is of; None where it does not say.
    source
        Where it is from, for people.
    simulated
        Whether it was made up.

    Raises
    ------
    GeoError
        When a coordinate is no degree, a row points outside, or a speed is not above 0 and at most 200 km/h.

    Examples
    --------
    >>> streets = Streets(np.array([[9.5, 47.1], [9.51, 47.1]]), *np.array([[0], [1]], dtype=np.int32),
    ...     np.array([50.0]), np.array([6], dtype=np.int8), np.array([True]), np.array([False]))
    >>> len(streets), streets.speeds().tolist()
    (1, [50.0])
    >>> len(Streets.none())
    0
    """

    lonlat: Floats
    begins: Numbers
    ends: Numbers
    kmh: npt.NDArray[np.float32] | Floats
    classes: Bytes
    forward: Mask
    backward: Mask
    signals: Numbers | None = None
    data_on: date | None = None
    source: str = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.lonlat.ndim != 2 or self.lonlat.shape[1] != 2:  # noqa: PLR2004
            raise GeoError(f"points of shape {self.lonlat.shape}: a row of lon and lat for each was expected")
        if not (np.abs(self.lonlat) <= (180, 90)).all():
            wrong = self.lonlat[~(np.abs(self.lonlat) <= (180, 90)).all(axis=1)][0]
            raise GeoError(f"point {wrong.tolist()}: degrees of EPSG:4326 were expected; is it projected?")
        columns = (self.ends, self.kmh, self.classes, self.forward, self.backward)
        if any(len(column) != len(self.begins) for column in columns):
            raise GeoError(f"{[len(self.begins), *map(len, columns)]}: columns of one length were expected")
        for rows in (self.begins, self.ends):
            if len(rows) and not (rows.min() >= 0 and rows.max() < len(self.lonlat)):
                raise GeoError(f"rows {rows.min()} to {rows.max()} of {len(self.lonlat)} points: they lie outside")
        told = self.kmh[~np.isnan(self.kmh)]
        if not ((told > 0) & (told <= _MOST_KMH)).all():
            wrong_kmh = told[~((told > 0) & (told <= _MOST_KMH))][0]
            raise GeoError(f"speed {wrong_kmh:g}: km/h above 0 and at most {_MOST_KMH:g} were expected")

    def __len__(self) -> int:
        return len(self.begins)

    @classmethod
    def none(cls) -> "Streets":
        """No street at all."""
        rows, flags = np.empty(0, dtype=np.int32), np.empty(0, dtype=bool)
        return cls(np.empty((0, 2)), rows, rows, np.empty(0), np.empty(0, dtype=np.int8), flags, flags)

    def speeds(self) -> Floats:
        """The speed of each piece, km/h: what the file says, otherwise that of the class."""
        assumed = np.array([CLASS_KMH[one] for one in RoadClass])[self.classes]
        return np.where(np.isnan(self.kmh), assumed, self.kmh).astype(float)

    def without(self, *classes: RoadClass) -> "Streets":
        """The same without pieces of these classes."""
        kept = ~np.isin(self.classes, classes)
        return replace(
            self,
            begins=self.begins[kept],
            ends=self.ends[kept],
            kmh=self.kmh[kept],
            classes=self.classes[kept],
            forward=self.forward[kept],
            backward=self.backward[kept],
        )
