"""The figures people decide by: side A, side B and both; and what the wall shows large."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

import geopandas as gpd

from casework.agreements import Agreements
from casework.analyses import Analyses
from casework.clusters import Clusters
from casework.errors import RefusedError
from casework.findings import Analysis
from casework.incidents import Incidents
from casework.model import Agreement, Category, Selection, Severity
from casework.once import once
from casework.patrols import Patrols
from casework.rules import Rules
from casework.stations import Arrival, Stations
from geo.places import place
from geo.travel import stated


@dataclass(frozen=True)
class SideFigures:
    """Figures of one side, or of both together; `reach_share` is None where there is no zone.

    `n_in_zone` counts the categories the agreement names; the others are no business of its zone.
    """

    n_incidents: int
    n_serious: int
    n_in_zone: int
    n_clusters: int
    n_red_firms: int
    n_officers: int
    reach_share: float | None


@dataclass(frozen=True)
class Urgent:
    """A straddling cluster of two parties nobody has planned a patrol for; `a` < `b` are the two.

    `analysis` is the test for chance that found it; without one it is only a quick look's.
    """

    agreement: Agreement
    a: str
    b: str
    selection: Selection
    cluster: gpd.GeoDataFrame
    analysis: Analysis | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was not there the time before."""
        return self.analysis is not None and bool(self.cluster["is_new"].iloc[0])


@dataclass(frozen=True)
class Board:
    """What a wall shows: `since` to `until` is the period that was looked at.

    `simulated` tells that some of it did not happen: an agreement, a station or an incident in the zones. `crowded`
    are agreements whose sides have too many incidents for a quick look; what is urgent there is not known. `n_tested`
    of `n_pairs` neighbours were tested for chance, the first of them at `tested_at`; `outdated` when data came since.
    `zone_shares` is the share of each agreement's zone within the promised time of a station with officers, by its id;
    `parties` who signed each; `stated` what the minutes come from, as `geo.travel.stated` says it. `bounds` hold
    all zones: west, south, east, north; nothing without one.
    """

    urgent: tuple[Urgent, ...]
    n_zones: int
    n_patrols: int
    n_new_in_zones: int
    reach_share: float | None
    since: datetime | None
    until: datetime | None
    simulated: bool = False
    crowded: tuple[Agreement, ...] = ()
    n_pairs: int = 0
    n_tested: int = 0
    tested_at: datetime | None = None
    outdated: bool = False
    zone_shares: Mapping[str, float] = field(default_factory=dict)
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated: Mapping[str, object] = field(default_factory=dict)
    bounds: tuple[float, ...] = ()


