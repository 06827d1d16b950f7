"""Incidents and inspections as the scan takes them: cases at places, and where somebody looked."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import GeoError

_DIGITS = 7  # of a degree: a centimetre


def incident_cases(incidents: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases and sites of incidents, for `geo.scan.scan` and `geo.scan_sides.border_view`.

    Parameters
    ----------
    incidents
        Points, EPSG:4326, with id, at and jurisdiction_id (may be empty).

    Returns
    -------
    tuple of DataFrame
        Cases, one row per incident in the same order: site, at. Sites, one per place and jurisdiction: id (the least of
        its incidents' ids), x, y, jurisdiction_id.

    Raises
    ------
    GeoError
        When a column is missing.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"id": ["2", "1"], "at": pd.to_datetime(["2024-05-01"] * 2, utc=True),
    ...     "jurisdiction_id": ["w", "w"]}, geometry=gpd.points_from_xy([120, 120], [30, 30]), crs=4326)
    >>> cases, sites = incident_cases(frame)
    >>> cases["site"].tolist(), sites.values.tolist()
    (['1', '1'], [['1', 120.0, 30.0, 'w']])
    >>> [len(part) for part in incident_cases(frame[:0])]
    [0, 0]
    """
    if missing := {"id", "at", "jurisdiction_id"} - set(incidents.columns):
        raise GeoError(f"incidents: column {min(missing)!r} is missing")
    at_places = pd.DataFrame({
        "id": incidents["id"].astype(str).to_numpy(), "x": incidents.geometry.x.round(_DIGITS).to_numpy(),
        "y": incidents.geometry.y.round(_DIGITS).to_numpy(),
        "jurisdiction_id": incidents["jurisdiction_id"].fillna("").astype(str).to_numpy(),
    })  # fmt: skip
    groups = at_places.groupby(["x", "y", "jurisdiction_id"], dropna=False)["id"]
    sites = groups.min().reset_index()[["id", "x", "y", "jurisdiction_id"]]
    cases = pd.DataFrame({"site": groups.transform("min").to_numpy(), "at": incidents["at"].to_numpy()})
    return cases, sites


def visits_effort(
    visits: gpd.GeoDataFrame, sites: pd.DataFrame, weight: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Effort by place and time, and the sites with the visits' places added: cases are then expected where people looked.

    Parameters
    ----------
    visits
        Points, EPSG:4326, with at: inspections, or random visits alone, which are the unbiased sample.
    sites
        As `incident_cases` gives them.
    weight
        A column of `visits` with hours or another measure of effort; None: every visit counts 1.

    Examples
    --------
    >>> visits = gpd.GeoDataFrame({"at": pd.to_datetime(["2024-05-01"], utc=True)}, geometry=gpd.points_from_xy([121], [30]),
    ...     crs=4326)
    >>> sites = pd.DataFrame({"id": ["1"], "x": [120.0], "y": [30.0], "jurisdiction_id": ["w"]})
    >>> effort, more = visits_effort(visits, sites)
    >>> effort[["site", "weight"]].values.tolist(), len(more)
    ([['visit 0', 1.0]], 2)
    >>> len(visits_effort(visits[:0], sites)[0])
    0
    """
    ids = np.array([f"visit {row}" for row in range(len(visits))], dtype=object)
    amount = np.ones(len(visits)) if weight is None else visits[weight].to_numpy(dtype=float)
    effort = pd.DataFrame({"site": ids, "at": visits["at"].to_numpy(), "weight": amount})
    side = visits["jurisdiction_id"].fillna("").to_numpy() if "jurisdiction_id" in visits else np.full(len(visits), "")
    places = {"id": ids, "x": visits.geometry.x.to_numpy(), "y": visits.geometry.y.to_numpy(), "jurisdiction_id": side}
    return effort, pd.concat([sites, pd.DataFrame(places)], ignore_index=True)
