"""Rows out of a delimited text file (CSV), one fault costing one row and never the file."""

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
import pandas as pd

from intake import encodings
from intake.errors import FileError
from intake.tables import BATCH_ROWS, Batch, Broken, Table, unique_headers

_DELIMITERS = (",", "\t", ";", "，", "|")
# A quote that is never closed would swallow the rest of the file; an honest cell with line breaks is shorter than this.
_LONGEST_RECORD_LINES = 200
_LONGEST_CELL = 50_000_000
_SHOWN = 200


def open_delimited(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """The table in a delimited file; the delimiter is the one the header line holds most often.

    Raises
    ------
    FileError
        No header line, or an unknown encoding.
    """
    del layer  # a text file has one table
    found = encodings.of_file(path, encoding)
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=found.codec, errors="replace", newline="") as file:
        header_line = next((line for line in file if line.strip()), None)
    if header_line is None:
        raise FileError(f"{path.name}: there is no header line.")
    delimiter = max(_DELIMITERS, key=header_line.count)
    columns = tuple(unique_headers(_cells(header_line, delimiter)))
    with path.open("rb") as file:
        n_lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return Table(
        path=path,
        form="CSV",
        columns=columns,
        batches=lambda: _batches(path, found.codec, delimiter, columns),
        encoding=found.words,
        n_rows=max(n_lines - 1, 1),
    )


def _batches(path: Path, codec: str, delimiter: str, columns: tuple[str, ...]) -> Iterator[Batch]:
    with path.open(encoding=codec, errors="replace", newline="") as file:
        lines = iter(file)
        for line in lines:  # the header, after blank lines
            if line.strip():
                break
        records = _records(lines, delimiter, len(columns))
        first = 2
        while part := list(islice(records, BATCH_ROWS)):
            yield _batch(part, first, columns)
            first += len(part)


def _batch(part: list[tuple[list[str], str]], first: int, columns: tuple[str, ...]) -> Batch:
    width = len(columns)
    good, rows, broken = [], [], []
    for row, (cells, fault) in enumerate(part, start=first):
        if len(cells) == width and not fault:
            good.append(cells)
            rows.append(row)
        elif fault or not _fits(cells, width):
            if cells:
                broken.append(_broken(row, cells, fault, columns))
        else:
            good.append(cells[:width])
            rows.append(row)
    frame = pd.DataFrame(good, columns=list(columns), dtype=object)
    return Batch(frame, np.asarray(rows, np.int64), broken=tuple(broken))


def _fits(cells: list[str], width: int) -> bool:
    """Whether surplus cells are only the commas a spreadsheet leaves at the end."""
    return len(cells) > width and not any(cells[width:])


def _broken(row: int, cells: list[str], fault: str, columns: tuple[str, ...]) -> Broken:
    raw = dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))
    if len(cells) > len(columns):
        raw["(surplus)"] = ",".join(cells[len(columns) :])
    value = ",".join(cells)[:_SHOWN] if fault else f"{len(cells)} fields"
    return Broken(row, value, fault or f"{len(columns)} fields", raw)


def _records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[tuple[list[str], str]]:
    """Cells of each record and its fault, if any; blank lines come as empty records and keep the count right."""
    put_back: deque[str] = deque()

    def next_line() -> str | None:
        return put_back.popleft() if put_back else next(lines, None)

    while (line := next_line()) is not None:
        if '"' not in line:
            stripped = line.rstrip("\r\n")
            yield (stripped.split(delimiter) if stripped.strip() else []), ""
            continue
        gathered = [line]
        is_open = _open(line, delimiter)
        while is_open and len(gathered) < _LONGEST_RECORD_LINES and (more := next_line()) is not None:
            gathered.append(more)
            is_open = '"' not in more or _open("".join(gathered), delimiter)
        record = "".join(gathered)
        cells = _cells(record, delimiter)
        if is_open or (len(gathered) > 1 and (len(cells) != width or not _strictly_quoted(record, delimiter))):
            # Rows behind a stray quotation mark are rows of their own: only the first line is at fault.
            put_back.extendleft(reversed(gathered[1:]))
            yield [cell.rstrip("\r\n") for cell in _cells(line, delimiter)], "a closing quotation mark"
        else:
            yield cells, ""


def _cells(record: str, delimiter: str) -> list[str]:
    return next(csv.reader([record], delimiter=delimiter), [])


def _strictly_quoted(record: str, delimiter: str) -> bool:
    """Whether each closing quotation mark ends its cell, as it does when none is missing."""
    try:
        next(csv.reader([record], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return False
    return True


def _open(record: str, delimiter: str) -> bool:
    """Whether a quotation mark in `record` waits for its partner: then the line break is part of the last cell."""
    cells = _cells(record if record.endswith(("\n", "\r")) else record + "\n", delimiter)
    return bool(cells) and cells[-1].endswith(("\n", "\r"))
