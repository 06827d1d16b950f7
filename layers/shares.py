"""How much of each zone a station with officers reaches in time: a figure beside each zone on the wall."""

import geopandas as gpd
import shapely

from casework.desk import DAY, Desk
from casework.ports import Topic
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View

_LOW = 0.9


def _features(desk: Desk, _view: View) -> gpd.GeoDataFrame:
    shares = desk.figures.board().zone_shares
    zones = desk.agreements.zones_in_force()
    rows = [(one, share) for one, share in shares.items() if share == share]  # noqa: PLR0124  # a zone without area
    places = [shapely.point_on_surface(zones[zones["agreement_id"] == one].union_all()) for one, _share in rows]
    told = {
        "agreement_id": [one for one, _share in rows],
        "label": [f"{share:.0%}" for _one, share in rows],
        "low": [share < _LOW for _one, share in rows],
    }
    return gpd.GeoDataFrame(told, geometry=places, crs=4326)


def _paint(palette: Palette) -> list[StyleLayer]:
    return [
        {
            "type": "symbol",
            "layout": {
                "text-field": ["get", "label"],
                "text-size": 30,
                "text-variable-anchor": ["left", "right", "top", "bottom"],
                "text-radial-offset": 0.9,
                "text-padding": 2,
                "symbol-sort-key": ["case", ["get", "low"], 0, 1],
            },
            "paint": {
                "text-color": ["case", ["get", "low"], palette.incident, palette.ink],
                "text-halo-color": palette.halo,
                "text-halo-width": 2.5,
            },
        }
    ]


SHARES = Layer(
    key="shares",
    title="Zones within reach",
    topics=(Topic.JURISDICTIONS, Topic.AGREEMENTS, Topic.STATIONS, Topic.ROADS, DAY),
    fields=("lang",),
    features=_features,
    paint=_paint,
    switch=False,
)
