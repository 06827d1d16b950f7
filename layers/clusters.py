"""Where incidents gather: a ring with its number and count; a straddling ring is drawn in both hues."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.desk import Desk
from casework.ports import Topic
from geo.crs import GEOD
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View, chosen
from words import translator

# Labels give way to one another: over each other nobody reads them.
BESIDE = {"text-variable-anchor": ["bottom", "top", "left", "right"], "text-radial-offset": 0.2}
_LEAST_RADIUS_M = 500.0
_MANY = 1_000_000
_STEPS = 72
_KEPT = ["cluster", "part", "side", "straddles", "label", "tip", "geometry"]


def _discs(clusters: gpd.GeoDataFrame) -> np.ndarray:
    """Geodesic circles around the clusters' centres, as polygons."""
    radius_m = np.maximum(clusters["radius_m"].to_numpy(), _LEAST_RADIUS_M)
    shape = (len(clusters), _STEPS)
    bearing_deg = np.broadcast_to(np.linspace(0, 360, _STEPS, endpoint=False), shape)
    lon, lat, _ = GEOD.fwd(
        np.broadcast_to(clusters.geometry.x.to_numpy()[:, None], shape),
        np.broadcast_to(clusters.geometry.y.to_numpy()[:, None], shape),
        bearing_deg,
        np.broadcast_to(radius_m[:, None], shape),
    )
    return np.asarray(shapely.polygons(np.stack([lon, lat], axis=-1)))


def cluster_features(desk: Desk, clusters: gpd.GeoDataFrame, a: str, b: str, language: str) -> gpd.GeoDataFrame:
    """Per cluster its disc, its ring cut by side, and its label."""
    _ = translator("en" if language == "en" else "zh")
    discs = _discs(clusters)
    rings = shapely.get_exterior_ring(discs)
    parties = desk.territory.jurisdictions(a, b).set_index("id").geometry
    cut = {side: shapely.intersection(rings, parties.get(one, shapely.Polygon())) for side, one in (("a", a), ("b", b))}
    cut["joint"] = shapely.difference(rings, parties.union_all())
    tips = [
        _("Cluster {number}: {n} incidents, {n_a} + {n_b}").format(number=number, n=n, n_a=n_a, n_b=n_b)
        for number, n, n_a, n_b in zip(
            clusters["cluster"], clusters["n_incidents"], clusters["n_a"], clusters["n_b"], strict=True
        )
    ]
    base = pd.DataFrame(
        {
            "cluster": clusters["cluster"].to_numpy(),
            "straddles": clusters["straddles"].to_numpy(),
            "label": [
                f"{number} · {n}" for number, n in zip(clusters["cluster"], clusters["n_incidents"], strict=True)
            ],
            "tip": tips,
        }
    )
    top = shapely.points(clusters.geometry.x.to_numpy(), shapely.bounds(discs)[:, 3]) if len(clusters) else discs
    parts = [("disc", "", discs), ("label", "", top), *(("ring", side, lines) for side, lines in cut.items())]
    frames = [
        gpd.GeoDataFrame(base.assign(part=part, side=side), geometry=shapes, crs=4326) for part, side, shapes in parts
    ]
    whole = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=4326)
    return whole[~whole.geometry.is_empty][_KEPT]


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    if view.pair is None:
        return gpd.GeoDataFrame({name: [] for name in _KEPT}, crs=4326)
    clusters = desk.clusters.look(*view.pair, chosen(desk, view))
    return cluster_features(desk, clusters, *view.pair, view.lang)


def paint_clusters(palette: Palette) -> list[StyleLayer]:
    """Discs, rings and labels; what straddles is thicker and brighter."""
    return [
        {
            "type": "fill",
            "filter": ["==", ["get", "part"], "disc"],
            "paint": {"fill-color": palette.joint, "fill-opacity": ["case", ["get", "straddles"], 0.12, 0.05]},
        },
        {
            "type": "line",
            "filter": ["==", ["get", "part"], "ring"],
            "paint": {
                "line-color": palette.side(),
                "line-width": ["case", ["get", "straddles"], 4, 2],
                "line-opacity": ["case", ["get", "straddles"], 1, 0.7],
            },
        },
        {
            "type": "symbol",
            "filter": ["==", ["get", "part"], "label"],
            "layout": {
                "text-field": ["get", "label"],
                "text-size": ["case", ["get", "straddles"], 15, 12],
                **BESIDE,
                # Where there is no room for all, those that straddle come first.
                "symbol-sort-key": ["case", ["get", "straddles"], ["get", "cluster"], ["+", ["get", "cluster"], _MANY]],
            },
            "paint": {"text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2},
        },
    ]


CLUSTERS = Layer(
    key="clusters",
    title="Clusters",
    topics=(Topic.INCIDENTS, Topic.JURISDICTIONS),
    fields=("a", "b", "since", "until", "categories", "sources", "severity", "lang"),
    features=_features,
    paint=paint_clusters,
    tips=True,
)
