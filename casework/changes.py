"""What became of agreements: their versions, what two versions do not share, and what new boundaries did to zones."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from casework.model import Agreement

_NOT_TERMS = {"id", "simulated", "version", "stale"}
# What was said of the terms, which is told beside them.
_SAID = {"consents"}


class Change(StrEnum):
    """How a version of an agreement came about."""

    SAVED = "saved"
    REDRAWN = "redrawn"
    STALE = "stale"
    REMOVED = "removed"
    RESTORED = "restored"
    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class AgreementVersion:
    """An agreement as it once stood, and the area of the zone it had, in square metres; by whom, "" where nobody knows."""

    agreement: Agreement
    change: Change
    at: datetime
    area_m2: float
    by: str = ""


@dataclass(frozen=True)
class Difference:
    """A term two versions do not share, by its name in `Agreement`."""

    term: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Step:
    """One version, and what it changed in the one before; nothing before it: `area_before_m2` is None."""

    version: int
    change: Change
    at: datetime
    agreement: Agreement
    differences: tuple[Difference, ...]
    area_before_m2: float | None
    area_after_m2: float
    by: str = ""


@dataclass(frozen=True)
class ZoneChange:
    """What new boundaries did to one agreement: border of its own pair, zone, and incidents of the agreed categories.

    A border that was not or is no longer there is None. `stale` is why the zone could not be drawn; it kept the old one.
    """

    agreement_id: str
    title: str
    border_before_m: float | None
    border_after_m: float | None
    area_before_m2: float
    area_after_m2: float
    n_into: int = 0
    n_out_of: int = 0
    changed: bool = False
    stale: str = ""

    def words(self) -> str:
        """The same, for a person."""
        if self.stale:
            return f"Agreement {self.agreement_id} keeps its last zone: {self.stale}"
        border = " -> ".join("none" if m is None else f"{m / 1000:.2f}" for m in self._borders)
        return (
            f"Agreement {self.agreement_id}: zone {self.area_before_m2 / 1e6:.2f} -> {self.area_after_m2 / 1e6:.2f} km², "
            f"border {border} km; {self.n_into:,} incidents came into the zone, {self.n_out_of:,} fell out of it"
        )

    @property
    def _borders(self) -> tuple[float | None, float | None]:
        return self.border_before_m, self.border_after_m


@dataclass(frozen=True)
class Redrawn:
    """What followed from new boundaries: borders there are now, rows that moved, and each agreement's zone, worst first."""

    at: datetime
    n_borders: int
    n_moved: int
    zones: tuple[ZoneChange, ...] = ()

    @property
    def n_zones(self) -> int:
        """Zones that were drawn anew."""
        return sum(not zone.stale for zone in self.zones)

    @property
    def unresolved(self) -> tuple[tuple[str, str], ...]:
        """Agreements whose zone could not be drawn, each with the reason."""
        return tuple((zone.agreement_id, zone.stale) for zone in self.zones if zone.stale)

    @property
    def to_tell(self) -> tuple[ZoneChange, ...]:
        """Zones that changed or could not be drawn, worst first."""
        return tuple(zone for zone in self.zones if zone.changed or zone.stale)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {**asdict(self), "at": self.at.isoformat(), "n_zones": self.n_zones, "unresolved": self.unresolved}

    def words(self) -> str:
        """The same, for a person."""
        head = (
            f"{self.n_borders:,} borders; {self.n_moved:,} rows changed jurisdiction; {self.n_zones:,} zones drawn anew, "
            f"{sum(zone.changed for zone in self.zones):,} of them different."
        )
        return "\n".join([head, *(f"  {zone.words()}" for zone in self.to_tell)])


def differences(old: Agreement, new: Agreement) -> tuple[Difference, ...]:
    """The terms two agreements do not share, in the order of the model; who, when and why are no terms."""
    names = (field.name for field in fields(Agreement) if field.name not in _NOT_TERMS)
    return tuple(
        Difference(name, getattr(old, name), getattr(new, name))
        for name in names
        if getattr(old, name) != getattr(new, name)
    )


def same_terms(old: Agreement, new: Agreement) -> bool:
    """Whether two agreements say the same, whoever has consented to it."""
    return all(one.term in _SAID for one in differences(old, new))


def steps(versions: Sequence[AgreementVersion]) -> tuple[Step, ...]:
    """What each of an agreement's versions changed, newest first as `versions` are."""
    found = [_step(newer, older) for newer, older in pairwise(versions)]
    return (*found, *(_step(first, None) for first in versions[-1:]))


def _step(one: AgreementVersion, before: AgreementVersion | None) -> Step:
    changed = () if before is None else differences(before.agreement, one.agreement)
    area_m2 = None if before is None else before.area_m2
    return Step(one.agreement.version, one.change, one.at, one.agreement, changed, area_m2, one.area_m2, one.by)
