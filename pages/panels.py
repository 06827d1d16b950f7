"""What the panels say: figures of both sides, a zone, a cluster, an incident, a proposed patrol."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
from dash import html

from casework.figures import SideFigures
from casework.model import Category, CrewPart, Kind, Patrol, Severity, Source
from casework.zone_figures import ZoneFigures
from geo.crs import Datum
from layers.choice import Choice
from layers.terms import CATEGORIES, SEVERITIES, SOURCES
from pages.commands import command, load
from pages.terms import PROVIDERS
from words import Translate

_WORTH_SAYING = 0.005


def local(at: datetime | pd.Timestamp, timezone: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """An instant as the operator's clock shows it."""
    return at.astimezone(ZoneInfo(timezone)).strftime(form)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def section(title: str, *children: Any, **more: Any) -> html.Section:
    """A titled part of a panel."""
    return html.Section([html.H2(title), *children], **more)


def facts(pairs: list[tuple[str, Any]]) -> html.Dl:
    """Terms and what they are, in two columns."""
    return html.Dl([part for term, what in pairs for part in (html.Dt(term), html.Dd(what))], className="facts")


def sides(
    figures: Mapping[str, SideFigures],
    name_a: str,
    name_b: str,
    reach_min: float,
    agreed: Sequence[Category],
    _: Translate,
) -> html.Table:
    """The two sides mirrored left and right of what both see together; `agreed` are the categories the zone is about."""
    a, both, b = figures["a"], figures["both"], figures["b"]
    some = len(set(agreed)) < len(Category)
    in_zone = (
        _("in the zone, of {categories}").format(categories=", ".join(_(CATEGORIES[one]) for one in agreed))
        if some
        else _("in the zone")
    )
    rows = [
        (_("incidents"), [f"{one.n_incidents:,}" for one in (a, both, b)]),
        (_("serious or worse"), [f"{one.n_serious:,}" for one in (a, both, b)]),
        (in_zone, [f"{one.n_in_zone:,}" for one in (a, both, b)]),
        (_("clusters each would find"), [f"{one.n_clusters:,}" for one in (a, both, b)]),
        (_("red firms"), [f"{one.n_red_firms:,}" for one in (a, both, b)]),
        (_("officers"), [f"{one.n_officers:,}" for one in (a, both, b)]),
        (_("zone within {min} min").format(min=f"{reach_min:g}"), [_percent(one.reach_share) for one in (a, both, b)]),
    ]
    head = html.Tr(
        [
            html.Th(name_a, className="side-a", scope="col"),
            html.Th(_("together"), className="joint", scope="col"),
            html.Th(name_b, className="side-b", scope="col"),
        ]
    )
    body = []
    for title, values in rows:
        body.append(html.Tr(html.Th(title, colSpan=3, scope="colgroup"), className="row-title"))
        body.append(html.Tr([html.Td(value) for value in values]))
    return html.Table([html.Thead(head), html.Tbody(body)], className="sides")


def further(figures: Mapping[str, tuple[int, int]], names: Mapping[str, str], _: Translate) -> list[html.P]:
    """One line a party beside the two: its incidents, and those in the zone."""
    return [
        html.P(
            [
                html.Span(names.get(party, party), className="side-c"),
                " ",
                _("{n} incidents, {inside} in the zone").format(n=f"{n:,}", inside=f"{n_inside:,}"),
            ],
            className="further",
        )
        for party, (n, n_inside) in figures.items()
    ]


