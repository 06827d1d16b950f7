"""Incidents counted and cut into tiles, from the indexes alone."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from casework.errors import CaseError
from casework.model import Box, Selection
from store.database import Database
from store.rows import FLOAT, INT, TEXT, table
from store.schema import incidents
from store.selections import chosen, in_cells, matching

_BY = {"category": TEXT, "source": TEXT, "severity": INT, "jurisdiction_id": TEXT, "day": TEXT}
_DAY_US = 86_400_000_000
# Days are counted from the first there is: division rounds towards zero, which is a whole day off before 1970.
_FIRST_DAY_US = (date.min.toordinal() - date(1970, 1, 1).toordinal()) * _DAY_US


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
        columns = dict.fromkeys(("at_us", *(name for name in by if name != "day")))
        found = chosen([incidents.c[name] for name in columns], selection, box).subquery()
        if box is None:
            # Says nothing, but leads to the smaller index, which has the days in order.
            found = sa.select(found).where(found.c.at_us >= _FIRST_DAY_US).subquery()
        # The day as a number: SQLite sorts those several times faster than texts.
        keys = [_day(found.c.at_us) if name == "day" else found.c[name] for name in by]
        wanted = sa.select(*keys, sa.func.count()).select_from(found).group_by(*keys).order_by(*keys)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        dtypes = {name: INT if name == "day" else _BY[name] for name in by}
        frame = table(rows, {**dtypes, "n": INT})
        if "day" in by:
            days = [date.fromordinal(number + 1).isoformat() for number in frame["day"].tolist()]
            frame["day"] = pd.Series(days, dtype=TEXT)
        return frame

    def incident_cells(self, selection: Selection, box_cells: tuple[int, int], shift: int) -> pd.DataFrame:
        """See `casework.ports.Store.incident_cells`; in the order of the cells."""
        column = incidents.c
        figures = (sa.func.avg(column.lon), sa.func.avg(column.lat), sa.func.count(), sa.func.max(column.severity))
        with self._database.read() as connection:
            rows = self._database.counted_by_cell(connection, figures, matching(selection), box_cells, shift)
        return table(rows, {"cell": INT, "lon": FLOAT, "lat": FLOAT, "n": INT, "max_severity": INT})

    def incident_points(self, selection: Selection, box_cells: tuple[int, int]) -> pd.DataFrame:
        """See `casework.ports.Store.incident_points`; in the order of the cells."""
        column = incidents.c
        wanted = sa.select(column.lon, column.lat, column.category, column.severity)
        wanted = wanted.where(*matching(selection), *in_cells(box_cells)).order_by(column.cell)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return table(rows, {"lon": FLOAT, "lat": FLOAT, "category": TEXT, "severity": INT})


def _day(at_us: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Number of the UTC day, 0 on the first of the year 1."""
    first, length = (sa.literal_column(str(number), sa.BigInteger) for number in (_FIRST_DAY_US, _DAY_US))
    return (at_us - first) // length
