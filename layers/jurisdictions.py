"""Who is responsible where: outlines, the two chosen ones in the hue of their side, and names."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from casework.desk import Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View

# Share of the border's extent around it in which the two sides' names stand.
_NEAR = 0.3


def side_of(jurisdiction_id: str, view: View) -> str:
    """Side of a jurisdiction, "a" or "b"; "" for one that is neither."""
    if view.pair is None or jurisdiction_id not in view.pair:
        return ""
    return "a" if jurisdiction_id == view.pair[0] else "b"


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frame = desk.territory.outlines(*(view.pair or ()))
    names = desk.territory.names(view.lang)
    return frame.assign(
        side=[side_of(one, view) for one in frame["id"]],
        tip=[f"{names[one]} · {source or ''}" for one, source in zip(frame["id"], frame["source"], strict=True)],
    )[["id", "side", "tip", "geometry"]]


def _paint(palette: Palette) -> list[StyleLayer]:
    chosen = ["match", ["get", "side"], ["a", "b"], palette.chosen, palette.land]
    return [
        {"type": "fill", "paint": {"fill-color": chosen, "fill-outline-color": palette.outline}},
        {
            "type": "line",
            "paint": {
                "line-color": palette.outline,
                "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 12, 1.5],
            },
        },
    ]


def _label_points(desk: Desk, frame: gpd.GeoDataFrame, view: View) -> npt.NDArray[np.object_]:
    """Where each name stands: inside its own, and for the two sides near the border one looks at."""
    shapes = frame.geometry.to_numpy().copy()
    a, b = view.pair or ("", "")
    borders = desk.territory.drawn_borders(*(view.pair or ()))
    border = borders[(borders["a"] == a) & (borders["b"] == b)]
    if len(border):
        west, south, east, north = border.total_bounds
        margin = _NEAR * max(east - west, north - south)
        near = shapely.box(west - margin, south - margin, east + margin, north + margin)
        for row in np.flatnonzero(frame["id"].isin([a, b])):
            part = shapely.intersection(shapes[row], near)
            shapes[row] = shapes[row] if part.is_empty else part
    return np.asarray(shapely.point_on_surface(shapes))


def _label_features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frame = desk.territory.outlines()
    other = desk.territory.names("en" if view.lang == "zh" else "zh")
    names = desk.territory.names(view.lang)
    points = frame.set_geometry(_label_points(desk, frame, view), crs=frame.crs)
    return points.assign(
        side=[side_of(one, view) for one in frame["id"]],
        name=[names[one] for one in frame["id"]],
        other=[other[one] if other[one] != names[one] else "" for one in frame["id"]],
        size=frame.to_crs(frame.estimate_utm_crs()).area.to_numpy() if len(frame) else [],
    )[["id", "side", "name", "other", "size", "geometry"]]


def _label_paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "symbol",
            "layout": {
                "text-field": ["format", ["get", "name"], {}, "\n", {}, ["get", "other"], {"font-scale": 0.72}],
                "text-size": ["interpolate", ["linear"], ["zoom"], 7, 12, 12, 17],
                "symbol-sort-key": ["-", 0, ["get", "size"]],
                "text-padding": 6,
            },
            "paint": {
                "text-color": ["match", ["get", "side"], "a", palette.side_a, "b", palette.side_b, palette.quiet],
                "text-halo-color": palette.halo,
                "text-halo-width": 1.6,
            },
        }
    ]


JURISDICTIONS = Layer(
    key="jurisdictions",
    title="Jurisdictions",
    topics=(Topic.JURISDICTIONS,),
    fields=("a", "b", "lang"),
    features=_features,
    paint=_paint,
)
NAMES = Layer(
    key="names",
    title="Names",
    topics=(Topic.JURISDICTIONS,),
    fields=("a", "b", "lang"),
    features=_label_features,
    paint=_label_paint,
)
