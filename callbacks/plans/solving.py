"""Plans are worked out in the background: begun by an order, followed, ended early, called off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import monotonic
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.background import Signals
from callbacks.errors import EXPECTED
from callbacks.planner.testing import Opened, Say
from callbacks.plans.work import Work, read_work
from callbacks.shell import pulse_of
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError, RefusedError
from casework.plan import Duty, Plan
from casework.planning import wish_of
from casework.wishes import Target, Wish
from pages.plans.ids import Ids
from pages.shell import Ids as Shell
from words import Translate, translator

_POLL_MS = 500
READY = "Getting ready: some seconds, and about a minute longer for the first search on a machine…"
_SERIES_S = 4.0
FIELDS = (
    (Ids.WANTED, "rowData"), (Ids.SIDE_A, "value"), (Ids.SIDE_B, "value"), (Ids.DAY, "value"), (Ids.STATIONS, "value"),
    (Ids.SHIFT_FROM, "value"), (Ids.SHIFT_UNTIL, "value"), (Ids.REST_FROM, "value"), (Ids.REST_UNTIL, "value"),
    (Ids.REST_MIN, "value"), (Ids.FIRM_MIN, "value"), (Ids.PLACE_MIN, "value"), (Ids.SECONDS, "value"), (Ids.SEED, "value"),
)  # fmt: skip


def register(app: Dash, opened: Opened, manager: Any) -> None:
    """Let a page have a plan worked out; `opened` gives the desk of the process that does it."""
    signals = Signals(manager)

    @app.callback(
        Output(Ids.TOLD, "children"),
        Output(Ids.STEP, "children"),
        Input(Ids.ORDER, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def begin_plan(_order: dict[str, Any], query: str) -> tuple[str, str]:
        _ = translator(read(query).lang)
        # What is read when nothing better comes: work that was ended from outside cannot say so itself.
        return _("The search ended without a result; the plan is as it was. Try again."), _(READY)

    @app.callback(
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Input(Ids.CANCEL, "n_clicks"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def call_off_plan(_n: int, query: str) -> str:
        return translator(read(query).lang)("Cancelled; the plan is as it was.")

    @app.callback(
        Output(Ids.STEP, "children", allow_duplicate=True),
        Input(Ids.STOP, "n_clicks"),
        State(Ids.ORDER, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def end_search(_n: int, order: dict[str, Any], query: str) -> str:
        signals.give(order["token"])
        return translator(read(query).lang)("Ending: the best so far is explained…")

    @app.callback(
        Output(Ids.WORK, "data"),
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Input(Ids.ORDER, "data"),
        State(Ids.WORK, "data"),
        State(Shell.VIEW, "data"),
        *(State(*one) for one in FIELDS),
        background=True,
        manager=manager,
        interval=_POLL_MS,
        running=[(Output(Ids.RUNNING, "hidden"), False, True), (Output(Ids.SOLVE, "disabled"), True, False)],
        progress=[Output(Ids.BAR, "value"), Output(Ids.STEP, "children")],
        progress_default=[0, ""],
        cancel=[Input(Ids.CANCEL, "n_clicks")],
        prevent_initial_call=True,
    )
    def work_out(say: Say, order: dict[str, Any], work: dict[str, Any] | None, query: str, *fields: Any) -> Any:
        with opened() as desk:
            return worked_out(desk, say, lambda: signals.given(order["token"]), order, work, query, *fields)


def worked_out(
    desk: Desk,
    say: Say,
    stop: Callable[[], bool],
    order: dict[str, Any],
    work: dict[str, Any] | None,
    query: str,
    *fields: Any,
) -> tuple[Any, ...]:
    """The plan an order comes to, words on it, the tab to show, and the pulse; what is refused is only said."""
    _ = translator(read(query).lang)
    say((0, _(READY)))

    def tell(share: float, risk: float, travel_min: float) -> None:
        words = _("best so far: risk covered {risk}, {minutes} min on the road").format(
            risk=f"{risk:.1f}", minutes=f"{travel_min:.0f}"
        )
        say((round(share * 100), words if share < 1 else words + " · " + _("looking for reasons…")))

    try:
        if order["do"] == "plan":
            return _planned(desk, wish_from(*fields[:-2]), fields, tell, stop, _)
        now = read_work(work)
        if now is None:
            raise RefusedError("Plan first: there is no plan to repeat.")
        return _series(desk, now.plan, order, say, stop, query)
    except EXPECTED as error:
        return no_update, error.said(_) if isinstance(error, CaseError) else str(error), no_update, no_update


def _planned(
    desk: Desk, wish: Wish, fields: tuple[Any, ...], tell: Callable[..., None], stop: Callable[[], bool], _: Translate
) -> tuple[Any, ...]:
    """A new plan."""
    seconds, seed = fields[-2:]
    if not isinstance(seconds, int | float) or not isinstance(seed, int):
        raise RefusedError("Fill in the seconds to search and the seed.")
    asked = desk.planning.wishes.asked(wish)
    plan = desk.planning.solved(asked, seed=seed, seconds=float(seconds), clock=monotonic, progress=tell, stop=stop)
    words = _("{done} of {all} visits planned, risk covered {risk}, {minutes} min on the road.").format(
        done=len(plan.visit_ids), all=len(asked.stops), risk=f"{plan.risk:.1f}", minutes=f"{plan.travel_min:.0f}"
    )
    return Work(plan, told=words).plain(), words, "day", no_update


def _series(
    desk: Desk, first: Plan, order: dict[str, Any], say: Say, stop: Callable[[], bool], query: str
) -> tuple[Any, ...]:
    """Drafts of the same wish on further days, kept for the side that acts."""
    _ = translator(read(query).lang)
    days = desk.candidates.series(first.on, int(order["n"] or 0), int(order["weeks"] or 0))
    wish, kept = wish_of(first), 0
    side, name = (first.a if order["acting"] == "a" else first.b), order["token"][:8]
    problems = []
    for number, on in enumerate(days):
        say((round(100 * number / len(days)), on.isoformat()))
        if stop():
            break
        try:
            plan = desk.planning.solved(
                desk.planning.wishes.asked(replace(wish, on=on)), seed=first.seed, seconds=_SERIES_S, clock=monotonic
            )
            title = f"{first.title} · {on.isoformat()}" if first.title else ""
            desk.plans.keep(replace(plan, series=name, title=title), side, _("series of {n} dates").format(n=len(days)))
            kept += 1
        except EXPECTED as error:
            problems.append(f"{on.isoformat()}: {error.said(_) if isinstance(error, CaseError) else error}")
    words = _("{kept} of {n} drafts kept.").format(kept=kept, n=len(days))
    return no_update, " ".join([words, *problems]), "kept", pulse_of(desk)


def wish_from(
    rows: list[dict[str, Any]] | None,
    a: str | None,
    b: str | None,
    day: str | None,
    stations: list[str] | None,
    *hours: Any,
) -> Wish:
    """What the fields ask for.

    Raises
    ------
    RefusedError
        When a side, the day, a time or a length is missing or makes no sense.
    """
    if not a or not b or not day:
        raise RefusedError("Choose two sides and a day first.")
    clock = [minutes_of(one) for one in hours[:4]]
    lengths = hours[4:]
    if None in clock or not all(isinstance(one, int | float) for one in lengths):
        raise RefusedError("Fill in shift, break and lengths of visits.")
    since, until, rest_from, rest_until = (float(one or 0.0) for one in clock)
    rest_min, firm_min, place_min = (float(one) for one in lengths)
    if not since < until:
        raise RefusedError("The shift ends before it begins: choose other hours.")
    if rest_min and not (since <= rest_from and rest_from + rest_min <= rest_until <= until):
        raise RefusedError("The break does not fit between its two hours within the shift: choose other hours.")
    wanted = [row for row in rows or () if row["visit"]]
    firms = [row for row in wanted if row["duty"] == Duty.FIRM]
    return Wish(
        a,
        b,
        date.fromisoformat(day),
        firm_ids=tuple(row["key"] for row in firms),
        targets=tuple(
            Target(row["key"], row["title"], row["lon"], row["lat"], row["risk"], Duty(row["duty"]), bool(row["joint"]))
            for row in wanted
            if row["duty"] != Duty.FIRM
        ),
        station_ids=tuple(stations or ()),
        reasons={row["key"]: row["reason"] for row in wanted if row["reason"]},
        required=frozenset(row["key"] for row in wanted if row["required"]),
        joint_firms=frozenset(row["key"] for row in firms if row["joint"]),
        shift_min=(since, until),
        rest=(rest_from, rest_until, rest_min) if rest_min else None,
        firm_min=firm_min,
        place_min=place_min,
    )


def minutes_of(clock: Any) -> float | None:
    """Minutes of the day of "09:30"; None for what is no time."""
    parts = str(clock or "").split(":")
    if len(parts) < 2 or not all(part.isdigit() for part in parts):  # noqa: PLR2004  # hours and minutes
        return None
    return float(int(parts[0]) * 60 + int(parts[1]))
