"""What a coordinator asks for: who, when, from where, and what to visit."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
import geopandas as gpd
from dash import html

from casework.candidates import Gathered
from casework.plan import Duty
from geo.draws import DrawRecord
from layers.firms import CODE_TITLES
from layers.palette import FIRM_SHAPES
from layers.terms import DUTIES
from layers.view import View
from pages.panels import section
from pages.plans.ids import Ids
from pages.shell import attributes
from pages.tables import grid
from words import Translate

_SECONDS = 10


def ask(view: View, _: Translate) -> list[html.Section]:
    """The left panel."""
    pair = view.pair or (None, None)
    return [
        section(
            _("Who and when"),
            html.Div(
                [
                    dmc.Select(
                        id=Ids.SIDE_A,
                        label=_("Side A"),
                        value=pair[0],
                        data=[],
                        searchable=True,
                        className="side-a",
                        allowDeselect=False,
                    ),
                    dmc.Select(
                        id=Ids.SIDE_B,
                        label=_("Side B"),
                        value=pair[1],
                        data=[],
                        searchable=True,
                        className="side-b",
                        allowDeselect=False,
                    ),
                ],
                className="two",
            ),
            dmc.DatePickerInput(id=Ids.DAY, label=_("Day of the patrol"), valueFormat="YYYY-MM-DD"),
            dmc.MultiSelect(
                id=Ids.STATIONS,
                label=_("Stations that send officers"),
                data=[],
                searchable=True,
                clearable=True,
                placeholder=_("all with officers"),
                maxDropdownHeight=260,
            ),
        ),
        section(_("Hours"), _hours(_)),
        section(
            _("Plan"),
            html.Div(
                [
                    dmc.NumberInput(id=Ids.SECONDS, label=_("Seconds to search"), value=_SECONDS, min=1, max=600),
                    dmc.NumberInput(id=Ids.SEED, label=_("Seed"), value=1, min=0, max=999_999),
                ],
                className="two",
            ),
            dmc.Button(_("Plan the day"), id=Ids.SOLVE, fullWidth=True),
            html.Div(
                [
                    dmc.Progress(id=Ids.BAR, value=0, **attributes(aria_label=_("How far the search is"))),
                    html.Div(id=Ids.STEP, className="quiet", role="status"),
                    html.Div(
                        [
                            dmc.Button(_("Stop and take the best so far"), id=Ids.STOP, size="xs", variant="default"),
                            dmc.Button(_("Cancel"), id=Ids.CANCEL, size="xs", variant="subtle"),
                        ],
                        className="row",
                    ),
                ],
                id=Ids.RUNNING,
                className="running stack",
                hidden=True,
            ),
            html.Div(_("Changing…"), id=Ids.CHANGING, hidden=True, className="test-state"),
            html.Div(id=Ids.TOLD, className="test-state", role="status"),
        ),
        section(_("Random inspection"), html.Details([html.Summary(_("Draw firms and officers by lot")), _draw(_)])),
    ]


def _hours(_: Translate) -> html.Details:
    """Shift, break and lengths of visits."""
    fields = [
        dmc.TimeInput(id=Ids.SHIFT_FROM, label=_("Shift from"), value="09:00"),
        dmc.TimeInput(id=Ids.SHIFT_UNTIL, label=_("Shift until"), value="17:00"),
        dmc.TimeInput(id=Ids.REST_FROM, label=_("Break not before"), value="11:30"),
        dmc.TimeInput(id=Ids.REST_UNTIL, label=_("Break over by"), value="13:30"),
        dmc.NumberInput(id=Ids.REST_MIN, label=_("Break, min (0: none)"), value=45, min=0, max=240),
        dmc.NumberInput(id=Ids.FIRM_MIN, label=_("At a firm, min"), value=45, min=5, max=480),
        dmc.NumberInput(id=Ids.PLACE_MIN, label=_("At a cluster or spot, min"), value=30, min=5, max=480),
    ]
    return html.Details(
        [html.Summary(_("09:00–17:00 with a break, unless set otherwise")), html.Div(fields, className="two")]
    )


def _draw(_: Translate) -> html.Div:
    """双随机: a seeded draw."""
    return html.Div(
        [
            dmc.TextInput(
                id=Ids.DRAW_SEED, label=_("Seed, fixed beforehand"), placeholder=_("such as a day's lottery number")
            ),
            html.Div(
                [
                    dmc.NumberInput(id=Ids.DRAW_N, label=_("Firms"), value=3, min=1, max=50),
                    dmc.NumberInput(id=Ids.DRAW_OFFICERS, label=_("Officers each"), value=2, min=2, max=6),
                ],
                className="two",
            ),
            dmc.Button(_("Draw and add the firms"), id=Ids.DRAW, variant="default"),
            html.Div(id=Ids.DRAWN, **attributes(aria_live="polite")),
        ],
        className="stack",
    )


def wanted(view: View, _: Translate) -> html.Div:
    """The table of what to visit, with ways to add more."""
    columns = [
        {"field": "visit", "headerName": _("Visit"), "width": 80, "editable": True},
        {"field": "title", "headerName": _("What"), "flex": 4, "minWidth": 190, "tooltipField": "title"},
        {"field": "kind", "headerName": _("Kind"), "width": 90},
        {"field": "told", "headerName": _("Why"), "flex": 9, "minWidth": 260, "tooltipField": "told"},
        {"field": "risk", "headerName": _("Risk"), "width": 80, "type": "rightAligned"},
        {"field": "required", "headerName": _("Required"), "width": 95, "editable": True},
        {"field": "joint", "headerName": _("Joint"), "width": 80, "editable": True},
        {"field": "reason", "headerName": _("Reason (a green firm needs one)"), "flex": 3, "minWidth": 180,
         "editable": True, "cellDataType": "text"},
    ]  # fmt: skip
    return html.Div(
        [
            html.Div(
                [
                    html.Div(id=Ids.WANTED_WORDS, className="table-words", **attributes(aria_live="polite")),
                    dmc.Select(
                        id=Ids.ADD_FIRM,
                        data=[],
                        searchable=True,
                        clearable=True,
                        size="xs",
                        limit=40,
                        placeholder=_("add a firm"),
                        **attributes(aria_label=_("Add a firm")),
                    ),
                    dmc.Button(_("Add a spot on the map"), id=Ids.ADD_POINT, size="xs", variant="default"),
                ],
                className="row tools",
            ),
            html.Div(
                grid(
                    Ids.WANTED,
                    columns,
                    view,
                    _("Nothing gathers here and no firm is due: add firms or spots."),
                    options={"singleClickEdit": True, "stopEditingWhenCellsLoseFocus": True},
                ),
                className="grow",
            ),
        ],
        className="panel",
    )


def cluster_row(one: Gathered, _: Translate) -> dict[str, Any]:
    """A cluster to visit."""
    told = [
        _("in a zone in force") if one.lawful else _("no zone in force here: its own side only"),
        _("{n} incidents").format(n=one.n_incidents),
        _("more than chance") if one.tested else _("quick look, not tested"),
    ]
    return {
        **_place(one.target.id, one.target.title, one.target.lon, one.target.lat, one.target.risk, Duty.CLUSTER, _),
        "told": " · ".join(told),
        "joint": one.target.joint,
        "visit": one.lawful,
    }


def spot_row(key: str, title: str, lon: float, lat: float, _: Translate) -> dict[str, Any]:
    """A spot that somebody pointed at; it counts as a yellow firm does."""
    return {**_place(key, title, lon, lat, 2.0, Duty.PLACE, _), "told": f"{lon:.4f}, {lat:.4f}", "joint": False}


def firm_rows(firms: gpd.GeoDataFrame, why: str, _: Translate, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Firms to visit."""
    return [
        {
            **_place(
                row["id"], row["name"], row.geometry.x, row.geometry.y, float(row.get("weight", 1.0)), Duty.FIRM, _
            ),
            "told": " · ".join(
                part
                for part in (
                    f"{FIRM_SHAPES[row['code']]} {_(CODE_TITLES[row['code']])}",
                    names.get(row["jurisdiction_id"], ""),
                    why,
                    _("simulated") if row["simulated"] is True else "",
                )
                if part
            ),
            "joint": False,
        }
        for _index, row in firms.iterrows()
    ]


