"""Files of SaTScan: cases, coordinates, controls and population, in columns without a header."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from intake import encodings
from intake.errors import FileError

Precision = Literal["day", "month", "year", "generic"]
Coordinates = Literal["latlon", "cartesian"]
_DATE = re.compile(r"(\d{2}|\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?")
_COMMENT = re.compile(r"(^|\s)//.*|^\s*#(\s.*|$)")  # an id such as #7 is none
_CELL = re.compile(r""""[^"]*"|'[^']*'|[^\s,]+""")
_CENTURY = 1900
_NEEDED_PARTS = {"day": 3, "month": 2, "year": 1}
_Reader = Callable[[str], Any]


def read_cases(path: Path, precision: Precision) -> pd.DataFrame:
    """Cases of a .cas or controls of a .ctl file: site, n, at, and covariate_1, covariate_2, ... where there are any.

    Parameters
    ----------
    path
        Rows of location, number, time and covariates, parted by blanks or commas. What follows // is a comment, as is a
        row that begins with # and a blank.
    precision
        What times are: days (2001/11/24), months (2001/11), years, or numbers.

    Raises
    ------
    FileError
        When the file is missing or empty, or a row is at fault: the first one is named and the rest is counted.
    """
    rows = _rows(path)
    n_covariates = max(len(rows[0][1]) - 3, 0)
    columns: list[tuple[str, _Reader]] = [("site", str), ("n", _count), ("at", _moment(precision))]
    return _frame(path, rows, [*columns, *((f"covariate_{k + 1}", str) for k in range(n_covariates))])


def read_sites(path: Path, coordinates: Coordinates) -> pd.DataFrame:
    """Places of a .geo file: id, x and y; a location that is there twice with the same coordinates counts once.

    Parameters
    ----------
    path
        Rows of location, latitude and longitude, or of location, x and y.
    coordinates
        Which of both.

    Raises
    ------
    FileError
        As `read_cases`.
    """
    degrees: list[tuple[str, _Reader]] = [("y", _within(90)), ("x", _within(360))]
    plane: list[tuple[str, _Reader]] = [("x", _number), ("y", _number)]
    readers = degrees if coordinates == "latlon" else plane
    frame = _frame(path, _rows(path), [("id", str), *readers])
    return frame[["id", "x", "y"]].drop_duplicates(ignore_index=True)


def read_population(path: Path, precision: Precision) -> pd.DataFrame:
    """Populations of a .pop file: site, at, population, and covariate_1, ...; a year counts for its 1 July.

    Parameters
    ----------
    path
        Rows of location, time, number and covariates. A year of two digits is one of the twentieth century.
    precision
        Of the study; "generic": times are numbers.

    Raises
    ------
    FileError
        As `read_cases`.
    """
    rows = _rows(path)
    n_covariates = max(len(rows[0][1]) - 3, 0)
    when = _moment("generic") if precision == "generic" else _midway
    columns = [("site", str), ("at", when), ("population", _amount)]
    return _frame(path, rows, [*columns, *((f"covariate_{k + 1}", str) for k in range(n_covariates))])


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, as its number and its cells."""
    if not path.is_file():
        raise FileError(f"{path.name}: there is no such file.")
    text = path.read_text(encoding=encodings.of_file(path, None).codec, errors="replace")
    lines = (_COMMENT.sub("", line) for line in text.splitlines())
    rows = [
        (number, [cell.strip(cell[0]) if cell[0] in "\"'" else cell for cell in _CELL.findall(line)])
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not rows:
        raise FileError(f"{path.name}: there is no row in it.")
    return rows


def _frame(path: Path, rows: list[tuple[int, list[str]]], columns: Sequence[tuple[str, _Reader]]) -> pd.DataFrame:
    """The rows as columns, or a refusal that names the first bad one."""
    values: list[list[Any]] = []
    faults: list[str] = []
    names = [name for name, _ in columns]
    for number, cells in rows:
        if len(cells) != len(columns):
            faults.append(f"row {number} has {len(cells)} columns, expected {len(columns)}: {', '.join(names)}")
            continue
        try:
            values.append([read(cell) for cell, (_, read) in zip(cells, columns, strict=True)])
        except ValueError as error:
            faults.append(f"row {number}: {error}")
    if faults:
        more = f" and {len(faults) - 1:,} more rows are at fault" if len(faults) > 1 else ""
        raise FileError(f"{path.name}: {faults[0]}{more}.")
    return pd.DataFrame(values, columns=names)


def _number(cell: str) -> float:
    """A finite number."""
    try:
        number = float(cell)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise ValueError(f"{cell!r}, expected a number")
    return number


def _amount(cell: str) -> float:
    """A number from 0 up."""
    number = _number(cell)
    if number < 0:
        raise ValueError(f"{cell!r}, expected a number from 0 up")
    return number


def _count(cell: str) -> int:
    """A whole number from 0 up."""
    number = _amount(cell)
    if number != int(number):
        raise ValueError(f"{cell!r}, expected a whole number")
    return int(number)


def _within(limit: float) -> _Reader:
    """A reader of numbers from minus to plus `limit`."""

    def read(cell: str) -> float:
        number = _number(cell)
        if abs(number) > limit:
            raise ValueError(f"{cell!r}, expected degrees from -{limit:g} to {limit:g}")
        return number

    return read


def _parts(cell: str) -> tuple[int, ...]:
    """Year, and month and day where they are told."""
    found = _DATE.fullmatch(cell)
    if found is None:
        raise ValueError(f"{cell!r}, expected a date such as 2001/11/24, 2001/11 or 2001")
    year, *rest = (int(part) for part in found.groups() if part is not None)
    return (year if len(found[1]) > 2 else _CENTURY + year, *rest)  # noqa: PLR2004


def _day(cell: str, year: int, month: int, day: int) -> pd.Timestamp:
    """A day that exists."""
    try:
        return pd.Timestamp(year, month, day)
    except ValueError as error:
        raise ValueError(f"{cell!r}, expected a date that exists") from error


def _moment(precision: Precision) -> _Reader:
    """A reader of times as precise as the study."""

    def read(cell: str) -> pd.Timestamp | int:
        if precision == "generic":
            if not re.fullmatch(r"-?\d+", cell):
                raise ValueError(f"{cell!r}, expected a whole number for a generic time")
            return int(cell)
        parts = _parts(cell)
        if len(parts) < _NEEDED_PARTS[precision]:
            raise ValueError(f"{cell!r}, expected a time as precise as a {precision}")
        return _day(cell, *(*parts, 1, 1)[:3])

    return read


def _midway(cell: str) -> pd.Timestamp:
    """The day a count of people holds for: 1 July of a year, the 15th of a month."""
    parts = _parts(cell)
    return _day(cell, *(parts if len(parts) == 3 else (parts[0], 7, 1) if len(parts) == 1 else (*parts, 15)))  # noqa: PLR2004
