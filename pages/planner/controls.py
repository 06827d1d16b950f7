"""The planner's controls; they hold the view's values, what they may choose from comes later."""

import dash_mantine_components as dmc
from dash import html

from casework.model import Category, Severity, Source
from layers import PLANNER_LAYERS
from layers.terms import CATEGORIES, SEVERITIES, SOURCES
from layers.view import View
from pages.panels import section
from pages.planner.editor import editor
from pages.planner.findings import testing
from pages.planner.ids import Ids
from pages.planner.reach import toggle
from pages.planner.whatif import panel
from pages.shell import attributes
from settings import Settings
from words import Translate


def controls(view: View, settings: Settings, _: Translate) -> list[html.Section]:
    """The left panel: who, which zone, which incidents, which layers."""
    return [
        _sides(view, _),
        _zone(view, _),
        _filters(view, _),
        section(_("Clusters"), *testing(view, settings, _)),
        section(_("Reach"), *toggle(view, _)),
        section(_("What if"), *panel(view, _)),
        _layers(view, _),
    ]


def _sides(view: View, _: Translate) -> html.Section:
    return section(
        _("Who"),
        dmc.Select(
            id=Ids.AGREEMENT,
            label=_("Agreement"),
            value=view.agreement,
            data=[],
            searchable=True,
            clearable=True,
            placeholder=_("none chosen"),
        ),
        html.Div(
            [
                dmc.Select(
                    id=Ids.SIDE_A,
                    label=_("Side A"),
                    value=view.pair and view.pair[0],
                    data=[],
                    searchable=True,
                    className="side-a",
                ),
                dmc.Select(
                    id=Ids.SIDE_B,
                    label=_("Side B"),
                    value=view.pair and view.pair[1],
                    data=[],
                    searchable=True,
                    className="side-b",
                ),
            ],
            className="two",
        ),
    )


def _zone(view: View, _: Translate) -> html.Section:
    return section(_("Zone"), *editor(view, _))


def _filters(view: View, _: Translate) -> html.Section:
    period = [view.since and view.since.isoformat(), view.until and view.until.isoformat()]
    return section(
        _("Incidents"),
        dmc.DatePickerInput(
            id=Ids.PERIOD,
            type="range",
            label=_("Period"),
            value=period,
            valueFormat="YYYY-MM-DD",
            clearable=True,
            placeholder=_("latest 90 days"),
            clearButtonProps={"aria-label": _("Latest 90 days")},
        ),
        dmc.MultiSelect(
            id=Ids.CATEGORIES,
            label=_("Category"),
            value=list(view.categories),
            clearable=True,
            placeholder=_("all"),
            data=[{"value": one, "label": _(CATEGORIES[one])} for one in Category],
        ),
        dmc.MultiSelect(
            id=Ids.SOURCES,
            label=_("Discovered by"),
            value=list(view.sources),
            clearable=True,
            placeholder=_("all"),
            data=[{"value": one, "label": _(SOURCES[one])} for one in Source],
        ),
        html.Label(_("Severity from"), id="severity-label"),
        dmc.SegmentedControl(
            id=Ids.SEVERITY,
            value=str(int(view.severity)),
            fullWidth=True,
            size="xs",
            data=[{"value": str(int(one)), "label": _(SEVERITIES[one])} for one in Severity],
        ),
        html.Div(id=Ids.COUNT, className="count", **attributes(aria_live="polite")),
    )


def _layers(view: View, _: Translate) -> html.Section:
    switches = [layer for layer in PLANNER_LAYERS if layer.switch]
    return section(
        _("Layers"),
        dmc.CheckboxGroup(
            [dmc.Checkbox(label=_(layer.title), value=layer.key, size="xs") for layer in switches],
            id=Ids.LAYERS,
            value=[layer.key for layer in switches if layer.is_shown(view)],
        ),
        html.Ul(
            [
                html.Li([html.Span("■ ▲ ★", className="shape"), _("team, squad, joint station")]),
                html.Li([html.Span("◆", className="shape red"), _("red: strict")]),
                html.Li([html.Span("▲", className="shape yellow"), _("yellow: watch")]),
                html.Li([html.Span("●", className="shape green"), _("green: do not disturb")]),
                html.Li(
                    [html.Span("◯", className="shape"), _("cluster: number · incidents; two hues: across the line")]
                ),
                html.Li([html.Span("✓ ?", className="shape"), _("tested: more than chance; chance explains it")]),
                html.Li([html.Span("▲ ▼", className="shape"), _("jurisdiction: hot, cold")]),
            ],
            className="legend",
        ),
    )
