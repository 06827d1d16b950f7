"""The drawer below the map: what to visit, the day as a chart, the stops as a table, what is left undone, all plans."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from casework.plan import Plan, Stop
from casework.timetable import is_joint
from layers.terms import PLAN_STATES
from layers.view import View
from pages.panels import local
from pages.plans.gantt import with_words
from pages.plans.ids import Ids
from pages.plans.wants import wanted
from pages.shell import attributes, chart_config
from pages.tables import ONE_ROW, grid, larger
from words import Translate

# Stops stand in the order of the day, plans with the newest day first.
_UNSORTED = {"sortable": False}


def drawer(view: View, _: Translate) -> html.Div:
    """The tabs, what to visit in front."""
    tabs = {
        "wanted": (_("To visit"), wanted(view, _)),
        "day": (_("Timetable"), _chart(view, _)),
        "stops": (_("Stops"), _stops(view, _)),
        "undone": (_("Left undone"), html.Div(id=Ids.UNDONE, className="models-panel", tabIndex="0")),
        "kept": (_("All plans"), _kept(view, _)),
    }
    return html.Div(
        [
            larger(_),
            dmc.Tabs(
                [
                    dmc.TabsList([dmc.TabsTab(title, value=key) for key, (title, _panel) in tabs.items()]),
                    *(dmc.TabsPanel(panel, value=key) for key, (_title, panel) in tabs.items()),
                ],
                id=Ids.TABS,
                value="wanted",
                keepMounted=True,
            ),
        ],
        className="tables",
    )


def _chart(view: View, _: Translate) -> html.Div:
    return html.Div(
        [
            html.Div(id=Ids.GANTT_WORDS, className="table-words"),
            dcc.Graph(id=Ids.GANTT, config=chart_config(view), responsive=True, className="gantt"),
        ],
        className="chart-panel",
        role="region",
        tabIndex="0",
        **attributes(aria_label=_("Timetable of each crew; the table of stops shows the same")),
    )


def _stops(view: View, _: Translate) -> html.Div:
    """The stops, to be dragged, and the same by buttons."""
    columns = [
        {"field": "crew", "headerName": _("Crew"), "width": 120, "rowDrag": True},
        {"field": "number", "headerName": "#", "width": 70},
        {"field": "title", "headerName": _("What"), "flex": 5, "minWidth": 170},
        {"field": "start", "headerName": _("Start"), "width": 80},
        {"field": "end", "headerName": _("End"), "width": 80},
        {"field": "travel", "headerName": _("Way, min"), "width": 95, "type": "rightAligned"},
        {"field": "joint", "headerName": _("Joint"), "width": 200, "tooltipField": "joint"},
        {"field": "risk", "headerName": _("Risk"), "width": 75, "type": "rightAligned"},
        {"field": "locked", "headerName": _("Locked"), "width": 115},
        {"field": "who", "headerName": _("Officers"), "flex": 4, "minWidth": 200, "tooltipField": "who"},
    ]
    button = {"size": "xs", "variant": "default", "disabled": True}
    tools = html.Div(
        [
            dmc.Select(
                id=Ids.MOVE_TO,
                data=[],
                allowDeselect=False,
                size="xs",
                placeholder=_("to crew"),
                **attributes(aria_label=_("Crew to move the visit to")),
            ),
            dmc.Button(_("Move"), id=Ids.MOVE, **button),
            dmc.Button("↑ " + _("Earlier"), id=Ids.EARLIER, **button),
            dmc.Button("↓ " + _("Later"), id=Ids.LATER, **button),
            dmc.TimeInput(id=Ids.AT, size="xs", **attributes(aria_label=_("Start of the visit"))),
            dmc.Button(_("Set the time"), id=Ids.SET_AT, **button),
            dmc.Button(_("Lock or unlock"), id=Ids.LOCK, **button),
            dmc.Button(_("Leave out"), id=Ids.FORBID, **button),
            dmc.Button(_("Another plan"), id=Ids.OTHER, **button),
            dmc.Button("↶ " + _("Undo"), id=Ids.UNDO, **button),
            dmc.Button("↷ " + _("Redo"), id=Ids.REDO, **button),
        ],
        className="row tools",
    )
    stops = grid(
        Ids.STOPS,
        columns,
        view,
        _("Plan first: the stops of each crew will be listed here."),
        every=_UNSORTED,
        options={**ONE_ROW, "rowDragManaged": False, "rowDragEntireRow": False},
        eventListeners={"rowDragEnd": ["lianfangDropped(params)"]},
    )
    return html.Div([tools, html.Div(stops, className="grow")], className="panel")


def _kept(view: View, _: Translate) -> html.Div:
    columns = [
        {"field": "on", "headerName": _("Day"), "width": 120},
        {"field": "title", "headerName": _("Plan"), "flex": 5, "minWidth": 180},
        {"field": "state", "headerName": _("State"), "width": 150},
        {"field": "n", "headerName": _("Visits"), "width": 80},
        {"field": "crews", "headerName": _("Crews"), "width": 80},
        {"field": "series", "headerName": _("Series"), "width": 110},
        {"field": "changed", "headerName": _("Last step"), "width": 160},
    ]
    empty = _("No plan is kept yet: choose what to visit, plan, and keep the draft.")
    plans = grid(Ids.KEPT, columns, view, empty, every=_UNSORTED)
    return html.Div(html.Div(plans, className="grow"), className="panel")


def _joint(plan: Plan, stop: Stop, _: Translate) -> str:
    """Whether both sides are there, and who else starts at the same minute."""
    alone = "◆ " + _("joint") if is_joint(plan, stop.visit_id) else ""
    return alone + with_words(plan, stop, ", " if alone else "", _)


def stop_rows(plan: Plan, timezone: str, _: Translate) -> list[dict[str, Any]]:
    """One row a stop of a crew, in the order of the day."""
    return [
        {
            "key": f"{crew.id}|{stop.visit_id}",
            "visit": stop.visit_id,
            "crew_id": crew.id,
            "crew": _("Crew {n}").format(n=number),
            "number": f"{number}.{at}",
            "title": stop.title,
            "start": local(stop.start_at, timezone, "%H:%M"),
            "end": local(stop.end_at, timezone, "%H:%M"),
            "travel": round(stop.travel_min),
            "joint": _joint(plan, stop, _),
            "risk": round(stop.risk, 1),
            "locked": "▣ " + _("locked") if stop.locked else "",
            "who": ", ".join(one.name for one in crew.members),
        }
        for number, crew in enumerate(plan.crews, start=1)
        for at, stop in enumerate(crew.stops, start=1)
    ]


def plan_rows(plans: tuple[Plan, ...], timezone: str, _: Translate) -> list[dict[str, Any]]:
    """One row a kept plan."""
    return [
        {
            "key": one.id,
            "on": one.on.isoformat(),
            "title": one.title or one.id,
            "state": _(PLAN_STATES[one.state]),
            "n": len(one.visit_ids),
            "crews": len(one.crews),
            "series": one.series,
            "changed": local(one.steps[-1].at, timezone) if one.steps else "",
        }
        for one in plans
    ]
