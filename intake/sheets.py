"""Rows out of an Excel sheet."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from intake.errors import FileError
from intake.tables import BATCH_ROWS, Batch, Table, one_layer, text_of, unique_headers


def open_sheet(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """The table in a workbook's only filled sheet, or in the one named; its first filled row is the header.

    Raises
    ------
    FileError
        Not a workbook, no header row, or several filled sheets and none named.
    """
    del encoding  # a workbook is always Unicode
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except CalamineError as error:
        raise FileError(f"{path.name}: this is not a readable workbook ({error}).") from error
    name = one_layer(path, [name for name, sheet in sheets.items() if sheet.end is not None], layer)
    sheet = sheets[name]
    header = next((row for row in sheet.iter_rows() if any(cell != "" for cell in row)), None)
    if header is None:
        raise FileError(f"{path.name}: sheet {name!r} is empty.")
    columns = tuple(unique_headers([text_of(cell) for cell in header]))
    return Table(
        path=path,
        form="Excel",
        columns=columns,
        batches=lambda: _batches(sheet, columns),
        n_rows=sheet.total_height,
    )


def _batches(sheet: CalamineSheet, columns: tuple[str, ...]) -> Iterator[Batch]:
    filled = ((row, cells) for row, cells in enumerate(sheet.iter_rows(), start=1) if any(c != "" for c in cells))
    next(filled)  # the header
    while part := list(islice(filled, BATCH_ROWS)):
        texts = [[_text(cell) for cell in cells] for _, cells in part]
        yield Batch(
            pd.DataFrame(texts, columns=list(columns), dtype=object),
            np.asarray([row for row, _ in part], np.int64),
        )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else text_of(value)
