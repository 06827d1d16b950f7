"""What the cells of a row say: texts, numbers and choices, checked column by column."""

from collections.abc import Mapping as ReadOnly

import numpy as np
import numpy.typing as npt
import pandas as pd

from casework.model import Kind
from intake.columns import plain
from intake.encodings import spoilt
from intake.faults import Faults
from intake.fields import Field
from intake.mapping import Mapping
from intake.tables import stripped
from intake.values import EXPECTED, meanings

_NONE = ("", "-", "--", "/", "null", "none", "nan", "n/a", "无", "暂无")


def cell_texts(cells: pd.DataFrame, header: str | None, default: str | None) -> pd.Series:
    """Texts of one column, stripped; the default where there is no column or an empty cell."""
    if header is None:
        return pd.Series([default or ""] * len(cells), index=cells.index, dtype=object)
    texts = stripped(cells[header])
    return texts.where(texts != "", default) if default else texts


def check_readable(cells: pd.DataFrame, faults: Faults) -> None:
    """Note rows with a cell that only a wrong encoding can have produced."""
    for header in cells.columns:
        values = cells[header].tolist()
        # One search over the whole column is far cheaper than one per cell, and nearly always finds nothing.
        if spoilt("\n".join(values)):
            faults.add(
                [spoilt(value) for value in values],
                str(header),
                values,
                "text in UTF-8 or GB18030; the encoding is wrong",
            )


def texts(
    field: Field, header: str, cells: pd.Series, faults: Faults, words: ReadOnly[str, str] | None = None
) -> npt.NDArray[np.object_]:
    """Texts no longer than allowed, those in `words` replaced; None where empty, unless the field is needed."""
    if field.needed or field.holds == "id":
        article = "an" if field.name[0] in "aeiou" else "a"
        faults.add(cells == "", header, cells.to_numpy(), f"{article} {field.name}; it is missing")
    faults.add(cells.str.len() > field.most, header, cells.to_numpy(), f"at most {field.most:.0f} characters")
    return np.asarray([(words.get(text, text) if words else text) or None for text in cells], np.object_)


def numbers(field: Field, header: str, cells: pd.Series, faults: Faults) -> npt.NDArray[np.float64]:
    """Numbers within their limits; NaN where empty, unless the field is needed."""
    whole = "a whole number" if field.holds == "count" else "a number"
    expected = f"{whole} of {field.least:.0f} to {field.most:.0f}"
    if field.needed:
        faults.add(cells == "", header, cells.to_numpy(), f"{expected}; it is missing")
    filled = ~cells.str.lower().isin(_NONE).to_numpy()
    values = np.asarray(pd.to_numeric(cells.where(filled, "nan"), errors="coerce"), float)
    wrong = (filled if not field.needed else np.ones(len(cells), bool)) & ~np.isfinite(values)
    with np.errstate(invalid="ignore"):
        wrong |= (values < field.least) | (values > field.most)
        if field.holds == "count":
            wrong |= np.isfinite(values) & (values != np.floor(values))
    faults.add(wrong, header, cells.to_numpy(), expected)
    return values


def choices(
    kind: Kind, field: Field, header: str, cells: pd.Series, faults: Faults, mapping: Mapping
) -> npt.NDArray[np.object_]:
    """Our values of the words in `cells`; None where the word is not known."""
    known: ReadOnly[str, str] = meanings(kind, field.name, mapping.words.get(field.name))
    words = {word: known.get(plain(word)) for word in cells.unique()}
    values = cells.map(words).to_numpy(dtype=object)
    expected = EXPECTED[kind, field.name]
    faults.add(cells == "", header, cells.to_numpy(), f"{expected}; it is missing")
    faults.add(pd.isna(values), header, cells.to_numpy(), expected)
    return values
