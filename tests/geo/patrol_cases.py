"""Random problems of joint patrols: some rich, some that cannot be solved, all lawful to ask."""

import random
from datetime import date

from geo.patrol_problem import Officer, PatrolProblem, Rest, Station, Vehicle, Visit

ON = date(2026, 6, 1)


def case(seed: int, n_visits: int, n_stations: int = 0, *, rests: bool = True, simple: bool = False) -> PatrolProblem:
    """One problem; `simple` leaves out what only makes visits impossible from the start."""
    r = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    n_stations = n_stations or r.randint(1, 3)
    spots = [(r.uniform(0, 40), r.uniform(0, 40)) for _ in range(n_visits + n_stations)]
    travel = tuple(tuple(float(round(((a - c) ** 2 + (b - d) ** 2) ** 0.5)) for c, d in spots) for a, b in spots)
    officers, vehicles = [], []
    for i in range(n_stations):
        for j in range(r.randint(2 if simple else 0, 4)):
            starts, ends = r.choice([480, 540]), r.choice([720, 1020])
            rest = Rest(630, min(ends, 840), 30) if rests and r.random() < 0.5 else None
            skills = tuple(one for one in ("noise", "lab") if r.random() < 0.5)
            side = "ab"[i % 2] if r.random() < 0.8 else r.choice("ab")
            officers.append(Officer(f"o{i}.{j}", f"s{i}", r.choice(["env", "water"]), side, starts, ends, skills, rest))
        vehicles += [Vehicle(f"c{i}.{j}", f"s{i}", r.randint(1, 4)) for j in range(r.randint(1 if simple else 0, 2))]
    visits = []
    for i in range(n_visits):
        windows, t = [], 480
        for _ in range(r.choice([1, 1, 2])):
            opens = t + r.randint(0, 150)
            closes = opens + r.randint(0, 180)
            windows.append((float(opens), float(closes)))
            t = closes + 10
        visits.append(
            Visit(
                id=f"v{i}", place=f"p{i}", side=r.choice("ab"), duration_min=float(r.choice([15, 30, 45])),
                windows=tuple(windows), risk=float(r.randint(0 if not simple else 1, 9)),
                agencies=tuple(one for one in ("env", "water") if r.random() < 0.25),
                skills=tuple(one for one in ("noise", "lab") if r.random() < 0.15),
                joint=r.random() < 0.4, required=r.random() < 0.15, allowed=r.random() < 0.85,
                firm_id=f"f{r.randint(0, n_visits)}", colour=r.choice(["", "red", "green", "yellow"]),
                reason=r.choice(["", "complaint"]), n_day=r.choice([0, 0, 0, 1, 2]) if not simple else 0,
                n_week=r.choice([0, 0, 1]) if not simple else 0, n_month=r.choice([0, 0, 1, 2]) if not simple else 0,
            )
        )  # fmt: skip
    places = tuple(f"p{i}" for i in range(n_visits + n_stations))
    stations = tuple(Station(f"s{i}", f"p{n_visits + i}") for i in range(n_stations))
    return PatrolProblem(
        ON, ("a", "b"), places, travel, stations, tuple(officers), tuple(vehicles), tuple(visits), simulated=True
    )
