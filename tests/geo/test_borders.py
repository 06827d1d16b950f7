"""Shared borders: examples, what must hold for any board, and pairwise intersection as the oracle."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.borders import lengths_m, shared_borders
from geo.errors import BorderError, FrameError
from geo.stretches import marks, stretch
from tests.geo.specimens import board, frame_of, wiggly_board

GEOD = pyproj.Geod(ellps="WGS84")


def pairs(borders):
    return set(zip(borders["a"], borders["b"], strict=True))


def same(one, other, tolerance=0.0):
    assert one[["a", "b", "method"]].to_numpy().tolist() == other[["a", "b", "method"]].to_numpy().tolist()
    assert shapely.equals_exact(one.geometry.to_numpy(), other.geometry.to_numpy(), tolerance).all()


def test_a_board_has_the_borders_of_its_squares_and_none_at_corners():
    borders = shared_borders(board(3))
    assert len(borders) == 12
    assert ("j00", "j04") not in pairs(borders)
    assert (borders["a"] < borders["b"]).all()
    assert (borders["method"] == "exact").all()
    assert (borders["tolerance_m"] == 0).all()


def test_empty_and_lonely():
    assert len(shared_borders(board(3).iloc[:0])) == 0
    one = shared_borders(board(3).iloc[:1])
    assert list(one.columns) == ["a", "b", "length_m", "method", "tolerance_m", "geometry"]
    assert len(one) == 0
    assert one.crs.to_epsg() == 4326


def test_negative_tolerance_and_wrong_frame_are_refused():
    with pytest.raises(BorderError, match="tolerance_m is -1"):
        shared_borders(board(2), -1)
    with pytest.raises(FrameError):
        shared_borders(board(2).to_crs(4549))


@given(st.integers(0, 50), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_row_order_vertex_order_and_direction_do_not_matter(seed, random):
    cells = wiggly_board(seed)
    shuffled = cells.sample(frac=1, random_state=random.randrange(10**6)).copy()
    turned = []
    for shape in shuffled.geometry:
        xy = shapely.get_coordinates(shape)[:-1]
        xy = np.roll(xy, random.randrange(len(xy)), axis=0)
        turned.append(shapely.Polygon(xy[::-1] if random.random() < 0.5 else xy))
    shuffled["geometry"] = turned
    same(shared_borders(cells), shared_borders(shuffled))


@given(st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_lies_on_both_outlines_and_measures_what_the_ellipsoid_says(seed):
    cells = wiggly_board(seed)
    outline = dict(zip(cells["id"], cells.boundary, strict=True))
    for row in shared_borders(cells).itertuples():
        for side in (row.a, row.b):
            assert shapely.hausdorff_distance(shapely.intersection(row.geometry, outline[side]), row.geometry) < 1e-9
        assert row.length_m == pytest.approx(GEOD.geometry_length(row.geometry), rel=1e-7)
        first, last = shapely.get_coordinates(row.geometry)[[0, -1]]
        assert tuple(first) < tuple(last)


@given(st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_equals_pairwise_intersection(seed):
    cells = wiggly_board(seed)
    borders = shared_borders(cells)
    expected = {}
    for i, one in cells.iterrows():
        for j, two in cells.iloc[i + 1 :].iterrows():
            length = shapely.intersection(one.geometry, two.geometry).length
            if length > 0:
                expected[one["id"], two["id"]] = (length, j)
    assert pairs(borders) == set(expected)
    for row in borders.itertuples():
        assert row.geometry.length == pytest.approx(expected[row.a, row.b][0], rel=1e-9)


@given(st.integers(0, 20), st.sampled_from([-8.0, 0.5, 16.0]), st.sampled_from([-2.0, 0.25]))
@settings(max_examples=10, deadline=None)
def test_translation_moves_the_border_and_nothing_else(seed, dx, dy):
    cells = wiggly_board(seed)
    # Coordinates on a binary grid: adding the offset is then exact, and so must be the answer.
    grid = np.round(shapely.get_coordinates(cells.geometry) * 2**20) / 2**20
    cells["geometry"] = shapely.set_coordinates(cells.geometry.to_numpy(), grid)
    moved = cells.copy()
    moved["geometry"] = cells.geometry.translate(dx, dy).to_numpy()
    there = shared_borders(moved)
    back = there.set_geometry(there.geometry.translate(-dx, -dy).to_numpy(), crs=4326)
    same(shared_borders(cells), back, 1e-8)


def test_two_small_neighbours_on_a_long_edge():
    cells = frame_of([shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 2)])
    borders = shared_borders(cells)
    assert borders[["a", "b", "method"]].to_numpy().tolist() == [
        ["j00", "j01", "exact"], ["j00", "j02", "exact"], ["j01", "j02", "exact"],
    ]  # fmt: skip
    assert borders.geometry[0].wkt == "LINESTRING (1 0, 1 1)"


def test_enclave_and_its_direction():
    hole = shapely.box(1, 1, 2, 2)
    cells = frame_of([shapely.difference(shapely.box(0, 0, 3, 3), hole), hole])
    row = shared_borders(cells).iloc[0]
    assert row.geometry.wkt == "LINESTRING (1 1, 1 2, 2 2, 2 1, 1 1)"
    turned = frame_of([shapely.difference(shapely.box(0, 0, 3, 3), hole), hole.reverse()])
    same(shared_borders(cells), shared_borders(turned))


def test_parts_follow_each_other_from_the_lesser_end():
    lakes = shapely.union_all([shapely.box(0.99, y, 1.01, y + 0.1) for y in (0.2, 0.5, 0.8)])
    cells = frame_of(
        [shapely.difference(shapely.box(0, 0, 1, 1), lakes), shapely.difference(shapely.box(1, 0, 2, 1), lakes)]
    )
    line = shared_borders(cells).geometry[0]
    assert [shapely.get_coordinates(part)[:, 1].round(1).tolist() for part in line.geoms] == [
        [0.0, 0.2], [0.3, 0.5], [0.6, 0.8], [0.9, 1.0],
    ]  # fmt: skip


def test_very_many_parts_are_still_in_order():
    teeth = shapely.union_all([shapely.box(0.99, y, 1.01, y + 0.01) for y in np.arange(0.02, 0.98, 0.03)])
    cells = frame_of(
        [shapely.difference(shapely.box(0, 0, 1, 1), teeth), shapely.difference(shapely.box(1, 0, 2, 1), teeth)]
    )
    line = shared_borders(cells).geometry[0]
    assert len(line.geoms) > 24
    assert (np.diff([part.coords[0][1] for part in line.geoms]) > 0).all()


def test_overlapping_twins_have_no_border():
    assert len(shared_borders(frame_of([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)]))) == 0


@pytest.mark.parametrize("gap_m", [1, 30, 150, 300, -60])
def test_outlines_that_do_not_meet_are_matched_midway(gap_m):
    cells = wiggly_board(1).to_crs(4549)
    cells["geometry"] = cells.geometry.buffer(-gap_m / 2, join_style="mitre")
    truth = shared_borders(wiggly_board(1))
    found = shared_borders(cells.to_crs(4326))
    assert pairs(found) == pairs(truth)
    assert (found["method"] == "matched").all()
    assert (found["tolerance_m"] >= abs(gap_m)).all()
    both = truth.to_crs(4549).geometry, found.to_crs(4549).geometry
    for line, seen in zip(*both, strict=True):
        assert abs(seen.length / line.length - 1) < max(0.02, 2.5 * abs(gap_m) / line.length)
        core = shapely.ops.substring(seen, 0.1, 0.9, normalized=True)
        assert shapely.distance(shapely.points(core.coords), line).max() < abs(gap_m) / 2 + 15


def test_the_tolerance_bounds_what_is_bridged():
    cells = board(2).to_crs(4549)
    cells["geometry"] = cells.geometry.buffer(-50)
    apart = cells.to_crs(4326)
    assert len(shared_borders(apart, 0)) == 0
    assert len(shared_borders(apart, 50)) == 0
    assert len(shared_borders(apart, 150)) == 4


def test_far_apart_things_are_not_matched():
    assert len(shared_borders(frame_of([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)]), 100)) == 0
    # Boxes overlap, outlines do not come near.
    ell = shapely.Polygon([(0, 0), (3, 0), (3, 0.1), (0.1, 0.1), (0.1, 3), (0, 3)])
    assert len(shared_borders(frame_of([ell, shapely.box(2, 2, 3, 3)]), 100)) == 0


def test_half_exact_half_moved_is_one_border():
    left = shapely.Polygon([(120, 30), (120.1, 30), (120.1, 30.05), (120.1, 30.1), (120, 30.1)])
    right = shapely.Polygon([(120.1, 30), (120.2, 30), (120.2, 30.1), (120.1004, 30.1), (120.1, 30.05)])
    row = shared_borders(frame_of([left, right]), 100).iloc[0]
    assert row.method == "matched"
    assert row.geometry.geom_type == "LineString"
    assert row.length_m == pytest.approx(11_086, rel=0.01)


def test_across_the_antimeridian():
    east, west = shapely.box(179, 0, 179.9999, 1), shapely.box(-179.9999, 0, -179, 1)
    row = shared_borders(frame_of([east, west]), 50).iloc[0]
    assert row.length_m == pytest.approx(110_574, rel=0.01)


def test_meeting_at_the_pole_is_a_corner():
    wedges = [shapely.box(lon, 80, lon + 60, 90) for lon in (0, 60, 120)]
    assert pairs(shared_borders(frame_of(wedges))) == {("j00", "j01"), ("j01", "j02")}


def test_along_the_antimeridian():
    east, west = shapely.box(170, 0, 180, 1), shapely.box(-180, 0, -170, 1)
    row = shared_borders(frame_of([east, west])).iloc[0]
    assert (row.method, round(row.length_m)) == ("exact", 110_574)


def test_stretch_is_as_long_as_its_marks_say():
    line = shapely.MultiLineString([[(0, 0), (0, 1)], [(0, 1.5), (0, 2), (1, 2)]])
    whole = lengths_m([line])[0]
    assert stretch(line, None, None) is line
    for from_m, to_m in ((10_000, 20_000), (100_000, 150_000), (None, 120_000), (120_000, None), (0, whole)):
        part = stretch(line, from_m, to_m)
        assert lengths_m([part])[0] == pytest.approx((whole if to_m is None else to_m) - (from_m or 0), rel=1e-6)
        ends = shapely.get_coordinates(part)[[0, -1]]
        assert marks(line, *ends.T) == pytest.approx([from_m or 0, whole if to_m is None else to_m], abs=1)


@pytest.mark.parametrize(("from_m", "to_m"), [(-5, 10), (0, 10**7), (20, 10), (10, 10), (float("nan"), 5)])
def test_stretch_outside_is_refused(from_m, to_m):
    with pytest.raises(BorderError, match="marks between 0 and 110,574"):
        stretch(shapely.LineString([(0, 0), (0, 1)]), from_m, to_m)


def test_marks_of_nothing_is_refused():
    with pytest.raises(BorderError, match="empty"):
        marks(shapely.LineString(), [0], [0])


@given(st.floats(0, 1), st.floats(-0.01, 0.01))
@settings(deadline=None)
def test_marks_are_nearest(share, aside):
    line = shapely.LineString([(120, 30), (120.3, 30.1), (120.4, 30.4)])
    point = line.interpolate(share, normalized=True)
    mark = marks(line, [point.x + aside], [point.y])[0]
    here = stretch(line, None, mark).coords[-1] if mark > 0 else line.coords[0]
    reached = GEOD.inv(*here, point.x + aside, point.y)[2]
    for other in np.linspace(0, 1, 101):
        spot = line.interpolate(other, normalized=True)
        assert reached <= GEOD.inv(spot.x, spot.y, point.x + aside, point.y)[2] + 1


def test_wuxing_and_wujiang(china):
    borders = shared_borders(china[china["id"].str[:4].isin(["3305", "3205"])])
    row = borders[(borders["a"] == "320509") & (borders["b"] == "330502")].iloc[0]
    assert row.length_m == pytest.approx(7230, abs=5)
    assert row.method == "exact"
    assert GEOD.geometry_length(row.geometry) == pytest.approx(row.length_m, rel=1e-9)


def test_us_counties_equal_pairwise_intersection(usa):
    midwest = usa[usa["id"].str[:2].isin(["19", "29", "31"])]
    borders = shared_borders(midwest)
    shapes = midwest.geometry.to_numpy()
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    i, j = i[i < j], j[i < j]
    length = shapely.length(shapely.intersection(shapes[i], shapes[j]))
    ids = midwest["id"].to_numpy()
    expected = {tuple(sorted((ids[p], ids[q]))): d for p, q, d in zip(i, j, length, strict=True) if d > 0}
    assert pairs(borders) == set(expected)
    assert shapely.length(borders.geometry.to_numpy()).sum() == pytest.approx(sum(expected.values()), rel=1e-9)


@pytest.mark.slow
def test_all_us_counties(usa):
    borders = shared_borders(usa)
    assert len(borders) == 8972
    assert (borders["method"] == "exact").all()


def test_us_counties_drawn_anew_by_each_office_keep_their_borders(usa):
    midwest = usa[usa["id"].str[:2] == "19"]
    truth = shared_borders(midwest)
    rng = np.random.default_rng(3)
    shapes = shapely.simplify(midwest.geometry.to_numpy(), 3e-4)
    moved = [shapely.affinity.translate(shape, *rng.normal(0, 1e-4, 2)) for shape in shapes]
    found = shared_borders(gpd.GeoDataFrame(midwest.drop(columns="geometry"), geometry=moved, crs=4326))
    assert pairs(found) - pairs(truth) == set()
    assert len(pairs(truth) - pairs(found)) <= 1
    ratio = found.set_index(["a", "b"])["length_m"] / truth.set_index(["a", "b"])["length_m"]
    assert ratio.median() == pytest.approx(1, abs=0.01)
