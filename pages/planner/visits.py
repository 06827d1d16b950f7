"""The planner's part on visits: a heat map of places and months, what it says in words, and the blind spots as a table."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from casework.visits import BLIND_MONTHS, Visited
from layers.palette import Palette
from layers.view import View
from pages.plain import plain
from pages.planner.ids import Ids
from pages.shell import NO_CHART, attributes, chart_config
from words import Translate

_MOST_ROWS = 24


def chart(view: View, _: Translate) -> html.Div:
    """Where the heat map comes, with its words."""
    return html.Div(
        [
            html.Div(id=Ids.VISITS_WORDS, className="visits-words", **attributes(aria_live="polite")),
            html.Div(
                dcc.Graph(id=Ids.VISITS_CHART, figure=NO_CHART, config=chart_config(view), responsive=True),
                className="visits-chart",
                role="img",
                **attributes(aria_label=_("Visits by place and month; the table beside it holds the blind spots")),
            ),
        ],
        className="visits",
    )


def heat_map(found: Visited, names: Mapping[str, str], palette: Palette, _: Translate) -> dict[str, Any]:
    """Plotly figure: the places that need visits most, by month; white is nobody."""
    shown = found.matrix.iloc[:_MOST_ROWS]
    by_id = found.places.set_index("id")
    labels = [plain(place_name(one, by_id, names)) for one in shown.index]
    trace = {
        "type": "heatmap",
        "z": shown.to_numpy().tolist(),
        "x": [one[2:] for one in shown.columns],
        "y": labels,
        "xgap": 1,
        "ygap": 1,
        "colorscale": [[0, palette.ground], [0.001, palette.outline], [1, palette.green]],
        "zmin": 0,
        "colorbar": {
            "thickness": 10,
            "outlinewidth": 0,
            "tickformat": "d",
            "title": {"text": _("visits"), "side": "right"},
        },
        "hovertemplate": "%{y}<br>%{x}: %{z}<extra></extra>",
    }
    layout = {
        "margin": {"l": 120, "r": 8, "t": 28, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": palette.quiet, "size": 12, "family": "var(--font)"},
        "xaxis": {"type": "category", "showgrid": False, "side": "top", "tickangle": 0},
        "yaxis": {"autorange": "reversed", "type": "category", "showgrid": False, "dtick": 1},
        "hoverlabel": {"font": {"color": palette.ink, "family": "var(--font)"}, "bgcolor": palette.land},
    }
    return {"data": [trace], "layout": layout}


def words(found: Visited, _: Translate) -> list[Any]:
    """How many places nobody visited of late, and what counts as a visit."""
    n, n_blind = len(found.places), len(found.blind)
    head = (
        _("{blind} of {n} townships were not visited in the last {months} months.")
        if found.townships
        else _("{blind} of {n} squares of 3 km were not visited in the last {months} months.")
    ).format(blind=f"{n_blind:,}", n=f"{n:,}", months=BLIND_MONTHS)
    told = [
        html.P(head, className="verdict"),
        html.P(
            _("{n} visits in 12 months: inspections and random visits that found something, and patrols. Visits that "
              "found nothing are not in the data, so a blind spot may have been seen.").format(n=f"{found.n_visits:,}"),
            className="quiet",
        ),
    ]  # fmt: skip
    if not found.townships:
        told.append(
            html.P(
                _("No townships are loaded, so each side is cut into squares, lettered from the north, numbered from "
                  "the west."),
                className="quiet",
            )
        )  # fmt: skip
    return told


def columns(_: Translate) -> list[dict[str, Any]]:
    """Columns of the table of blind spots."""
    return [
        {"field": "name", "headerName": _("Blind spot"), "minWidth": 130, "flex": 5},
        {"field": "need", "headerName": _("Risk there"), "minWidth": 100, "flex": 3},
        {"field": "months", "headerName": _("Months unvisited"), "minWidth": 130, "flex": 3},
    ]


def table_rows(found: Visited, names: Mapping[str, str], picked: str | None) -> list[dict[str, Any]]:
    """One row a blind spot, most risk first; `key` is what a view picks it by."""
    by_id = found.places.set_index("id")
    return [
        {
            "key": (key := f"place:{row['place']}"),
            "picked": key == picked,
            "name": place_name(row["place"], by_id, names),
            "need": round(row["need"], 1),
            "months": row["n_months"],
        }
        for row in found.blind.to_dict("records")
    ]


def place_name(one: str, by_id: Any, names: Mapping[str, str]) -> str:
    """A township's name; a square's letter and number after its side in the reader's language."""
    side, name = by_id["side"][one], str(by_id["name"][one])
    return f"{names.get(side, side)} {one.removeprefix(side + ' ')}" if one.startswith(f"{side} ") else name
