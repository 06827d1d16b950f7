"""The desk: every use-case of the product, one small class per area; the only caller of the ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from casework.agreements import Agreements
from casework.analyses import Analyses
from casework.briefings import Briefings
from casework.candidates import Candidates
from casework.clusters import Clusters
from casework.figures import Figures
from casework.history import History
from casework.hotspots import Hotspots
from casework.incidents import Incidents
from casework.model import Actor
from casework.patrols import Patrols
from casework.planning import Planning
from casework.plans import Plans
from casework.ports import Clock, Store, Topic
from casework.reach import Reach
from casework.records import Records
from casework.replanning import Replanning
from casework.rules import Rules
from casework.sites import Sites
from casework.stations import Stations
from casework.territory import Territory
from casework.visits import Visits
from casework.wishes import Wishes
from geo.travel import Travel


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)


DAY = "day"


@dataclass(frozen=True)
class Pulse:
    """What a screen needs to know whether it is current.

    `versions` holds the version of each topic, and under "day" the number of the operator's day: at midnight
    agreements begin and end without anybody writing anything.
    """

    now: datetime
    versions: Mapping[str, int]
    changed_at: Mapping[Topic, datetime]


class Desk:
    """What one actor can do; each area is an attribute. `travel`: where times are from, whatever roads were loaded."""

    def __init__(self, store: Store, actor: Actor, clock: Clock, rules: Rules, travel: Travel | None = None) -> None:
        self.actor = actor
        self.rules = rules
        self.clock = clock
        self._store = store
        self.territory = Territory(store)
        self.agreements = Agreements(store, clock, rules, self.territory)
        self.history = History(store)
        self.incidents = Incidents(store)
        self.clusters = Clusters(store, rules)
        self.analyses = Analyses(store, clock, rules, actor, self.agreements, self.incidents)
        self.stations = Stations(store, rules, travel)
        self.reach = Reach(store, self.versions, rules, self.territory, self.agreements, self.stations)
        self.sites = Sites(rules, self.territory, self.stations, self.reach)
        self.visits = Visits(store, self.versions, rules, self.reach)
        self.patrols = Patrols(store, clock, rules, self.agreements, self.clusters, self.stations)
        self.plans = Plans(store, clock, rules, actor)
        wishes = Wishes(store, rules, self.agreements, self.stations, self.plans)
        self.planning = Planning(rules, wishes)
        self.replanning = Replanning(rules, self.planning)
        self.candidates = Candidates(rules, self.agreements, self.clusters, self.analyses, self.patrols, wishes)
        self.briefings = Briefings(store, clock, rules, self.territory)
        self.figures = Figures(
            self.versions,
            rules,
            self.agreements,
            self.incidents,
            self.clusters,
            self.analyses,
            self.stations,
            self.patrols,
        )
        self.hotspots = Hotspots(store, rules)
        self.records = Records(store, clock)

    def pulse(self) -> Pulse:
        """Versions and times of change of everything."""
        return Pulse(self.clock.now(), self.versions(), self._store.changed_at())

    def versions(self) -> Mapping[str, int]:
        """Version of each topic, and the number of the day."""
        versions = {str(topic): number for topic, number in self._store.versions().items()}
        return {**versions, DAY: self.today().toordinal()}

    def today(self) -> date:
        """The day by the operator's calendar."""
        return self.agreements.today()
