"""The wall's clusters: those across the line that nobody has planned a patrol for."""

from collections.abc import Collection, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from casework.desk import DAY, Desk
from casework.figures import Urgent
from casework.ports import Topic
from layers.clusters import cluster_features
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View


def rings(urgent: Sequence[Urgent], seen: Collection[str] | None) -> list[dict[str, Any]]:
    """What the browser draws as large numbered discs: number, place, the members' ids, and whether it is new.

    A cluster is new when the test before did not find it, or when none of its members is among `seen`; None means that
    nothing was shown before.
    """
    found = []
    for number, one in enumerate(urgent, 1):
        cluster = one.cluster.iloc[0]
        members = list(cluster["member_ids"])
        found.append(
            {
                "number": number,
                "lon": round(cluster.geometry.x, 5),
                "lat": round(cluster.geometry.y, 5),
                "members": members,
                "fresh": one.is_new or (seen is not None and not set(seen).intersection(members)),
            }
        )
    return found


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frames = []
    for number, one in enumerate(desk.figures.board().urgent, 1):
        cluster = one.cluster.assign(cluster=number)
        drawn = cluster_features(desk, cluster, one.a, one.b, view.lang)
        place = drawn[drawn["part"] == "disc"].assign(part="place").set_geometry(cluster.geometry.to_numpy(), crs=4326)
        frames += [drawn[drawn["part"] != "label"], place]
    if not frames:
        return gpd.GeoDataFrame({"part": [], "geometry": []}, crs=4326)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=4326)


def _paint(palette: Palette) -> list[StyleLayer]:
    place = ["==", ["get", "part"], "place"]
    return [
        {
            "type": "fill",
            "filter": ["==", ["get", "part"], "disc"],
            "paint": {"fill-color": palette.joint, "fill-opacity": 0.25},
        },
        {
            "type": "line",
            "filter": ["==", ["get", "part"], "ring"],
            "paint": {"line-color": palette.side(), "line-width": 3},
        },
        {"type": "circle", "filter": place, "paint": {"circle-color": palette.joint, "circle-radius": 4}},
        {
            # The numbers are drawn by assets/wall.js, which keeps them apart; this holds the room they need free of names.
            "type": "symbol",
            "filter": place,
            "layout": {"text-field": "●●", "text-size": 40, "text-offset": [0, -1], "text-allow-overlap": True},
            "paint": {"text-opacity": 0},
        },
    ]


URGENT = Layer(
    key="urgent",
    title="Clusters that need a decision",
    topics=(Topic.INCIDENTS, Topic.JURISDICTIONS, Topic.AGREEMENTS, Topic.PATROLS, Topic.ANALYSES, DAY),
    fields=("lang",),
    features=_features,
    paint=_paint,
    switch=False,
    tips=True,
)
