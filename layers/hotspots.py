"""Hot and cold jurisdictions: a word and a mark in each that stands out, and a tint."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.desk import Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View, chosen
from words import translator

_KEPT = ["part", "kind", "label", "tip", "geometry"]


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    _ = translator(view.lang)
    found = desk.hotspots.of(chosen(desk, view))
    found = found[found["kind"] != ""].reset_index(drop=True)
    words = {"hot": "▲ " + _("hot"), "cold": "▼ " + _("cold")}
    names = desk.territory.names(view.lang)
    told = found.assign(
        label=[words[kind] for kind in found["kind"]],
        tip=[
            _("{name}: {n} incidents, {rate} per 100 km²; with its neighbours {z} deviations, q {q}").format(
                name=names[row["id"]], n=row["n"], rate=f"{row['per_km2'] * 100:.1f}",
                z=f"{row['z']:+.1f}", q=f"{row['q']:.3f}",
            )
            for row in found.to_dict("records")
        ],
    )  # fmt: skip
    outlines = desk.territory.outlines().set_index("id").geometry
    shapes = np.asarray(outlines.reindex(told["id"]), dtype=object)
    areas = told.set_geometry(shapes, crs=4326).assign(part="area")
    marks = told.set_geometry(shapely.point_on_surface(shapes), crs=4326).assign(part="mark")
    both = gpd.GeoDataFrame(pd.concat([areas, marks], ignore_index=True), crs=4326)
    return both[_KEPT]


def _paint(palette: Palette) -> list[StyleLayer]:
    hue = ["match", ["get", "kind"], "hot", palette.red, palette.side_a]
    return [
        {
            "type": "fill",
            "filter": ["==", ["get", "part"], "area"],
            "paint": {"fill-color": hue, "fill-opacity": 0.22},
        },
        {
            "type": "symbol",
            "filter": ["==", ["get", "part"], "mark"],
            "layout": {"text-field": ["get", "label"], "text-size": 13, "text-offset": [0, 1.6]},
            "paint": {"text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.6},
        },
    ]


HOTSPOTS = Layer(
    key="hotspots",
    title="Hot and cold jurisdictions",
    topics=(Topic.INCIDENTS, Topic.JURISDICTIONS),
    fields=("since", "until", "categories", "sources", "severity", "lang"),
    features=_features,
    paint=_paint,
    shown=False,
    tips=True,
)
