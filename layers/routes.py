"""A plan's crews: the way of each from its station and back, straight between stops, and its stops by number."""

import geopandas as gpd
from shapely.geometry import LineString, Point

from casework.desk import Desk
from casework.errors import NotFoundError
from casework.plan import Plan, PlannedCrew
from casework.ports import Topic
from casework.timetable import is_joint
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View
from words import Translate, translator

_COLUMNS = ["kind", "side", "label", "tip", "geometry"]
_CHOSEN = ["==", ["get", "kind"]]


def crew_side(plan: Plan, crew: PlannedCrew) -> str:
    """Whose hue a crew has: "a", "b", or "both" where it has officers of each."""
    return "both" if len(crew.sides) > 1 else "a" if crew.sides == (plan.a,) else "b"


def route_features(plan: Plan, _: Translate) -> gpd.GeoDataFrame:
    """Lines and stops of a plan, kept or not; `side` is whose crew it is, "both" for one of both sides."""
    rows: list[tuple[str, str, str, str, LineString | Point]] = []
    told: set[str] = set()
    for number, crew in enumerate(plan.crews, start=1):
        side, name = crew_side(plan, crew), _("Crew {n}").format(n=number)
        home = (crew.lon, crew.lat)
        way = LineString([home, *((one.lon, one.lat) for one in crew.stops), home])
        rows.append(("way", side, "", f"{name} · {_('straight between stops, not the road')}", way))
        for at, stop in enumerate(crew.stops, start=1):
            if stop.visit_id in told:
                continue
            told.add(stop.visit_id)
            joint = is_joint(plan, stop.visit_id)
            words = [f"{number}.{at} {stop.title}", *([_("joint")] if joint else [])]
            label = f"{number}.{at}" + (f" {_('joint')}" if joint else "")
            rows.append(
                ("joint" if joint else "stop", "both" if joint else side, label, " · ".join(words),
                 Point(stop.lon, stop.lat))
            )  # fmt: skip
    return gpd.GeoDataFrame(rows, columns=_COLUMNS, geometry="geometry", crs=4326)


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    nothing = gpd.GeoDataFrame([], columns=_COLUMNS, geometry="geometry", crs=4326)
    if view.plan is None:
        return nothing
    try:
        return route_features(desk.plans.get(view.plan), translator(view.lang))
    except NotFoundError:
        # A link may name a plan that is not there: the panel says so.
        return nothing


def _paint(palette: Palette) -> list[StyleLayer]:
    hue = palette.side()
    shape = {
        "text-allow-overlap": True,
        "text-ignore-placement": True,
    }
    return [
        {
            "type": "line",
            "filter": [*_CHOSEN, "way"],
            "layout": {"line-join": "round"},
            "paint": {"line-color": palette.halo, "line-width": 5, "line-opacity": 0.7},
        },
        {
            "type": "line",
            "filter": [*_CHOSEN, "way"],
            "layout": {"line-join": "round"},
            "paint": {"line-color": hue, "line-width": 2.5, "line-dasharray": [3, 1.2]},
        },
        # A joint visit is a diamond of both hues' white, any other a disc.
        {
            "type": "circle",
            "filter": [*_CHOSEN, "stop"],
            "paint": {
                "circle-radius": 6,
                "circle-color": hue,
                "circle-stroke-color": palette.halo,
                "circle-stroke-width": 1.5,
            },
        },
        {
            "type": "symbol",
            "filter": [*_CHOSEN, "joint"],
            "layout": {"text-field": "◆", "text-size": 26, **shape},
            "paint": {"text-color": palette.joint, "text-halo-color": palette.halo, "text-halo-width": 2},
        },
        {
            "type": "symbol",
            "filter": ["in", ["get", "kind"], ["literal", ["stop", "joint"]]],
            "layout": {
                "text-field": ["get", "label"],
                "text-size": 13,
                "text-anchor": "left",
                "text-offset": [0.9, 0],
                "text-optional": True,
            },
            "paint": {"text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2},
        },
    ]


ROUTES = Layer(
    key="routes",
    title="Routes of the plan",
    topics=(Topic.PLANS,),
    fields=("plan", "lang"),
    features=_features,
    paint=_paint,
    tips=True,
)
