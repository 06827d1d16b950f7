"""What was picked, and the joint patrol that follows from it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, cast

import geopandas as gpd
from dash import Dash, Input, Output, State, html, no_update

from callbacks.planner.reach import picked_site
from callbacks.shell import pulse_of
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError, RefusedError
from layers.palette import PALETTES
from layers.tested import picked_finding
from layers.view import View, chosen
from pages import panels
from pages.planner.explanation import explanation
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import Translate, translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:  # noqa: C901
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
            if (tested := picked_finding(at, view)) is not None:
                analysis, row = tested
                (told,) = row.to_dict("records")
                shown = explanation(told, analysis, names, at.rules.significance, PALETTES[view.theme], _)
                return shown, False, None, "none", day
            if kind == "incident":
                one = at.incidents.get(key)
                at.log.opened(kind, key, cast("str | None", one["jurisdiction_id"]))
                side = None if view.pair is None else _side_words(at, key, view.pair, names, _)
                return panels.incident(one, names, at.rules.timezone, _, side), True, None, "none", day
            if kind in {"firm", "station", "place"}:
                return picked_site(at, view, kind, key, _), True, None, "none", day
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
        found = _picked_cluster(at, view)
        if view.pair is None or found is None:
            return (no_update,) * 3
        day = day or _tomorrow(at)
        patrol = at.patrols.propose_at(*view.pair, found, date.fromisoformat(day))
        firms = at.stations.firms(*view.pair)
        shown = panels.proposal(
            patrol,
            at.territory.names(view.lang),
            dict(zip(firms["id"], firms["name"], strict=True)),
            at.reach.stated,
            translator(view.lang),
        )
        place = [patrol.lon, patrol.lat]
        return shown, {"query": query, "day": day, "place": place}, "block"

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
        found = _picked_cluster(at, view)
        assert view.pair is not None
        assert found is not None
        patrol = at.patrols.propose_at(*view.pair, found, date.fromisoformat(proposed["day"]))
        if [patrol.lon, patrol.lat] != proposed["place"]:
            # Clusters are numbered anew when incidents come in: the number may mean another one by now.
            raise RefusedError("The incidents changed since this was proposed: look at the cluster and propose again.")
        at.patrols.keep(patrol)
        return "none", pulse_of(at), translator(read(query).lang)("Kept as a draft."), "patrols"


def _side_words(
    desk: Desk, incident_id: str, pair: tuple[str, str], names: Mapping[str, str], _: Translate
) -> list[Any] | None:
    """What the panel says about the line, where the chosen two share one."""
    a, b = sorted(pair)
    found = desk.incidents.side(incident_id, a, b)
    return None if found is None else panels.side(found, names[a], names[b], _)


def _picked_cluster(desk: Desk, view: View) -> gpd.GeoDataFrame | None:
    """The cluster that was picked, tested or not; None where something else or nothing was."""
    kind, _sep, key = (view.selected or "").partition(":")
    if kind == "cluster" and view.pair is not None:
        return desk.clusters.get(*view.pair, chosen(desk, view), int(key))
    tested = picked_finding(desk, view)
    return None if tested is None else tested[1]


def _tomorrow(desk: Desk) -> str:
    return (desk.today() + timedelta(days=1)).isoformat()
