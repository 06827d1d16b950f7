"""A view becomes a map, and a place on the map becomes a mark on the border or something picked."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from callbacks.planner.findings import WHY
from callbacks.planner.whatif import STATION
from callbacks.shell import register_scene
from callbacks.view import read
from casework.desk import Desk
from layers import PLANNER_LAYERS
from layers.choice import current
from layers.picked import place_of_picked
from layers.scene import scene
from layers.view import View, chosen
from pages.planner.ids import Ids
from pages.shell import Ids as Shell


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Send the map its scene, and take clicks on map and tables."""

    @app.callback(Output(Ids.SCENE, "data"), Input(Shell.VIEW, "data"), Input(Shell.PULSE, "data"))
    def paint(query: str, pulse: Any) -> Any:
        view, at = read(query), desk()
        if pulse is None:
            return no_update
        terms = current(at, view)
        told = {**scene(PLANNER_LAYERS, view, at.pulse().versions), "query": view.query()}
        if terms is None:
            return told
        a, b = terms.agreement.a, terms.agreement.b
        fit = {"fit": at.territory.border(a, b).geometry.bounds, "fitFor": f"{a} {b}"}
        return {**told, **fit, "focus": place_of_picked(at, view)}

    register_scene(app, Ids.SCENE)

    app.clientside_callback(
        ClientsideFunction("lianfang", "aim"), Output(Ids.PICK_MODE, "id"), Input(Ids.PICK_MODE, "data")
    )

    @app.callback(
        Output(Ids.PICK_MODE, "data"),
        Input(Ids.PICK_START, "n_clicks"),
        Input(Ids.PICK_END, "n_clicks"),
        prevent_initial_call=True,
    )
    def aim(_start: int | None, _end: int | None) -> str:
        return "start" if ctx.triggered_id == Ids.PICK_START else "end"

    @app.callback(
        Output(Ids.PICKED, "data"),
        Output(Ids.STRETCH, "value", allow_duplicate=True),
        Output(Ids.PICK_MODE, "data", allow_duplicate=True),
        Input(Shell.MAP_CLICK, "data"),
        State(Ids.PICK_MODE, "data"),
        State(Ids.STRETCH, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def point(click: dict[str, Any], mode: str, stretch_km: list[float], query: str) -> tuple[Any, Any, Any]:
        view, at = read(query), desk()
        if mode in {WHY, STATION}:
            return no_update, no_update, ""
        if mode and view.pair is not None:
            mark_km = at.agreements.mark_m(*view.pair, click["lon"], click["lat"]) / 1000
            ends = (mark_km, stretch_km[1]) if mode == "start" else (stretch_km[0], mark_km)
            return no_update, [round(one, 2) for one in sorted(ends)], ""
        return _under(at, view, click), no_update, no_update

    for table in (Ids.FINDINGS, Ids.CLUSTERS, Ids.INCIDENTS, Ids.FIRST, Ids.GAPS, Ids.VISITS):

        @app.callback(
            Output(Ids.PICKED, "data", allow_duplicate=True),
            Input(table, "cellClicked"),
            prevent_initial_call=True,
        )
        def pick(cell: dict[str, Any]) -> str:
            return str(cell["rowId"])


def _under(desk: Desk, view: View, click: dict[str, Any]) -> str | None:
    """What a view picks where a person clicked: a cluster, tested or not, else the nearest incident, else nothing."""
    if click.get("pick"):
        return str(click["pick"])
    if click.get("cluster"):
        return f"cluster:{click['cluster']}"
    found = desk.incidents.nearest(chosen(desk, view), click["lon"], click["lat"], click["within_deg"])
    return f"incident:{found}" if found else None
