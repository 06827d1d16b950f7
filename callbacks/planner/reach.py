"""Who gets there first: the zone's gain, the tables of minutes saved and of gaps, and who was visited."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.shell import changed
from callbacks.view import read
from casework.desk import DAY, Desk
from casework.errors import NotFoundError
from casework.ports import Topic
from casework.ways import Question
from layers.choice import drafted
from layers.palette import PALETTES
from layers.reach import REACH
from layers.view import View, chosen
from pages.planner import reach as words_of
from pages.planner import sites, visits
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import Translate, translator

_MOST_ROWS = 500
BEATS = (Topic.JURISDICTIONS, Topic.AGREEMENTS, Topic.INCIDENTS, Topic.STATIONS, Topic.ROADS, Topic.FIRMS)


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Tell who is first; what stands in a tab behind is computed when the tab comes to the front."""

    # Whoever asks where reach ends wants to see it.
    @app.callback(
        Output(Ids.LAYERS, "value"),
        Input(Ids.BORDER, "value"),
        State(Ids.LAYERS, "value"),
        prevent_initial_call=True,
    )
    def show_reach(_border: str, shown: list[str]) -> Any:
        return no_update if REACH.key in shown else [*shown, REACH.key]

    @app.callback(Output(Ids.GAIN, "children"), Input(Shell.VIEW, "data"), *changed(*BEATS))
    def show_gain(query: str, *_beats: Any) -> Any:
        view, at = read(query), desk()
        asked = question_of(at, view)
        if asked is None:
            return None
        names = at.territory.names(view.lang)
        both = (names[asked.agreement.a], names[asked.agreement.b])
        return words_of.gain(at.reach.gain(asked), both, at.reach.stated, len(asked.steps), translator(view.lang))

    @app.callback(
        Output(Ids.FIRST, "rowData"),
        Output(Ids.FIRST_WORDS, "children"),
        Input(Shell.VIEW, "data"),
        Input(Ids.TABS, "value"),
        *changed(*BEATS),
    )
    def list_first(query: str, tab: str, *_beats: Any) -> tuple[Any, Any]:
        view, at = read(query), desk()
        asked = question_of(at, view) if tab == "first" else None
        if asked is None:
            return no_update, no_update
        _ = translator(view.lang)
        found = at.reach.first(asked)
        listed = words_of.table_rows(found.head(_MOST_ROWS), at.territory.names(view.lang), view.selected, _)
        told = [words_of.first_words(found, len(listed), _), words_of.note(at.reach.stated, _, len(asked.steps))]
        return listed, told

    @app.callback(
        Output(Ids.GAPS, "rowData"),
        Output(Ids.GAPS_WORDS, "children"),
        Input(Shell.VIEW, "data"),
        Input(Ids.TABS, "value"),
        *changed(*BEATS),
    )
    def list_gaps(query: str, tab: str, *_beats: Any) -> tuple[Any, Any]:
        view, at = read(query), desk()
        asked = question_of(at, view) if tab == "gaps" else None
        if asked is None:
            return no_update, no_update
        _ = translator(view.lang)
        found = at.reach.gaps(asked)
        listed = words_of.table_rows(found.head(_MOST_ROWS), at.territory.names(view.lang), view.selected, _)
        told = [words_of.gap_words(found, at.rules.reach_min, _), words_of.note(at.reach.stated, _, len(asked.steps))]
        return listed, told

    @app.callback(
        Output(Ids.VISITS_WORDS, "children"),
        Output(Ids.VISITS_CHART, "figure"),
        Output(Ids.VISITS, "rowData"),
        Input(Shell.VIEW, "data"),
        Input(Ids.TABS, "value"),
        *changed(Topic.JURISDICTIONS, Topic.INCIDENTS, Topic.FIRMS, Topic.PATROLS, DAY),
    )
    def show_visits(query: str, tab: str, *_beats: Any) -> tuple[Any, Any, Any]:
        view, at = read(query), desk()
        if tab != "visits" or view.pair is None:
            return (no_update,) * 3
        _, names = translator(view.lang), at.territory.names(view.lang)
        found = at.visits.of(*view.pair)
        return (
            visits.words(found, _),
            visits.heat_map(found, names, PALETTES[view.theme], _),
            visits.table_rows(found, names, view.selected),
        )


def picked_site(desk: Desk, view: View, kind: str, key: str, _: Translate) -> Any:
    """What is said of a picked firm, station, or place of visits.

    Raises
    ------
    NotFoundError
        When it is not there, or not on these two sides.
    """
    asked, names = question_of(desk, view), desk.territory.names(view.lang)
    if asked is None or view.pair is None:
        raise NotFoundError("Choose two sides first.")
    if kind == "station":
        around = desk.reach.around(asked, key)
        stations = desk.reach.stations(*view.pair, steps=view.whatif).set_index("id", drop=False)
        return sites.station(stations.loc[key].to_dict(), around, names, desk.reach.stated, _)
    if kind == "firm":
        found = desk.reach.first(asked).query("kind == 'firm' and id == @key")
        firms = desk.stations.firms(*view.pair).set_index("id")
        if found.empty:
            raise NotFoundError("There is no firm {id} on these two sides.", id=key)
        desk.log.opened(kind, key, firms["jurisdiction_id"][key])
        return sites.firm(found.iloc[0].to_dict(), str(firms["code"][key]), names, desk.reach.stated, _)
    visited = desk.visits.of(*view.pair)
    if key not in visited.matrix.index:
        raise NotFoundError("There is no township or square {id} on these two sides.", id=key)
    return sites.place(visited, key, names, _)


def question_of(desk: Desk, view: View) -> Question | None:
    """What a view asks of reach; None until two sides are chosen."""
    agreement = drafted(desk, view)
    return None if agreement is None else Question(agreement, chosen(desk, view), view.whatif)
