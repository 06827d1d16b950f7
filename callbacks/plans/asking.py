"""What a coordinator may ask for is offered: sides, stations, clusters and firms that are due."""

from collections.abc import Callable
from datetime import date
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.plans.work import read_work
from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.ports import Topic
from layers.choice import current, placed
from layers.choice import opened as opened_at
from layers.view import View, chosen
from pages.plans import wants
from pages.plans.ids import Ids
from pages.shell import Ids as Shell
from pages.tables import AWAY, IN_FULL
from words import translator

_MAP_PX = (900, 420)


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Fill what may be chosen."""

    @app.callback(
        Output(Ids.SIDE_A, "data"),
        Output(Ids.SIDE_B, "data"),
        Output(Ids.SIDE_B, "value"),
        Output(Ids.STATIONS, "data"),
        Output(Ids.DAY, "value"),
        Output(Ids.ADD_FIRM, "data"),
        Output(Ids.AD_HOC, "data"),
        Input(Ids.SIDE_A, "value"),
        Input(Ids.SIDE_B, "value"),
        *changed(Topic.JURISDICTIONS, Topic.STATIONS, Topic.FIRMS),
        State(Ids.DAY, "value"),
        State(Shell.VIEW, "data"),
    )
    def offer_sides(a: str | None, b: str | None, *more: Any) -> tuple[Any, ...]:
        *_beats, day, query = more
        at, view = desk(), read(query)
        names = at.territory.names(view.lang)
        on = day or at.candidates.next_working_day().isoformat()
        everybody = _options({one: names[one] for one in sorted(names, key=names.__getitem__)})
        if not a:
            return everybody, [], None, [], on, [], []
        near = at.territory.neighbours(a)
        b = b if b in near else next(iter(near), None)
        beside = _options({one: names[one] for one in near})
        if b is None:
            return everybody, beside, None, [], on, [], []
        stations = at.planning.wishes.stations(a, b)
        manned = stations[stations["n_officers"] > 0]
        firms = at.planning.wishes.firms(a, b)
        listed = _options(dict(zip(firms["id"], firms["name"], strict=True)))
        return (
            everybody, beside, b, _options(dict(zip(manned["id"], manned["name"], strict=True))), on, listed, listed,
        )  # fmt: skip

    @app.callback(
        Output(Shell.VIEW, "data"),
        Input(Ids.SIDE_A, "value"),
        Input(Ids.SIDE_B, "value"),
        Input(Ids.WORK, "data"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def remember(a: str | None, b: str | None, sent: dict[str, Any] | None, query: str) -> Any:
        view, work = read(query), read_work(sent)
        kept = work.plan.id if work and work.plan.version else None
        after = view.but(a=a or view.a, b=b or view.b, plan=kept if work else view.plan).query()
        return no_update if after == query else after

    @app.callback(
        Output(Ids.WANTED, "rowData"),
        Output(Ids.WANTED_WORDS, "children"),
        Output(Ids.WANTED, "style"),
        Input(Ids.SIDE_A, "value"),
        Input(Ids.SIDE_B, "value"),
        Input(Ids.DAY, "value"),
        State(Shell.VIEW, "data"),
    )
    def offer_visits(a: str | None, b: str | None, day: str | None, query: str) -> tuple[Any, Any, Any]:
        at, view = desk(), read(query)
        _ = translator(view.lang)
        names = at.territory.names(view.lang)
        if not names:
            return [], _("There are no jurisdictions yet: load boundaries first."), AWAY
        if not a or not b or b not in at.territory.neighbours(a):
            return [], _("Choose two sides first."), IN_FULL
        on = date.fromisoformat(day) if day else at.candidates.next_working_day()
        found = at.candidates.gathered(a, b, chosen(at, View(a=a, b=b)), on, _("Cluster {number}"))
        due = at.candidates.due(a, b, on)
        rows = [
            *(wants.cluster_row(one, _) for one in found),
            *wants.firm_rows(due, _("due"), _, names),
        ]
        words = _("{clusters} clusters, {firms} firms due beside the zones in force on {day}.").format(
            clusters=len(found), firms=len(due), day=on.isoformat()
        )
        if due.empty and not at.agreements.in_force():
            words += " " + _("No agreement is in force: keep a zone in the planner first.")
        return rows, words, IN_FULL


def opened(desk: Desk, view: View) -> View:
    """The view the page opens with: the two sides of its plan where it names one, else those of its link, else the first."""
    found = next((one for one in desk.plans.all() if one.id == view.plan), None)
    if found is not None:
        view = view.but(a=found.a, b=found.b, agreement=None)
        spots = [
            spot for crew in found.crews for spot in ((crew.lon, crew.lat), *((one.lon, one.lat) for one in crew.stops))
        ]
        if spots:
            lons, lats = zip(*spots, strict=True)
            view = placed(view, (min(lons), min(lats), max(lons), max(lats)), _MAP_PX)
    return opened_at(desk, view).but(agreement=None) if current(desk, view) else view


def _options(names: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": one, "label": name} for one, name in names.items()]
