"""Where incidents gather across the line: the quick look, not yet tested for chance."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

import geopandas as gpd
import numpy as np
from shapely.geometry import Point

from casework.errors import NotFoundError, RefusedError
from casework.model import Selection
from casework.ports import Store, Topic
from casework.rules import Rules
from geo.clusters import describe_clusters, find_clusters
from geo.crs import GEOD

MOST_INCIDENTS = 50_000


class Clusters:
    """Clusters of two neighbours' incidents, pooled: half a cluster on the line is invisible to each side alone."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._rules = rules
        self._look = lru_cache(maxsize=128)(self._compute)

    def look(self, a: str, b: str, selection: Selection, alone: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
        """CLUSTERS frame with `member_ids`, most urgent first: straddling, then latest, then largest.

        `alone` keeps the incidents of one side, to see what it would have found without its neighbour.

        Raises
        ------
        RefusedError
            When the selection holds too many incidents for a quick look.
        """
        a, b = sorted((a, b))
        chosen = replace(selection, jurisdictions=tuple(sorted(alone)) or (a, b))
        return self._look(self._store.versions()[Topic.INCIDENTS], a, b, chosen)

    def get(self, a: str, b: str, selection: Selection, cluster: int) -> gpd.GeoDataFrame:
        """One row of `look`; a number that is not there raises `NotFoundError`."""
        frame = self.look(a, b, selection)
        frame = frame[frame["cluster"] == cluster]
        if frame.empty:
            raise NotFoundError("There is no cluster {number} in this period and with these filters.", number=cluster)
        return frame

    def members(self, a: str, b: str, selection: Selection, cluster: int) -> gpd.GeoDataFrame:
        """INCIDENTS frame of a cluster's members, newest first."""
        ids = set(self.get(a, b, selection, cluster)["member_ids"].iloc[0])
        incidents = self._store.incidents(replace(selection, jurisdictions=tuple(sorted((a, b)))))
        return incidents[incidents["id"].isin(ids)]

    def holds(self, cluster: gpd.GeoDataFrame, places: Sequence[tuple[float, float]]) -> bool:
        """Whether any of `places` (lon, lat) lies within the cluster's radius."""
        if not places:
            return False
        centre = cast("Point", cluster.geometry.iloc[0])
        lon, lat = np.asarray(places).T
        _, _, distance_m = GEOD.inv(np.full_like(lon, centre.x), np.full_like(lat, centre.y), lon, lat)
        return bool((distance_m <= float(cluster["radius_m"].iloc[0])).any())

    def _compute(self, _version: int, a: str, b: str, selection: Selection) -> gpd.GeoDataFrame:
        rules = self._rules
        n = int(self._store.count_incidents(selection)["n"].sum())
        if n > MOST_INCIDENTS:
            raise RefusedError(
                "{n} incidents are too many for a quick look (at most {most}): shorten the period or choose a category.",
                n=f"{n:,}",
                most=f"{MOST_INCIDENTS:,}",
            )
        incidents = self._store.incidents(selection)
        labels = find_clusters(
            incidents.geometry.x.to_numpy(),
            incidents.geometry.y.to_numpy(),
            incidents["at"],
            radius_m=rules.cluster_radius_m,
            days=rules.cluster_days,
            min_incidents=rules.cluster_min_incidents,
        )
        found = describe_clusters(incidents, labels, a, b, min_each_side=rules.cluster_min_each_side)
        order = np.lexsort((-found["n_incidents"], -found["last_at"].astype("int64"), ~found["straddles"].to_numpy()))
        found = found.iloc[order].reset_index(drop=True)
        return found.assign(cluster=np.arange(1, len(found) + 1))
