"""Streets in every store: kept to a centimetre."""

from dataclasses import fields, replace

import numpy as np
import pytest

from casework.ports import Topic
from tests.geo.road_towns import town


class RoadsContract:
    """One road network, which a new one replaces."""

    def test_streets_come_back_as_they_were(self, store):
        assert store.roads() is None
        streets = replace(town(1), source="town.osm.pbf", signals=np.array([3, 4], dtype=np.int32))
        store.keep_roads(streets)
        kept = store.roads()
        assert kept.lonlat == pytest.approx(streets.lonlat, abs=1e-7)
        assert (kept.source, kept.data_on, kept.simulated) == ("town.osm.pbf", streets.data_on, False)
        for one in fields(streets):
            if one.name not in ("lonlat", "source", "data_on", "simulated"):
                assert np.array_equal(getattr(kept, one.name), getattr(streets, one.name), equal_nan=one.name == "kmh")
        assert store.versions()[Topic.ROADS] == 1

    def test_new_streets_replace_the_old(self, store):
        store.keep_roads(town(1))
        store.keep_roads(replace(town(2), simulated=True, data_on=None))
        assert len(store.roads()) == len(town(2))
        assert store.roads().simulated
        assert store.roads().data_on is None
        assert store.versions()[Topic.ROADS] == 2
