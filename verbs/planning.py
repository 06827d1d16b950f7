"""The verb that plans a day of joint patrols; needs no store."""

import json
import time
from pathlib import Path

import click

from geo.patrol_plan import CrewPlan, Plan
from geo.patrol_problem import PatrolProblem
from geo.patrols import plan_patrols
from intake.patrol_file import plan_data, read_problem
from verbs.options import existing, json_option, not_over, plain_errors, say

_MOST_S = 86_400.0


@click.command("plan")
@click.argument("file", metavar="PROBLEM.json", type=existing)
@click.option("--seconds", type=click.FloatRange(0, _MOST_S, min_open=True), help="How long to search; without it 10.")
@click.option(
    "--iterations", type=click.IntRange(min=1), help="Changes to try instead: the same seed then gives the same plan."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help="Where chance starts.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to a JSON file too.")
@json_option
def plan_day(
    file: Path, seconds: float | None, iterations: int | None, seed: int, out: Path | None, *, as_json: bool
) -> None:
    """Plan joint patrols: who rides in which car, where to and when, and why the rest is left undone."""
    if seconds is not None and iterations is not None:
        raise click.UsageError("Give --seconds or --iterations, not both.")
    not_over(file, out)
    if out is not None and not out.parent.is_dir():
        raise click.UsageError(f"{out.parent} is no folder: make it first, or name another file to write to.")
    with plain_errors():
        problem = read_problem(file)
        plan = plan_patrols(
            problem, seed, 10.0 if seconds is iterations is None else seconds, iterations, clock=time.monotonic
        )
        data = plan_data(plan)
        if out is not None:
            out.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    say(data, _words(problem, plan), as_json=as_json)


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _together(plan: Plan, crew: CrewPlan, visit_id: str) -> str:
    """With which other car a visit is started, in words."""
    others = [
        one.vehicle_id for one in plan.crews if one is not crew and any(stop.visit_id == visit_id for stop in one.stops)
    ]
    return f" together with {', '.join(others)}" if others else ""


def _words(problem: PatrolProblem, plan: Plan) -> str:
    """The plan as a person reads it."""
    called = {one.id: one.name or one.id for one in problem.officers}
    lines = [f"risk {plan.risk:g}, travel {plan.travel_min:.0f} min, longest day {plan.longest_min:.0f} min"]
    for crew in plan.crews:
        lines.append(
            f"{crew.vehicle_id} with {', '.join(called[one] for one in crew.officer_ids)}: "
            f"{_clock(crew.depart_min)}-{_clock(crew.back_min)}"
        )
        lines += [
            f"  {_clock(stop.start_min)}-{_clock(stop.end_min)} {stop.visit_id}{_together(plan, crew, stop.visit_id)}"
            for stop in crew.stops
        ]
    lines += [f"undone {one.visit_id}: {one.reason} {one.lift}" for one in plan.undone]
    lines += [one for one in (*plan.binding, *plan.warnings, plan.conflict) if one]
    return "\n".join(lines)
