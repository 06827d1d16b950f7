"""What could be visited on a day: clusters on the line, firms that are due, and firms that chance draws."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd

from casework.agreements import Agreements
from casework.analyses import Analyses
from casework.clusters import Clusters
from casework.errors import RefusedError
from casework.model import Selection
from casework.patrols import Patrols
from casework.plan import Duty
from casework.rosters import roster
from casework.rules import Rules
from casework.wishes import Target, Wishes
from geo.draws import DrawRecord, draw

_RISK_BEFORE_SEVERITY = 2.0
_SATURDAY = 5
_MOST_SERIES = 52


@dataclass(frozen=True)
class Gathered:
    """A cluster that could be visited: where officers of both sides may meet, and what is known of it.

    `lawful`: the place to meet lies in a zone in force on that day. `tested`: chance does not explain it.
    """

    target: Target
    n_incidents: int
    lawful: bool
    tested: bool


class Candidates:
    """Says what could be asked for."""

    def __init__(
        self, rules: Rules, agreements: Agreements, clusters: Clusters, analyses: Analyses, patrols: Patrols,
        wishes: Wishes,
    ) -> None:  # fmt: skip
        self._rules = rules
        self._agreements = agreements
        self._clusters = clusters
        self._analyses = analyses
        self._patrols = patrols
        self._wishes = wishes

    def next_working_day(self) -> date:
        """The first day after today that is no Saturday and no Sunday."""
        on = self._agreements.today() + timedelta(days=1)
        while on.weekday() >= _SATURDAY:
            on += timedelta(days=1)
        return on

    def gathered(
        self, a: str, b: str, selection: Selection, on: date, title: str = "Cluster {number}"
    ) -> tuple[Gathered, ...]:
        """Clusters of two neighbours, most incidents first: what the latest test found, else those of the quick look.

        A cluster counts 2 and its severity: as much as a yellow firm where it is minor, twice a red one where critical.

        Parameters
        ----------
        a
            One side.
        b
            The other.
        selection
            What the quick look looks at.
        on
            The day, whose zones say where to meet.
        title
            What to call them, with ``{number}``.
        """
        a, b = sorted((a, b))
        tested = next(iter(self._analyses.of(a, b)), None)
        found = self._clusters.look(a, b, selection) if tested is None else self._analyses.significant(tested)
        stem = "cluster" if tested is None else f"tested:{tested.id}"
        rows = found.sort_values(["n_incidents", "cluster"], ascending=[False, True]).to_dict("records")
        return tuple(self._one(a, b, row, stem, on, title) for row in rows)

    def due(self, a: str, b: str, on: date, most: int = 30) -> gpd.GeoDataFrame:
        """Firms beside the zones of two neighbours that are due, with `distance_m` and `weight`."""
        a, b = sorted((a, b))
        holding = [one.id for one in self._agreements.all() if (a, b) in one.pairs and one.in_force(on)]
        # Without any name all zones would be meant.
        return self._wishes.due(
            a, b, self._agreements.zones(*holding) if holding else self._agreements.zones("")[:0], most=most
        )

    def drawn(self, a: str, b: str, seed: str, n_firms: int, n_officers: int = 2) -> DrawRecord:
        """Firms of both sides and officers for each, drawn by the seed and the firms' colours.

        Raises
        ------
        GeoError
            When there are fewer firms or officers than asked for.
        """
        firms, stations = self._wishes.firms(a, b), self._wishes.stations(a, b)
        officers, _ = roster(stations, a, b, (0.0, 1.0))
        colours = dict(zip(firms["id"], firms["code"], strict=True))
        return draw(seed.strip(), colours, [one.id for one in officers], n_firms, n_officers)

    def series(self, first: date, n: int, weeks: int) -> tuple[date, ...]:
        """The days of a series, `weeks` apart.

        Raises
        ------
        RefusedError
            When it has no days, too many, or they do not move.
        """
        if not (1 <= n <= _MOST_SERIES and 1 <= weeks <= _MOST_SERIES):
            raise RefusedError("A series has 1 to {most} dates, 1 to {most} weeks apart.", most=_MOST_SERIES)
        return tuple(first + timedelta(weeks=weeks * k) for k in range(n))

    def _one(self, a: str, b: str, row: Mapping[Any, Any], stem: str, on: date, title: str) -> Gathered:
        """One cluster; where both may meet if anywhere, else its middle, for the side it lies on alone."""
        centre, n = row["geometry"], int(row["n_incidents"])
        risk = _RISK_BEFORE_SEVERITY + float(row["max_severity"])
        number = int(row["cluster"])
        target = Target(
            f"{stem}:{number}", title.format(number=number), centre.x, centre.y, risk, Duty.CLUSTER, joint=False
        )
        tested = stem != "cluster"
        try:
            place = self._patrols.lawful_place(a, b, centre, float(row["radius_m"]), on)[1]
        except RefusedError:
            return Gathered(target, n, lawful=False, tested=tested)
        return Gathered(replace(target, lon=place.x, lat=place.y, joint=True), n, lawful=True, tested=tested)
