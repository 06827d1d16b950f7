"""Whether a plan of joint patrols is lawful: everything worked out again from the problem, by nothing the search uses."""

from collections import defaultdict
from itertools import pairwise
from math import isfinite

from geo.patrol_plan import CrewPlan, Plan, Stop
from geo.patrol_problem import Officer, PatrolProblem, Visit

_CLOSE = 1e-6


def breaches(problem: PatrolProblem, plan: Plan) -> tuple[str, ...]:
    """Every rule that a plan breaks, each in a sentence; none for a lawful plan.

    Ids, seats, stations, shifts, driving times, windows, breaks, officers on site, agencies, skills, sides, entry across
    the border, starting together, collisions, colours, locks, what is listed as undone, and the totals.

    Parameters
    ----------
    problem
        What was to be planned.
    plan
        Who does what.

    Examples
    --------
    >>> from datetime import date
    >>> empty = PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ())
    >>> breaches(empty, Plan((), (), 0.0, 0.0, 0.0, 1))
    ()
    >>> breaches(empty, Plan((), (), 5.0, 0.0, 0.0, 1))
    ('The plan says risk 5, but its visits come to 0.',)
    """
    found = _of_names(problem, plan)
    if found:  # the rest would stumble over what is not there
        return tuple(found)
    for crew in plan.crews:
        found += _of_seats(problem, crew) + _of_day(problem, crew) + _of_rest(problem, crew)
    found += _of_visits(problem, plan) + _of_firms(problem, plan) + _of_locks(problem, plan) + _of_totals(problem, plan)
    return tuple(found)


def _of_names(problem: PatrolProblem, plan: Plan) -> list[str]:
    """Unknown ids, and cars or officers that stand twice."""
    found = []
    cars, people = {one.id for one in problem.vehicles}, {one.id for one in problem.officers}
    visits = {one.id for one in problem.visits}
    used: list[str] = []
    for crew in plan.crews:
        found += [f"Car {crew.vehicle_id} is unknown." for _ in [0] if crew.vehicle_id not in cars]
        found += [f"Officer {one} is unknown." for one in crew.officer_ids if one not in people]
        found += [f"Visit {stop.visit_id} is unknown." for stop in crew.stops if stop.visit_id not in visits]
        found += [f"Car {crew.vehicle_id} has a time that is no number." for _ in [0] if not _finite(crew)]
        used += [f"Car {crew.vehicle_id}", *(f"Officer {one}" for one in crew.officer_ids)]
    found += [f"{one} stands in two crews." for one in sorted({one for one in used if used.count(one) > 1})]
    said = [one.visit_id for one in plan.undone]
    found += [f"Visit {one} is unknown." for one in said if one not in visits]
    for one in sorted(visits):
        if (one in plan.visit_ids) + said.count(one) != 1:
            found.append(f"Visit {one} has to be either done or listed as undone, once.")
    return found


def _finite(crew: CrewPlan) -> bool:
    """Whether all its minutes are numbers: what is none passes every comparison."""
    times = [crew.depart_min, crew.back_min, crew.travel_min, crew.work_min, *(crew.rest_min or ())]
    return all(map(isfinite, [*times, *(at for s in crew.stops for at in (s.arrive_min, s.start_min, s.end_min))]))


def _people(problem: PatrolProblem, crew: CrewPlan) -> list[Officer]:
    known = {one.id: one for one in problem.officers}
    return [known[one] for one in crew.officer_ids]


def _visits(problem: PatrolProblem) -> dict[str, Visit]:
    return {one.id: one for one in problem.visits}


def _of_seats(problem: PatrolProblem, crew: CrewPlan) -> list[str]:
    """More officers than seats, or of another station than the car."""
    car = next(one for one in problem.vehicles if one.id == crew.vehicle_id)
    found = []
    if len(crew.officer_ids) > car.seats:
        found.append(f"Car {car.id} has {car.seats} seats, but {len(crew.officer_ids)} officers.")
    if crew.stops and not crew.officer_ids:
        found.append(f"Car {car.id} has visits, but nobody in it.")
    found += [
        f"Officer {one.id} of station {one.station_id} rides in car {car.id} of station {car.station_id}."
        for one in _people(problem, crew)
        if one.station_id != car.station_id
    ]
    return found


def _minutes(problem: PatrolProblem, one: str, two: str) -> float:
    return problem.travel_min[problem.places.index(one)][problem.places.index(two)]


