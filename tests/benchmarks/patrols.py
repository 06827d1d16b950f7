"""Joint patrols: home care with paired services, orienteering, and joint patrols, each in the same time as its peer."""

import os
import time
from pathlib import Path
from statistics import mean

from geo.order_search import search
from geo.patrols import plan_patrols
from tests.benchmarks import hhcrsp, joint, toptw
from tests.benchmarks.data import ROOT
from tests.benchmarks.measure import Say, Table, timed, verdict

DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", ROOT / "../shared/data"))
TARGETS = {"10": 0.005, "25": 0.005, "50": 1.0, "75": 1.0, "100": 2.0}  # mean gap in percent
TARGET_RATIO = 0.99
_SECONDS, _QUICK_S, _SEED = 10.0, 1.0, 1
_VEHICLES, _SIZES = (1, 3), (25, 50, 100, 200, 400)
_NOTES = (
    """By the clock, two searches side by side, seed 1; what is compiled is compiled before. Gaps are against the best known
costs of the home-care instances of Mankowska and others; ours are computed by a checker apart from the search.""",
    """Orienteering: prize of ours and of PyVRP in the same time. Joint patrols: risk covered by ours, and by crews of both
sides that are paired beforehand and routed by PyVRP; a pair does single visits too, so the ratio says what pairing costs.""",
)


def run(say: Say, *, quick: bool) -> Table:
    """Gaps, prizes and risks."""
    seconds, rows, verdicts = _QUICK_S if quick else _SECONDS, [], []
    search(hhcrsp.problem_of(hhcrsp.read(next(_files("10")))), 1, iterations=10)
    plan_patrols(joint.problem(25, 1), iterations=10, explained=False)
    for size, target in TARGETS.items():
        gaps = []
        for file in _files(size):
            say(f"patrols: {file.name}")
            name, cost, best, gap = hhcrsp.solve(file, _SEED, seconds)
            gaps.append(gap)
            rows.append([f"home care {name}", f"{cost:.2f}", f"{best:.2f}", f"{gap:.2f} %"])
        verdicts.append(verdict(f"home care, {size} patients, mean gap", mean(gaps), target, " %"))
    ratios = []
    for file in sorted((DATA / "toptw").glob("*.txt")):
        for n in _VEHICLES:
            say(f"patrols: {file.name}, {n} vehicles")
            name, _, ours, theirs = toptw.solve(file, n, seconds, _SEED)
            ratios.append(ours / theirs)
            rows.append([f"orienteering {name}, {n} vehicles", f"{ours:.0f}", f"{theirs:.0f}", f"{ratios[-1]:.4f}"])
    verdicts.append(verdict("PyVRP's prize through ours, the worst", 1 / min(ratios), 1 / TARGET_RATIO))
    for n in _SIZES[:2] if quick else _SIZES:
        say(f"patrols: {n} visits")
        one = joint.problem(n, _SEED)
        took = timed(lambda one=one: plan_patrols(one, _SEED, seconds, clock=time.monotonic, explained=False), 1)
        paired = joint.paired_risk(one, seconds, _SEED)
        each = timed(lambda one=one: plan_patrols(one, _SEED, iterations=500, n_threads=1, explained=False), 1)
        what = f"joint patrols, {n} visits ({1e3 * each.cpu_s / 500:.2f} ms a change)"
        rows.append([what, f"{took.result.risk:g}", f"{paired:g}", f"{took.result.risk / paired:.2f}"])
    return Table("Patrols", ["problem", "ours", "beside it", "gap or ratio"], rows, [*_NOTES, *verdicts])


def _files(size: str):
    return iter(sorted((DATA / "hhcrsp").glob(f"*_{size}_*.json.gz")))
