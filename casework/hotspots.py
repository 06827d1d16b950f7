"""Jurisdictions with more, or fewer, incidents than their neighbourhood's share."""

from functools import lru_cache

import geopandas as gpd
import numpy as np

from casework.model import Selection
from casework.ports import Store, Topic
from casework.rules import Rules
from geo.hotspots import hotspots
from geo.polygons import areas_m2
from geo.shifts import Floats


class Hotspots:
    """Where jurisdictions and their neighbours together have remarkably much or little per square kilometre."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._rules = rules
        self._areas = lru_cache(maxsize=1)(self._measured)
        self._of = lru_cache(maxsize=8)(self._compute)

    def of(self, selection: Selection) -> gpd.GeoDataFrame:
        """Per jurisdiction id, n, per_km2, z, p, q and kind ("hot", "cold" or ""), with its outline."""
        versions = self._store.versions()
        return self._of(versions[Topic.INCIDENTS], versions[Topic.JURISDICTIONS], selection)

    def _compute(self, _incidents: int, outlines: int, selection: Selection) -> gpd.GeoDataFrame:
        frame = self._store.jurisdictions()
        counts = self._store.count_incidents(selection, ["jurisdiction_id"]).set_index("jurisdiction_id")["n"]
        n = frame["id"].map(counts).fillna(0).astype("int64")
        per_km2 = n.to_numpy() / np.maximum(self._areas(outlines), 1e-6)
        found = hotspots(frame, per_km2, self._store.borders(), q=self._rules.significance)
        told = frame[["id", "geometry"]].assign(n=n, per_km2=per_km2)
        return told.merge(found, on="id")

    def _measured(self, _version: int) -> Floats:
        """Square kilometres of every jurisdiction."""
        return areas_m2(self._store.jurisdictions().geometry) / 1e6
