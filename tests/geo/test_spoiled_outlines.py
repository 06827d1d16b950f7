"""One setting for all: outlines spoiled in six ways keep their borders, and get none that they had not."""

import numpy as np
import pytest
import shapely

from geo.borders import shared_borders
from tests.perturbed import KINDS, perturbed

_LEAST_M = 500.0  # shorter ones are not to be told from corners when outlines are 300 m apart


@pytest.fixture(scope="module")
def iowa(usa):
    return usa[usa["id"].str[:2] == "19"]


@pytest.fixture(scope="module")
def truth(iowa):
    return shared_borders(iowa).set_index(["a", "b"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width_m", [10.0, 100.0, 300.0])
def test_all_are_found_and_nothing_else(iowa, truth, kind, width_m):
    found = shared_borders(perturbed(iowa, kind, width_m, seed=1)).set_index(["a", "b"])
    needed = truth.index[truth["length_m"] >= _LEAST_M]
    assert set(needed) - set(found.index) == set()
    assert set(found.index) - set(truth.index) == set()
    both = found.index.intersection(needed)
    off = np.abs(found.loc[both, "length_m"] / truth.loc[both, "length_m"] - 1)
    assert off.median() < 0.01
    away = shapely.hausdorff_distance(found.loc[both].geometry.to_numpy(), truth.loc[both].geometry.to_numpy())
    assert np.median(away) * 111_000 < width_m / 2 + 40


def test_the_tolerance_follows_the_data(iowa):
    used = [shared_borders(perturbed(iowa, "shrink", width_m, seed=1))["tolerance_m"].max() for width_m in (0, 30, 300)]
    assert used[0] == 0
    assert 30 < used[1] < 100
    assert 300 < used[2] <= 750
