"""The wall's doors: it looks at the board again when something changed, and never moves the view."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from callbacks.shell import register_scene
from callbacks.view import read
from casework.desk import Desk
from layers import WALL_LAYERS
from layers.choice import placed
from layers.scene import scene
from layers.urgent import rings
from layers.view import View
from pages.shell import Ids as Shell
from pages.wall import MOST_CARDS, Ids, board, cards, simulated
from words import translator

_WALL_MAP_PX = (1340, 780)
_MOST_SEEN = 1_000


def opened(desk: Desk, view: View) -> View:
    """The view a wall opens with: the map where the zones in force are, or else where incidents were of late."""
    zones = desk.agreements.zones_in_force()
    seen = desk.incidents.latest(_MOST_SEEN) if zones.empty else zones
    return view if seen.empty else placed(view, list(seen.total_bounds), _WALL_MAP_PX)


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Add the wall's callbacks to `app`."""
    register_scene(app, Ids.SCENE)

    @app.callback(
        Output(Ids.BOARD, "children"),
        Output(Ids.CARDS, "children"),
        Output(Ids.SIMULATED, "children"),
        Output(Ids.SCENE, "data"),
        Input(Shell.PULSE, "data"),
        State(Shell.VIEW, "data"),
        State(Ids.SCENE, "data"),
    )
    def look(pulse: Any, query: str, shown: dict[str, Any] | None) -> tuple[Any, Any, Any, Any]:
        if pulse is None:
            return (no_update,) * 4
        view, at = read(query), desk()
        _, names = translator(view.lang), at.territory.names(view.lang)
        found = at.figures.board()
        arrivals = at.figures.arrivals(*found.urgent[:MOST_CARDS])
        numbered = rings(
            found.urgent, None if shown is None else [m for ring in shown["rings"] for m in ring["members"]]
        )
        return (
            board(found, names, at.rules.timezone, at.rules.reach_min, _),
            cards(found, names, arrivals, [one["fresh"] for one in numbered], at.rules.timezone, _),
            simulated(found, _),
            {
                **scene(WALL_LAYERS, view, at.pulse().versions),
                "rings": numbered,
                "bounds": found.bounds or None,
            },
        )

    app.clientside_callback(
        ClientsideFunction("lianfang", "wall"),
        Output(Ids.RINGS, "id"),
        Input(Ids.SCENE, "data"),
        prevent_initial_call=True,
    )
