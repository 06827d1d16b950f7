"""Plans drawn up: a wish made a problem, solved, and told as crews and stops."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from casework.errors import RefusedError
from casework.plan import Member, Plan, PlannedCrew, Stop, Undone
from casework.rules import Rules
from casework.wishes import Asked, Wish, Wishes
from geo.errors import GeoError
from geo.patrol_check import breaches
from geo.patrol_plan import CrewPlan
from geo.patrol_plan import Plan as Solved
from geo.patrol_plan import Stop as SolvedStop
from geo.patrol_plan import Undone as SolvedUndone
from geo.patrol_problem import PatrolProblem
from geo.patrols import Progress, plan_patrols

_PROBLEM: TypeAdapter[PatrolProblem] = TypeAdapter(PatrolProblem)
_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
_WISH: TypeAdapter[Wish] = TypeAdapter(Wish)
_FIGURE = re.compile(r"(?<![\w:-])\d+(?![\w:-])")


class UnlawfulError(RefusedError):
    """A plan that does not hold by what is known now; `breach` is what the checker found first."""

    def __init__(self, breach: str) -> None:
        self.breach = breach
        super().__init__("The plan does not hold as things stand now. {breach} Plan the day again.", breach=breach)


class Planning:
    """Draws up plans; keeps none. `wishes` makes their problems."""

    def __init__(self, rules: Rules, wishes: Wishes) -> None:
        self._rules = rules
        self.wishes = wishes

    def solved(
        self,
        asked: Asked,
        *,
        seed: int = 1,
        seconds: float | None = None,
        iterations: int | None = None,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
        clock: Callable[[], float] | None = None,
        start: Plan | None = None,
    ) -> Plan:
        """The best plan found within `seconds` of `clock` or `iterations`, not kept yet; `start` is one to better."""
        begin = None if start is None else self.as_solved(start)
        found = plan_patrols(
            asked.problem, seed, seconds=seconds, iterations=iterations, clock=clock, progress=progress, stop=stop,
            start=begin,
        )  # fmt: skip
        return self.told(asked, found, iterations or 0)

    def checked(self, plan: Plan) -> Plan:
        """The plan as it is by a problem made anew from its wish, wherever the plan was meanwhile.

        The checker works every rule out again. What follows from the problem is taken from there: who is who, what lies
        where, which agreement holds, what a visit counts.

        Raises
        ------
        UnlawfulError
            When it breaks a rule, or says something else than what follows.
        RefusedError
            When it does not say what was asked for, or that cannot be asked any more.
        """
        try:
            asked = self.wishes.asked(wish_of(plan), plan)
            solved = self.as_solved(plan)
            broken = breaches(asked.problem, solved)
        except GeoError as error:
            raise UnlawfulError(f"{error}.") from error
        if broken:
            raise UnlawfulError(broken[0])
        told = as_draft_of(plan, self.told(asked, solved, plan.iterations))
        for name in ("a", "b", "on", "crews"):
            if getattr(told, name) != getattr(plan, name):
                raise UnlawfulError(f"It has other {name} than its problem gives.")
        return told

    def as_solved(self, plan: Plan) -> Solved:
        """Who rides and goes where in a plan, as the solver says it."""
        minute = self._minute_of(plan.on)
        crews = tuple(
            CrewPlan(
                crew.vehicle_id,
                tuple(one.officer_id for one in crew.members),
                minute(crew.leave_at),
                minute(crew.back_at),
                tuple(
                    SolvedStop(one.visit_id, minute(one.arrive_at), minute(one.start_at), minute(one.end_at))
                    for one in crew.stops
                ),
                crew.travel_min,
                crew.work_min,
                None if crew.rest_at is None else (minute(crew.rest_at), crew.rest_min),
            )
            for crew in plan.crews
        )
        undone = tuple(SolvedUndone(one.visit_id, one.rule, one.reason, one.remedy) for one in plan.undone)
        longest = max((crew.travel_min + crew.work_min for crew in crews), default=0.0)
        risk, travel = float(plan.risk), float(plan.travel_min)
        return Solved(crews, undone, risk, travel, longest, plan.seed, conflict=plan.conflict)

    def told(self, asked: Asked, found: Solved, iterations: int) -> Plan:
        """The solver's plan as people read it."""
        wish, problem = asked.wish, asked.problem
        crews = tuple(crew for crew in found.crews if crew.stops)
        number = {crew.vehicle_id: f"crew {k}" for k, crew in enumerate(crews, start=1)}
        at = {visit: [number[one.vehicle_id] for one in crews if visit in _visits(one)] for visit in asked.stops}
        return Plan(
            uuid.uuid4().hex[:12],
            "",
            wish.on,
            wish.a,
            wish.b,
            tuple(self._crew(asked, crew, number[crew.vehicle_id], at) for crew in crews),
            tuple(_undone(one, asked) for one in found.undone),
            provider=problem.provider,
            simulated=problem.simulated,
            seed=found.seed,
            iterations=iterations,
            problem=_PROBLEM.dump_python(problem, mode="json"),
            wish=_WISH.dump_python(wish, mode="json"),
            conflict=found.conflict,
            error=problem.error,
        )

    def _crew(self, asked: Asked, crew: CrewPlan, name: str, at: Mapping[str, Sequence[str]]) -> PlannedCrew:
        """One crew and its stops."""
        problem = asked.problem
        officer = {one.id: one for one in problem.officers}
        car = next(one for one in problem.vehicles if one.id == crew.vehicle_id)
        station = asked.stations[asked.stations["id"] == car.station_id].iloc[0]
        locked = {lock.visit_id for lock in problem.locks}
        visits = {one.id: one for one in problem.visits}
        where = {one: k for k, one in enumerate(problem.places)}
        before = [f"at {car.station_id}", *(visits[stop.visit_id].place for stop in crew.stops)]
        clock = self._clock_of(asked.wish.on)
        stops = tuple(
            Stop(
                stop.visit_id,
                asked.stops[stop.visit_id].title,
                asked.stops[stop.visit_id].duty,
                asked.stops[stop.visit_id].lon,
                asked.stops[stop.visit_id].lat,
                clock(stop.arrive_min),
                clock(stop.start_min),
                clock(stop.end_min),
                problem.travel_min[where[last]][where[visits[stop.visit_id].place]],
                visits[stop.visit_id].risk,
                visits[stop.visit_id].firm_id,
                visits[stop.visit_id].agencies,
                asked.agreement_of.get(stop.visit_id, ""),
                tuple(one for one in at[stop.visit_id] if one != name),
                visits[stop.visit_id].reason,
                stop.visit_id in locked,
            )
            for last, stop in zip(before, crew.stops, strict=False)
        )
        members = tuple(
            Member(
                one,
                officer[one].name or one.replace(f"{car.station_id}/", f"{station['name']} · "),
                officer[one].side,
                officer[one].agency,
            )
            for one in crew.officer_ids
        )
        lon, lat = float(station.geometry.x), float(station.geometry.y)
        return PlannedCrew(
            name, car.station_id, str(station["name"]), lon, lat, car.id, members, clock(crew.depart_min),
            clock(crew.back_min), stops, *((clock(crew.rest_min[0]), crew.rest_min[1]) if crew.rest_min else ()),
        )  # fmt: skip

    def _clock_of(self, on: date) -> Callable[[float], datetime]:
        """Minutes of the operator's day as instants, to the second."""
        midnight = datetime.combine(on, time(), ZoneInfo(self._rules.timezone))
        return lambda minute: (midnight + timedelta(seconds=round(minute * 60))).astimezone(ZoneInfo("UTC"))

    def _minute_of(self, on: date) -> Callable[[datetime], float]:
        """Instants as minutes of the operator's day."""
        midnight = datetime.combine(on, time(), ZoneInfo(self._rules.timezone))
        return lambda at: (at - midnight).total_seconds() / 60


