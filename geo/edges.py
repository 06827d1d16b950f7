"""Outlines as a flat table of edges, and which edges two jurisdictions have in common, vertex for vertex."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import GEOD
from geo.segment_grid import grid_of
from geo.shifts import Floats, Ints, Mask
from geo.twins import short_m, twins, vertices_on

_DIGITS = 9
_CELL_M = 500.0
_SEAM = 180.0


@dataclass(frozen=True)
class Edges:
    """Directed edges in ring order: interior on the right, rings one after the other, each from its least vertex."""

    start: Floats
    end: Floats
    owner: Ints
    ring: Ints

    def take(self, rows: Ints | Mask) -> "Edges":
        """The edges of these rows."""
        return Edges(self.start[rows], self.end[rows], self.owner[rows], self.ring[rows])

    def metres(self) -> Floats:
        """Geodesic length of each edge."""
        return geodesic_m(self.start, self.end)


@dataclass(frozen=True)
class Common:
    """Edges that two owners share: row of the edge in the outline of `i`, `i` < `j`, and of its twin in `j`'s."""

    edge: Ints
    twin: Ints
    i: Ints
    j: Ints


def geodesic_m(start: Floats, end: Floats) -> Floats:
    """Metres on the ellipsoid from each start to its end, given as rows of lon, lat."""
    length = short_m(start, end)
    far = np.isnan(length)
    length[far] = GEOD.inv(start[far, 0], start[far, 1], end[far, 0], end[far, 1])[2]
    return np.asarray(length)


def segments(start: Floats, end: Floats) -> npt.NDArray[np.object_]:
    """One line of two points per row."""
    return np.asarray(shapely.linestrings(np.stack((start, end), axis=1)), dtype=object)


def outline_edges(polygons: npt.ArrayLike) -> Edges:
    """The edges of all outlines, in an order that does not depend on how a file happened to begin each ring.

    Parameters
    ----------
    polygons
        Polygons and multipolygons, EPSG:4326; the owner of an edge is its polygon's position.

    Returns
    -------
    Edges
        Coordinates to a tenth of a millimetre, without edges of zero length.

    Examples
    --------
    >>> len(outline_edges([shapely.box(0, 0, 1, 1)]).owner)
    4
    >>> len(outline_edges([]).owner)
    0
    """
    shapes = shapely.normalize(np.asarray(polygons, dtype=object))
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    xy = np.round(xy, _DIGITS) + 0.0  # two files, two roundings; and minus zero is zero
    real = np.flatnonzero((of_ring[1:] == of_ring[:-1]) & ((xy[1:, 0] != xy[:-1, 0]) | (xy[1:, 1] != xy[:-1, 1])))
    ring = of_ring[real]
    start, end = xy.take(real, axis=0), xy.take(real + 1, axis=0)
    seam = (start[:, 0] == _SEAM) & (end[:, 0] == _SEAM)  # cut along the antimeridian, one line has two longitudes
    start[seam, 0] = end[seam, 0] = -_SEAM
    return Edges(start, end, part_owner[ring_part].take(ring), ring)


def common_edges(edges: Edges) -> Common:
    """Edges that two owners run along in opposite directions, vertex for vertex.

    Parameters
    ----------
    edges
        From `outline_edges`.

    Returns
    -------
    Common
        Sorted by i, j and then along the outline of `i`.

    Examples
    --------
    >>> squares = outline_edges([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> len(common_edges(squares).edge)
    1
    >>> len(common_edges(outline_edges([])).edge)
    0
    """
    one, two = twins(edges.start.view(np.int64), edges.end.view(np.int64), edges.owner)
    i, j = edges.owner[one], edges.owner[two]
    along = np.argsort(i * (int(edges.owner.max(initial=0)) + 1) + j, kind="stable")
    return Common(one[along], two[along], i[along], j[along])


