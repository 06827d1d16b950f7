"""What a file holds, whatever its form: texts in columns, shapes beside them, in batches that fit into memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from intake.errors import FileError

BATCH_ROWS = 50_000
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Broken:
    """A row that could not even be taken apart into cells."""

    row: int
    value: str
    expected: str
    raw: Mapping[str, str]


@dataclass(frozen=True)
class Batch:
    """Some rows as they stand in the file: every cell a text, "" where there is none."""

    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    shapes: Shapes | None = None
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True)
class Table:
    """An open file: its columns, what it says about its coordinates, and its rows, read when asked for.

    `n_rows` is what the file announces, to show progress by; None where it does not say.
    """

    path: Path
    form: str
    columns: tuple[str, ...]
    batches: Callable[[], Iterator[Batch]] = field(repr=False)
    has_shapes: bool = False
    crs: str | None = None
    crs_by_standard: str | None = None
    encoding: str | None = None
    n_rows: int | None = None


def text_of(value: Any) -> str:
    """One cell as text: whole numbers without a decimal point, instants in ISO 8601, "" for none."""
    if value is None or value != value:  # noqa: PLR0124  only NaN and NaT differ from themselves
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def unique_headers(headers: list[str]) -> list[str]:
    """Headers stripped, numbered where they repeat, named by position where they are blank."""
    seen: dict[str, int] = {}
    named = []
    for position, header in enumerate(headers, start=1):
        name = header.strip() or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return named


def one_layer(path: Path, layers: list[str], named: str | None) -> str:
    """The layer to read: the only one, or the one somebody named.

    Raises
    ------
    FileError
        No such layer, none at all, or several and none named.
    """
    if named is not None:
        if named not in layers:
            raise FileError(f"{path.name}: there is no layer {named!r}; there are: {', '.join(layers)}.")
        return named
    if not layers:
        raise FileError(f"{path.name}: the file holds no table.")
    if len(layers) > 1:
        raise FileError(
            f"{path.name}: there are several layers ({', '.join(layers)}); "
            f'name one in a mapping file: layer = "{layers[0]}".'
        )
    return layers[0]


def stripped(texts: pd.Series) -> pd.Series:
    """The texts without space around them; far quicker than pandas' own on plain Python strings."""
    return pd.Series([text.strip() for text in texts.tolist()], index=texts.index, dtype=object)