def _place(key: str, title: str, lon: float, lat: float, risk: float, duty: Duty, _: Translate) -> dict[str, Any]:
    """What every row has."""
    return {
        "key": key, "title": title, "kind": _(DUTIES[duty]), "duty": str(duty), "lon": lon, "lat": lat,
        "risk": round(risk, 2), "visit": True, "required": False, "reason": "",
    }  # fmt: skip


def drawn(record: DrawRecord, titles: Mapping[str, str], names: Mapping[str, str], _: Translate) -> html.Div:
    """What an auditor needs to repeat a draw."""
    urn = _("{n} firms, weights red {red}, yellow {yellow}, green {green}; {officers} officers").format(
        n=len(record.firms), red=4, yellow=2, green=1, officers=len(record.officers)
    )
    return html.Div(
        [
            html.Ol(
                [html.Li(f"{titles.get(one, one)}: {_officers(who, names)}") for one, who in record.pairs],
                className="steps",
            ),
            html.P(_("Seed: {seed}").format(seed=record.seed), className="quiet"),
            html.P(f"{record.algorithm} · {urn}", className="quiet"),
        ]
    )


def _officers(who: Sequence[str], names: Mapping[str, str]) -> str:
    """Officers by station and number."""
    return ", ".join(
        f"{names.get(station, station)} · {number}" for station, number in (one.rsplit("/", 1) for one in who)
    )
