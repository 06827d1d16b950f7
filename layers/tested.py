"""What a test for chance found: a ring by side where chance does not explain it, a dashed one where it does."""

import geopandas as gpd

from casework.desk import Desk
from casework.errors import NotFoundError
from casework.findings import Analysis
from casework.ports import Topic
from layers.clusters import BESIDE, cluster_features
from layers.layer import Layer, StyleLayer
from layers.palette import Palette
from layers.view import View

_KEPT = ["cluster", "part", "side", "straddles", "label", "tip", "pick", "sure", "geometry"]


def shown_analysis(desk: Desk, view: View) -> Analysis | None:
    """The analysis a view names, or else the latest of its two sides; None where there is none."""
    if view.pair is None:
        return None
    if view.analysis:
        try:
            found = desk.analyses.get(view.analysis)
        except NotFoundError:
            found = None
        if found is not None and (found.a, found.b) == view.pair:
            return found
    return next(iter(desk.analyses.of(*view.pair)), None)


def picked_finding(desk: Desk, view: View) -> tuple[Analysis, gpd.GeoDataFrame] | None:
    """The analysis and the finding that were picked; None where something else or nothing was.

    Raises
    ------
    NotFoundError
        When it is not there.
    """
    kind, _sep, key = (view.selected or "").partition(":")
    if kind != "tested":
        return None
    analysis_id, _sep, number = key.partition(":")
    return desk.analyses.get(analysis_id), desk.analyses.finding(analysis_id, int(number))


def _features(desk: Desk, view: View) -> gpd.GeoDataFrame:
    one = shown_analysis(desk, view)
    if one is None:
        return gpd.GeoDataFrame({name: [] for name in _KEPT}, crs=4326)
    found = desk.analyses.findings(one)
    found = found.assign(sure=found["q"] <= desk.rules.significance)
    wanted = found["sure"] | (f"tested:{one.id}:" + found["cluster"].astype(str) == (view.selected or ""))
    found = found[wanted].reset_index(drop=True)
    drawn = cluster_features(desk, found, one.a, one.b, view.lang)
    sure = dict(zip(found["cluster"], found["sure"], strict=True))
    return drawn.assign(
        pick=[f"tested:{one.id}:{number}" for number in drawn["cluster"]],
        sure=[bool(sure[number]) for number in drawn["cluster"]],
    )[_KEPT]


def _paint(palette: Palette) -> list[StyleLayer]:
    ring = ["==", ["get", "part"], "ring"]
    return [
        {
            "type": "fill",
            "filter": ["==", ["get", "part"], "disc"],
            "paint": {"fill-color": palette.joint, "fill-opacity": ["case", ["get", "sure"], 0.2, 0.04]},
        },
        {
            "type": "line",
            "filter": ["all", ring, ["get", "sure"]],
            "paint": {"line-color": palette.side(), "line-width": 5},
        },
        {
            "type": "line",
            "filter": ["all", ring, ["!", ["get", "sure"]]],
            "paint": {"line-color": palette.quiet, "line-width": 2, "line-dasharray": [2, 2]},
        },
        {
            "type": "symbol",
            "filter": ["==", ["get", "part"], "label"],
            "layout": {
                "text-field": ["concat", ["case", ["get", "sure"], "✓ ", "? "], ["get", "label"]],
                "text-size": 15,
                **BESIDE,
                "symbol-sort-key": ["get", "cluster"],
            },
            "paint": {"text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2},
        },
    ]


TESTED = Layer(
    key="tested",
    title="Tested clusters",
    topics=(Topic.ANALYSES, Topic.JURISDICTIONS),
    fields=("a", "b", "analysis", "selected", "lang"),
    features=_features,
    paint=_paint,
    tips=True,
)
