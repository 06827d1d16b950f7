"""What tests found: listed, and asked why a place is none of it."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.ports import Topic
from layers.tested import shown_analysis
from pages.planner import findings as words_of
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator

WHY = "why"


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """List findings, say what they stand on, and answer why a place is no cluster."""

    @app.callback(
        Output(Ids.FINDINGS, "rowData"),
        Output(Ids.ANALYSIS, "data"),
        Output(Ids.TESTED, "children"),
        Output(Ids.WHY, "disabled"),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Input(Shell.VIEW, "data"),
        *changed(Topic.ANALYSES, Topic.INCIDENTS, Topic.JURISDICTIONS),
        prevent_initial_call="initial_duplicate",
    )
    def list_findings(query: str, *_beats: Any) -> tuple[Any, ...]:
        view, at = read(query), desk()
        _ = translator(view.lang)
        if view.pair is None:
            return [], [], "", True, no_update
        names, timezone = at.territory.names(view.lang), at.rules.timezone
        options = words_of.options(at.analyses.of(*view.pair), timezone, _)
        one = shown_analysis(at, view)
        if one is None:
            return [], options, words_of.untested(_), True, no_update
        found = at.analyses.findings(one)
        listed = words_of.table_rows(found, one, view.selected, names, _)
        stale = at.analyses.stale(one)
        n = int((found["q"] <= at.rules.significance).sum())
        # A page opens with what is sure; later it stays where somebody looks.
        tab = "tested" if ctx.triggered_id is None else no_update
        return listed, options, words_of.about(one, n, timezone, _, stale=stale), stale, tab

    @app.callback(
        Output(Ids.PICK_MODE, "data", allow_duplicate=True), Input(Ids.WHY, "n_clicks"), prevent_initial_call=True
    )
    def ask_why(_n: int) -> str:
        return WHY

    @app.callback(
        Output(Ids.WHY_ANSWER, "children"),
        Input(Shell.MAP_CLICK, "data"),
        State(Ids.PICK_MODE, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def say_why(click: dict[str, Any], mode: str, query: str) -> Any:
        view, at = read(query), desk()
        one = shown_analysis(at, view) if mode == WHY else None
        if one is None:
            return no_update
        answer = at.analyses.why(one, click["lon"], click["lat"])
        return words_of.why(answer, at.territory.names(view.lang), at.rules.significance, translator(view.lang))
