"""A day's plan in the small world: two crews, one visit they start together, one firm nobody got to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from casework.approvals import Event, PlanState, Role, Step
from casework.plan import Duty, Member, Plan, PlannedCrew, Stop, Undone
from tests.world import IN_FORCE, NOW, STRADDLING, E, W

ON = date(2026, 6, 12)
# Nine in the morning by the operator's clock.
NINE = datetime(2026, 6, 12, 1, 0, tzinfo=UTC)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "\"quotes\" 'single' `ticks` ${1+1} {{ 1 }}",
    "comma, semicolon; back\\slash",
    "two\nlines\tand a tab",
    "emoji 🏭🌊 and \u200f\u202e turned",
    '=HYPERLINK("x")',
    "+1",
    "@SUM(A1)",
    "-2+3",
    "null \x00 bell \x07 escape \x1b \ufffe",
    "long " + "很长的名字" * 80,
)


def minutes(n):
    return NINE + timedelta(minutes=n)


def stop(visit_id, title, lon, lat, start_min, **more):
    """A stop of 40 minutes, five of waiting before."""
    more = {"travel_min": 10.0, "risk": 2.5} | more
    duty = more.pop("duty", Duty.FIRM)
    begin = minutes(start_min)
    return Stop(
        visit_id, title, duty, lon, lat, begin - timedelta(minutes=5), begin, begin + timedelta(minutes=40), **more
    )


def plan(**changes) -> Plan:
    """Crew 1 of West with one officer of East, crew 2 of East; both at the red firm of East at 9:30."""
    joint = {"firm_id": "f-e-red", "agencies": ("water", "air"), "agreement_id": IN_FORCE}
    one = PlannedCrew(
        "k1", "s-w-team", "West team", 120.15, 30.85, "浙E·0001",
        (Member("o1", "West officer 1", W, "water"), Member("o2", "West officer 2", W, "air"), Member("o3", "East officer 3", E, "")),
        minutes(0), minutes(210),
        (
            stop("v1", "East red", 120.3012, 30.9002, 30, with_crews=("k2",), **joint),
            stop("v2", "West yellow", 120.2998, 30.9002, 90, firm_id="f-w-yellow", agencies=("waste", "fire"), travel_min=2.0),
            stop("v3", "Cluster 1", *STRADDLING, 140, duty=Duty.CLUSTER, agencies=("water",), agreement_id=IN_FORCE),
        ),
    )  # fmt: skip
    two = PlannedCrew(
        "k2", "s-e-team", "East team", 120.38, 30.90, "苏E·0002",
        (Member("o4", "East officer 1", E, "water"), Member("o5", "East officer 2", E, "waste")),
        minutes(5), minutes(150),
        (
            stop("v1", "East red", 120.3012, 30.9002, 30, with_crews=("k1",), **joint),
            stop("v4", "West green", 120.2995, 30.90, 90, firm_id="f-w-green", agencies=("water",), agreement_id=IN_FORCE, reason="complaint of 8 June"),
        ),
    )  # fmt: skip
    whole = Plan(
        "outing-1", "Friday on the line", ON, E, W, (one, two),
        (Undone("v5", "North red", "No crew is back in time.", "A third car."),),
        state=PlanState.IN_FORCE,
        steps=(Step(Event.CHANGE, Role.SIDE_A, "local", NOW, PlanState.DRAFT),),
        provider="straight-line", seed=1, iterations=500, created_at=NOW, version=3,
    )  # fmt: skip
    return replace(whole, **changes)


def hostile_plan() -> Plan:
    """The same plan, every text of it hostile."""
    base = plan()
    crews = []
    for k, crew in enumerate(base.crews):
        words = iter(HOSTILE[k:] + HOSTILE)
        crews.append(
            replace(
                crew,
                station_name=next(words),
                vehicle_id=next(words),
                members=tuple(replace(one, name=next(words), agency=next(words)) for one in crew.members),
                stops=tuple(
                    replace(
                        one, title=HOSTILE[(k + n) % len(HOSTILE)], reason=next(words), agencies=(next(words), "water")
                    )
                    for n, one in enumerate(crew.stops)
                ),
            )
        )
    undone = tuple(Undone(f"u{k}", words, words, words) for k, words in enumerate(HOSTILE))
    return replace(base, id="hostile/../1", title=HOSTILE[0], crews=tuple(crews), undone=undone)
