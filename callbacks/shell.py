"""What every page does: ask at each tick whether anything changed, and apply a scene to the map that is there."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from casework.desk import Desk
from pages.shell import BEATS, Ids, version_id


def pulse_of(desk: Desk) -> dict[str, Any]:
    """Versions of everything, when incidents last changed, and whose outlines are shown, as a page keeps them."""
    pulse = desk.pulse()
    span = desk.incidents.span()
    return {
        "versions": dict(sorted(pulse.versions.items())),
        "newest": span[1].isoformat() if span else None,
        "sources": list(desk.territory.sources()),
    }


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Add the tick to `app`."""

    # A tick that outlasts its period would pile up: the interval rests while one is under way.
    @app.callback(
        Output(Ids.PULSE, "data"),
        Input(Ids.TICK, "n_intervals"),
        State(Ids.PULSE, "data"),
        running=[(Output(Ids.TICK, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def tick(_n: int | None, known: dict[str, Any] | None) -> Any:
        pulse = pulse_of(desk())
        return no_update if pulse == known else pulse

    app.clientside_callback(
        ClientsideFunction("lianfang", "pulsed"),
        Output(Ids.AGE, "id"),
        Input(Ids.PULSE, "data"),
    )

    # What a change concerns is asked for again, and nothing else: most of a page stands on few topics.
    app.clientside_callback(
        ClientsideFunction("lianfang", "spread"),
        [Output(version_id(beat), "data") for beat in BEATS],
        Input(Ids.PULSE, "data"),
        [State(version_id(beat), "data") for beat in BEATS],
        prevent_initial_call=True,
    )


def changed(*beats: str) -> tuple[Input, ...]:
    """Inputs that call when one of these topics, or the day, changed."""
    return tuple(Input(version_id(beat), "data") for beat in beats)


def register_scene(app: Dash, scene_id: str) -> None:
    """Let the browser apply what the store `scene_id` holds."""
    app.clientside_callback(
        ClientsideFunction("lianfang", "apply"),
        Output(scene_id, "id"),
        Input(scene_id, "data"),
        prevent_initial_call=True,
    )
