"""The plans: a coordinator asks for a day of joint patrols, sees the plan, changes it, and both sides agree."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from layers import PLANS_LAYERS
from layers.view import View
from pages import shell
from pages.panels import section
from pages.plans import merging
from pages.plans.drawer import drawer
from pages.plans.ids import Ids
from pages.plans.wants import ask
from pages.shell import Signed, attributes
from settings import Settings
from words import Translate, translator

_WEEKS = 2


def layout(view: View, pulse: dict[str, Any], origin: str, settings: Settings, signed: Signed | None) -> Any:
    """The page for a view; what may be chosen from comes later."""
    _ = translator(view.lang)
    return shell.page(
        view,
        pulse,
        settings.refresh_s,
        [
            shell.bar(view, "/plans", settings.stale_after_s, _, signed),
            html.Main(
                [
                    html.Aside(ask(view, _), className="left"),
                    html.Div(shell.map_of(PLANS_LAYERS, view, pulse["versions"], origin, _), className="middle"),
                    html.Aside([_result(_), _agree(_), _more(_)], className="right"),
                    drawer(view, _),
                ],
                className="planner plans",
            ),
            dcc.Store(id=Ids.WORK),
            dcc.Store(id=Ids.ORDER),
            dcc.Store(id=Ids.CHANGE),
            dcc.Store(id=Ids.POINT_MODE, data=""),
            dcc.Store(id=Ids.SCENE),
        ],
    )


def _result(_: Translate) -> html.Section:
    return section(
        _("The plan"),
        html.Div(id=Ids.SUMMARY, className="stack", **attributes(aria_live="polite")),
        html.Div(id=Ids.WARNINGS, className="stack", **attributes(aria_live="polite")),
    )


def _agree(_: Translate) -> html.Section:
    """Both sides agree: the steps that the law allows, and the history."""
    button = {"size": "xs", "variant": "default", "display": "none"}
    return section(
        _("Agree"),
        html.Div(id=Ids.STANDING, **attributes(aria_live="polite")),
        merging.panel(_),
        dmc.TextInput(id=Ids.TITLE, label=_("Title"), placeholder=_("both sides and the day")),
        dmc.SegmentedControl(
            id=Ids.ACTING,
            data=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
            value="a",
            fullWidth=True,
            **attributes(aria_label=_("For whom you act")),
        ),
        dmc.Textarea(id=Ids.REASON, label=_("Why (to send back or cancel)"), autosize=True, minRows=1),
        html.Div(
            [
                dmc.Button(_("Keep as draft"), id=Ids.KEEP, **{**button, "variant": "filled"}),
                dmc.Button(_("Propose"), id=Ids.PROPOSE, **button),
                dmc.Button(_("Accept"), id=Ids.ACCEPT, **button),
                dmc.Button(_("Send back"), id=Ids.RETURN, **button),
                dmc.Button(_("Done"), id=Ids.FINISH, **button),
                dmc.Button(_("Cancel the plan"), id=Ids.CALL_OFF, **button),
            ],
            className="row",
        ),
        html.Details([html.Summary(_("What happened to it")), html.Div(id=Ids.STEPS)]),
        html.Div([html.H3(_("Take along")), html.Div(id=Ids.TAKE)]),
    )


def _more(_: Translate) -> html.Section:
    """An ad-hoc task, and a series."""
    return section(
        _("Further"),
        html.Details(
            [
                html.Summary(_("An urgent visit: what falls out")),
                html.Div(
                    [
                        dmc.Select(id=Ids.AD_HOC, label=_("Firm"), data=[], searchable=True, clearable=True, limit=40),
                        dmc.TextInput(id=Ids.AD_HOC_REASON, label=_("Reason (a green firm needs one)")),
                        dmc.Button(
                            _("Add as required and plan again"), id=Ids.AD_HOC_ADD, size="xs", variant="default"
                        ),
                    ],
                    className="stack",
                ),
            ]
        ),
        html.Details(
            [
                html.Summary(_("A series of the same wish")),
                html.Div(
                    [
                        html.Div(
                            [
                                dmc.NumberInput(id=Ids.SERIES_N, label=_("Dates"), value=4, min=1, max=52),
                                dmc.NumberInput(
                                    id=Ids.SERIES_WEEKS, label=_("Every so many weeks"), value=_WEEKS, min=1, max=52
                                ),
                            ],
                            className="two",
                        ),
                        dmc.Button(
                            _("Plan each date and keep the drafts"), id=Ids.SERIES, size="xs", variant="default"
                        ),
                    ],
                    className="stack",
                ),
            ]
        ),
    )
