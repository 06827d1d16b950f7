"""What a benchmark hands to the report, and how a piece of work is timed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Say = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """Cells that belong together, and how they were measured."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def markdown(self, stamp: str) -> str:
        """The table as a section of a document, with when and where it was measured."""
        lines = [f"## {self.title}", "", f"{stamp}\n", *(f"{note}\n" for note in self.notes)]
        lines += [f"| {' | '.join(row)} |" for row in (self.columns, ["---"] * len(self.columns), *self.rows)]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Timed:
    """Medians of some runs: by the clock, and by the processor, which other work on the machine disturbs less."""

    wall_s: float
    cpu_s: float
    result: Any


def timed(work: Callable[[], Any], n: int) -> Timed:
    """Median times of `n` runs of `work`, and what the last one gave."""
    walls, cpus, result = [], [], None
    for _ in range(n):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Timed(median(walls), median(cpus), result)


def seconds(value: float) -> str:
    """Seconds with as many digits as mean something.

    Examples
    --------
    >>> seconds(12.345), seconds(0.0123)
    ('12.3 s', '12.3 ms')
    """
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"


def verdict(what: str, value: float, target: float, unit: str = "") -> str:
    """Whether a target was met, in words."""
    met = "met" if value <= target else "MISSED"
    return f"{what}: {value:,.3g}{unit}, target {target:,.3g}{unit}: **{met}**."


def ratio(ours: float, peer: float) -> str:
    """Ours as a multiple of the peer's: below 1 is less."""
    return f"{ours / peer:.2g} ×" if peer else "–"
