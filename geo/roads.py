"""Travel on roads: times between places, who is first, and the ground one reaches, over a road graph of one's own."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import numpy as np
import shapely

from geo.errors import GeoError
from geo.road_graph import RoadGraph, road_graph
from geo.road_ground import BEYOND_MIN
from geo.road_outlines import outlines
from geo.road_search import Nearby, Search, Snapped
from geo.shifts import Floats, Ints
from geo.streets import RoadClass, Streets
from geo.travel import Shapes

ROADS = "roads"
ROADS_SIMULATED = "roads (simulated)"
ERROR = 0.2  # two well-known engines differ by so much on the same roads
FARTHEST_M = 5_000.0


class Roads:
    """Travel by car on the main part of a road network; implements `geo.travel.Travel`.

    Parameters
    ----------
    streets
        The streets; those not connected with the largest part both ways are not used.
    calibration
        Factor on every speed: 0.8 makes each way take a quarter longer.
    ferries
        Whether to take ferries.
    turns
        Whether turns and traffic lights take time; without, junctions cost nothing and searches are faster.
    farthest_m
        Places farther from a road than this are off the network.
    error
        Half the width of the band about a time, as a share of it.

    Raises
    ------
    GeoError
        When the calibration is not above 0.

    Examples
    --------
    >>> lonlat = np.array([[9.50, 47.1], [9.51, 47.1]])
    >>> both = np.array([True])
    >>> streets = Streets(lonlat, *np.array([[0], [1]], dtype=np.int32), np.array([60.0]),
    ...     np.array([6], dtype=np.int8), both, both)
    >>> Roads(streets).minutes(lonlat[:1], lonlat).round(2)
    array([[0.  , 0.76]])
    >>> Roads(Streets.none()).minutes(lonlat[:1], lonlat)
    array([[inf, inf]])
    """

    def __init__(
        self,
        streets: Streets,
        *,
        calibration: float = 1.0,
        ferries: bool = False,
        turns: bool = True,
        farthest_m: float = FARTHEST_M,
        error: float = ERROR,
    ) -> None:
        if not 0 < calibration < np.inf:
            raise GeoError(f"calibration is {calibration:g}: a factor above 0 was expected")
        self.provider = ROADS_SIMULATED if streets.simulated else ROADS
        self.error = error
        self.data_on: date | None = streets.data_on
        self.simulated = streets.simulated
        self.graph: RoadGraph = road_graph(
            streets if ferries else streets.without(RoadClass.FERRY), calibration=calibration, with_turns=turns
        )
        self._farthest_m = farthest_m

    @cached_property
    def _nearby(self) -> Nearby:
        return Nearby(self.graph)

    def snap(self, places: Floats) -> Snapped:
        """The nearest edge of the main part for each place."""
        return self._nearby.snapped(np.asarray(places, dtype=float).reshape(-1, 2), self._farthest_m)

    def snap_m(self, places: Floats) -> Floats:
        """Metres from each place to the nearest road of the main part; inf where there is no road at all."""
        on = self.snap(places)
        return on.least(on.metres, 0)

    def minutes(self, origins: Floats, destinations: Floats, within: float = np.inf) -> Floats:
        """Minutes by car, searched from whichever are fewer; the way from and to the road itself is not counted."""
        one, two = self.snap(origins), self.snap(destinations)
        if len(one.edges) <= len(two.edges):
            found = Search(self.graph, towards=False).rows(one, two, within)
        else:
            found = Search(self.graph, towards=True).rows(two, one, within).T
        found = two.least(one.least(found, 0), 1)
        return np.where(found <= within, found, np.inf)

    def first(self, origins: Floats, destinations: Floats, within: float = np.inf) -> tuple[Ints, Floats]:
        """The origin that is first at each destination, by one search from all of them."""
        one, two = self.snap(origins), self.snap(destinations)
        search = Search(self.graph, towards=False)
        search.run([search.seeds(*at) for at in zip(one.edges, one.shares, strict=True)], within)
        minutes, found = search.reached(two)
        # A search begins at the end of an origin's edge; what lies on that edge may be nearer.
        for origin, (edge, share) in enumerate(zip(one.edges, one.shares, strict=True)):
            beside = np.flatnonzero((two.edges == edge) & (edge >= 0))
            direct = search.along(edge, share, two.shares[beside])
            sooner = (direct < minutes[beside]) | ((direct == minutes[beside]) & (origin < found[beside]))
            found[beside[sooner]], minutes[beside[sooner]] = origin, direct[sooner]
        # The first of a place's rows in the order of time; of equals, the lower origin.
        found = np.append(one.of, -1)[found]
        order = np.lexsort((found, minutes, two.of))
        order = order[np.flatnonzero(np.diff(two.of[order], prepend=-1))]
        found, minutes = found[order], minutes[order]
        late = minutes > within
        return np.where(late, -1, found), np.where(late, np.inf, minutes)

    def ground(self, places: Floats, minutes: Sequence[float], *, arriving: bool = False) -> Shapes:
        """Polygons about the roads reached, cut where a budget ends; empty for a place off the network."""
        budgets = np.asarray(minutes, dtype=float)
        spots = np.asarray(places, dtype=float).reshape(-1, 2)
        found: Shapes = np.full((len(spots), len(budgets)), shapely.Polygon(), dtype=object)
        if not found.size:
            return found
        on, search = self.snap(spots), Search(self.graph, towards=arriving)
        limit = float(budgets.max()) + BEYOND_MIN
        for k in np.unique(on.of[on.edges >= 0]):
            rows = on.of == k
            at = list(zip(on.edges[rows], on.shares[rows], strict=True))
            search.run([search.seeds(*one) for one in at], limit)
            entered = [search.entered(limit), *(search.own(*one) for one in at)]
            search.clear()
            driven, near = (np.concatenate(both) for both in zip(*entered, strict=True))
            found[k] = outlines(self.graph, driven, near, spots[k], budgets, backwards=arriving)
        return found
