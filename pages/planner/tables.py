"""The planner's tables: clusters, incidents, patrols, who is first and where nobody is, station models, visits."""

from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html

from layers.view import View
from pages.planner import reach, visits
from pages.planner.findings import columns
from pages.planner.ids import Ids
from pages.tables import grid, larger
from words import Translate, translator


def tables(view: View, _: Translate) -> html.Div:
    """The tables, one in front."""
    clusters = [
        {"field": "cluster", "headerName": "#", "minWidth": 60, "flex": 2},
        {"field": "n", "headerName": _("Incidents"), "minWidth": 110, "flex": 3},
        {"field": "n_a", "headerName": "A", "minWidth": 60, "flex": 2},
        {"field": "n_b", "headerName": "B", "minWidth": 60, "flex": 2},
        {"field": "across", "headerName": _("Across the line"), "minWidth": 130, "flex": 4},
        {"field": "first", "headerName": _("From"), "minWidth": 110, "flex": 3},
        {"field": "last", "headerName": _("To"), "minWidth": 110, "flex": 3},
        {"field": "radius", "headerName": _("Radius, m"), "minWidth": 100, "flex": 3},
        {"field": "severity", "headerName": _("Most severe"), "minWidth": 110, "flex": 3},
    ]
    incidents = [
        {"field": "at", "headerName": _("When"), "minWidth": 140, "flex": 4},
        {"field": "category", "headerName": _("Category"), "minWidth": 100, "flex": 3},
        {"field": "severity", "headerName": _("Severity"), "minWidth": 100, "flex": 3},
        {"field": "source", "headerName": _("Discovered by"), "minWidth": 150, "flex": 5},
        {"field": "jurisdiction", "headerName": _("Jurisdiction"), "minWidth": 130, "flex": 4},
        {"field": "description", "headerName": _("Description"), "flex": 8, "minWidth": 160},
    ]
    patrols = [
        {"field": "on", "headerName": _("Day"), "minWidth": 110, "flex": 3},
        {"field": "agreement", "headerName": _("Agreement"), "flex": 8, "minWidth": 180},
        {"field": "crew", "headerName": _("Crew"), "flex": 14, "minWidth": 240},
        {"field": "state", "headerName": _("State"), "minWidth": 110, "flex": 3},
    ]
    return html.Div(
        [
            larger(_),
            dmc.Tabs(
                [
                    dmc.TabsList(
                        [
                            dmc.TabsTab(_("Tested clusters"), value="tested"),
                            dmc.TabsTab(_("Quick look"), value="clusters"),
                            dmc.TabsTab(_("Incidents"), value="incidents"),
                            dmc.TabsTab(_("Patrols"), value="patrols"),
                            dmc.TabsTab(_("Who is first"), value="first"),
                            dmc.TabsTab(_("Gaps"), value="gaps"),
                            dmc.TabsTab(_("What if"), value="whatif"),
                            dmc.TabsTab(_("Visits"), value="visits"),
                        ]
                    ),
                    dmc.TabsPanel(
                        _grid(Ids.FINDINGS, columns(_), view, _("Nothing was tested yet, or nothing was found.")),
                        value="tested",
                    ),
                    dmc.TabsPanel(_grid(Ids.CLUSTERS, clusters, view), value="clusters"),
                    dmc.TabsPanel(_grid(Ids.INCIDENTS, incidents, view), value="incidents"),
                    dmc.TabsPanel(
                        [
                            html.Div(_grid(Ids.PATROLS, patrols, view), className="grow"),
                            dmc.Button(
                                _("Cancel the chosen patrol…"),
                                id=Ids.CANCEL_PATROL,
                                size="xs",
                                variant="default",
                                disabled=True,
                            ),
                            dcc.ConfirmDialog(
                                id=Ids.CANCEL_SURE, message=_("Cancel this patrol? It stays in the list as cancelled.")
                            ),
                        ],
                        value="patrols",
                    ),
                    *_reach_panels(view, _),
                ],
                id=Ids.TABS,
                value="clusters",
                keepMounted=True,
            ),
        ],
        className="tables",
    )


def _reach_panels(view: View, _: Translate) -> list[Any]:
    """Who is first, what nobody reaches in time, the station models, and who was visited."""
    first = reach.first_columns(_)
    return [
        dmc.TabsPanel(
            [
                html.Div(id=Ids.FIRST_WORDS, className="table-words"),
                _grid(Ids.FIRST, first, view, _("No firm and no incident.")),
            ],
            value="first",
        ),
        dmc.TabsPanel(
            [html.Div(id=Ids.GAPS_WORDS, className="table-words"), _grid(Ids.GAPS, first, view, _("No gap."))],
            value="gaps",
        ),
        dmc.TabsPanel(html.Div(id=Ids.MODELS, className="models-panel", tabIndex="0"), value="whatif"),
        dmc.TabsPanel(
            html.Div(
                [
                    visits.chart(view, _),
                    _grid(Ids.VISITS, visits.columns(_), view, _("Every place was visited of late.")),
                ],
                className="visits-panel",
            ),
            value="visits",
        ),
    ]


def _grid(identifier: str, columns: list[dict[str, Any]], view: View, empty: str | None = None) -> dag.AgGrid:
    return grid(
        identifier,
        columns,
        view,
        empty or translator(view.lang)("Nothing in this period with these filters."),
        every={"wrapHeaderText": True, "autoHeaderHeight": True},
        rowClassRules={"picked": "params.data.picked"},
        eventListeners={"cellKeyDown": ["lianfangPickOnEnter(params)"]},
    )
