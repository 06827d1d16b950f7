"""Stations by level (team ■, squad ▲, joint station ★) and what they reach in time."""

import geopandas as gpd
import pandas as pd

from casework.desk import Desk
from casework.ports import Topic
from layers.jurisdictions import side_of
from layers.layer import Layer, StyleLayer
from layers.palette import STATION_SHAPES, Palette
from layers.view import View
from words import translator

LEVEL_TITLES = {"team": "team", "squad": "squad", "joint": "joint station"}


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    _ = translator(view.lang)
    frame = desk.stations.of()
    tips = [
        " · ".join(
            part
            for part in (
                name,
                _(LEVEL_TITLES[level]),
                _("{n} officers").format(n=n),
                _("simulated") if simulated else "",
            )
            if part
        )
        for name, level, n, simulated in zip(
            frame["name"], frame["level"], frame["n_officers"], frame["simulated"], strict=True
        )
    ]
    return frame.assign(
        side=[side_of(one, view) for one in frame["jurisdiction_id"].fillna("")],
        shape=frame["level"].map(STATION_SHAPES),
        tip=tips,
    )[["id", "side", "level", "shape", "tip", "geometry"]]


def _paint(palette: Palette) -> list[StyleLayer]:
    size = ["interpolate", ["linear"], ["zoom"], 8, ["match", ["get", "level"], "squad", 9, 13], 13, 22]
    return [
        {
            "type": "symbol",
            "minzoom": 7,
            "layout": {
                "text-field": ["get", "shape"],
                "text-size": size,
                "text-allow-overlap": True,
                "text-ignore-placement": True,
            },
            "paint": {
                "text-color": ["match", ["get", "side"], "a", palette.side_a, "b", palette.side_b, palette.quiet],
                "text-halo-color": palette.halo,
                "text-halo-width": 1.4,
                "text-opacity": ["case", ["==", ["get", "side"], ""], 0.65, 1],
            },
        }
    ]


def _reach_features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    if view.pair is None:
        return desk.stations.of().iloc[:0][["geometry"]].assign(side=[])
    reach = [desk.stations.reach(one).dissolve().assign(side=side) for one, side in zip(view.pair, "ab", strict=True)]
    return gpd.GeoDataFrame(pd.concat(reach, ignore_index=True), crs=reach[0].crs)[["side", "geometry"]]


def _reach_paint(palette: Palette) -> list[StyleLayer]:
    return [
        {"type": "fill", "paint": {"fill-color": palette.side(), "fill-opacity": 0.08}},
        {"type": "line", "paint": {"line-color": palette.side(), "line-width": 1.5, "line-dasharray": [4, 3]}},
    ]


STATIONS = Layer(
    key="stations",
    title="Stations",
    topics=(Topic.STATIONS, Topic.JURISDICTIONS),
    fields=("a", "b", "lang"),
    features=_features,
    paint=_paint,
    tips=True,
)
REACH = Layer(
    key="reach",
    title="Reach of stations",
    topics=(Topic.STATIONS,),
    fields=("a", "b"),
    features=_reach_features,
    paint=_reach_paint,
    shown=False,
)
