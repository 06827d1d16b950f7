"""Joint patrols, seeded: ours against crews of both sides paired beforehand and routed by PyVRP, in the same time.

`python tests/benchmarks/joint.py 40 --seconds 10 --seed 1` prints `visits risk paired ratio`. A pair sets out from its first
side's station, where the other side's officers join it, and does joint and single visits alike. Every visit takes one or
two officers, so the pair may do what ours may; what it cannot is part.
"""

import argparse
import random
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
from pyvrp import Model
from pyvrp.stop import MaxRuntime

if __package__ is None or not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.patrol_problem import Officer, PatrolProblem, Station, Vehicle, Visit
from geo.patrols import plan_patrols

_SIDE_KM, _KMH, _CROOKED = 20.0, 40.0, 1.4
_STARTS, _ENDS = 510.0, 750.0
_JOINT, _PRIZE = 0.3, 100_000


def problem(n_visits: int, seed: int) -> PatrolProblem:
    """Visits beside a border of 20 km, a station on each side for every ten of them, each with a car and two officers."""
    r = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    n_pairs = max(2, n_visits // 20)
    spots = [(r.uniform(0, _SIDE_KM), r.uniform(-6, 6)) for _ in range(n_visits)]
    spots += [(_SIDE_KM * (k + 0.5) / n_pairs, side * 5.0) for k in range(n_pairs) for side in (-1, 1)]
    xy = np.array(spots)
    away = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * _CROOKED / _KMH * 60
    travel = tuple(tuple(float(round(one, 1)) for one in row) for row in away)
    visits = []
    for k in range(n_visits):
        opens = r.choice([_STARTS, _STARTS + 60, _STARTS + 120])
        visits.append(
            Visit(
                f"v{k}", f"p{k}", "a" if spots[k][1] < 0 else "b", float(r.choice([20, 30, 40])),
                ((opens, opens + r.choice([60.0, 120.0])),), float(r.randint(1, 9)), joint=r.random() < _JOINT,
            )
        )  # fmt: skip
    stations = [Station(f"s{k}", f"p{n_visits + k}") for k in range(2 * n_pairs)]
    officers = [
        Officer(f"o{k}.{j}", f"s{k}", "env", "ab"[k % 2], _STARTS, _ENDS) for k in range(2 * n_pairs) for j in range(2)
    ]
    vehicles = [Vehicle(f"c{k}", f"s{k}", 4) for k in range(2 * n_pairs)]
    places = tuple(f"p{k}" for k in range(len(spots)))
    return PatrolProblem(
        date(2026, 6, 1), ("a", "b"), places, travel, tuple(stations), tuple(officers), tuple(vehicles), tuple(visits),
        simulated=True,
    )  # fmt: skip


def paired_risk(one: PatrolProblem, seconds: float, seed: int) -> float:
    """Risk covered by crews of both sides that stay together all day, from the stations of side a."""
    n, n_pairs = len(one.visits), len(one.vehicles) // 2
    model = Model()
    spots = [model.add_location(0, 0) for _ in one.places]
    meet = max(one.travel_min[n + 2 * k + 1][n + 2 * k] for k in range(n_pairs))
    for k in range(n_pairs):
        depot = model.add_depot(spots[n + 2 * k])
        hours = {"tw_early": _whole(_STARTS + meet), "tw_late": _whole(_ENDS - meet)}
        model.add_vehicle_type(1, start_depot=depot, end_depot=depot, unit_distance_cost=1, **hours)
    for k, visit in enumerate(one.visits):
        opens, closes = visit.windows[0]
        model.add_client(
            spots[k], service_duration=_whole(visit.duration_min), tw_early=_whole(opens), tw_late=_whole(closes),
            prize=round(visit.risk * _PRIZE), required=False,
        )  # fmt: skip
    for i, here in enumerate(spots):
        for j, there in enumerate(spots):
            if i != j:
                away = _whole(one.travel_min[i][j])
                model.add_edge(here, there, distance=away, duration=away)
    best = model.solve(stop=MaxRuntime(seconds), seed=seed, display=False).best
    return sum(one.visits[stop.idx].risk for route in best.routes() for stop in route.schedule() if stop.is_client())


def _whole(value: float) -> int:
    return round(value * 10)


def main() -> None:
    """Plan what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("visits", nargs="*", type=int, default=[25, 50, 100, 200, 400])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    plan_patrols(problem(25, 1), iterations=10, explained=False)  # compiles, once for a machine
    for n in given.visits:
        one = problem(n, given.seed)
        ours = plan_patrols(one, given.seed, given.seconds, clock=time.monotonic, explained=False).risk
        paired = paired_risk(one, given.seconds, given.seed)
        print(f"{n} {ours:g} {paired:g} {ours / paired:.3f}", flush=True)  # noqa: T201  # it is what was asked for


if __name__ == "__main__":
    main()
