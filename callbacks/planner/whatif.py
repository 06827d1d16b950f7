"""What is planned with stations: closed, added, moved, and taken back."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.view import read
from casework.desk import Desk
from casework.errors import RefusedError
from casework.whatif import MOST_STEPS, Closed, Moved, Step, checked, steps_text
from layers.view import View
from pages.planner import whatif
from pages.planner.ids import Ids
from pages.shell import Ids as Shell

STATION = "station"


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Keep the plan, step by step."""

    @app.callback(
        Output(Ids.STEPS, "data"),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Input(Ids.WHATIF_CLOSE, "n_clicks"),
        Input(Ids.WHATIF_MOVE, "n_clicks"),
        Input(Ids.WHATIF_UNDO, "n_clicks"),
        Input(Ids.WHATIF_CLEAR, "n_clicks"),
        Input(Ids.SITE_TAKE, "n_clicks"),
        State(Ids.WHATIF_STATION, "value"),
        State(Ids.WHATIF_TO, "value"),
        State(Ids.WHATIF_N, "value"),
        State(Ids.SITE_FOUND, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def plan(*clicks_and_states: Any) -> tuple[Any, Any]:
        *asked, query = clicks_and_states[5:]
        return planned(desk(), read(query), str(ctx.triggered_id), *asked)

    @app.callback(
        Output(Ids.PICK_MODE, "data", allow_duplicate=True),
        Input(Ids.WHATIF_ADD, "n_clicks"),
        prevent_initial_call=True,
    )
    def aim_station(_n: int) -> str:
        return STATION

    @app.callback(
        Output(Ids.STEPS, "data", allow_duplicate=True),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Input(Shell.MAP_CLICK, "data"),
        State(Ids.PICK_MODE, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def put_station(click: dict[str, Any], mode: str, query: str) -> tuple[Any, Any]:
        if mode != STATION:
            return no_update, no_update
        return _and(desk(), read(query), whatif.new_station(click["lon"], click["lat"]))


def planned(
    desk: Desk, view: View, button: str, station: str | None, to: str | None, n_officers: Any, site: list[float] | None
) -> tuple[Any, str]:
    """The plan after a button: the last step taken back, all of them, or one more.

    Raises
    ------
    RefusedError
        When a field is empty, or the step cannot follow what is planned.
    """
    if button == Ids.WHATIF_UNDO:
        return _kept(view, view.whatif[:-1])
    if button == Ids.WHATIF_CLEAR:
        return _kept(view, ())
    if button == Ids.SITE_TAKE and site:
        return _and(desk, view, whatif.new_station(*site))
    if not station:
        raise RefusedError("Choose a station first, in the list or on the map.")
    if button == Ids.WHATIF_CLOSE:
        return _and(desk, view, Closed(station))
    if not isinstance(n_officers, int):
        raise RefusedError("Say how many officers move.")
    return _and(desk, view, Moved(station, to or "", n_officers))


def _and(desk: Desk, view: View, step: Step) -> tuple[Any, str]:
    """The plan with one step more, where the rules allow it; its comparison comes to the front."""
    if view.pair is None:
        raise RefusedError("Choose two sides first.")
    if len(view.whatif) >= MOST_STEPS:
        raise RefusedError("{n} steps are planned: take one back before the next.", n=MOST_STEPS)
    checked(desk.reach.stations(*view.pair, steps=view.whatif), step)
    return _kept(view, (*view.whatif, step))


def _kept(view: View, steps: tuple[Step, ...]) -> tuple[Any, str]:
    """The plan as the page keeps it, with the sides it is for."""
    return [view.a, view.b, steps_text(steps)], "whatif"
