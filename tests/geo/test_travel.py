"""Travel as the crow flies: against the ellipsoid."""

import numpy as np
import pyproj
import pytest
import shapely

from geo.errors import GeoError
from geo.travel import StraightLine, stated

GEOD = pyproj.Geod(ellps="WGS84")


def test_travel_is_distance_over_speed():
    minutes = StraightLine(30).minutes(np.array([[120, 31], [121, 30]]), np.array([[120, 31], [122, 30], [123, 30]]))
    assert minutes.shape == (2, 3)
    assert minutes[1, 2] == pytest.approx(GEOD.inv(121, 30, 123, 30)[2] / 500)
    assert minutes[0, 0] == 0
    assert StraightLine(30).minutes(np.array([[120.0, 30]]), np.empty((0, 2))).shape == (1, 0)


@pytest.mark.parametrize("kmh", [0, -1, float("nan"), float("inf")])
def test_no_speed_no_answer(kmh):
    with pytest.raises(GeoError, match="a speed above 0"):
        StraightLine(kmh)


def test_the_first_origin_is_the_least_of_the_matrix_and_nobody_beyond_the_limit():
    rng = np.random.default_rng(1)
    origins, destinations = rng.uniform(10, 11, (5, 2)), rng.uniform(10, 11, (50, 2))
    matrix = StraightLine(40).minutes(origins, destinations, 40)
    found, minutes = StraightLine(40).first(origins, destinations, 40)
    assert minutes == pytest.approx(matrix.min(axis=0))
    assert found.tolist() == np.where(np.isinf(matrix.min(axis=0)), -1, matrix.argmin(axis=0)).tolist()
    assert -1 in found
    assert StraightLine(40).first(origins[:0], destinations[:2])[0].tolist() == [-1, -1]
    assert len(StraightLine(40).first(origins, destinations[:0])[0]) == 0


def test_a_circle_a_place_and_budget():
    line = StraightLine(60)
    ground = line.ground(np.array([[120.0, 30], [121, 30]]), [10, 20, 30], arriving=True)
    assert ground.shape == (2, 3)
    assert [bool(shapely.covers(large, small)) for small, large in zip(ground[0], ground[0, 1:], strict=False)] == [
        True
    ] * 2
    assert line.snap_m(np.array([[120.0, 30]])).tolist() == [0]
    assert stated(line)["provider"] == "straight-line"
