"""Clusters: against scikit-learn on a matrix of all distances, whatever the order of the rows."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from geo.clusters import describe_clusters, find_clusters
from geo.errors import FrameError, GeoError
from geo.frames import CLUSTERS

GEOD = pyproj.Geod(ellps="WGS84")
START = np.datetime64("2024-01-01", "us")
DAY = 86_400_000_000


def cloud(seed, n=200, spread=0.02, span_days=60, centre=(120.4, 30.9)):
    rng = np.random.default_rng(seed)
    hot = rng.integers(0, 4, n)
    lon = centre[0] + 0.03 * hot + rng.normal(0, spread / 4, n)
    lat = centre[1] + 0.02 * (hot % 2) + rng.normal(0, spread / 4, n)
    at = START + rng.integers(0, span_days * DAY, n).astype("timedelta64[us]")
    return lon, lat, at


def by_matrix(lon, lat, at, radius_m, days, min_incidents):
    """Clusters from all pairs: which incidents are cores and which cores belong together."""
    n = len(lon)
    metres = np.reshape(GEOD.inv(np.repeat(lon, n), np.repeat(lat, n), np.tile(lon, n), np.tile(lat, n))[2], (n, n))
    apart = np.abs(at[:, None] - at[None, :]).astype("timedelta64[us]").astype(np.int64)
    near = (metres <= radius_m) & (apart <= days * DAY)
    fit = DBSCAN(eps=0.5, min_samples=min_incidents, metric="precomputed").fit((~near).astype(float))
    core = np.zeros(n, dtype=bool)
    core[fit.core_sample_indices_] = True
    return fit.labels_, core, near, metres


def same_partition(one, other):
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


@given(st.integers(0, 10_000), st.floats(50, 3000), st.floats(0.2, 20), st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_equals_the_matrix(seed, radius_m, days, min_incidents):
    lon, lat, at = cloud(seed)
    expected, core, near, metres = by_matrix(lon, lat, at, radius_m, days, min_incidents)
    found = find_clusters(lon, lat, at, radius_m, days, min_incidents)
    assert same_partition(found[core].tolist(), expected[core].tolist())
    assert ((found == -1) == (expected == -1)).all()
    for fringe in np.flatnonzero((found != -1) & ~core):
        reach = np.flatnonzero(near[fringe] & core)
        best = metres[fringe, reach].min()
        assert found[fringe] in found[reach[metres[fringe, reach] < best + 1e-6]]


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_labels_do_not_depend_on_row_order(seed, random):
    lon, lat, at = cloud(seed, n=150)
    lon, lat = lon.round(3), lat.round(3)  # many ties
    order = np.array(random.sample(range(150), 150))
    found = find_clusters(lon, lat, at, 400, 6, 4)
    assert (find_clusters(lon[order], lat[order], at[order], 400, 6, 4) == found[order]).all()


def test_numbers_go_by_size_then_time():
    lon = np.r_[np.full(3, 120.0), np.full(5, 121.0), np.full(3, 122.0)]
    at = np.r_[np.full(3, START + DAY * np.timedelta64(9, "us")), np.full(5, START), np.full(3, START)]
    assert find_clusters(lon, np.full(11, 30.0), at, 100, 1, 2).tolist() == [3] * 3 + [1] * 5 + [2] * 3


def test_near_in_space_and_far_in_time_is_no_neighbour():
    at = np.array(["2024-01-01", "2024-01-03"], dtype="datetime64[us]")
    assert find_clusters([120, 120], [30, 30], at, 100, 1.9, 2).tolist() == [-1, -1]
    assert find_clusters([120, 120], [30, 30], at, 100, 2, 2).tolist() == [1, 1]
    assert find_clusters([120, 120], [30, 30], at[[0, 0]], 100, 0, 2).tolist() == [1, 1]


def test_crowded_cells_are_joined_only_when_some_pair_is_near():
    rng = np.random.default_rng(2)
    for gap, groups in ((0.0100, 2), (0.0080, 1)):  # 958 m and 767 m
        lon = np.r_[120 + rng.uniform(0, 2e-4, 60), 120 + gap + rng.uniform(0, 2e-4, 60)]
        found = find_clusters(lon, np.full(120, 30.0), np.repeat(START, 120), 900, 1, 5)
        assert found.max() == groups
        expected, *_ = by_matrix(lon, np.full(120, 30.0), np.repeat(START, 120), 900, 1, 5)
        assert same_partition(found.tolist(), expected.tolist())


def test_across_the_antimeridian_and_at_the_pole():
    at = np.repeat(START, 2)
    assert find_clusters([179.9999, -179.9999], [0, 0], at, 50, 1, 2).tolist() == [1, 1]
    assert find_clusters([0, 180], [89.9999, 89.9999], at, 50, 1, 2).tolist() == [1, 1]


def test_many_incidents_at_one_spot_stay_within_memory():
    n = 30_000
    rng = np.random.default_rng(1)
    at = START + rng.integers(0, 30 * DAY, n).astype("timedelta64[us]")
    lon, lat = 120 + rng.normal(0, 0.002, n), 30 + rng.normal(0, 0.002, n)
    assert (find_clusters(lon, lat, at, 500, 7, 10) == 1).mean() > 0.99


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lon": [120.0]}, "1 longitudes, 2 latitudes, 2 times"),
        ({"lon": [120.0, np.nan]}, "incident 1 lacks its place or time"),
        ({"at": np.array(["2024-01-01", "NaT"], dtype="datetime64[us]")}, "incident 1 lacks"),
        ({"radius_m": 0}, "radius_m 0"),
        ({"days": -1}, "days -1"),
        ({"min_incidents": 0}, "min_incidents 0"),
    ],
)
def test_nonsense_is_refused(change, words):
    ask = {
        "lon": [120.0, 120],
        "lat": [30.0, 30],
        "at": np.repeat(START, 2),
        "radius_m": 9,
        "days": 1,
        "min_incidents": 2,
    }
    with pytest.raises(GeoError, match=words):
        find_clusters(**{**ask, **change})


def incidents_of(lon, lat, at, side):
    table = pd.DataFrame({"id": [f"i{k:03d}" for k in range(len(lon))], "jurisdiction_id": side})
    table["at"] = pd.to_datetime(at, utc=True).as_unit("us")
    table = table.assign(category="water", source="complaint", severity=np.arange(len(lon)) % 4 + 1)
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def test_description_holds_every_member():
    lon, lat, at = cloud(7)
    side = np.array(["e", "w", "x"])[np.digitize(lon, [120.44, 120.48])]
    incidents = incidents_of(lon, lat, at, side)
    labels = find_clusters(lon, lat, incidents["at"], 1500, 10, 4)
    found = describe_clusters(incidents, labels, "e", "w", 2)
    CLUSTERS.check(found)
    assert found["cluster"].tolist() == list(range(1, labels.max() + 1))
    for row in found.itertuples():
        member = incidents[labels == row.cluster]
        assert row.member_ids == tuple(sorted(member["id"]))
        away = GEOD.inv(
            np.repeat(row.geometry.x, len(member)),
            np.repeat(row.geometry.y, len(member)),
            member.geometry.x,
            member.geometry.y,
        )[2]
        assert max(away) <= row.radius_m + 1e-6
        assert row.n_incidents == len(member)
        assert row.n_a == (member["jurisdiction_id"] == "e").sum()
        assert row.straddles == (min(row.n_a, row.n_b) >= 2)
        assert (row.first_at, row.last_at) == (member["at"].min(), member["at"].max())
        assert row.max_severity == member["severity"].max()


def test_description_of_none_and_of_the_wrong():
    incidents = incidents_of(*cloud(7, n=3), ["e", "w", "e"])
    empty = describe_clusters(incidents, [-1] * 3, "e", "w")
    CLUSTERS.check(empty)
    assert len(empty) == 0
    with pytest.raises(GeoError, match="2 labels for 3 incidents"):
        describe_clusters(incidents, [1, 1], "e", "w")
    with pytest.raises(FrameError):
        describe_clusters(incidents.drop(columns="at"), [1] * 3, "e", "w")
