"""Shapes as SVG paths: degrees become whole numbers on a drawing, north up."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.shifts import Floats

_M_PER_DEG = 111_320.0


@dataclass(frozen=True)
class Drawing:
    """A window in degrees and its size on paper; x is shortened so that shapes near its middle keep their form."""

    west: float
    south: float
    east: float
    north: float
    width: int

    @property
    def _stretch(self) -> float:
        return float(np.cos(np.radians(np.clip((self.south + self.north) / 2, -85, 85))))

    @property
    def scale(self) -> float:
        """Units of the drawing per degree of latitude."""
        return self.width / max((self.east - self.west) * self._stretch, 1e-12)

    @property
    def height(self) -> int:
        """Height of the drawing in its own units."""
        return max(1, round((self.north - self.south) * self.scale))

    @property
    def metre(self) -> float:
        """Units of the drawing per metre on the ground."""
        return self.scale / _M_PER_DEG

    def places(self, xy: Floats) -> npt.NDArray[np.float64]:
        """Places on the drawing, x to the right and y down, of rows of lon, lat."""
        scale = np.array([self.scale * self._stretch, -self.scale])
        return np.asarray((xy - (self.west, self.north)) * scale)

    def path(self, shape: BaseGeometry) -> str:
        """The `d` of a path: polygons closed, lines open, of what lies in the window and a little around it."""
        wide, high = 0.1 * (self.east - self.west), 0.1 * (self.north - self.south)
        window = shapely.box(self.west - wide, self.south - high, self.east + wide, self.north + high)
        if not shapely.contains_properly(window, shapely.box(*shape.bounds)):
            shape = shapely.intersection(shape, window)
        return "".join(self._ring(part) for part in _lines(shape))

    def _ring(self, line: BaseGeometry) -> str:
        xy = np.round(self.places(shapely.get_coordinates(line)), 1)
        moved = np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]
        xy = xy[moved]
        if len(xy) < 2:  # noqa: PLR2004  # a point draws nothing
            return ""
        return "M" + " ".join(f"{x:g},{y:g}" for x, y in xy) + ("Z" if isinstance(line, shapely.LinearRing) else "")


def window_around(lon: float, lat: float, half_m: float, width: int) -> Drawing:
    """A square drawing `half_m` metres to each side of a place."""
    high = half_m / _M_PER_DEG
    wide = high / max(np.cos(np.radians(lat)), 0.01)
    return Drawing(lon - wide, lat - high, lon + wide, lat + high, width)


def round_m(metres: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above `metres`: how long a scale bar is.

    Examples
    --------
    >>> round_m(730.0)
    500.0
    """
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step for step in (1, 2, 5) if step * power <= metres) * power)


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    """Rings of polygons and lines, however deep they are nested."""
    if shape.is_empty:
        return []
    if isinstance(shape, shapely.Polygon):
        return [shape.exterior, *shape.interiors]
    if shape.geom_type in ("LineString", "LinearRing"):
        return [shape]
    return [line for part in getattr(shape, "geoms", ()) for line in _lines(part)]
