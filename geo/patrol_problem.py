"""What a day of joint patrols is planned from: stations, officers, cars, visits, travel times and the rules of the law.

Minutes count from midnight of the day. All ids are text.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from unicodedata import category

from geo.errors import GeoError

_DAY_MIN, _MOST_WINDOWS, _MOST_WORDS = 2880.0, 4, 58
_MOST, _MOST_COUNTED, _MOST_ERROR = 1e6, 1000, 10.0  # beyond, a sum would forget the small among the large
Colour = Literal["red", "yellow", "green", ""]


@dataclass(frozen=True)
class Station:
    """Where officers and cars start and end their day; `place` is one of the problem's places."""

    id: str
    place: str


@dataclass(frozen=True)
class Rest:
    """A break of `length_min` minutes that lies wholly between two minutes of the day, without driving or work."""

    from_min: float
    until_min: float
    length_min: float


@dataclass(frozen=True)
class Officer:
    """Who may go: of an agency, for a side, with skills, in a shift that includes the ways out and home.

    `name`: what people call them; without one it is the id.
    """

    id: str
    station_id: str
    agency: str
    side: str
    starts_min: float
    ends_min: float
    skills: tuple[str, ...] = ()
    rest: Rest | None = None
    name: str = ""


@dataclass(frozen=True)
class Vehicle:
    """A car with its seats; officers of the same station may ride in it."""

    id: str
    station_id: str
    seats: int = 4


@dataclass(frozen=True)
class Visit:
    """One entry to a firm, or a look at a cluster's place, on the ground of `side`.

    `agencies`: whose checklists are due; an officer of each has to be there, and of each of the `skills`. `windows`: first
    and last minute at which it may start. `joint`: officers of both sides, who start together. `allowed`: whether an
    agreement in force covers the place on that day; else only officers of its own side may enter. A `green` firm needs a
    stated `reason`. `n_day`, `n_week` and `n_month`: visits of the firm already made or planned in these.
    """

    id: str
    place: str
    side: str
    duration_min: float
    windows: tuple[tuple[float, float], ...]
    risk: float = 1.0
    agencies: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    joint: bool = False
    required: bool = False
    allowed: bool = True
    firm_id: str = ""
    colour: Colour = ""
    reason: str = ""
    n_day: int = 0
    n_week: int = 0
    n_month: int = 0


@dataclass(frozen=True)
class Lock:
    """A visit that stays as it was agreed: with these cars and their officers, at this minute."""

    visit_id: str
    vehicle_ids: tuple[str, ...]
    officer_ids: tuple[tuple[str, ...], ...]
    start_min: float


@dataclass(frozen=True)
class PatrolRules:
    """What the law and the offices ask for. A firm's `warn_day`-th visit of a day warns, its `refuse_day`-th is refused."""

    min_officers: int = 2
    warn_day: int = 2
    refuse_day: int = 3
    most_week: int = 2
    most_month: int = 3


