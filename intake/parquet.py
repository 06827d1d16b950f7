"""Rows out of Parquet: GeoParquet with shapes, or a plain table with coordinate columns."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from intake.errors import FileError
from intake.tables import BATCH_ROWS, Batch, Table, text_of


def open_parquet(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """The table in a Parquet file.

    Raises
    ------
    FileError
        Not Parquet, or shapes in another form than WKB.
    """
    del encoding, layer  # Parquet is UTF-8 and holds one table
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise FileError(f"{path.name}: this is not a Parquet file ({error}).") from error
    schema = file.schema_arrow
    geo: dict[str, Any] = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    shape_column = geo.get("primary_column")
    described = geo.get("columns", {}).get(shape_column, {})
    if shape_column is not None and described.get("encoding") != "WKB":
        raise FileError(f"{path.name}: shapes in the form {described.get('encoding')} are not read; write them as WKB.")
    columns = tuple(name for name in schema.names if name not in (shape_column, "bbox", "__index_level_0__"))
    crs, by_standard = _reference(described) if shape_column is not None else (None, None)
    return Table(
        path=path,
        form="GeoParquet" if shape_column is not None else "Parquet",
        columns=columns,
        batches=lambda: _batches(path, columns, shape_column),
        has_shapes=shape_column is not None,
        crs=crs,
        crs_by_standard=by_standard,
        n_rows=file.metadata.num_rows,
    )


def _reference(described: dict[str, Any]) -> tuple[str | None, str | None]:
    """CRS and by which standard, if the file leaves it to the standard: absent is WGS-84, null is unknown."""
    if "crs" not in described:
        return "OGC:CRS84", "the GeoParquet standard"
    if described["crs"] is None:
        return None, None
    crs = pyproj.CRS.from_user_input(described["crs"])
    authority = crs.to_authority()
    return (":".join(authority) if authority else crs.to_wkt()), None


def _batches(path: Path, columns: tuple[str, ...], shape_column: str | None) -> Iterator[Batch]:
    wanted = [*columns, *([shape_column] if shape_column is not None else [])]
    first = 1 if shape_column is not None else 2
    for part in pq.ParquetFile(path).iter_batches(batch_size=BATCH_ROWS, columns=wanted):
        frame = pd.DataFrame(
            {name: [text_of(value) for value in part.column(name).to_pylist()] for name in columns},
            dtype=object,
            index=range(part.num_rows),
        )
        shapes = None
        if shape_column is not None:
            shapes = shapely.from_wkb(np.asarray(part.column(shape_column).to_pylist(), object), on_invalid="ignore")
        yield Batch(frame, np.arange(first, first + part.num_rows), shapes)
        first += part.num_rows
