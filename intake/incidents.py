"""Incidents straight from a file, for verbs that need no store."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from casework.model import Kind, Reject
from intake.errors import FileError
from intake.files import open_table
from intake.reading import Options, Reading

_UNSAID = {"category": "other", "source": "other", "severity": "1"}


def read_incidents(path: Path, options: Options, now: datetime) -> tuple[gpd.GeoDataFrame, list[Reject]]:
    """The incidents of a file, EPSG:4326, and the rows that were left out; only places and times are needed.

    Parameters
    ----------
    path
        Any form that `open_table` reads.
    options
        What was said about it.
    now
        The present; later dates are left out.

    Raises
    ------
    CaseError
        The file as a whole cannot be taken.
    """
    said = options.mapping
    table = open_table(path, encoding=said.encoding, layer=said.layer)
    mapping = replace(said, defaults={**_UNSAID, **said.defaults})
    reading = Reading(table, Kind.INCIDENTS, replace(options, mapping=mapping), now)
    parts = list(reading.parts())
    frames = [part.rows for part in parts]
    if not frames:
        raise FileError(f"{path.name}: there is no incident in it.")
    rows = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=4326)
    return rows, [reject for part in parts for reject in part.rejects]
