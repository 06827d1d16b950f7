"""What was picked, and the joint patrol that follows from it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from callbacks.shell import pulse_of
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError, RefusedError
from layers.view import chosen
from pages import panels
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Show what was picked; propose, keep and list patrols."""

    @app.callback(
        Output(Ids.DETAIL, "children"),
        Output(Ids.PROPOSE, "disabled"),
        Output(Ids.PROPOSAL, "children"),
        Output(Ids.KEEP, "display"),
        Output(Ids.PATROL_DAY, "value"),
        Input(Shell.VIEW, "data"),
        State(Ids.PATROL_DAY, "value"),
    )
    def show_picked(query: str, day: str | None) -> tuple[Any, ...]:
        view, at = read(query), desk()
        _, names = translator(view.lang), at.territory.names(view.lang)
        day = day or _tomorrow(at)
        kind, _sep, key = (view.selected or "").partition(":")
        try:
            if kind == "cluster" and view.pair is not None and key.isdigit():
                found = at.clusters.get(*view.pair, chosen(at, view), int(key))
                a, b = (names[one] for one in view.pair)
                return panels.cluster(found, a, b, at.rules.timezone, _), False, None, "none", day
            if kind == "incident":
                one = at.incidents.get(key)
                return panels.incident(one, names, at.rules.timezone, _), True, None, "none", day
        except CaseError as gone:
            # Filters changed, or the link is old: the panel says so where the thing would be.
            return html.P(gone.said(_), className="quiet"), True, None, "none", day
        return panels.nothing_picked(_), True, None, "none", day

    @app.callback(
        Output(Ids.PROPOSAL, "children", allow_duplicate=True),
        Output(Ids.PROPOSED, "data"),
        Output(Ids.KEEP, "display", allow_duplicate=True),
        Input(Ids.PROPOSE, "n_clicks"),
        State(Ids.PATROL_DAY, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def propose(_n: int, day: str | None, query: str) -> tuple[Any, Any, Any]:
        view, at = read(query), desk()
        kind, _sep, key = (view.selected or "").partition(":")
        if view.pair is None or kind != "cluster":
            return (no_update,) * 3
        day = day or _tomorrow(at)
        patrol = at.patrols.propose(*view.pair, chosen(at, view), int(key), date.fromisoformat(day))
        firms = at.stations.firms(*view.pair)
        shown = panels.proposal(
            patrol,
            at.territory.names(view.lang),
            dict(zip(firms["id"], firms["name"], strict=True)),
            translator(view.lang),
        )
        place = [patrol.lon, patrol.lat]
        return shown, {"cluster": int(key), "query": query, "day": day, "place": place}, "block"

    @app.callback(
        Output(Ids.KEEP, "display", allow_duplicate=True),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Output(Ids.TABS, "value"),
        Input(Ids.KEEP, "n_clicks"),
        State(Ids.PROPOSED, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def keep_patrol(_n: int, proposed: dict[str, Any], query: str) -> tuple[Any, Any, Any, Any]:
        at, view = desk(), read(proposed["query"])
        assert view.pair is not None
        patrol = at.patrols.propose(
            *view.pair, chosen(at, view), proposed["cluster"], date.fromisoformat(proposed["day"])
        )
        if [patrol.lon, patrol.lat] != proposed["place"]:
            # Clusters are numbered anew when incidents come in: the number may mean another one by now.
            raise RefusedError("The incidents changed since this was proposed: look at the cluster and propose again.")
        at.patrols.keep(patrol)
        return "none", pulse_of(at), translator(read(query).lang)("Kept as a draft."), "patrols"


def _tomorrow(desk: Desk) -> str:
    return (desk.today() + timedelta(days=1)).isoformat()
