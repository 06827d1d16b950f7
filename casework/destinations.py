"""Where officers may have to go on two sides: firms, sites of recent incidents, and an even sample of the zone."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.model import Selection, Severity
from casework.ports import Store
from geo.frames import WGS84
from geo.samples import even_points

FIRM, INCIDENT, GROUND = "firm", "incident", "ground"
MOST_INCIDENTS = 3_000
N_GROUND = 400
# Where nobody scored a firm, its colour speaks; the demonstration's firms have these on average.
_RISK_OF_CODE = {"red": 0.7, "yellow": 0.45, "green": 0.2}
_COLUMNS = ["kind", "id", "name", "side", "risk", "geometry"]


def sites(store: Store, pair: tuple[str, str], selection: Selection) -> gpd.GeoDataFrame:
    """Firms and incidents of two sides, with what each weighs.

    Parameters
    ----------
    store
        Where they are read.
    pair
        Ids of the two sides.
    selection
        Which incidents; the newest 3,000 of them.

    Returns
    -------
    GeoDataFrame
        Columns kind ("firm", "incident"), id, name (an incident's category), side (a jurisdiction's id), risk (firms: as
        scored, 0 to 1, or by colour; incidents: severity by its largest) and the point.
    """
    found = [_firms(store, pair), _incidents(store, pair, selection)]
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=WGS84)[_COLUMNS]


def ground(zone: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """An even sample of a zone's ground, as `sites`: kind "ground", risk 0, side None where nobody holds it alone.

    Parameters
    ----------
    zone
        ZONES frame; each of its parts is sampled as densely.
    """
    whole = float(zone["area_m2"].sum())
    parts = [
        (owner, even_points(shape, max(1, round(N_GROUND * area_m2 / whole))))
        for owner, shape, area_m2 in zip(zone["jurisdiction_id"], zone.geometry, zone["area_m2"], strict=True)
        if area_m2 > 0
    ]
    points = np.concatenate([np.empty((0, 2)), *(points for _, points in parts)])
    owners = [owner if isinstance(owner, str) else None for owner, points in parts for _ in points]
    rows = {
        "id": [f"ground-{k}" for k in range(len(points))],
        "name": "",
        "kind": GROUND,
        "side": pd.Series(owners, dtype=object),
        "risk": 0.0,
    }
    return gpd.GeoDataFrame(rows, geometry=shapely.points(points), crs=WGS84)[_COLUMNS]


def _firms(store: Store, pair: tuple[str, str]) -> gpd.GeoDataFrame:
    frame = store.firms(pair)
    scored = pd.to_numeric(frame["risk"], errors="coerce")
    return frame[["id", "name", "geometry"]].assign(
        kind=FIRM, side=frame["jurisdiction_id"], risk=scored.fillna(frame["code"].map(_RISK_OF_CODE)).astype(float)
    )


def _incidents(store: Store, pair: tuple[str, str], selection: Selection) -> gpd.GeoDataFrame:
    chosen = Selection(
        selection.since, selection.until, selection.categories, selection.sources, selection.min_severity, pair
    )
    frame = store.incidents(chosen, limit=MOST_INCIDENTS)
    return frame[["id", "geometry"]].assign(
        kind=INCIDENT,
        name=frame["category"],
        side=frame["jurisdiction_id"],
        risk=frame["severity"].astype(float) / max(Severity),
    )
