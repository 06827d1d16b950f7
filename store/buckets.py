"""Incidents counted beforehand, on PostgreSQL: by day and month of a region, by month and year of a cell of the grid.

A period is cut into whole years, months or days, which are read from there, and what is left at its ends, which is
counted row by row. Triggers keep the counts in the transaction of the rows: see the migration that makes them.

An actor sees the counts of own regions. What others share of theirs, by place and category, stands in no count: its
rows are looked up by their key, counted and added. That costs the same for a day as for ten years, so that an actor's
short periods are counted row by row.
"""

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from casework.model import Selection
from store.rows import from_us, to_us
from store.selections import counted as rows_counted
from store.selections import counted_by_cell, day_of, of_kinds

# Bits of a cell's number that the grid of the counts leaves out: a tile of zoom 8 still has 32 of its cells a side.
SHIFT = 26

_DAY_US = 86_400_000_000
# An actor's periods of less than a year go to the rows.
_SHORT = timedelta(days=365)


def _kept(name: str, *more: str) -> sa.TableClause:
    """A table of counts."""
    columns = (sa.column(one, sa.BigInteger) for one in ("months", "from_us", "jurisdiction_id", "n", *more))
    return sa.table(name, *columns, sa.column("kinds", sa.ARRAY(sa.Integer)))


_KINDS = sa.table("incident_kinds", *(sa.column(name) for name in ("category", "source", "severity", "kind")))
_DAYS = _kept("incident_days")
_CELLS = _kept("incident_cells", "cell", "lon", "lat")
_OF_KIND = {"category", "source", "severity"}

# Stands before the view of that name in a query, as views do before tables.
_OF_OTHERS = sa.select(sa.text("*")).select_from(sa.table("incidents_of_others", schema="seen")).cte("incidents")

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Stretch:
    """A part of a period, from an instant until before another; None has no end there.

    It consists of whole stretches of `months` months, or of days where that is 0; None: of rows.
    """

    months: int | None
    from_us: int | None
    until_us: int | None


def stretches(from_us: int | None, until_us: int | None, lengths: Sequence[int]) -> list[Stretch]:
    """A period cut into the longest of `lengths` first, in months or 0 for days, and rows at its ends.

    Examples
    --------
    >>> day = 86_400_000_000
    >>> [(one.months, one.from_us // day, one.until_us // day) for one in stretches(9 * day, 60 * day, (1, 0))]
    [(0, 9, 31), (1, 31, 59), (0, 59, 60)]
    >>> stretches(0, 0, ()), stretches(None, None, (12,))
    ([], [Stretch(months=12, from_us=None, until_us=None)])
    """
    if from_us is not None and until_us is not None and from_us >= until_us:
        return []
    if not lengths:
        return [Stretch(None, from_us, until_us)]
    length, *finer = lengths
    first, last = _first(from_us, length), _first(until_us, length)
    if first != from_us:
        first = _first(from_us, length, 1)
    if first is not None and last is not None and first >= last:
        return stretches(from_us, until_us, finer)
    before = stretches(from_us, first, finer) if first != from_us else []
    after = stretches(last, until_us, finer) if last != until_us else []
    return [*before, Stretch(length, first, last), *after]


def by_cell(
    connection: sa.Connection, selection: Selection, box_cells: tuple[int, int], shift: int, *, today: date | None
) -> Rows | None:
    """Cell, mean lon and lat, number and worst severity of each coarse cell, in their order; None where rows must do.

    The means are of all incidents in the cell that were counted beforehand, also of those that are not chosen. `today`
    is the day of an actor who looks.
    """
    finest = 1 << SHIFT
    if (
        shift < SHIFT
        or box_cells[0] % finest
        or box_cells[1] % finest
        or selection.sources
        or _is_short(selection, today)
    ):
        return None
    kinds, all_chosen = _kinds(connection, selection, ("severity",), with_source=False)
    here = _CELLS.c
    coarse = here.cell.bitwise_rshift(sa.literal_column(str(shift - SHIFT), sa.Integer)).label("coarse")
    of_severity = {severity: sa.func.sum(_sum(which)) for (severity,), which in sorted(kinds.items(), reverse=True)}
    if not of_severity:
        return []
    n = sa.func.sum(here.n) if all_chosen else reduce(operator.add, of_severity.values())
    worst = sa.case(*((total > 0, severity) for severity, total in of_severity.items()), else_=0)
    wanted = sa.select(coarse, sa.func.sum(here.lon), sa.func.sum(here.lat), sa.func.sum(here.n), n, worst)
    wanted = wanted.where(here.cell >= box_cells[0] >> SHIFT, here.cell < box_cells[1] >> SHIFT).group_by(coarse)
    kept, rest = _cut(
        selection, (12, 1), lambda part: counted_by_cell(part, box_cells, shift), shared=today is not None
    )
    found = [tuple(row) for one in kept for row in connection.execute(wanted.where(*_inside(here, one, selection)))]
    for query in rest:
        rows = connection.execute(query)
        found += [(cell, lon * n, lat * n, n, n, severity) for cell, lon, lat, n, severity in rows]
    frame = pd.DataFrame(found, columns=["cell", "lon", "lat", "of", "n", "worst"])
    totals = frame.groupby("cell").agg({"lon": "sum", "lat": "sum", "of": "sum", "n": "sum", "worst": "max"})
    totals = totals[totals["n"] > 0]
    means = [totals[name] / totals["of"] for name in ("lon", "lat")]
    columns = (totals.index, *means, totals["n"], totals["worst"])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def counted(connection: sa.Connection, selection: Selection, by: Sequence[str], *, today: date | None) -> Rows | None:
    """Values of `by` and how many incidents have them, in order; None where rows must do.

    `today` is the day of an actor who looks; without `by` there is one row.
    """
    of_kind = [name for name in by if name in _OF_KIND]
    if (of_kind and "day" in by) or _is_short(selection, today):
        return None
    kinds, all_chosen = _kinds(connection, selection, of_kind, with_source=True)
    here = _DAYS.c
    keys = {"jurisdiction_id": sa.func.nullif(here.jurisdiction_id, ""), "day": day_of(here.from_us)}
    kept = [name for name in by if name in keys]
    grouped = [keys[name] for name in kept]
    totals = [sa.func.sum(here.n if all_chosen and not of_kind else _sum(which)) for which in kinds.values()]
    wanted = sa.select(*grouped, *totals).group_by(*grouped)
    # Where each of `by` stands: in the row, or counted from the end of the kind.
    places = [kept.index(name) if name in keys else of_kind.index(name) - len(of_kind) for name in by]
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    lengths = (0,) if "day" in by else (1, 0)
    whole, rest = _cut(selection, lengths, lambda part: rows_counted(part, by, None), shared=today is not None)
    for stretch in whole if kinds else ():
        for row in connection.execute(wanted.where(*_inside(here, stretch, selection))):
            for kind, n in zip(kinds, row[len(kept) :], strict=True):
                found[tuple(row[place] if place >= 0 else kind[place] for place in places)] += n or 0
    for query in rest:
        for *values, n in connection.execute(query):
            found[tuple(values)] += n
    if not by:
        return [(found[()],)]
    rows = [(*key, n) for key, n in found.items() if n]
    return sorted(rows, key=lambda row: [(value is None, value) for value in row])


