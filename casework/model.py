"""What exists: the words of the domain as types. Bulk data travels as frames (`geo.frames`), single things as these."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from casework.sharing import Consent, Share


class Kind(StrEnum):
    """What a file can hold and the store keeps in bulk."""

    BOUNDARIES = "boundaries"
    STATIONS = "stations"
    FIRMS = "firms"
    INCIDENTS = "incidents"


class Category(StrEnum):
    """What an incident harms, or harms with."""

    WATER = "water"
    AIR = "air"
    SOIL = "soil"
    WASTE = "waste"
    NOISE = "noise"
    ECOLOGY = "ecology"
    OTHER = "other"


class Source(StrEnum):
    """How an incident was discovered: the four discovery models, people's complaints, and officers' visits."""

    MONITORING = "monitoring"
    TOTALS = "totals"
    HAZARDOUS_WASTE = "hazardous_waste"
    OPERATION = "operation"
    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    RANDOM = "random"
    OTHER = "other"


class Severity(IntEnum):
    """How bad, on four steps."""

    MINOR = 1
    ORDINARY = 2
    SERIOUS = 3
    CRITICAL = 4


class FirmCode(StrEnum):
    """The three-colour code: red strict, yellow watch, green do not disturb without cause."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class StationLevel(StrEnum):
    """The levels of force, and the joint station run by two agencies."""

    TEAM = "team"
    SQUAD = "squad"
    JOINT = "joint"


class Ends(StrEnum):
    """How a strip ends where its stretch does: cut square to the border, or rounded by its depth."""

    FLAT = "flat"
    ROUND = "round"


class Standing(StrEnum):
    """Where an agreement stands on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"


@dataclass(frozen=True)
class Strip:
    """A strip along the border of two parties.

    `a` < `b` as text, as in the borders frame. Depths are metres on the ground per side. The stretch is given by marks
    in metres along the border from its start; None means the border's own end.
    """

    a: str
    b: str
    depth_a_m: float
    depth_b_m: float
    from_m: float | None = None
    to_m: float | None = None


@dataclass(frozen=True)
class Agreement:
    """A memorandum by which jurisdictions police a strip along their border together.

    The first strip is the agreement's own: `a`, `b`, depths and marks mean what they mean in `Strip`. `others` are
    further strips of the same memorandum, between other pairs of its parties. No `valid_to`: until revoked. `beyond`
    lets the strip reach ground of neighbours that did not sign. `powers` says what officers may do on the other side.
    `stale` is why the zone that is kept could not be drawn by the boundaries there are; empty when it was. `version`
    is that of the terms one started from; 0 where nothing is kept yet. `shares` tells what a party shares; one that is
    not named shares every field of the agreement's categories. Nothing is shared before every party has consented.
    """

    id: str
    title: str
    a: str
    b: str
    depth_a_m: float
    depth_b_m: float
    valid_from: date
    valid_to: date | None = None
    from_m: float | None = None
    to_m: float | None = None
    categories: tuple[Category, ...] = tuple(Category)
    memorandum: str = ""
    simulated: bool = False
    version: int = 0
    others: tuple[Strip, ...] = ()
    ends: Ends = Ends.FLAT
    beyond: bool = False
    powers: str = ""
    stale: str = ""
    shares: tuple[Share, ...] = ()
    consents: tuple[Consent, ...] = ()

    @property
    def strips(self) -> tuple[Strip, ...]:
        """Every strip it covers, its own first."""
        return (Strip(self.a, self.b, self.depth_a_m, self.depth_b_m, self.from_m, self.to_m), *self.others)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The two parties of each strip."""
        return tuple((strip.a, strip.b) for strip in self.strips)

    @property
    def parties(self) -> tuple[str, ...]:
        """Everyone who signed, in the order of text."""
        return tuple(sorted({party for pair in self.pairs for party in pair}))

    @property
    def agreed(self) -> bool:
        """Whether every party has consented to these terms."""
        return {one.party for one in self.consents} >= set(self.parties)

    def share_of(self, party: str) -> Share:
        """What a party shares with the others, while the agreement is in force and agreed."""
        told = next((one for one in self.shares if one.party == party), None)
        return told or Share(party, tuple(str(one) for one in self.categories))

    def in_force(self, on: date) -> bool:
        """Whether the agreement holds on the day `on`."""
        return self.standing(on) is Standing.IN_FORCE

    def standing(self, on: date) -> Standing:
        """Where it stands on the day `on`; its first and last day count."""
        if on < self.valid_from:
            return Standing.NOT_YET
        return Standing.IN_FORCE if self.valid_to is None or on <= self.valid_to else Standing.ENDED


@dataclass(frozen=True)
class Selection:
    """Which incidents: every field narrows, an empty one does not. `since` <= at < `until`, both aware."""

    since: datetime | None = None
    until: datetime | None = None
    categories: tuple[Category, ...] = ()
    sources: tuple[Source, ...] = ()
    min_severity: Severity = Severity.MINOR
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """A rectangle in degrees, edges included."""

    west: float
    south: float
    east: float
    north: float


WORLD = Box(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Reject:
    """A row that could not be taken, with what is needed to correct it and load it again.

    `row` counts as the officer sees it: a table's first data row is 2, a map file's first feature 1.
    """

    kind: Kind
    file: str
    row: int
    field: str
    value: str
    expected: str
    raw: Mapping[str, str] = dataclasses.field(default_factory=dict)
    id: int | None = None


@dataclass(frozen=True)
class Load:
    """One file taken in: what to write beside the rows so that anyone can tell later where they came from."""

    kind: Kind
    file: str
    source: str
    datum: str
    at: datetime
    simulated: bool = False


@dataclass(frozen=True)
class Written:
    """What one write did, in rows."""

    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.n_new + other.n_new,
            self.n_changed + other.n_changed,
            self.n_unchanged + other.n_unchanged,
            self.n_rejected + other.n_rejected,
        )


class PatrolState(StrEnum):
    """Where a joint patrol stands; it begins as a draft."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class CrewPart:
    """The officers one station sends, and how long they are on the way."""

    station_id: str
    station_name: str
    jurisdiction_id: str
    n_officers: int
    travel_min: float


@dataclass(frozen=True)
class Patrol:
    """A joint patrol: one crew of both sides, an ordered list of places, one day."""

    id: str
    agreement_id: str
    title: str
    on: date
    lon: float
    lat: float
    crew: tuple[CrewPart, ...]
    firm_ids: tuple[str, ...] = ()
    state: PatrolState = PatrolState.DRAFT
    created_at: datetime | None = None
    note: str = ""

    @property
    def n_officers(self) -> int:
        """Officers on site."""
        return sum(part.n_officers for part in self.crew)

    @property
    def start_after_min(self) -> float:
        """Minutes until the last part of the crew has arrived; both sides start together."""
        return max((part.travel_min for part in self.crew), default=math.inf)
