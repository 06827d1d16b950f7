"""A view becomes what is in dispute along its border."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output

from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.errors import NotFoundError
from casework.ports import Topic
from layers.view import View
from pages.disputed import disputed
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Show how the chosen border was found and how much ground is in dispute along it."""

    @app.callback(Output(Ids.DISPUTED, "children"), Input(Shell.VIEW, "data"), *changed(Topic.JURISDICTIONS))
    def show_disputed(query: str, *_beats: Any) -> Any:
        view, at = read(query), desk()
        return None if view.pair is None else _along(at, view, view.pair)


def _along(desk: Desk, view: View, pair: tuple[str, str]) -> Any:
    try:
        border = desk.territory.border(*pair)
    except NotFoundError:
        # The two share no border: the controls are about to choose others.
        return None
    return disputed(border, desk.territory.slivers(*pair), translator(view.lang))
