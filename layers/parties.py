"""The wall's names: those of the parties to agreements in force before all others."""

import geopandas as gpd

from casework.desk import DAY, Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frame = desk.territory.jurisdictions()
    names = desk.territory.names(view.lang)
    parties = {party for agreement in desk.agreements.in_force() for party in agreement.parties}
    points = frame.set_geometry(frame.geometry.representative_point())
    return points.assign(party=frame["id"].isin(parties), name=[names[one] for one in frame["id"]])[
        ["id", "party", "name", "geometry"]
    ]


def _paint(palette: Palette) -> list[StyleLayer]:
    party = ["get", "party"]
    return [
        {
            "type": "symbol",
            "layout": {
                "text-field": ["get", "name"],
                # 2.8 % of a screen 1080 pixels high; assets/wall.js scales it to the one it is on.
                "text-size": 30,
                "symbol-sort-key": ["case", party, 0, 1],
                "text-padding": 8,
            },
            "paint": {
                "text-color": ["case", party, palette.ink, palette.quiet],
                "text-halo-color": palette.halo,
                "text-halo-width": 2.5,
            },
        }
    ]


PARTIES = Layer(
    key="parties",
    title="Names",
    topics=(Topic.JURISDICTIONS, Topic.AGREEMENTS, DAY),
    fields=("lang",),
    features=_features,
    paint=_paint,
    switch=False,
)
