"""The strips policed jointly: each side's part in its hue, disputed slivers hatched; and the one being drafted."""

from dataclasses import replace
from typing import Any

import geopandas as gpd

from casework.desk import DAY, Desk
from casework.errors import CaseError
from casework.model import Agreement
from casework.ports import Topic
from geo.errors import GeoError
from layers.choice import drafted
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View
from words import translator

_DISPUTED = ["==", ["get", "side"], "disputed"]
_NOBODYS = ("disputed", "beyond")
_KEPT = ["agreement_id", "side", "area_m2", "in_force", "tip", "geometry"]


def _with_tips(frame: gpd.GeoDataFrame, agreements: tuple[Agreement, ...], desk: Desk, view: View) -> gpd.GeoDataFrame:
    names, _ = desk.territory.names(view.lang), translator(view.lang)
    known = {one.id: one for one in agreements}
    today = desk.today()
    # An agreement may be removed between the two questions to the store.
    frame = frame[frame["agreement_id"].isin(known)]
    sides, tips = [], []
    for agreement_id, side, owner, area_m2 in zip(
        frame["agreement_id"], frame["side"], frame["jurisdiction_id"], frame["area_m2"], strict=True
    ):
        agreement = known[agreement_id]
        whose = {"disputed": _("disputed"), "beyond": _("beyond the parties")}.get(side) or names.get(owner, owner)
        labels = [_("drawn by earlier boundaries")] * bool(agreement.stale) + [_("simulated")] * agreement.simulated
        tips.append(" · ".join(part for part in (agreement.title, whose, f"{area_m2 / 1e6:.2f} km²", *labels) if part))
        sides.append(side if side in _NOBODYS else hue_of(agreement, owner))
    in_force = [known[one].in_force(today) for one in frame["agreement_id"]]
    return frame.assign(side=sides, tip=tips, in_force=in_force)[_KEPT]


def hue_of(agreement: Agreement, party: str) -> str:
    """By which hue a party's part is told: "a" and "b" for the agreement's own pair, "c" for every further one."""
    return {agreement.a: "a", agreement.b: "b"}.get(party, "c")


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    return _with_tips(desk.agreements.zones(), desk.agreements.all(), desk, view)


def _draft_features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    agreement = drafted(desk, view)
    try:
        zone = None if agreement is None else desk.agreements.preview(agreement)
    except (CaseError, GeoError):
        # Terms that make no zone: the panel beside the map says why, the map just shows none.
        zone = None
    if agreement is None or zone is None:
        return desk.agreements.zones().iloc[:0].reindex(columns=_KEPT)
    return _with_tips(zone, (agreement,), desk, view)


def _hue(palette: Palette) -> list[Any]:
    hues = {"a": palette.side_a, "b": palette.side_b, "c": palette.side_c, "beyond": palette.quiet}
    return ["match", ["get", "side"], *(part for pair in hues.items() for part in pair), palette.disputed]


def _hatched() -> StyleLayer:
    # The browser puts its own hatch on parts marked so (assets/map.js); plotly would ask the internet for the picture.
    return {"type": "fill", "filter": _DISPUTED, "paint": {"fill-opacity": 0}, "metadata": {"hatch": True}}


def _paint(palette: Palette) -> list[StyleLayer]:
    side = _hue(palette)
    return [
        _hatched(),
        {"type": "fill", "paint": {"fill-color": side, "fill-opacity": ["case", ["get", "in_force"], 0.30, 0.10]}},
        {
            "type": "line",
            "paint": {"line-color": side, "line-width": 1.2, "line-opacity": ["case", ["get", "in_force"], 0.9, 0.4]},
        },
    ]


def _wall_paint(palette: Palette) -> list[StyleLayer]:
    # Seen from afar a strip is a few pixels wide: fuller than at a desk, and without what is not in force.
    side = _hue(palette)
    in_force = ["get", "in_force"]
    return [
        {"type": "fill", "filter": in_force, "paint": {"fill-color": side, "fill-opacity": 0.65}},
        _hatched(),
        {"type": "line", "filter": in_force, "paint": {"line-color": side, "line-width": 1.5}},
    ]


def _draft_paint(palette: Palette) -> list[StyleLayer]:
    side = _hue(palette)
    return [
        {"type": "fill", "paint": {"fill-color": side, "fill-opacity": 0.35}},
        _hatched(),
        {"type": "line", "paint": {"line-color": side, "line-width": 2, "line-dasharray": [2, 1]}},
    ]


ZONES = Layer(
    key="zones",
    title="Zones",
    topics=(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
    fields=("lang",),
    features=_features,
    paint=_paint,
    tips=True,
)
DRAFT = Layer(
    key="draft",
    title="Zone on the desk",
    topics=(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
    fields=(
        *("a", "b", "agreement", "from_m", "to_m", "depth_a_m", "depth_b_m"),
        *("ends", "beyond", "others", "lang"),
    ),
    features=_draft_features,
    paint=_draft_paint,
    switch=False,
    tips=True,
)
WALL_ZONES = replace(ZONES, paint=_wall_paint)
