"""What somebody wants to visit besides: a firm, a spot on the map, and what a draw brings."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from callbacks.view import read
from casework.desk import Desk
from casework.errors import RefusedError
from pages.plans import wants
from pages.plans.ids import Ids
from pages.shell import Ids as Shell
from words import translator

_SPOT = "spot"


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Add firms, spots and lots to what is to be visited."""
    _register_lots(app, desk)

    @app.callback(
        Output(Ids.WANTED, "rowData", allow_duplicate=True),
        Output(Ids.ADD_FIRM, "value"),
        Input(Ids.ADD_FIRM, "value"),
        State(Ids.WANTED, "rowData"),
        State(Ids.SIDE_A, "value"),
        State(Ids.SIDE_B, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def add_firm(firm: str | None, rows: list[dict[str, Any]], a: str, b: str, query: str) -> tuple[Any, Any]:
        if not firm:
            return no_update, no_update
        return _with_firms(desk(), rows, a, b, [firm], "added by hand", query), None

    @app.callback(
        Output(Ids.POINT_MODE, "data"),
        Input(Ids.ADD_POINT, "n_clicks"),
        State(Ids.POINT_MODE, "data"),
        prevent_initial_call=True,
    )
    def aim_spot(_n: int, mode: str) -> str:
        return "" if mode else _SPOT

    app.clientside_callback(
        ClientsideFunction("lianfang", "aim"),
        Output(Ids.POINT_MODE, "id"),
        Input(Ids.POINT_MODE, "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(Ids.WANTED, "rowData", allow_duplicate=True),
        Output(Ids.POINT_MODE, "data", allow_duplicate=True),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Input(Shell.MAP_CLICK, "data"),
        State(Ids.POINT_MODE, "data"),
        State(Ids.WANTED, "rowData"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def add_spot(click: dict[str, Any] | None, mode: str, rows: list[dict[str, Any]], query: str) -> tuple[Any, ...]:
        if mode != _SPOT or not click:
            return (no_update,) * 3
        _ = translator(read(query).lang)
        number = sum(row["duty"] == "place" for row in rows) + 1
        key = f"spot:{click['lon']:.5f}:{click['lat']:.5f}"
        spot = wants.spot_row(key, _("Spot {number}").format(number=number), click["lon"], click["lat"], _)
        return [spot, *(row for row in rows if row["key"] != key)], "", "wanted"


def _register_lots(app: Dash, desk: Callable[[], Desk]) -> None:
    """Draw firms and officers."""

    @app.callback(
        Output(Ids.WANTED, "rowData", allow_duplicate=True),
        Output(Ids.DRAWN, "children"),
        Input(Ids.DRAW, "n_clicks"),
        State(Ids.WANTED, "rowData"),
        State(Ids.SIDE_A, "value"),
        State(Ids.SIDE_B, "value"),
        State(Ids.DRAW_SEED, "value"),
        State(Ids.DRAW_N, "value"),
        State(Ids.DRAW_OFFICERS, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def draw_lots(_n: int, rows: list[dict[str, Any]], a: str, b: str, seed: str | None, *more: Any) -> tuple[Any, Any]:
        n_firms, n_officers, query = more
        at = desk()
        _ = translator(read(query).lang)
        if not a or not b:
            raise RefusedError("Choose two sides first.")
        if not (seed or "").strip() or not n_firms or not n_officers:
            raise RefusedError("Fill in the seed, and how many firms and officers to draw.")
        record = at.candidates.drawn(a, b, str(seed), int(n_firms), int(n_officers))
        firms, stations = at.planning.wishes.firms(a, b), at.planning.wishes.stations(a, b)
        titles = dict(zip(firms["id"], firms["name"], strict=True))
        told = wants.drawn(record, titles, dict(zip(stations["id"], stations["name"], strict=True)), _)
        return _with_firms(at, rows, a, b, [one for one, _who in record.pairs], "drawn by lot", query, str(seed)), told


def _with_firms(
    desk: Desk, rows: list[dict[str, Any]], a: str, b: str, ids: list[str], why: str, query: str, seed: str = ""
) -> list[dict[str, Any]]:
    """The rows with firms in front; a drawn green firm has its draw for a reason."""
    view = read(query)
    _ = translator(view.lang)
    firms = desk.planning.wishes.firms(a, b)
    words = {"added by hand": _("added by hand"), "drawn by lot": _("drawn by lot")}[why]
    more = wants.firm_rows(firms[firms["id"].isin(ids)], words, _, desk.territory.names(view.lang))
    if seed:
        reason = _("random inspection, seed {seed}").format(seed=seed)
        more = [{**row, "reason": reason} for row in more]
    return [*more, *(row for row in rows if row["key"] not in set(ids))]
