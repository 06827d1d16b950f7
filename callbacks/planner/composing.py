"""Controls become a view: the two sides, the terms, the filters."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.planner.fields import strips_of
from callbacks.view import read
from casework.desk import Desk
from layers import PLANNER_LAYERS
from layers.view import View, strips_text
from pages.planner.ids import Ids
from pages.shell import Ids as Shell


def register(app: Dash, _desk: Callable[[], Desk]) -> None:
    """Compose the view from the controls."""

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
        Input(Ids.ANALYSIS, "value"),
        Input(Ids.BORDER, "value"),
        Input(Ids.STEPS, "data"),
        Input(Ids.AGREED, "value"),
        Input(Ids.ENDS, "value"),
        Input(Ids.BEYOND, "checked"),
        Input(Ids.THIRD, "value"),
        Input(Ids.DEPTH_C, "value"),
        Input(Ids.ALONG, "value"),
        Input(Ids.ALONG_A_FROM, "value"),
        Input(Ids.ALONG_A_TO, "value"),
        Input(Ids.ALONG_B_FROM, "value"),
        Input(Ids.ALONG_B_TO, "value"),
        Input(Ids.BASE, "data"),
        State(Ids.THIRD, "disabled"),
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
        analysis: str | None,
        border: str,
        planned: list[str | None] | None,
        *terms_and_query: Any,
    ) -> tuple[Any, Any]:
        *terms, query = terms_and_query
        before = read(query)
        since, until = period or (None, None)
        switches = [layer for layer in PLANNER_LAYERS if layer.switch]
        stretch = {} if not (a and b) else {"from_m": stretch_km[0] * 1000, "to_m": stretch_km[1] * 1000}
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
            "analysis": analysis,
            "bound": "yes" if border == "bound" else "no",
            "whatif": _planned(planned, a, b),
            **stretch,
            **_terms((a, b), (depth_a_m, depth_b_m), *terms),
        }
        after = View.read({name: None if value is None else str(value) for name, value in told.items()})
        if after.pair != before.pair and before.pair is not None:
            after = after.but(selected=None, analysis=None)
        if after == before:
            return no_update, no_update
        # What the notice says belongs to the view it was said in; an agreement that came or went is what it tells of.
        told_of = after.pair == before.pair and (after.agreement is None) != (before.agreement is None)
        return after.query(), no_update if told_of else ""


def _planned(planned: list[str | None] | None, a: str | None, b: str | None) -> str | None:
    """The steps that were planned for these two sides; those of two others stay with them."""
    return planned[2] if planned and planned[:2] == [a, b] else None


def _terms(
    sides: tuple[str | None, str | None],
    depths_m: tuple[Any, Any],
    agreed: list[str] | None,
    ends: str | None,
    beyond: bool | None,
    third: str | None,
    depth_c_m: Any,
    along: list[str] | None,
    *marks_base_and_disabled: Any,
) -> dict[str, str]:
    """The terms that are not those the editor started from; a link tells these and no others."""
    *marks_km, base, disabled = marks_base_and_disabled
    if base is None or sides != (base["a"], base["b"]) or not all(isinstance(one, int | float) for one in depths_m):
        return {}
    found: dict[str, str] = {}
    if ends and ends != base["ends"]:
        found["ends"] = ends
    if beyond is not None and beyond != base["beyond"]:
        found["beyond"] = "yes" if beyond else "no"
    if agreed and set(agreed) != set(base["agreed"]):
        found["agreed"] = ",".join(agreed)
    depths = (float(depths_m[0]), float(depths_m[1]))
    others = strips_text(strips_of((base["a"], base["b"]), depths, third, depth_c_m, along, marks_km))
    if not disabled and others != base["others"]:
        found["others"] = others
    return found
