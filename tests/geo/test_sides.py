"""Sides of a border: against the normal distribution, drawings of chance, and the ellipsoid."""

import numpy as np
import pyproj
import pytest
import shapely
from scipy.stats import norm

from geo.borders import shared_borders
from geo.errors import GeoError
from geo.sides import side_of
from tests.geo.specimens import wiggly_board

WEST, EAST = shapely.box(119, 29, 120, 31), shapely.box(120, 29, 121, 31)
LINE = shapely.LineString([(120, 29), (120, 31)])
GEOD = pyproj.Geod(ellps="WGS84")
SIGMA = 1 / np.sqrt(-2 * np.log(0.32))


def beside(distance_m, lat=30.0):
    """Points so many metres east of the line; west below 0."""
    lon, lat, _ = GEOD.fwd(
        np.full(len(distance_m), 120.0), np.full(len(distance_m), lat), 90.0 + 0 * distance_m, distance_m
    )
    return shapely.points(lon, lat)


def test_beside_a_straight_line_the_probability_is_the_normal_distribution():
    distance = np.array([-400.0, -100.0, -10.0, 0.0, 0.5, 30.0, 250.0])
    accuracy = np.array([300.0, 100.0, 5.0, 50.0, 20.0, 30.0, 100.0])
    found = side_of(beside(distance), accuracy, EAST, WEST, LINE)
    expected = norm.cdf(distance / (accuracy * SIGMA))
    assert found["p_a"].to_numpy() == pytest.approx(expected, abs=1e-4)
    assert found["p_b"].to_numpy() == pytest.approx(1 - expected, abs=1e-4)
    assert found["distance_m"].to_numpy() == pytest.approx(distance, abs=0.01)
    assert found["near"].tolist() == [bool(least > 0.05) for least in np.minimum(expected, 1 - expected)]


def test_beside_a_crooked_line_the_probability_is_that_of_chance():
    cells = wiggly_board(5, n=2)
    border = shared_borders(cells).geometry[0]
    a, b = cells.geometry[:2]
    rng = np.random.default_rng(11)
    at = shapely.get_coordinates(shapely.line_interpolate_point(border, rng.uniform(0, 1, 12), normalized=True))
    at += rng.normal(0, 0.003, at.shape)
    found = side_of(shapely.points(at), 400.0, a, b, border)
    n = 20_000
    for k, (lon, lat) in enumerate(at):
        error = rng.normal(0, 400 * SIGMA, (n, 2))
        x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), np.degrees(np.arctan2(*error.T)), np.hypot(*error.T))
        assert found["p_a"][k] == pytest.approx(shapely.contains_xy(a, x, y).mean(), abs=4 * 0.5 / np.sqrt(n))
        assert found["p_b"][k] == pytest.approx(shapely.contains_xy(b, x, y).mean(), abs=4 * 0.5 / np.sqrt(n))
    total = found[["p_a", "p_b", "p_both", "p_neither"]].sum(axis=1)
    assert total.to_numpy() == pytest.approx(np.ones(12))


def test_naming_the_sides_the_other_way_mirrors_everything():
    places = beside(np.array([-70.0, 20.0, 900.0]))
    one, two = side_of(places, 80.0, EAST, WEST, LINE), side_of(places, 80.0, WEST, EAST, LINE)
    assert one["p_a"].to_numpy() == pytest.approx(two["p_b"].to_numpy())
    assert one["distance_m"].to_numpy() == pytest.approx(-two["distance_m"].to_numpy())
    assert one["near"].tolist() == two["near"].tolist()


def test_overlaps_gaps_and_the_line_itself():
    a, b = shapely.box(120, 29, 121, 31), shapely.box(119, 29, 120.002, 31)
    found = side_of(beside(np.array([60.0, 150.0, 500.0])), 50.0, a, b, LINE)
    assert found["side"].tolist() == ["both", "both", "a"]
    assert np.sign(found["distance_m"]).tolist() == [-1, 1, 1]
    assert found["near"].tolist() == [True, True, False]
    apart = shapely.box(119, 29, 119.998, 31)
    gap = side_of(beside(np.array([-50.0, -150.0, -600.0])), np.nan, EAST, apart, LINE)
    assert gap["side"].tolist() == ["neither", "neither", "b"]
    assert np.sign(gap["distance_m"]).tolist() == [1, -1, -1]
    assert gap[["p_a", "p_b", "p_both", "p_neither"]].to_numpy().tolist() == [[0, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 0]]
    assert side_of(shapely.points([(120, 30)]), 0.0, EAST, WEST, LINE)["side"].tolist() == ["both"]


def test_an_accuracy_that_is_not_stated_is_what_the_caller_says():
    places = beside(np.array([50.0]))
    stated = side_of(places, 100.0, EAST, WEST, LINE)
    assert side_of(places, np.nan, EAST, WEST, LINE, missing_m=100.0).equals(stated)
    assert side_of(places, np.nan, EAST, WEST, LINE)["p_a"].tolist() == [1.0]
    assert side_of(places, 100.0, EAST, WEST, LINE, threshold=0.5)["near"].tolist() == [False]


def test_distances_are_those_of_the_ellipsoid():
    far = shapely.points([(120.9, 30.2), (119.5, 29.7)])
    found = side_of(far, 10.0, EAST, WEST, LINE)["distance_m"]
    lat = np.linspace(29, 31, 200_001)
    for k, sign in ((0, 1), (1, -1)):
        n = len(lat)
        least = GEOD.inv(np.full(n, far[k].x), np.full(n, far[k].y), np.full(n, 120.0), lat)[2].min()
        assert found[k] == pytest.approx(sign * least, abs=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": [None]}, "point 0 is None"),
        ({"points": [shapely.Point()]}, "point 0 is POINT EMPTY"),
        ({"points": [LINE]}, "point 0 is LINESTRING"),
        ({"accuracy_m": -1.0}, "accuracy -1 m"),
        ({"accuracy_m": np.inf}, "accuracy inf m"),
        ({"missing_m": -2.0}, "accuracy -2 m"),
        ({"threshold": 1.5}, "threshold 1.5"),
        ({"border": shapely.LineString()}, "border is empty"),
    ],
)
def test_nonsense_gets_a_sentence(change, words):
    right = {
        "points": [shapely.Point(120, 30)],
        "accuracy_m": 5.0,
        "outline_a": EAST,
        "outline_b": WEST,
        "border": LINE,
    }
    with pytest.raises(GeoError, match=words):
        side_of(**{**right, **change})
