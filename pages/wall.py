"""The wall: the whole screen a map, what needs a decision now, four large figures, the time and the age of the data."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from dash import dcc, html

from casework.figures import Board, Urgent
from casework.model import Agreement, Kind, Severity
from casework.stations import Arrival
from layers import WALL_LAYERS
from layers.terms import SEVERITIES
from layers.view import View
from pages import shell
from pages.commands import command
from pages.panels import loading, local, no_data, stated
from pages.shell import Signed, attributes
from settings import Settings
from words import Translate, translator

# More than any screen holds at the size a wall needs; the browser shows those that fit and counts the rest.
MOST_CARDS = 6
_SAME_TIME_MIN = 1.0
_WHOLE = 0.995


class Ids(StrEnum):
    """Ids of the wall."""

    SCENE = "wall-scene"
    CARDS = "cards"
    BOARD = "board"
    SIMULATED = "wall-simulated"
    RINGS = "rings"


def layout(view: View, pulse: dict[str, Any], origin: str, settings: Settings, signed: Signed | None) -> Any:
    """The page for a view; the browser keeps its clock itself."""
    _ = translator(view.lang)
    planner = view.query("lang", "theme")
    return shell.page(
        view,
        pulse,
        settings.refresh_s,
        [
            html.Main(
                [
                    html.Header(
                        [
                            html.H1(
                                [
                                    html.A("联防", href="/" + (f"?{planner}" if planner else "")),
                                    html.Span(_("Joint enforcement wall")),
                                ]
                            ),
                            html.Div(id=Ids.SIMULATED),
                            html.Span(_("nobody signs in here"), className="simulated") if signed is None else None,
                            shell.age(settings.stale_after_s, _),
                            html.Div(
                                className="clock", **attributes(data_timezone=settings.timezone, data_lang=view.lang)
                            ),
                        ],
                        className="wall-top",
                    ),
                    shell.map_of(WALL_LAYERS, view, pulse["versions"], origin, _),
                    html.Div(id=Ids.RINGS, className="rings", **attributes(aria_hidden="true")),
                    html.Section(
                        [
                            html.Div(id=Ids.CARDS, className="card-list", **attributes(aria_live="polite")),
                            html.Div(className="more", **attributes(data_words=_("and {n} more, numbered on the map"))),
                        ],
                        className="cards",
                        **attributes(aria_label=_("Clusters that need a decision")),
                    ),
                    html.Div(id=Ids.BOARD, className="board"),
                ],
                className="wall",
            ),
            dcc.Store(id=Ids.SCENE),
        ],
    )


def simulated(found: Board, _: Translate) -> html.Span | None:
    """A quiet word where not everything shown has happened."""
    return html.Span(_("simulated"), className="simulated") if found.simulated else None


def board(found: Board, names: Mapping[str, str], timezone: str, reach_min: float, _: Translate) -> list[html.Div]:
    """The four large figures, each with what it counts and since when."""
    share = "–" if found.reach_share is None else f"{found.reach_share:.0%}"
    period = "–"
    if found.since and found.until:
        since, until = (local(one, timezone, "%m-%d") for one in (found.since, found.until))
        period = _("{since} to {until}").format(since=since, until=until)
    figures = [
        (
            f"{len(found.urgent)}",
            _("clusters without a patrol"),
            _tested(found, timezone, _),
            "urgent" if found.urgent else "",
        ),
        (f"{found.n_new_in_zones:,}", _("incidents in zones"), period, ""),
        (f"{found.n_patrols}", _("joint patrols planned"), _("from today"), ""),
        (share, _("of zones within {min} min").format(min=f"{reach_min:g}"), _least(found, names, _), ""),
    ]
    return [
        html.Div(
            [html.Div(figure, className="figure"), html.Div([html.Div(what), html.Div(when, className="quiet")])],
            className=f"tile {state}".strip(),
        )
        for figure, what, when, state in figures
    ]


def _least(found: Board, names: Mapping[str, str], _: Translate) -> str:
    """The zone that is reached least, where one is not reached whole; what is counted, and how sure minutes are."""
    sure = stated(found.stated, _)
    shares = {one: share for one, share in found.zone_shares.items() if not math.isnan(share)}
    if not shares or min(shares.values()) >= _WHOLE:
        return _("stations with officers; {stated}").format(stated=sure)
    agreement_id = min(shares, key=lambda one: (shares[one], one))
    parties = " | ".join(names.get(one, one) for one in found.parties[agreement_id])
    return _("least {zone}: {share}; {stated}").format(zone=parties, share=f"{shares[agreement_id]:.0%}", stated=sure)


def _tested(found: Board, timezone: str, _: Translate) -> str:
    """Since when clusters are known to be more than chance, and whether data came since."""
    if found.tested_at is None:
        return _("not tested for chance")
    at = local(found.tested_at, timezone, "%m-%d %H:%M")
    return (_("tested {at}, data since") if found.outdated else _("tested {at}")).format(at=at)


def cards(
    found: Board,
    names: Mapping[str, str],
    arrivals: Sequence[Mapping[str, Arrival]],
    fresh: Sequence[bool],
    timezone: str,
    _: Translate,
) -> list[html.Div]:
    """What needs a decision, latest first; without any, why there is none."""
    crowded = [html.Div(html.P(_crowded(one, names, _)), className="card calm") for one in found.crowded]
    untested = []
    if found.n_tested < found.n_pairs and found.since is not None:
        untested.append(html.Div(html.P(_untested(found, _)), className="card calm"))
    if not found.urgent:
        return (crowded or [html.Div(_nothing(found, names, _), className="card calm")]) + untested
    return [
        _card(number, urgent, names, _what_to_do(arrived, names, _), is_new, timezone, _)
        for number, (urgent, arrived, is_new) in enumerate(zip(found.urgent, arrivals, fresh, strict=False), 1)
    ] + [*crowded, *untested]


def _crowded(agreement: Agreement, names: Mapping[str, str], _: Translate) -> str:
    """What a wall does not know, and where to find out."""
    return _("{a} | {b}: too many incidents for a quick look; narrow them in the planner.").format(
        a=names.get(agreement.a, agreement.a), b=names.get(agreement.b, agreement.b)
    )


def _untested(found: Board, _: Translate) -> str:
    """Where what a wall tells is only a quick look, and what would change that."""
    if not found.n_tested:
        return _("Clusters are not tested for chance yet: {command}").format(command=command("analyse"))
    return _("{n} of {all} borders are not tested for chance yet: {command}").format(
        n=found.n_pairs - found.n_tested, all=found.n_pairs, command=command("analyse")
    )


def _sureness(urgent: Urgent, _: Translate) -> str:
    """How far a cluster is beyond chance, and who alone would have seen it; for a quick look's, that nobody knows."""
    if urgent.analysis is None:
        return _("not tested for chance")
    one = urgent.cluster.iloc[0]
    sights = {
        "neither": _("neither side alone sees it"),
        "a": _("only one side alone sees it"),
        "b": _("only one side alone sees it"),
        "both": _("each side alone sees it"),
    }
    return _("{expected} expected by chance; {sight}").format(
        expected=f"{one['expected']:.0f}", sight=sights[one["sight"]]
    )


