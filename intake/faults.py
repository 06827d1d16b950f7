"""What is wrong with the rows of one batch: per row the first fault, or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
_SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """Where a row is wrong, what stands there, and what was expected."""

    field: str
    value: str
    expected: str


class Faults:
    """Collects faults; a row that has one keeps it, so checks run from the plainest to the subtlest."""

    def __init__(self, n_rows: int) -> None:
        self.bad: Mask = np.zeros(n_rows, dtype=bool)
        self.by_row: dict[int, Fault] = {}

    @property
    def good(self) -> Mask:
        """Rows without a fault so far."""
        return ~self.bad

    def add(
        self,
        wrong: npt.ArrayLike,
        field: str,
        values: Sequence[Any] | npt.NDArray[Any] | Callable[[int], str],
        expected: str | Callable[[int], str],
    ) -> None:
        """Note the rows that are `wrong` and had no fault yet.

        Parameters
        ----------
        wrong
            One truth value per row.
        field
            The column's name in the file.
        values
            What stands in the rows, or a function of the position that says it.
        expected
            What should stand there, or a function of the position that says it.
        """
        new = np.asarray(wrong, dtype=bool) & ~self.bad
        for position in np.flatnonzero(new).tolist():
            value = values(position) if callable(values) else values[position]
            self.by_row[position] = Fault(field, _shown(value), expected(position) if callable(expected) else expected)
        self.bad |= new


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
