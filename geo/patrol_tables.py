"""Between the problem of patrols in its own words and the tables that the search of an order works on."""

from collections import defaultdict
from typing import Any

import numpy as np

from geo.order_problem import CREW, EITHER, GROUP, NOBODY, OFFICER, VISIT, OrderProblem, Table, with_near
from geo.order_search import Found
from geo.patrol_plan import CrewPlan, Plan, Stop
from geo.patrol_problem import Lock, PatrolProblem, Visit

_NEARLY, _NEVER = 1e-9, -1.0
_LEGS, _COLD, _SHARE = 10.0, 0.1, 0.5  # a visit of mean risk is worth so many ways; see docs/methods.md


def bits_of(problem: PatrolProblem) -> dict[str, int]:
    """A bit for every side, agency and skill, named `side:`, `agency:` and `skill:`."""
    words = [f"side:{one}" for one in problem.sides]
    words += [f"agency:{one.agency}" for one in problem.officers]
    words += [f"agency:{one}" for visit in problem.visits for one in visit.agencies]
    words += [f"skill:{one}" for some in (problem.officers, problem.visits) for each in some for one in each.skills]
    return {word: 1 << k for k, word in enumerate(dict.fromkeys(words))}


def offered(problem: PatrolProblem) -> tuple[Visit, ...]:
    """The visits that may be made at all: of green firms only those with a stated reason."""
    return tuple(one for one in problem.visits if one.colour != "green" or one.reason.strip())


def tables(problem: PatrolProblem) -> OrderProblem:
    """The problem as tables; visits are those of `offered`, in their order."""
    visits, bits = offered(problem), bits_of(problem)
    place = {one: k for k, one in enumerate(problem.places)}
    home = {one.id: place[one.place] for one in problem.stations}
    locks = {one.visit_id: one for one in problem.locks}
    travel = np.array(problem.travel_min, dtype=float).reshape(len(place), len(place))
    leg, worth, must = _scale(problem)
    rows, groups, rooms = np.zeros(len(visits), VISIT), _groups(problem), []
    for k, visit in enumerate(visits):
        row = rows[k]
        row["place"], row["shape"], row["people"] = place[visit.place], EITHER, problem.rules.min_officers
        sides = problem.sides if visit.joint else ()
        words = [*(f"side:{one}" for one in sides), *(f"agency:{one}" for one in visit.agencies)]
        row["needs"][2] = sum({bits[one] for one in [*words, *(f"skill:{one}" for one in visit.skills)]})
        row["bars"] = 0 if visit.allowed else sum(bits[f"side:{one}"] for one in problem.sides if one != visit.side)
        lock = locks.get(visit.id)
        windows = visit.windows if lock is None else _held(visit, lock)
        row["n_windows"] = len(windows)
        row["opens"][: len(windows)], row["closes"][: len(windows)] = zip(*windows, strict=True)
        row["duration"] = visit.duration_min
        row["prize"] = worth * visit.risk + must * visit.required + must * (len(visits) + 1) * (lock is not None)
        row["fixed"], row["group"] = lock is not None, NOBODY
        if visit.firm_id in groups:
            row["group"] = list(groups).index(visit.firm_id)
    rooms = [(room, 0) for room in groups.values()]
    cars, officers = _cars(problem, home), _officers(problem, bits, home)
    hot = _LEGS * leg
    return OrderProblem(
        travel, with_near(travel, rows), cars, np.array(rooms, GROUP), officers, hot=hot, cold=_COLD * hot, share=_SHARE
    )


def _held(visit: Visit, lock: Lock) -> tuple[tuple[float, float], ...]:
    """The one minute at which a locked visit may start; none of the day's where its windows do not have it."""
    inside = any(opens <= lock.start_min <= closes for opens, closes in visit.windows)
    return ((lock.start_min, lock.start_min if inside else _NEVER),)