def _places(problem: PatrolProblem, crew: CrewPlan) -> list[str]:
    """Where a crew is, one after the other, from its station back to it."""
    car = next(one for one in problem.vehicles if one.id == crew.vehicle_id)
    home = next(one.place for one in problem.stations if one.id == car.station_id)
    known = _visits(problem)
    return [home, *(known[stop.visit_id].place for stop in crew.stops), home]


def _of_day(problem: PatrolProblem, crew: CrewPlan) -> list[str]:
    """Shifts, driving times, durations and windows."""
    if not crew.stops:
        return []
    found: list[str] = []
    known, name = _visits(problem), f"Car {crew.vehicle_id}"
    found += [
        f"{name} is out from {crew.depart_min:g} to {crew.back_min:g}, but officer {one.id} has a shift from "
        f"{one.starts_min:g} to {one.ends_min:g}."
        for one in _people(problem, crew)
        if crew.depart_min < one.starts_min - _CLOSE or crew.back_min > one.ends_min + _CLOSE
    ]
    places, free = _places(problem, crew), crew.depart_min
    for (here, there), stop in zip(pairwise(places), crew.stops, strict=False):
        visit = known[stop.visit_id]
        if stop.arrive_min < free + _minutes(problem, here, there) - _CLOSE:
            found.append(f"{name} cannot be at visit {visit.id} by {stop.arrive_min:g}.")
        if stop.start_min < stop.arrive_min - _CLOSE:
            found.append(f"{name} starts visit {visit.id} before it arrives.")
        if stop.end_min < stop.start_min + visit.duration_min - _CLOSE:
            found.append(f"{name} leaves visit {visit.id} before its {visit.duration_min:g} minutes are over.")
        if not any(opens - _CLOSE <= stop.start_min <= closes + _CLOSE for opens, closes in visit.windows):
            found.append(f"Visit {visit.id} starts at {stop.start_min:g}, outside its windows.")
        free = stop.end_min
    if crew.back_min < free + _minutes(problem, places[-2], places[-1]) - _CLOSE:
        found.append(f"{name} cannot be back by {crew.back_min:g}.")
    return found


def _of_rest(problem: PatrolProblem, crew: CrewPlan) -> list[str]:
    """Breaks that are missing, too short, out of their window, or spent driving or at work."""
    if not crew.stops:
        return []
    found = []
    for one in _people(problem, crew):
        if one.rest is None:
            continue
        since, length = crew.rest_min or (0.0, 0.0)
        inside = one.rest.from_min - _CLOSE <= since and since + length <= one.rest.until_min + _CLOSE
        if length < one.rest.length_min - _CLOSE or not inside:
            found.append(
                f"Officer {one.id} has no break of {one.rest.length_min:g} minutes between {one.rest.from_min:g} and "
                f"{one.rest.until_min:g}."
            )
    if crew.rest_min is not None and not _idle(problem, crew, crew.rest_min[0], crew.rest_min[0] + crew.rest_min[1]):
        found.append(f"Car {crew.vehicle_id} drives or works in its break from {crew.rest_min[0]:g} on.")
    return found


def _idle(problem: PatrolProblem, crew: CrewPlan, since: float, until: float) -> bool:
    """Whether there is time for a break, beside the driving, in one of the gaps of a crew's day."""
    places = _places(problem, crew)
    ends = [crew.depart_min, *(stop.end_min for stop in crew.stops)]
    begins = [*(stop.start_min for stop in crew.stops), crew.back_min]
    for here, there, left, begin in zip(places, places[1:], ends, begins, strict=False):
        drive = _minutes(problem, here, there)
        before = since >= left - _CLOSE and until + drive <= begin + _CLOSE
        after = since >= left + drive - _CLOSE and until <= begin + _CLOSE
        if before or after:
            return True
    return until <= crew.depart_min + _CLOSE or since >= crew.back_min - _CLOSE


