"""Incidents as vector tiles: each one where they are few, counts of a grid where they are many."""

import geopandas as gpd

from casework.desk import Desk
from casework.ports import Topic
from geo.cells import tile_xy
from layers.layer import Layer, StyleLayer
from layers.mvt import EXTENT, encode_counts, encode_points
from layers.palette import Palette
from layers.view import View, chosen

_MOST_EXPORTED = 5_000


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    frame = desk.incidents.find(chosen(desk, view), limit=_MOST_EXPORTED)
    # GeoJSON has no instants.
    return frame.assign(at=frame["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _tile(desk: Desk, view: View, z: int, x: int, y: int) -> bytes:
    content = desk.incidents.tile(chosen(desk, view), z, x, y)
    if content.points is None:
        cells = content.cells
        column, row = tile_xy(cells["lon"], cells["lat"], z, x, y, EXTENT)
        return encode_counts("incidents", column, row, cells["n"], cells["max_severity"])
    points = content.points
    column, row = tile_xy(points["lon"], points["lat"], z, x, y, EXTENT)
    alike = points[["category", "severity"]].drop_duplicates().reset_index(drop=True)
    group = points.merge(alike.reset_index(names="group"), on=["category", "severity"], how="left")["group"]
    properties = [{"category": one["category"], "severity": int(one["severity"])} for one in alike.to_dict("records")]
    return encode_points("incidents", column, row, group, properties)


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "circle",
            "filter": ["has", "n"],
            "paint": {
                "circle-color": palette.incident,
                "circle-opacity": 0.45,
                "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 2, 2, 8, 4, 16, 6, 26],
            },
        },
        {
            "type": "circle",
            "filter": ["!", ["has", "n"]],
            "paint": {
                "circle-color": palette.incident,
                "circle-opacity": 0.75,
                "circle-radius": [
                    "interpolate",
                    ["linear"],
                    ["zoom"],
                    8,
                    ["interpolate", ["linear"], ["get", "severity"], 1, 1.2, 4, 3],
                    14,
                    ["interpolate", ["linear"], ["get", "severity"], 1, 4, 4, 9],
                ],
                "circle-stroke-color": palette.halo,
                "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 9, 0, 13, 1],
            },
        },
    ]


INCIDENTS = Layer(
    key="incidents",
    title="Incidents",
    topics=(Topic.INCIDENTS,),
    fields=("since", "until", "categories", "sources", "severity"),
    features=_features,
    paint=_paint,
    tile=_tile,
)
