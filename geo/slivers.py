"""Disputed ground: the gaps and overlaps between outlines that were meant to be one, and the holes nothing bridges."""

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from geo.crs import GEOD, metric_crs, project
from geo.errors import FrameError, GeoError
from geo.frames import BORDERS, JURISDICTIONS, WGS84
from geo.polygons import areas_m2, polygons_of
from geo.repairs import Shapes
from geo.shifts import Floats, Ints

KINDS = ("gap", "overlap")
_LEAST_M2 = 1.0  # less is the rounding of coordinates
_ARC = 8  # segments a quarter circle
_STRAIGHT_DEG = 0.01
_STRAIGHT_M = 1000.0
_TOUCHING_DEG = 1e-7
_LEAST_DEG2 = 8e-11  # less than _LEAST_M2 at every latitude
_MOSTLY = 0.5
_GRID_DEG = 1e-9
_AREA = 2
_SLIVER_COLUMNS = ["a", "b", "kind", "area_m2", "width_m"]
_UNMATCHED_COLUMNS = ["kind", "around", "area_m2", "width_m"]


class _Stretches(NamedTuple):
    """Unbroken pieces of matched borders: the line, rows of its two jurisdictions, and the tolerance."""

    line: Shapes
    a: Ints
    b: Ints
    tolerance_m: Floats


