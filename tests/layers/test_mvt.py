"""Tiles as an independent decoder reads them."""

import doctest
from collections import defaultdict

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from layers import mvt
from layers.mvt import encode_counts, encode_points

PROPERTIES = [
    {"category": "water", "severity": 1, "share": 0.25, "simulated": True},
    {"category": "水体", "severity": 4, "debt": -12_345_678_901},
    {"category": "water", "severity": 2**40, "simulated": False},
    {},
]
places = st.integers(-(2**20), 2**20)


def decoded(tile):
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})


def points_of(feature):
    coordinates = feature["geometry"]["coordinates"]
    return [tuple(coordinates)] if feature["geometry"]["type"] == "Point" else [tuple(one) for one in coordinates]


def test_examples_in_the_docstrings():
    result = doctest.testmod(mvt)
    assert result.attempted
    assert not result.failed


@settings(deadline=None)
@given(st.lists(st.tuples(places, places, st.integers(0, len(PROPERTIES) - 1)), min_size=1, max_size=60))
def test_points_come_back_by_group(rows):
    x, y, groups = zip(*rows, strict=True)
    layer = decoded(encode_points("incidents", x, y, groups, PROPERTIES, extent=512))["incidents"]
    assert (layer["extent"], layer["version"]) == (512, 2)
    expected = defaultdict(list)
    for *place, group in rows:
        expected[group].append(tuple(place))
    found = [(feature["properties"], points_of(feature)) for feature in layer["features"]]
    assert found == [(PROPERTIES[group], expected[group]) for group in sorted(expected)]
    for properties, _ in found:
        assert properties.get("simulated", True) in (True, False)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(places, places, st.integers(0, 10**7), st.integers(1, 4)),
        min_size=1,
        max_size=60,
    )
)
def test_counts_come_back(rows):
    x, y, n, severity = zip(*rows, strict=True)
    layer = decoded(encode_counts("cells", x, y, n, severity))["cells"]
    assert layer["extent"] == 4096
    found = [
        (*points_of(feature)[0], feature["properties"]["n"], feature["properties"]["max_severity"])
        for feature in layer["features"]
    ]
    assert found == rows


def test_layers_are_put_together_by_their_bytes():
    tile = encode_points("a", [1], [2], [0], [{}]) + encode_counts("b", [3], [4], [5], [1])
    assert set(decoded(tile)) == {"a", "b"}


def test_many_points():
    rng = np.random.default_rng(7)
    x, y = rng.integers(0, 4096, (2, 20_000))
    groups = rng.integers(0, 28, 20_000)
    properties = [{"category": f"c{group % 7}", "severity": group // 7 + 1} for group in range(28)]
    features = decoded(encode_points("incidents", x, y, groups, properties))["incidents"]["features"]
    assert [feature["properties"] for feature in features] == properties
    found = np.concatenate([points_of(feature) for feature in features])
    order = np.argsort(groups, kind="stable")
    assert (found == np.stack([x[order], y[order]], axis=1)).all()


def test_nothing_is_an_empty_tile():
    assert decoded(encode_points("a", [], [], [], [])) == {}
    assert decoded(encode_counts("a", [], [], [], [])) == {}


@pytest.mark.parametrize(
    ("x", "y", "groups"),
    [([1], [1, 2], [0]), ([1], [1], [0, 0]), ([1], [1], [1]), ([1], [1], [-1]), ([[1]], [[1]], [[0]])],
)
def test_points_that_do_not_fit(x, y, groups):
    with pytest.raises(GeoError):
        encode_points("a", x, y, groups, [{}])


@pytest.mark.parametrize(("n", "severity"), [([1, 2], [1]), ([1], []), ([-1], [1])])
def test_counts_that_do_not_fit(n, severity):
    with pytest.raises(GeoError):
        encode_counts("a", [1], [1], n, severity)