def _nothing(found: Board, names: Mapping[str, str], _: Translate) -> list[Any]:
    """What would be here, and how to get it."""
    if not names:
        return [html.P(_("Clusters across the line that wait for a decision will be listed here.")), no_data(_)]
    if not found.n_zones:
        return [html.P(_("No agreement is in force: keep a zone in the planner, and the wall watches it."))]
    if found.since is None:
        return [
            html.P(_("There are no incidents yet. Load them:")),
            html.Div(loading(_, Kind.INCIDENTS), className="empty"),
        ]
    return [html.P(_("Nothing across the line waits for a decision."))]


def _what_to_do(arrived: Mapping[str, Arrival], names: Mapping[str, str], _: Translate) -> str:
    """Who can be there first, how much sooner than the other side, and what follows."""
    if len(arrived) == 1:
        ((side, only),) = arrived.items()
        return _("Only {side} has officers: {station} in {min} min.").format(
            side=names[side], station=only.station_name, min=f"{only.minutes:.0f}"
        )
    if not arrived:
        return _("No station of either side has officers: assign some.")
    (first, one), (_other, two) = sorted(arrived.items(), key=lambda pair: pair[1].minutes)
    saved_min = two.minutes - one.minutes
    if saved_min < _SAME_TIME_MIN:
        return _("Both sides can be there in {min} min: send both.").format(min=f"{two.minutes:.0f}")
    return _("{side} can be there {saved} min sooner: propose {station} ({min} min).").format(
        side=names[first], saved=f"{saved_min:.0f}", station=one.station_name, min=f"{one.minutes:.0f}"
    )


def _card(
    number: int,
    urgent: Urgent,
    names: Mapping[str, str],
    arrival: str,
    is_new: bool,
    timezone: str,
    _: Translate,
) -> html.Div:
    one = urgent.cluster.iloc[0]
    head = [
        html.Span(f"{number}", className="ring"),
        html.Span(names[urgent.a], className="side-a"),
        html.Span("|", className="quiet"),
        html.Span(names[urgent.b], className="side-b"),
    ]
    if is_new:
        head.append(html.Span(_("new"), className="new"))
    severity = _(SEVERITIES[Severity(one["max_severity"])])
    return html.Div(
        [
            html.H2(head),
            html.P(
                [
                    html.Span(
                        [
                            _("{n} incidents").format(n=one["n_incidents"]),
                            " (",
                            html.Span(f"{one['n_a']}", className="side-a"),
                            " + ",
                            html.Span(f"{one['n_b']}", className="side-b"),
                            ")",
                        ]
                    ),
                    html.Span(severity),
                    html.Span(_("last {day}").format(day=local(one["last_at"], timezone, "%m-%d"))),
                ],
                className="facts-line",
            ),
            html.P(_sureness(urgent, _), className="facts-line"),
            html.P(arrival, className="do"),
        ],
        className="card fresh" if is_new else "card",
    )
