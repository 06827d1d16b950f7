"""The planner's doors, one file for each part of the page."""

from collections.abc import Callable
from typing import Any

from dash import Dash

from callbacks.planner import (
    agreements,
    canvas,
    choice,
    composing,
    disputed,
    findings,
    history,
    kept,
    picked,
    sides,
    testing,
)
from casework.desk import Desk


def register(app: Dash, desk: Callable[[], Desk], opened: testing.Opened, manager: Any) -> None:
    """Add the planner's callbacks to `app`."""
    for part in (choice, composing, canvas, sides, disputed, picked, kept, agreements, history, findings):
        part.register(app, desk)
    testing.register(app, opened, manager)
