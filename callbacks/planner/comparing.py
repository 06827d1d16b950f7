"""What is planned with stations, in words and figures: before and after, for the three station models."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.planner.reach import BEATS, question_of
from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.ports import Topic
from pages.planner import whatif
from pages.planner.ids import Ids
from pages.planner.reach import note
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Show the plan, and compare what it brings."""

    @app.callback(
        Output(Ids.WHATIF_STATION, "data"),
        Output(Ids.WHATIF_STATION, "value"),
        Output(Ids.WHATIF_TO, "data"),
        Output(Ids.WHATIF_LIST, "children"),
        Output(Ids.WHATIF_UNDO, "disabled"),
        Output(Ids.WHATIF_CLEAR, "disabled"),
        Input(Shell.VIEW, "data"),
        *changed(Topic.JURISDICTIONS, Topic.STATIONS),
        State(Ids.WHATIF_STATION, "value"),
    )
    def show_plan(query: str, *more: Any) -> tuple[Any, ...]:
        view, at = read(query), desk()
        if view.pair is None:
            return [], None, [], None, True, True
        _, names = translator(view.lang), at.territory.names(view.lang)
        stations = at.reach.stations(*view.pair, steps=view.whatif)
        options = whatif.station_options(stations, names, _)
        kind, _sep, key = (view.selected or "").partition(":")
        wanted = key if kind == "station" else more[-1]
        value = wanted if any(one["value"] == wanted for one in options) else None
        called = dict(zip(stations["id"], stations["name"], strict=True))
        nothing = not view.whatif
        return options, value, options, whatif.steps_words(view.whatif, called, _), nothing, nothing

    @app.callback(Output(Ids.MODELS, "children"), Input(Shell.VIEW, "data"), Input(Ids.TABS, "value"), *changed(*BEATS))
    def compare(query: str, tab: str, *_beats: Any) -> Any:
        view, at = read(query), desk()
        asked = question_of(at, view) if tab == "whatif" else None
        if asked is None:
            return no_update
        _, names = translator(view.lang), at.territory.names(view.lang)
        both = (names[asked.agreement.a], names[asked.agreement.b])
        before = at.reach.models(asked.as_it_is)
        after = at.reach.models(asked) if asked.steps else None
        return [*whatif.compared(before, after, both, _), note(at.reach.stated, _)]
