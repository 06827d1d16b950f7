"""The patrols that are kept: listed, chosen, cancelled."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State

from callbacks.shell import changed, pulse_of
from callbacks.view import read
from casework.desk import Desk
from casework.ports import Topic
from pages import rows
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """List patrols; cancel one after asking."""

    @app.callback(
        Output(Ids.PATROLS, "rowData"),
        Input(Shell.VIEW, "data"),
        *changed(Topic.PATROLS, Topic.AGREEMENTS, Topic.JURISDICTIONS),
    )
    def list_patrols(query: str, *_beats: Any) -> Any:
        view, at = read(query), desk()
        agreements = {one.id: one for one in at.agreements.all()}
        return rows.patrols(at.patrols.all(), agreements, at.territory.names(view.lang), translator(view.lang))

    @app.callback(Output(Ids.CANCEL_PATROL, "disabled"), Input(Ids.PATROLS, "selectedRows"))
    def choose(chosen: list[dict[str, Any]] | None) -> bool:
        return not chosen

    @app.callback(Output(Ids.CANCEL_SURE, "displayed"), Input(Ids.CANCEL_PATROL, "n_clicks"), prevent_initial_call=True)
    def ask_before_cancelling(_n: int) -> bool:
        return True

    @app.callback(
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.CANCEL_SURE, "submit_n_clicks"),
        State(Ids.PATROLS, "selectedRows"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def cancel(_n: int, chosen: list[dict[str, Any]], query: str) -> tuple[Any, Any]:
        at = desk()
        at.patrols.cancel(chosen[0]["key"])
        return pulse_of(at), translator(read(query).lang)("Cancelled.")
