"""What the person picked: the members of a cluster, or one incident, firm, station or place."""

from typing import cast

import geopandas as gpd
from shapely.geometry import Point

from casework.desk import Desk
from casework.errors import CaseError
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.tested import picked_finding
from layers.view import View, chosen


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    nothing = gpd.GeoDataFrame({"id": [], "geometry": []}, crs=4326)
    kind, _, key = (view.selected or "").partition(":")
    try:
        if kind == "incident":
            found = desk.incidents.get(key)
            return gpd.GeoDataFrame({"id": [key]}, geometry=[cast("Point", found["geometry"])], crs=4326)
        if kind in {"firm", "station", "place"}:
            return _one(desk, view, kind, key)
        if (tested := picked_finding(desk, view)) is not None:
            members = desk.incidents.among(tested[1]["member_ids"].iloc[0])
            return members[["id", "geometry"]] if len(members) else tested[1].assign(id="")[["id", "geometry"]]
        if kind == "cluster" and view.pair is not None and key.isdigit():
            members = desk.clusters.members(*view.pair, chosen(desk, view), int(key))
            return members[["id", "geometry"]]
    except CaseError:
        # A link may name a thing that is gone or filtered away: then nothing is picked, and the panel says why.
        return nothing
    return nothing


def _one(desk: Desk, view: View, kind: str, key: str) -> gpd.GeoDataFrame:
    """The firm, the station, or the outline of the township or square with this id; empty when it is gone."""
    if kind == "place":
        frame = desk.reach.districts(*(view.pair or ()))
    else:
        frame = desk.stations.firms() if kind == "firm" else desk.reach.stations(steps=view.whatif)
    return frame[frame["id"] == key][["id", "geometry"]]


def place_of_picked(desk: Desk, view: View) -> tuple[float, float] | None:
    """Longitude and latitude of what was picked; None where nothing is."""
    if view.selected is None:
        return None
    found = _features(desk, view)
    if found.empty:
        return None
    middle = found.union_all().centroid
    return middle.x, middle.y


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "line",
            "filter": ["!=", ["geometry-type"], "Point"],
            "paint": {"line-color": palette.joint, "line-width": 3},
        },
        {
            "type": "circle",
            "filter": ["==", ["geometry-type"], "Point"],
            "paint": {
                "circle-radius": 5,
                "circle-color": palette.incident,
                "circle-stroke-color": palette.joint,
                "circle-stroke-width": 2,
            },
        },
    ]


PICKED = Layer(
    key="picked",
    title="Picked",
    topics=(Topic.INCIDENTS, Topic.ANALYSES, Topic.FIRMS, Topic.STATIONS, Topic.JURISDICTIONS),
    fields=("a", "b", "since", "until", "categories", "sources", "severity", "whatif", "selected"),
    features=_features,
    paint=_paint,
    switch=False,
)
