"""Incidents counted and cut into tiles, from counts kept beforehand or from the indexes alone."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from casework.errors import CaseError
from casework.model import Box, Selection
from store.database import Database
from store.rows import FLOAT, INT, TEXT, table
from store.schema import incidents
from store.selections import in_cells, matching

_BY = {"category": TEXT, "source": TEXT, "severity": INT, "jurisdiction_id": TEXT, "day": TEXT}


class Counts:
    """How many incidents, by what, and where."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count_incidents(self, selection: Selection, by: Sequence[str] = (), box: Box | None = None) -> pd.DataFrame:
        """See `casework.ports.Store.count_incidents`; ordered by the columns `by`.

        Raises
        ------
        CaseError
            When `by` names something that is not counted by.
        """
        unknown = [name for name in by if name not in _BY]
        if unknown:
            raise CaseError(f"Incidents are counted by {', '.join(_BY)}, not by {unknown[0]!r}.")
        with self._database.read() as connection:
            rows = self._database.counted(connection, selection, by, box)
        dtypes = {name: INT if name == "day" else _BY[name] for name in by}
        frame = table(rows, {**dtypes, "n": INT})
        if "day" in by:
            days = [date.fromordinal(number + 1).isoformat() for number in frame["day"].tolist()]
            frame["day"] = pd.Series(days, dtype=TEXT)
        return frame

    def incident_cells(self, selection: Selection, box_cells: tuple[int, int], shift: int) -> pd.DataFrame:
        """See `casework.ports.Store.incident_cells`; in the order of the cells."""
        with self._database.read() as connection:
            rows = self._database.counted_by_cell(connection, selection, box_cells, shift)
        return table(rows, {"cell": INT, "lon": FLOAT, "lat": FLOAT, "n": INT, "max_severity": INT})

    def incident_points(self, selection: Selection, box_cells: tuple[int, int]) -> pd.DataFrame:
        """See `casework.ports.Store.incident_points`; in the order of the cells."""
        column = incidents.c
        wanted = sa.select(column.lon, column.lat, column.category, column.severity)
        wanted = wanted.where(*matching(selection), *in_cells(box_cells)).order_by(column.cell)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return table(rows, {"lon": FLOAT, "lat": FLOAT, "category": TEXT, "severity": INT})