def _scale(problem: PatrolProblem) -> tuple[float, float, float]:
    """A usual way in minutes, what a unit of risk is worth, and what a required visit is worth beyond its risk."""
    travel = np.array(problem.travel_min, dtype=float)
    leg = max(1.0, float(np.median(travel)) if travel.size else 1.0)
    risks = [one.risk for one in offered(problem) if one.risk > 0]
    worth = _LEGS * leg / (sum(risks) / len(risks)) if risks else 1.0
    return leg, worth, worth * sum(risks) + _LEGS * leg


def risk_of(problem: PatrolProblem, prize: float) -> float:
    """The risk covered by visits that are worth `prize` to the search, whatever else it counts for required ones.

    Examples
    --------
    >>> from datetime import date
    >>> risk_of(PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()), 0.0)
    0.0
    """
    _, worth, must = _scale(problem)
    # All optional visits together are worth less than one that is required.
    return max(0.0, prize - must * float(np.floor(prize / must + _NEARLY))) / worth


def _groups(problem: PatrolProblem) -> dict[str, int]:
    """Room of the firms that could be visited too often."""
    of_firm = defaultdict(list)
    for visit in offered(problem):
        if visit.firm_id:
            of_firm[visit.firm_id].append(visit)
    rooms = {firm: problem.room(firm, problem.visits) for firm in of_firm}
    return {firm: room for firm, room in rooms.items() if room < len(of_firm[firm])}


def _cars(problem: PatrolProblem, home: dict[str, int]) -> Table:
    """A row for each car; where one is locked, only those who are in it have seats."""
    rows = np.zeros(len(problem.vehicles), CREW)
    locked = {
        car: len(who) for lock in problem.locks for car, who in zip(lock.vehicle_ids, lock.officer_ids, strict=True)
    }
    for row, car in zip(rows, problem.vehicles, strict=True):
        row["home"], row["seats"] = home[car.station_id], min(car.seats, locked.get(car.id, car.seats))
    return rows


def _officers(problem: PatrolProblem, bits: dict[str, int], home: dict[str, int]) -> Table:
    """A row for each officer; a first seat two by two, those of one side together."""
    rows, at = np.zeros(len(problem.officers), OFFICER), {one.id: k for k, one in enumerate(problem.officers)}
    cars = {one.id: k for k, one in enumerate(problem.vehicles)}
    for row, one in zip(rows, problem.officers, strict=True):
        words = [f"side:{one.side}", f"agency:{one.agency}", *(f"skill:{skill}" for skill in one.skills)]
        row["home"], row["bits"] = home[one.station_id], sum({bits[word] for word in words})
        row["starts"], row["ends"], row["crew"] = one.starts_min, one.ends_min, NOBODY
        if one.rest is not None:
            row["rest"] = one.rest.from_min, one.rest.until_min - one.rest.length_min, one.rest.length_min
    locked = [pair for lock in problem.locks for pair in zip(lock.vehicle_ids, lock.officer_ids, strict=True)]
    for name, who in locked:
        rows["crew"][[at[one] for one in who]], rows["fixed"][[at[one] for one in who]] = cars[name], 1
    taken = {one for one, _ in locked}
    for station in problem.stations:
        free = [one for one in problem.vehicles if one.station_id == station.id and one.id not in taken]
        some = [one for one in problem.officers if one.station_id == station.id and not rows["fixed"][at[one.id]]]
        some.sort(key=lambda one: (one.side, one.starts_min, one.agency))
        left = {car.id: car.seats for car in free}
        for size in (2, 99):  # two in each car, then whoever is left where there are seats
            for car in free:
                n = min(size, left[car.id], len(some))
                left[car.id] -= n
                rows["crew"][[at[one.id] for one in some[:n]]] = cars[car.id]
                del some[:n]
    return rows


