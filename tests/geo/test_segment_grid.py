"""Cells on the globe: nothing within the radius is missed, wherever on the globe it lies."""

import numpy as np
import pytest
from pyproj import Geod

from geo.segment_grid import foot_of, grid_of, metres_per_degree, near, turned

GEOD = Geod(ellps="WGS84")


def around(lon, lat, n=300, spread_m=3000.0):
    """Short and long edges about a place."""
    rng = np.random.default_rng(7)
    kx, ky = metres_per_degree(lat)
    start = np.column_stack(
        (lon + rng.uniform(-1, 1, n) * spread_m / kx, np.clip(lat + rng.uniform(-1, 1, n) * spread_m / ky, -90, 90))
    )
    far = rng.exponential(400, (n, 2)) * rng.choice([-1, 1], (n, 2)) / [kx, ky]
    end = np.column_stack((start[:, 0] + far[:, 0], np.clip(start[:, 1] + far[:, 1], -90, 90)))
    wrap = lambda xy: np.column_stack(((xy[:, 0] + 180) % 360 - 180, xy[:, 1]))  # noqa: E731
    return wrap(start), wrap(end)


@pytest.mark.parametrize(("lon", "lat"), [(120.4, 30.9), (179.99, -17.0), (-179.995, 52.0), (20.0, 78.0), (0.0, 0.0)])
@pytest.mark.parametrize(("cell_m", "radius_m"), [(500.0, 500.0), (100.0, 730.0), (5000.0, 90.0)])
def test_all_edges_within_the_radius_are_found(lon, lat, cell_m, radius_m):
    start, end = around(lon, lat)
    grid = grid_of(start, end, np.arange(len(start)), cell_m)
    kx, ky = metres_per_degree(lat)
    far = np.array([np.hypot(*foot_of(lon, lat, one, two, kx, ky)[:2]) for one, two in zip(start, end, strict=True)])
    found = np.empty(100_000, np.int64)
    close = set(found[: near(lon, lat, radius_m, grid, found)].tolist())
    wanted = set(np.flatnonzero(far <= radius_m).tolist())
    assert wanted
    assert wanted <= close


def test_only_the_rows_asked_for_are_in_it():
    start, end = around(120.4, 30.9)
    grid = grid_of(start, end, np.array([3, 5]), 500.0)
    found = np.empty(1000, np.int64)
    assert set(found[: near(120.4, 30.9, 10_000.0, grid, found)].tolist()) == {3, 5}


def test_no_more_is_told_than_fits():
    start, end = around(120.4, 30.9)
    grid = grid_of(start, end, np.arange(len(start)), 500.0)
    assert near(120.4, 30.9, 5000.0, grid, np.empty(4, np.int64)) == 4


def test_nothing_in_it():
    grid = grid_of(np.empty((0, 2)), np.empty((0, 2)), np.empty(0, np.int64), 500.0)
    assert near(120.4, 30.9, 500.0, grid, np.empty(4, np.int64)) == 0


def test_metres_per_degree_are_those_of_the_ellipsoid():
    for lat in (-60.0, 0.0, 31.0, 75.0):
        kx, ky = metres_per_degree(lat)
        assert kx == pytest.approx(GEOD.inv(10, lat, 10.001, lat)[2] * 1000, rel=1e-6)
        assert ky == pytest.approx(GEOD.inv(10, lat - 0.0005, 10, lat + 0.0005)[2] * 1000, rel=1e-6)


def test_the_shorter_way_round():
    assert [turned(delta) for delta in (359.0, -359.0, 10.0)] == [-1.0, 1.0, 10.0]


def test_a_foot_on_an_edge_without_length():
    here = np.array([120.4, 30.9])
    assert foot_of(120.4, 30.9, here, here, 1.0, 1.0) == (0.0, 0.0, 0.0, 0.0)
