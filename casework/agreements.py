"""Agreements and the zones that follow from them."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache

import geopandas as gpd
import pandas as pd

from casework.errors import NotFoundError, RefusedError
from casework.model import Agreement
from casework.ports import Clock, Store, Topic
from casework.rules import Rules
from casework.territory import Territory
from geo.borders import marks
from geo.zones import zones

DRAFT = "draft"


@dataclass(frozen=True)
class ZoneFigures:
    """What an agreement covers: lengths in metres, areas in square metres on the ground."""

    border_length_m: float
    stretch_length_m: float
    part_a_area_m2: float
    part_b_area_m2: float
    disputed_area_m2: float

    @property
    def zone_area_m2(self) -> float:
        """The whole strip, disputed part included."""
        return self.part_a_area_m2 + self.part_b_area_m2 + self.disputed_area_m2


class Agreements:
    """What neighbours have signed, and the strip it covers."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, territory: Territory) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._territory = territory
        self._preview = lru_cache(maxsize=64)(self._compute)

    def today(self) -> date:
        """The day by the operator's calendar: an agreement holds from midnight to midnight there, not in Greenwich."""
        return self._rules.day(self._clock.now())

    def all(self) -> tuple[Agreement, ...]:
        """Every agreement, those in force first."""
        today = self.today()
        return tuple(sorted(self._store.agreements(), key=lambda one: (not one.in_force(today), one.id)))

    def in_force(self) -> tuple[Agreement, ...]:
        """Agreements that hold today."""
        today = self.today()
        return tuple(one for one in self._store.agreements() if one.in_force(today))

    def get(self, agreement_id: str) -> Agreement:
        """One agreement; an unknown id raises `NotFoundError`."""
        for agreement in self._store.agreements():
            if agreement.id == agreement_id:
                return agreement
        raise NotFoundError("There is no agreement {id}.", id=agreement_id)

    def zones(self, *agreement_ids: str) -> gpd.GeoDataFrame:
        """ZONES frame of `agreement_ids`, or of all."""
        return self._store.zones(agreement_ids or None)

    def zones_in_force(self) -> gpd.GeoDataFrame:
        """ZONES frame of the agreements that hold today."""
        ids = {one.id for one in self.in_force()}
        zones = self._store.zones()
        return zones[zones["agreement_id"].isin(ids)]

    def draft(self, a: str, b: str) -> Agreement:
        """An agreement nobody signed yet: the whole border, 1 km each side, from today."""
        a, b = sorted((a, b))
        return Agreement(DRAFT, "", a, b, 1000.0, 1000.0, valid_from=self.today())

    def preview(self, agreement: Agreement) -> gpd.GeoDataFrame:
        """ZONES frame of an agreement that need not be kept; quick enough to follow a slider.

        Raises
        ------
        RefusedError
            When nothing would be policed: both depths 0, or an empty stretch.
        GeoError
            When the two share no border or the stretch lies outside it.
        """
        if agreement.depth_a_m <= 0 and agreement.depth_b_m <= 0:
            raise RefusedError("A zone needs a depth above 0 m on at least one side.")
        if agreement.from_m is not None and agreement.to_m is not None and agreement.from_m >= agreement.to_m:
            raise RefusedError("The stretch ends before it starts: move the second mark beyond the first.")
        return self._preview(self._store.versions()[Topic.JURISDICTIONS], agreement)

    def figures(self, agreement: Agreement) -> ZoneFigures:
        """Lengths and areas of an agreement's zone."""
        zone = self.preview(agreement)
        areas = zone.groupby("side")["area_m2"].sum()
        length_m = self._territory.border(agreement.a, agreement.b).length_m
        end_m = length_m if agreement.to_m is None else min(agreement.to_m, length_m)
        return ZoneFigures(
            border_length_m=length_m,
            stretch_length_m=end_m - (agreement.from_m or 0.0),
            part_a_area_m2=float(areas.get("a", 0.0)),
            part_b_area_m2=float(areas.get("b", 0.0)),
            disputed_area_m2=float(areas.get("disputed", 0.0)),
        )

    def mark_m(self, a: str, b: str, lon: float, lat: float) -> float:
        """Metres along the border of `a` and `b` of its point nearest to a place."""
        return float(marks(self._territory.border(a, b).geometry, lon, lat)[0])

    def save(self, agreement: Agreement) -> Agreement:
        """The agreement as kept, with its zone; a draft gets an id of its own.

        Raises
        ------
        RefusedError
            When it would end before it begins, or nothing would be policed; nothing was changed.
        GeoError
            When the two share no border or the stretch lies outside it; nothing was changed.
        """
        if agreement.valid_to is not None and agreement.valid_to < agreement.valid_from:
            raise RefusedError(
                "The agreement would end on {end}, before it begins on {start}: change one of the two days.",
                end=agreement.valid_to,
                start=agreement.valid_from,
            )
        zone = self.preview(agreement)
        if agreement.id == DRAFT:
            taken = {one.id for one in self._store.agreements()}
            stem = f"{agreement.a}-{agreement.b}"
            new_id = next(name for n in range(1, len(taken) + 2) if (name := f"{stem}-{n}") not in taken)
            agreement = replace(agreement, id=new_id)
            zone = zone.assign(agreement_id=new_id)
        return self._store.save_agreement(agreement, zone)

    def remove(self, agreement_id: str) -> None:
        """Forget an agreement and its zone; an unknown id raises `NotFoundError`."""
        self._store.remove_agreement(self.get(agreement_id).id)

    def _compute(self, _version: int, agreement: Agreement) -> gpd.GeoDataFrame:
        parties = self._territory.jurisdictions(agreement.a, agreement.b)
        border = self._store.borders(agreement.a)
        return zones(pd.DataFrame([asdict(agreement)]), border[border["b"] == agreement.b], parties)
