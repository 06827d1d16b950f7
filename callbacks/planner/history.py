"""What an agreement was before, and what new boundaries did to zones until somebody has read it."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.ports import Topic
from pages import agreements
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Show versions and reports."""

    @app.callback(Output(Ids.HISTORY, "children"), Input(Shell.VIEW, "data"), *changed(Topic.AGREEMENTS))
    def show_history(query: str, *_beats: Any) -> Any:
        view, at = read(query), desk()
        steps = at.history.of(view.agreement) if view.agreement else ()
        names = at.territory.names(view.lang)
        return agreements.history(steps, at.accounts.people(), names, at.rules.timezone, translator(view.lang))

    @app.callback(
        Output(Ids.REDRAWN, "hidden"),
        Output(Ids.REDRAWN_TABLE, "children"),
        *changed(Topic.AGREEMENTS),
        Input(Ids.DISMISSED, "data"),
        State(Shell.VIEW, "data"),
    )
    def show_redrawn(_beat: int, dismissed: str | None, query: str) -> tuple[Any, Any]:
        view, at = read(query), desk()
        report = at.records.redrawn()
        if report is None or not report.to_tell or report.at.isoformat() == dismissed:
            return True, None
        return False, agreements.redrawn(report, at.rules.timezone, translator(view.lang))

    # Apart from the panel: every page has a notice, and only the planner what this one follows from.
    @app.callback(
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.REDRAWN, "hidden"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def announce(hidden: Any, query: str) -> Any:
        report = None if hidden else desk().records.redrawn()
        if report is None:
            return no_update
        said = translator(read(query).lang)("Boundaries changed: {n} zones are different.")
        return said.format(n=len(report.to_tell))

    @app.callback(Output(Ids.DISMISSED, "data"), Input(Ids.DISMISS, "n_clicks"), prevent_initial_call=True)
    def dismiss(_n: int) -> str | None:
        report = desk().records.redrawn()
        return None if report is None else report.at.isoformat()
