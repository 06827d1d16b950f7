"""The desk: every use-case of the product, one small class per area; the only caller of the ports."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_bytes
from typing import cast

from casework.accounts import Accounts
from casework.agreements import Agreements
from casework.analyses import Analyses
from casework.briefings import Briefings
from casework.by_leave import ByLeave
from casework.candidates import Candidates
from casework.clusters import Clusters
from casework.consents import Consents
from casework.errors import BusyError
from casework.figures import Figures
from casework.history import History
from casework.hotspots import Hotspots
from casework.incidents import Incidents
from casework.log import Log
from casework.merging import Merging
from casework.passwords import Chance
from casework.patrols import Patrols
from casework.people import Actor
from casework.planning import Planning
from casework.plans import Plans
from casework.policy import Thing
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
    """What one actor can do; each area is an attribute.

    `travel`: where times are from, whatever roads were loaded. `beside`: another actor's desk, with which it shares what
    is the same for everybody. `chance`: where tokens and salts are from. `store` is seen through the actor's eyes already.
    """

    def __init__(
        self,
        store: Store,
        actor: Actor,
        clock: Clock,
        rules: Rules,
        travel: Travel | None = None,
        beside: "Desk | None" = None,
        chance: Chance = token_bytes,
    ) -> None:
        self.actor = actor
        self.rules = rules
        self.clock = clock
        self._travel = travel
        self.territory: Territory = Territory(store) if beside is None else beside.territory
        if not actor.everywhere:
            # Every area writes through it, so none can forget to ask.
            store = cast("Store", ByLeave(store, actor, self.territory, self._tell_refused))
        self._store = store
        self.consents = Consents(store, clock, actor, self.territory)
        self.agreements = Agreements(store, clock, rules, self.territory, self.consents)
        self.history = History(store)
        self.log = Log(store, clock, actor, self.territory, self.agreements)
        self.incidents = Incidents(store)
        self.clusters = Clusters(store, rules)
        self.analyses = Analyses(store, clock, rules, actor, self.agreements, self.incidents)
        self.stations: Stations = Stations(store, rules, travel, None if beside is None else beside.stations)
        self.reach = Reach(store, self.versions, rules, self.territory, self.agreements, self.stations)
        self.sites = Sites(rules, self.territory, self.stations, self.reach)
        self.visits = Visits(store, self.versions, rules, self.reach)
        self.patrols = Patrols(store, clock, rules, self.agreements, self.clusters, self.stations)
        wishes = Wishes(store, rules, self.agreements, self.stations)
        self.planning = Planning(rules, wishes)
        self.plans = Plans(store, clock, rules, actor, self.planning.checked)
        self.replanning = Replanning(rules, self.planning)
        self.merging = Merging(store, self.planning.checked)
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
        self.accounts = Accounts(store, clock, actor, self.territory, chance)

    def of(self, actor: Actor) -> "Desk":
        """Another actor's desk over the same store, which they see with their own eyes."""
        seen = self._store.seen_by(actor, self.today)
        return Desk(seen, actor, self.clock, self.rules, self._travel, self)

    def pulse(self) -> Pulse:
        """Versions and times of change of everything; whoever asks for them looks at what these are of."""
        self.log.looked()
        return Pulse(self.clock.now(), self.versions(), self._store.changed_at())

    def versions(self) -> Mapping[str, int]:
        """Version of each topic, and the number of the day."""
        return self._with_day(self._store.versions())

    def lately(self) -> Mapping[str, int]:
        """The same for those who ask all the time; a change may be seen late, by two seconds at most."""
        self.log.looked()
        return self._with_day(self._store.lately())

    def today(self) -> date:
        """The day by the operator's calendar."""
        return self.agreements.today()

    def _tell_refused(self, thing: Thing, reason: str) -> None:
        """Put a refusal into the log, unless that has to wait: the refusal does not."""
        with suppress(BusyError):
            self.log.refused(str(thing.matter), reason, thing.regions)

    def _with_day(self, versions: Mapping[Topic, int]) -> Mapping[str, int]:
        return {**{str(topic): number for topic, number in versions.items()}, DAY: self.today().toordinal()}
