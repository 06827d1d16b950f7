"""Three ways to run the same officers, against a plain reading of the rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.station_models import Model, arrivals, may_go, service

SCENES = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 6), st.integers(1, 12))


def scene(drawn):
    """Minutes, officers, whose ground, and districts that lie on one side each."""
    seed, n_stations, n_places = drawn
    rng = np.random.default_rng(seed)
    minutes = rng.integers(1, 40, (n_stations, n_places)).astype(float)
    minutes[rng.random(minutes.shape) < 0.1] = np.inf
    district = rng.integers(-1, 4, n_places)
    side = district % 2
    serves = rng.integers(0, 3, n_stations)  # 2: a joint station
    own = (serves[:, None] == side) | (serves == 2)[:, None]
    return minutes, rng.integers(0, 4, n_stations), own, district


def plainly(minutes, officers, may, needed):
    """When the crew is complete, place by place."""
    ready = []
    for place in range(minutes.shape[1]):
        ways = sorted((minutes[k, place], officers[k]) for k in range(len(officers)) if may[k, place] and officers[k])
        there, at = 0, np.inf
        for way, n in ways:
            there += n
            if there >= needed and np.isfinite(way):
                at = way
                break
        ready.append(at)
    return np.array(ready)


@settings(max_examples=100, deadline=None)
@given(SCENES, st.integers(1, 4))
def test_a_crew_is_complete_when_the_last_one_needed_is_there(drawn, needed):
    minutes, officers, own, district = scene(drawn)
    for model in Model:
        may = may_go(model, minutes, officers, own, district)
        found = arrivals(minutes, officers, may, needed)
        np.testing.assert_array_equal(found.ready_min, plainly(minutes, officers, may, needed))
        assert (found.first_min <= found.ready_min).all()
        came = found.first >= 0
        assert (np.isfinite(found.first_min) == came).all()
        assert (officers[found.first[came]] > 0).all()


@settings(max_examples=100, deadline=None)
@given(SCENES)
def test_more_freedom_is_never_later(drawn):
    minutes, officers, own, district = scene(drawn)
    resident, by_district, pooled = (
        arrivals(minutes, officers, may_go(model, minutes, officers, own, district)) for model in Model
    )
    assert (pooled.ready_min <= by_district.ready_min).all()
    assert (by_district.ready_min <= resident.ready_min).all()


def test_a_resident_serves_a_whole_district_and_no_other():
    minutes = np.array([[1.0, 30.0, 9.0], [20.0, 2.0, 9.0], [1.0, 1.0, 1.0]])
    own = np.array([[True, True, False], [True, True, False], [False, False, True]])
    may = may_go(Model.RESIDENT, minutes, [2, 2, 0], own, [0, 0, 1])
    assert may.tolist() == [[False] * 3, [True, True, False], [False] * 3]
    assert not may_go(Model.RESIDENT, minutes, [0, 0, 0], own, [0, 0, 1]).any()
    nowhere = np.full((3, 3), np.inf)
    assert not may_go(Model.RESIDENT, nowhere, [2, 2, 2], own, [0, 0, 1]).any()
    one_lost = np.array([[1.0, np.inf, 9.0], [900.0, 901.0, 9.0], [1.0, 1.0, 1.0]])
    assert may_go(Model.RESIDENT, one_lost, [2, 2, 0], own, [0, 0, 1])[0, 0]


def test_one_officer_alone_reaches_nothing_by_law():
    minutes = np.array([[5.0]])
    alone = arrivals(minutes, [1], np.ones((1, 1), dtype=bool))
    assert (alone.first_min[0], alone.ready_min[0]) == (5, np.inf)
    assert arrivals(minutes, [1], np.ones((1, 1), dtype=bool), 1).ready_min[0] == 5


def test_shares_of_places_and_of_risk():
    found = service(np.arange(1.0, 11.0), np.arange(10.0), 5)
    assert (found.median_min, found.p90_min, found.share, found.n_beyond) == (5, 9, 0.5, 5)
    assert found.risk_share == pytest.approx(10 / 45)
    assert np.isnan(service(np.array([1.0]), [0.0], 5).risk_share)
    assert np.isnan(service(np.empty(0), [], 5).median_min)


def test_what_does_not_fit_is_refused():
    with pytest.raises(GeoError, match="one row a station"):
        may_go(Model.POOLED, np.ones((2, 3)), [1], np.ones((2, 3), dtype=bool), [0, 0, 0])
    with pytest.raises(GeoError, match="at least 1 officer"):
        arrivals(np.ones((1, 1)), [1], np.ones((1, 1), dtype=bool), 0)
