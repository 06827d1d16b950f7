"""Clusters are tested for chance: begun, followed, called off."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.errors import EXPECTED
from callbacks.shell import pulse_of
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError, RefusedError
from casework.findings import METHODS, Inquiry
from layers.view import View, chosen
from pages.planner.findings import outcome
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator

_POLL_MS = 500
Opened = Callable[[], AbstractContextManager[Desk]]
Say = Callable[[tuple[Any, ...]], None]


def register(app: Dash, opened: Opened, manager: Any) -> None:
    """Let a page begin a test, follow it and call it off; `opened` gives the desk of the process that does it."""

    # What is read when nothing better comes: a test that was ended from outside cannot say so itself.
    @app.callback(Output(Ids.TEST_STATE, "children"), Input(Ids.TEST, "n_clicks"), State(Shell.VIEW, "data"))
    def begin(n: int | None, query: str) -> str:
        if not n:
            return ""
        return translator(read(query).lang)("The test ended without a result; nothing was kept. Test again.")

    @app.callback(
        Output(Ids.TEST_STATE, "children", allow_duplicate=True),
        Input(Ids.TEST_CANCEL, "n_clicks"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def call_off(_n: int, query: str) -> str:
        return translator(read(query).lang)("Cancelled; nothing was kept.")

    @app.callback(
        Output(Ids.TEST_STATE, "children", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Ids.ANALYSIS, "value", allow_duplicate=True),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Input(Ids.TEST, "n_clicks"),
        State(Shell.VIEW, "data"),
        State(Ids.TEST_SCOPE, "value"),
        State(Ids.TEST_METHOD, "value"),
        State(Ids.TEST_RADIUS, "value"),
        State(Ids.TEST_DAYS, "value"),
        State(Ids.TEST_REPLICATIONS, "value"),
        State(Ids.TEST_SEED, "value"),
        State(Ids.TEST_NOW, "checked"),
        background=True,
        manager=manager,
        interval=_POLL_MS,
        running=[(Output(Ids.TEST_RUNNING, "hidden"), False, True)],
        progress=[Output(Ids.TEST_BAR, "value"), Output(Ids.TEST_STEP, "children")],
        progress_default=[0, ""],
        cancel=[Input(Ids.TEST_CANCEL, "n_clicks")],
        prevent_initial_call=True,
    )
    def run_test(say: Say, _n: int, query: str, scope: str, *asked: Any) -> tuple[Any, ...]:
        with opened() as desk:
            return carried_out(desk, say, query, scope, *asked)


def carried_out(desk: Desk, say: Say, query: str, scope: str, *asked: Any) -> tuple[Any, ...]:
    """Words on the outcome, and the pulse, picked analysis and tab that follow; what is refused is only said."""
    view = read(query)
    _ = translator(view.lang)
    names = desk.territory.names(view.lang)

    def tell(share: float, pair: str) -> None:
        a, b = (names.get(one, one) for one in pair.split("\n"))
        say((round(share * 100), _("{a} | {b}: {share}").format(a=a, b=b, share=f"{share:.0%}")))

    say((0, _("Reading the incidents…")))
    try:
        pairs = _pairs(desk, view, scope)
        made = desk.analyses.run(pairs, inquiry_of(desk, view, *asked), watch=scope == "watch", progress=tell)
    except EXPECTED as error:
        return (error.said(_) if isinstance(error, CaseError) else str(error), *[no_update] * 3)
    found = [desk.analyses.significant(one) for one in made]
    return outcome(made, found, _), pulse_of(desk), None, "tested"


def inquiry_of(
    desk: Desk, view: View, method: str | None, radius_km: Any, days: Any, replications: Any, seed: Any, now: Any
) -> Inquiry:
    """What the fields ask, in the period and with the filters of the view.

    Raises
    ------
    RefusedError
        When a field is empty or holds no number it could.
    """
    numbers = (radius_km, days, replications, seed)
    if method not in METHODS or not all(isinstance(one, int | float) for one in numbers):
        raise RefusedError("Fill in radius, days, replications and seed of the test.")
    return Inquiry(
        method, float(radius_km) * 1000, int(days), int(replications), int(seed), bool(now),
        chosen(desk, view),
    )  # fmt: skip


def _pairs(desk: Desk, view: View, scope: str) -> tuple[tuple[str, str], ...]:
    """The two on the desk, or everybody with an agreement in force."""
    if scope == "watch":
        return desk.analyses.watched_pairs()
    return () if view.pair is None else (view.pair,)
