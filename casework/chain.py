"""The chain that the lines of the log are linked by, and where it is broken.

The form of a line is one JSON object with the keys ``actor``, ``at``, ``deed``, ``facts``, ``n``, ``regions``, ``role``
and ``thing``: keys in the order of code points, also those of ``facts``; no space between; every character as itself
but for what JSON must escape; ``at`` in UTC to the microsecond, as ``2026-01-31T08:00:00.000000+00:00``; numbers as
Python writes them. Its hash is the SHA-256, in hexadecimal, of the hash of the line before (nothing for the first) and
of this form, both in UTF-8. Lines are numbered from 1 without a gap.

Who can rewrite every line and the head that is kept beside them can make another chain that holds. Only a head noted
elsewhere tells that one from this one, and only it tells of an end that was cut off.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from enum import StrEnum

from casework.audit import Entry, Fact, Head

# What somebody typed can be as long as they like, and what the log keeps it keeps for ever.
_LONGEST = 300


class Flaw(StrEnum):
    """How a chain is broken."""

    GONE = "gone"
    UNLINKED = "unlinked"
    ALTERED = "altered"
    CUT = "cut"


@dataclass(frozen=True)
class Break:
    """The first line at which a chain does not hold, with what was expected there and what is there.

    Of a line that is `GONE` these are numbers, otherwise hashes. `CUT`: a head that was noted is not in the chain, which
    ends before line `n`.
    """

    n: int
    flaw: Flaw
    expected: str
    found: str

    def __str__(self) -> str:
        """One sentence for whoever looks into it."""
        expected, found = self.expected or "nothing", self.found or "nothing"
        said = {
            Flaw.GONE: f"is not there: number {expected} was expected, number {found} follows",
            Flaw.UNLINKED: f"does not follow the line before: it continues {found}, but that line's hash is {expected}",
            Flaw.ALTERED: f"is not as it was written: its hash is {expected}, but what it says gives {found}",
            Flaw.CUT: f"is where the chain ends, with {found}, and the head {expected} is not in it",
        }
        return f"Line {self.n} {said[self.flaw]}."


def form_of(entry: Entry) -> str:
    """What a line says, in the form that its hash is over; see the top of this file.

    Examples
    --------
    >>> from datetime import datetime
    >>> from casework.audit import Deed
    >>> at = datetime(2026, 1, 31, 8, tzinfo=UTC)
    >>> print(form_of(Entry(at, "li", "officer", Deed.SAW, "firm:F7", ("330502",), {"zone": "太湖"}, 1)))
    ... # doctest: +NORMALIZE_WHITESPACE
    {"actor":"li","at":"2026-01-31T08:00:00.000000+00:00","deed":"saw","facts":{"zone":"太湖"},"n":1,"regions":["330502"],"role":"officer","thing":"firm:F7"}
    """
    told = {
        "n": entry.n,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "role": str(entry.role),
        "deed": str(entry.deed),
        "thing": entry.thing,
        "regions": list(entry.regions),
        "facts": dict(entry.facts),
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def hash_of(entry: Entry) -> str:
    """The hash that a line has, from what it says and the hash of the line before."""
    return hashlib.sha256((entry.previous + form_of(entry)).encode()).hexdigest()


def chained(head: Head, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """`entries` as the lines that follow `head`, each with its number, the hash before and its own.

    Texts lose what a database or UTF-8 cannot keep, and what is longer than anybody reads.

    Examples
    --------
    >>> chained(Head(), [])
    ()
    """
    lines = []
    for entry in entries:
        line = replace(_kept(entry), n=head.n + 1, previous=head.hash)
        line = replace(line, hash=hash_of(line))
        lines.append(line)
        head = Head(line.n, line.hash)
    return tuple(lines)


def first_break(entries: Iterable[Entry], *noted: str, whole: bool = True) -> Break | None:
    """Where a chain is broken first; None while it holds.

    Parameters
    ----------
    entries
        Its lines in order, from the first.
    noted
        Hashes that were heads of it once; empty ones are passed over.
    whole
        Whether these are all its lines. Of some, those that follow each other are looked at together, the others alone.

    Examples
    --------
    >>> first_break([]) is None
    True
    >>> first_break([], "c0ffee").flaw
    <Flaw.CUT: 'cut'>
    """
    last, wanted = Head(), [one for one in noted if one]
    for entry in entries:
        follows = entry.n == last.n + 1
        if whole and not follows:
            return Break(last.n + 1, Flaw.GONE, str(last.n + 1), str(entry.n))
        if follows and entry.previous != last.hash:
            return Break(entry.n, Flaw.UNLINKED, last.hash, entry.previous)
        found = hash_of(entry)
        if found != entry.hash:
            return Break(entry.n, Flaw.ALTERED, entry.hash, found)
        last = Head(entry.n, entry.hash)
        wanted = [one for one in wanted if one != entry.hash]
    return Break(last.n + 1, Flaw.CUT, wanted[0], last.hash) if wanted else None


def _kept(entry: Entry) -> Entry:
    """A line as any database keeps it."""
    return replace(
        entry,
        actor=_text(entry.actor),
        role=_text(entry.role),
        thing=_text(entry.thing),
        regions=tuple(_text(one) for one in entry.regions),
        facts=_facts(entry.facts),
    )


def _facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {_text(name): _fact(value) for name, value in facts.items()}


def _fact(value: Fact) -> Fact:
    """A value as JSON knows it: of numbers only those that are some."""
    plain = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if plain else _text(str(value))


def _text(text: str) -> str:
    """A text without half characters and NUL, and not too long."""
    return text[:_LONGEST].encode("utf-8", "replace").decode().replace("\0", "?")
