"""The best plan by a solver of another kind: CP-SAT, over cars, officers, routes and times. Knows no breaks and no locks."""

from collections import defaultdict

from ortools.sat.python import cp_model

from geo.patrol_problem import PatrolProblem


def best_plan(problem: PatrolProblem, seconds: float = 30) -> tuple[int, float, bool]:  # noqa: C901
    """Most required visits, then most risk with them, and whether that is proven."""
    m = cp_model.CpModel()
    place = {one: k for k, one in enumerate(problem.places)}
    home = {one.id: place[one.place] for one in problem.stations}
    visits = [one for one in problem.visits if one.colour != "green" or one.reason.strip()]
    done = [m.new_bool_var("") for _ in visits]
    starts = [
        m.new_int_var_from_domain(cp_model.Domain.from_intervals([[int(a), int(b)] for a, b in one.windows]), "")
        for one in visits
    ]
    rides = {
        (o.id, car.id): m.new_bool_var("")
        for o in problem.officers for car in problem.vehicles if o.station_id == car.station_id
    }  # fmt: skip
    for o in problem.officers:
        m.add(sum(var for (name, _), var in rides.items() if name == o.id) <= 1)
    there, on_site = {}, defaultdict(list)
    for car in problem.vehicles:
        crew = [(o, rides[o.id, car.id]) for o in problem.officers if (o.id, car.id) in rides]
        m.add(sum(var for _, var in crew) <= car.seats)
        arcs = [(0, 0, m.new_bool_var(""))]
        at = [home[car.station_id], *(place[one.place] for one in visits)]
        for i, one in enumerate(visits, 1):
            x = there[i - 1, car.id] = m.new_bool_var("")
            arcs.append((i, i, x.negated()))
            m.add(sum(var for _, var in crew) >= 1).only_enforce_if(x)
            out, back = m.new_bool_var(""), m.new_bool_var("")
            arcs += [(0, i, out), (i, 0, back)]
            for o, var in crew:
                go, come = problem.travel_min[at[0]][at[i]], problem.travel_min[at[i]][at[0]]
                m.add(starts[i - 1] >= int(o.starts_min + go)).only_enforce_if(out, var)
                m.add(starts[i - 1] + int(one.duration_min + come) <= int(o.ends_min)).only_enforce_if(back, var)
                both = m.new_bool_var("")
                m.add_bool_and(x, var).only_enforce_if(both)
                m.add_bool_or(x.negated(), var.negated(), both)
                on_site[i - 1].append((o, both))
                if not one.allowed and o.side != one.side:
                    m.add(both == 0)
            for j in range(1, len(visits) + 1):
                if i != j:
                    arc = m.new_bool_var("")
                    arcs.append((i, j, arc))
                    later = int(one.duration_min + problem.travel_min[at[i]][at[j]])
                    m.add(starts[j - 1] >= starts[i - 1] + later).only_enforce_if(arc)
        m.add_circuit(arcs)
    for i, one in enumerate(visits):
        cars = [var for (k, _), var in there.items() if k == i]
        m.add(sum(cars) <= 2 * done[i])
        m.add(sum(var for _, var in on_site[i]) >= problem.rules.min_officers * done[i])
        needs = [lambda o, s=s: o.side == s for s in (problem.sides if one.joint else ())]
        needs += [lambda o, s=s: o.agency == s for s in one.agencies]
        needs += [lambda o, s=s: s in o.skills for s in one.skills]
        for need in needs:
            m.add(sum(var for o, var in on_site[i] if need(o)) >= done[i])
    for firm in {one.firm_id for one in visits}:
        m.add(sum(done[i] for i, one in enumerate(visits) if one.firm_id == firm) <= problem.room(firm, problem.visits))
    much = 1 + sum(int(one.risk) for one in visits)
    m.maximize(sum(done[i] * (int(one.risk) + much * one.required) for i, one in enumerate(visits)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    status = solver.solve(m)
    value = round(solver.objective_value)
    return value // much, float(value % much), status == cp_model.OPTIMAL
