"""The outline of the ground about the roads one reaches: on a grid as fine as Valhalla's, so that both can be compared."""

from itertools import pairwise

import numpy as np
import shapely

from geo.road_graph import RoadGraph
from geo.road_ground import BEYOND_MIN, rings, stamped
from geo.shifts import Floats, Ints

_MARGIN_MIN, _KMH, _CELLS, _DEG_M = 10.0, 112.654, 300.0, 110_567.0
_LEAST_DEG, _MOST_DEG = 0.001, 0.005


def cell_deg(minutes: float) -> float:
    """The width of the cells the ground is drawn in, degrees: a 300th of what 70 mph would reach ten minutes later.

    Examples
    --------
    >>> [cell_deg(minutes) for minutes in (10, 30, 300)]
    [0.001, 0.002, 0.005]
    """
    far = (minutes + _MARGIN_MIN) * _KMH / 0.06 / _DEG_M / _CELLS
    return float(np.clip(round(far, 3), _LEAST_DEG, _MOST_DEG))


def outlines(
    graph: RoadGraph, driven: Ints, near_min: Floats, place: Floats, budgets: Floats, *, backwards: bool
) -> list[shapely.Geometry]:
    """A polygon for each budget about the driven edges that were entered after `near_min`, drawn around `place`.

    What the outline encloses counts as reached: ground between roads has no time of its own.
    """
    cell, limit = cell_deg(float(budgets.max())), float(budgets.max()) + BEYOND_MIN
    boxes = graph.boxes[driven // 2]
    # The place is in the middle of a cell, and one cell is left free all around.
    low = np.floor((np.minimum(boxes[:, :2].min(axis=0), place) - place) / cell + 0.5) - 1
    high = np.floor((np.maximum(boxes[:, 2:].max(axis=0), place) - place) / cell + 0.5) + 1
    corner = place + (low - 0.5) * cell
    columns, rows = (high - low + 1).astype(int)
    grid = np.full((rows, columns), np.inf)
    grid[int(-low[1]), int(-low[0])] = 0.0
    stamped(
        driven, near_min, graph.minutes, graph.first, graph.lonlat, graph.along, backwards, corner, cell, limit, grid
    )  # fmt: skip
    return [_outline(grid, budget, corner, cell) for budget in budgets]


def _outline(grid: Floats, budget: float, corner: Floats, cell: float) -> shapely.Geometry:
    """The outer rings about what is reached within a budget, without corners of less than a quarter of a cell."""
    points, begins = rings(grid, budget)
    narrow = np.array([np.cos(np.radians(corner[1])), 1.0])
    drawn = [shapely.LinearRing((corner + (points[one:two] + 0.5) * cell) * narrow) for one, two in pairwise(begins)]
    outer = shapely.polygons([ring for ring in drawn if shapely.is_ccw(ring)])
    smooth = shapely.make_valid(shapely.simplify(outer, cell / 4, preserve_topology=False))
    parts = shapely.get_parts(smooth)
    return shapely.transform(shapely.union_all(parts[shapely.area(parts) > 0]), lambda xy: xy / narrow)