class Figures:
    """Counts and shares over two sides, or over all zones in force."""

    def __init__(
        self,
        versions: Callable[[], Mapping[str, int]],
        rules: Rules,
        agreements: Agreements,
        incidents: Incidents,
        clusters: Clusters,
        analyses: Analyses,
        stations: Stations,
        patrols: Patrols,
    ) -> None:
        self._versions = versions
        self._rules = rules
        self._agreements = agreements
        self._incidents = incidents
        self._clusters = clusters
        self._analyses = analyses
        self._stations = stations
        self._patrols = patrols
        # Every wall and every page that opens asks the same, half a second of work, and nothing but data changes it.
        self._board = once(2, self._counted)
        self._arrivals = once(256, self._arriving)

    def sides(self, agreement: Agreement, selection: Selection) -> dict[str, SideFigures]:
        """Figures under "a", "b" and "both"; clusters of one side are those it would find alone."""
        zone = self._agreements.preview(agreement)
        sides = {"a": (agreement.a,), "b": (agreement.b,), "both": (agreement.a, agreement.b)}
        return {side: self._side(zone, ids, agreement, selection) for side, ids in sides.items()}

    def further(self, agreement: Agreement, selection: Selection) -> dict[str, tuple[int, int]]:
        """Incidents, and those in the zone, of each party beside `a` and `b`."""
        zone = self._agreements.preview(agreement)
        found = {}
        for party in agreement.parties:
            if party not in (agreement.a, agreement.b):
                chosen = replace(selection, jurisdictions=(party,))
                n_incidents = int(self._incidents.count(chosen)["n"].sum())
                found[party] = (n_incidents, len(self._inside(zone, agreement.categories, chosen)))
        return found

    def board(self) -> Board:
        """What the wall shows now; counted once for each state of the data."""
        return self._board(self._state())

    def arrivals(self, *urgent: Urgent) -> list[dict[str, Arrival]]:
        """For each urgent cluster, per side, the station that is first there; a side without officers is absent."""
        state = self._state()
        places = [(float(one.cluster.geometry.x.iloc[0]), float(one.cluster.geometry.y.iloc[0])) for one in urgent]
        return [dict(self._arrivals(state, (one.a, one.b), *place)) for one, place in zip(urgent, places, strict=True)]

    def _state(self) -> tuple[tuple[str, int], ...]:
        """What nothing but a change of the data changes."""
        return tuple(sorted(self._versions().items()))

    def _arriving(
        self, _state: tuple[tuple[str, int], ...], sides: tuple[str, str], lon: float, lat: float
    ) -> dict[str, Arrival]:
        """Who is first at a place, by side."""
        return {side: found for side in sides if (found := self._stations.first(lon, lat, side))}

    def _counted(self, _versions: tuple[tuple[str, int], ...]) -> Board:
        """The board from the data."""
        agreements = self._agreements.in_force()
        period = self._incidents.latest_period(self._rules.urgent_days)
        since, until = period or (None, None)
        selection = Selection(since=since)
        zones = self._agreements.zones_in_force()
        pairs = {pair for one in agreements for pair in one.pairs}
        tested = {pair: found for pair in sorted(pairs) if (found := self._analyses.watched(*pair))}
        urgent, crowded = self._urgent(agreements, selection, tested) if period else ((), ())
        of_each = {one: zones[zones["agreement_id"] == one] for one in sorted(set(zones["agreement_id"]))}
        share, *shares = self._stations.covered_shares([zones, *of_each.values()]).tolist()
        return Board(
            urgent=urgent,
            crowded=crowded,
            n_zones=len(agreements),
            n_patrols=len(self._patrols.open()),
            n_new_in_zones=self._n_inside_any(agreements, zones, selection),
            reach_share=None if zones.empty else share,
            since=since,
            until=until,
            simulated=self._simulated(agreements, zones, selection),
            n_pairs=len(pairs),
            n_tested=len(tested),
            tested_at=min((one.at for one in tested.values()), default=None),
            outdated=any(self._analyses.stale(one) for one in tested.values()),
            zone_shares=dict(zip(of_each, shares, strict=True)),
            parties={one.id: one.parties for one in agreements},
            stated=stated(self._stations.travel),
            bounds=() if zones.empty else tuple(zones.total_bounds.tolist()),
        )

    def _side(
        self, zone: gpd.GeoDataFrame, ids: tuple[str, ...], agreement: Agreement, selection: Selection
    ) -> SideFigures:
        chosen = replace(selection, jurisdictions=ids)
        by_severity = self._incidents.count(chosen, "severity")
        firms = self._stations.firms(*ids)
        stations = self._stations.of(*ids)
        return SideFigures(
            n_incidents=int(by_severity["n"].sum()),
            n_serious=int(by_severity.loc[by_severity["severity"] >= Severity.SERIOUS, "n"].sum()),
            n_in_zone=len(self._inside(zone, agreement.categories, chosen)),
            n_clusters=len(self._clusters.look(agreement.a, agreement.b, selection, alone=ids)),
            n_red_firms=int((firms["code"] == "red").sum()),
            n_officers=int(stations["n_officers"].sum()),
            reach_share=self._stations.covered_share(zone, *ids) if len(zone) else None,
        )

    def _n_inside_any(self, agreements: tuple[Agreement, ...], zones: gpd.GeoDataFrame, selection: Selection) -> int:
        """Incidents in the zones of `agreements`, each once, however many zones of its category hold it."""
        found: set[str] = set()
        by_categories = sorted(agreements, key=lambda one: one.categories)
        for categories, those in groupby(by_categories, key=lambda one: one.categories):
            zone = zones[zones["agreement_id"].isin([one.id for one in those])]
            found |= self._inside(zone, categories, selection)
        return len(found)

    def _inside(self, zone: gpd.GeoDataFrame, categories: tuple[Category, ...], selection: Selection) -> set[str]:
        """Ids of incidents of these categories in the strip."""
        agreed = tuple(one for one in categories if not selection.categories or one in selection.categories)
        if zone.empty or not agreed:
            return set()
        incidents = self._incidents.inside(zone, replace(selection, categories=agreed))
        strips = gpd.GeoDataFrame({"id": ["strip"], "name": ["strip"]}, geometry=[zone.union_all()], crs=zone.crs)
        holding = place(incidents.geometry, strips)
        return {str(one) for one, found in zip(incidents["id"], holding, strict=True) if found is not None}

    def _simulated(self, agreements: tuple[Agreement, ...], zones: gpd.GeoDataFrame, selection: Selection) -> bool:
        """Whether anything a board counts was made up for a demonstration."""
        return (
            any(agreement.simulated for agreement in agreements)
            or bool(self._stations.of()["simulated"].any())
            or bool(self._incidents.inside(zones, selection)["simulated"].any())
        )

    def _urgent(
        self, agreements: tuple[Agreement, ...], selection: Selection, tested: Mapping[tuple[str, str], Analysis]
    ) -> tuple[tuple[Urgent, ...], tuple[Agreement, ...]]:
        """Straddling clusters without a patrol of both sides, and agreements that could not be looked at.

        Where a pair was tested for chance, only what chance does not explain; elsewhere the quick look's. New ones go
        first, then those that were tested, then the latest.
        Two agreements of one pair tell of them once; a patrol with another neighbour does not settle them.
        """
        found: dict[tuple[str, str], list[Urgent]] = {}
        crowded = []
        planned = self._patrols.open()
        for agreement, a, b in ((one, *pair) for one in agreements for pair in one.pairs):
            if (a, b) in found:
                continue
            analysis = tested.get((a, b))
            try:
                clusters = (
                    self._clusters.look(a, b, selection) if analysis is None else self._analyses.significant(analysis)
                )
            except RefusedError:
                # One crowded border must not hide what is urgent at the others.
                crowded.append(agreement)
                found[a, b] = []
                continue
            clusters = clusters[clusters["straddles"]]
            places = [(one.lon, one.lat) for one in planned if {a, b} <= {part.jurisdiction_id for part in one.crew}]
            found[a, b] = [
                Urgent(agreement, a, b, selection, clusters.iloc[[row]], analysis)
                for row in range(len(clusters))
                if not self._clusters.holds(clusters.iloc[[row]], places)
            ]
        urgent = [one for those in found.values() for one in those]
        urgent.sort(
            key=lambda one: (one.is_new, one.analysis is not None, one.cluster["last_at"].iloc[0]), reverse=True
        )
        return tuple(urgent), tuple(dict.fromkeys(crowded))
