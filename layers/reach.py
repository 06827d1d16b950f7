"""What stations reach in time, as far as it goes or up to the border, and the picked station's rings of minutes."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.desk import Desk
from casework.errors import CaseError
from casework.ports import Topic
from layers.jurisdictions import side_of
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View
from words import translator

_COLUMNS = ["side", "label", "tip", "geometry"]


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    if view.pair is None:
        return _nothing()
    outlines = desk.territory.jurisdictions(*view.pair).set_index("id").geometry
    shapes = []
    for one in view.pair:
        whole = shapely.union_all(desk.reach.ground(view.whatif, one).geometry.to_numpy())
        shapes.append(shapely.intersection(whole, outlines.get(one, shapely.Polygon())) if view.bound else whole)
    return _framed(shapes, ["a", "b"], ["", ""], ["", ""])


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {"type": "fill", "paint": {"fill-color": palette.side(), "fill-opacity": 0.12}},
        {"type": "line", "paint": {"line-color": palette.side(), "line-width": 1.5, "line-dasharray": [4, 3]}},
    ]


def _rings(desk: Desk, view: View) -> gpd.GeoDataFrame:
    kind, _sep, station_id = (view.selected or "").partition(":")
    if kind != "station":
        return _nothing()
    try:
        rings = desk.reach.rings(station_id, view.whatif)
    except CaseError:
        # A link may name a station that is gone: the panel says so.
        return _nothing()
    _ = translator(view.lang)
    stations = desk.reach.stations(steps=view.whatif).set_index("id")
    home = stations["jurisdiction_id"][station_id]
    shapes = rings.geometry.to_numpy()
    if view.bound and isinstance(home, str):
        shapes = shapely.intersection(shapes, desk.territory.jurisdictions(home).geometry.iloc[0])
    labels = [_("{min} min").format(min=f"{one:g}") for one in rings["minutes"]]
    tips = [f"{stations['name'][station_id]} · {label}" for label in labels]
    side = side_of(home if isinstance(home, str) else "", view) or "joint"
    # The widest first, so that the pointer finds the nearest ring.
    return _framed(list(shapes), [side] * len(rings), labels, tips).iloc[::-1]


def _paint_rings(palette: Palette) -> list[StyleLayer]:
    return [
        {"type": "fill", "paint": {"fill-color": palette.side(), "fill-opacity": 0.14}},
        {"type": "line", "paint": {"line-color": palette.side(), "line-width": 2}},
        {
            "type": "symbol",
            "layout": {"symbol-placement": "line", "text-field": ["get", "label"], "text-size": 13},
            "paint": {"text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2},
        },
    ]


def _framed(shapes: Sequence[object], sides: list[str], labels: list[str], tips: list[str]) -> gpd.GeoDataFrame:
    """One row a shape that is not empty; the pointer is told what has words."""
    rows = {"side": sides, "label": labels, "tip": tips}
    frame = gpd.GeoDataFrame(rows, geometry=np.array(shapes, dtype=object), crs=4326)
    return frame[~frame.geometry.is_empty][_COLUMNS]


def _nothing() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({name: pd.Series(dtype="str") for name in _COLUMNS[:-1]}, geometry=[], crs=4326)


REACH = Layer(
    key="reach",
    title="Reach of stations",
    topics=(Topic.STATIONS, Topic.ROADS, Topic.JURISDICTIONS),
    fields=("a", "b", "bound", "whatif"),
    features=_features,
    paint=_paint,
    shown=False,
)
RINGS = Layer(
    key="rings",
    title="Reach of the picked station",
    topics=(Topic.STATIONS, Topic.ROADS, Topic.JURISDICTIONS),
    fields=("a", "b", "bound", "whatif", "selected", "lang"),
    features=_rings,
    paint=_paint_rings,
    switch=False,
    tips=True,
)
