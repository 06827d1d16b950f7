"""What a coordinator wants of a day, and the problem of stations, officers and visits that it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.agreements import Agreements
from casework.collisions import FirmVisit, Period, within
from casework.entries import entries_around
from casework.errors import NotFoundError, RefusedError
from casework.plan import Duty, Plan, PlannedCrew, Stop
from casework.ports import Store
from casework.rosters import roster
from casework.rules import Rules
from casework.stations import Stations
from geo.crs import metric_crs
from geo.frames import WGS84
from geo.patrol_problem import Lock, PatrolProblem, PatrolRules, Rest, Station, Visit
from geo.places import place
from geo.reach import lonlat
from geo.shifts import Floats

_NO_WAY_MIN = 2880.0  # longer than any shift: who cannot get there does not go
_WEIGHT_OF_CODE = {"red": 3.0, "yellow": 2.0, "green": 1.0}
_WITHIN_CODE = 0.9
_NEARLY_MIN = 0.01
_MOST_VISITS = 400


@dataclass(frozen=True)
class Target:
    """A place to visit that is no firm: the middle of a cluster, or a spot on the map."""

    id: str
    title: str
    lon: float
    lat: float
    risk: float
    duty: Duty = Duty.CLUSTER
    joint: bool = True


@dataclass(frozen=True)
class Wish:
    """What a coordinator asks for: a day, two sides, firms and places, and when everybody works.

    `station_ids`: who sends officers; empty: all of both sides. `reasons`: the cause stated for a green firm, by id.
    `required`: ids of firms and places that have to be done. `left_out`: that must not. `rest`: from, until and length of
    everybody's break, minutes of the day; None: none. `joint_firms`: firms that both sides enter together.
    """

    a: str
    b: str
    on: date
    firm_ids: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    station_ids: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    joint_firms: frozenset[str] = frozenset()
    shift_min: tuple[float, float] = (540.0, 1020.0)
    rest: tuple[float, float, float] | None = (690.0, 810.0, 45.0)
    firm_min: float = 45.0
    place_min: float = 30.0


@dataclass(frozen=True)
class Asked:
    """A problem with what only people want to know of it."""

    wish: Wish
    problem: PatrolProblem
    stations: gpd.GeoDataFrame
    stops: Mapping[str, Target]
    agreement_of: Mapping[str, str]


class Wishes:
    """Makes problems of wishes, by what the store holds."""

    def __init__(self, store: Store, rules: Rules, agreements: Agreements, stations: Stations) -> None:
        self._store = store
        self._rules = rules
        self._agreements = agreements
        self._stations = stations

    def asked(self, wish: Wish, locked: Plan | None = None) -> Asked:
        """The problem that a wish comes to; stops of `locked` that are locked stay as they are.

        Raises
        ------
        RefusedError
            When there is nothing to visit, too much, or nobody to go.
        NotFoundError
            When a firm or a station is not there.
        """
        a, b = sorted((wish.a, wish.b))
        wish = replace(wish, a=a, b=b)
        stations = self._senders(wish)
        places = self._places(wish)
        if places.empty:
            raise RefusedError("There is nothing to visit: choose clusters, firms or places first.")
        if len(places) > _MOST_VISITS:
            raise RefusedError(
                "{n} visits are too many for one plan: choose at most {most}.", n=len(places), most=_MOST_VISITS
            )
        rest = None if wish.rest is None else Rest(*wish.rest)
        officers, cars = roster(stations, wish.a, wish.b, wish.shift_min, rest)
        travel = self._stations.travel
        spots = np.concatenate((lonlat(stations), lonlat(places)))
        names = [f"at {one}" for one in (*stations["id"], *places["id"])]
        rules = self._rules
        # What the plan itself holds already does not count against it.
        entered = entries_around(self._store.plans(), wish.on, without=locked.id if locked else "")
        problem = PatrolProblem(
            wish.on,
            (wish.a, wish.b),
            tuple(names),
            _matrix(travel.minutes(spots, spots)),
            tuple(Station(one, f"at {one}") for one in stations["id"]),
            officers,
            cars,
            tuple(self._visit(wish, row, entered) for row in places.to_dict("records")),
            PatrolRules(
                rules.min_officers, rules.visit_warn_day, rules.visit_most_day + 1, rules.visit_most_week,
                rules.visit_most_month,
            ),
            () if locked is None else locks_of(locked, {*places["id"]}, self._rules.timezone),
            travel.provider,
            travel.error,
            travel.simulated or bool(places["simulated"].any() or stations["simulated"].any()),
        )  # fmt: skip
        stops = {
            row["id"]: Target(row["id"], row["title"], row["lon"], row["lat"], row["risk"], Duty(row["duty"]))
            for row in places.to_dict("records")
        }
        agreement_of = {one: name for one, name in zip(places["id"], places["agreement_id"], strict=True) if name}
        return Asked(wish, problem, stations, stops, agreement_of)

    def locked(self, asked: Asked, plan: Plan) -> Asked:
        """The same problem with the locks of a plan."""
        locks = locks_of(plan, set(asked.stops), self._rules.timezone)
        return replace(asked, problem=replace(asked.problem, locks=locks))

    def firms(self, a: str, b: str) -> gpd.GeoDataFrame:
        """FIRMS frame of two sides."""
        return self._stations.firms(a, b)

    def stations(self, a: str, b: str) -> gpd.GeoDataFrame:
        """STATIONS frame of two sides."""
        return self._stations.of(a, b)

    def due(self, a: str, b: str, zone: gpd.GeoDataFrame, near_m: float = 15_000.0, most: int = 40) -> gpd.GeoDataFrame:
        """Firms of two sides that a joint patrol should see first, with `distance_m` to the zone and `weight`.

        Green firms are not among them: they are not disturbed without cause.

        Parameters
        ----------
        a
            One side.
        b
            The other.
        zone
            ZONES frame.
        near_m
            How far from the zone at most, metres.
        most
            How many at most: those that count most, of equals the nearest.
        """
        firms = self._stations.firms(a, b)
        firms = firms[firms["code"] != "green"]
        if firms.empty or zone.empty:
            return firms.assign(distance_m=0.0, weight=0.0).iloc[:0]
        crs = metric_crs(zone.total_bounds)
        far_m = firms.to_crs(crs).distance(zone.to_crs(crs).union_all())
        found = firms.assign(distance_m=far_m, weight=_weight(firms))
        found = found[found["distance_m"] <= near_m]
        return found.sort_values(["weight", "distance_m", "id"], ascending=[False, True, True]).head(most)

    def _senders(self, wish: Wish) -> gpd.GeoDataFrame:
        """Stations with officers that may send somebody."""
        stations = self._stations.of(wish.a, wish.b)
        unknown = set(wish.station_ids) - set(stations["id"])
        if unknown:
            raise NotFoundError("There is no station {id}.", id=min(unknown))
        chosen = stations[stations["id"].isin(wish.station_ids)] if wish.station_ids else stations
        manned = chosen[chosen["n_officers"] > 0]
        if manned.empty:
            raise RefusedError("None of these stations has an officer: choose others, or assign officers to them.")
        return manned.reset_index(drop=True)

    def _places(self, wish: Wish) -> gpd.GeoDataFrame:
        """Everything to visit: id, title, duty, risk, joint, code, side, agreement_id, simulated, lon, lat, geometry."""
        firms = self._stations.firms(wish.a, wish.b)
        unknown = set(wish.firm_ids) - set(firms["id"])
        if unknown:
            raise NotFoundError("There is no firm {id} on either side.", id=min(unknown))
        firms = firms[firms["id"].isin(wish.firm_ids)]
        chosen = pd.DataFrame(
            {
                "id": firms["id"],
                "title": firms["name"],
                "duty": str(Duty.FIRM),
                "risk": _weight(firms),
                "joint": firms["id"].isin(wish.joint_firms),
                "code": firms["code"],
                "simulated": firms["simulated"],
                "lon": firms.geometry.x,
                "lat": firms.geometry.y,
            }
        )
        targets = [
            {"id": one.id, "title": one.title, "duty": str(one.duty), "risk": one.risk, "joint": one.joint,
             "code": "", "simulated": False, "lon": one.lon, "lat": one.lat}
            for one in wish.targets
        ]  # fmt: skip
        both = pd.concat([chosen, pd.DataFrame(targets, columns=chosen.columns)], ignore_index=True)
        both = both[~both["id"].isin(wish.left_out)].reset_index(drop=True)
        frame = gpd.GeoDataFrame(both, geometry=gpd.points_from_xy(both["lon"], both["lat"]), crs=WGS84)
        return frame.assign(side=self._side(frame, wish), agreement_id=self._agreement(frame, wish))

    def _side(self, places: gpd.GeoDataFrame, wish: Wish) -> list[str]:
        """On whose ground each place lies; what lies on neither side's counts as the first side's."""
        found = place(places.geometry, self._store.jurisdictions([wish.a, wish.b]))
        return [one if isinstance(one, str) else wish.a for one in found]

    def _agreement(self, places: gpd.GeoDataFrame, wish: Wish) -> list[str]:
        """The agreement in force on the day whose zone holds each place; empty where none does."""
        found = [""] * len(places)
        for agreement in self._store.agreements():
            if (wish.a, wish.b) in agreement.pairs and agreement.in_force(wish.on):
                inside = places.within(self._agreements.zones(agreement.id).union_all())
                found = [one or (agreement.id if here else "") for one, here in zip(found, inside, strict=True)]
        return found

    def _visit(self, wish: Wish, row: Mapping[Any, Any], entered: Sequence[FirmVisit]) -> Visit:
        """One visit of the problem; `entered` are visits of firms by other plans."""
        one, is_firm = str(row["id"]), row["duty"] == Duty.FIRM
        n = {period: len(within(FirmVisit(one, wish.on), entered if is_firm else (), period)) for period in Period}
        length_min = wish.firm_min if is_firm else wish.place_min
        return Visit(
            one,
            f"at {one}",
            str(row["side"]),
            length_min,
            ((wish.shift_min[0], max(wish.shift_min[0], wish.shift_min[1] - length_min)),),
            float(row["risk"]),
            joint=bool(row["joint"]),
            required=one in wish.required,
            allowed=bool(row["agreement_id"]),
            firm_id=one if is_firm else "",
            colour=row["code"],
            reason=wish.reasons.get(one, ""),
            n_day=n[Period.DAY],
            n_week=n[Period.WEEK],
            n_month=n[Period.MONTH],
        )


def _weight(firms: gpd.GeoDataFrame) -> "pd.Series[float]":
    """What a firm counts: its colour, and of one colour the more the larger its risk is beside that of the others."""
    risk = firms["risk"].astype(float).fillna(0.0)
    return firms["code"].map(_WEIGHT_OF_CODE).astype(float) + _WITHIN_CODE * risk / max(float(risk.max()), 1e-9)


def _matrix(minutes: Floats) -> tuple[tuple[float, ...], ...]:
    """Whole minutes, rounded up; where there is no way, more than any shift has.

    A plan is read by the clock, and what is locked to a minute has to be reachable at that minute again.
    """
    finite = np.ceil(np.where(np.isfinite(minutes), minutes, _NO_WAY_MIN) - _NEARLY_MIN)
    np.fill_diagonal(finite, 0.0)
    return tuple(tuple(row) for row in finite.tolist())


def locks_of(plan: Plan, there: set[str], timezone: str) -> tuple[Lock, ...]:
    """What is locked in a plan, of the places that are still to be visited."""
    midnight = datetime.combine(plan.on, time(), ZoneInfo(timezone))
    riding: dict[str, list[tuple[PlannedCrew, Stop]]] = {}
    for crew in plan.crews:
        for stop in crew.stops:
            if stop.locked and stop.visit_id in there:
                riding.setdefault(stop.visit_id, []).append((crew, stop))
    return tuple(
        Lock(
            visit,
            tuple(crew.vehicle_id for crew, _ in some),
            tuple(tuple(one.officer_id for one in crew.members) for crew, _ in some),
            (some[0][1].start_at - midnight).total_seconds() / 60,
        )
        for visit, some in riding.items()
    )