def _kinds(
    connection: sa.Connection, selection: Selection, by: Sequence[str], *, with_source: bool
) -> tuple[dict[tuple[Any, ...], list[int]], bool]:
    """Numbers of the chosen kinds, by the values of `by` they have; and whether every kind is chosen."""
    here = _KINDS.c
    wanted = sa.select(here.category, here.source, here.severity, here.kind).order_by(here.kind)
    wanted = wanted.where(here.source != "" if with_source else here.source == "")
    conditions = of_kinds(selection, _KINDS)
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in connection.execute(wanted.where(*conditions)).mappings():
        found.setdefault(tuple(row[name] for name in by), []).append(row["kind"])
    return found, not conditions


def _sum(which: Sequence[int]) -> sa.ColumnElement[int]:
    """How many of some kinds one bucket holds; its array ends at the last kind it has."""
    # In words: hundreds of elements of an expression take longer to be put together than the database to add them.
    return sa.literal_column(" + ".join(f"coalesce(kinds[{int(kind)}], 0)" for kind in which), sa.Integer)


def _cut(
    selection: Selection, lengths: Sequence[int], rows_of: Callable[[Selection], sa.Select[Any]], *, shared: bool
) -> tuple[list[Stretch], list[sa.Select[Any]]]:
    """Stretches of a selection's period that are counted beforehand, and queries for the rows that are not."""
    from_us, until_us = (None if end is None else to_us(end) for end in (selection.since, selection.until))
    cut = stretches(from_us, until_us, lengths)
    whole = [one for one in cut if one.months is not None]
    rest = [rows_of(_within(selection, one)) for one in cut if one.months is None]
    if shared and whole:
        # They lie side by side.
        between = Stretch(None, whole[0].from_us, whole[-1].until_us)
        rest.append(rows_of(_within(selection, between)).add_cte(_OF_OTHERS))
    return whole, rest


def _is_short(selection: Selection, today: date | None) -> bool:
    """Whether an actor's period has fewer rows to count than others may share over all years."""
    if today is None or selection.since is None:
        return False
    until = today if selection.until is None else selection.until.date()
    return until - selection.since.date() < _SHORT


def _within(selection: Selection, stretch: Stretch) -> Selection:
    """A selection in a stretch of its period only."""
    since, until = (None if end is None else from_us(end) for end in (stretch.from_us, stretch.until_us))
    return replace(selection, since=since, until=until)


def _inside(here: Any, stretch: Stretch, selection: Selection) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions on counts: of a stretch, and of the regions of a selection."""
    yield here.months == stretch.months
    if stretch.from_us is not None:
        yield here.from_us >= stretch.from_us
    if stretch.until_us is not None:
        yield here.from_us < stretch.until_us
    if selection.jurisdictions:
        yield here.jurisdiction_id.in_(selection.jurisdictions)


def _first(at_us: int | None, months: int, more: int = 0) -> int | None:
    """When the stretch began that holds an instant, or the one `more` stretches later."""
    if at_us is None:
        return None
    if not months:
        return (at_us // _DAY_US + more) * _DAY_US
    month = int(np.datetime64(at_us, "us").astype("datetime64[M]").astype(np.int64))
    return int(np.datetime64((month // months + more) * months, "M").astype("datetime64[us]").astype(np.int64))
