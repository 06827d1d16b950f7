"""Stations by level (team ■, squad ▲, joint station ★), and what is planned with them."""

import geopandas as gpd

from casework.desk import Desk
from casework.ports import Topic
from layers.jurisdictions import side_of
from layers.layer import Layer, StyleLayer
from layers.palette import STATION_SHAPES, Palette
from layers.view import View
from words import translator

PLANNED_TITLES = {"closed": "what if: closed", "added": "what if: added", "changed": "what if: other officers"}
LEVEL_TITLES = {"team": "team", "squad": "squad", "joint": "joint station"}


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    _ = translator(view.lang)
    frame = desk.reach.stations(steps=view.whatif)
    tips = [
        " · ".join(
            part
            for part in (
                name,
                _(LEVEL_TITLES[level]),
                _("{n} officers").format(n=n),
                _("simulated") if simulated is True else "",
                _(PLANNED_TITLES[planned]) if planned else "",
            )
            if part
        )
        for name, level, n, simulated, planned in zip(
            frame["name"], frame["level"], frame["n_officers"], frame["simulated"], frame["planned"], strict=True
        )
    ]
    return frame.assign(
        side=[side_of(one, view) for one in frame["jurisdiction_id"].fillna("")],
        shape=frame["level"].map(STATION_SHAPES),
        pick="station:" + frame["id"],
        tip=tips,
    )[["id", "side", "level", "shape", "planned", "pick", "tip", "geometry"]]


def _paint(palette: Palette) -> list[StyleLayer]:
    size = ["interpolate", ["linear"], ["zoom"], 8, ["match", ["get", "level"], "squad", 9, 13], 13, 22]
    return [
        # What is planned has a ring about it, so that nobody takes it for what is there.
        {
            "type": "circle",
            "filter": ["!=", ["get", "planned"], ""],
            "paint": {
                "circle-radius": 14,
                "circle-opacity": 0,
                "circle-stroke-width": 2.5,
                "circle-stroke-color": ["match", ["get", "planned"], "closed", palette.red, palette.green],
            },
        },
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
                "text-opacity": [
                    "case",
                    ["==", ["get", "planned"], "closed"],
                    0.35,
                    ["==", ["get", "side"], ""],
                    0.65,
                    1,
                ],
            },
        },
    ]


STATIONS = Layer(
    key="stations",
    title="Stations",
    topics=(Topic.STATIONS, Topic.JURISDICTIONS),
    fields=("a", "b", "whatif", "lang"),
    features=_features,
    paint=_paint,
    tips=True,
)
