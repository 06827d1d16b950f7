"""Disputed ground is all of it, once, and with the right two beside it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.borders import shared_borders
from geo.errors import BorderError, FrameError, GeoError
from geo.polygons import areas_m2, polygons_of
from geo.quality import border_quality
from geo.repairs import repaired
from geo.slivers import slivers, unmatched
from tests.geo.specimens import frame_of
from tests.perturbed import perturbed

IOWA, UTAH, DELAWARE = "19", "49", "10"


@pytest.fixture(scope="module")
def states(usa):
    """Counties of a state: Iowa's edges are long and straight, Utah's bent."""
    return lambda *codes: usa[usa["id"].str[:2].isin(codes)].reset_index(drop=True)


def squares(**shapes):
    return gpd.GeoDataFrame({"id": list(shapes), "name": list(shapes)}, geometry=list(shapes.values()), crs=4326)


def spoiled(outlines, kind, width_m=100.0):
    whole, _ = repaired(perturbed(outlines, kind, width_m, 1).reset_index(drop=True))
    return whole, shared_borders(whole)


def all_overlaps_m2(outlines):
    """Ground that at least two outlines hold, computed without any border."""
    shapes = outlines.geometry.to_numpy()
    one, two = shapely.STRtree(shapes).query(shapes)
    both = shapely.intersection(shapes[one[one < two]], shapes[two[one < two]])
    parts = shapely.get_parts(shapely.get_parts(both))
    return areas_m2([shapely.union_all(parts[shapely.get_dimensions(parts) == 2], grid_size=1e-9)])[0]


@pytest.mark.parametrize("state", [IOWA, UTAH])
def test_a_shrunk_nation_has_gaps_as_wide_as_it_shrank(states, state):
    whole, borders = spoiled(states(state), "shrink")
    found = slivers(whole, borders)
    assert set(found["kind"]) == {"gap"}
    assert found["area_m2"].sum() == pytest.approx(100 * borders["length_m"].sum(), rel=0.02)
    # Pair by pair too: no border takes its neighbour's gap.
    area = found.groupby(["a", "b"])["area_m2"].sum()
    length_m = borders.set_index(["a", "b"])["length_m"]
    long = length_m[length_m > 5000]
    assert (area[long.index] / (100 * long)).between(0.9, 1.1).mean() > 0.95
    assert found["width_m"].iloc[0] == pytest.approx(100, rel=0.05)


@pytest.mark.parametrize("state", [IOWA, UTAH])
@pytest.mark.parametrize("kind", ["overlap", "shift", "simplify", "density"])
def test_overlaps_are_those_that_plain_overlay_finds(states, state, kind):
    whole, borders = spoiled(states(state), kind)
    found = slivers(whole, borders)
    overlap_m2 = found.loc[found["kind"] == "overlap", "area_m2"].sum()
    left = unmatched(whole, borders, found)
    left_m2 = left.loc[left["kind"] == "overlap", "area_m2"].sum()
    assert overlap_m2 + left_m2 == pytest.approx(all_overlaps_m2(whole), rel=5e-3)


@pytest.mark.parametrize("kind", ["shift", "shrink", "river"])
def test_no_ground_is_counted_twice_and_gaps_are_free(states, kind):
    whole, borders = spoiled(states(UTAH), kind)
    found = slivers(whole, borders)
    assert found.geometry.is_valid.all()
    assert set(found.geom_type) == {"Polygon"}
    once = areas_m2([shapely.union_all(found.geometry.to_numpy(), grid_size=1e-9)])[0]
    assert once == pytest.approx(found["area_m2"].sum(), rel=1e-5)
    gaps = found[found["kind"] == "gap"].geometry.to_numpy()
    shapes = whole.geometry.to_numpy()
    at, of = shapely.STRtree(shapes).query(gaps, predicate="intersects")
    held = [polygons_of(shape) for shape in shapely.intersection(gaps[at], shapes[of])]
    assert areas_m2(held).sum() < 50


def test_the_largest_comes_first_and_clean_outlines_have_none(states):
    clean = states(DELAWARE, IOWA)
    assert len(slivers(clean, shared_borders(clean))) == 0
    found = slivers(*spoiled(clean, "shift"))
    assert found["area_m2"].is_monotonic_decreasing
    assert (found["area_m2"] >= 1).all()
    assert (found["a"] < found["b"]).all()


def test_order_of_rows_does_not_matter(states):
    whole, borders = spoiled(states(DELAWARE), "shift")
    turned = slivers(whole.iloc[::-1].reset_index(drop=True), borders.iloc[::-1])
    found = slivers(whole, borders)
    assert turned["area_m2"].sum() == pytest.approx(found["area_m2"].sum(), rel=1e-9)
    assert len(turned) == len(found)


def test_a_third_party_keeps_its_ground():
    """A county that stands in the gap of two others is nobody's sliver."""
    whole = squares(
        a=shapely.box(120, 30, 120.0995, 30.1),
        b=shapely.box(120.1005, 30, 120.2, 30.1),
        c=shapely.box(120.0996, 30.04, 120.1004, 30.06),
    )
    borders = shared_borders(whole, 200)
    found = slivers(whole, borders)
    assert not found.geometry.intersects(shapely.box(120.0997, 30.041, 120.1003, 30.059)).any()
    middle = found[found.geometry.contains(shapely.Point(120.1, 30.02))]
    assert middle[["a", "b", "kind"]].to_numpy().tolist() == [["a", "b", "gap"]]


