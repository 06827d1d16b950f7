"""Whose part of a strip is whose: each party's ground, what is disputed, and what lies beyond the two."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.polygons import polygons_of
from geo.shifts import Floats
from geo.zones_strips import ROWS, in_threads

_NONE = shapely.Polygon()
_AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

Shapes = npt.NDArray[np.object_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cut:
    """The parts of strips, one entry a strip; what lies beyond is a list of (row of the jurisdiction or None, shape)."""

    a: Shapes
    b: Shapes
    disputed: Shapes
    beyond: list[list[tuple[int | None, BaseGeometry]]]


@dataclass(frozen=True)
class Strips:
    """Strips of borders, each with its shape on either side, their union, and the one in which a gap is looked for."""

    a: Shapes
    b: Shapes
    both: Shapes
    gap: Shapes


def cut(strips: Strips, row_a: Rows, row_b: Rows, beyond: npt.NDArray[np.bool_], outlines: gpd.GeoDataFrame) -> Cut:
    """The parts of strips that lie in their two parties, disputed between them, and beyond.

    Parameters
    ----------
    strips
        Shapes in EPSG:4326, n of each; an empty shape where there is none.
    row_a
        Row of party a in `outlines`, one for each strip.
    row_b
        Row of party b.
    beyond
        Whether ground of others and of nobody is wanted, one for each strip.
    outlines
        Jurisdictions in the order of their ids, the only column that is looked at being the geometry.

    Returns
    -------
    Cut
        Polygons without overlap. Disputed is what both parties' outlines hold, and what no outline holds in `gap`.
        Beyond comes in the order of the outlines; where others overlap, the first of them has it, and last is what
        nobody holds.
    """
    shapes = outlines.geometry.to_numpy()
    boxes = shapely.bounds(strips.both)
    a, b, part_a, part_b = (np.empty(len(row_a), dtype=object) for _ in range(4))

    def work(rows: slice) -> None:
        for ground, part, strip, row in ((a, part_a, strips.a, row_a), (b, part_b, strips.b, row_b)):
            ground[rows] = _clipped(shapes[row[rows]], boxes[rows])
            part[rows] = shapely.intersection(strip[rows], ground[rows])

    in_threads(work, [slice(k, k + ROWS) for k in range(0, len(row_a), ROWS)])
    disputed = np.full(len(row_a), _NONE, dtype=object)
    where = _suspicious(shapes, row_a, row_b, boxes)
    disputed[where] = shapely.intersection(shapely.intersection(a[where], b[where]), strips.both[where])
    for k in np.flatnonzero(~shapely.is_empty(strips.gap)):
        others = _others(outlines, strips.gap[k])
        gap = shapely.difference(strips.gap[k], shapely.union_all(shapes[others]))
        disputed[k] = shapely.union(disputed[k], gap)
    disputed = _polygons(disputed)
    some = ~shapely.is_empty(disputed)
    part_a[some] = shapely.difference(part_a[some], disputed[some])
    part_b[some] = shapely.difference(part_b[some], disputed[some])
    part_a, part_b = _polygons(part_a), _polygons(part_b)
    further: list[list[tuple[int | None, BaseGeometry]]] = [[] for _ in row_a]
    for k in np.flatnonzero(beyond):
        left = shapely.difference(strips.both[k], shapely.union_all([a[k], b[k], disputed[k]]))
        for other in _others(outlines, left):
            if other not in (row_a[k], row_b[k]):
                further[k].append((int(other), _one(shapely.intersection(left, shapes[other]))))
                left = shapely.difference(left, shapes[other])
        further[k].append((None, _one(left)))
    return Cut(part_a, part_b, disputed, further)


def merged(shapes: list[BaseGeometry]) -> BaseGeometry:
    """The polygons of some shapes as one shape."""
    return _one(shapely.union_all(shapes))


def _clipped(outlines: Shapes, boxes: Floats) -> Shapes:
    """The part of each outline in a box; a county has more outline than its strip needs."""
    found = np.empty(len(outlines), dtype=object)
    for k, (outline, box) in enumerate(zip(outlines, boxes, strict=True)):
        found[k] = shapely.clip_by_rect(outline, *box)
    return found


def _suspicious(shapes: Shapes, row_a: Rows, row_b: Rows, boxes: Floats) -> Rows:
    """The strips in whose box an outline of a party runs across another outline: only there can two overlap."""
    parties = np.unique(np.concatenate((row_a, row_b)))
    wrong = np.full(len(shapes), None, dtype=object)
    wrong[parties] = shapely.coverage_invalid_edges(shapes[parties])
    box = shapely.box(*boxes.T)
    hit = shapely.intersects(wrong[row_a], box) | shapely.intersects(wrong[row_b], box)
    return np.flatnonzero(hit).astype(np.int64)


def _others(outlines: gpd.GeoDataFrame, shape: BaseGeometry) -> Rows:
    """Rows of the outlines that meet a shape, in their order."""
    return np.sort(outlines.sindex.query(shape, predicate="intersects")).astype(np.int64)


def _polygons(shapes: Shapes) -> Shapes:
    """The polygons of each shape, without the lines and points that cutting leaves."""
    for k in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), _AREAL)):
        shapes[k] = polygons_of(shapes[k])
    return shapes


def _one(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of one shape."""
    found: BaseGeometry = _polygons(np.array([shape], dtype=object))[0]
    return found
