"""Home care with services that two carers give together or one after the other: our cost beside the best known.

`python tests/benchmarks/hhcrsp.py FILE.json.gz... --seconds 10 --seed 1` prints `name cost best_known gap_percent` for
each file; the best known stand in a `best.md` beside it. The cost is that of a checker of its own, which knows nothing of
the search. Mankowska, Meisel, Bierwirth (2014), The home health care routing and scheduling problem.
"""

import argparse
import gzip
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

if __package__ is None or not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.order_problem import CREW, PAIR, SINGLE, VISIT, OrderProblem, with_near
from geo.order_search import Found, search

_HOT, _COLD, _CLOSE = 0.25, 0.001, 1e-6  # temperatures as shares of the travel of a first guess
_FEW, _TRIES = 80, 4
_SERVED = 100.0


@dataclass(frozen=True)
class Service:
    """Who gives which service to which patient from when on."""

    carer: int
    patient: int
    slot: int
    start: float


def read(file: Path) -> dict[str, Any]:
    """One instance."""
    with gzip.open(file, "rt", encoding="utf-8") as text:
        return json.load(text)


def problem_of(data: dict[str, Any]) -> OrderProblem:
    """The instance as an order of visits: soft windows, two crews where two services are due."""
    travel = np.array(data["distances"], dtype=float)
    bit = {service["id"]: 1 << k for k, service in enumerate(data["services"])}
    visits = np.zeros(len(data["patients"]), VISIT)
    visits["place"], visits["shape"], visits["group"], visits["n_windows"] = (
        np.arange(1, len(visits) + 1),
        SINGLE,
        -1,
        1,
    )
    for visit, patient in zip(visits, data["patients"], strict=True):
        visit["opens"][0], visit["closes"][0] = patient["time_window"]
        for slot, needed in enumerate(patient["required_caregivers"]):
            visit["duration"][slot], visit["needs"][slot] = needed["duration"], bit[needed["service"]]
        if len(patient["required_caregivers"]) > 1:
            visit["shape"] = PAIR
            visit["apart"] = patient["synchronization"].get("distance", (0, 0))
    crews = np.zeros(len(data["caregivers"]), CREW)
    crews["bits"] = [sum(bit[one] for one in carer["abilities"]) for carer in data["caregivers"]]
    crews["people"], crews["ends"] = 1, np.inf
    scale = float(np.sort(travel + np.diag(np.full(len(travel), np.inf)), axis=1)[:, :3].mean()) * len(travel)
    visits["prize"] = _SERVED * scale  # everybody has to be served, so leaving one out never pays
    third = (1 / 3, 1 / 3, 1 / 3)
    return OrderProblem(
        travel, with_near(travel, visits), crews, weights=third, soft=True, hot=_HOT * scale, cold=_COLD * scale
    )


def services_of(found: Found) -> list[Service]:
    """What the search found, in words of the format."""
    return [
        Service(int(row["crew"][slot]), patient, slot, float(row["ready"][slot]))
        for patient, row in enumerate(found.held)
        for slot in range(2)
        if row["done"] and row["crew"][slot] >= 0
    ]


def checked_cost(data: dict[str, Any], ends: list[Service]) -> float:
    """The cost of a plan, from nothing but the instance and who is done where and when; raises where it is not lawful."""
    travel, patients, total, late = data["distances"], data["patients"], 0.0, []
    starts: dict[tuple[int, int], float] = {}
    days: dict[int, list[tuple[float, float, int]]] = {}
    for one in ends:
        patient = patients[one.patient]
        needed = patient["required_caregivers"][one.slot]
        start = one.start - needed["duration"]
        assert needed["service"] in data["caregivers"][one.carer]["abilities"], f"carer {one.carer} lacks the skill"
        assert start >= patient["time_window"][0] - _CLOSE, f"patient {one.patient} is served too early"
        assert (one.patient, one.slot) not in starts, f"patient {one.patient} is served twice"
        starts[one.patient, one.slot] = start
        late.append(max(0.0, start - patient["time_window"][1]))
        days.setdefault(one.carer, []).append((start, one.start, one.patient))
    for number, patient in enumerate(patients):
        for slot in range(len(patient["required_caregivers"])):
            assert (number, slot) in starts, f"patient {number} is not served"
        if len(patient["required_caregivers"]) > 1:
            least, most = patient["synchronization"].get("distance", (0, 0))
            apart = starts[number, 1] - starts[number, 0]
            assert least - _CLOSE <= apart <= most + _CLOSE, f"patient {number} is served {apart} apart"
    for day in days.values():
        place, free, seen = 0, 0.0, set()
        for start, end, patient in sorted(day):
            total += travel[place][patient + 1]
            assert start >= free + travel[place][patient + 1] - _CLOSE, f"nobody can be at patient {patient} in time"
            assert patient not in seen, f"one carer gives both services of patient {patient}"
            seen.add(patient)
            place, free = patient + 1, end
        total += travel[place][0]
    return (total + sum(late) + max(late)) / 3


def best_known(file: Path) -> float:
    """The best published cost of an instance, from the table beside it."""
    name = file.name.removesuffix(".gz")
    for line in (file.parent / "best.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 5 and cells[1] == name:
            return float(cells[5])
    return float("nan")


def solve(
    file: Path, seed: int, seconds: float | None, iterations: int | None = None
) -> tuple[str, float, float, float]:
    """Name, checked cost, best known and gap in percent of an instance."""
    data = read(file)
    # Few visits are better tried several times, many better cooled slowly.
    tries = _TRIES if len(data["patients"]) <= _FEW else 2
    found = search(problem_of(data), seed, seconds, iterations, tries, clock=time.monotonic)
    cost = checked_cost(data, services_of(found))
    best = best_known(file)
    return file.name.removesuffix(".json.gz"), cost, best, 100 * (cost / best - 1)


def main() -> None:
    """Solve what was named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--iterations", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for number, file in enumerate(given.files):
        if number == 0:
            solve(file, given.seed, None, 10)  # compiles, once for a machine
        seconds = None if given.iterations else given.seconds
        name, cost, best, gap = solve(file, given.seed, seconds, given.iterations)
        print(f"{name} {cost:.3f} {best:.3f} {gap:.2f}", flush=True)  # noqa: T201  # it is what was asked for


if __name__ == "__main__":
    main()
