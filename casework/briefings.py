"""What the crews of a plan have to know on the way: gathered once, so that whoever writes it down asks nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.errors import NotFoundError
from casework.model import Agreement, Box, Selection
from casework.plan import Duty, Plan, PlannedCrew, Stop
from casework.ports import Clock, Store
from casework.rules import Rules
from casework.territory import Territory
from geo.crs import GEOD

BESIDE_M = 500.0
RECENT_DAYS = 90
MOST_FINDINGS = 5
_M_PER_DEG = 111_000.0
_LEAST_SHORTENED = 0.01


@dataclass(frozen=True, eq=False)
class Briefing:
    """A plan and all that stands beside it on paper. Frames keep the contracts of `geo.frames`, in EPSG:4326.

    `outlines` are the JURISDICTIONS of both sides and their neighbours, `borders` the line the two share, `zones` the
    ZONES of `agreements`, which let officers of one side into the other on that day. `stations` are those the crews
    leave from, `firms` those they visit. `findings` is an INCIDENTS frame with `visit_id` and `distance_m`: what
    happened beside each stop, newest first. `min_officers` have to be on site. `timezone` is the operator's.
    """

    plan: Plan
    outlines: gpd.GeoDataFrame
    borders: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    agreements: tuple[Agreement, ...]
    stations: gpd.GeoDataFrame
    firms: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    min_officers: int
    timezone: str
    made_at: datetime

    def local(self, at: datetime) -> datetime:
        """An instant by the operator's clock."""
        return at.astimezone(ZoneInfo(self.timezone))

    def names(self, language: str) -> dict[str, str]:
        """Name of each jurisdiction by id; English where there is one and it is asked for, the id where there is none."""
        told = {self.plan.a: self.plan.a, self.plan.b: self.plan.b}
        for one, name, english in zip(
            self.outlines["id"], self.outlines["name"], self.outlines["name_en"], strict=True
        ):
            told[one] = english if language == "en" and pd.notna(english) and english else name
        return told

    def number(self, crew_id: str) -> int:
        """Which of the plan's crews it is, from 1; `NotFoundError` where it is none of them."""
        for number, crew in enumerate(self.plan.crews, start=1):
            if crew.id == crew_id:
                return number
        raise NotFoundError("The plan has no crew {id}.", id=crew_id)

    def crew(self, crew_id: str) -> PlannedCrew:
        """One crew; `NotFoundError` where the plan has none of that id."""
        return self.plan.crews[self.number(crew_id) - 1]

    @property
    def simulated(self) -> bool:
        """Whether anything of what it tells is made up."""
        told = [self.plan.simulated, *(one.simulated for one in self.agreements)]
        frames = (self.outlines, self.stations, self.firms, self.findings)
        return any(told) or any(bool(frame["simulated"].fillna(value=False).any()) for frame in frames)


class Briefings:
    """Gathers what a plan's crews take along."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, territory: Territory) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._territory = territory

    def of(self, plan_id: str) -> Briefing:
        """The briefing of a kept plan.

        Raises
        ------
        NotFoundError
            When there is no such plan.
        """
        plan = self._store.plan(plan_id)
        if plan is None:
            raise NotFoundError("There is no plan {id}.", id=plan_id)
        return self.about(plan)

    def about(self, plan: Plan) -> Briefing:
        """The briefing of a plan, kept or not, by what the store holds at this moment."""
        stops = {stop.visit_id: stop for crew in plan.crews for stop in crew.stops}.values()
        agreements = self._agreements(plan, {stop.agreement_id for stop in stops})
        stations, firms = self._store.stations(), self._store.firms()
        borders = self._store.borders(plan.a)
        return Briefing(
            plan=plan,
            outlines=self._store.jurisdictions(self._territory.near(plan.a, plan.b)),
            borders=borders[(borders["a"] == plan.a) & (borders["b"] == plan.b)],
            zones=self._store.zones([one.id for one in agreements]),
            agreements=agreements,
            stations=stations[stations["id"].isin({crew.station_id for crew in plan.crews})],
            firms=firms[firms["id"].isin({stop.firm_id for stop in stops})],
            findings=self._findings(list(stops)),
            min_officers=self._rules.min_officers,
            timezone=self._rules.timezone,
            made_at=self._clock.now(),
        )

    def _agreements(self, plan: Plan, named: set[str]) -> tuple[Agreement, ...]:
        """Those its stops go by, and where they name none, those in force between the two."""
        known = self._store.agreements()
        meant = tuple(one for one in known if one.id in named)
        return meant or tuple(one for one in known if (plan.a, plan.b) in one.pairs and one.in_force(plan.on))

    def _findings(self, stops: list[Stop]) -> gpd.GeoDataFrame:
        """The newest incidents beside each stop in the months before."""
        until = min(self._clock.now(), max((stop.end_at for stop in stops), default=self._clock.now()))
        period = Selection(since=until - timedelta(days=RECENT_DAYS), until=until + timedelta(seconds=1))
        none = self._store.incidents(period, limit=0).assign(visit_id="", distance_m=0.0)
        found = [self._beside(stop, period) for stop in stops]
        frames = [frame for frame in found if len(frame)]
        return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=none.crs) if frames else none

    def _beside(self, stop: Stop, period: Selection) -> gpd.GeoDataFrame:
        """Incidents beside one stop, newest first."""
        within_m = self._rules.cluster_radius_m if stop.duty is Duty.CLUSTER else BESIDE_M
        high = within_m / _M_PER_DEG
        wide = high / max(float(np.cos(np.radians(stop.lat))), _LEAST_SHORTENED)
        box = Box(stop.lon - wide, stop.lat - high, stop.lon + wide, stop.lat + high)
        near = self._store.incidents(period, box)
        x, y = near.geometry.x.to_numpy(), near.geometry.y.to_numpy()
        distance_m = np.asarray(GEOD.inv(np.full(len(near), stop.lon), np.full(len(near), stop.lat), x, y)[2])
        near = near.assign(visit_id=stop.visit_id, distance_m=distance_m)
        return near[near["distance_m"] <= within_m].head(MOST_FINDINGS)