def slivers(jurisdictions: gpd.GeoDataFrame, borders: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The ground along matched borders that both outlines hold, or none does.

    An overlap is what both outlines of a border hold within its tolerance of the midway line. A gap is what lies between
    the two outlines, no wider than the tolerance, and no jurisdiction holds. Ground that could belong to several borders
    is counted for the first of them.

    Parameters
    ----------
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`, all polygons valid.
    borders
        Frame `geo.frames.BORDERS`, as `shared_borders` made it of `jurisdictions`, or some rows of it.

    Returns
    -------
    GeoDataFrame
        Columns a, b, kind ("gap" or "overlap"), area_m2 (ellipsoid), width_m (twice the area by the perimeter) and
        geometry, one polygon a row, the largest first. What is smaller than 1 m2 is left out.

    Raises
    ------
    FrameError
        When a frame breaks its contract.
    GeoError
        When a border names an unknown jurisdiction, or an outline crosses itself.

    References
    ----------
    Gaps are filled by a morphological closing of the two outlines: Serra, J. (1982). Image analysis and mathematical
    morphology.

    Examples
    --------
    >>> from geo.borders import shared_borders
    >>> apart = gpd.GeoDataFrame({"id": ["e", "w"], "name": ["East", "West"]},
    ...     geometry=[shapely.box(120.101, 30, 120.2, 30.1), shapely.box(120, 30, 120.1, 30.1)], crs=4326)
    >>> found = slivers(apart, shared_borders(apart, 200))
    >>> list(zip(found.a, found.b, found.kind, found.width_m.round(-1)))
    [('e', 'w', 'gap', 100.0)]
    >>> len(slivers(apart.iloc[:0], shared_borders(apart).iloc[:0]))
    0
    """
    JURISDICTIONS.check(jurisdictions)
    BORDERS.check(borders)
    shapes = jurisdictions.geometry.to_numpy()
    matched = borders[borders["method"] == "matched"]
    stretches = _stretches(jurisdictions["id"], matched)
    if len(matched):
        _refuse_invalid(jurisdictions)
    planes: dict[pyproj.CRS, list[int]] = {}
    for k, bounds in enumerate(shapely.bounds(stretches.line)):
        planes.setdefault(metric_crs(bounds), []).append(k)
    tree = shapely.STRtree(shapes)
    found = [_disputed(_some(stretches, np.array(rows)), shapes, tree, crs) for crs, rows in planes.items()]
    ids = jurisdictions["id"].to_numpy(dtype=object)
    frames = []
    for kind in KINDS:
        parts = [(a, b, shape) for plane in found for a, b, shape in zip(*plane[kind], strict=True)]
        pairs = np.array([part[:2] for part in parts], dtype=np.int64).reshape(-1, 2)
        ground = np.array([part[2] for part in parts], dtype=object)
        pairs, ground = _apart(pairs, ground)
        names = {"a": ids[pairs[:, 0]], "b": ids[pairs[:, 1]], "kind": kind}
        frames.append(_measured(pd.DataFrame(names), ground))
    together = pd.concat(frames, ignore_index=True).sort_values("area_m2", ascending=False, kind="stable")
    typed = together.astype({"a": "str", "b": "str", "kind": "str"}).reset_index(drop=True)
    return gpd.GeoDataFrame(typed[[*_SLIVER_COLUMNS, "geometry"]], geometry="geometry", crs=WGS84)


def unmatched(
    jurisdictions: gpd.GeoDataFrame, borders: gpd.GeoDataFrame, disputed: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Ground inside the coverage that no jurisdiction holds, or several do, and that no border bridges.

    Parameters
    ----------
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`, all polygons valid.
    borders
        Frame `geo.frames.BORDERS`, as `shared_borders` made it of them.
    disputed
        What `slivers` gave for the two; None: computed.

    Returns
    -------
    GeoDataFrame
        Columns kind ("gap": held by none, "overlap": by several), around (ids of those that touch or hold it, with
        commas), area_m2 (ellipsoid), width_m (twice the area by the perimeter) and geometry, one polygon a row, the
        largest first. Ground of which slivers cover half or more is theirs and left out. A lake that nobody was given is
        a gap like any other; a gap that is open to the outer rim is none.

    Raises
    ------
    FrameError
        When a frame breaks its contract.
    GeoError
        When an outline crosses itself.

    Examples
    --------
    >>> from geo.borders import shared_borders
    >>> ring = shapely.box(120, 30, 120.2, 30.2).difference(shapely.box(120.05, 30.05, 120.15, 30.15))
    >>> frame = gpd.GeoDataFrame({"id": ["r"], "name": ["Ring"]}, geometry=[ring], crs=4326)
    >>> found = unmatched(frame, shared_borders(frame))
    >>> list(zip(found.kind, found.around, found.width_m.round(-3)))
    [('gap', 'r', 5000.0)]
    >>> len(unmatched(frame.iloc[:0], shared_borders(frame)))
    0
    """
    JURISDICTIONS.check(jurisdictions)
    _refuse_invalid(jurisdictions)
    if disputed is None:
        disputed = slivers(jurisdictions, borders)
    shapes = jurisdictions.geometry.to_numpy()
    ids = jurisdictions["id"].to_numpy(dtype=object)
    clean = bool(shapely.coverage_is_valid(shapes))
    union = shapely.coverage_union_all(shapes) if clean else shapely.union_all(shapes)
    rings = np.array([ring for part in shapely.get_parts(union) for ring in getattr(part, "interiors", ())], object)
    tree = shapely.STRtree(shapes)
    ground = {
        "gap": _not_held(np.asarray(shapely.polygons(rings), object), shapes, tree),
        "overlap": np.empty(0, object) if clean else _held_twice(shapes),
    }
    frames = []
    for kind, spots in ground.items():
        left = spots[~_mostly_covered(spots, disputed[disputed["kind"] == kind].geometry.to_numpy())]
        # A gap is named by who touches it, an overlap by who holds it.
        near, of = tree.query(left if kind == "gap" else shapely.point_on_surface(left), predicate="intersects")
        around = pd.Series(ids[of], dtype=object).groupby(near).agg(lambda some: ", ".join(sorted(some)))
        names = pd.DataFrame({"kind": kind, "around": around.reindex(range(len(left)))})
        frames.append(_measured(names, left))
    together = pd.concat(frames, ignore_index=True).sort_values("area_m2", ascending=False, kind="stable")
    typed = together.astype({"kind": "str", "around": "str"}).reset_index(drop=True)
    return gpd.GeoDataFrame(typed[[*_UNMATCHED_COLUMNS, "geometry"]], geometry="geometry", crs=WGS84)


def _stretches(ids: pd.Series, matched: gpd.GeoDataFrame) -> _Stretches:
    """The parts of matched borders, each with the rows of its jurisdictions."""
    known = pd.Series(np.arange(len(ids)), index=ids.to_numpy(dtype=object))
    rows = [known.reindex(matched[side].to_numpy(dtype=object)).to_numpy(dtype=float) for side in ("a", "b")]
    for side, row in zip(("a", "b"), rows, strict=True):
        if np.isnan(row).any():
            name = matched[side].iloc[int(np.isnan(row).argmax())]
            raise GeoError(f"jurisdiction {name!r} is unknown: one of the ids of {len(ids)} jurisdictions was expected")
    lines, of = shapely.get_parts(matched.geometry.to_numpy(), return_index=True)
    a, b = (row.astype(np.int64)[of] for row in rows)
    return _Stretches(lines, a, b, matched["tolerance_m"].to_numpy(dtype=float)[of])


def _some(stretches: _Stretches, rows: Ints) -> _Stretches:
    line, a, b, tolerance_m = stretches
    return _Stretches(line[rows], a[rows], b[rows], tolerance_m[rows])


def _refuse_invalid(jurisdictions: gpd.GeoDataFrame) -> None:
    """Nothing, when all outlines are valid; overlay of others would answer with an error or nonsense."""
    bad = np.flatnonzero(~shapely.is_valid(jurisdictions.geometry.to_numpy()))
    if len(bad):
        name = jurisdictions["id"].iloc[bad[0]]
        raise FrameError(f"the outline of {name!r} crosses itself: mend it with geo.repairs.repaired first")


def _disputed(some: _Stretches, shapes: Shapes, tree: shapely.STRtree, crs: pyproj.CRS) -> dict[str, Any]:
    """Rows a, rows b and polygons of each kind, EPSG:4326, along stretches that one plane holds."""
    line = project(shapely.segmentize(some.line, _STRAIGHT_DEG), crs)
    strip = _from_plane(shapely.buffer(line, some.tolerance_m, quad_segs=_ARC, cap_style="flat"), crs)
    at, of = tree.query(strip, predicate="intersects")
    order = np.lexsort((of, at))
    at, of = at[order], of[order]
    # Overlay stays in degrees, where outlines are what they are: in the plane a long straight edge becomes an arc.
    held = _sound(shapely.intersection(shapes[of], strip[at]))
    first = np.searchsorted(at, np.arange(len(strip)))
    everyone = np.full((len(strip), int(np.bincount(at, minlength=1).max())), None, dtype=object)
    everyone[at, np.arange(len(at)) - first[at]] = held
    a, b = np.full((2, len(strip)), shapely.Polygon(), dtype=object)
    for side, rows in ((a, some.a), (b, some.b)):
        mine = of == rows[at]
        side[at[mine]] = held[mine]
    closed = shapely.intersection(_closed(shapely.union(a, b), some.tolerance_m, crs), strip)
    gap, gap_of = _pieces(shapely.difference(closed, shapely.union_all(everyone, axis=1)))
    between = shapely.dwithin(gap, a[gap_of], _TOUCHING_DEG) & shapely.dwithin(gap, b[gap_of], _TOUCHING_DEG)
    overlap, overlap_of = _pieces(shapely.intersection(a, b))
    found = {"gap": (gap[between], gap_of[between]), "overlap": (overlap, overlap_of)}
    return {kind: (some.a[rows], some.b[rows], ground) for kind, (ground, rows) in found.items()}


def _closed(ground: Shapes, widest_m: Floats, crs: pyproj.CRS) -> Shapes:
    """The ground with all that lies between its parts and is at most so wide."""
    flat = _sound(project(shapely.segmentize(ground, _STRAIGHT_DEG), crs))
    wider = shapely.buffer(flat, widest_m / 2, quad_segs=_ARC)
    return _from_plane(shapely.buffer(wider, -widest_m / 2, quad_segs=_ARC), crs)


def _from_plane(ground: Shapes, crs: pyproj.CRS) -> Shapes:
    return _sound(project(shapely.segmentize(ground, _STRAIGHT_M), crs, inverse=True))


def _sound(shapes: Shapes) -> Shapes:
    """The shapes, those valid that by rounding touch themselves where they were moved or cut."""
    torn = ~shapely.is_valid(shapes)
    shapes[torn] = shapely.make_valid(shapes[torn], method="structure", keep_collapsed=False)
    return shapes


def _pieces(ground: Shapes) -> tuple[Shapes, Ints]:
    """The polygons in shapes that overlay left, and the shape each is from, without crumbs."""
    parts, of = shapely.get_parts(ground, return_index=True)
    inner, deeper = shapely.get_parts(parts, return_index=True)
    large = shapely.area(inner) >= _LEAST_DEG2
    return inner[large], of[deeper][large]


def _apart(pairs: Ints, ground: Shapes) -> tuple[Ints, Shapes]:
    """The same ground with nothing in it twice: what several claim stays with the first."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    ground, of = _pieces(shapely.set_precision(_sound(ground[order]), _GRID_DEG))
    pairs = pairs[order][of]
    later, earlier = shapely.STRtree(ground).query(ground, predicate="intersects")
    real = earlier < later
    for row, others in pd.Series(earlier[real]).groupby(later[real]):
        # On a grid an overlay may leave lines where ground was thinner than it.
        taken = polygons_of(shapely.union_all(ground[others.to_numpy()]))
        ground[row] = polygons_of(shapely.difference(ground[row], taken, grid_size=_GRID_DEG))
    parts, of = _pieces(ground)
    return pairs[of], parts


def _measured(names: pd.DataFrame, ground: Shapes) -> gpd.GeoDataFrame:
    """The frame with areas, widths and geometry, without crumbs."""
    area_m2 = areas_m2(ground)
    around_m = np.array([_perimeter_m(shape) for shape in ground], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        frame = names.assign(area_m2=area_m2, width_m=2 * area_m2 / around_m)
    return gpd.GeoDataFrame(frame, geometry=ground, crs=WGS84)[area_m2 >= _LEAST_M2]


def _perimeter_m(shape: shapely.Polygon) -> float:
    return float(GEOD.geometry_length(shapely.boundary(shape)))


def _not_held(holes: Shapes, shapes: Shapes, tree: shapely.STRtree) -> Shapes:
    """What of holes in the coverage no jurisdiction holds: enclaves and islands may stand in them."""
    at, of = tree.query(holes, predicate="intersects")
    held = np.full(len(holes), shapely.Polygon(), dtype=object)
    for hole, rows in pd.Series(of).groupby(at):
        held[hole] = shapely.union_all(shapes[rows.to_numpy()])
    return _pieces(shapely.difference(holes, held))[0]


def _held_twice(shapes: Shapes) -> Shapes:
    """Polygons that two outlines hold; only outlines that do not fit the others are compared."""
    wrong = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    one, two = shapely.STRtree(shapes).query(shapes[wrong])
    one = wrong[one]
    pair = np.unique(np.column_stack((np.minimum(one, two), np.maximum(one, two))), axis=0)
    pair = pair[pair[:, 0] != pair[:, 1]]
    parts = shapely.get_parts(shapely.get_parts(shapely.intersection(shapes[pair[:, 0]], shapes[pair[:, 1]])))
    flat: Shapes = parts[shapely.get_dimensions(parts) == _AREA]
    return flat


def _mostly_covered(spots: Shapes, cover: Shapes) -> npt.NDArray[np.bool_]:
    """Which spots have half of their ground or more in `cover`, whose shapes do not overlap."""
    at, of = shapely.STRtree(cover).query(spots, predicate="intersects")
    covered = np.bincount(at, shapely.area(shapely.intersection(spots[at], cover[of])), len(spots))
    return covered >= _MOSTLY * shapely.area(spots)
