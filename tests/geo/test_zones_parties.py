"""Zones of many agreements at once: several parties, ground beyond, round ends, and properties that hold for all."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.borders import shared_borders
from geo.crs import metric_crs, project
from geo.errors import BorderError, FrameError, GeoError
from geo.frames import AGREEMENTS, ZONES
from geo.polygons import areas_m2
from geo.zones import DEEPEST_M, zones
from geo.zones_figures import between, zone_figures, zone_summary, zones_of
from tests.geo.specimens import board, frame_of, memo, wiggly_board


def agreed(*rows):
    """An agreements frame of (id, a, b, depth_a_m, depth_b_m) with whatever else a last dictionary says."""
    made = []
    for row in rows:
        *terms, more = row if isinstance(row[-1], dict) else (*row, {})
        made.append(memo(*terms[1:]).assign(id=terms[0], **more))
    frame = pd.concat(made, ignore_index=True)
    return frame.fillna({"ends": "flat"}) if "ends" in frame else frame


def flat(shape):
    """A shape in metres."""
    return project(shape, metric_crs((120, 30, 120.3, 30.3)))


def whole(parts):
    """All parts as one shape in metres."""
    return flat(parts.geometry.union_all())


def once(parts):
    """Nothing, when no ground is in two parts."""
    overlap = parts["area_m2"].sum() - areas_m2([parts.geometry.union_all()])[0]
    assert abs(overlap) < 1


def triple():
    """Three cells about a point: j00 west, j01 south-east, j02 north-east."""
    return frame_of(
        [shapely.box(120, 30, 120.1, 30.2), shapely.box(120.1, 30, 120.2, 30.1), shapely.box(120.1, 30.1, 120.2, 30.2)]
    )


def test_three_parties_share_one_zone():
    cells = triple()
    rows = agreed(
        ("m", "j00", "j01", 1000.0, 800.0), ("m", "j00", "j02", 900.0, 700.0), ("m", "j01", "j02", 500.0, 600.0)
    )
    parts = zones(rows, shared_borders(cells), cells)
    ZONES.check(parts)
    assert parts["side"].tolist() == ["a", "b", "c"]
    assert parts["jurisdiction_id"].tolist() == ["j00", "j01", "j02"]
    assert parts[["a", "b"]].to_numpy().tolist() == [["j00", "j01, j02"]] * 3
    once(parts)
    for row in rows.itertuples():
        alone = zones(rows.loc[[row.Index]], shared_borders(cells), cells)
        assert shapely.area(shapely.difference(whole(alone), shapely.buffer(whole(parts), 0.1))) == 0
    summary = zone_summary(parts)
    assert summary["part_c_area_m2"][0] == parts["area_m2"][2]
    assert summary["zone_area_m2"][0] == pytest.approx(parts["area_m2"].sum())


def test_outlines_of_three_that_overlap_are_disputed_once():
    cells = frame_of(
        [
            shapely.box(120, 30, 120.101, 30.2),
            shapely.box(120.1, 30, 120.2, 30.101),
            shapely.box(120.1, 30.1, 120.2, 30.2),
        ]
    )
    rows = agreed(
        ("m", "j00", "j01", 900.0, 900.0), ("m", "j00", "j02", 900.0, 900.0), ("m", "j01", "j02", 900.0, 900.0)
    )
    parts = zones(rows, shared_borders(cells), cells)
    assert parts["side"].tolist() == ["a", "b", "c", "disputed"]
    assert parts["jurisdiction_id"][3] is None
    once(parts)


def test_ground_beyond_the_two_is_named_after_whoever_holds_it():
    cells = triple()
    borders = shared_borders(cells)
    rows = agreed(
        ("m", "j00", "j01", 1000.0, 1000.0, {"beyond": True, "ends": "round"}),
        ("n", "j00", "j01", 1000.0, 1000.0, {"beyond": False, "ends": "round"}),
    )
    parts = zones(rows, borders, cells)
    m, n = (parts[parts["agreement_id"] == one] for one in ("m", "n"))
    assert m["side"].tolist() == ["a", "b", "beyond", "beyond"]
    assert m["jurisdiction_id"].tolist() == ["j00", "j01", "j02", None]
    assert n["side"].tolist() == ["a", "b"]
    once(m)
    assert m["area_m2"].sum() == pytest.approx(2000 * borders["length_m"][0] + np.pi * 1e6, rel=1e-3)
    assert zone_summary(parts)["beyond_area_m2"].tolist() == [m["area_m2"].iloc[2:].sum(), 0.0]


def test_ground_beyond_one_strip_is_a_partys_in_an_agreement_of_three():
    cells = triple()
    both = {"beyond": True, "ends": "round"}
    rows = agreed(("m", "j00", "j01", 1000.0, 1000.0, both), ("m", "j02", "j01", 10.0, 10.0, both))
    parts = zones(rows, shared_borders(cells), cells)
    assert parts["side"].tolist() == ["a", "b", "c", "beyond"]
    assert parts["jurisdiction_id"].iloc[3] is None
    once(parts)
    # j02's part is what the deep strip reaches of it as well as its own.
    assert parts["area_m2"][2] > 0.5e6
    fourth = frame_of([*cells.geometry, shapely.box(120, 30.2, 120.2, 30.3)])
    wide = agreed(("m", "j00", "j02", 1000.0, 0.0, both), ("m", "j00", "j01", 10.0, 0.0, both))
    held = zones(wide, shared_borders(fourth), fourth)
    assert set(held.loc[held["side"] == "beyond", "jurisdiction_id"].dropna()) == {"j03"}
    once(held)


def test_too_many_parties_are_refused():
    cells = frame_of([shapely.box(120 + 0.1 * k, 30, 120.1 + 0.1 * k, 30.1) for k in range(9)])
    rows = agreed(*(("m", f"j{k:02d}", f"j{k + 1:02d}", 10.0, 10.0) for k in range(8)))
    with pytest.raises(GeoError, match="agreement 'm' has 9 parties: up to 8"):
        zones(rows, shared_borders(cells), cells)
    assert len(zones(rows.iloc[:7], shared_borders(cells), cells)) == 8


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (("n", "j00", "j03", 10.0, 10.0), "agreement 'n': j00 and j03 share no border"),
        (
            ("n", "j00", "j01", DEEPEST_M * 2, 10.0),
            "agreement 'n': depths 200000 m and 10 m: metres from 0 up to 100,000",
        ),
        (("n", "j00", "j01", 10.0, 10.0, {"from_m": 1e6}), "agreement 'n': the stretch from 1,000,000 m"),
    ],
)
def test_the_agreement_that_cannot_be_drawn_is_named(terms, words):
    cells = board(2)
    with pytest.raises(GeoError, match=words):
        zones(agreed(("m", "j00", "j01", 10.0, 10.0), terms), shared_borders(cells), cells)


def test_outlines_without_ground_and_borders_from_elsewhere_are_refused():
    cells = board(2)
    borders = shared_borders(cells)
    hollow = cells.copy()
    hollow.loc[1, "geometry"] = shapely.Polygon()
    with pytest.raises(GeoError, match="'j01' has no ground"):
        zones(memo(), borders, hollow)
    away = cells.set_geometry(cells.geometry.translate(5, 0))
    with pytest.raises(GeoError, match="agreement 'm': no ground of j00 or j01"):
        zones(memo(), borders, away)
    blank = borders.set_geometry([shapely.LineString()] * len(borders), crs=4326)
    with pytest.raises(BorderError, match="share no border"):
        zones(memo(), blank, cells)


def test_the_same_strip_twice_in_one_agreement_is_refused():
    with pytest.raises(FrameError, match="agreements"):
        AGREEMENTS.check(agreed(("m", "j00", "j01", 10.0, 10.0), ("m", "j00", "j01", 20.0, 10.0)))
    with pytest.raises(FrameError, match="ends"):
        AGREEMENTS.check(memo().assign(ends="square"))


def test_a_depth_beyond_the_county_is_the_county():
    cells = board(2, side=0.02)
    parts = zones(memo(depth_a_m=30_000.0, depth_b_m=30_000.0).assign(ends="round"), shared_borders(cells), cells)
    assert parts["area_m2"].to_numpy() == pytest.approx(areas_m2(cells.geometry[:2].to_numpy()))


def test_an_enclave_has_no_ends():
    inner = shapely.box(120.04, 30.04, 120.06, 30.06)
    cells = frame_of([inner, shapely.difference(shapely.box(120, 30, 120.1, 30.1), inner)])
    borders = shared_borders(cells)
    one, other = (
        zones(memo(depth_a_m=300, depth_b_m=300).assign(ends=ends), borders, cells) for ends in ("flat", "round")
    )
    assert one["area_m2"].to_numpy() == pytest.approx(other["area_m2"].to_numpy())
    assert shapely.get_num_interior_rings(one.geometry.to_numpy()).tolist() == [1, 1]


def test_islands_beside_the_line_and_both_sides_of_the_antimeridian():
    west = shapely.MultiPolygon([shapely.box(179.9, 60, 180, 60.05), shapely.box(-180, 60, -179.98, 60.05)])
    east = shapely.MultiPolygon([shapely.box(179.9, 60.05, 180, 60.1), shapely.box(-180, 60.05, -179.98, 60.1)])
    cells = frame_of([west, east])
    line = shapely.MultiLineString([[(179.9, 60.05), (180, 60.05)], [(-180, 60.05), (-179.98, 60.05)]])
    borders = shared_borders(frame_of([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])).set_geometry(
        [line], crs=4326
    )
    parts = zones(memo(), borders, cells)
    length_m = 111_000 * 0.12 * np.cos(np.radians(60.05))
    assert parts["area_m2"].to_numpy() == pytest.approx([1000 * length_m] * 2, rel=0.01)
    assert all(abs(edge) <= 180 for edge in parts.total_bounds)


def test_a_stretch_between_two_places():
    cells = board(2)
    by_places, _ = zone_figures(cells, "j00", "j01", 500, 500, places=((120.11, 30.08), (120.09, 30.02)))
    by_marks, _ = zone_figures(cells, "j00", "j01", 500, 500, from_m=2217.2, to_m=8869.0)
    assert by_places["stretch_length_m"] == pytest.approx(by_marks["stretch_length_m"], abs=1)
    assert by_places["zone_area_m2"] == pytest.approx(by_marks["zone_area_m2"], rel=1e-3)
    line = shapely.LineString([(0, 0), (0, 1)])
    with pytest.raises(BorderError, match="same point of the border"):
        between(line, (1, -1), (-1, -2))
    with pytest.raises(GeoError, match="not on the globe"):
        between(line, (0, 95), (0, 1))
    with pytest.raises(GeoError, match="nan"):
        between(line, (float("nan"), 0), (0, 1))


def test_a_place_in_two_zones_belongs_to_both_once_each():
    cells = triple()
    rows = agreed(("m", "j00", "j01", 1000.0, 1000.0), ("n", "j00", "j02", 1000.0, 1000.0, {"ends": "round"}))
    parts = zones(rows, shared_borders(cells), cells)
    lon, lat = np.array([120.095, 120.095, 120.1, 120.19]), np.array([30.095, 30.05, 30.05, 30.19])
    found = zones_of(lon, lat, parts)
    assert found.to_numpy().tolist() == [[0, "m", "a"], [0, "n", "a"], [1, "m", "a"], [2, "m", "a"]]


@given(st.integers(0, 30), st.floats(50, 5000), st.floats(1, 3))
@settings(max_examples=8)
def test_deeper_holds_shallower_with_round_ends(seed, depth, factor):
    cells = wiggly_board(seed, n=2)
    borders = shared_borders(cells)
    near, far = (
        whole(zones(memo(depth_a_m=d, depth_b_m=d / 2).assign(ends="round"), borders, cells))
        for d in (depth, depth * factor)
    )
    assert shapely.area(shapely.difference(near, shapely.buffer(far, 0.5))) < 1


@given(st.integers(0, 30), st.floats(50, 2000), st.sampled_from(["flat", "round"]))
@settings(max_examples=8)
def test_neither_the_order_of_rows_and_vertices_nor_of_the_parties_matters(seed, depth, ends):
    cells = wiggly_board(seed, n=2)
    one = zones(memo(depth_a_m=depth, depth_b_m=depth / 3).assign(ends=ends), shared_borders(cells), cells)
    turned = cells.set_geometry(shapely.reverse(cells.geometry.to_numpy()), crs=4326).iloc[::-1]
    two = zones(memo("j01", "j00", depth / 3, depth).assign(ends=ends), shared_borders(turned), turned)
    assert one["side"].tolist() == two["side"].tolist()
    assert one["jurisdiction_id"].tolist() == two["jurisdiction_id"].tolist()
    apart = shapely.area(shapely.symmetric_difference(flat(one.geometry.to_numpy()), flat(two.geometry.to_numpy())))
    assert (apart < 1).all()


@given(st.integers(0, 30), st.sampled_from([-90.0, -30.0, 6.0, 45.0]))
@settings(max_examples=6)
def test_a_turn_of_the_globe_changes_nothing(seed, turn):
    cells = wiggly_board(seed, n=2)
    moved = cells.set_geometry(cells.geometry.translate(turn, 0))
    one, two = (zones(memo(), shared_borders(some), some) for some in (cells, moved))
    assert two["area_m2"].to_numpy() == pytest.approx(one["area_m2"].to_numpy(), rel=1e-4)
    back = two.geometry.translate(-turn, 0).to_numpy()
    apart = shapely.area(shapely.symmetric_difference(flat(one.geometry.to_numpy()), flat(back)))
    assert (apart < 1e-4 * one["area_m2"].to_numpy()).all()


@pytest.mark.parametrize("depth", [-1.0, np.nan, np.inf, 2 * DEEPEST_M])
def test_figures_of_no_sensible_depth_are_refused_in_a_sentence(depth):
    with pytest.raises(GeoError, match="metres from 0 up were expected, at most 100,000"):
        zone_figures(board(2), "j00", "j01", depth, 10.0)
