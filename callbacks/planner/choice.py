"""Controls become a view: the two sides, the terms, the filters."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.shell import changed
from callbacks.view import read
from casework.desk import DAY, Desk
from casework.ports import Topic
from layers import PLANNER_LAYERS
from layers.choice import choose
from layers.view import View
from pages import rows
from pages.planner.ids import Ids
from pages.shell import Ids as Shell
from words import translator


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Let controls follow each other, and compose the view from them."""

    @app.callback(
        Output(Ids.AGREEMENT, "data"),
        Output(Ids.AGREEMENT, "value"),
        Output(Ids.SIDE_A, "data"),
        Output(Ids.SIDE_A, "value"),
        Output(Ids.SIDE_B, "data"),
        Output(Ids.SIDE_B, "value"),
        Output(Ids.STRETCH, "max"),
        Output(Ids.STRETCH, "marks"),
        Output(Ids.STRETCH, "value"),
        Output(Ids.DEPTH_A, "value"),
        Output(Ids.DEPTH_B, "value"),
        Output(Ids.TITLE, "value"),
        Input(Ids.AGREEMENT, "value"),
        Input(Ids.SIDE_A, "value"),
        Input(Ids.SIDE_B, "value"),
        *changed(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
        State(Shell.VIEW, "data"),
    )
    def settle(agreement: str | None, a: str | None, b: str | None, *beats_and_query: Any) -> tuple[Any, ...]:
        query: str = beats_and_query[-1]
        view, at = read(query), desk()
        names = at.territory.names(view.lang)
        agreements = rows.agreements(at.agreements.all(), names, at.today(), translator(view.lang))
        found = choose(at, view, agreement, a, b)
        options = [{"value": one, "label": name} for one, name in sorted(names.items(), key=lambda pair: pair[1])]
        if found is None:
            return (agreements, None, options, a, [], None, *[no_update] * 5, "")
        terms, length_km = found.agreement, found.border_length_m // 1 / 1000
        near = [{"value": one, "label": names[one]} for one in at.territory.neighbours(terms.a)]
        start_m, end_m = found.stretch_m
        return (
            agreements,
            terms.id if found.kept else None,
            options,
            terms.a,
            near,
            terms.b,
            length_km,
            [{"value": 0, "label": "0"}, {"value": length_km, "label": f"{length_km:.1f}"}],
            [start_m // 10 / 100, end_m // 10 / 100],
            terms.depth_a_m,
            terms.depth_b_m,
            terms.title,
        )

    @app.callback(
        Output(Shell.VIEW, "data"),
        Output(Shell.NOTICE, "children"),
        Input(Ids.AGREEMENT, "value"),
        Input(Ids.SIDE_A, "value"),
        Input(Ids.SIDE_B, "value"),
        Input(Ids.STRETCH, "value"),
        Input(Ids.DEPTH_A, "value"),
        Input(Ids.DEPTH_B, "value"),
        Input(Ids.PERIOD, "value"),
        Input(Ids.CATEGORIES, "value"),
        Input(Ids.SOURCES, "value"),
        Input(Ids.SEVERITY, "value"),
        Input(Ids.LAYERS, "value"),
        Input(Ids.PICKED, "data"),
        State(Shell.VIEW, "data"),
    )
    def compose(
        agreement: str | None,
        a: str | None,
        b: str | None,
        stretch_km: list[float],
        depth_a_m: float | None,
        depth_b_m: float | None,
        period: list[str | None] | None,
        categories: list[str],
        sources: list[str],
        severity: str,
        shown: list[str],
        picked: str | None,
        query: str,
    ) -> tuple[Any, Any]:
        before = read(query)
        since, until = period or (None, None)
        switches = [layer for layer in PLANNER_LAYERS if layer.switch]
        terms = {} if not (a and b) else {"from_m": stretch_km[0] * 1000, "to_m": stretch_km[1] * 1000}
        told = {
            "lang": before.lang,
            "theme": before.theme,
            "agreement": agreement,
            "a": a,
            "b": b,
            "depth_a_m": depth_a_m,
            "depth_b_m": depth_b_m,
            "since": since,
            "until": until,
            "categories": ",".join(categories),
            "sources": ",".join(sources),
            "severity": severity,
            "hide": ",".join(layer.key for layer in switches if layer.shown and layer.key not in shown),
            "show": ",".join(layer.key for layer in switches if not layer.shown and layer.key in shown),
            "selected": picked,
            **terms,
        }
        after = View.read({name: None if value is None else str(value) for name, value in told.items()})
        if after.pair != before.pair and before.pair is not None:
            after = after.but(selected=None)
        # What the notice says belongs to the view it was said in.
        return (no_update, no_update) if after == before else (after.query(), "")