def zone(choice: Choice, figures: ZoneFigures, names: Mapping[str, str], standing: str, _: Translate) -> html.Div:
    """Lengths and areas of the zone on the desk, whether it is kept, and where it stands."""
    agreement = choice.agreement
    told = [
        (_("border"), f"{figures.border_length_m / 1000:.2f} km"),
        (_("stretch"), f"{figures.stretch_length_m / 1000:.2f} km"),
        (_("zone"), f"{figures.zone_area_m2 / 1e6:.2f} km²"),
        (names[agreement.a], f"{figures.part_a_area_m2 / 1e6:.2f} km²"),
        (names[agreement.b], f"{figures.part_b_area_m2 / 1e6:.2f} km²"),
        *((names[one], f"{area_m2 / 1e6:.2f} km²") for one, area_m2 in figures.further_area_m2.items()),
    ]
    if figures.beyond_area_m2 >= 1:
        told.append((_("beyond the parties"), f"{figures.beyond_area_m2 / 1e6:.4f} km²"))
    if figures.disputed_area_m2 >= 1:
        told.append((_("disputed"), f"{figures.disputed_area_m2 / 1e6:.4f} km²"))
    until = agreement.valid_to.isoformat() if agreement.valid_to else _("until revoked")
    days = f"{agreement.valid_from.isoformat()} – {until} · {standing}"
    state = days if choice.kept else _("a draft: nobody has signed it")
    notes: list[Any] = [html.P(agreement.title, className="title")] if agreement.title else []
    notes.append(html.P(state, className="quiet"))
    if agreement.stale:
        notes.append(html.P(agreement.stale, className="quiet"))
    if agreement.simulated:
        notes.append(html.P(_("simulated"), className="simulated"))
    return html.Div([facts(told), *notes])


def cluster(row: gpd.GeoDataFrame, name_a: str, name_b: str, timezone: str, _: Translate) -> html.Div:
    """What a cluster is, who sees it, and what it is not."""
    one = row.iloc[0]
    verdict = _("across the line: counted on both sides") if one["straddles"] else _("on one side of the line")
    return html.Div(
        [
            html.H3(_("Cluster {number}").format(number=one["cluster"])),
            html.P(verdict, className="verdict"),
            facts(
                [
                    (_("incidents"), f"{one['n_incidents']}"),
                    (name_a, f"{one['n_a']}"),
                    (name_b, f"{one['n_b']}"),
                    (_("from"), local(one["first_at"], timezone)),
                    (_("to"), local(one["last_at"], timezone)),
                    (_("radius"), f"{one['radius_m']:,.0f} m"),
                    (_("most severe"), _(SEVERITIES[Severity(one["max_severity"])])),
                ]
            ),
            html.P(_("Quick look: grouped by distance and time, not tested for chance."), className="quiet"),
        ]
    )


def side(found: Mapping[str, Any], name_a: str, name_b: str, _: Translate) -> list[Any]:
    """How far from the line an incident lies, how probably on which side, and whether both are to be told."""
    distance = f"{abs(found['distance_m']):,.0f} m"
    whose = {
        "a": _("on the side of {side}").format(side=name_a),
        "b": _("on the side of {side}").format(side=name_b),
        "both": _("claimed by both sides"),
        "neither": _("on neither side"),
    }[found["side"]]
    told = [
        (_("to the line"), f"{distance}, {whose}"),
        (_("probability of each side"), f"{name_a} {found['p_a']:.0%} · {name_b} {found['p_b']:.0%}"),
    ]
    if found["p_both"] + found["p_neither"] >= _WORTH_SAYING:
        told.append(
            (_("disputed or on neither side"), f"{found['p_both']:.0%} · {found['p_neither']:.0%}"),
        )
    near = [html.P(_("Near the line: tell both sides."), className="verdict")] if found["near"] else []
    return [facts(told), *near]


