"""The inner loops of road travel, compiled: streets joined into edges, and the search for the shortest times."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.shifts import Floats

_Rows = npt.NDArray[np.int64]
_Numbers = npt.NDArray[np.int32]
_HEADING_M, _DEGREE_M = 15.0, 111_195.0


@njit(cache=True, nogil=True)
def _other(begins: Any, ends: Any, piece: int, point: int) -> int:
    """The point at the other end of a piece."""
    return int(ends[piece] + begins[piece] - point)


@njit(cache=True, nogil=True)
def _passes(first: Any, around: Any, begins: Any, ends: Any, ways: Any, stops: Any, point: int) -> bool:
    """Whether two pieces meet at a point, and nothing else, and one may drive on as one came."""
    if first[point + 1] - first[point] != 2 or stops[point]:  # noqa: PLR2004
        return False
    one, two = around[first[point]], around[first[point] + 1]
    if one == two:
        return False
    into = ways[one] if ends[one] == point else _turned(ways[one])
    out = ways[two] if begins[two] == point else _turned(ways[two])
    return bool(into == out)


@njit(cache=True, nogil=True)
def _turned(way: int) -> int:
    """The ways one may drive a piece (1 forward, 2 backward), seen from its other end."""
    return ((way & 1) << 1) | (way >> 1)


@njit(cache=True, nogil=True)
def chained(
    begins: _Numbers, ends: _Numbers, ways: Any, first: _Rows, around: _Numbers, stops: Any
) -> tuple[_Numbers, _Rows, _Numbers, Any]:
    """Pieces joined into edges that run from junction to junction.

    `around` lists the pieces about each point, `first` where each point's begin. Gives the points along all edges, where
    each edge's begin, the piece before each point (-1 at an edge's first) and the ways one may drive each edge.
    """
    n_pieces, n_points = len(begins), len(first) - 1
    points, pieces = np.empty(2 * n_pieces, dtype=np.int32), np.empty(2 * n_pieces, dtype=np.int32)
    starts, edge_ways = np.empty(n_pieces + 1, dtype=np.int64), np.empty(n_pieces, dtype=np.int8)
    used = np.zeros(n_pieces, dtype=np.bool_)
    n, m = 0, 0
    # A ring that no other street touches has no junction: it is cut where it was met first.
    for closed in range(2):
        for point in range(n_points):
            if closed == 0 and _passes(first, around, begins, ends, ways, stops, point):
                continue
            for slot in range(first[point], first[point + 1]):
                piece = around[slot]
                if used[piece]:
                    continue
                starts[m] = n
                edge_ways[m] = ways[piece] if begins[piece] == point else _turned(ways[piece])
                points[n], pieces[n] = point, -1
                n += 1
                here = point
                while True:
                    used[piece] = True
                    here = _other(begins, ends, piece, here)
                    points[n], pieces[n] = here, piece
                    n += 1
                    if here == point or not _passes(first, around, begins, ends, ways, stops, here):
                        break
                    piece = around[first[here]] + around[first[here] + 1] - piece
                m += 1
    starts[m] = n
    return points[:n].copy(), starts[: m + 1].copy(), pieces[:n].copy(), edge_ways[:m].copy()


@njit(cache=True, nogil=True)
def headings(starts: _Rows, lonlat: Floats) -> Floats:
    """Degrees in which each edge leaves its first point (row 0) and its last one (row 1)."""
    n = len(starts) - 1
    found = np.zeros((2, n))
    for edge in range(n):
        for end in range(2):
            step = 1 if end == 0 else -1
            begin = starts[edge] if end == 0 else starts[edge + 1] - 1
            stop = starts[edge + 1] - 1 if end == 0 else starts[edge]
            narrow = np.cos(np.radians(lonlat[begin, 1]))
            here = begin
            x, y = 0.0, 0.0
            gone = 0.0
            while here != stop and gone < _HEADING_M:
                dx = (lonlat[here + step, 0] - lonlat[here, 0]) * narrow * _DEGREE_M
                dy = (lonlat[here + step, 1] - lonlat[here, 1]) * _DEGREE_M
                gone += np.hypot(dx, dy)
                x, y = x + dx, y + dy
                here += step
            found[end, edge] = np.degrees(np.arctan2(x, y))
    return found


@njit(cache=True, nogil=True)
def _push(times: Any, states: Any, n: int, time: float, state: int) -> None:
    """A state put on the heap of `n`."""
    child = n
    while child > 0:
        parent = (child - 1) >> 1
        if times[parent] <= time:
            break
        times[child], states[child] = times[parent], states[parent]
        child = parent
    times[child], states[child] = time, state


@njit(cache=True, nogil=True)
def _sink(times: Any, states: Any, n: int) -> None:
    """The last of `n` + 1 on the heap put where the first was."""
    time, state = times[n], states[n]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= n:
            break
        if child + 1 < n and times[child + 1] < times[child]:
            child += 1
        if times[child] >= time:
            break
        times[parent], states[parent] = times[child], states[child]
        parent = child
    times[parent], states[parent] = time, state


@njit(cache=True, nogil=True)
def search(
    indptr: _Rows,
    to: _Numbers,
    weight: Any,
    slack: Any,
    seeds: _Rows,
    seed_min: Floats,
    seed_label: _Rows,
    limit: float,
    best: Floats,
    label: _Numbers,
    touched: _Numbers,
) -> int:
    """Least minutes to every state from the seeds, written into `best` (inf before), `label` and `touched`.

    Gives how many states were touched. A state is left out when it is entered, `slack` before it is reached, after the
    limit. Dijkstra (1959), with a binary heap from which outdated entries are dropped as they come up.
    """
    size = max(1024, len(seeds))
    times, states = np.empty(size), np.empty(size, dtype=np.int32)
    n, n_touched = 0, 0
    for k in range(len(seeds)):
        state = seeds[k]
        if seed_min[k] < best[state] and seed_min[k] - slack[state] <= limit:
            if best[state] == np.inf:
                touched[n_touched] = state
                n_touched += 1
            best[state], label[state] = seed_min[k], seed_label[k]
            _push(times, states, n, seed_min[k], state)
            n += 1
    while n > 0:
        time, state = times[0], states[0]
        n -= 1
        _sink(times, states, n)
        if time > best[state] or time > limit:
            continue
        for arc in range(indptr[state], indptr[state + 1]):
            other = to[arc]
            later = time + weight[arc]
            if later < best[other] and later - slack[other] <= limit:
                if best[other] == np.inf:
                    touched[n_touched] = other
                    n_touched += 1
                best[other], label[other] = later, label[state]
                if n == len(times):
                    times, states = np.append(times, times), np.append(states, states)
                _push(times, states, n, later, other)
                n += 1
    return n_touched


@njit(cache=True, nogil=True)
def matrix(
    indptr: _Rows,
    to: _Numbers,
    weight: Any,
    slack: Any,
    seed_first: _Rows,
    seeds: _Rows,
    seed_min: Floats,
    wanted: _Rows,
    added: Floats,
    limit: float,
    found: Floats,
) -> None:
    """Row for row, the least minutes from an origin to each destination, which is at one of its two wanted states."""
    n_states = len(indptr) - 1
    best = np.full(n_states, np.inf)
    label, touched = np.zeros(n_states, dtype=np.int32), np.empty(n_states, dtype=np.int32)
    none = np.zeros(0, dtype=np.int64)
    for row in range(len(seed_first) - 1):
        begin, end = seed_first[row], seed_first[row + 1]
        none = np.zeros(end - begin, dtype=np.int64)
        n = search(indptr, to, weight, slack, seeds[begin:end], seed_min[begin:end], none, limit, best, label, touched)
        for k in range(len(wanted)):
            for way in range(2):
                if wanted[k, way] >= 0:
                    found[row, k] = min(found[row, k], best[wanted[k, way]] + added[k, way])
        for k in range(n):
            best[touched[k]] = np.inf