def begin_with(problem: PatrolProblem, plan: Plan | None) -> Any:
    """What `search` needs to begin with a plan, or with the locks alone."""
    visits = {one.id: k for k, one in enumerate(offered(problem))}
    cars = {one.id: k for k, one in enumerate(problem.vehicles)}
    people = {one.id: k for k, one in enumerate(problem.officers)}

    def begin(held: Table, officers: Table) -> None:
        """Set the order and the crews."""
        starts = {lock.visit_id: lock.start_min for lock in problem.locks}
        crews = {lock.visit_id: list(lock.vehicle_ids) for lock in problem.locks}
        if plan is not None:
            free = officers["fixed"] == 0
            # Cars that the plan leaves at home keep the seats they were given first.
            used = [cars[crew.vehicle_id] for crew in plan.crews if crew.vehicle_id in cars]
            officers["crew"][free & np.isin(officers["crew"], used)] = NOBODY
            for crew in plan.crews:
                for officer in crew.officer_ids:
                    if officer in people and free[people[officer]] and crew.vehicle_id in cars:
                        officers["crew"][people[officer]] = cars[crew.vehicle_id]
                for stop in crew.stops:
                    if stop.visit_id not in starts or stop.visit_id not in {one.visit_id for one in problem.locks}:
                        starts[stop.visit_id] = stop.start_min
                        crews.setdefault(stop.visit_id, []).append(crew.vehicle_id)
        placed = sorted((one for one in starts if one in visits), key=lambda one: starts[one])
        for one in placed:
            slots = [cars.get(car, NOBODY) for car in crews[one]][:2]
            held["crew"][visits[one], : len(slots)] = slots
        rest = [k for k in held["order"] if k not in {visits[one] for one in placed}]
        held["order"] = [visits[one] for one in placed] + rest

    return begin


def plan_of(problem: PatrolProblem, found: Found, seed: int) -> Plan:
    """What the search found, as a plan; what is undone has no reason yet."""
    visits, held = offered(problem), found.held
    order = [k for k in held["order"] if held["done"][k]]
    crews = []
    for car, vehicle in enumerate(problem.vehicles):
        own = [k for k in order if car in held["crew"][k]]
        if own:
            who = tuple(one.id for one, row in zip(problem.officers, found.officers, strict=True) if row["crew"] == car)
            crews.append(_day(problem, found, car, [(visits[k], held[k]) for k in own], vehicle.id, who))
    risk = sum(visits[k].risk for k in order)
    longest = max((one.travel_min + one.work_min for one in crews), default=0.0)
    travel = sum(one.travel_min for one in crews)
    return Plan(tuple(crews), (), float(risk), float(travel), float(longest), seed)


def _day(
    problem: PatrolProblem, found: Found, car: int, own: list[tuple[Visit, Any]], vehicle_id: str, who: tuple[str, ...]
) -> CrewPlan:
    """One crew's day with its break; it leaves its station as late as it can."""
    row, place = found.crews[car], {one: k for k, one in enumerate(problem.places)}
    rest_from, rest_latest, rest_length = (float(one) for one in row["rest"])
    here, free, had, depart = int(row["home"]), float(row["starts"]), rest_length == 0, None
    rest: tuple[float, float] | None = None
    stops, travel = [], 0.0
    for visit, one in own:
        slot = 0 if one["crew"][0] == car else 1
        there = place[visit.place]
        drive = problem.travel_min[here][there]
        travel += drive
        start = float(one["ready"][slot]) - visit.duration_min
        arrive = free + drive if depart is not None else start - drive + drive
        if not had and one["rested"][slot]:
            had = True
            on_site = max(free + drive, rest_from)
            if on_site <= rest_latest and on_site + rest_length <= start:
                rest, arrive = (on_site, rest_length), on_site
            else:
                rest = (max(free, rest_from), rest_length)
                arrive = rest[0] + rest_length + drive if depart is not None else start
        if depart is None:
            depart = arrive - drive
        stops.append(Stop(visit.id, arrive, start, float(one["ready"][slot])))
        here, free = there, float(one["ready"][slot])
    drive = problem.travel_min[here][int(row["home"])]
    back = free + drive
    if not had:
        rest = (max(back, rest_from), rest_length)
        if back > rest_latest:
            rest = (max(free, rest_from), rest_length)
            back = rest[0] + rest_length + drive
    work = sum(visit.duration_min for visit, _ in own)
    return CrewPlan(vehicle_id, who, float(depart or 0.0), back, tuple(stops), travel + drive, float(work), rest)
