"""Outlines straight from a file, for verbs that need no store."""

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from casework.model import Kind
from geo.frames import JURISDICTIONS
from intake.columns import recognise
from intake.errors import FileError
from intake.files import open_table
from intake.mapping import Mapping
from intake.reading import Options, Reading


def read_boundaries(path: Path, id_column: str | None = None, datum: str | None = None) -> gpd.GeoDataFrame:
    """JURISDICTIONS frame of a boundary file, in EPSG:4326; a file without names is named by its ids.

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
    table = open_table(path)
    named = {} if id_column is None else {"id": id_column}
    columns = recognise(Kind.BOUNDARIES, table.columns, named, {"name": ""}, has_shapes=table.has_shapes)
    if "name" not in columns and "id" in columns:
        named |= {"id": columns["id"], "name": columns["id"]}
    # Outlines carry no dates, so the present is of no use here.
    reading = Reading(table, Kind.BOUNDARIES, Options(datum, mapping=Mapping(columns=named)), datetime.now(UTC))
    parts = list(reading.parts())
    rejects = [reject for part in parts for reject in part.rejects]
    if rejects:
        first = rejects[0]
        more = f" and {len(rejects) - 1:,} more rows are at fault" if len(rejects) > 1 else ""
        raise FileError(
            f"{path.name}: row {first.row}, {first.field}: {first.value!r}, expected {first.expected}{more}."
        )
    frames = [part.rows for part in parts if len(part.rows)]
    if not frames:
        raise FileError(f"{path.name}: there is no outline in it.")
    outlines = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=4326)
    JURISDICTIONS.check(outlines)
    return outlines
