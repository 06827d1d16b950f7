"""Zones: what the strip measures, that its parts tile it, and what is refused."""

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.borders import shared_borders
from geo.crs import metric_crs, project
from geo.errors import BorderError, FrameError, GeoError
from geo.frames import ZONES
from geo.zones import zones
from geo.zones_figures import zone_figures, zone_summary
from tests.geo.specimens import board, frame_of, memo, wiggly_board

# An edge of some kilometres that is straight in degrees bends by centimetres in the plane.
_BEND_M = 0.05


def flat(shapes):
    """The shapes in metres."""
    return project(np.asarray(shapes, dtype=object), metric_crs((120, 30, 120.3, 30.3)))


def test_a_straight_strip_is_length_times_depth():
    cells = board(2)
    parts = zones(memo(depth_a_m=1000, depth_b_m=500), shared_borders(cells), cells)
    ZONES.check(parts)
    assert parts[["side", "jurisdiction_id"]].to_numpy().tolist() == [["a", "j00"], ["b", "j01"]]
    length = shared_borders(cells).length_m[0]
    assert parts["area_m2"].to_numpy() / length == pytest.approx([1000, 500], abs=0.5)


def test_depth_counts_on_the_ground_not_on_the_map():
    cells = board(2, x=120.0, y=60.0)
    parts = zones(memo(), shared_borders(cells), cells)
    away = shapely.hausdorff_distance(flat(parts.geometry)[0], flat(shared_borders(cells).geometry)[0])
    assert away == pytest.approx(1000, abs=1)


def test_a_stretch_and_one_sided_depth():
    cells = board(2)
    parts = zones(memo(depth_a_m=0, from_m=1000, to_m=5600), shared_borders(cells), cells)
    assert parts["side"].tolist() == ["b"]
    assert parts["area_m2"][0] == pytest.approx(4600 * 1000, rel=1e-3)


@given(st.integers(0, 30), st.floats(50, 500), st.floats(1, 2), st.floats(0, 0.4))
@settings(max_examples=15, deadline=None)
def test_parts_tile_the_zone_and_deeper_holds_shallower(seed, depth, factor, begin):
    cells = wiggly_board(seed, n=2)
    borders = shared_borders(cells)
    length = borders.length_m[0]
    marks = {"from_m": begin * length, "to_m": 0.9 * length}
    shallow, deep = (
        zones(memo(depth_a_m=d, depth_b_m=d / 2, **marks), borders, cells) for d in (depth, depth * factor)
    )
    inner, outer = flat(shallow.geometry), flat(deep.geometry)
    assert shapely.area(shapely.intersection(inner[0], inner[1])) < 0.1
    assert shapely.area(shapely.difference(shapely.union_all(inner), shapely.buffer(shapely.union_all(outer), 0.5))) < 1
    for row, shape in zip(shallow.itertuples(), inner, strict=True):
        party = flat(cells.geometry[cells["id"] == row.jurisdiction_id])[0]
        assert shapely.area(shapely.difference(shape, shapely.buffer(party, _BEND_M))) < 1
    line = flat(borders.geometry[:1])[0]
    assert shapely.area(shapely.union_all(inner)) <= shapely.area(shapely.buffer(line, depth)) + 1


def test_overlap_and_gap_are_disputed():
    overlap = frame_of([shapely.box(120, 30, 120.101, 30.1), shapely.box(120.1, 30, 120.2, 30.1)])
    figures, parts = zone_figures(overlap, "j00", "j01", 1000, 1000)
    assert parts["side"].tolist() == ["a", "b", "disputed"]
    assert parts["jurisdiction_id"][2] is None
    assert figures["disputed_area_m2"] == pytest.approx(96.5 * 11_086, rel=0.02)
    apart = frame_of(
        [shapely.box(120, 30, 120.1, 30.1), shapely.box(120.101, 30, 120.2, 30.1), shapely.box(120, 30.1, 120.2, 30.2)]
    )
    gap, parts = zone_figures(apart, "j00", "j01", 1000, 1000)
    assert gap["disputed_area_m2"] == pytest.approx(96.5 * 11_086, rel=0.02)
    assert gap["zone_area_m2"] == pytest.approx(sum(parts.area_m2))
    assert shapely.area(shapely.intersection(*flat(parts.geometry)[[0, 2]])) < 0.1