def split_at_vertices(edges: Edges, rows: Ints) -> Edges:
    """The edges with those of `rows` cut where a vertex of another owner's lies on them.

    Two small neighbours often end in the middle of a large one's long edge: cut there, all three agree again.
    """
    at, begin = vertices_on(edges.start, edges.end, edges.owner, rows, grid_of(edges.start, edges.end, rows, _CELL_M))
    if not len(at):
        return edges
    cut = edges.start[begin]
    gone = np.hypot(*(cut - edges.start[at]).T)
    everything = np.concatenate((np.arange(len(edges.owner)), at))
    start = np.concatenate((edges.start, cut))
    order = np.lexsort((np.concatenate((np.zeros(len(edges.owner)), gone)), everything))
    start, edge = start[order], everything[order]
    fresh = np.ones(len(edge), dtype=bool)  # several neighbours may have their vertex at the same place
    fresh[1:] = (edge[1:] != edge[:-1]) | (start[1:] != start[:-1]).any(axis=1)
    start, edge = start[fresh], edge[fresh]
    last = np.ones(len(edge), dtype=bool)
    last[:-1] = edge[1:] != edge[:-1]
    end = np.where(last[:, None], edges.end[edge], np.roll(start, -1, axis=0))
    return Edges(start, end, edges.owner[edge], edges.ring[edge])


def runs(edges: Edges, rows: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Rows re-ordered so that those of one unbroken run follow each other, and the number of the run of each.

    A run stays within one `group` (a number per row) and one ring, and may pass the place where its ring begins.
    """
    if not len(rows):
        return rows, rows
    n_edges = len(edges.owner)
    first = np.flatnonzero(np.r_[True, edges.ring[1:] != edges.ring[:-1]])
    size = np.diff(np.r_[first, n_edges])
    place = np.cumsum(np.r_[False, edges.ring[1:] != edges.ring[:-1]])
    order = np.lexsort((rows, group))
    row, of = rows[order], group[order]
    number = _breaks(row, of, edges.ring[row])
    # What begins at a ring's first edge continues what ends at its last one.
    head = np.flatnonzero((row == first[place[row]]) & np.r_[True, number[1:] != number[:-1]])
    tail = np.flatnonzero((row == (first + size - 1)[place[row]]) & np.r_[number[1:] != number[:-1], True])
    tails = set(zip(of[tail].tolist(), edges.ring[row[tail]].tolist(), strict=True))
    same = set(zip(of[tail].tolist(), edges.ring[row[tail]].tolist(), number[tail].tolist(), strict=True))
    moved = [
        run
        for run, key in zip(
            number[head], zip(of[head].tolist(), edges.ring[row[head]].tolist(), strict=True), strict=True
        )
        if key in tails and (*key, int(run)) not in same
    ]
    position = row + np.where(np.isin(number, moved), size[place[row]], 0)
    order = np.lexsort((position, edges.ring[row], of))
    row, of, position = row[order], of[order], position[order]
    return row, _breaks(position, of, edges.ring[row])


def run_lines(edges: Edges, row: Ints, run: Ints) -> npt.NDArray[np.object_]:
    """One line per run of `runs`, along the direction of its edges."""
    if not len(row):
        return np.empty(0, dtype=object)
    last = np.flatnonzero(np.r_[run[1:] != run[:-1], True])
    at = np.concatenate((np.arange(len(row)), last + 0.5))
    xy = np.concatenate((edges.start[row], edges.end[row[last]]))
    number = np.concatenate((run, run[last]))
    order = np.argsort(at, kind="stable")
    lines: npt.NDArray[np.object_] = shapely.linestrings(xy[order], indices=number[order])
    return lines


def _breaks(position: Ints, group: Ints, ring: Ints) -> Ints:
    """Numbers from 0 that rise where a run ends."""
    broken = (np.diff(position) != 1) | (np.diff(group) != 0) | (np.diff(ring) != 0)
    return np.concatenate(([0], np.cumsum(broken))).astype(np.int64)
