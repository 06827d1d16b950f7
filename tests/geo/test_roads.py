"""Travel on roads: against networkx on the streets themselves, brute force, and what holds for every network."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.road_turns import turn_s
from geo.roads import Roads
from geo.streets import RoadClass, Streets
from geo.travel import stated
from tests.geo.road_towns import SOUTH, STEP, WEST, places_in, streets_of, town

GEOD = pyproj.Geod(ellps="WGS84")
QUICK = settings(max_examples=15, deadline=None)


def drawn(streets):
    """The streets as networkx has them, a node a point, in minutes."""
    graph = nx.DiGraph()
    metres = GEOD.inv(*streets.lonlat[streets.begins].T, *streets.lonlat[streets.ends].T)[2]
    for k, (begin, end) in enumerate(zip(streets.begins, streets.ends, strict=True)):
        minutes = metres[k] * 0.06 / streets.kmh[k]
        if streets.forward[k]:
            graph.add_edge(begin, end, minutes=minutes)
        if streets.backward[k]:
            graph.add_edge(end, begin, minutes=minutes)
    return graph


def on_main(streets, graph):
    """The points of the largest part within which one gets from each to each."""
    return np.array(sorted(max(nx.strongly_connected_components(graph), key=len)))


@given(st.integers(0, 10_000))
@QUICK
def test_times_between_points_are_those_of_networkx(seed):
    streets = town(seed)
    graph = drawn(streets)
    points = on_main(streets, graph)
    origins, targets = points[:: max(1, len(points) // 5)], points[:: max(1, len(points) // 9)]
    roads = Roads(streets, turns=False)
    found = roads.minutes(streets.lonlat[origins], streets.lonlat[targets])
    expected = [
        [nx.dijkstra_path_length(graph, one, two, "minutes") for two in targets.tolist()] for one in origins.tolist()
    ]
    assert found == pytest.approx(np.array(expected), abs=1e-4)
    assert roads.minutes(streets.lonlat[targets], streets.lonlat[origins]).T.shape == found.shape


def turned(streets):
    """The network of driven pieces with what turns cost, from headings of whole pieces: an oracle of its own."""
    graph = drawn(streets)
    lines = nx.line_graph(graph)
    roads_at = graph.to_undirected().degree
    heading = {
        (one, two): np.degrees(
            np.arctan2(
                (streets.lonlat[two, 0] - streets.lonlat[one, 0]) * np.cos(np.radians(SOUTH)),
                streets.lonlat[two, 1] - streets.lonlat[one, 1],
            )
        )
        for one, two in graph.edges
    }
    for into, out in list(lines.edges):
        point = into[1]
        back = into[0] == out[1]
        if back and set(graph[point]) != {into[0]}:
            lines.remove_edge(into, out)
            continue
        degrees = (heading[out] - heading[into] + 180) % 360 - 180
        seconds = 27.5 if back else turn_s.py_func(degrees, True) if roads_at[point] > 2 else 0
        lines.edges[into, out]["minutes"] = graph.edges[out]["minutes"] + seconds / 60
    return graph, lines


@given(st.integers(0, 10_000))
@QUICK
def test_times_with_turns_are_those_of_the_network_of_turns(seed):
    streets = town(seed, n=5)
    graph, lines = turned(streets)
    roads = Roads(streets)
    rng = np.random.default_rng(seed)
    main = set(on_main(streets, graph).tolist())
    pieces = [(one, two) for one, two in graph.edges if {one, two} <= main]
    one, two = (pieces[k] for k in rng.choice(len(pieces), 2, replace=False))
    if set(one) == set(two):
        return
    # From the middle of one piece to the middle of another, and either may be driven both ways.
    best = np.inf
    ways = [[way for way in (piece, piece[::-1]) if way in graph.edges] for piece in (one, two)]
    for begin in ways[0]:
        minutes = nx.single_source_dijkstra_path_length(lines, begin, weight="minutes")
        for end in ways[1]:
            if end in minutes:
                half = graph.edges[begin]["minutes"] / 2
                best = min(best, half + minutes[end] - graph.edges[end]["minutes"] / 2)
    middles = np.array([streets.lonlat[list(piece)].mean(axis=0) for piece in (one, two)])
    assert roads.minutes(middles[:1], middles[1:])[0, 0] == pytest.approx(best, abs=0.02)


@given(st.integers(0, 10_000), st.booleans())
@QUICK
def test_searching_backwards_gives_the_same_times(seed, turns):
    roads = Roads(town(seed), turns=turns)
    origins, targets = places_in(seed, 6), places_in(seed + 1, 9)
    there = roads.minutes(origins, targets)
    back = np.vstack([roads.minutes(origins, targets[k : k + 1])[:, 0] for k in range(len(targets))]).T
    assert back == pytest.approx(there, abs=1e-4)


@given(st.integers(0, 10_000), st.booleans())
@QUICK
def test_the_first_is_the_least_of_the_matrix(seed, turns):
    roads = Roads(town(seed), turns=turns)
    origins, targets = places_in(seed, 4), places_in(seed + 1, 40)
    matrix = roads.minutes(origins, targets)
    found, minutes = roads.first(origins, targets)
    assert minutes == pytest.approx(matrix.min(axis=0), abs=1e-4)
    assert matrix[found, np.arange(40)] == pytest.approx(minutes, abs=1e-4)
    limit = float(np.median(minutes))
    some, soon = roads.first(origins, targets, limit)
    assert (some >= 0).tolist() == (minutes <= limit).tolist()
    assert np.isinf(soon[some < 0]).all()
    assert np.isinf(roads.minutes(origins, targets, limit)[matrix > limit + 1e-4]).all()


@given(st.integers(0, 10_000))
@QUICK
def test_places_are_snapped_to_the_nearest_edge_of_the_main_part(seed):
    streets = town(seed)
    roads = Roads(streets)
    main = set(on_main(streets, drawn(streets)).tolist())
    narrow = np.cos(np.radians(roads.graph.lonlat[:, 1].mean()))
    lines = [
        shapely.LineString(streets.lonlat[[one, two]] * (narrow, 1))
        for one, two in zip(streets.begins.tolist(), streets.ends.tolist(), strict=True)
        if {one, two} <= main
    ]
    for place, metres in zip(places_in(seed, 20), roads.snap_m(places_in(seed, 20)), strict=True):
        point = shapely.Point(place * (narrow, 1))
        nearest = min(lines, key=point.distance)
        spot = nearest.interpolate(nearest.project(point))
        assert metres == pytest.approx(GEOD.inv(*place, spot.x / narrow, spot.y)[2], abs=0.01)


@given(st.integers(0, 10_000), st.booleans())
@QUICK
def test_reach_grows_with_the_budget_and_holds_what_is_reached(seed, arriving):
    streets = town(seed, n=12)
    roads = Roads(streets)
    place = places_in(seed, 1, 12)
    budgets = [1.0, 2.0, 4.0]
    ground = roads.ground(place, budgets, arriving=arriving)[0]
    assert all(shape.is_valid and shape.geom_type in {"Polygon", "MultiPolygon"} for shape in ground)
    areas = [shape.area for shape in ground]
    assert areas == sorted(areas)
    for small, large in pairwise(ground):
        # Corners of less than a quarter of a cell are smoothed away; a road need not run through the middle of its cell.
        assert shapely.covers(shapely.buffer(large, 0.0004), small)
    spots = roads.graph.lonlat[np.repeat(roads.graph.main, np.diff(roads.graph.first))]
    minutes = roads.minutes(spots, place)[:, 0] if arriving else roads.minutes(place, spots)[0]
    for budget, shape in zip(budgets, ground, strict=True):
        inside = spots[minutes < budget - 0.2]
        assert shapely.intersects_xy(shapely.buffer(shape, 0.001), *inside.T).all()


def test_a_budget_ends_inside_an_edge():
    streets = streets_of([[10, 47], [10.2, 47]], [[0, 1]], kmh=60)
    shape = Roads(streets).ground(np.array([[10.0, 47.0]]), [5])[0, 0]
    metres = GEOD.inv(10, 47, shape.bounds[2], 47)[2]
    # One cell is 0.001 degrees, 76 m here; ground is drawn up to one cell beyond the road.
    assert 5000 <= metres <= 5000 + 2 * 76


def test_one_way_streets_are_driven_one_way():
    ring = streets_of([[10, 47], [10.01, 47], [10.01, 47.01], [10, 47.01]], [[0, 1], [1, 2], [2, 3], [3, 0]], ways=1)
    roads = Roads(ring, turns=False)
    one, two = np.array([[10.002, 47.0]]), np.array([[10.008, 47.0]])
    there, back = roads.minutes(one, two)[0, 0], roads.minutes(two, one)[0, 0]
    around = sum(GEOD.inv(*a, *b)[2] for a, b in zip(ring.lonlat, np.roll(ring.lonlat, -1, axis=0), strict=True)) / 1000
    assert there == pytest.approx(GEOD.inv(10.002, 47, 10.008, 47)[2] / 1000, rel=1e-3)
    assert there + back == pytest.approx(around, rel=1e-3)
    assert roads.first(one, one)[1][0] == pytest.approx(0)


def test_turning_back_is_only_for_dead_ends():
    cross = streets_of([[10, 47], [10.01, 47], [10.02, 47]], [[0, 1], [1, 2]])
    roads = Roads(cross)
    assert len(roads.graph) == 1
    assert roads.minutes(np.array([[10.015, 47.0]]), np.array([[10.005, 47.0]]))[0, 0] == pytest.approx(0.76, abs=0.01)


def test_ferries_and_lights():
    streets = streets_of([[10, 47], [10.01, 47], [10.02, 47]], [[0, 1], [1, 2]], signals=np.array([1], dtype=np.int32))
    lit = Roads(streets)
    assert len(lit.graph) == 2
    without = Roads(streets_of(streets.lonlat, [[0, 1], [1, 2]]))
    one, two = streets.lonlat[:1], streets.lonlat[2:]
    assert lit.minutes(one, two) == pytest.approx(without.minutes(one, two) + 2 / 60, abs=1e-3)
    boat = Streets(
        streets.lonlat, streets.begins, streets.ends, np.array([60.0, np.nan]),
        np.array([RoadClass.PRIMARY, RoadClass.FERRY], dtype=np.int8), streets.forward, streets.backward,
    )  # fmt: skip
    assert len(Roads(boat).graph.lonlat) == 2
    assert np.isfinite(Roads(boat, ferries=True, farthest_m=1).minutes(one, two)).all()
    assert np.isinf(Roads(boat, farthest_m=100).minutes(one, two)).all()


def test_off_the_network_there_is_no_way_and_no_ground():
    roads = Roads(town(1))
    far = np.array([[WEST + 1, SOUTH]])
    near = np.array([[WEST + STEP, SOUTH + STEP]])
    assert roads.snap_m(far)[0] > 50_000
    assert np.isinf(roads.minutes(near, far)).all()
    assert roads.first(far, near)[0].tolist() == [-1]
    assert roads.ground(far, [10])[0, 0].is_empty
    assert roads.ground(far[:0], [10]).shape == (0, 1)
    assert roads.ground(far, []).shape == (1, 0)


def test_without_roads_nobody_gets_anywhere():
    roads = Roads(Streets.none())
    place = np.array([[10.0, 47.0]])
    assert np.isinf(roads.snap_m(place)).all()
    assert roads.first(place, place)[0].tolist() == [-1]
    assert roads.ground(place, [10])[0, 0].is_empty
    assert roads.minutes(place[:0], place).shape == (0, 1)


def test_speed_is_a_setting():
    streets, places = town(3), places_in(3, 5)
    slow, fast = Roads(streets, calibration=0.5, turns=False), Roads(streets, turns=False)
    assert slow.minutes(places, places) == pytest.approx(2 * fast.minutes(places, places), abs=1e-3)
    with pytest.raises(GeoError, match="a factor above 0"):
        Roads(streets, calibration=0)


def test_results_say_what_they_come_from():
    assert stated(Roads(town(1))) == {
        "provider": "roads",
        "error": 0.2,
        "data_on": "2026-01-02",
        "simulated": False,
    }
    made_up = streets_of([[10, 47], [10.1, 47]], [[0, 1]], simulated=True)
    assert Roads(made_up).provider == "roads (simulated)"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lonlat": np.array([[4e5, 3e6], [4e5, 3e6]])}, "is it projected"),
        ({"lonlat": np.zeros(2)}, "a row of lon and lat"),
        ({"kmh": np.array([0.0])}, "km/h above 0"),
        ({"kmh": np.array([50.0, 50.0])}, "columns of one length"),
        ({"ends": np.array([7], dtype=np.int32)}, "they lie outside"),
    ],
)
def test_what_streets_refuse(change, words):
    told = {
        "lonlat": np.array([[9.5, 47.1], [9.6, 47.1]]),
        "begins": np.array([0], dtype=np.int32),
        "ends": np.array([1], dtype=np.int32),
        "kmh": np.array([50.0]),
        "classes": np.array([6], dtype=np.int8),
        "forward": np.array([True]),
        "backward": np.array([True]),
    }
    with pytest.raises(GeoError, match=words):
        Streets(**{**told, **change})
