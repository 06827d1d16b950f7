"""Tests for chance: made, kept as they were made, and asked again why something is no cluster."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely

from casework.agreements import Agreements
from casework.chance import Border, Cancel, Limits, examined, searched
from casework.clusters import MOST_INCIDENTS
from casework.errors import NotFoundError, RefusedError
from casework.findings import Analysis, Inquiry, ranked
from casework.incidents import Incidents
from casework.model import Selection
from casework.people import Actor
from casework.policy import Action, Facts, Matter, Refuse, Thing, decide
from casework.ports import Clock, Store, Topic
from casework.rules import Rules
from geo.families import across_families
from geo.scan import Scan
from geo.scan_why import Window, best_window

Progress = Callable[[float, str], None]
_TOPICS = (Topic.INCIDENTS, Topic.JURISDICTIONS)


@dataclass(frozen=True)
class Answer:
    """Why a place is no cluster, or which it is in: the best window that holds it, None where none has more than expected."""

    analysis: Analysis
    window: Window | None
    n_a: int = 0
    n_b: int = 0


class Analyses:
    """Clusters of two neighbours' incidents, pooled, that chance does not explain."""

    def __init__(
        self, store: Store, clock: Clock, rules: Rules, actor: Actor, agreements: Agreements, incidents: Incidents
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._actor = actor
        self._agreements = agreements
        self._incidents = incidents
        self._again = lru_cache(maxsize=4)(self._search_again)

    def inquiry(self, *, prospective: bool = False, selection: Selection | None = None) -> Inquiry:
        """What is asked unless somebody says otherwise: as the operator set it."""
        rules = self._rules
        return Inquiry(
            "permutation", rules.test_radius_m, rules.test_days, rules.test_replications, 1, prospective,
            selection or Selection(),
        )  # fmt: skip

    def watched_pairs(self) -> tuple[tuple[str, str], ...]:
        """The neighbours of every agreement in force that a region of the actor's is party to."""
        return tuple(sorted({pair for one in self._agreements.in_force_for(self._actor) for pair in one.pairs}))

    def watch(self, progress: Progress | None = None, cancel: Cancel | None = None) -> tuple[Analysis, ...]:
        """Test every pair with an agreement in force for what goes on now; a wall goes by the result."""
        period = self._incidents.latest_period()
        chosen = Selection(since=None if period is None else period[0])
        asked = self.inquiry(prospective=True, selection=chosen)
        return self.run(self.watched_pairs(), asked, watch=True, progress=progress, cancel=cancel)

    def run(
        self,
        pairs: Sequence[tuple[str, str]],
        inquiry: Inquiry,
        *,
        watch: bool = False,
        jobs: int | None = None,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> tuple[Analysis, ...]:
        """Test pairs of neighbours together, and keep what was found; called off, nothing is kept.

        Parameters
        ----------
        pairs
            Ids of two neighbours each.
        inquiry
            What is looked for.
        watch
            Whether walls go by the result.
        jobs
            Replications at a time, -1 for all processors; None as `joblib.parallel_config` says.
        progress
            Called with the share that is done, 0 to 1, and the pair it is at.
        cancel
            Asked now and then; True calls it off.

        Raises
        ------
        RefusedError
            When there is nothing to test, or more than the machine is trusted with.
        CancelledError
            When `cancel` said so.
        """
        allowed = decide(self._actor, Action.WRITE, Thing(Matter.ANALYSIS, self._actor.regions), Facts())
        if isinstance(allowed, Refuse):
            # Before the work, which may take minutes; the store would refuse after it.
            raise RefusedError(allowed.reason)
        if not pairs:
            raise RefusedError("There is no pair to test: keep an agreement that is in force, or choose two sides.")
        run, versions = uuid.uuid4().hex[:12], self._versions()
        made: list[tuple[Analysis, gpd.GeoDataFrame]] = []
        for number, (a, b) in enumerate(sorted({(min(pair), max(pair)) for pair in pairs})):
            began = self._clock.now()
            border = self._border(a, b, inquiry.selection)
            told = self._told(progress, f"{a}\n{b}", number, len(pairs))
            found, caveats = examined(border, inquiry, self._limits(), jobs=jobs, progress=told, cancel=cancel)
            took_s = (self._clock.now() - began).total_seconds()
            analysis = Analysis(
                uuid.uuid4().hex[:12], run, a, b, inquiry, began, self._actor.id, took_s, border.first_on,
                border.last_on, len(border.incidents), len(pairs), watch, versions, caveats, self._actor.regions,
            )  # fmt: skip
            made.append((analysis, found))
        adjusted = [(one, self._news(one, found)) for one, found in _adjusted(made)]
        self._store.save_analyses(adjusted)
        return tuple(one for one, _ in adjusted)

    def of(self, a: str, b: str) -> tuple[Analysis, ...]:
        """Analyses of two neighbours, newest first."""
        return self._store.analyses(*sorted((a, b)))

    def get(self, analysis_id: str) -> Analysis:
        """One analysis; an unknown id raises `NotFoundError`."""
        found = self._store.analysis(analysis_id)
        if found is None:
            raise NotFoundError("There is no analysis {id}.", id=analysis_id)
        return found

    def watched(self, a: str, b: str) -> Analysis | None:
        """What a wall goes by; None where a pair was not tested for that yet."""
        return next((one for one in self.of(a, b) if one.watch), None)

    def up_to_date(self) -> bool:
        """Whether walls go by tests of the data there is, for every pair with an agreement in force."""
        found = [self.watched(*pair) for pair in self.watched_pairs()]
        return all(one is not None and not self.stale(one) for one in found)

    def findings(self, analysis: Analysis) -> gpd.GeoDataFrame:
        """FINDINGS frame with `reasons`, in the order a decision needs."""
        return ranked(self._store.findings(analysis.id), analysis.last_on, self._rules.significance)

    def finding(self, analysis_id: str, cluster: int) -> gpd.GeoDataFrame:
        """One row of `findings`; one that is not there raises `NotFoundError`."""
        found = self.findings(self.get(analysis_id))
        found = found[found["cluster"] == cluster]
        if found.empty:
            raise NotFoundError("There is no cluster {number} in this analysis.", number=cluster)
        return found

    def significant(self, analysis: Analysis) -> gpd.GeoDataFrame:
        """Those of `findings` that chance does not explain."""
        found = self.findings(analysis)
        return found[found["q"] <= self._rules.significance]

    def stale(self, analysis: Analysis) -> bool:
        """Whether incidents or boundaries changed since."""
        return dict(analysis.versions) != self._versions()

    def why(self, analysis: Analysis, lon: float, lat: float) -> Answer:
        """The best window of an analysis that holds a place; the same search again, so that its p is that of the rest.

        Raises
        ------
        RefusedError
            When the data changed since: the answer would be about other incidents.
        """
        if self.stale(analysis):
            raise RefusedError("The data changed since this was tested: test again, then ask about a place.")
        found, border = self._again(analysis.id)
        window = best_window(found, lon, lat)
        if window is None:
            return Answer(analysis, None)
        whose = border.incidents["jurisdiction_id"].iloc[list(window.case_rows)]
        return Answer(analysis, window, int((whose == analysis.a).sum()), int((whose == analysis.b).sum()))

    def _search_again(self, analysis_id: str) -> tuple[Scan, Border]:
        analysis = self.get(analysis_id)
        border = self._border(analysis.a, analysis.b, analysis.inquiry.selection)
        return searched(border, analysis.inquiry, self._limits()), border

    def _limits(self) -> Limits:
        rules = self._rules
        return Limits(rules.significance, rules.cluster_min_each_side, rules.timezone)

    def _versions(self) -> dict[str, int]:
        versions = self._store.versions()
        return {str(topic): versions[topic] for topic in _TOPICS}

    def _border(self, a: str, b: str, selection: Selection) -> Border:
        """What is tested: the period is that of the selection, or that of all incidents."""
        chosen = replace(selection, jurisdictions=(a, b))
        if (n := int(self._store.count_incidents(chosen)["n"].sum())) > MOST_INCIDENTS:
            raise RefusedError(
                "{n} incidents are too many for a test (at most {most}): shorten the period or choose a category.",
                n=f"{n:,}",
                most=f"{MOST_INCIDENTS:,}",
            )
        span = self._incidents.span() or (self._clock.now(),) * 2
        # What lasts until now must last until the newest incident anywhere, not of this pair.
        since = span[0] if selection.since is None else max(selection.since, span[0])
        until = span[1] if selection.until is None else min(selection.until - timedelta(seconds=1), span[1])
        first, last = self._rules.day(since), self._rules.day(until)
        incidents = self._store.incidents(chosen)
        return Border(a, b, incidents, min(first, last), last, self._zone(a, b), self._line(a, b))

    def _line(self, a: str, b: str) -> shapely.Geometry:
        """The border the two share; empty where they share none."""
        borders = self._store.borders(a)
        return borders[(borders["a"] == min(a, b)) & (borders["b"] == max(a, b))].union_all()

    def _zone(self, a: str, b: str) -> shapely.Geometry:
        """The ground the two agreed on and are in force for; empty without."""
        ids = [one.id for one in self._agreements.in_force() if (a, b) in one.pairs]
        return self._agreements.zones(*ids).union_all() if ids else shapely.Polygon()

    def _told(self, progress: Progress | None, pair: str, number: int, n: int) -> Callable[[float], None] | None:
        """Progress of one pair as a part of the whole."""
        return None if progress is None else lambda share: progress((number + share) / n, pair)

    def _news(self, analysis: Analysis, found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Findings with `is_new`: significant, and none of their incidents was in a significant one of the time before."""
        before = self.watched(analysis.a, analysis.b) if analysis.watch else None
        if before is None or found.empty:
            return found
        known = {one for those in self.significant(before)["member_ids"] for one in those}
        fresh = [not known.intersection(those) for those in found["member_ids"]]
        return found.assign(is_new=np.array(fresh) & (found["q"] <= self._rules.significance))


def _adjusted(
    made: Sequence[tuple[Analysis, gpd.GeoDataFrame]],
) -> list[tuple[Analysis, gpd.GeoDataFrame]]:
    """Findings with `q`: their p, adjusted for the number of pairs that were tested together."""
    n_of = [len(found) for _, found in made]
    family = np.repeat(np.arange(len(made)), n_of)
    p = np.concatenate([found["p"].to_numpy() for _, found in made])
    q = across_families(p, family, len(made))
    ends = np.concatenate(([0], np.cumsum(n_of)))
    return [
        (one, found.assign(q=q[begin:end])) for (one, found), (begin, end) in zip(made, pairwise(ends), strict=True)
    ]
