"""What the log keeps: who saw, changed, exported or shared what, and who was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Fact = str | int | float | bool


class Deed(StrEnum):
    """What was done."""

    SAW = "saw"
    CHANGED = "changed"
    EXPORTED = "exported"
    SHARED = "shared"
    REFUSED = "refused"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    MANAGED = "managed"


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    `thing` names what it was done to, as ``kind:id``; `regions` are the jurisdictions it concerns, whose auditors read
    it. `facts` are short plain values. `n`, `previous` and `hash` are given by the store: each hash is over the line
    and the hash of the line before (`casework.chain`), so that nothing can be changed or taken out without a trace.
    """

    at: datetime
    actor: str
    role: str
    deed: Deed
    thing: str
    regions: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    n: int = 0
    previous: str = ""
    hash: str = ""

    @property
    def kind(self) -> str:
        """What kind of thing it was done to.

        Examples
        --------
        >>> from datetime import UTC
        >>> Entry(datetime(2026, 1, 1, tzinfo=UTC), "li", "officer", Deed.SAW, "firm:F7").kind
        'firm'
        """
        return self.thing.partition(":")[0]


@dataclass(frozen=True)
class Head:
    """The last line of the chain: its number, and the hash that stands for everything up to it."""

    n: int = 0
    hash: str = ""


@dataclass(frozen=True)
class Sought:
    """Which lines: every field narrows, an empty one does not.

    `thing` is the beginning of a line's thing, such as ``plan:``, or without a colon that of its id, of whatever kind; a
    line concerns one of `regions`; `since` <= at < `until`, both aware.
    """

    actor: str = ""
    thing: str = ""
    deeds: tuple[Deed, ...] = ()
    regions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