def _of_visits(problem: PatrolProblem, plan: Plan) -> list[str]:  # noqa: C901  # one rule after the other
    """Officers, agencies, skills, sides, entry and starting together."""
    there: dict[str, list[tuple[CrewPlan, Stop]]] = defaultdict(list)
    for crew in plan.crews:
        for stop in crew.stops:
            there[stop.visit_id].append((crew, stop))
    found = []
    for visit in problem.visits:
        crews = there.get(visit.id, [])
        if not crews:
            continue
        on_site = [one for crew, _ in crews for one in _people(problem, crew)]
        if len(on_site) < problem.rules.min_officers:
            found.append(f"Visit {visit.id} has {len(on_site)} officers: {problem.rules.min_officers} are the law.")
        if len({stop.start_min for _, stop in crews}) > 1 and _apart(crews) > _CLOSE:
            found.append(f"The crews at visit {visit.id} do not start together.")
        if len({crew.vehicle_id for crew, _ in crews}) < len(crews):
            found.append(f"One crew stands twice at visit {visit.id}.")
        sides = {one.side for one in on_site}
        if visit.joint and not set(problem.sides) <= sides:
            found.append(f"Joint visit {visit.id} has no officer of {min(set(problem.sides) - sides)}.")
        if not visit.allowed and sides - {visit.side}:
            found.append(
                f"Officers of {min(sides - {visit.side})} enter at visit {visit.id}, where no agreement holds."
            )
        absent = sorted(set(visit.agencies) - {one.agency for one in on_site})
        found += [f"Visit {visit.id} has no officer of agency {one}, whose checklist is due." for one in absent]
        unable = sorted(set(visit.skills) - {skill for one in on_site for skill in one.skills})
        found += [f"Visit {visit.id} has nobody with skill {one}." for one in unable]
        if visit.colour == "green" and not visit.reason.strip():
            found.append(f"Visit {visit.id} disturbs a green firm without a stated reason.")
    return found


def _apart(crews: list[tuple[CrewPlan, Stop]]) -> float:
    starts = [stop.start_min for _, stop in crews]
    return max(starts) - min(starts)


def _of_firms(problem: PatrolProblem, plan: Plan) -> list[str]:
    """Firms that would be visited too often."""
    found, rules = [], problem.rules
    for firm in sorted({one.firm_id for one in problem.visits} - {""}):
        planned = [one for one in problem.visits if one.firm_id == firm]
        n = len({one.id for one in planned} & plan.visit_ids)
        day, week, month = (max(getattr(one, name) for one in planned) for name in ("n_day", "n_week", "n_month"))
        if n and (day + n >= rules.refuse_day or week + n > rules.most_week or month + n > rules.most_month):
            found.append(
                f"Firm {firm} would have {day + n} visits that day, {week + n} that week, {month + n} that month."
            )
    return found


def _of_locks(problem: PatrolProblem, plan: Plan) -> list[str]:
    """Locked visits that moved."""
    found = []
    for lock in problem.locks:
        now = {
            (crew.vehicle_id, tuple(sorted(crew.officer_ids)))
            for crew in plan.crews
            for stop in crew.stops
            if stop.visit_id == lock.visit_id and abs(stop.start_min - lock.start_min) <= _CLOSE
        }
        if now != {(car, tuple(sorted(who))) for car, who in zip(lock.vehicle_ids, lock.officer_ids, strict=True)}:
            found.append(f"Visit {lock.visit_id} is locked, but was changed.")
    return found


def _of_totals(problem: PatrolProblem, plan: Plan) -> list[str]:
    """Totals that do not add up."""
    known, found, days = _visits(problem), [], [0.0]
    for crew in plan.crews:
        places = _places(problem, crew) if crew.stops else []
        drive = sum(_minutes(problem, here, there) for here, there in pairwise(places))
        work = sum(known[stop.visit_id].duration_min for stop in crew.stops)
        if abs(drive - crew.travel_min) > _CLOSE or abs(work - crew.work_min) > _CLOSE:
            found.append(f"Car {crew.vehicle_id} drives {drive:g} and works {work:g} minutes, not as it says.")
        days.append(drive + work)
    risk = sum(known[one].risk for one in plan.visit_ids)
    travel = sum(crew.travel_min for crew in plan.crews)
    for name, said, is_so in (("risk", plan.risk, risk), ("travel", plan.travel_min, travel)):
        if abs(said - is_so) > _CLOSE * max(1.0, abs(is_so)):
            found.append(f"The plan says {name} {said:g}, but its visits come to {is_so:g}.")
    if abs(plan.longest_min - max(days)) > _CLOSE:
        found.append(f"The plan says the longest day has {plan.longest_min:g} minutes, but it has {max(days):g}.")
    return found
