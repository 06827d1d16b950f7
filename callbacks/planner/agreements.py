"""The agreement on the desk is kept, removed, and brought back; what is not saved is told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, ctx, html, no_update

from callbacks.planner.fields import STATES, WRITTEN, base_of, fields_of
from callbacks.shell import pulse_of
from callbacks.view import read
from casework.desk import Desk
from casework.errors import OutdatedError
from layers.editor import edited, unsaved
from pages import agreements
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from pages.shell import attributes
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Keep, remove and restore agreements."""

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Ids.TITLE, "value", allow_duplicate=True),
        Output(Ids.BASE, "data", allow_duplicate=True),
        Output(Ids.CONFLICT, "hidden", allow_duplicate=True),
        Output(Ids.CONFLICT_WORDS, "children"),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.SAVE, "n_clicks"),
        Input(Ids.SAVE_ANYWAY, "n_clicks"),
        State(Shell.VIEW, "data"),
        *STATES,
        prevent_initial_call=True,
    )
    def keep_agreement(_n: int, _anyway: int, query: str, *written: Any) -> tuple[Any, ...]:
        view, at, fields = read(query), desk(), fields_of(*written)
        _, names = translator(view.lang), at.territory.names(view.lang)
        terms = edited(at, view, fields)
        if terms is None:
            return (*[no_update] * 6, _("Choose two sides first."))
        title = terms.title or " – ".join(names[one] for one in terms.parties)
        try:
            kept = at.agreements.save(replace(terms, title=title), anyway=ctx.triggered_id == Ids.SAVE_ANYWAY)
        except OutdatedError as error:
            since = at.agreements.changes_since(terms.id, terms.version)
            words = agreements.conflict(since, error.said(_), names, _)
            return no_update, no_update, no_update, False, words, no_update, ""
        said = _("Kept: {title}, version {version}.").format(title=kept.title, version=kept.version)
        return kept.id, kept.title, base_of(kept), True, None, pulse_of(at), said

    @app.callback(
        Output(Ids.UNSAVED, "children"),
        Input(Shell.VIEW, "data"),
        Input(Ids.BASE, "data"),
        *(Input(one, "value") for one in WRITTEN),
    )
    def tell_unsaved(query: str, *written: Any) -> str:
        view = read(query)
        if written[0] is None:
            return ""
        return agreements.unsaved(unsaved(desk(), view, fields_of(*written)), translator(view.lang))

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
        at, _ = desk(), translator(read(query).lang)
        title = at.agreements.get(agreement).title
        at.agreements.remove(agreement)
        undo = html.Button(_("Undo"), type="button", **attributes(data_undo=agreement))
        return None, pulse_of(at), [_("Removed: {title}.").format(title=title or agreement), undo]

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.UNDO, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def restore_agreement(undo: dict[str, Any], query: str) -> tuple[Any, Any, Any]:
        at, _ = desk(), translator(read(query).lang)
        back = at.agreements.restore(undo["agreement"])
        said = _("Restored: {title}, version {version}.").format(title=back.title, version=back.version)
        return back.id, pulse_of(at), said
