"""What the desk needs from outside, as protocols; a store passes `tests/store/contract.py` and nothing else is asked of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import geopandas as gpd
import pandas as pd

from casework.audit import Entry, Head, Sought
from casework.changes import AgreementVersion, Change, Redrawn
from casework.findings import Analysis
from casework.model import Agreement, Box, Kind, Load, Patrol, Reject, Selection, Written
from casework.people import Actor
from casework.plan import Plan
from casework.ports_people import PeopleStore
from geo.streets import Streets


class Topic(StrEnum):
    """What has a version number of its own; it grows by every change and by nothing else."""

    JURISDICTIONS = "jurisdictions"
    STATIONS = "stations"
    FIRMS = "firms"
    INCIDENTS = "incidents"
    AGREEMENTS = "agreements"
    PATROLS = "patrols"
    QUARANTINE = "quarantine"
    ANALYSES = "analyses"
    PLANS = "plans"
    ROADS = "roads"
    PEOPLE = "people"


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class Store(PeopleStore, Protocol):
    """Everything that is kept. Frames in and out keep the contracts of `geo.frames`; each write is one transaction.

    A method that writes raises `BusyError` when another writer holds the store too long, and then nothing was changed.
    Every method raises `UnreachableError` while the database does not answer, and works again once it does.
    """

    @property
    def binds(self) -> bool:
        """Whether the database itself keeps actors within what they may see and write, whatever the program does."""
        ...

    @property
    def at_door(self) -> bool:
        """Whether nobody has come in, so that the database tells of one person at a time and of what is published."""
        ...

    def seen_by(self, actor: Actor, today: Callable[[], date]) -> "Store":
        """The same store through an actor's eyes, cheaply; the operator's is the store itself.

        What the actor may not see is not there, fields not shared come back empty, and a write that is not theirs raises
        `RefusedError`. The database looks role and regions up by the actor's id: one it does not know sees what is
        published. `today` tells the operator's day, by which agreements are in force.
        """
        ...

    def versions(self) -> Mapping[Topic, int]:
        """Version of each topic; 0 where nothing was ever written."""
        ...

    def lately(self) -> Mapping[Topic, int]:
        """The same for those who ask all the time: a change may be seen late, by two seconds at most.

        It costs nothing for as long as the store knows that nothing changed. Raises `SlowError` where an answer is
        already waited for.
        """
        ...

    def changed_at(self) -> Mapping[Topic, datetime]:
        """When each topic last changed; topics never written are absent."""
        ...

    # bulk data

    def add(self, load: Load, rows: gpd.GeoDataFrame, rejects: Sequence[Reject] = ()) -> Written:
        """Rows upserted by id and rejects kept, in one transaction; equal rows are left untouched.

        The frame's contract is that of `load.kind`. For boundaries, columns `level`, `parent_id`, `name_en` are kept
        when present; for stations `phone`; for firms `risk` and the four sub-scores `emissions`, `history`, `safety`,
        `oversight`; for incidents `description`, `accuracy_m`, `reported_jurisdiction`. Missing ones are null.
        """
        ...

    def jurisdictions(self, ids: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """JURISDICTIONS frame with `level`, `parent_id`, `name_en`, `source`, `datum`, `simulated`, by id."""
        ...

    def stations(self, jurisdictions: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """STATIONS frame with `phone`, `source`, `simulated`, by id."""
        ...

    def firms(self, jurisdictions: Sequence[str] | None = None, box: Box | None = None) -> gpd.GeoDataFrame:
        """FIRMS frame with `risk`, the sub-scores, `source`, `simulated`, by id."""
        ...

    def incidents(self, selection: Selection, box: Box | None = None, limit: int | None = None) -> gpd.GeoDataFrame:
        """INCIDENTS frame with its further columns, `source_file` and `simulated`; newest first, then by id."""
        ...

    def incident(self, incident_id: str) -> Mapping[str, object] | None:
        """One incident with every column, or None."""
        ...

    def count_incidents(self, selection: Selection, by: Sequence[str] = (), box: Box | None = None) -> pd.DataFrame:
        """Columns `by` and `n`. `by` names among category, source, severity, jurisdiction_id, day (a UTC date text)."""
        ...

    def incident_cells(self, selection: Selection, box_cells: tuple[int, int], shift: int) -> pd.DataFrame:
        """Counts on the grid of `geo.cells`: columns cell, lon, lat (means), n, max_severity, one row per coarse cell.

        `box_cells` is the half-open range of fine cells, `shift` the bits dropped to make a coarse one.
        Where a store counted beforehand, the means are of all incidents in the cell, whichever were chosen.
        """
        ...

    def incident_points(self, selection: Selection, box_cells: tuple[int, int]) -> pd.DataFrame:
        """Columns lon, lat, category, severity of every incident in the half-open range of fine cells."""
        ...

    def incident_span(self) -> tuple[datetime, datetime] | None:
        """First and last instant of all incidents; None where there are none."""
        ...

    def unplaced_incidents(self, box: Box | None = None) -> Iterable[gpd.GeoDataFrame]:
        """Chunks of all incidents in `box` (columns id, jurisdiction_id, geometry), to be placed again."""
        ...

    def place_incidents(self, jurisdiction_of: Mapping[str, str | None]) -> int:
        """How many incidents changed jurisdiction."""
        ...

    # derived from boundaries

    def borders(self, of: str | None = None) -> gpd.GeoDataFrame:
        """BORDERS frame, by a and b; `of` keeps those of one jurisdiction."""
        ...

    def replace_borders(self, borders: gpd.GeoDataFrame) -> None:
        """Put `borders` in the place of all there were; bumps JURISDICTIONS."""
        ...

    # agreements and zones

    def agreements(self) -> tuple[Agreement, ...]:
        """All agreements, by id."""
        ...

    def save_agreement(self, agreement: Agreement, zone: gpd.GeoDataFrame, change: Change = Change.SAVED) -> Agreement:
        """The agreement as kept, its version one higher than any before; `zone` replaces its zone.

        What was there before stays in the history. `agreement.version` is the version it was made from, 0 where none is
        kept; when another one is kept, `OutdatedError` is raised and nothing was changed.
        """
        ...

    def remove_agreement(self, agreement_id: str, version: int) -> Agreement:
        """The agreement as it went, its version one higher than any before; its zone goes too, their history stays.

        An unknown id raises `NotFoundError`. When another version than `version` is kept, `OutdatedError` is raised and
        nothing was changed.
        """
        ...

    def agreement_history(self, agreement_id: str | None = None) -> tuple[AgreementVersion, ...]:
        """Every version of an agreement, or of all, by agreement and newest first; removed ones have theirs too."""
        ...

    def zone_as_it_was(self, agreement_id: str, version: int) -> gpd.GeoDataFrame:
        """ZONES frame of one version, by side; empty for a version that never was."""
        ...

    def zones(self, agreement_ids: Sequence[str] | None = None) -> gpd.GeoDataFrame:
        """ZONES frame with `jurisdiction_id`, null where a part is nobody's alone; by agreement and side."""
        ...

    def keep_redrawn(self, redrawn: Redrawn) -> None:
        """Keep what new boundaries did to the zones; bumps AGREEMENTS."""
        ...

    def redrawn(self) -> Redrawn | None:
        """What the last change of boundaries did; None where there was none."""
        ...

    # patrols

    def patrols(self) -> tuple[Patrol, ...]:
        """All patrols, newest day first."""
        ...

    def save_patrol(self, patrol: Patrol) -> None:
        """Insert or replace by id."""
        ...

    # plans

    def plans(self) -> tuple[Plan, ...]:
        """All plans, newest day first; those of one day by id."""
        ...

    def plan(self, plan_id: str) -> Plan | None:
        """One plan, or None."""
        ...

    def save_plan(self, plan: Plan) -> Plan:
        """The plan as kept, its version one higher; every field comes back as it was.

        `plan.version` is the version it was made from, 0 where none is kept; when another one is kept, `OutdatedError`
        is raised and nothing was changed.
        """
        ...

    # analyses

    def save_analyses(self, made: Sequence[tuple[Analysis, gpd.GeoDataFrame]]) -> None:
        """Keep analyses with their FINDINGS frames, all or none of them; what is kept is never changed."""
        ...

    def analyses(self, a: str, b: str) -> tuple[Analysis, ...]:
        """Analyses of two neighbours, a < b as text, newest first."""
        ...

    def analysis(self, analysis_id: str) -> Analysis | None:
        """One analysis, or None."""
        ...

    def findings(self, analysis_id: str) -> gpd.GeoDataFrame:
        """FINDINGS frame of one analysis, by cluster; empty for one that never was."""
        ...

    # roads

    def keep_roads(self, streets: Streets) -> None:
        """Keep the streets that travel times are computed on, in place of those there were; bumps ROADS."""
        ...

    def roads(self) -> Streets | None:
        """The streets as kept, to a centimetre; None where there are none."""
        ...

    # the audit; whatever changes something writes its own lines, in the same transaction

    def append(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """`entries` as the next lines of the chain, all or none of them, whoever else adds some at the same time."""
        ...

    def audit(self, sought: Sought, limit: int | None = None, before: int | None = None) -> tuple[Entry, ...]:
        """Lines numbered below `before`, newest first."""
        ...

    def audit_lines(self, sought: Sought, after: int = 0) -> Iterator[Entry]:
        """Lines numbered above `after`, oldest first, however many there are."""
        ...

    def audit_head(self) -> Head:
        """The last line of the chain; also for whoever may not read it."""
        ...

    # quarantine and history

    def quarantined(self, kind: Kind | None = None) -> tuple[Reject, ...]:
        """Rejected rows still waiting, oldest first, with their ids."""
        ...

    def release(self, reject_ids: Sequence[int]) -> None:
        """Forget rejected rows, after they were corrected and taken in."""
        ...

    def loads(self) -> pd.DataFrame:
        """Columns kind, file, source, datum, at, simulated, n_new, n_changed, n_unchanged, n_rejected; newest first."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
