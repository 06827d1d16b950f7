"""Regulated sites of the two sides by their three-colour code, with shape and word beside colour."""

import geopandas as gpd

from casework.desk import Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import FIRM_SHAPES, Palette
from layers.view import View
from words import translator

CODE_TITLES = {"red": "red: strict", "yellow": "yellow: watch", "green": "green: do not disturb"}


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    _ = translator(view.lang)
    frame = desk.stations.firms(*(view.pair or ()))
    if view.pair is None:
        frame = frame.iloc[:0]
    tips = [
        " · ".join(part for part in (name, _(CODE_TITLES[code]), _("simulated") if simulated else "") if part)
        for name, code, simulated in zip(frame["name"], frame["code"], frame["simulated"], strict=True)
    ]
    return frame.assign(shape=frame["code"].map(FIRM_SHAPES), tip=tips)[["id", "code", "shape", "tip", "geometry"]]


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "symbol",
            "minzoom": 9,
            "layout": {
                "text-field": ["get", "shape"],
                "text-size": ["interpolate", ["linear"], ["zoom"], 9, 9, 14, 18],
                "text-allow-overlap": True,
                "text-ignore-placement": True,
            },
            "paint": {
                "text-color": ["match", ["get", "code"], "red", palette.red, "yellow", palette.yellow, palette.green],
                "text-halo-color": palette.halo,
                "text-halo-width": 1.2,
            },
        }
    ]


FIRMS = Layer(
    key="firms",
    title="Firms by colour code",
    topics=(Topic.FIRMS,),
    fields=("a", "b", "lang"),
    features=_features,
    paint=_paint,
    shown=False,
    tips=True,
)
