"""The figures people decide by: side A, side B and both; and what the wall shows large."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import geopandas as gpd

from casework.agreements import Agreements
from casework.clusters import Clusters
from casework.errors import RefusedError
from casework.incidents import Incidents
from casework.model import Agreement, Selection, Severity
from casework.patrols import Patrols
from casework.rules import Rules
from casework.stations import Arrival, Stations
from geo.places import place


@dataclass(frozen=True)
class SideFigures:
    """Figures of one side, or of both together; `reach_share` is None where there is no zone."""

    n_incidents: int
    n_serious: int
    n_in_zone: int
    n_clusters: int
    n_red_firms: int
    n_officers: int
    reach_share: float | None


@dataclass(frozen=True)
class Urgent:
    """A straddling cluster nobody has planned a patrol for."""

    agreement: Agreement
    selection: Selection
    cluster: gpd.GeoDataFrame


@dataclass(frozen=True)
class Board:
    """What a wall shows: `since` to `until` is the period that was looked at.

    `simulated` tells that some of it did not happen: an agreement, a station or an incident in the zones. `crowded`
    are agreements whose sides have too many incidents for a quick look; what is urgent there is not known.
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


class Figures:
    """Counts and shares over two sides, or over all zones in force."""

    def __init__(
        self,
        versions: Callable[[], Mapping[str, int]],
        rules: Rules,
        agreements: Agreements,
        incidents: Incidents,
        clusters: Clusters,
        stations: Stations,
        patrols: Patrols,
    ) -> None:
        self._versions = versions
        self._rules = rules
        self._agreements = agreements
        self._incidents = incidents
        self._clusters = clusters
        self._stations = stations
        self._patrols = patrols
        # Every wall and every page that opens asks the same, half a second of work, and nothing but data changes it.
        self._board = lru_cache(maxsize=2)(self._counted)

    def sides(self, agreement: Agreement, selection: Selection) -> dict[str, SideFigures]:
        """Figures under "a", "b" and "both"; clusters of one side are those it would find alone."""
        zone = self._agreements.preview(agreement)
        sides = {"a": (agreement.a,), "b": (agreement.b,), "both": (agreement.a, agreement.b)}
        return {side: self._side(zone, ids, agreement, selection) for side, ids in sides.items()}

    def board(self) -> Board:
        """What the wall shows now; counted once for each state of the data."""
        return self._board(tuple(sorted(self._versions().items())))

    def arrivals(self, urgent: Urgent) -> dict[str, Arrival]:
        """Per side the station that is first at an urgent cluster; a side without officers is absent."""
        agreement = urgent.agreement
        return {
            side: found for side in (agreement.a, agreement.b) if (found := self._stations.first(urgent.cluster, side))
        }

    def _counted(self, _versions: tuple[tuple[str, int], ...]) -> Board:
        """The board from the data."""
        agreements = self._agreements.in_force()
        period = self._incidents.latest_period(self._rules.urgent_days)
        since, until = period or (None, None)
        selection = Selection(since=since)
        zones = self._agreements.zones_in_force()
        urgent, crowded = self._urgent(agreements, selection) if period else ((), ())
        return Board(
            urgent=urgent,
            crowded=crowded,
            n_zones=len(agreements),
            n_patrols=len(self._patrols.open()),
            n_new_in_zones=self._n_inside(zones, selection),
            reach_share=None if zones.empty else self._stations.covered_share(zones),
            since=since,
            until=until,
            simulated=self._simulated(agreements, zones, selection),
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
            n_in_zone=self._n_inside(zone, chosen),
            n_clusters=len(self._clusters.look(agreement.a, agreement.b, selection, alone=ids)),
            n_red_firms=int((firms["code"] == "red").sum()),
            n_officers=int(stations["n_officers"].sum()),
            reach_share=self._stations.covered_share(zone, *ids) if len(zone) else None,
        )

    def _n_inside(self, zone: gpd.GeoDataFrame, selection: Selection) -> int:
        """Incidents in the strip, each once, however many zones hold it."""
        if zone.empty:
            return 0
        incidents = self._incidents.inside(zone, selection)
        strips = gpd.GeoDataFrame({"id": ["strip"], "name": ["strip"]}, geometry=[zone.union_all()], crs=zone.crs)
        return int(sum(found is not None for found in place(incidents.geometry, strips)))

    def _simulated(self, agreements: tuple[Agreement, ...], zones: gpd.GeoDataFrame, selection: Selection) -> bool:
        """Whether anything a board counts was made up for a demonstration."""
        return (
            any(agreement.simulated for agreement in agreements)
            or bool(self._stations.of()["simulated"].any())
            or bool(self._incidents.inside(zones, selection)["simulated"].any())
        )

    def _urgent(
        self, agreements: tuple[Agreement, ...], selection: Selection
    ) -> tuple[tuple[Urgent, ...], tuple[Agreement, ...]]:
        """Straddling clusters without a patrol of both sides, latest first, and agreements that could not be looked at.

        Two agreements of one pair tell of them once; a patrol with another neighbour does not settle them.
        """
        found: dict[tuple[str, str], list[Urgent]] = {}
        crowded = []
        planned = self._patrols.open()
        for agreement in agreements:
            if (agreement.a, agreement.b) in found:
                continue
            try:
                clusters = self._clusters.look(agreement.a, agreement.b, selection)
            except RefusedError:
                # One crowded border must not hide what is urgent at the others.
                crowded.append(agreement)
                found[agreement.a, agreement.b] = []
                continue
            clusters = clusters[clusters["straddles"]]
            sides = {agreement.a, agreement.b}
            places = [(one.lon, one.lat) for one in planned if sides <= {part.jurisdiction_id for part in one.crew}]
            found[agreement.a, agreement.b] = [
                Urgent(agreement, selection, clusters.iloc[[row]])
                for row in range(len(clusters))
                if not self._clusters.holds(clusters.iloc[[row]], places)
            ]
        urgent = [one for those in found.values() for one in those]
        urgent.sort(key=lambda one: one.cluster["last_at"].iloc[0], reverse=True)
        return tuple(urgent), tuple(crowded)
