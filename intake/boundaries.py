"""Outlines straight from a file, for verbs that need no store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from casework.model import Kind, Reject
from geo.frames import JURISDICTIONS
from intake.columns import recognise
from intake.errors import ColumnError, FileError
from intake.files import open_table
from intake.ids import Seen, Shared
from intake.mapping import Mapping
from intake.reading import Options, Reading

_REPAIRS = ["id", "reason", "area_before_m2", "area_after_m2"]


@dataclass(frozen=True)
class Outlines:
    """The outlines of a file, and what was done to them on the way.

    `frame` is a JURISDICTIONS frame in EPSG:4326; `repairs` has id, reason, area_before_m2, area_after_m2; `rejects` are
    rows that could not be taken; `n_joined` rows were joined to another of the same id; `datum` says whose word counted.
    """

    frame: gpd.GeoDataFrame
    repairs: pd.DataFrame
    rejects: tuple[Reject, ...]
    n_joined: int
    datum: str


def read_boundaries(path: Path, id_column: str | None = None, datum: str | None = None) -> gpd.GeoDataFrame:
    """JURISDICTIONS frame of a boundary file, in EPSG:4326; a file without names is named by its ids, and the reverse.

    Parameters
    ----------
    path
        Any form that `open_table` reads.
    id_column
        Header of the ids; None: looked for.
    datum
        wgs84, cgcs2000, gcj02, bd09 or EPSG:n; None: the file's own word.

    Raises
    ------
    CaseError
        The file cannot be taken, no outline is in it, or one of them is faulty: with no quarantine to wait in, none is
        left out silently.
    """
    found = read_outlines(path, id_column, datum)
    if found.rejects:
        raise FileError(f"{path.name}: {fault_words(found.rejects)}.")
    return found.frame


def read_outlines(
    path: Path, id_column: str | None = None, datum: str | None = None, *, join_rows: bool = False
) -> Outlines:
    """The outlines of a boundary file with an account of what was repaired, joined and left out.

    Parameters
    ----------
    path, id_column, datum
        As `read_boundaries`.
    join_rows
        Whether rows of the same id are parts of one jurisdiction; otherwise all but the first are left out.

    Raises
    ------
    CaseError
        The file cannot be taken, or no outline is in it.
    """
    table = open_table(path)
    named = {} if id_column is None else {"id": id_column}
    columns = recognise(Kind.BOUNDARIES, table.columns, named, {"id": "", "name": ""}, has_shapes=table.has_shapes)
    label = columns.get("id", columns.get("name", ""))
    if not label:
        raise ColumnError(
            f"{path.name}: no column of ids or names was recognised; name one with --id-column. "
            f"The file has: {', '.join(table.columns) or 'none'}."
        )
    named |= {"id": label, "name": columns.get("name", label)}
    # Outlines carry no dates, so the present is of no use here.
    reading = Reading(table, Kind.BOUNDARIES, Options(datum, mapping=Mapping(columns=named)), datetime.now(UTC))
    parts = list(reading.parts(Shared() if join_rows else Seen()))
    rejects = tuple(reject for part in parts for reject in part.rejects)
    frames = [part.rows for part in parts if len(part.rows)]
    if not frames:
        why = f": {fault_words(rejects)}" if rejects else ""
        raise FileError(f"{path.name}: there is no outline in it{why}.")
    outlines = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=4326)
    n_rows = len(outlines)
    if join_rows:
        outlines = _joined(outlines)
    JURISDICTIONS.check(outlines)
    repairs = pd.concat([pd.DataFrame(columns=_REPAIRS), *reading.tally.repairs], ignore_index=True)
    return Outlines(outlines, repairs[_REPAIRS], rejects, n_rows - len(outlines), reading.reference.words)


def fault_words(rejects: Sequence[Reject]) -> str:
    """What is wrong with the first of some rows, and how many more there are."""
    first = rejects[0]
    more = f" and {len(rejects) - 1:,} more rows are at fault" if len(rejects) > 1 else ""
    return f"row {first.row}, {first.field}: {first.value!r}, expected {first.expected}{more}"


def _joined(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row for each id, with all its ground and the first row's other columns."""
    first = rows.drop_duplicates("id")
    several = rows["id"].duplicated(keep=False)
    ground = {one: shapely.union_all(some.geometry.to_numpy()) for one, some in rows[several].groupby("id")}
    shapes = [ground.get(one, shape) for one, shape in zip(first["id"], first.geometry, strict=True)]
    return gpd.GeoDataFrame(first.set_geometry(shapes, crs=rows.crs).reset_index(drop=True))
