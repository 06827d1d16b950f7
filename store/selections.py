"""Which incidents, in SQL: the officer's selection, and rectangles by ranges of cells."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from casework.model import Box, Selection, Severity
from geo.cells import box_cells
from store.rows import to_us
from store.schema import incidents

_DAY_US = 86_400_000_000
# Days are counted from the first there is: division rounds towards zero, which is a whole day off before 1970.
_FIRST_DAY_US = (date.min.toordinal() - date(1970, 1, 1).toordinal()) * _DAY_US
# Of a cell's incidents: where they are in the mean, how many, and the worst.
FIGURES = (
    sa.func.avg(incidents.c.lon),
    sa.func.avg(incidents.c.lat),
    sa.func.count(),
    sa.func.max(incidents.c.severity),
)


def matching(selection: Selection) -> list[sa.ColumnElement[bool]]:
    """Conditions on `incidents`, all of which must hold."""
    column = incidents.c
    conditions = []
    if selection.since is not None:
        conditions.append(column.at_us >= to_us(selection.since))
    if selection.until is not None:
        conditions.append(column.at_us < to_us(selection.until))
    conditions += of_kinds(selection, incidents)
    if selection.jurisdictions:
        conditions.append(column.jurisdiction_id.in_(selection.jurisdictions))
    return conditions


def of_kinds(selection: Selection, table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    """Conditions on category, source and severity in a table that has them; none where every kind is chosen."""
    column = table.c
    conditions: list[sa.ColumnElement[bool]] = []
    if selection.categories:
        conditions.append(column.category.in_([str(one) for one in selection.categories]))
    if selection.sources:
        conditions.append(column.source.in_([str(one) for one in selection.sources]))
    if selection.min_severity > Severity.MINOR:
        conditions.append(column.severity >= int(selection.min_severity))
    return conditions


def in_cells(box_cells: tuple[int, int]) -> list[sa.ColumnElement[bool]]:
    """Conditions for a half-open range of cells."""
    return [incidents.c.cell >= box_cells[0], incidents.c.cell < box_cells[1]]


def day_of(at_us: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Number of the UTC day, 0 on the first of the year 1."""
    first, length = (sa.literal_column(str(number), sa.BigInteger) for number in (_FIRST_DAY_US, _DAY_US))
    return (at_us - first) // length


def counted(selection: Selection, by: Sequence[str], box: Box | None) -> sa.Select[Any]:
    """Query for the values of `by` and how many incidents of a selection have them, in order."""
    columns = dict.fromkeys(("at_us", *(name for name in by if name != "day")))
    found = chosen([incidents.c[name] for name in columns], selection, box).subquery()
    if box is None:
        # Says nothing, but leads to the smaller index, which has the days in order.
        found = sa.select(found).where(found.c.at_us >= _FIRST_DAY_US).subquery()
    # The day as a number: SQLite sorts those several times faster than texts.
    keys = [day_of(found.c.at_us) if name == "day" else found.c[name] for name in by]
    return sa.select(*keys, sa.func.count()).select_from(found).group_by(*keys).order_by(*keys)


def counted_by_cell(selection: Selection, box_cells: tuple[int, int], shift: int) -> sa.Select[Any]:
    """Query for number and `FIGURES` of each coarse cell of incidents in a range of fine cells, in order."""
    coarse = incidents.c.cell.bitwise_rshift(sa.literal_column(str(int(shift)), sa.Integer)).label("coarse")
    wanted = sa.select(coarse, *FIGURES).where(*matching(selection), *in_cells(box_cells))
    return wanted.group_by(coarse).order_by(coarse)


def chosen(
    columns: Sequence[sa.ColumnElement[Any]], selection: Selection, box: Box | None
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Query for `columns` of the incidents of a selection, in a rectangle if there is one."""
    wanted = sa.select(*columns).where(*matching(selection))
    if box is None:
        return wanted
    place = incidents.c
    inside = (place.lon.between(box.west, box.east), place.lat.between(box.south, box.north))
    ranges = box_cells(box.west, box.south, box.east, box.north)
    # One query per range, each a single walk along the index; joined by OR they would leave it.
    parts = [wanted.where(*in_cells(one), *inside) for one in ranges]
    return sa.union_all(*parts) if parts else wanted.where(sa.false())
