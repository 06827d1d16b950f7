"""The agreement on the desk is kept, removed, and brought back; what others did meanwhile and what is not saved is told."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, ctx, html, no_update

from callbacks.planner.fields import STATES, WRITTEN, base_of, fields_of, version_of
from callbacks.shell import pulse_of
from callbacks.view import read
from casework.agreement_merge import Meanwhile
from casework.desk import Desk
from casework.model import Agreement
from layers.editor import edited, unsaved
from pages import agreements
from pages.planner import meanwhile
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from pages.shell import attributes
from words import Language, translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Keep, remove and restore agreements."""

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Ids.TITLE, "value", allow_duplicate=True),
        Output(Ids.BASE, "data", allow_duplicate=True),
        Output(Ids.OTHERS_DID, "children", allow_duplicate=True),
        Output(Ids.CONFLICT, "hidden", allow_duplicate=True),
        Output(Ids.KEEP_MY_TERMS, "children"),
        Output(Ids.KEEP_MY_TERMS, "value"),
        Output(Ids.OTHERS_VERSION, "data"),
        Output(Ids.PUT_TOGETHER, "data"),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.SAVE, "n_clicks"),
        Input(Ids.SAVE_ON_TOP, "n_clicks"),
        State(Ids.KEEP_MY_TERMS, "value"),
        State(Ids.OTHERS_VERSION, "data"),
        State(Shell.VIEW, "data"),
        *STATES,
        prevent_initial_call=True,
    )
    def keep_agreement(
        _n: int, _chose: int, keep_mine: list[str] | None, version_told: int | None, query: str, *written: Any
    ) -> tuple[Any, ...]:
        view, at, fields = read(query), desk(), fields_of(*written)
        _, names = translator(view.lang), at.territory.names(view.lang)
        terms = edited(at, view, fields)
        if terms is None:
            return (*[no_update] * 10, _("Choose two sides first."))
        mine = replace(terms, title=terms.title or " – ".join(names[one] for one in terms.parties))
        found = at.agreements.since(mine)
        if found is None:
            kept = at.agreements.save(mine)
            said = _("Kept: {title}, version {version}.").format(title=kept.title, version=kept.version)
            return kept.id, kept.title, base_of(kept), None, True, [], [], None, no_update, pulse_of(at), said
        # Who chose between what was told of an earlier version has not seen what stands against it now.
        chosen = ctx.triggered_id == Ids.SAVE_ON_TOP and version_told == found.version
        return _put_together(at, view.lang, found, mine, (keep_mine or ()) if chosen else None)

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
        State(Ids.BASE, "data"),
        prevent_initial_call=True,
    )
    def ask_before_removing(_n: int, base: Any) -> bool:
        return isinstance(base, dict) and base.get("agreement") is not None

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.REMOVE_SURE, "submit_n_clicks"),
        State(Ids.BASE, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def remove_agreement(_n: int, base: Any, query: str) -> tuple[Any, Any, Any]:
        at, _ = desk(), translator(read(query).lang)
        gone = at.agreements.remove(*version_of(base))
        undo = html.Button(_("Undo"), type="button", **attributes(data_undo=gone.id, data_version=str(gone.version)))
        return None, pulse_of(at), [_("Removed: {title}.").format(title=gone.title or gone.id), undo]

    @app.callback(
        Output(Ids.AGREEMENT, "value", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.UNDO, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def restore_agreement(undo: Any, query: str) -> tuple[Any, Any, Any]:
        at, _ = desk(), translator(read(query).lang)
        back = at.agreements.restore(*version_of(undo))
        said = _("Restored: {title}, version {version}.").format(title=back.title, version=back.version)
        return back.id, pulse_of(at), said


def _put_together(
    at: Desk, lang: Language, found: Meanwhile, mine: Agreement, keep_mine: Collection[str] | None
) -> tuple[Any, ...]:
    """What `keep_agreement` answers to whom somebody was quicker than; without `keep_mine` nothing was chosen yet."""
    _, clashes = translator(lang), found.clashes(mine)

    def told(head: str) -> list[Any]:
        return meanwhile.told(found, head, at.accounts.people(), at.territory.names(lang), at.rules.timezone, _)

    if clashes and keep_mine is None:
        head = _("Somebody else saved version {newest} after version {version}, which you began with.")
        words = told(head.format(newest=found.version, version=found.base.version))
        choices = meanwhile.choices(clashes, at.territory.names(lang), _)
        return *[no_update] * 3, words, False, choices, [], found.version, no_update, no_update, ""
    kept = at.agreements.save_on_top(found, mine, keep_mine or ())
    said = _("Kept: {title}, version {version}.").format(title=kept.title, version=kept.version)
    head = _("Version {n} has your changes on top of what others changed meanwhile; read it, then consent to it.")
    # What was sent twice has nothing new in it.
    others = None if kept.version == found.version else told(head.format(n=kept.version))
    return kept.id, no_update, no_update, others, True, [], [], None, kept.version, pulse_of(at), said
