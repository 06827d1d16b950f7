"""A file taken into the records from end to end, and what to tell the person who sent it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.comparisons import Comparison, compare
from casework.model import Kind, Load, Written
from casework.records import Records
from intake.reading import Options, Reading, read

PROGRESS_FROM_ROWS = 10_000
Progress = Callable[[int, int | None], None]
_DIFFERENCES_SHOWN = 5


@dataclass(frozen=True)
class Summary:
    """What became of one file."""

    file: str
    kind: Kind
    reading: Reading
    written: Written
    n_superseded: int = 0
    comparison: Comparison | None = None

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        tally = self.reading.tally
        return {
            "file": self.file,
            "kind": str(self.kind),
            "form": self.reading.table.form,
            "encoding": self.reading.table.encoding,
            "columns": self.reading.columns,
            "n_rows": self.reading.n_rows,
            "n_new": self.written.n_new,
            "n_changed": self.written.n_changed,
            "n_unchanged": self.written.n_unchanged,
            "n_rejected": self.reading.n_rejected,
            "rejected_by_field": dict(self.reading.rejected_by_field),
            "n_superseded": self.n_superseded,
            "datum": self.reading.reference.name,
            "datum_why": self.reading.reference.why,
            "timezone": self.reading.timezone if tally.n_naive else None,
            "timezone_why": self.reading.timezone_why if tally.n_naive else None,
            "n_naive_times": tally.n_naive,
            "n_without_time": tally.n_without_time,
            "n_ambiguous_times": tally.n_twice,
            "repaired_rows": tally.repaired,
            "jurisdictions": self._comparison_dict(),
        }

    def words(self) -> str:
        """The same, for a person."""
        written, tally, reading = self.written, self.reading.tally, self.reading
        head = f"{self.file}: {reading.n_rows:,} {self.kind}: {written.n_new:,} new, {written.n_changed:,} changed"
        lines = [f"{head}, {written.n_unchanged:,} unchanged, {reading.n_rejected:,} in quarantine."]
        if reading.n_rejected:
            faults = ", ".join(f"{name} {n:,}" for name, n in reading.rejected_by_field.most_common())
            lines.append(f"  In quarantine by column: {faults}. See them with: quarantine list")
        if self.n_superseded:
            lines.append(f"  {self.n_superseded:,} rows that waited from an earlier load of this file are settled.")
        lines.append(f"  Columns: {', '.join(f'{ours} from {theirs}' for ours, theirs in reading.columns.items())}.")
        lines.append(f"  Coordinates: {reading.reference.words}.")
        if reading.table.encoding:
            lines.append(f"  Text: {reading.table.encoding}.")
        if tally.n_naive:
            lines.append(f"  Times without a zone, {tally.n_naive:,}: {reading.timezone}, {reading.timezone_why}.")
        if tally.n_without_time:
            lines.append(f"  Without a time of day, {tally.n_without_time:,}: taken as midnight there.")
        if tally.n_twice:
            lines.append(f"  In the hour that the clocks show twice, {tally.n_twice:,}: taken as the second.")
        if tally.repaired:
            shown = ", ".join(tally.repaired[:_DIFFERENCES_SHOWN])
            lines.append(
                f"  Outlines that crossed themselves and were repaired, {len(tally.repaired):,}: rows {shown}."
            )
        return "\n".join(lines + self._comparison_words())

    def _comparison_dict(self) -> dict[str, Any] | None:
        if self.comparison is None or not self.comparison.n_reported:
            return None
        differing = self.comparison.differing
        return {
            "n_reported": self.comparison.n_reported,
            "n_outside": self.comparison.n_outside,
            "n_agreeing": self.comparison.n_agreeing,
            "agreement": self.comparison.agreement,
            "differing": differing[["id", "reported_jurisdiction", "jurisdiction"]].to_dict("records"),
        }

    def _comparison_words(self) -> list[str]:
        compared = self.comparison
        if compared is None or not compared.n_reported:
            return []
        lines = [
            f"  Jurisdictions: {compared.n_reported:,} rows name one; {compared.n_agreeing:,} lie in it, "
            f"{compared.n_elsewhere:,} in another, {compared.n_outside:,} in none"
            + (f" (agreement {compared.agreement:.1%} of those in one)." if compared.agreement is not None else ".")
        ]
        for _, row in compared.differing[compared.differing["jurisdiction"] != ""].head(_DIFFERENCES_SHOWN).iterrows():
            lines.append(f"    {row['id']}: says {row['reported_jurisdiction']}, lies in {row['jurisdiction']}")
        return lines


def load_file(
    records: Records,
    path: Path,
    kind: Kind,
    options: Options,
    *,
    source: str | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Summary:
    """What became of the file `path`: good rows are in the store, bad ones in quarantine.

    Parameters
    ----------
    records
        Where the rows go.
    path, kind, options
        The file, what its rows are, and what was said about it.
    source
        Whom the data is from, shown beside it; None: the file's name.
    progress
        Called after each batch with the rows done and the rows announced.

    Raises
    ------
    CaseError
        The file as a whole cannot be taken, or the store is busy. Batches before the fault stay.
    """
    reading = read(path, kind, options, records.now(), near=records.extent())
    load = Load(kind, reading.file, source or path.name, reading.reference.name, records.now())
    earlier = {(r.row, r.field): r.id for r in records.quarantined(kind) if r.file == reading.file}
    written, comparison = Written(), None
    for part in reading.parts():
        placed = records.placed(kind, part.rows)
        written += records.keep(load, placed, part.rejects)
        for reject in part.rejects:
            earlier.pop((reject.row, reject.field), None)
        if kind is Kind.INCIDENTS and len(records.jurisdictions()):
            compared = compare(placed, records.jurisdictions())
            comparison = compared if comparison is None else comparison + compared
        progress(reading.n_rows, reading.table.n_rows)
    # What waited from an earlier load of this file and is not at fault any more was corrected in the file itself.
    records.settle([number for number in earlier.values() if number is not None])
    return Summary(reading.file, kind, reading, written, len(earlier), comparison)