def incident(
    found: Mapping[str, Any],
    names: Mapping[str, str],
    timezone: str,
    _: Translate,
    beside: list[Any] | None = None,
) -> html.Div:
    """One incident with where it came from, and `beside` what is to be said about the line."""
    accuracy_m = found.get("accuracy_m")
    told = [
        (_("when"), local(found["at"], timezone)),
        (_("severity"), _(SEVERITIES[Severity(found["severity"])])),
        (_("discovered by"), _(SOURCES[Source(found["source"])])),
        (_("jurisdiction"), names.get(found["jurisdiction_id"] or "", _("outside every jurisdiction"))),
        (_("place"), f"{found['geometry'].x:.5f}, {found['geometry'].y:.5f}"),
        (_("accuracy"), _("not stated") if accuracy_m is None or pd.isna(accuracy_m) else f"± {accuracy_m:.0f} m"),
        (_("file"), found.get("source_file") or "–"),
    ]
    notes = [html.P(_("simulated"), className="simulated")] if found.get("simulated") else []
    return html.Div(
        [
            html.H3(f"{_(CATEGORIES[Category(found['category'])])} · {found['id']}"),
            facts(told),
            *(beside or ()),
            html.P(found.get("description") or "", className="quiet"),
            *notes,
        ]
    )


def _part_words(part: CrewPart, names: Mapping[str, str], _: Translate) -> str:
    """Which station sends whom, and how soon they are there."""
    return _("{station} ({side}): {n} officers, {min} min").format(
        station=part.station_name,
        side=names.get(part.jurisdiction_id, part.jurisdiction_id),
        n=part.n_officers,
        min=f"{part.travel_min:.0f}",
    )


def crew_words(patrol: Patrol, names: Mapping[str, str], _: Translate) -> str:
    """The crew in one line."""
    return " + ".join(_part_words(part, names, _) for part in patrol.crew)


def proposal(
    patrol: Patrol, names: Mapping[str, str], firms: Mapping[str, str], told: Mapping[str, Any], _: Translate
) -> html.Div:
    """A proposed patrol: who goes, when both sides can start, which firms are beside."""
    parts = [html.Li(_part_words(part, names, _)) for part in patrol.crew]
    beside = [html.Li(firms.get(one, one)) for one in patrol.firm_ids]
    return html.Div(
        [
            html.H3(_("Joint patrol on {day}").format(day=patrol.on.isoformat())),
            html.P(
                _("{n} officers on site; both sides can start {min} min after leaving.").format(
                    n=patrol.n_officers, min=f"{patrol.start_after_min:.0f}"
                )
            ),
            html.Ul(parts),
            html.P(_("Firms beside the cluster, red first:"))
            if beside
            else html.P(_("No red or yellow firm stands in the cluster."), className="quiet"),
            html.Ul(beside),
            html.P(_("Minutes: {stated}").format(stated=stated(told, _)), className="quiet"),
        ],
        className="proposal",
    )


def stated(found: Mapping[str, Any], _: Translate) -> str:
    """What travel times come from and how far to trust them; it stands wherever minutes stand."""
    words = _(PROVIDERS.get(found["provider"], found["provider"]))
    band = _("about ±{error}").format(error=f"{found['error']:.0%}")
    parts = [words, band]
    if found["data_on"]:
        parts.insert(1, _("roads of {day}").format(day=date.fromisoformat(found["data_on"]).isoformat()))
    if found["simulated"]:
        parts.insert(1, _("roads simulated"))
    return " · ".join(parts)


def nothing_picked(_: Translate) -> html.P:
    """What would be here and how to get it."""
    return html.P(_("Click a cluster or an incident, on the map or in the table."), className="quiet")


def loading(_: Translate, *kinds: Kind) -> list[Any]:
    """The commands that take in files of `kinds`, and what is to be put in."""
    words = _("FILE is your file; DATUM is what its coordinates refer to: {names} or EPSG:n.")
    return [html.Pre(load(*kinds)), html.P(words.format(names=", ".join(Datum)), className="quiet")]


def no_data(_: Translate) -> html.Div:
    """What an empty store shows."""
    return html.Div(
        [
            html.P(_("There are no jurisdictions yet. Load your own:")),
            *loading(_, Kind.BOUNDARIES, Kind.INCIDENTS),
            html.P(_("or make the demonstration:")),
            html.Pre(command("demo")),
        ],
        className="empty",
    )
