"""Where lines midway meet: three that end at one place are led there straight, before the gaps between them open.

Near a junction each jurisdiction has a corner, and sharp corners lie farther back than the gap is wide: places of equal
claim swerve there. Lines that are carried on as they came meet where the jurisdictions met before their corners went.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.crs import on_globe, way_round
from geo.segment_grid import metres_per_degree
from geo.shifts import Floats

_SAME, _SAME_M = 0.15, 2.0  # how far apart ends at one junction may be: a share of the gap, and metres
_LEAST_ENDS = 3
_STEADY = 0.3  # determinant below which lines run too much alike to say where they cross
_FARTHEST = 3.0  # gaps that a line may be carried on, or a junction moved


@dataclass
class End:
    """What lies beyond one end of a line: places outward, how many of them before the gap opens, whether a third is met."""

    path: Floats
    n_before: int
    meets: bool
    gap_m: float
    line: Floats = field(repr=False)  # the line's own places, from this end inward

    @property
    def last(self) -> Floats:
        """The last place before the gap opens."""
        return np.asarray(self.path[self.n_before - 1] if self.n_before else self.line[0])


def straighten(ends: list[End]) -> None:
    """Change the paths of ends that meet at a junction so that they run straight to where they cross."""
    met = [end for end in ends if end.meets and len(end.path)]
    if len(met) < _LEAST_ENDS:
        return
    tips = np.array([end.path[-1] for end in met])
    gap = np.array([end.gap_m for end in met])
    globe = on_globe(tips[:, 0], tips[:, 1])
    pairs = cKDTree(globe).query_pairs(_SAME * gap.max() + _SAME_M, output_type="ndarray")
    apart = np.linalg.norm(globe[pairs[:, 0]] - globe[pairs[:, 1]], axis=1)
    pairs = pairs[apart <= _SAME * gap[pairs].min(axis=1) + _SAME_M]
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(met),) * 2)
    _, group = connected_components(joined, directed=False)
    order = np.argsort(group, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        some = [met[row] for row in rows]
        if len(some) >= _LEAST_ENDS and any(len(end.path) > end.n_before for end in some):
            _lead(some)


def _lead(ends: list[End]) -> None:
    """Lead `ends` straight to where they cross, when that is near and well told."""
    origin = ends[0].path[-1]
    scale = np.array(metres_per_degree(origin[1]))
    start = np.array([way_round(end.last - origin) * scale for end in ends])
    along = np.array([_direction(end, scale) for end in ends])
    across = np.eye(2) - along[:, :, None] * along[:, None, :]
    total = across.sum(axis=0)
    if not np.linalg.det(total) > _STEADY:
        return
    meeting = np.linalg.solve(total, np.einsum("nij,nj->i", across, start))
    gap = np.array([end.gap_m for end in ends])
    ahead = ((meeting - start) * along).sum(axis=1)
    off = np.linalg.norm(meeting - start - ahead[:, None] * along, axis=1)
    if (
        np.linalg.norm(meeting) > _FARTHEST * gap.max()
        or (ahead < -gap).any()
        or (ahead > _FARTHEST * gap).any()
        or (off > gap / 2).any()
    ):
        return
    place = origin + meeting / scale
    for end, towards in zip(ends, along, strict=True):
        before = end.path[: end.n_before]
        short = ((way_round(before - origin) * scale - meeting) * towards).sum(axis=1) < 0
        end.path = np.concatenate((before[short], place[None]))


def _direction(end: End, scale: Floats) -> Floats:
    """Where an end was going before its gap opened, seen over about the width of the gap."""
    inward = np.concatenate((end.path[: end.n_before][::-1], end.line))
    away = way_round(end.last - inward) * scale
    far = np.linalg.norm(away, axis=1)
    at = int(np.argmax(far > end.gap_m)) if (far > end.gap_m).any() else int(np.argmax(far))
    return np.asarray(away[at] / max(far[at], 1e-9))
