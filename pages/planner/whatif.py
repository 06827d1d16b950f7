"""The planner's what-if: what is planned with stations, what it changes before and after, and the next station's site."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
import geopandas as gpd
import numpy as np
from dash import dcc, html

from casework.sites import Goal, Site
from casework.ways import Served
from casework.whatif import Added, Closed, Step, steps_text
from geo.station_models import Model, Service
from layers.view import View
from pages.planner.ids import Ids
from pages.planner.reach import note
from pages.shell import attributes
from pages.terms import GOALS, MODELS
from words import Translate

_SAME = 0.005
_CREW = 4


def panel(view: View, _: Translate) -> list[Any]:
    """Controls: close, move, add, undo; and where the next station should stand."""
    return [
        dmc.Select(id=Ids.WHATIF_STATION, label=_("Station"), data=[], searchable=True, placeholder=_("choose, or click it")),
        _two(
            _button(Ids.WHATIF_CLOSE, _("Close it")),
            _button(Ids.WHATIF_ADD, _("Add one on the map")),
        ),
        dmc.Select(id=Ids.WHATIF_TO, label=_("Move officers to"), data=[], searchable=True, placeholder=_("none")),
        _two(
            dmc.NumberInput(id=Ids.WHATIF_N, label=_("Officers"), value=2, min=1, max=99, size="xs"),
            _button(Ids.WHATIF_MOVE, _("Move")),
        ),
        html.Div(id=Ids.WHATIF_LIST, **attributes(aria_live="polite")),
        _two(_button(Ids.WHATIF_UNDO, _("Undo")), _button(Ids.WHATIF_CLEAR, _("Start again"))),
        dmc.Select(
            id=Ids.SITE_GOAL, label=_("Where should the next joint station stand?"), value=str(Goal.COVER),
            allowDeselect=False, data=[{"value": str(one), "label": _(GOALS[one])} for one in Goal],
        ),
        dmc.Button(_("Find the place"), id=Ids.SITE, size="xs"),
        html.Div(
            [
                dmc.Progress(id=Ids.SITE_BAR, value=0, **attributes(aria_label=_("Progress of the search"))),
                _button(Ids.SITE_CANCEL, _("Cancel the search")),
            ],
            id=Ids.SITE_RUNNING, className="stack running", hidden=True,
        ),
        html.Div(id=Ids.SITE_WORDS, className="test-state", role="status"),
        dmc.Button(_("Add it to the plan"), id=Ids.SITE_TAKE, size="xs", variant="default", display="none"),
        dcc.Store(id=Ids.SITE_FOUND),
        dcc.Store(id=Ids.STEPS, data=[view.a, view.b, steps_text(view.whatif)]),
    ]  # fmt: skip


def steps_words(steps: Sequence[Step], names: Mapping[str, str], _: Translate) -> Any:
    """What is planned, one line a step."""
    if not steps:
        return html.P(_("Nothing planned: everything shows the stations as they are."), className="quiet")
    return html.Ol([html.Li(_step(one, names, _)) for one in steps], className="steps")


def compared(before: Sequence[Served], after: Sequence[Served] | None, names: tuple[str, str], _: Translate) -> Any:
    """The three models, side A, together and side B; with what is planned, before and after."""
    many = after is not None
    head = html.Tr(
        [
            html.Th(_("Station model"), scope="col"),
            html.Th("", scope="col"),
            html.Th(names[0], className="side-a", scope="col"),
            html.Th(_("together"), scope="col"),
            html.Th(names[1], className="side-b", scope="col"),
            html.Th(_("zone"), scope="col"),
        ]
    )
    figures: list[tuple[str, Callable[[Service], str]]] = [
        (_("median, min"), lambda one: _minutes(one.median_min, _)),
        (_("9 of 10 within, min"), lambda one: _minutes(one.p90_min, _)),
        (_("in time"), lambda one: _share(one.share)),
        (_("not in time"), lambda one: f"{one.n_beyond:,}"),
    ]
    body = []
    for number, served in enumerate(before):
        then = after[number] if after is not None else None
        for row, (title, say) in enumerate(figures):
            cells: list[Any] = [html.Th(title, scope="row")]
            for side in ("a", "both", "b", "zone"):
                old: Service = getattr(served, side)
                cells.append(_cell(say(old), say(getattr(then, side)) if then else None))
            model = [html.Th(_model(served.model, _), rowSpan=len(figures), scope="rowgroup")] if row == 0 else []
            body.append(html.Tr([*model, *cells], className="first" if row == 0 else ""))
    officers = f"{before[0].n_officers} → {after[0].n_officers}" if after is not None else f"{before[0].n_officers}"
    words = [_("Officers: {n}.").format(n=officers)]
    if many:
        words.append(_("Each figure: before → after."))
    words.append(_("Minutes until two officers are on site, over firms and incidents; “zone” over its ground."))
    return [
        html.P(" ".join(words), className="quiet"),
        html.Div(html.Table([html.Thead(head), html.Tbody(body)], className="models"), className="wide"),
    ]


def proposal(site: Site, home: str, within_min: float, told: Mapping[str, Any], _: Translate) -> list[Any]:
    """Where the next station should stand and what it brings, in words."""
    where = f"{home} {site.lon:.4f}, {site.lat:.4f}".strip()
    words = []
    if site.asked is not site.goal:
        words.append(
            _("Everything is within {min} min already, so the least travel was looked for.").format(
                min=f"{within_min:g}"
            )
        )
    if site.goal is Goal.COVER:
        words.append(
            _("A joint station in {place} would bring {firms} more firms, {incidents} more incidents and {zone} more of "
              "the zone within {min} minutes.").format(
                place=where, firms=f"{site.n_firms:,}", incidents=f"{site.n_incidents:,}",
                zone=f"{site.zone_share:.0%}", min=f"{within_min:g}",
            )
        )  # fmt: skip
    elif site.goal is Goal.MEDIAN:
        words.append(
            _(
                "A joint station in {place} would shorten the way, weighed by risk, from {before} to {after} min."
            ).format(place=where, before=_minutes(site.mean_before, _), after=_minutes(site.mean_after, _))
        )
    else:
        words.append(
            _("A joint station in {place} would shorten the longest way from {before} to {after} min.").format(
                place=where, before=_minutes(site.worst_before, _), after=_minutes(site.worst_after, _)
            )
        )
    proof = (
        _("No other of {n} places is better.").format(n=f"{site.n_candidates:,}")
        if site.gap < _SAME
        else _("Another of {n} places could be better by up to {gap}.").format(
            n=f"{site.n_candidates:,}", gap=f"{site.gap:.0%}"
        )
    )
    return [html.P(" ".join(words), className="verdict"), html.P(proof, className="quiet"), note(told, _)]


def station_options(stations: gpd.GeoDataFrame, names: Mapping[str, str], _: Translate) -> list[dict[str, str]]:
    """Open stations with their officers, side by side A and B, nearest in name first."""
    shown = stations[stations["planned"] != "closed"].sort_values(["jurisdiction_id", "name"])
    return [
        {
            "value": one,
            "label": _("{station} ({side}): {n} officers").format(station=name, side=names.get(home, "–"), n=n),
        }
        for one, name, home, n in zip(
            shown["id"], shown["name"], shown["jurisdiction_id"], shown["n_officers"], strict=True
        )
    ]


def new_station(lon: float, lat: float) -> Added:
    """A joint station as it is added: with officers enough for two crews, from outside."""
    return Added(round(lon, 5), round(lat, 5), _CREW)


def _step(step: Step, names: Mapping[str, str], _: Translate) -> str:
    if isinstance(step, Closed):
        return _("close {station}").format(station=names.get(step.station_id, step.station_id))
    if isinstance(step, Added):
        return _("add a joint station at {lon}, {lat} with {n} officers").format(
            lon=f"{step.lon:.4f}", lat=f"{step.lat:.4f}", n=step.n_officers
        )
    return _("move {n} officers from {station} to {to}").format(
        n=step.n_officers,
        station=names.get(step.station_id, step.station_id),
        to=names.get(step.to_id, step.to_id),
    )


def _model(model: Model, _: Translate) -> str:
    return _(MODELS[model])


def _cell(old: str, new: str | None) -> html.Td:
    if new is None or new == old:
        return html.Td(old)
    return html.Td([html.Span(old, className="quiet"), " → ", html.Strong(new)])


def _minutes(minutes: float, _: Translate) -> str:
    return f"{minutes:.1f}" if np.isfinite(minutes) else "–" if np.isnan(minutes) else _("not reached")


def _share(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.0%}"


def _button(of: Ids, label: str) -> dmc.Button:
    return dmc.Button(label, id=of, size="xs", variant="default")


def _two(*children: Any) -> html.Div:
    return html.Div(list(children), className="two")
