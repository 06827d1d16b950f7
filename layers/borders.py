"""The lines jurisdictions share; the one between the two sides is the strongest line on the map."""

import geopandas as gpd

from casework.desk import DAY, Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View
from words import translator


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frame = desk.territory.drawn_borders(*(view.pair or ()))
    names, _ = desk.territory.names(view.lang), translator(view.lang)
    tips = [
        _("{a} – {b} border: {km} km").format(a=names.get(a, a), b=names.get(b, b), km=f"{length_m / 1000:.2f}")
        for a, b, length_m in zip(frame["a"], frame["b"], frame["length_m"], strict=True)
    ]
    # Without two chosen sides, as on a wall, those that police their border together stand out.
    pairs = {view.pair} if view.pair else {pair for one in desk.agreements.in_force() for pair in one.pairs}
    chosen = [pair in pairs for pair in zip(frame["a"], frame["b"], strict=True)]
    return frame.assign(chosen=chosen, tip=tips)[["chosen", "tip", "geometry"]]


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "line",
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": ["case", ["get", "chosen"], palette.joint, palette.outline],
                "line-width": ["case", ["get", "chosen"], 4, 1.2],
            },
        }
    ]


BORDERS = Layer(
    key="borders",
    title="Borders",
    topics=(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
    fields=("a", "b", "lang"),
    features=_features,
    paint=_paint,
    tips=True,
)