def test_the_sea_beside_the_mouth_of_a_gap_is_no_gap():
    """The coast runs aslant: a flat-ended strip would take a corner of the sea."""
    west = shapely.Polygon([(120, 30), (120.0995, 30.0), (120.0995, 30.1), (120, 30.2)])
    east = shapely.Polygon([(120.1005, 30), (120.2, 30), (120.2, 30.0), (120.1005, 30.0995)])
    whole = squares(e=east, w=west)
    found = slivers(whole, shared_borders(whole, 400))
    between = shapely.box(120.0995, 30, 120.1005, 30.1)
    outside = shapely.difference(shapely.union_all(found.geometry.to_numpy()), between)
    assert areas_m2([outside])[0] < 0.01 * found["area_m2"].sum()


def test_a_plane_cannot_be_spanned_but_parts_on_both_sides_of_the_antimeridian_can():
    def pair(lon):
        return shapely.box(lon, 10, lon + 0.0995, 10.1), shapely.box(lon + 0.1005, 10, lon + 0.2, 10.1)

    (a1, b1), (a2, b2) = pair(179.5), pair(-179.5)
    whole = squares(a=shapely.MultiPolygon([a1, a2]), b=shapely.MultiPolygon([b1, b2]))
    found = slivers(whole, shared_borders(whole, 200))
    assert len(found) == 2
    assert found["area_m2"].iloc[0] == pytest.approx(found["area_m2"].iloc[1], rel=1e-3)


def test_a_lake_nobody_was_given_is_named_and_a_gap_that_was_bridged_is_not(states):
    whole, borders = spoiled(states(IOWA), "river")
    found = slivers(whole, borders)
    assert len(unmatched(whole, borders, found)) == 0
    lake = shapely.box(-93.7, 42.0, -93.4, 42.1)
    holed = whole.set_geometry(shapely.difference(whole.geometry.to_numpy(), lake), crs=4326)
    left = unmatched(holed, borders, found)
    assert left["kind"].tolist()[:1] == ["gap"]
    assert left["area_m2"].iloc[0] == pytest.approx(areas_m2([lake])[0], rel=0.02)
    around = set(left["around"].iloc[0].split(", "))
    assert around == set(whole["id"][whole.geometry.intersects(lake)])


def test_an_outline_that_lies_over_another_is_named():
    whole = squares(a=shapely.box(120, 30, 120.2, 30.2), b=shapely.box(120.05, 30.05, 120.1, 30.1))
    left = unmatched(whole, shared_borders(whole, 0))
    assert left[["kind", "around"]].to_numpy().tolist() == [["overlap", "a, b"]]
    assert left["area_m2"].iloc[0] == pytest.approx(areas_m2([whole.geometry.iloc[1]])[0])


def test_nothing_in_nothing_out():
    none = squares(a=shapely.box(0, 0, 1, 1)).iloc[:0]
    borders = shared_borders(squares(a=shapely.box(0, 0, 1, 1), b=shapely.box(1, 0, 2, 1))).iloc[:0]
    assert list(slivers(none, borders).columns) == ["a", "b", "kind", "area_m2", "width_m", "geometry"]
    assert list(unmatched(none, borders).columns) == ["kind", "around", "area_m2", "width_m", "geometry"]


def test_nonsense_gets_a_sentence():
    whole = squares(a=shapely.box(0, 0, 0.9995, 1), b=shapely.box(1, 0, 2, 1))
    borders = shared_borders(whole, 500)
    with pytest.raises(GeoError, match="jurisdiction 'b' is unknown: one of the ids of 1 jurisdictions was expected"):
        slivers(whole.iloc[:1], borders)
    torn = whole.set_geometry([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), whole.geometry.iloc[1]], crs=4326)
    with pytest.raises(FrameError, match="the outline of 'a' crosses itself: mend it with"):
        slivers(torn, borders)
    with pytest.raises(FrameError, match="the outline of 'a' crosses itself"):
        unmatched(torn, borders)


def test_the_quality_of_a_file_in_one_go(states):
    whole = perturbed(states(UTAH), "shift", 100, 1)
    steps = []
    found = border_quality(whole, told=steps.append)
    assert len(steps) == 4
    pairs = found.pairs
    assert pairs["disputed_area_m2"].sum() == pytest.approx(found.slivers["area_m2"].sum())
    assert found.tolerance_m == pairs["tolerance_m"].max() > 0
    assert len(found.repairs) == 0
    with pytest.raises(BorderError, match="a border takes two jurisdictions; here are 1"):
        border_quality(whole.iloc[:1])


def test_two_far_apart_have_no_border_and_no_tolerance():
    found = border_quality(squares(a=shapely.box(0, 0, 1, 1), b=shapely.box(10, 0, 11, 1)))
    assert (found.tolerance_m, len(found.pairs), len(found.slivers), len(found.unmatched)) == (0.0, 0, 0, 0)
    assert isinstance(found.pairs, pd.DataFrame)
    assert np.isfinite(found.tolerance_m)


def test_an_enclave_that_stands_apart_in_its_hole_is_no_gap():
    outer = shapely.box(120, 30, 120.1, 30.1) - shapely.box(120.0399, 30.0399, 120.0601, 30.0601)
    frame = frame_of([outer, shapely.box(120.04, 30.04, 120.06, 30.06)])
    borders = shared_borders(frame)
    assert len(unmatched(frame, borders)) == 0
    assert slivers(frame, borders)["kind"].tolist() == ["gap"]
    lake = frame_of([outer, shapely.box(120.048, 30.048, 120.052, 30.052)])
    found = unmatched(lake, shared_borders(lake))
    whole, island = (shapely.area(one) for one in (shapely.box(0, 0, 0.0202, 0.0202), shapely.box(0, 0, 0.004, 0.004)))
    assert shapely.area(found.geometry.to_numpy()).tolist() == pytest.approx([whole - island])
    assert found["around"].tolist() == ["j00, j01"]
