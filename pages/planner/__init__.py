"""The planner: a coordinator chooses two sides, sees what gathers on the line, sets the zone and proposes a patrol."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from layers import PLANNER_LAYERS
from layers.view import View
from pages import shell
from pages.panels import section
from pages.planner.controls import controls
from pages.planner.editor import redrawn
from pages.planner.ids import Ids
from pages.planner.tables import tables
from pages.shell import Signed, attributes
from settings import Settings
from words import Translate, translator


def layout(view: View, pulse: dict[str, Any], origin: str, settings: Settings, signed: Signed | None) -> Any:
    """The page for a view; controls hold the view's values, what they may choose from comes later."""
    _ = translator(view.lang)
    return shell.page(
        view,
        pulse,
        settings.refresh_s,
        [
            shell.bar(view, "/", settings.stale_after_s, _, signed),
            html.Main(
                [
                    html.Aside(controls(view, settings, _), className="left"),
                    html.Div(
                        [shell.map_of(PLANNER_LAYERS, view, pulse["versions"], origin, _), _time(view, _)],
                        className="middle",
                    ),
                    html.Aside([redrawn(_), _figures(_), _detail(_), _first(_)], className="right"),
                    tables(view, _),
                ],
                className="planner",
            ),
            dcc.Store(id=Ids.PICKED, data=view.selected),
            dcc.Store(id=Ids.PICK_MODE, data=""),
            dcc.Store(id=Ids.PROPOSED),
            dcc.Store(id=Ids.SCENE),
        ],
    )


def _time(view: View, _: Translate) -> html.Div:
    return html.Div(
        dcc.Graph(id=Ids.TIME, figure=shell.NO_CHART, config=shell.chart_config(view), responsive=True),
        className="time",
        role="img",
        **attributes(aria_label=_("Incidents per week: side A upwards, side B downwards")),
    )


def _figures(_: Translate) -> html.Section:
    return section(
        _("Both sides"),
        html.Div(id=Ids.FIGURES, **attributes(aria_live="polite")),
        html.Div(id=Ids.DISPUTED, **attributes(aria_live="polite")),
    )


def _first(_: Translate) -> html.Section:
    return section(_("Who gets there first"), html.Div(id=Ids.GAIN, **attributes(aria_live="polite")))


def _detail(_: Translate) -> html.Section:
    return section(
        _("Picked"),
        html.Div(id=Ids.DETAIL, **attributes(aria_live="polite")),
        html.Div(
            [
                dmc.DatePickerInput(id=Ids.PATROL_DAY, label=_("Day of the patrol"), valueFormat="YYYY-MM-DD"),
                dmc.Button(_("Propose a joint patrol"), id=Ids.PROPOSE),
            ],
            className="two patrol-form",
        ),
        html.Div(id=Ids.PROPOSAL, **attributes(aria_live="polite")),
        dmc.Button(_("Keep as draft"), id=Ids.KEEP, variant="outline", display="none"),
    )
