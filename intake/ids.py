"""Ids of rows: from their column, else from the row's own content; and which row had an id first."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from intake.tables import Shapes

DUPLICATE_ID = "an id that no other row has"
DUPLICATE_ROW = "a row that differs from every other"
_DIGEST_BYTES = 10
_UNIT = "\x1f"  # ASCII unit separator: in no cell


def content_ids(cells: pd.DataFrame, shapes: Shapes | None) -> npt.NDArray[np.object_]:
    """One id per row, made of the row's texts and shape: loading the same row again gives the same id.

    Two rows that are alike to the letter get the same id; column order does not matter, column names do.
    """
    headers = sorted(str(header) for header in cells.columns)
    prefix = _UNIT.join(headers).encode()
    shape_bytes = [b""] * len(cells) if shapes is None else [s or b"" for s in shapely.to_wkb(shapes)]
    rows = zip(*(cells[header].tolist() for header in headers), strict=True) if headers else iter([()] * len(cells))
    return np.asarray(
        [
            blake2b(prefix + _UNIT.join(row).encode() + shape, digest_size=_DIGEST_BYTES).hexdigest()
            for row, shape in zip(rows, shape_bytes, strict=True)
        ],
        object,
    )


class Seen:
    """The ids of a file so far and the row each came from; 16 bytes an id, so that millions fit."""

    def __init__(self) -> None:
        self._parts: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]] = []

    def first_rows(self, ids: npt.NDArray[np.object_], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Row in which each id stood before, in this batch or an earlier one; 0 for those that are new."""
        hashes = pd.util.hash_array(ids, categorize=False)
        first = np.zeros(len(ids), np.int64)
        earlier = pd.Series(rows).groupby(hashes).transform("first").to_numpy()
        first[earlier != rows] = earlier[earlier != rows]
        for known, known_rows in self._parts:
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            hit = known[at] == hashes
            first[hit] = known_rows[at[hit]]
        return first

    def add(self, ids: npt.NDArray[np.object_], rows: npt.NDArray[np.int64]) -> None:
        """Remember `ids` as taken by `rows`."""
        if len(ids):
            hashes = pd.util.hash_array(ids, categorize=False)
            order = np.argsort(hashes)
            self._parts.append((hashes[order], rows[order]))


class Shared(Seen):
    """For files in which several rows are parts of one thing: no id is taken."""

    def first_rows(self, ids: npt.NDArray[np.object_], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:  # noqa: ARG002
        """Zeros: no row has to differ from an earlier one."""
        return np.zeros(len(ids), np.int64)
