"""A day's plan of joint patrols: crews of both sides, where each goes when, and what was left undone and why."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from casework.approvals import PlanState, Role, Step
from casework.errors import RefusedError


class Duty(StrEnum):
    """What kind of place is visited."""

    FIRM = "firm"
    CLUSTER = "cluster"
    PLACE = "place"


@dataclass(frozen=True)
class Member:
    """An officer of a crew."""

    officer_id: str
    name: str
    jurisdiction_id: str
    agency: str = ""


@dataclass(frozen=True)
class Stop:
    """One visit of one crew: there from `arrive_at`, at work from `start_at` to `end_at`.

    `with_crews` names the crews that start together with this one. `agreement_id` is the agreement that lets officers
    of the other side in; empty where nobody crosses. `reason` is the cause that a green firm must be given. `locked`:
    planning again leaves crew and time alone.
    """

    visit_id: str
    title: str
    duty: Duty
    lon: float
    lat: float
    arrive_at: AwareDatetime
    start_at: AwareDatetime
    end_at: AwareDatetime
    travel_min: float
    risk: float = 0.0
    firm_id: str = ""
    agencies: tuple[str, ...] = ()
    agreement_id: str = ""
    with_crews: tuple[str, ...] = ()
    reason: str = ""
    locked: bool = False


@dataclass(frozen=True)
class PlannedCrew:
    """Officers who go together in one vehicle from one station, and their stops in order; their break begins at `rest_at`.

    None: they have none.
    """

    id: str
    station_id: str
    station_name: str
    lon: float
    lat: float
    vehicle_id: str
    members: tuple[Member, ...]
    leave_at: AwareDatetime
    back_at: AwareDatetime
    stops: tuple[Stop, ...]
    rest_at: AwareDatetime | None = None
    rest_min: float = 0.0

    @property
    def sides(self) -> tuple[str, ...]:
        """The jurisdictions its members come from, in the order of text."""
        return tuple(sorted({member.jurisdiction_id for member in self.members}))

    @property
    def travel_min(self) -> float:
        """Minutes on the road: all that is neither work, nor waiting, nor a break."""
        return sum(stop.travel_min for stop in self.stops) + self.way_home_min

    @property
    def way_home_min(self) -> float:
        """Minutes from the last stop back to the station, without a break on the way."""
        last = self.stops[-1].end_at if self.stops else self.leave_at
        whole = (self.back_at - last).total_seconds() / 60
        within = self.rest_at is not None and last <= self.rest_at < self.back_at
        return whole - self.rest_min if within else whole

    @property
    def work_min(self) -> float:
        """Minutes at work on site."""
        return sum((stop.end_at - stop.start_at).total_seconds() for stop in self.stops) / 60


@dataclass(frozen=True)
class Undone:
    """A visit that was left out, why, and what would allow it.

    `rule` is the engine's word for what stops it and `figures` are the numbers of its sentences, so that a screen can
    say the same in another language.
    """

    visit_id: str
    title: str
    reason: str
    remedy: str = ""
    rule: str = ""
    figures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What crews of two neighbours do on one day, and how it came about.

    a < b as text. `problem` is what the solver was asked, in its file format, so that anyone can ask it again; `seed`
    and `iterations` say how. `wish` is what the coordinator asked for, so that it can be changed and asked again.
    `conflict` says which rules exclude each other where required visits are undone. `provider` tells where travel times are from, `error` by what share they may be off. `series` is common to the plans of a series.
    `steps` are what happened to it, oldest first; `version` is that of the plan one started from, 0 where none is kept.
    """

    id: str
    title: str
    on: date
    a: str
    b: str
    crews: tuple[PlannedCrew, ...]
    undone: tuple[Undone, ...] = ()
    state: PlanState = PlanState.DRAFT
    steps: tuple[Step, ...] = ()
    provider: str = ""
    simulated: bool = False
    seed: int = 0
    iterations: int = 0
    problem: dict[str, Any] = field(default_factory=dict)
    wish: dict[str, Any] = field(default_factory=dict)
    conflict: str = ""
    error: float = 0.0
    series: str = ""
    created_at: AwareDatetime | None = None
    version: int = 0

    @property
    def risk(self) -> float:
        """Of the visits done, each counted once."""
        return sum({stop.visit_id: stop.risk for crew in self.crews for stop in crew.stops}.values())

    @property
    def travel_min(self) -> float:
        """Minutes on the road of all crews."""
        return sum(crew.travel_min for crew in self.crews)

    @property
    def visit_ids(self) -> frozenset[str]:
        """Visits that are done."""
        return frozenset(stop.visit_id for crew in self.crews for stop in crew.stops)

    def side(self, jurisdiction_id: str) -> Role:
        """The part that a jurisdiction plays in it.

        Raises
        ------
        RefusedError
            When it is neither side.
        """
        roles = {self.a: Role.SIDE_A, self.b: Role.SIDE_B}
        if jurisdiction_id not in roles:
            raise RefusedError("{id} is neither side of this plan.", id=jurisdiction_id)
        return roles[jurisdiction_id]
