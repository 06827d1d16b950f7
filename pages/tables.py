"""What every table of a page has: rows that come later, a look that follows the theme, words where nothing is."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import html

from layers.view import View
from pages.shell import attributes
from words import Translate

# Options of a table of which one row is picked, by mouse or keyboard.
ONE_ROW: Mapping[str, Any] = {
    "animateRows": False,
    "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
}
# Its style where it has a panel of its own, and where what it says of having no rows would be wrong.
IN_FULL: Mapping[str, Any] = {"height": "100%"}
AWAY: Mapping[str, Any] = {"display": "none"}


def grid(
    identifier: str,
    columns: Sequence[Mapping[str, Any]],
    view: View,
    empty: str,
    *,
    every: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] = ONE_ROW,
    height: str = "100%",
    **more: Any,
) -> dag.AgGrid:
    """A table that has no rows yet; `empty` is what it says until it has, and `every` holds for each of its columns.

    `options` are those of the grid, `more` those of its component. A row is known by its "key".
    """
    return dag.AgGrid(
        id=identifier,
        columnDefs=columns,
        rowData=[],
        getRowId="params.data.key",
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True, **(every or {})},
        dashGridOptions={"localeText": {"noRowsToShow": empty}, "rowHeight": 32, "headerHeight": 34, **options},
        className="ag-theme-alpine" + ("-dark" if view.theme == "dark" else ""),
        style={"height": height},
        **more,
    )


def larger(_: Translate) -> html.Button:
    """The button that gives the tables the page; the browser sees to it."""
    return html.Button(
        "⤢ " + _("Larger"), type="button", className="set larger", **attributes(data_larger="", aria_pressed="false")
    )
