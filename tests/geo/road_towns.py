"""Made-up street networks for tests."""

from datetime import date

import numpy as np

from geo.streets import RoadClass, Streets

WEST, SOUTH, STEP = 10.0, 47.0, 0.002


def streets_of(lonlat, pieces, *, kmh=60.0, ways=3, **told):
    """Streets from points and pairs of rows; `kmh` and `ways` (1 along, 2 against, 3 both) one for all or for each."""
    begins, ends = np.array(pieces, dtype=np.int32).reshape(-1, 2).T
    ways = np.broadcast_to(np.asarray(ways), len(begins))
    return Streets(
        np.array(lonlat, dtype=float).reshape(-1, 2),
        begins.copy(),
        ends.copy(),
        np.broadcast_to(np.asarray(kmh, dtype=float), len(begins)).copy(),
        np.full(len(begins), RoadClass.RESIDENTIAL, dtype=np.int8),
        (ways & 1) > 0,
        (ways & 2) > 0,
        data_on=date(2026, 1, 2),
        **told,
    )


def town(seed, n=7, missing=0.2, oneway=0.25):
    """A perturbed grid of n x n junctions, some streets missing, some one-way, with bends between some junctions."""
    rng = np.random.default_rng(seed)
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n)))
    lonlat = np.column_stack((WEST + STEP * column, SOUTH + STEP * row)) + rng.normal(0, STEP / 8, (n * n, 2))
    at = row * n + column
    pairs = np.vstack((np.column_stack((at, at + 1))[column < n - 1], np.column_stack((at, at + n))[row < n - 1]))
    pairs = pairs[rng.random(len(pairs)) > missing]
    bent = rng.random(len(pairs)) < 0.5
    middles = lonlat[pairs[bent]].mean(axis=1) + rng.normal(0, STEP / 10, (bent.sum(), 2))
    over = len(lonlat) + np.arange(bent.sum())
    halves = [np.column_stack((pairs[bent][:, 0], over)), np.column_stack((over, pairs[bent][:, 1]))]
    ways = np.where(rng.random(len(pairs)) < oneway, rng.choice([1, 2], len(pairs)), 3)
    speeds = rng.choice([30.0, 50.0, 80.0], len(pairs))
    return streets_of(
        np.vstack((lonlat, middles)),
        np.vstack((pairs[~bent], *halves)),
        kmh=np.concatenate((speeds[~bent], speeds[bent], speeds[bent])),
        ways=np.concatenate((ways[~bent], ways[bent], ways[bent])),
    )


def places_in(seed, n, size=7):
    """Random places of such a town."""
    rng = np.random.default_rng(seed)
    return rng.uniform((WEST, SOUTH), (WEST + STEP * (size - 1), SOUTH + STEP * (size - 1)), (n, 2))
