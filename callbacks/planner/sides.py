"""A view becomes figures: of the zone, of both sides, over time, and in tables."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, no_update

from callbacks.shell import changed
from callbacks.view import read
from casework.desk import DAY, Desk
from casework.ports import Topic
from layers.choice import current
from layers.palette import PALETTES
from layers.view import chosen
from pages import panels, rows
from pages.agreements import standing
from pages.planner.ids import Ids
from pages.shell import NO_CHART
from pages.shell import Ids as Shell
from pages.timeline import timeline
from words import translator

_MOST_ROWS = 500


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Show the figures of a view."""

    @app.callback(
        Output(Ids.ZONE_FIGURES, "children"),
        Input(Shell.VIEW, "data"),
        *changed(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
    )
    def show_zone(query: str, *_beats: Any) -> Any:
        view, at = read(query), desk()
        found = current(at, view)
        if found is None or view.pair is None:
            return None
        names = at.territory.names(view.lang)
        terms = found.agreement
        _ = translator(view.lang)
        return panels.zone(found, at.agreements.figures(terms), names, standing(terms, at.today(), _), _)

    @app.callback(
        Output(Ids.FIGURES, "children"),
        Output(Ids.CLUSTERS, "rowData"),
        Output(Ids.TIME, "figure"),
        Input(Shell.VIEW, "data"),
        *changed(
            *(Topic.JURISDICTIONS, Topic.AGREEMENTS, Topic.INCIDENTS, Topic.STATIONS, Topic.ROADS, Topic.FIRMS, DAY)
        ),
    )
    def show_sides(query: str, *_beats: Any) -> tuple[Any, Any, Any]:
        view, at = read(query), desk()
        _ = translator(view.lang)
        found = current(at, view)
        if found is None:
            return panels.no_data(_), [], NO_CHART
        if view.pair is None:
            return (no_update,) * 3
        terms, selection, names = found.agreement, chosen(at, view), at.territory.names(view.lang)
        a, b = names[terms.a], names[terms.b]
        clusters = at.clusters.look(terms.a, terms.b, selection)
        days = at.incidents.count(replace(selection, jurisdictions=(terms.a, terms.b)), "jurisdiction_id", "day")
        return (
            [
                panels.sides(at.figures.sides(terms, selection), a, b, at.rules.reach_min, terms.categories, _),
                *panels.further(at.figures.further(terms, selection), names, _),
            ],
            rows.clusters(clusters, view.selected, at.rules.timezone, _),
            timeline(days, terms.a, terms.b, a, b, PALETTES[view.theme], _),
        )

    @app.callback(
        Output(Ids.INCIDENTS, "rowData"),
        Output(Ids.COUNT, "children"),
        Input(Shell.VIEW, "data"),
        *changed(Topic.JURISDICTIONS, Topic.INCIDENTS),
    )
    def list_incidents(query: str, *_beats: Any) -> tuple[Any, Any]:
        view, at = read(query), desk()
        _ = translator(view.lang)
        if view.pair is None:
            return [], ""
        selection = replace(chosen(at, view), jurisdictions=view.pair)
        n = int(at.incidents.count(selection)["n"].sum())
        at.log.looked()
        frame = at.incidents.find(selection, limit=_MOST_ROWS)
        span = at.incidents.span()
        words = _("{n} incidents on both sides; the newest {most} are listed.").format(
            n=f"{n:,}", most=f"{len(frame):,}"
        )
        if not n and span is not None:
            first, last = (panels.local(one, at.rules.timezone, "%Y-%m-%d") for one in span)
            words = _("Nothing with these filters; the data runs from {first} to {last}.").format(
                first=first, last=last
            )
        return rows.incidents(frame, at.territory.names(view.lang), view.selected, at.rules.timezone, _), words
