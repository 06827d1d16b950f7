"""The planner's doors, one file for each part of the page."""

from collections.abc import Callable

from dash import Dash

from callbacks.planner import agreements, canvas, choice, kept, picked, sides
from casework.desk import Desk


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Add the planner's callbacks to `app`."""
    for part in (choice, canvas, sides, picked, kept, agreements):
        part.register(app, desk)
