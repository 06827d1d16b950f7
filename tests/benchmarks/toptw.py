"""Team orienteering with time windows: the prize of ours beside PyVRP's, in the same time.

`python tests/benchmarks/toptw.py FILE.txt... --vehicles 3 --seconds 10 --seed 1` prints `name vehicles prize pyvrp ratio`.
The prize is that of a checker of its own. Distances are cut to one decimal (Solomon's) or two (Cordeau's), as usual.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pyvrp import Model, Route
from pyvrp.stop import MaxRuntime

if __package__ is None or not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.order_problem import CREW, SINGLE, VISIT, OrderProblem, with_near
from geo.order_search import Found, search

_WORTH, _HOT, _COLD, _SHARE, _CLOSE = 10.0, 100.0, 10.0, 0.7, 1e-6
_FINE = 100  # PyVRP counts in whole numbers
_PRIZE = 100_000


@dataclass(frozen=True)
class Instance:
    """Places, the depot first, with time from place to place."""

    name: str
    n_vehicles: int
    travel: np.ndarray
    duration: np.ndarray
    prize: np.ndarray
    opens: np.ndarray
    closes: np.ndarray


def read(file: Path, n_vehicles: int) -> Instance:
    """One instance, for as many vehicles."""
    rows = [
        [float(cell) for cell in line.split()]
        for line in file.read_text(encoding="utf-8").splitlines()[2:]
        if line.strip()
    ]
    x, y, duration, prize = (np.array([row[k] for row in rows]) for k in (1, 2, 3, 4))
    opens, closes = (np.array([row[k] for row in rows]) for k in (-2, -1))
    fine = 100 if file.name.startswith("pr") else 10
    travel = np.floor(np.hypot(x[:, None] - x, y[:, None] - y) * fine) / fine
    return Instance(file.stem, n_vehicles, travel, duration, prize, opens, closes)


def problem_of(one: Instance) -> OrderProblem:
    """The instance as an order of visits: hard windows, one crew each, prizes."""
    visits, crews = np.zeros(len(one.prize) - 1, VISIT), np.zeros(one.n_vehicles, CREW)
    visits["place"], visits["shape"], visits["group"] = np.arange(1, len(one.prize)), SINGLE, -1
    visits["n_windows"], visits["people"] = 1, 1
    visits["opens"][:, 0], visits["closes"][:, 0] = one.opens[1:], one.closes[1:]
    visits["duration"][:, 0], visits["prize"] = one.duration[1:], _WORTH * one.prize[1:]
    crews["people"], crews["starts"], crews["ends"] = 1, one.opens[0], one.closes[0]
    return OrderProblem(one.travel, with_near(one.travel, visits), crews, hot=_HOT, cold=_COLD, share=_SHARE)


def routes_of(found: Found) -> list[list[int]]:
    """The places of each vehicle, one after the other."""
    order = [k for k in found.held["order"] if found.held["done"][k]]
    return [[k + 1 for k in order if found.held["crew"][k][0] == crew] for crew in range(len(found.crews))]


def checked_prize(one: Instance, routes: list[list[int]]) -> float:
    """The prize of some routes; raises where one is late or a place is visited twice."""
    seen = [place for route in routes for place in route]
    assert len(set(seen)) == len(seen), "a place is visited twice"
    assert len(routes) <= one.n_vehicles, "there are more routes than vehicles"
    for route in routes:
        here, free = 0, one.opens[0]
        for place in [*route, 0]:
            free = max(free + one.travel[here, place], one.opens[place])
            assert free <= one.closes[place] + _CLOSE, f"place {place} is reached too late"
            here, free = place, free + one.duration[place]
    return float(one.prize[seen].sum())


def pyvrp_prize(one: Instance, seconds: float, seed: int) -> float:
    """What PyVRP finds in the time, checked alike."""
    model = Model()
    spots = [model.add_location(0, 0) for _ in one.prize]
    depot = model.add_depot(spots[0], tw_early=_whole(one.opens[0]), tw_late=_whole(one.closes[0]))
    for k in range(1, len(spots)):
        model.add_client(
            spots[k], service_duration=_whole(one.duration[k]), tw_early=_whole(one.opens[k]),
            tw_late=_whole(one.closes[k]), prize=round(one.prize[k] * _PRIZE), required=False,
        )  # fmt: skip
    model.add_vehicle_type(one.n_vehicles, start_depot=depot, end_depot=depot, unit_distance_cost=1)
    for i, here in enumerate(spots):
        for j, there in enumerate(spots):
            if i != j:
                away = _whole(one.travel[i, j])
                model.add_edge(here, there, distance=away, duration=away)
    best = model.solve(stop=MaxRuntime(seconds), seed=seed, display=False).best
    return checked_prize(one, [_clients(route) for route in best.routes()])


def _whole(value: float) -> int:
    return round(float(value) * _FINE)


def _clients(route: Route) -> list[int]:
    """The places of a route, the depot left out."""
    return [stop.idx + 1 for stop in route.schedule() if stop.is_client()]


def solve(file: Path, n_vehicles: int, seconds: float, seed: int) -> tuple[str, int, float, float]:
    """Name, vehicles, our prize and PyVRP's."""
    one = read(file, n_vehicles)
    ours = checked_prize(one, routes_of(search(problem_of(one), seed, seconds, clock=time.monotonic)))
    return one.name, n_vehicles, ours, pyvrp_prize(one, seconds, seed)


def main() -> None:
    """Solve what was named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--vehicles", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    search(problem_of(read(given.files[0], given.vehicles)), 1, iterations=10)  # compiles, once for a machine
    for file in given.files:
        name, n, ours, theirs = solve(file, given.vehicles, given.seconds, given.seed)
        print(f"{name} {n} {ours:.0f} {theirs:.0f} {ours / theirs:.4f}", flush=True)  # noqa: T201  # asked for


if __name__ == "__main__":
    main()
