"""Where the next joint station should stand, and what it would bring."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from casework.destinations import FIRM, GROUND, INCIDENT
from casework.errors import RefusedError
from casework.reach import Reach
from casework.rules import Rules
from casework.stations import Stations
from casework.territory import Territory
from casework.ways import Question
from geo.places import place
from geo.reach import lonlat
from geo.samples import even_points
from geo.shifts import Floats
from geo.siting import Siting, max_cover, p_center, p_median

N_CANDIDATES = 240
_OFF_ROAD_M = 300.0
_LIMIT_S = 20.0
_NO_WAY_MIN = 1440.0


class Goal(StrEnum):
    """What a site should be best at: most risk within the promised time, least travel, or nobody too far."""

    COVER = "cover"
    MEDIAN = "median"
    CENTRE = "centre"


@dataclass(frozen=True)
class Site:
    """A place for a joint station and what it brings beside the stations there are.

    `n_firms`, `n_incidents` and `zone_share` are what comes within the promised time beside what is there;
    `zone_before` the share without it. Minutes are until the crew the law asks for is there: `mean_before` and
    `mean_after` weighted by risk over firms and incidents (without a way: a day), `worst_before` and `worst_after` at
    the place that waits longest.
    `goal` is what it was chosen for, `asked` what was asked: where everything is within time already, less travel is
    looked for. `gap`: how far any other of the `n_candidates` sites could be better, as a share.
    """

    lon: float
    lat: float
    jurisdiction_id: str | None
    asked: Goal
    goal: Goal
    n_firms: int
    n_incidents: int
    zone_share: float
    zone_before: float
    mean_before: float
    mean_after: float
    worst_before: float
    worst_after: float
    n_candidates: int
    gap: float


class Sites:
    """Proposes sites for joint stations of two sides."""

    def __init__(self, rules: Rules, territory: Territory, stations: Stations, reach: Reach) -> None:
        self._rules = rules
        self._territory = territory
        self._stations = stations
        self._reach = reach

    def candidates(self, question: Question) -> Floats:
        """Places a station could stand at, (n, 2): spread evenly over both sides, and as many again in the zone.

        What lies off every road, as on a lake, is none.
        """
        agreement = question.agreement
        ground = self._territory.jurisdictions(agreement.a, agreement.b)
        zone = self._reach.ways(question).places.query("kind == @GROUND")
        near = lonlat(zone)[:: max(1, len(zone) // (N_CANDIDATES // 2))]
        found = np.vstack((even_points(ground.union_all(), N_CANDIDATES), near))
        return found[self._stations.travel.snap_m(found) <= _OFF_ROAD_M]

    def propose(self, question: Question, goal: Goal) -> Site:
        """The best place for one more joint station, beside all that is there and all that is planned.

        Raises
        ------
        RefusedError
            When there is nowhere to put it, or nothing to reach.
        """
        ways = self._reach.ways(question)
        candidates = self.candidates(question)
        sites = (ways.places["kind"] != GROUND).to_numpy(dtype=bool)
        if not len(candidates) or not sites.any():
            raise RefusedError(
                "There is no firm or incident to reach, or no road to stand at: load firms, or choose a longer period."
            )
        minutes = self._stations.travel.minutes(candidates, lonlat(ways.places))
        before = self._reach.ready(question)
        risk = ways.places["risk"].to_numpy(dtype=float)
        reached = goal
        if goal is Goal.COVER and (before[sites] <= self._rules.reach_min).all():
            reached = Goal.MEDIAN
        best = self._best(reached, minutes, before, risk, sites)
        here = best.sites[0]
        after = np.minimum(before, minutes[here])
        lon, lat = candidates[here]
        home = place(shapely.points([(lon, lat)]), self._territory.jurisdictions())[0]
        within = self._rules.reach_min
        more = (after <= within) & (before > within)
        kind = ways.places["kind"].to_numpy(dtype=object)
        ground = kind == GROUND
        weigh = np.where(sites, risk, 0.0)
        # Where nobody scored anything, every place counts the same.
        weigh = weigh if weigh.any() else sites.astype(float)
        return Site(
            lon=round(float(lon), 5),
            lat=round(float(lat), 5),
            jurisdiction_id=home,
            asked=goal,
            goal=reached,
            n_firms=int((more & (kind == FIRM)).sum()),
            n_incidents=int((more & (kind == INCIDENT)).sum()),
            zone_share=float(more[ground].mean()) if ground.any() else 0.0,
            zone_before=float((before[ground] <= within).mean()) if ground.any() else 0.0,
            mean_before=float(np.average(np.minimum(before, _NO_WAY_MIN), weights=weigh)),
            mean_after=float(np.average(np.minimum(after, _NO_WAY_MIN), weights=weigh)),
            worst_before=float(before[sites].max()),
            worst_after=float(after[sites].max()),
            n_candidates=len(candidates),
            gap=best.gap,
        )

    def _best(self, goal: Goal, minutes: Floats, before: Floats, risk: Floats, sites: np.ndarray) -> Siting:
        """One more site beside what is there, which stands as the matrix's last row."""
        matrix = np.vstack((minutes, before))
        kept = [len(minutes)]
        if goal is Goal.CENTRE:
            return p_center(matrix[:, sites], 1, kept, limit_s=_LIMIT_S)
        # All ground of the zone together counts as much as all firms and incidents do.
        ground = ~sites
        weigh = np.where(ground, risk[sites].sum() / max(1, ground.sum()), risk)
        if goal is Goal.COVER:
            return max_cover(matrix, weigh, 1, self._rules.reach_min, kept, limit_s=_LIMIT_S)
        return p_median(matrix[:, sites], risk[sites], 1, kept, limit_s=_LIMIT_S)
