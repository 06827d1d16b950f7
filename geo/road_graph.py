"""A road graph that can be searched: streets joined into edges between junctions, one-way streets and turns observed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geo.crs import GEOD
from geo.road_kernels import chained, headings
from geo.road_turns import turns
from geo.shifts import Floats, Ints, Mask
from geo.streets import Numbers, Streets

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sense:
    """What a search walks on, away from a place or towards it.

    States are junctions, or edges driven one way where turns cost something. `near` and `near_min`: a driven edge is
    entered where its near state is reached, so many minutes later. `slack`: a state is reached so long after it is
    entered. `far`: the state at a driven edge's far end, -1 where the way on is told by `indptr` of the edge itself.
    """

    indptr: Ints
    to: Numbers
    weight: Weights
    slack: Weights
    near: Ints
    near_min: Floats
    far: Ints
    far_min: Floats


@dataclass(frozen=True)
class RoadGraph:
    """Edges from junction to junction, with their shapes. Edge e is driven as 2e along its shape and as 2e + 1 against.

    `first` tells where each edge's points begin in `lonlat` and `along` (share of the edge's minutes gone by there).
    """

    tails: Numbers
    heads: Numbers
    minutes: Floats
    may: Mask
    first: Ints
    lonlat: Floats
    along: Weights
    main: Mask
    away: Sense
    towards: Sense

    def __len__(self) -> int:
        return len(self.tails)

    @cached_property
    def boxes(self) -> Floats:
        """West, south, east, north of each edge."""
        low, high = (one.reduceat(self.lonlat, self.first[:-1], axis=0) for one in (np.minimum, np.maximum))
        return np.column_stack((low, high))


def road_graph(streets: Streets, *, calibration: float = 1.0, with_turns: bool = True) -> RoadGraph:
    """The graph of some streets, at their speeds times `calibration`; with what turns and lights cost, or without."""
    kept = (streets.begins != streets.ends) & (streets.forward | streets.backward)
    begins, ends = streets.begins[kept], streets.ends[kept]
    ways = (streets.forward[kept] + 2 * streets.backward[kept]).astype(np.int8)
    metres = np.asarray(GEOD.inv(*streets.lonlat[begins].T, *streets.lonlat[ends].T)[2], dtype=float)
    took = metres * 0.06 / (streets.speeds()[kept] * calibration)
    n_points = len(streets.lonlat)
    lit = np.zeros(n_points, dtype=bool)
    if streets.signals is not None:
        lit[streets.signals] = True
    both = np.concatenate((begins, ends))
    around = (np.argsort(both, kind="stable") % max(1, len(begins))).astype(np.int32)
    counted = np.concatenate(([0], np.cumsum(np.bincount(both, minlength=n_points)))).astype(np.int64)
    points, first, pieces, edge_ways = chained(begins, ends, ways, counted, around, lit)
    gone = np.cumsum(np.append(took, 0.0)[pieces])
    n_edges = len(first) - 1
    sizes = np.diff(first)
    begun = np.repeat(gone[first[:-1]], sizes)
    minutes = gone[first[1:] - 1] - gone[first[:-1]]
    along = (gone - begun) / np.repeat(np.maximum(minutes, 1e-12), sizes)
    # Junctions are numbered anew: most points only give edges their shape.
    junctions, numbered = np.unique(np.concatenate((points[first[:-1]], points[first[1:] - 1])), return_inverse=True)
    tails, heads = numbered[:n_edges].astype(np.int32), numbered[n_edges:].astype(np.int32)
    may = np.column_stack((edge_ways & 1, edge_ways >> 1)).astype(bool).ravel()
    lonlat = streets.lonlat[points]
    driven = _driven(tails, heads)
    main = _main(driven, may, len(junctions))
    if with_turns:
        away, towards = _by_turns(driven, may, minutes, first, lonlat, lit[junctions])
    else:
        away, towards = (_by_junctions(*ends, may, minutes, len(junctions)) for ends in (driven, driven[::-1]))
    on_main = main[tails] & main[heads]
    return RoadGraph(tails, heads, minutes, may, first, lonlat, along.astype(np.float32), on_main, away, towards)


def _driven(tails: Numbers, heads: Numbers) -> tuple[Numbers, Numbers]:
    """The junctions each driven edge leaves and comes to."""
    return np.column_stack((tails, heads)).ravel(), np.column_stack((heads, tails)).ravel()


def _main(driven: tuple[Numbers, Numbers], may: Mask, n: int) -> Mask:
    """Which junctions lie in the largest part within which one gets from each to each."""
    if not n:
        return np.zeros(0, dtype=bool)
    tails, heads = driven
    ways = coo_matrix((np.ones(may.sum(), dtype=np.int8), (tails[may], heads[may])), shape=(n, n))
    part = connected_components(ways.tocsr(), directed=True, connection="strong")[1]
    return np.asarray(part == np.bincount(part).argmax(), dtype=bool)


def _rows(at: Numbers, n: int) -> tuple[Ints, Ints]:
    """Where each number's rows begin when sorted by it, and their order."""
    order = np.argsort(at, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(at, minlength=n)))).astype(np.int64), order


def _by_junctions(tails: Numbers, heads: Numbers, may: Mask, minutes: Floats, n: int) -> Sense:
    """A sense whose states are junctions: turning costs nothing."""
    driven = np.flatnonzero(may)
    indptr, order = _rows(tails[driven], n)
    arcs = driven[order]
    nothing = np.zeros(len(tails))
    return Sense(
        indptr,
        heads[arcs],
        minutes[arcs // 2].astype(np.float32),
        np.zeros(n, dtype=np.float32),
        tails.astype(np.int64),
        nothing,
        heads.astype(np.int64),
        nothing,
    )


def _by_turns(
    driven: tuple[Numbers, Numbers], may: Mask, minutes: Floats, first: Ints, lonlat: Floats, lit: Mask
) -> tuple[Sense, Sense]:
    """Both senses whose states are driven edges: an arc is a turn and the edge behind it."""
    tails, heads = driven
    n = len(tails)
    leaves, comes = headings(first, lonlat)
    # Against its shape an edge leaves where it ends, and the other way round.
    out = np.column_stack((leaves, comes)).ravel()
    into = (np.column_stack((comes, leaves)).ravel() + 180.0) % 360.0
    at, order = _rows(tails, len(lit))
    sources, targets, cost = turns(heads, at, order, may, out, into, lit)
    lasts = minutes[np.arange(n) // 2]
    weight = cost + lasts[targets]
    itself, nowhere = np.arange(n), np.full(n, -1)
    begun, by = _rows(sources, n)
    ended, back = _rows(targets, n)
    slack = lasts.astype(np.float32)
    away = Sense(begun, targets[by], weight[by].astype(np.float32), slack, itself, -lasts, nowhere, np.zeros(n))
    towards = Sense(
        ended,
        sources[back],
        weight[back].astype(np.float32),
        np.zeros(n, dtype=np.float32),
        itself,
        np.zeros(n),
        nowhere,
        -lasts,
    )
    return away, towards
