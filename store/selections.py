"""Which incidents, in SQL: the officer's selection, and rectangles by ranges of cells."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from casework.model import Box, Selection, Severity
from geo.cells import box_cells
from store.rows import to_us
from store.schema import incidents


def matching(selection: Selection) -> list[sa.ColumnElement[bool]]:
    """Conditions on `incidents`, all of which must hold."""
    column = incidents.c
    conditions = []
    if selection.since is not None:
        conditions.append(column.at_us >= to_us(selection.since))
    if selection.until is not None:
        conditions.append(column.at_us < to_us(selection.until))
    if selection.categories:
        conditions.append(column.category.in_([str(one) for one in selection.categories]))
    if selection.sources:
        conditions.append(column.source.in_([str(one) for one in selection.sources]))
    if selection.min_severity > Severity.MINOR:
        conditions.append(column.severity >= int(selection.min_severity))
    if selection.jurisdictions:
        conditions.append(column.jurisdiction_id.in_(selection.jurisdictions))
    return conditions


def in_cells(box_cells: tuple[int, int]) -> list[sa.ColumnElement[bool]]:
    """Conditions for a half-open range of cells."""
    return [incidents.c.cell >= box_cells[0], incidents.c.cell < box_cells[1]]


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
