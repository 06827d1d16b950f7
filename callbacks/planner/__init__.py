"""The planner's doors, one file for each part of the page."""

from collections.abc import Callable
from typing import Any

from dash import Dash

from callbacks.planner import (
    agreements,
    canvas,
    choice,
    comparing,
    composing,
    consenting,
    disputed,
    findings,
    history,
    kept,
    picked,
    reach,
    searching,
    sides,
    testing,
    whatif,
)
from casework.desk import Desk


def register(app: Dash, desk: Callable[[], Desk], opened: testing.Opened, manager: Any) -> None:
    """Add the planner's callbacks to `app`."""
    on_screen = (choice, composing, canvas, sides, disputed, picked, kept, agreements, consenting, history)
    for part in (*on_screen, findings, reach, whatif, comparing):
        part.register(app, desk)
    testing.register(app, opened, manager)
    searching.register(app, opened, manager)
