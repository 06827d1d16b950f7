"""Who was visited when: a matrix of places and months, and the blind spots in it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError


def visit_matrix(place_ids: Sequence[str], months: Sequence[str], visits: pd.DataFrame) -> pd.DataFrame:
    """How often each place was visited in each month.

    Parameters
    ----------
    place_ids
        Every place there is, visited or not, each once.
    months
        Every month that is looked at, as "2026-05", in order.
    visits
        Columns place (null: in none) and month; what lies in no place or in no month of these is not counted.

    Returns
    -------
    DataFrame
        Counts, a row for each place and a column for each month, in the order given.

    Raises
    ------
    GeoError
        When a place or a month stands there twice.

    Examples
    --------
    >>> visits = pd.DataFrame({"place": ["A1", "A1", None], "month": ["2026-05", "2026-05", "2026-05"]})
    >>> visit_matrix(["A1", "A2"], ["2026-04", "2026-05"], visits).to_numpy().tolist()
    [[0, 2], [0, 0]]
    >>> visit_matrix([], ["2026-04"], visits.iloc[:0]).shape
    (0, 1)
    """
    for name, told in (("places", place_ids), ("months", months)):
        if len(set(told)) < len(told):
            raise GeoError(
                f"{name} {sorted({one for one in told if list(told).count(one) > 1})}: each once was expected"
            )
    counts = np.zeros((len(place_ids), len(months)), dtype=np.int64)
    row = visits["place"].map({one: k for k, one in enumerate(place_ids)})
    column = visits["month"].map({one: k for k, one in enumerate(months)})
    known = (row.notna() & column.notna()).to_numpy(dtype=bool)
    np.add.at(counts, (row[known].to_numpy(dtype=np.int64), column[known].to_numpy(dtype=np.int64)), 1)
    return pd.DataFrame(
        counts, index=pd.Index(list(place_ids), dtype="str"), columns=pd.Index(list(months), dtype="str")
    )


def blind_spots(matrix: pd.DataFrame, needs: npt.ArrayLike, n_months: int) -> pd.DataFrame:
    """Places nobody was at for so many months up to the last, the one that needs a visit most first.

    Parameters
    ----------
    matrix
        As `visit_matrix` gives it.
    needs
        What speaks for a visit at each place, 0 or more: problems reported there, or the risk of its firms.
    n_months
        How many months make a blind spot, 1 or more.

    Returns
    -------
    DataFrame
        Columns place, n_months (since the last visit, as many as there are where there was none), visited (ever) and
        need; by need, then by months, then by place.

    Raises
    ------
    GeoError
        When the number of months is below 1, or needs do not fit the matrix.

    Examples
    --------
    >>> matrix = pd.DataFrame([[1, 0, 0], [0, 0, 0], [0, 0, 1]], index=["A1", "A2", "A3"])
    >>> blind_spots(matrix, [5, 1, 9], 2)
      place  n_months  visited  need
    0    A1         2     True   5.0
    1    A2         3    False   1.0
    >>> len(blind_spots(matrix.iloc[:0], [], 2))
    0
    """
    need = np.asarray(needs, dtype=float)
    if n_months < 1 or need.shape != (len(matrix),):
        raise GeoError(f"{n_months} months and {need.size} needs: at least 1 and one for each of {len(matrix)} places")
    counts = matrix.to_numpy() > 0
    visited = counts.any(axis=1)
    # A month before all others, in which everybody was visited, stands for what is not known.
    since = np.argmax(np.column_stack((counts[:, ::-1], np.ones(len(counts), dtype=bool))), axis=1)
    found = pd.DataFrame({"place": matrix.index.astype("str"), "n_months": since, "visited": visited, "need": need})
    blind = found[since >= min(n_months, matrix.shape[1])]
    return blind.sort_values(["need", "n_months", "place"], ascending=[False, False, True], ignore_index=True)
