"""Searches over a road graph from places on its edges: where they begin, where they end, and what lies on one edge."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from geo.crs import GEOD
from geo.road_graph import RoadGraph, Sense
from geo.road_ground import snapped
from geo.road_kernels import matrix, search
from geo.shifts import Floats, Ints
from geo.streets import Numbers

Seeds = tuple[Ints, Floats]


class Snapped(NamedTuple):
    """Places put onto the network: rows of place, edge (-1: none near enough), share of its minutes, metres to it.

    A place beside a junction has a row for each edge there; every place has one at least, in the order of the places.
    """

    of: Ints
    edges: Ints
    shares: Floats
    metres: Floats

    def least(self, found: Floats, axis: int) -> Floats:
        """The least of each place's rows along an axis of `found`."""
        begins = np.flatnonzero(np.diff(self.of, prepend=-1))
        return np.minimum.reduceat(found, begins, axis=axis) if len(begins) else found


class Nearby:
    """The edges of the main part of a graph, to be found from places."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        self._kept = np.flatnonzero(graph.main)
        self._narrow = float(np.cos(np.radians(graph.lonlat[:, 1].mean()))) if len(graph.lonlat) else 1.0
        which = np.repeat(np.arange(len(graph)), np.diff(graph.first))
        on = graph.main[which]
        numbers = np.cumsum(graph.main) - 1
        lines = shapely.linestrings(graph.lonlat[on] * (self._narrow, 1), indices=numbers[which[on]])
        self._tree = shapely.STRtree(np.atleast_1d(lines))

    def snapped(self, places: Floats, farthest_m: float) -> Snapped:
        """Each place on the edge nearest to it."""
        of, edges = np.arange(len(places)), np.full(len(places), -1)
        if len(self._kept) and len(places):
            of, near = self._tree.query_nearest(shapely.points(places * (self._narrow, 1)), all_matches=True)
            edges = self._kept[near]
        graph, places = self._graph, places[of]
        shares, point = snapped(places, edges, graph.first, graph.lonlat, graph.along, self._narrow)
        metres, on = np.full(len(places), np.inf), np.flatnonzero(edges >= 0)
        metres[on] = GEOD.inv(*places[on].T, *point[on].T)[2]
        return Snapped(of, np.where(metres <= farthest_m, edges, -1), shares, metres)


class Search:
    """Room for searches over one sense of a graph: away from places, or `towards` them."""

    def __init__(self, graph: RoadGraph, *, towards: bool) -> None:
        self._graph = graph
        self._towards = towards
        self._sense: Sense = graph.towards if towards else graph.away
        n = len(self._sense.indptr) - 1
        self.best: Floats = np.full(n, np.inf)
        self.labels: Numbers = np.zeros(n, dtype=np.int32)
        self._touched: Numbers = np.empty(n, dtype=np.int32)

    def own(self, edge: int, share: float) -> tuple[Ints, Floats]:
        """The ways one may drive on the edge one starts on, and minutes at which it would have been entered."""
        driven = np.array(
            [way for way in (2 * edge, 2 * edge + 1) if edge >= 0 and self._graph.may[way]], dtype=np.int64
        )
        gone = np.where((driven % 2 == 1) != self._towards, 1 - share, share)
        return driven, -gone * self._graph.minutes[edge] if len(driven) else np.empty(0)

    def seeds(self, edge: int, share: float) -> Seeds:
        """The states one comes to first from a place on an edge, and when."""
        sense = self._sense
        states, times = [np.empty(0, dtype=np.int64)], [np.empty(0)]
        for driven, begun in zip(*self.own(edge, share), strict=True):
            left = begun + self._graph.minutes[edge]
            if sense.far[driven] >= 0:
                states.append(sense.far[driven : driven + 1])
                times.append(np.array([left]))
            else:
                arcs = slice(sense.indptr[driven], sense.indptr[driven + 1])
                states.append(sense.to[arcs].astype(np.int64))
                times.append(left + sense.weight[arcs].astype(float) + sense.far_min[driven])
        return np.concatenate(states), np.concatenate(times)

    def run(self, seeds: Sequence[Seeds], limit: float) -> None:
        """Search from all seeds at once; `best` and `labels` (which seeds were first) hold until `clear`."""
        sense = self._sense
        states, times, begins = _joined(seeds)
        labels = np.repeat(np.arange(len(seeds)), np.diff(begins))
        self._n = search(
            sense.indptr, sense.to, sense.weight, sense.slack, states, times, labels, limit,
            self.best, self.labels, self._touched,
        )  # fmt: skip

    def clear(self) -> None:
        """Make room for the next search."""
        self.best[self._touched[: self._n]] = np.inf

    def entered(self, limit: float) -> tuple[Ints, Floats]:
        """Driven edges entered within the limit, and when."""
        near = np.where(self._graph.may, self.best[self._sense.near] + self._sense.near_min, np.inf)
        driven = np.flatnonzero(near <= limit)
        return driven, near[driven]

    def wanted(self, on: Snapped) -> tuple[Ints, Floats]:
        """For each place the states (n, 2) it is reached from, -1 for none, and the minutes from there."""
        wanted, added = np.full((len(on.edges), 2), -1), np.zeros((len(on.edges), 2))
        rows = np.flatnonzero(on.edges >= 0)
        edges = on.edges[rows]
        for way in (0, 1):
            driven = 2 * edges + way
            gone = 1 - on.shares[rows] if (way == 1) != self._towards else on.shares[rows]
            wanted[rows, way] = np.where(self._graph.may[driven], self._sense.near[driven], -1)
            added[rows, way] = self._sense.near_min[driven] + gone * self._graph.minutes[edges]
        return wanted, added

    def reached(self, on: Snapped) -> tuple[Floats, Ints]:
        """Minutes to each place after `run`, and whose; inf and -1 where nobody came."""
        wanted, added = self.wanted(on)
        if not len(self.best):
            return np.full(len(wanted), np.inf), np.full(len(wanted), -1)
        took = np.where(wanted >= 0, self.best[wanted] + added, np.inf)
        rows, way = np.arange(len(took)), took.argmin(axis=1) if len(took) else np.empty(0, dtype=np.int64)
        minutes = took[rows, way]
        return minutes, np.where(np.isinf(minutes), -1, self.labels[wanted[rows, way]])

    def rows(self, one: Snapped, two: Snapped, limit: float) -> Floats:
        """Minutes between each of `one` (rows), from where the search goes, and each of `two`."""
        sense, found = self._sense, np.full((len(one.edges), len(two.edges)), np.inf)
        seeds = [self.seeds(edge, share) for edge, share in zip(one.edges, one.shares, strict=True)]
        states, times, begins = _joined(seeds)
        wanted, added = self.wanted(two)
        matrix(
            sense.indptr, sense.to, sense.weight, sense.slack, begins, states, times, wanted, added, limit, found
        )  # fmt: skip
        order = np.argsort(two.edges, kind="stable")
        for row, (edge, share) in enumerate(zip(one.edges, one.shares, strict=True)):
            begin, end = (np.searchsorted(two.edges[order], edge, side=side) for side in ("left", "right"))
            beside = order[begin:end]
            found[row, beside] = np.minimum(found[row, beside], self.along(edge, share, two.shares[beside]))
        return found

    def along(self, edge: int, share: float, others: Floats) -> Floats:
        """Minutes between one place of an edge and others of it, without leaving it; inf where one may not."""
        if edge < 0:
            return np.full(len(others), np.inf)
        forth, back = self._graph.may[2 * edge], self._graph.may[2 * edge + 1]
        if self._towards:
            forth, back = back, forth
        took = np.abs(others - share) * self._graph.minutes[edge]
        return np.where(((others >= share) & forth) | ((others <= share) & back), took, np.inf)


def _joined(seeds: Sequence[Seeds]) -> tuple[Ints, Floats, Ints]:
    """Seeds one after the other, and where each one's begin."""
    states = np.concatenate([np.empty(0, dtype=np.int64), *(at for at, _ in seeds)])
    times = np.concatenate([np.empty(0), *(when for _, when in seeds)])
    return states, times, np.concatenate(([0], np.cumsum([len(at) for at, _ in seeds]))).astype(np.int64)
