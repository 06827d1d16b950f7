"""How long and how large an agreement's zone is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd

from casework.model import Agreement


@dataclass(frozen=True)
class ZoneFigures:
    """What an agreement covers: lengths in metres of its own strip, areas in square metres on the ground of all of them.

    `further_area_m2` has the parts of parties beside `a` and `b`, by id; `beyond_area_m2` is ground of nobody who signed.
    """

    border_length_m: float
    stretch_length_m: float
    part_a_area_m2: float
    part_b_area_m2: float
    disputed_area_m2: float
    further_area_m2: Mapping[str, float] = field(default_factory=dict)
    beyond_area_m2: float = 0.0

    @property
    def zone_area_m2(self) -> float:
        """The whole zone, disputed part included."""
        further_m2 = sum(self.further_area_m2.values()) + self.beyond_area_m2
        return self.part_a_area_m2 + self.part_b_area_m2 + self.disputed_area_m2 + further_m2


def zone_figures(agreement: Agreement, zone: gpd.GeoDataFrame, length_m: float) -> ZoneFigures:
    """Lengths and areas of a zone.

    Parameters
    ----------
    agreement
        Whose zone it is.
    zone
        ZONES frame.
    length_m
        Of the whole border of the agreement's own pair, in metres.

    Examples
    --------
    >>> from datetime import date
    >>> agreement = Agreement("e-w-1", "", "e", "w", 1000, 500, date(2026, 1, 1), from_m=100)
    >>> nothing = gpd.GeoDataFrame({"jurisdiction_id": [], "side": [], "area_m2": []})
    >>> found = zone_figures(agreement, nothing, 7200)
    >>> found.stretch_length_m, found.zone_area_m2
    (7100, 0.0)
    """
    areas = zone.groupby("jurisdiction_id")["area_m2"].sum()
    nobodys = zone.groupby("side")["area_m2"].sum()
    end_m = length_m if agreement.to_m is None else min(agreement.to_m, length_m)
    further = [party for party in agreement.parties if party not in (agreement.a, agreement.b)]
    return ZoneFigures(
        border_length_m=length_m,
        stretch_length_m=end_m - (agreement.from_m or 0.0),
        part_a_area_m2=float(areas.get(agreement.a, 0.0)),
        part_b_area_m2=float(areas.get(agreement.b, 0.0)),
        disputed_area_m2=float(nobodys.get("disputed", 0.0)),
        further_area_m2={party: float(areas.get(party, 0.0)) for party in further},
        beyond_area_m2=float(nobodys.get("beyond", 0.0)),
    )
