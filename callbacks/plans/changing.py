"""A plan is ordered, or changed by hand: a row is dragged, a button pressed; each becomes an order to work out."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from dash import ClientsideFunction, Dash, Input, Output, State, ctx

from callbacks.plans.work import read_work
from casework.desk import Desk
from casework.errors import RefusedError
from casework.replanning import Kind
from pages.plans.ids import Ids

_BY_BUTTON = {Ids.SET_AT: Kind.AT, Ids.FORBID: Kind.FORBID}


def register(app: Dash, _desk: Callable[[], Desk]) -> None:
    """Make orders of events."""
    _register_further(app)

    @app.callback(Output(Ids.ORDER, "data"), Input(Ids.SOLVE, "n_clicks"), prevent_initial_call=True)
    def order_plan(_n: int) -> dict[str, Any]:
        return _order("plan")

    @app.callback(
        Output(Ids.CHANGE, "data"),
        Input(Ids.MOVE, "n_clicks"),
        Input(Ids.EARLIER, "n_clicks"),
        Input(Ids.LATER, "n_clicks"),
        Input(Ids.SET_AT, "n_clicks"),
        Input(Ids.LOCK, "n_clicks"),
        Input(Ids.FORBID, "n_clicks"),
        Input(Ids.OTHER, "n_clicks"),
        State(Ids.STOPS, "selectedRows"),
        State(Ids.MOVE_TO, "value"),
        State(Ids.AT, "value"),
        State(Ids.WORK, "data"),
        prevent_initial_call=True,
    )
    def order_change(*event: Any) -> dict[str, Any]:
        chosen, crew, at, work = event[-4:]
        if ctx.triggered_id == Ids.OTHER:
            return _change({"kind": Kind.OTHER})
        if not chosen:
            raise RefusedError("Choose a stop in the table first.")
        row = chosen[0]
        change: dict[str, Any] = {"visit": row["visit"], "from": row["crew_id"], "at": at}
        if ctx.triggered_id == Ids.LOCK:
            return _change({**change, "kind": Kind.UNLOCK if row["locked"] else Kind.LOCK})
        if ctx.triggered_id == Ids.MOVE:
            if not crew:
                raise RefusedError("Choose the crew to move the visit to.")
            return _change({**change, "kind": Kind.MOVE, "crew": crew})
        if ctx.triggered_id in (Ids.EARLIER, Ids.LATER):
            after = _neighbour(work, row, later=ctx.triggered_id == Ids.LATER)
            return _change({**change, "kind": Kind.MOVE, "crew": row["crew_id"], "after": after})
        return _change({**change, "kind": _BY_BUTTON[Ids(ctx.triggered_id)]})


def _register_further(app: Dash) -> None:
    """Urgent visits, series, and the way back."""

    @app.callback(
        Output(Ids.CHANGE, "data", allow_duplicate=True),
        Input(Ids.AD_HOC_ADD, "n_clicks"),
        State(Ids.AD_HOC, "value"),
        State(Ids.AD_HOC_REASON, "value"),
        prevent_initial_call=True,
    )
    def order_ad_hoc(_n: int, firm: str | None, reason: str | None) -> dict[str, Any]:
        if not firm:
            raise RefusedError("Choose the firm that has to be visited.")
        return _change({"kind": Kind.REQUIRE, "visit": firm, "reason": reason})

    @app.callback(
        Output(Ids.ORDER, "data", allow_duplicate=True),
        Input(Ids.SERIES, "n_clicks"),
        State(Ids.SERIES_N, "value"),
        State(Ids.SERIES_WEEKS, "value"),
        State(Ids.ACTING, "value"),
        prevent_initial_call=True,
    )
    def order_series(_n: int, n: Any, weeks: Any, acting: str) -> dict[str, Any]:
        return _order("series", n=n, weeks=weeks, acting=acting)

    @app.callback(
        *(Output(one, "disabled") for one in (Ids.MOVE, Ids.EARLIER, Ids.LATER, Ids.SET_AT, Ids.LOCK, Ids.FORBID)),
        Input(Ids.STOPS, "selectedRows"),
    )
    def allow_changes(chosen: list[dict[str, Any]] | None) -> tuple[bool, ...]:
        return (not chosen,) * 6

    # What was before is kept by the browser: to go back there is nothing to work out.
    app.clientside_callback(
        ClientsideFunction("lianfang", "remembered"),
        Output(Ids.UNDO, "disabled"),
        Output(Ids.REDO, "disabled"),
        Input(Ids.WORK, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("lianfang", "back"),
        Output(Ids.WORK, "data", allow_duplicate=True),
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Input(Ids.UNDO, "n_clicks"),
        Input(Ids.REDO, "n_clicks"),
        prevent_initial_call=True,
    )


def _order(what: str, **more: Any) -> dict[str, Any]:
    """An order with a name of its own, by which it can be told to end."""
    return {"do": what, "token": uuid4().hex, **more}


def _change(change: dict[str, Any]) -> dict[str, Any]:
    """A change with a name of its own, so that the same one can be asked for twice."""
    return {"token": uuid4().hex, **change}


def _neighbour(work: dict[str, Any] | None, row: dict[str, Any], *, later: bool) -> str | None:
    """After which visit a stop comes when it is one place earlier or later in its crew's day."""
    found = read_work(work)
    crew = next((one for one in found.plan.crews if one.id == row["crew_id"]), None) if found else None
    if crew is None:
        raise RefusedError("Choose a stop in the table first.")
    ids = [stop.visit_id for stop in crew.stops]
    place = ids.index(row["visit"])
    if (later and place + 1 == len(ids)) or (not later and place == 0):
        raise RefusedError("It is at that end of the crew's day already.")
    if later:
        return ids[place + 1]
    return ids[place - 2] if place > 1 else ""