@dataclass(frozen=True)
class PatrolProblem:
    """A day of joint patrols between two sides. Nonsense raises `GeoError` when it is made.

    `travel_min[i][j]`: minutes from `places[i]` to `places[j]`, by `provider`, off by a share of `error`. `simulated` marks
    invented data.

    Examples
    --------
    >>> PatrolProblem(date(2026, 6, 1), ("a", "b"), (), ()).room("f1", ())
    2
    """

    on: date
    sides: tuple[str, str]
    places: tuple[str, ...]
    travel_min: tuple[tuple[float, ...], ...]
    stations: tuple[Station, ...] = ()
    officers: tuple[Officer, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    visits: tuple[Visit, ...] = ()
    rules: PatrolRules = PatrolRules()
    locks: tuple[Lock, ...] = ()
    provider: str = ""
    error: float = 0.0
    simulated: bool = False

    def __post_init__(self) -> None:
        self._check_travel()
        for kind in ("stations", "officers", "vehicles", "visits"):
            _unique(kind, (one.id for one in getattr(self, kind)))
        _unique("places", self.places)
        _unique("sides", self.sides)
        _unique("locks", (lock.visit_id for lock in self.locks))
        places, stations = set(self.places), {one.id for one in self.stations}
        for station in self.stations:
            _among("station", station.id, "place", station.place, places)
        for officer in self.officers:
            _among("officer", officer.id, "station_id", officer.station_id, stations)
            _among("officer", officer.id, "side", officer.side, self.sides)
            _check_hours(officer)
        for vehicle in self.vehicles:
            _among("vehicle", vehicle.id, "station_id", vehicle.station_id, stations)
            fine = 1 <= vehicle.seats <= _MOST_COUNTED
            _expect("vehicle", vehicle.id, "seats", vehicle.seats, fine, f"1 to {_MOST_COUNTED}")
        for visit in self.visits:
            _among("visit", visit.id, "place", visit.place, places)
            _among("visit", visit.id, "side", visit.side, self.sides)
            _check_visit(visit)
        self._check_locks()
        for name, least in (
            ("min_officers", 1),
            ("warn_day", 1),
            ("refuse_day", 1),
            ("most_week", 0),
            ("most_month", 0),
        ):
            said = getattr(self.rules, name)
            _expect("rules", "", name, said, least <= said <= _MOST_COUNTED, f"{least} to {_MOST_COUNTED}")
        _expect(
            "problem", "", "error", self.error, 0 <= self.error <= _MOST_ERROR, f"a share from 0 to {_MOST_ERROR:g}"
        )
        words = {*self.sides, *(one.agency for one in self.officers), *(s for one in self.officers for s in one.skills)}
        for visit in self.visits:
            words |= {*visit.agencies, *visit.skills}
        _expect("problem", "", "agencies and skills", len(words), len(words) <= _MOST_WORDS, f"at most {_MOST_WORDS}")

    def room(self, firm_id: str, visits: Iterable[Visit]) -> int:
        """How many more visits of a firm the guard against collisions lets through, given those in `visits`."""
        rules, same = self.rules, [one for one in visits if one.firm_id == firm_id]
        day, week, month = (max((getattr(one, n) for one in same), default=0) for n in ("n_day", "n_week", "n_month"))
        return max(0, min(rules.refuse_day - 1 - day, rules.most_week - week, rules.most_month - month))

    def _check_travel(self) -> None:
        """Nothing, when the matrix has a row and a column for each place."""
        n = len(self.places)
        if len(self.travel_min) != n or any(len(row) != n for row in self.travel_min):
            raise GeoError(f"travel_min has {len(self.travel_min)} rows: {n} by {n} were expected, as there are places")
        for place, row in zip(self.places, self.travel_min, strict=True):
            for other, minutes in zip(self.places, row, strict=True):
                if not 0 <= minutes <= _MOST:
                    raise GeoError(
                        f"travel_min from {place} to {other} is {minutes}: minutes from 0 to {_MOST:,.0f} were expected"
                    )

    def _check_locks(self) -> None:
        """Nothing, when every lock names a visit, one or two cars and who sits in them."""
        visits = {one.id for one in self.visits}
        cars, officers = {one.id: one for one in self.vehicles}, {one.id: one for one in self.officers}
        seated: dict[str, tuple[str, ...]] = {}
        for lock in self.locks:
            _among("lock", lock.visit_id, "visit_id", lock.visit_id, visits)
            n = len(set(lock.vehicle_ids))
            fine = n in (1, 2) and len(lock.vehicle_ids) == len(lock.officer_ids) == n and all(lock.officer_ids)
            said = ", ".join(lock.vehicle_ids) or "none"
            _expect("lock", lock.visit_id, "vehicle_ids", said, fine, "one car or two, each with its officers")
            fine = 0 <= lock.start_min <= _DAY_MIN
            _expect("lock", lock.visit_id, "start_min", lock.start_min, fine, f"a minute from 0 to {_DAY_MIN:g}")
            for car, crew in zip(lock.vehicle_ids, lock.officer_ids, strict=True):
                _among("lock", lock.visit_id, "vehicle_ids", car, cars)
                for officer in crew:
                    _among("lock", lock.visit_id, "officer_ids", officer, officers)
                    home = officers[officer].station_id
                    _among("lock", lock.visit_id, f"station of {officer}", home, (cars[car].station_id,))
                same = seated.setdefault(car, tuple(sorted(crew))) == tuple(sorted(crew))
                _expect("lock", lock.visit_id, f"officers of {car}", crew, same, "the same in every lock")
        _unique("officers of locked cars", (one for crew in seated.values() for one in crew))


def _check_hours(officer: Officer) -> None:
    """Nothing, when shift and break make sense."""
    starts, ends = officer.starts_min, officer.ends_min
    fine = 0 <= starts < ends <= _DAY_MIN
    _expect(
        "officer", officer.id, "shift", f"{starts:g}-{ends:g}", fine, "a start before an end, in minutes of the day"
    )
    if officer.rest is not None:
        rest = officer.rest
        fine = starts <= rest.from_min and rest.until_min <= ends and rest.length_min > 0
        fine = fine and rest.length_min <= rest.until_min - rest.from_min
        said = f"{rest.length_min:g} min in {rest.from_min:g}-{rest.until_min:g}"
        _expect("officer", officer.id, "rest", said, fine, "a break that fits into its window, within the shift")


def _check_visit(visit: Visit) -> None:
    """Nothing, when its minutes, windows and counts make sense."""
    said, n = visit.duration_min, len(visit.windows)
    _expect("visit", visit.id, "duration_min", said, 0 <= said <= _DAY_MIN, f"minutes from 0 to {_DAY_MIN:g}")
    _expect("visit", visit.id, "risk", visit.risk, 0 <= visit.risk <= _MOST, f"a number from 0 to {_MOST:,.0f}")
    _expect("visit", visit.id, "windows", n, 1 <= n <= _MOST_WINDOWS, f"1 to {_MOST_WINDOWS}")
    last = -1.0
    for opens, closes in visit.windows:
        fine = last < opens <= closes <= _DAY_MIN
        _expect("visit", visit.id, "window", f"{opens:g}-{closes:g}", fine, "minutes of the day, in order, apart")
        last = closes
    for name in ("n_day", "n_week", "n_month"):
        said = getattr(visit, name)
        _expect("visit", visit.id, name, said, 0 <= said <= _MOST_COUNTED, f"0 to {_MOST_COUNTED}")


def _unique(kind: str, ids: Iterable[str]) -> None:
    """Nothing, when no id stands twice, is empty or would break a line."""
    for one, n in Counter(ids).items():
        if n > 1:
            raise GeoError(f"{kind} name {one!r} more than once: an id of its own was expected for each")
        if not one.strip() or any(category(letter).startswith("C") for letter in one):
            raise GeoError(f"{kind} name {one!r}: an id of letters, digits and signs was expected")


def _among(kind: str, name: str, field: str, value: str, known: Collection[str]) -> None:
    """Nothing, when a value is one of those known."""
    if value not in known:
        few = f"one of {', '.join(sorted(known)[:5])} was expected" if known else "none is known"
        raise GeoError(f"{kind} {name!r}: {field} {value!r} is unknown; {few}")


def _expect(kind: str, name: str, field: str, value: object, fine: bool, expected: str) -> None:
    """Nothing, when a value is as expected."""
    if not fine:
        raise GeoError(f"{kind} {name!r}: {field} is {value}, {expected} was expected".replace(" ''", ""))
