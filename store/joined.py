"""The store, whatever the engine: every method of the port, each handed to the part that knows it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from casework.audit import Entry, Head, Sought
from casework.changes import AgreementVersion, Change, Redrawn
from casework.findings import Analysis
from casework.model import Agreement, Box, Kind, Load, Patrol, Reject, Selection, Written
from casework.people import Actor, Device, Person
from casework.plan import Plan
from casework.ports import Topic
from geo.streets import Streets
from store.agreements import Agreements
from store.analyses import Analyses
from store.attempts import Attempts
from store.audit import Audit
from store.bulk import Bulk
from store.counts import Counts
from store.database import Database, Seer
from store.incidents import Incidents
from store.lately import Lately
from store.patrols import Patrols
from store.people import People
from store.plans import Plans
from store.quarantine import Quarantine
from store.redrawings import Redrawings
from store.roads import KeptRoads
from store.rows import from_us
from store.schema import agreements, topics
from store.territory import Territory

# What one actor sees more of than another.
_SEEN = frozenset(Topic) - {Topic.JURISDICTIONS, Topic.ROADS}


def _turns(on: date) -> sa.Select[tuple[int]]:
    """How many agreements have begun, and how many ended, until a day."""
    begun = sa.case((agreements.c.valid_from <= on, 1), else_=0)
    ended = sa.case((agreements.c.valid_to < on, 1), else_=0)
    return sa.select(sa.func.coalesce(sa.func.sum(begun + ended), 0))


def utc_now() -> datetime:
    """The present instant, by the clock of this machine."""
    return datetime.now(UTC)


class JoinedStore:
    """`casework.ports.Store` on one database.

    Parameters
    ----------
    database
        Its transactions.
    listening
        Who hears of changes, where others do already.
    """

    def __init__(self, database: Database, listening: Database | None = None) -> None:
        self._database = database
        self._bulk = Bulk(database)
        self._territory = Territory(database)
        self._incidents = Incidents(database)
        self._counts = Counts(database)
        self._agreements = Agreements(database)
        self._redrawings = Redrawings(database)
        self._patrols = Patrols(database)
        self._plans = Plans(database)
        self._analyses = Analyses(database)
        self._quarantine = Quarantine(database)
        self._roads = KeptRoads(database)
        self._people = People(database)
        self._attempts = Attempts(database)
        self._audit = Audit(database)
        self._lately = Lately(self.versions, (listening or database).heard)

    @property
    def binds(self) -> bool:
        """Whether the database keeps an actor within what they may see and write, whatever the program does."""
        return self._database.binds

    @property
    def at_door(self) -> bool:
        """Whether nobody has come in, so that the database tells of one person at a time and of what is published."""
        return self._database.at_door

    def seen_by(self, actor: Actor, today: Callable[[], date]) -> "JoinedStore":
        """The same store through an actor's eyes; the operator's is the store itself."""
        return self if actor.everywhere else JoinedStore(self._database.seen_by(Seer(actor, today)), self._database)

    def versions(self) -> Mapping[Topic, int]:
        """Version of each topic; for an actor, those of rows also grow when what may be seen of them changes."""
        on = self._database.today()
        with self._database.read() as connection:
            rows = connection.execute(sa.select(topics.c.topic, topics.c.version)).all()
            turns = 0 if on is None else connection.execute(_turns(on)).scalar_one()
        known = dict.fromkeys(Topic, 0) | {Topic(topic): version for topic, version in rows}
        if on is None:
            return known
        # No save of one agreement takes back three turns: this number, too, only ever grows.
        sight = 3 * known[Topic.AGREEMENTS] + known[Topic.JURISDICTIONS] + turns
        return {topic: number + (sight if topic in _SEEN else 0) for topic, number in known.items()}

    def lately(self) -> Mapping[Topic, int]:
        """Versions for those who ask all the time."""
        return self._lately.versions()

    def changed_at(self) -> Mapping[Topic, datetime]:
        """When each topic last changed; topics never written are absent."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(topics.c.topic, topics.c.changed_at_us)).all()
        return {Topic(topic): from_us(at_us) for topic, at_us in rows}

    def add(self, load: Load, rows: gpd.GeoDataFrame, rejects: Sequence[Reject] = ()) -> Written:
        """Rows upserted by id and rejects kept, in one transaction."""
        return self._bulk.add(load, rows, rejects)

    def loads(self) -> pd.DataFrame:
        """History of what was taken in, newest first."""
        return self._bulk.loads()

    def jurisdictions(self, ids: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """JURISDICTIONS frame, by id."""
        return self._territory.jurisdictions(ids, box)

    def stations(self, jurisdictions: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """STATIONS frame, by id."""
        return self._territory.stations(jurisdictions, box)

    def firms(self, jurisdictions: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """FIRMS frame, by id."""
        return self._territory.firms(jurisdictions, box)

    def borders(self, of: str | None = None) -> gpd.GeoDataFrame:
        """BORDERS frame, by a and b."""
        return self._territory.borders(of)

    def replace_borders(self, borders: gpd.GeoDataFrame) -> None:
        """Put `borders` in the place of all there were."""
        self._territory.replace_borders(borders)

    def incidents(self, selection: Selection, box: Box | None = None, limit: int | None = None) -> gpd.GeoDataFrame:
        """INCIDENTS frame, newest first."""
        return self._incidents.incidents(selection, box, limit)

    def incident(self, incident_id: str) -> Mapping[str, object] | None:
        """One incident with every column, or None."""
        return self._incidents.incident(incident_id)

    def incident_span(self) -> tuple[datetime, datetime] | None:
        """First and last instant of all incidents."""
        return self._incidents.incident_span()

    def unplaced_incidents(self, box: Box | None = None) -> Iterable[gpd.GeoDataFrame]:
        """Chunks of all incidents in `box`, to be placed again."""
        return self._incidents.unplaced_incidents(box)

    def place_incidents(self, jurisdiction_of: Mapping[str, str | None]) -> int:
        """How many incidents changed jurisdiction."""
        return self._incidents.place_incidents(jurisdiction_of)

    def count_incidents(self, selection: Selection, by: Sequence[str] = (), box: Box | None = None) -> pd.DataFrame:
        """Columns `by` and `n`."""
        return self._counts.count_incidents(selection, by, box)

    def incident_cells(self, selection: Selection, box_cells: tuple[int, int], shift: int) -> pd.DataFrame:
        """Counts on the grid of `geo.cells`."""
        return self._counts.incident_cells(selection, box_cells, shift)

    def incident_points(self, selection: Selection, box_cells: tuple[int, int]) -> pd.DataFrame:
        """Every incident in a range of fine cells."""
        return self._counts.incident_points(selection, box_cells)

    def agreements(self) -> tuple[Agreement, ...]:
        """All agreements, by id."""
        return self._agreements.agreements()

    def save_agreement(self, agreement: Agreement, zone: gpd.GeoDataFrame, change: Change = Change.SAVED) -> Agreement:
        """The agreement as kept, its version one higher than any before."""
        return self._agreements.save_agreement(agreement, zone, change)

    def remove_agreement(self, agreement_id: str, version: int) -> Agreement:
        """The agreement as it went, with its zone, but not their history."""
        return self._agreements.remove_agreement(agreement_id, version)

    def agreement_history(self, agreement_id: str | None = None) -> tuple[AgreementVersion, ...]:
        """Every version of an agreement, or of all, newest first."""
        return self._agreements.agreement_history(agreement_id)

    def zone_as_it_was(self, agreement_id: str, version: int) -> gpd.GeoDataFrame:
        """ZONES frame of one version."""
        return self._agreements.zone_as_it_was(agreement_id, version)

    def keep_redrawn(self, redrawn: Redrawn) -> None:
        """Keep what new boundaries did to the zones."""
        self._redrawings.keep_redrawn(redrawn)

    def redrawn(self) -> Redrawn | None:
        """What the last change of boundaries did."""
        return self._redrawings.redrawn()

    def zones(self, agreement_ids: Sequence[str] | None = None) -> gpd.GeoDataFrame:
        """ZONES frame, by agreement and side."""
        return self._agreements.zones(agreement_ids)

    def patrols(self) -> tuple[Patrol, ...]:
        """All patrols, newest day first."""
        return self._patrols.patrols()

    def save_patrol(self, patrol: Patrol) -> None:
        """Insert or replace by id."""
        self._patrols.save_patrol(patrol)

    def plans(self) -> tuple[Plan, ...]:
        """All plans, newest day first."""
        return self._plans.plans()

    def plan(self, plan_id: str) -> Plan | None:
        """One plan, or None."""
        return self._plans.plan(plan_id)

    def save_plan(self, plan: Plan) -> Plan:
        """The plan as kept, its version one higher."""
        return self._plans.save_plan(plan)

    def save_analyses(self, made: Sequence[tuple[Analysis, gpd.GeoDataFrame]]) -> None:
        """Keep analyses with their FINDINGS frames, all or none of them."""
        self._analyses.save_analyses(made)

    def analyses(self, a: str, b: str) -> tuple[Analysis, ...]:
        """Analyses of two neighbours, newest first."""
        return self._analyses.analyses(a, b)

    def analysis(self, analysis_id: str) -> Analysis | None:
        """One analysis, or None."""
        return self._analyses.analysis(analysis_id)

    def findings(self, analysis_id: str) -> gpd.GeoDataFrame:
        """FINDINGS frame of one analysis, by cluster."""
        return self._analyses.findings(analysis_id)

    def keep_roads(self, streets: Streets) -> None:
        """Keep streets in place of those there were."""
        self._roads.keep_roads(streets)

    def roads(self) -> Streets | None:
        """The streets as kept, or None."""
        return self._roads.roads()

    def people(self) -> tuple[Person, ...]:
        """Everybody who may sign in or once could, by id."""
        return self._people.people()

    def person(self, person_id: str) -> Person | None:
        """One of them, or None."""
        return self._people.person(person_id)

    def known_as(self, subject: str) -> Person | None:
        """Who this is to a provider of identities."""
        return self._people.known_as(subject)

    def save_person(
        self, person: Person, before: Person | None, password: str | None = None, by: Actor | None = None
    ) -> None:
        """Keep a person in place of `before`."""
        self._people.save_person(person, before, password, by)

    def password(self, person_id: str) -> str:
        """What is kept of somebody's password."""
        return self._people.password(person_id)

    def devices(self) -> tuple[Device, ...]:
        """All screens, by id."""
        return self._people.devices()

    def device(self, token: str) -> Device | None:
        """The screen of which this is kept as its token, or None."""
        return self._people.device(token)

    def save_device(self, device: Device, token: str | None = None) -> None:
        """Keep a new screen, or change one that there is."""
        self._people.save_device(device, token)

    def attempts(self, keys: Sequence[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """When somebody tried to sign in since then, by key."""
        return self._attempts.attempts(keys, since)

    def add_attempt(self, known: Mapping[str, int], at: datetime, since: datetime) -> bool:
        """Whether one more attempt was kept for each key."""
        return self._attempts.add_attempt(known, at, since)

    def forget_attempts(self, key: str, at: datetime | None = None) -> None:
        """Forget the attempts of a key."""
        self._attempts.forget_attempts(key, at)

    def append(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Lines of the audit as they were kept."""
        return self._audit.append(entries)

    def audit(self, sought: Sought, limit: int | None = None, before: int | None = None) -> tuple[Entry, ...]:
        """Lines of the audit, newest first."""
        return self._audit.audit(sought, limit, before)

    def audit_lines(self, sought: Sought, after: int = 0) -> Iterator[Entry]:
        """Lines of the audit, oldest first, however many."""
        return self._audit.audit_lines(sought, after)

    def audit_head(self) -> Head:
        """The last line of the audit."""
        return self._audit.audit_head()

    def quarantined(self, kind: Kind | None = None) -> tuple[Reject, ...]:
        """Rejected rows still waiting, oldest first."""
        return self._quarantine.quarantined(kind)

    def release(self, reject_ids: Sequence[int]) -> None:
        """Forget rejected rows."""
        self._quarantine.release(reject_ids)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()
