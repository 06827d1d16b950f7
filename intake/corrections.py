"""Quarantined rows out to a table that Excel opens, and back in once somebody has corrected them."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from casework.errors import CaseError
from casework.model import Kind, Load, Reject, Written
from casework.records import Records
from intake.errors import FileError
from intake.files import open_table
from intake.ids import DUPLICATE_ID, DUPLICATE_ROW
from intake.mapping import Mapping
from intake.reading import Options, Reading
from intake.rows import READ_AS, READ_AS_DATUM, READ_AS_TIMEZONE, SHAPE
from intake.tables import Batch, Table

_ABOUT = ("quarantine id", "kind", "file", "row", "field", "value", "expected")
_LONGEST_EXCEL_CELL = 32_767
_MOST_NAMED = 5
# What a spreadsheet takes for a formula, and what was kept from that by one more apostrophe.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_KEPT = re.compile(r"'(?='*[=+\-@\t\r])")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True)
class Retried:
    """What became of a corrected table; `gone` are the ids in it that are not in quarantine."""

    written: Written
    n_still_waiting: int
    n_gone: int
    lines: tuple[str, ...]
    gone: tuple[str, ...] = ()

    def summary(self) -> str:
        """The same, for a person."""
        told = []
        if self.gone:
            ids = ", ".join(one or "(empty)" for one in self.gone[:_MOST_NAMED])
            more = f" and {self.n_gone - _MOST_NAMED:,} more" if self.n_gone > _MOST_NAMED else ""
            told.append(
                f"{self.n_gone:,} rows were passed over, because their quarantine id is not in quarantine: {ids}{more}. "
                "They were settled before, or the id is not as it was exported."
            )
        return "\n".join([*self.lines, *told]) or "The table holds no rows."


def export_rejects(rejects: Sequence[Reject], path: Path) -> None:
    """Write `rejects` to a CSV or Excel table: first what is wrong, then every column of the row as it stood.

    Correct the columns on the right and leave those on the left alone: they say which row it was.

    Raises
    ------
    FileError
        Neither .csv nor .xlsx, or a cell too long for Excel.
    """
    raw_columns = list(dict.fromkeys(name for reject in rejects for name in reject.raw))
    header = [*_ABOUT, *raw_columns]
    rows = [
        [
            *(str(x) for x in (r.id, r.kind, r.file, r.row, r.field, r.value, r.expected)),
            *(r.raw.get(name, "") for name in raw_columns),
        ]
        for r in rejects
    ]
    match path.suffix.lower():
        case ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
                csv.writer(file).writerows([[_harmless(text) for text in row] for row in (header, *rows)])
        case ".xlsx":
            _write_sheet(path, [header, *rows])
        case suffix:
            raise FileError(
                f"{path.name}: write the quarantine to .csv or .xlsx, not {suffix or 'a name without suffix'}."
            )


def _harmless(text: str) -> str:
    """What an outsider wrote as a cell that a spreadsheet only shows; numbers stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _as_written(text: str) -> str:
    """The same, back."""
    return text[1:] if _KEPT.match(text) else text


