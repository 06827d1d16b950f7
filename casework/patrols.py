"""Joint patrols: a first proposal for a cluster, lawful or refused with the reason."""

import uuid
from dataclasses import replace
from datetime import date
from typing import cast

import geopandas as gpd
import numpy as np
from shapely.geometry import Point
from shapely.ops import nearest_points

from casework.agreements import Agreements
from casework.clusters import Clusters
from casework.errors import NotFoundError, RefusedError
from casework.model import Agreement, CrewPart, Patrol, PatrolState, Selection
from casework.ports import Clock, Store
from casework.rules import Rules
from casework.stations import Stations
from geo.crs import GEOD, metric_crs
from geo.first_crew import JOINT, Refusal, Rule, first_crew
from geo.frames import WGS84
from geo.reach import lonlat

_LAWFUL_OFFICERS = 2
_ON_THE_LINE_M = 1.0
_MOST_FIRMS = 5
_CODE_ORDER = {"red": 0, "yellow": 1, "green": 2}


class Patrols:
    """Proposes joint patrols and keeps them."""

    def __init__(
        self, store: Store, clock: Clock, rules: Rules, agreements: Agreements, clusters: Clusters, stations: Stations
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._agreements = agreements
        self._clusters = clusters
        self._stations = stations

    def all(self) -> tuple[Patrol, ...]:
        """Every patrol, newest day first."""
        return self._store.patrols()

    def open(self) -> tuple[Patrol, ...]:
        """Patrols from today on that were not cancelled and whose agreement is in force on their day."""
        today = self._agreements.today()
        known = {one.id: one for one in self._store.agreements()}
        return tuple(
            one
            for one in self._store.patrols()
            if one.state != PatrolState.CANCELLED
            and one.on >= today
            and one.agreement_id in known
            and known[one.agreement_id].in_force(one.on)
        )

    def propose(self, a: str, b: str, selection: Selection, cluster: int, on: date) -> Patrol:
        """A draft that is not kept yet: nearest stations of both sides to a cluster, and the firms beside it.

        Raises
        ------
        RefusedError
            When the law or the officers on duty do not allow it; the message says what would.
        """
        self._refuse_past(on)
        a, b = sorted((a, b))
        return self.propose_at(a, b, self._clusters.get(a, b, selection, cluster), on)

    def propose_at(self, a: str, b: str, found: gpd.GeoDataFrame, on: date) -> Patrol:
        """As `propose`, for one row of a CLUSTERS or FINDINGS frame; a < b as text."""
        self._refuse_past(on)
        centre, radius_m = cast("Point", found.geometry.iloc[0]), float(found["radius_m"].iloc[0])
        agreement_id, place = self.lawful_place(a, b, centre, radius_m, on)
        stations = self._stations.of(a, b)
        crew = first_crew(stations, place.x, place.y, a, b, self._stations.travel, self._rules.min_officers)
        if isinstance(crew, Refusal):
            raise self._without_crew(crew, stations, place, a, b)
        names = dict(zip(stations["id"], stations["name"], strict=True))
        return Patrol(
            id=uuid.uuid4().hex[:12],
            agreement_id=agreement_id,
            title="",
            on=on,
            lon=place.x,
            lat=place.y,
            crew=tuple(
                CrewPart(
                    part.station_id, names[part.station_id], part.jurisdiction_id, part.n_officers, part.travel_min
                )
                for part in crew.parts
            ),
            firm_ids=self._firms_beside(a, b, centre, radius_m),
            created_at=self._clock.now(),
        )

    def keep(self, patrol: Patrol) -> None:
        """Store a patrol; one that is planned already, to the same place with the same crew, is not planned twice.

        Raises
        ------
        RefusedError
            When it is not lawful, whoever drew it up; nothing was changed.
        NotFoundError
            When its agreement is gone.
        """
        self._refuse_unlawful(patrol)
        if not any(_same_plan(patrol, one) for one in self.open()):
            self._store.save_patrol(patrol)

    def cancel(self, patrol_id: str) -> None:
        """Mark a patrol as cancelled; nothing is deleted."""
        for patrol in self._store.patrols():
            if patrol.id == patrol_id:
                self._store.save_patrol(replace(patrol, state=PatrolState.CANCELLED))
                return
        raise NotFoundError("There is no patrol {id}.", id=patrol_id)

    def lawful_place(self, a: str, b: str, centre: Point, radius_m: float, on: date) -> tuple[str, Point]:
        """Agreement and meeting place: officers cross the border only inside a zone in force on that day.

        Parameters
        ----------
        a
            One side; a < b as text.
        b
            The other.
        centre
            Of what is to be visited.
        radius_m
            How far from it the place to meet may lie, metres.
        on
            The day.

        Raises
        ------
        RefusedError
            When no agreement is in force on that day, or its zone lies too far away.
        """
        holding = [one for one in self._store.agreements() if (a, b) in one.pairs and one.in_force(on)]
        if not holding:
            raise _not_in_force(on)
        places = [(self._nearest_in_zone(one, centre), one.id) for one in holding]
        (distance_m, place), agreement_id = min(places, key=lambda found: found[0][0])
        if distance_m > radius_m:
            raise RefusedError(
                "The cluster lies {km} km outside the zone: officers may not cross the border there. "
                "Widen the zone, or let the side it lies on go alone.",
                km=f"{distance_m / 1000:.1f}",
            )
        return agreement_id, place

    def _nearest_in_zone(self, agreement: Agreement, centre: Point) -> tuple[float, Point]:
        """Metres to the zone of an agreement and the place in it that is nearest."""
        zone = self._agreements.zones(agreement.id)
        metric = metric_crs(zone.total_bounds)
        here = gpd.GeoSeries([centre], crs=zone.crs).to_crs(metric).iloc[0]
        inside = nearest_points(zone.to_crs(metric).union_all(), here)[0]
        place = cast("Point", gpd.GeoSeries([inside], crs=metric).to_crs(WGS84).iloc[0])
        # On the ellipsoid, as `Clusters.holds` measures: what may be proposed must also count as planned.
        return float(GEOD.inv(centre.x, centre.y, place.x, place.y)[2]), place

    def _refuse_past(self, on: date) -> None:
        if on < self._agreements.today():
            raise RefusedError("The day {day} is over: choose today or a later day.", day=on)

    def _refuse_unlawful(self, patrol: Patrol) -> None:
        """Nothing, when the law allows the patrol."""
        self._refuse_past(patrol.on)
        agreement = self._agreements.get(patrol.agreement_id)
        if not agreement.in_force(patrol.on):
            raise _not_in_force(patrol.on)
        sides = {part.jurisdiction_id for part in patrol.crew if part.n_officers > 0}
        required = max(_LAWFUL_OFFICERS, self._rules.min_officers)
        if not any(set(pair) <= sides for pair in agreement.pairs) or patrol.n_officers < required:
            raise RefusedError(
                "A joint patrol needs {n} officers on site, at least one from each side: propose it again.", n=required
            )
        if self._nearest_in_zone(agreement, Point(patrol.lon, patrol.lat))[0] > _ON_THE_LINE_M:
            raise RefusedError("The place to meet lies outside the zone of the agreement: propose the patrol again.")

    def _without_crew(self, refusal: Refusal, stations: gpd.GeoDataFrame, place: Point, a: str, b: str) -> RefusedError:
        """The engine's refusal in words that a screen can translate."""
        manned = stations[stations["n_officers"] > 0]
        if refusal.rule is Rule.MIN_OFFICERS:
            return RefusedError(
                "The stations of both sides have {n} officers and {required} are required on site: assign more.",
                n=int(manned["n_officers"].sum()),
                required=self._rules.min_officers,
            )
        for side in (a, b):
            if not ((manned["jurisdiction_id"] == side) | (manned["level"] == JOINT)).any():
                name = self._store.jurisdictions([side])["name"].iloc[0]
                return RefusedError(
                    "No station of {side} has an officer, and a joint patrol needs one from each side: "
                    "assign one to a station of {side} or to a joint station.",
                    side=name,
                )
        if not all(np.isfinite(self._stations.travel.minutes(lonlat(manned), np.array([[place.x, place.y]])))):
            return RefusedError(
                "No road leads from the stations of one side to the place: choose another cluster or load other roads."
            )
        return RefusedError(
            "Only {station} can serve both sides, and it has 1 officer: "
            "a joint patrol needs one from each side, so assign a second one.",
            station=manned["name"].iloc[0],
        )

    def _firms_beside(self, a: str, b: str, centre: Point, radius_m: float) -> tuple[str, ...]:
        """Firms within the cluster, red before yellow; green ones are not disturbed without cause."""
        firms = self._stations.firms(a, b)
        firms = firms[firms["code"] != "green"]
        if firms.empty:
            return ()
        metric = metric_crs((centre.x, centre.y, centre.x, centre.y))
        distance_m = firms.to_crs(metric).distance(gpd.GeoSeries([centre], crs=firms.crs).to_crs(metric).iloc[0])
        near = firms.assign(distance_m=distance_m, rank=firms["code"].map(_CODE_ORDER))
        near = near[np.asarray(distance_m) <= radius_m].sort_values(["rank", "distance_m"])
        return tuple(near["id"].head(_MOST_FIRMS))


def _not_in_force(on: date) -> RefusedError:
    return RefusedError(
        "No agreement between the two is in force on {day}: choose another day or sign an agreement first.", day=on
    )


def _same_plan(one: Patrol, other: Patrol) -> bool:
    """Whether two patrols are the same but for when they were drawn up."""
    return replace(one, id=other.id, created_at=other.created_at) == other
