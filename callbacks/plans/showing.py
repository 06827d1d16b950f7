"""The plan at work is shown: on the map, as a chart, as a table, in sums and in words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.plans.work import Work, read_work
from callbacks.shell import changed, register_scene
from callbacks.view import read
from casework.desk import Desk
from casework.ports import Topic
from layers import PLANS_LAYERS
from layers.routes import ROUTES, route_features
from layers.scene import scene
from pages.panels import local, no_data
from pages.plans import result
from pages.plans.drawer import plan_rows, stop_rows
from pages.plans.gantt import gantt
from pages.plans.ids import Ids
from pages.shell import NO_CHART
from pages.shell import Ids as Shell
from words import translator

_NO_FIGURE: dict[str, Any] = {"data": [], "layout": {**NO_CHART["layout"], "height": 20}}


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Show the plan, and open kept ones."""
    register_scene(app, Ids.SCENE)

    @app.callback(
        Output(Ids.SCENE, "data"), Input(Shell.VIEW, "data"), Input(Shell.PULSE, "data"), Input(Ids.WORK, "data")
    )
    def paint_plan(query: str, pulse: Any, sent: dict[str, Any] | None) -> Any:
        if pulse is None:
            return no_update
        view, at, work = read(query), desk(), read_work(sent)
        told = {**scene(PLANS_LAYERS, view, at.pulse().versions), "query": view.query()}
        if work is not None:
            # A plan that is not kept has no address of its own.
            features = route_features(work.plan, translator(view.lang))
            told["inline"] = {ROUTES.key: features.to_geo_dict(drop_id=True)}
            west, south, east, north = (float(edge) for edge in features.total_bounds) if len(features) else (0.0,) * 4
            return {**told, "fit": [west, south, east, north], "fitFor": work.plan.id} if len(features) else told
        if view.pair and view.pair[1] in at.territory.neighbours(view.pair[0]):
            border = at.territory.border(*view.pair)
            return {**told, "fit": border.geometry.bounds, "fitFor": " ".join(view.pair)}
        return told

    @app.callback(
        Output(Ids.GANTT, "figure"),
        Output(Ids.GANTT, "style"),
        Output(Ids.GANTT_WORDS, "children"),
        Output(Ids.STOPS, "rowData"),
        Output(Ids.MOVE_TO, "data"),
        Output(Ids.OTHER, "disabled"),
        Output(Ids.UNDONE, "children"),
        Output(Ids.SUMMARY, "children"),
        Output(Ids.WARNINGS, "children"),
        Input(Ids.WORK, "data"),
        *changed(Topic.JURISDICTIONS),
        State(Shell.VIEW, "data"),
    )
    def show_result(sent: dict[str, Any] | None, *more: Any) -> tuple[Any, ...]:
        view, at, work = read(more[-1]), desk(), read_work(sent)
        _ = translator(view.lang)
        nothing = _(
            "Plan first: choose what to visit, then Plan the day. The first plan on a machine takes a minute longer."
        )
        if work is None:
            first = nothing if at.territory.names(view.lang) else no_data(_)
            return _NO_FIGURE, {}, nothing, [], [], True, nothing, first, None
        plan = work.plan
        timezone = at.rules.timezone
        words = _(
            "wide bars: work (◆ joint; 1.2 & 2.1 and a dotted line: two cars that start together) · narrow: travel · "
            "hatched: break · empty: waiting"
        )
        crews = [
            {"value": crew.id, "label": _("Crew {n}").format(n=number)}
            for number, crew in enumerate(plan.crews, start=1)
        ]
        found = at.plans.collisions(plan)
        figure = gantt(plan, view, timezone, _) if plan.crews else _NO_FIGURE
        others = {one.id: one for one in at.plans.all()}
        return (
            figure,
            {"minHeight": figure["layout"]["height"]},
            words if plan.crews else _("No crew goes out: look at what is left undone, and why."),
            stop_rows(plan, timezone, _),
            crews,
            False,
            result.undone(plan.undone, _),
            result.summary(plan, at.territory.names(view.lang), _data_on(at, timezone), _),
            result.warnings(found, others, _),
        )

    @app.callback(
        Output(Ids.KEPT, "rowData"), Input(Shell.VIEW, "data"), *changed(Topic.PLANS), prevent_initial_call=False
    )
    def list_plans(query: str, *_beats: Any) -> Any:
        at = desk()
        return plan_rows(at.plans.all(), at.rules.timezone, translator(read(query).lang))

    @app.callback(
        Output(Ids.WORK, "data", allow_duplicate=True),
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Output(Ids.TABS, "value", allow_duplicate=True),
        Input(Ids.KEPT, "selectedRows"),
        State(Shell.VIEW, "data"),
        State(Ids.WORK, "data"),
        prevent_initial_call="initial_duplicate",
    )
    def open_plan(chosen: list[dict[str, Any]] | None, query: str, work: dict[str, Any] | None) -> tuple[Any, ...]:
        wanted = chosen[0]["key"] if chosen else None if work else read(query).plan
        if wanted is None:
            return (no_update,) * 3
        return Work(desk().plans.get(wanted)).plain(), "", "day"


def _data_on(desk: Desk, timezone: str) -> str:
    """The newest day that the data tells of."""
    span = desk.incidents.span()
    return "" if span is None else local(datetime.fromisoformat(span[1].isoformat()), timezone, "%Y-%m-%d")
