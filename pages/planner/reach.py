"""The planner's part on reach: beyond the border or up to it, who is first, what nobody reaches, and how sure that is."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
import numpy as np
import pandas as pd
from dash import html

from casework.destinations import FIRM, INCIDENT
from casework.model import Category
from casework.ways import Gain
from layers.terms import CATEGORIES
from layers.view import View
from pages.panels import stated
from pages.planner.ids import Ids
from pages.shell import attributes
from words import Translate

_LESS_MIN = 0.05


def toggle(view: View, _: Translate) -> list[Any]:
    """Whether reach ends at the border, and how to see one station's."""
    return [
        dmc.SegmentedControl(
            id=Ids.BORDER,
            value="bound" if view.bound else "free",
            fullWidth=True,
            size="xs",
            data=[
                {"value": "free", "label": _("Beyond the border")},
                {"value": "bound", "label": _("Up to the border")},
            ],
            **attributes(aria_label=_("Reach of stations: beyond the border, or up to it")),
        ),
        html.P(_("Click a station on the map for its own rings of minutes."), className="quiet"),
    ]


def note(found: Mapping[str, Any], _: Translate, n_steps: int = 0) -> html.P:
    """What minutes come from, as a quiet line; and where they are those of a plan, that they are."""
    words = _("Minutes: {stated}").format(stated=stated(found, _))
    planned: list[Any] = [html.Strong(_("With {n} steps of the what-if.").format(n=n_steps)), " "] if n_steps else []
    return html.P([*planned, words], className="quiet")


def gain(found: Gain, names: tuple[str, str], told: Mapping[str, Any], n_steps: int, _: Translate) -> list[Any]:
    """How many minutes the zone gains when the border is ignored, in a sentence and the figures behind it."""
    if not found.n_ground or not np.isfinite(found.either_min):
        return [
            html.P(
                _(
                    "No station of {a} or {b} with officers reaches the zone: load stations or roads of this place, or assign officers."
                ).format(a=names[0], b=names[1])
            ),
            note(told, _, n_steps),
        ]
    rows = [
        (_("all stations"), found.own_min, found.either_min),
        (_("without joint stations"), found.force_own_min, found.force_either_min),
    ]
    titles = ("", _("own side"), _("either side"), _("gain, min"))
    body = [
        html.Tr(
            [html.Th(what, scope="row"), html.Td(_minutes(own, _)), html.Td(_minutes(either, _)), _gained(own, either)]
        )
        for what, own, either in rows
    ]
    return [
        html.P(_headline(found, _), className="verdict"),
        html.Table(
            [html.Thead(html.Tr([html.Th(one, scope="col") for one in titles])), html.Tbody(body)], className="counts"
        ),
        html.P(
            _("Minutes until the first officer is there: the median of {n} places spread evenly over the zone.").format(
                n=f"{found.n_ground:,}"
            ),
            className="quiet",
        ),
        html.P(_sooner(found, _)),
        note(told, _, n_steps),
    ]


def _headline(found: Gain, _: Translate) -> str:
    """The gain in one sentence; what joint stations have brought already is not counted twice."""
    saved, force = found.own_min - found.either_min, found.force_own_min - found.force_either_min
    if not np.isfinite(saved):
        return _("Half of the zone is reached only when the border is ignored.")
    if np.isfinite(force) and force - saved >= _LESS_MIN:
        return _(
            "The zone gains {saved} min when the border is ignored; without its joint stations, {force} min."
        ).format(saved=f"{saved:.1f}", force=f"{force:.1f}")
    return _("The zone gains {saved} min when the border is ignored.").format(saved=f"{saved:.1f}")


def _sooner(found: Gain, _: Translate) -> str:
    """How many sites the other side is nearer to, and by how much."""
    if not found.n_sooner:
        return _("None of {all} firms and incidents in the zone is reached sooner from the other side.").format(
            all=f"{found.n_sites:,}"
        )
    words = _(
        "{n} of {all} firms and incidents in the zone are reached sooner from the other side, by {min} min in the median."
    )
    return words.format(n=f"{found.n_sooner:,}", all=f"{found.n_sites:,}", min=_minutes(found.sooner_min, _))


def _gained(own: float, either: float) -> html.Td:
    return html.Td(html.Strong(f"{own - either:.1f}" if np.isfinite(own) else "–"))


def first_columns(_: Translate) -> list[dict[str, Any]]:
    """Columns of the tables of who is first and of gaps."""
    return [
        {"field": "what", "headerName": _("Place"), "minWidth": 190, "flex": 8},
        {"field": "side", "headerName": _("Side"), "minWidth": 110, "flex": 4},
        {"field": "risk", "headerName": _("Risk"), "minWidth": 75, "flex": 2},
        {"field": "own", "headerName": _("Own side, min"), "minWidth": 115, "flex": 3},
        {"field": "minutes", "headerName": _("First, min"), "minWidth": 95, "flex": 3},
        {"field": "saved", "headerName": _("Saved, min"), "minWidth": 100, "flex": 3},
        {"field": "station", "headerName": _("Who is first"), "minWidth": 200, "flex": 8},
        {"field": "ready", "headerName": _("Two officers, min"), "minWidth": 135, "flex": 3},
    ]


def table_rows(found: pd.DataFrame, names: Mapping[str, str], picked: str | None, _: Translate) -> list[dict[str, Any]]:
    """One row a firm or incident, in the order given; `key` is what a view picks it by."""
    return [
        {
            "key": (key := f"{row['kind']}:{row['id']}"), "picked": key == picked,
            "what": _what(row, _), "side": names.get(row["side"], "–"), "risk": round(row["risk"], 2),
            "own": _number(row["own_min"]), "minutes": _number(row["minutes"]), "saved": _number(row["saved_min"]),
            "station": row["station"] if isinstance(row["station"], str) else _("nobody"),
            "ready": _number(row["ready_min"]),
        }
        for row in found.to_dict("records")
    ]  # fmt: skip


def first_words(found: pd.DataFrame, n_shown: int, _: Translate) -> str:
    """How many places, and where somebody else is nearer."""
    sooner = found[found["saved_min"] > _LESS_MIN]
    words = _("{n} of {all} firms and incidents have a nearer station on the other side.").format(
        n=f"{len(sooner):,}", all=f"{len(found):,}"
    )
    listed = _("Sorted by minutes saved times risk; the first {n} are listed.").format(n=f"{n_shown:,}")
    return f"{words} {listed}"


def gap_words(found: pd.DataFrame, minutes: float, _: Translate) -> str:
    """How many places wait too long for a lawful crew."""
    if found.empty:
        return _("No gap: two officers of either side are at every firm and incident within {min} min.").format(
            min=f"{minutes:g}"
        )
    return _(
        "{n} firms and incidents wait more than {min} min for two officers, whichever side they come from."
    ).format(n=f"{len(found):,}", min=f"{minutes:g}")


def _what(row: Mapping[Any, Any], _: Translate) -> str:
    """A firm by its name, an incident by its category and number."""
    if row["kind"] == FIRM:
        return str(row["name"])
    assert row["kind"] == INCIDENT
    return f"{_(CATEGORIES[Category(row['name'])])} · {row['id']}"


def _number(minutes: float) -> float | None:
    """Tenths of a minute; none where there is no way, which a table sorts apart."""
    return round(float(minutes), 1) if np.isfinite(minutes) else None


def _minutes(minutes: float, _: Translate) -> str:
    return f"{minutes:.1f}" if np.isfinite(minutes) else _("not reached")
