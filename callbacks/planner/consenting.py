"""Each side gives its word to the terms that were read, or takes it back."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State

from callbacks.planner.fields import version_of
from callbacks.shell import changed, pulse_of
from callbacks.view import read
from casework.desk import DAY, Desk
from casework.model import Agreement
from casework.ports import Topic
from pages import agreements
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Tell who has consented, and let sides speak."""

    @app.callback(
        Output(Ids.CONSENTS, "children"),
        Output(Ids.CONSENT_FOR, "data"),
        Output(Ids.CONSENT_FOR, "value"),
        Input(Ids.BASE, "data"),
        *changed(Topic.AGREEMENTS, Topic.JURISDICTIONS, Topic.PEOPLE, DAY),
        State(Ids.CONSENT_FOR, "value"),
        State(Shell.VIEW, "data"),
    )
    def tell_consents(base: dict[str, Any] | None, *more: Any) -> tuple[Any, Any, Any]:
        *_beats, chosen, query = more
        view, at = read(query), desk()
        _, names = translator(view.lang), at.territory.names(view.lang)
        kept = _kept(at, base)
        if kept is None:
            return agreements.unkept(_), [], None
        own = at.consents.own(kept)
        options = [{"value": one, "label": names.get(one, one)} for one in own]
        waiting = [one for one in own if one not in {consent.party for consent in kept.consents}]
        value = chosen if chosen in own else next(iter((*waiting, *own)), None)
        return agreements.consents(kept, at.today(), names, at.rules.timezone, _), options, value

    @app.callback(
        Output(Ids.CONSENT, "disabled"),
        Output(Ids.WITHDRAW, "disabled"),
        Input(Ids.CONSENT_FOR, "value"),
        Input(Ids.BASE, "data"),
        *changed(Topic.AGREEMENTS),
    )
    def offer(party: str | None, base: dict[str, Any] | None, _beat: int) -> tuple[bool, bool]:
        kept = _kept(desk(), base)
        if kept is None or party is None:
            return True, True
        said = party in {one.party for one in kept.consents}
        return said, not said

    @app.callback(
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.CONSENT, "n_clicks"),
        State(Ids.CONSENT_FOR, "value"),
        State(Ids.BASE, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def consent(_n: int, party: str, base: Any, query: str) -> tuple[Any, str]:
        at, _ = desk(), translator(read(query).lang)
        kept = at.consents.give(*version_of(base), party)
        said = _("Every side has consented.") if kept.agreed else _("Consented; another side has still to.")
        return pulse_of(at), said

    @app.callback(Output(Ids.WITHDRAW_SURE, "displayed"), Input(Ids.WITHDRAW, "n_clicks"), prevent_initial_call=True)
    def ask_before_withdrawing(_n: int) -> bool:
        return True

    @app.callback(
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.WITHDRAW_SURE, "submit_n_clicks"),
        State(Ids.CONSENT_FOR, "value"),
        State(Ids.BASE, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def withdraw(_n: int, party: str, base: Any, query: str) -> tuple[Any, str]:
        at = desk()
        at.consents.withdraw(*version_of(base), party)
        return pulse_of(at), translator(read(query).lang)("Taken back: nothing is shared in this zone now.")


def _kept(desk: Desk, base: dict[str, Any] | None) -> Agreement | None:
    """The agreement the editor started from; None for a draft, or where it was removed since."""
    return next((one for one in desk.agreements.all() if base and one.id == base["agreement"]), None)
