"""What every page does: ask at each tick whether anything changed, and apply a scene to the map that is there."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from flask import Response, after_this_request

from callbacks.errors import status_of
from casework.desk import Desk
from casework.errors import BusyError
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


def answer_with(status: int) -> None:
    """Let the answer to this event have an HTTP status of its own, by which a page tells that nothing is certain."""

    @after_this_request
    def mark(response: Response) -> Response:
        response.status_code = status
        return response


def not_kept(*, known: bool) -> None:
    """Let a page know that what it sent was not kept, or that nobody knows; it has the same sent again when asked to."""

    @after_this_request
    def mark(response: Response) -> Response:
        response.headers["Lianfang-Kept"] = "no" if known else "unknown"
        return response


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
        try:
            at = desk()
            # Hundreds of screens ask this; the store is not asked for each of them.
            if isinstance(known, dict) and known.get("versions") == at.lately():
                return no_update
            pulse = pulse_of(at)
        except BusyError as error:
            answer_with(status_of(error))
            return no_update
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
