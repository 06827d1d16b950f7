"""Blind spots: townships, or squares where there are none, that nobody visited of late; the darker, the more speaks for it."""

import geopandas as gpd
import pandas as pd

from casework.desk import DAY, Desk
from casework.ports import Topic
from casework.visits import BLIND_MONTHS
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View
from words import translator

_COLUMNS = ["pick", "weight", "tip", "geometry"]


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    if view.pair is None:
        rows = {name: pd.Series(dtype="str") for name in _COLUMNS[:-1]}
        return gpd.GeoDataFrame(rows, geometry=[], crs=4326)
    _ = translator(view.lang)
    places = desk.visits.of(*view.pair).places
    blind = places[places["blind"]]
    most = max(float(blind["need"].max()) if len(blind) else 0.0, 1e-9)
    tips = [_("{place}: nobody was here for {n} months").format(place=name, n=BLIND_MONTHS) for name in blind["name"]]
    return blind.assign(pick="place:" + blind["id"], weight=blind["need"] / most, tip=tips)[_COLUMNS]


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "fill",
            "paint": {
                "fill-color": palette.disputed,
                "fill-opacity": ["interpolate", ["linear"], ["get", "weight"], 0, 0.08, 1, 0.55],
            },
        },
        {"type": "line", "paint": {"line-color": palette.disputed, "line-width": 0.6, "line-opacity": 0.6}},
    ]


VISITS = Layer(
    key="visits",
    title="Blind spots",
    topics=(Topic.INCIDENTS, Topic.FIRMS, Topic.JURISDICTIONS, Topic.PATROLS, DAY),
    fields=("a", "b", "lang"),
    features=_features,
    paint=_paint,
    shown=False,
    tips=True,
)
