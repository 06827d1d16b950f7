"""The zone on the desk is kept or removed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.shell import pulse_of
from callbacks.view import read
from casework.desk import Desk
from layers.choice import current
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Keep and remove agreements."""

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.SAVE, "n_clicks"),
        State(Ids.TITLE, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def keep_agreement(_n: int, title: str, query: str) -> tuple[Any, Any, Any]:
        view, at = read(query), desk()
        _, names = translator(view.lang), at.territory.names(view.lang)
        found = current(at, view)
        if found is None:
            return no_update, no_update, _("Choose two sides first.")
        terms = found.agreement
        kept = at.agreements.save(replace(terms, title=title or f"{names[terms.a]} – {names[terms.b]}"))
        return (
            kept.id,
            pulse_of(at),
            _("Kept: {title}, version {version}.").format(title=kept.title, version=kept.version),
        )

    @app.callback(
        Output(Ids.REMOVE_SURE, "displayed"),
        Input(Ids.REMOVE, "n_clicks"),
        State(Ids.AGREEMENT, "value"),
        prevent_initial_call=True,
    )
    def ask_before_removing(_n: int, agreement: str | None) -> bool:
        return agreement is not None

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.REMOVE_SURE, "submit_n_clicks"),
        State(Ids.AGREEMENT, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def remove_agreement(_n: int, agreement: str, query: str) -> tuple[Any, Any, Any]:
        at = desk()
        at.agreements.remove(agreement)
        return None, pulse_of(at), translator(read(query).lang)("Removed.")