def test_figures_follow_the_order_of_the_question():
    cells = wiggly_board(3, n=2)
    one, _ = zone_figures(cells, "j00", "j01", 1000, 400)
    two, _ = zone_figures(cells, "j01", "j00", 400, 1000)
    assert one["part_a_area_m2"] == pytest.approx(two["part_b_area_m2"])
    assert one["part_b_area_m2"] == pytest.approx(two["part_a_area_m2"])
    assert one["zone_area_m2"] == pytest.approx(two["zone_area_m2"])
    assert zone_figures(cells, "j00", "j01", 10, 10, 100, 1100)[0]["stretch_length_m"] == 1000


def test_summary_has_a_row_per_agreement():
    cells = board(2)
    borders = shared_borders(cells)
    both = zones(memo(), borders, cells)
    summary = zone_summary(both)
    assert summary["zone_area_m2"][0] == pytest.approx(both["area_m2"].sum())
    assert summary["disputed_area_m2"][0] == 0


def test_nothing_asked_nothing_drawn():
    cells = board(2)
    parts = zones(memo().iloc[:0], shared_borders(cells), cells)
    assert len(parts) == 0
    assert parts.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"a": "j09"}, GeoError, "jurisdiction 'j09' is unknown: one of the ids of 4"),
        ({"b": "j03"}, BorderError, "j00 and j03 share no border"),
        ({"b": "j00"}, BorderError, "no border with itself"),
        ({"depth_a_m": 0, "depth_b_m": 0}, GeoError, "depth 0 on both sides"),
        ({"depth_a_m": -1}, FrameError, "depth_a_m"),
        ({"depth_a_m": np.inf}, GeoError, "metres from 0 up"),
        ({"from_m": 9000, "to_m": 90_000}, BorderError, "does not lie on the border"),
    ],
)
def test_refusals_are_sentences(terms, error, words):
    cells = board(2)
    with pytest.raises(error, match=words):
        zones(memo(**terms), shared_borders(cells), cells)


@pytest.mark.parametrize("frame", ["borders", "jurisdictions"])
def test_wrong_frames_are_refused(frame):
    cells = board(2)
    right = {"agreements": memo(), "borders": shared_borders(cells), "jurisdictions": cells}
    with pytest.raises(FrameError, match=rf"{frame}: .*missing"):
        zones(**{**right, frame: right[frame].drop(columns=right[frame].columns[0])})
    with pytest.raises(FrameError, match="EPSG:4326"):
        zones(**{**right, frame: right[frame].to_crs(4549)})


def test_figures_without_a_border_are_refused():
    with pytest.raises(BorderError, match="share no border"):
        zone_figures(board(2), "j00", "j03", 1000, 1000)


def test_wuxing_and_wujiang(china):
    figures, parts = zone_figures(china, "330502", "320509", 1000, 1000)
    assert figures["border_length_m"] == pytest.approx(7230, abs=5)
    assert figures["zone_area_m2"] == pytest.approx(13.82e6, rel=0.01)
    assert figures["disputed_area_m2"] == 0
    assert parts["jurisdiction_id"].tolist() == ["320509", "330502"]
    # Round ends add to that, and what they add lies within a depth of the ends.
    round_ends, whole = zone_figures(china, "330502", "320509", 1000, 1000, ends="round")
    border = shared_borders(china[china["id"].isin(["330502", "320509"])])
    crs = metric_crs(border.total_bounds)
    line, clean, more = (
        project(one, crs) for one in (border.geometry[0], parts.geometry.union_all(), whole.geometry.union_all())
    )
    assert 0.3e6 < round_ends["zone_area_m2"] - figures["zone_area_m2"] < np.pi * 1e6
    added = shapely.buffer(shapely.difference(more, clean), -0.01)
    ends = shapely.buffer(shapely.boundary(line), 2100)
    assert shapely.covers(ends, added)
    # No spike: a flat end takes everything in front of it, so the zone is in one piece.
    assert clean.geom_type == "Polygon"


def test_one_zone_follows_a_slider(china):
    near = china[china["id"].str[:2].isin(["32", "33"])].reset_index(drop=True)
    borders = shared_borders(near)
    agreement = memo(a="320509", b="330502")
    took = []
    for depth in (500.0, 800.0, 1000.0, 1500.0, 2000.0, 3000.0):
        agreement["depth_a_m"] = depth
        begin = time.process_time()
        zones(agreement, borders, near)
        took.append(time.process_time() - begin)
    assert min(took) < 0.25  # some 30 ms when nothing else runs and nothing is traced