def _write_sheet(path: Path, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("quarantine")
    for row in rows:
        if any(len(text) > _LONGEST_EXCEL_CELL for text in row):
            raise FileError(
                f"{path.name}: row {row[3]} of {row[2]} is too long for an Excel cell; write a .csv instead."
            )
        cells = []
        for text in row:
            cell = openpyxl.cell.WriteOnlyCell(sheet, openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
            cell.data_type = "s"  # what an outsider wrote stays text, even where it begins like a formula
            cell.number_format = "@"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def retry_rejects(
    records: Records, path: Path, options: Options, mapping_of: Callable[[Kind], Mapping] | None = None
) -> Retried:
    """What became of the corrected rows in `path`, an export made by `export_rejects`.

    Every row is read with the datum and zone of its first load, unless `options` say otherwise. Rows that pass are taken
    in and leave the quarantine; the others stay, with what is wrong now. `mapping_of` gives the mapping of each kind that
    the table holds; None: that of `options`.

    Raises
    ------
    FileError
        Not such an export.
    CaseError
        The rows of one file lack a column (a mapping file may be needed), or the store is busy.
    """
    table = open_table(path)
    missing = [name for name in _ABOUT if name not in table.columns]
    if missing:
        raise FileError(f"{path.name}: this is no export of the quarantine; it lacks {', '.join(missing)}.")
    batches = list(table.batches())
    if any(batch.broken for batch in batches):
        row = next(broken.row for batch in batches for broken in batch.broken)
        raise FileError(f"{path.name}: row {row} has another number of fields than the header.")
    cells = pd.concat([batch.cells for batch in batches], ignore_index=True) if batches else pd.DataFrame()
    if path.suffix.lower() == ".csv":
        cells = cells.map(_as_written).rename(columns=_as_written)
    waiting = {str(reject.id): reject for reject in records.quarantined()}
    if not len(cells):
        return Retried(Written(), 0, 0, ())
    gone = ~cells["quarantine id"].isin(list(waiting))
    same = ~gone & cells.apply(lambda row: _still_duplicate(row, waiting.get(row["quarantine id"])), axis=1)
    total, n_still, words = Written(), int(same.sum()), []
    if n_still:
        words.append(f"{n_still:,} rows still have the id of another row; give them their own.")
    for group in _groups(cells[~gone & ~same], waiting):
        mapping = mapping_of(group.kind) if mapping_of is not None else options.mapping
        written, n_rejected, said = _retry_group(records, group, replace(options, mapping=mapping))
        total += written
        n_still += n_rejected
        words.append(said)
    passed_over = tuple(map(str, cells.loc[gone, "quarantine id"]))
    return Retried(total, n_still, len(passed_over), tuple(words), passed_over)


def _still_duplicate(row: pd.Series, reject: Reject | None) -> bool:
    """Whether a row that was turned away for another row's id has it still: alone, it would pass and overwrite that row."""
    if reject is None or not reject.expected.startswith((DUPLICATE_ID, DUPLICATE_ROW)):
        return False
    names = [reject.field] if reject.field in reject.raw else [name for name in reject.raw if name in row.index]
    return all(row[name].strip() == reject.raw[name].strip() for name in names if name not in READ_AS)


@dataclass(frozen=True)
class _Group:
    """Corrected rows that were read in the same way."""

    kind: Kind
    file: str
    datum: str
    timezone: str
    columns: tuple[str, ...]
    cells: pd.DataFrame


def _groups(cells: pd.DataFrame, waiting: dict[str, Reject]) -> list[_Group]:
    groups = []
    rejects = [waiting[number] for number in cells["quarantine id"]]
    keys = [(r.kind, r.file, r.raw.get(READ_AS_DATUM, ""), r.raw.get(READ_AS_TIMEZONE, "")) for r in rejects]
    for key in dict.fromkeys(keys):
        chosen = [i for i, other in enumerate(keys) if other == key]
        names = dict.fromkeys(name for i in chosen for name in rejects[i].raw if name not in READ_AS)
        columns = tuple(name for name in names if name in cells.columns)
        groups.append(_Group(*key, columns, cells.iloc[chosen].reset_index(drop=True)))
    return groups


def _retry_group(records: Records, group: _Group, options: Options) -> tuple[Written, int, str]:
    has_shapes = SHAPE in group.columns
    batch = Batch(group.cells[list(group.columns)], np.asarray(group.cells["row"], np.int64))
    table = Table(Path(group.file), "corrected", group.columns, lambda: iter((batch,)), n_rows=len(batch.rows))
    mapping = options.mapping
    if has_shapes and "shape" not in mapping.columns:
        mapping = replace(mapping, columns={**mapping.columns, "shape": SHAPE})
    said = replace(
        options, mapping=mapping, datum=options.datum or group.datum, timezone=options.timezone or group.timezone
    )
    try:
        reading = Reading(table, group.kind, said, records.now(), file=group.file, near=records.extent())
    except CaseError as error:
        raise type(error)(f"{group.file}: {error}") from error
    load = Load(group.kind, group.file, group.file, reading.reference.name, records.now())
    written, n_rejected = Written(), 0
    for part in reading.parts():
        numbers = [int(number) for number in group.cells["quarantine id"]]
        written += records.retry(load, part.rows, part.rejects, numbers)
        n_rejected += len(part.rejects)
    taken = written.n_new + written.n_changed + written.n_unchanged
    return written, n_rejected, f"{group.file}: {taken:,} {group.kind} taken in, {n_rejected:,} still in quarantine."