def _undone(one: SolvedUndone, asked: Asked) -> Undone:
    """What the solver leaves out; its figures are those of its own two sentences, in their order, without those of ids."""
    words = f"{one.reason} {one.lift}".replace(one.visit_id, "")
    figures = tuple(int(number) for number in _FIGURE.findall(words))
    return Undone(one.visit_id, asked.stops[one.visit_id].title, one.reason, one.lift, one.rule, figures)


def as_draft_of(plan: Plan, found: Plan) -> Plan:
    """A plan found in place of another one: the same to whoever keeps it."""
    return replace(
        found, id=plan.id, title=plan.title, state=plan.state, steps=plan.steps, series=plan.series,
        created_at=plan.created_at, version=plan.version,
    )  # fmt: skip


def packed(plan: Plan) -> dict[str, Any]:
    """A plan as JSON holds it."""
    return dict(_PLAN.dump_python(plan, mode="json"))


def unpacked(plain: Mapping[str, Any]) -> Plan:
    """The plan that `packed` made plain.

    Raises
    ------
    RefusedError
        When it is no plan.
    """
    try:
        return _PLAN.validate_python(plain)
    except ValidationError as error:
        raise RefusedError("The page holds no plan that could be read: open it again.") from error


def wish_of(plan: Plan) -> Wish:
    """What was asked for when a plan was drawn up.

    Raises
    ------
    RefusedError
        When the plan does not say.
    """
    if not plan.wish:
        raise RefusedError(
            "This plan does not say what was asked for, so it cannot be planned again: draw up a new one."
        )
    try:
        return _WISH.validate_python(plan.wish)
    except ValidationError as error:
        raise RefusedError("What was asked for cannot be read: draw up a new plan.") from error


def _visits(crew: CrewPlan) -> set[str]:
    return {stop.visit_id for stop in crew.stops}
