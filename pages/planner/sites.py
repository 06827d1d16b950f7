"""What the panel says of a picked firm, of a station and what it has about it, and of a place that was or was not visited."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from dash import html

from casework.visits import Visited
from casework.ways import Around
from layers.firms import CODE_TITLES
from layers.palette import FIRM_SHAPES
from layers.stations import LEVEL_TITLES, PLANNED_TITLES
from pages.panels import facts
from pages.planner.reach import note
from pages.planner.visits import place_name
from words import Translate


def firm(
    row: Mapping[Any, Any], code: str, names: Mapping[str, str], told: Mapping[str, Any], _: Translate
) -> html.Div:
    """A firm, and who is there first."""
    return html.Div(
        [
            html.H3(row["name"]),
            facts(
                [
                    (_("code"), f"{FIRM_SHAPES[code]} {_(CODE_TITLES[code])}"),
                    (_("jurisdiction"), names.get(row["side"], "–")),
                    (_("risk"), f"{row['risk']:.2f}"),
                    (_("first from either side"), _arriving(row["station"], row["minutes"], _)),
                    (_("first from its own side"), _arriving(row["own_station"], row["own_min"], _)),
                    (_("two officers after"), _minutes(row["ready_min"], _)),
                ]
            ),
            note(told, _),
        ]
    )


def station(
    row: Mapping[Any, Any], around: Around, names: Mapping[str, str], told: Mapping[str, Any], _: Translate
) -> html.Div:
    """A station, and what it has about it."""
    planned = [html.P(_(PLANNED_TITLES[row["planned"]]), className="verdict")] if row["planned"] else []
    head = html.Tr(
        [html.Th(_("within"), scope="col"), html.Th(_("firms"), scope="col"), html.Th(_("incidents"), scope="col")]
    )
    rows = [
        html.Tr([html.Th(_("{min} min").format(min=f"{minutes:g}"), scope="row"), html.Td(f"{n:,}"), html.Td(f"{m:,}")])
        for minutes, n, m in around.within
    ]
    return html.Div(
        [
            html.H3(row["name"]),
            *planned,
            facts(
                [
                    (_("level"), _(LEVEL_TITLES[row["level"]])),
                    (_("jurisdiction"), names.get(row["jurisdiction_id"], "–")),
                    (_("officers"), f"{row['n_officers']}"),
                    (
                        _("first at"),
                        _("{n} of {all} firms and incidents").format(
                            n=f"{around.n_first:,}", all=f"{around.n_sites:,}"
                        ),
                    ),
                ]
            ),
            html.Table([html.Thead(head), html.Tbody(rows)], className="counts"),
            note(told, _),
        ]
    )


def place(found: Visited, key: str, names: Mapping[str, str], _: Translate) -> html.Div:
    """A township or square, and when it was visited."""
    visits: dict[str, int] = found.matrix.loc[key].to_dict()  # type: ignore[assignment]  # one row of counts
    by_id = found.places.set_index("id")
    seen = [f"{month}: {n}" for month, n in visits.items() if n]
    return html.Div(
        [
            html.H3(place_name(key, by_id, names)),
            facts(
                [
                    (_("visits in 12 months"), f"{sum(visits.values()):,}"),
                    (_("months with a visit"), " · ".join(seen) or _("none")),
                    (_("risk there"), f"{by_id['need'][key]:.1f}"),
                ]
            ),
            html.P(_("Risk: of its firms, and of incidents others reported."), className="quiet"),
        ]
    )


def _arriving(name: Any, minutes: float, _: Translate) -> str:
    return f"{name} · {_minutes(minutes, _)}" if isinstance(name, str) else _("nobody")


def _minutes(minutes: float, _: Translate) -> str:
    return _("{min} min").format(min=f"{minutes:.1f}") if np.isfinite(minutes) else _("not reached")
