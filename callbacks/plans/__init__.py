"""The doors of the plans' page, one file for each part of it."""

from collections.abc import Callable
from typing import Any

from dash import Dash

from callbacks.planner.testing import Opened
from callbacks.plans import adding, agreeing, altering, asking, changing, merging, showing, solving, taking
from casework.desk import Desk
from settings import Settings


def register(app: Dash, desk: Callable[[], Desk], opened: Opened, manager: Any, settings: Settings) -> None:
    """Add the page's callbacks and routes to `app`."""
    for part in (asking, adding, changing, altering, showing, agreeing, merging):
        part.register(app, desk)
    solving.register(app, opened, manager)
    taking.register(app.server, desk, settings)
