"""Gaps and overlaps between outlines that do not meet, along the borders of the two sides."""

import geopandas as gpd

from casework.desk import Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View
from words import translator

_SAID = ("a", "b", "kind", "area_m2", "width_m")
_KM2_FROM_M2 = 100_000.0


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frame = desk.territory.slivers(*(view.pair or ()))
    names, _ = desk.territory.names(view.lang), translator(view.lang)
    kinds = {"gap": _("gap: neither side holds it"), "overlap": _("overlap: both sides hold it")}
    tips = [
        _("{a} – {b} · {kind} · {area} · {width} m wide on average").format(
            a=names.get(a, a),
            b=names.get(b, b),
            kind=kinds[kind],
            area=f"{area_m2 / 1e6:.2f} km²" if area_m2 >= _KM2_FROM_M2 else f"{area_m2:,.0f} m²",
            width=f"{width_m:,.1f}",
        )
        for a, b, kind, area_m2, width_m in zip(*(frame[name] for name in _SAID), strict=True)
    ]
    return frame.assign(tip=tips)[["kind", "tip", "geometry"]]


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {"type": "fill", "paint": {"fill-opacity": 0}, "metadata": {"hatch": True}},
        {"type": "line", "paint": {"line-color": palette.disputed, "line-width": 1.2}},
    ]


SLIVERS = Layer(
    key="slivers",
    title="Disputed slivers",
    topics=(Topic.JURISDICTIONS,),
    fields=("a", "b", "lang"),
    features=_features,
    paint=_paint,
    tips=True,
)
