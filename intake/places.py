"""Places out of any table or map file: an id and a point, whatever else its rows may tell."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.model import Kind
from intake import positions
from intake.columns import plain
from intake.errors import ColumnError, FileError
from intake.faults import Faults
from intake.fields import FIELDS
from intake.files import open_table
from intake.reference import Reference, reference_of
from intake.tables import Batch, Shapes, Table, stripped

_WANTED = ("id", "lon", "lat")


@dataclass(frozen=True)
class Places:
    """Columns id and geometry, EPSG:4326; and a sentence for each row that was left out."""

    frame: gpd.GeoDataFrame
    left_out: tuple[str, ...]


def read_places(path: Path, id_column: str | None = None, datum: str | None = None) -> Places:
    """The places of a file, by their ids.

    Parameters
    ----------
    path
        CSV, Excel, GeoJSON, GeoPackage, shapefile, FlatGeobuf or GeoParquet, with points or columns of lon and lat.
    id_column
        Column that holds the ids; without it the one called so, else the rows are numbered from 1.
    datum
        One of `geo.crs.Datum` or EPSG:n; without it the file's own word counts.

    Raises
    ------
    CaseError
        When the file cannot be read, has no coordinates or no datum, holds no place, or holds an id twice.
    """
    table = open_table(path)
    columns = _columns(table, id_column)
    reference = reference_of(table, datum, None, tuple(columns[name] for name in ("lon", "lat") if name in columns))
    ids: list[str] = []
    shapes: list[Shapes] = []
    left_out: list[str] = []
    for batch in table.batches():
        faults = Faults(len(batch.cells))
        points = _points(batch, columns, reference, faults)
        named = stripped(batch.cells[columns["id"]]).to_numpy() if "id" in columns else batch.rows.astype(str)
        left_out += [
            f"{path.name} row {batch.rows[k]}, {fault.field}: {fault.value!r}, expected {fault.expected}"
            for k, fault in faults.by_row.items()
        ]
        ids += [str(one) for one in named[faults.good]]
        shapes.append(points[faults.good])
    if not ids:
        raise FileError(f"{path.name}: there is no place in it" + (f"; {left_out[0]}." if left_out else "."))
    twice = pd.Series(ids)[pd.Series(ids).duplicated()]
    if len(twice):
        raise FileError(f"{path.name}: the id {twice.iloc[0]!r} is there twice; each place needs one of its own.")
    frame = gpd.GeoDataFrame({"id": pd.Series(ids, dtype="str")}, geometry=np.concatenate(shapes), crs=4326)
    return Places(frame, tuple(left_out))


def _columns(table: Table, id_column: str | None) -> dict[str, str]:
    """Which header holds the id, the longitude and the latitude."""
    if id_column is not None and id_column not in table.columns:
        raise ColumnError(f"There is no column {id_column!r} for id; the file has: {', '.join(table.columns)}.")
    by_plain = {plain(header): header for header in reversed(table.columns)}
    found = {
        field.name: by_plain[plain(word)]
        for field in FIELDS[Kind.STATIONS]
        if field.name in _WANTED
        for word in reversed(field.headers)
        if plain(word) in by_plain
    }
    if id_column is not None:
        found["id"] = id_column
    if table.has_shapes:
        return {name: header for name, header in found.items() if name == "id"}
    missing = [name for name in ("lon", "lat") if name not in found]
    if missing:
        raise ColumnError(
            f"{table.path.name}: there is no column for {', '.join(missing)}; it has: {', '.join(table.columns)}."
        )
    return found


def _points(batch: Batch, columns: dict[str, str], reference: Reference, faults: Faults) -> Shapes:
    """The rows' points in EPSG:4326."""
    if batch.shapes is not None:
        return positions.from_shapes(batch.shapes, "geometry", reference, faults, None)
    x, y = columns["lon"], columns["lat"]
    return positions.from_columns(positions.Columns(batch.cells[x], batch.cells[y], x, y), reference, faults, None)
