"""How well a set of outlines fits together: its borders, what had to be mended, and the ground in dispute."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.borders import shared_borders
from geo.errors import BorderError
from geo.repairs import repaired
from geo.slivers import slivers, unmatched

_FEWEST = 2


@dataclass(frozen=True)
class Quality:
    """Outlines as they were measured, and what was found between them; each frame as its function gives it."""

    jurisdictions: gpd.GeoDataFrame
    repairs: pd.DataFrame
    borders: gpd.GeoDataFrame
    slivers: gpd.GeoDataFrame
    unmatched: gpd.GeoDataFrame

    @property
    def tolerance_m(self) -> float:
        """The widest gap that was bridged, metres; 0 where every border is exact."""
        return float(self.borders["tolerance_m"].max()) if len(self.borders) else 0.0

    @property
    def pairs(self) -> pd.DataFrame:
        """One row a border, by a and b: a, b, length_m, method, tolerance_m and disputed_area_m2."""
        area = self.slivers.groupby(["a", "b"])["area_m2"].sum().rename("disputed_area_m2")
        plain = pd.DataFrame(self.borders.drop(columns="geometry"))
        return plain.merge(area.reset_index(), how="left", on=["a", "b"]).fillna({"disputed_area_m2": 0.0})


def border_quality(
    jurisdictions: gpd.GeoDataFrame,
    tolerance_m: float | None = None,
    told: Callable[[str], None] = lambda _words: None,
) -> Quality:
    """What fits and what does not between the outlines of jurisdictions.

    Parameters
    ----------
    jurisdictions
        Columns of `geo.frames.JURISDICTIONS`, EPSG:4326; outlines may be invalid.
    tolerance_m
        As for `geo.borders.shared_borders`.
    told
        Called with a few words before each step that may take long.

    Raises
    ------
    GeoError
        Fewer than two jurisdictions, or what `repaired` and `shared_borders` refuse.

    Examples
    --------
    >>> import shapely
    >>> squares = gpd.GeoDataFrame({"id": ["w", "e"], "name": ["West", "East"]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    >>> found = border_quality(squares)
    >>> found.tolerance_m, found.pairs["disputed_area_m2"].tolist(), len(found.repairs)
    (0.0, [0.0], 0)
    >>> border_quality(squares.iloc[:0])
    Traceback (most recent call last):
        ...
    geo.errors.BorderError: a border takes two jurisdictions; here are 0
    """
    if len(jurisdictions) < _FEWEST:
        raise BorderError(f"a border takes two jurisdictions; here are {len(jurisdictions)}")
    told(f"looking at {len(jurisdictions):,} outlines")
    whole, repairs = repaired(jurisdictions)
    told("finding borders")
    borders = shared_borders(whole, tolerance_m)
    told(f"measuring disputed ground along {int((borders['method'] == 'matched').sum()):,} matched borders")
    disputed = slivers(whole, borders)
    told("looking for ground that no border bridges")
    return Quality(whole, repairs, borders, disputed, unmatched(whole, borders, disputed))
