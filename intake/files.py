"""A file opened by its suffix."""

from collections.abc import Callable, Mapping
from pathlib import Path

from intake import delimited, mapfiles, parquet, sheets
from intake.errors import FileError
from intake.packed import check_packed
from intake.tables import Table

_READERS: Mapping[str, Callable[..., Table]] = {
    ".csv": delimited.open_delimited,
    ".txt": delimited.open_delimited,
    ".tsv": delimited.open_delimited,
    ".xlsx": sheets.open_sheet,
    ".xls": sheets.open_sheet,
    ".geojson": mapfiles.open_map,
    ".json": mapfiles.open_map,
    ".gpkg": mapfiles.open_map,
    ".shp": mapfiles.open_map,
    ".zip": mapfiles.open_map,
    ".fgb": mapfiles.open_map,
    ".parquet": parquet.open_parquet,
    ".geoparquet": parquet.open_parquet,
}
_PACKED = frozenset({".xlsx", ".zip"})


def open_table(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """The table in a file, by its suffix: CSV, Excel, GeoJSON, GeoPackage, shapefile (zipped too), FlatGeobuf, GeoParquet.

    Parameters
    ----------
    path
        The file.
    encoding
        Codec of its text where the file's own word is wrong; None: looked for strictly.
    layer
        Sheet or layer to read when there are several.

    Raises
    ------
    FileError
        Missing, empty, of an unknown form, or with several layers and none named.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise FileError(f"{path.name}: the form {suffix or 'without suffix'} is not read; use {', '.join(_READERS)}.")
    if not path.is_file():
        raise FileError(f"{path}: there is no such file.")
    if path.stat().st_size == 0:
        raise FileError(f"{path.name}: the file is empty.")
    try:
        if suffix in _PACKED:
            check_packed(path)
        return _READERS[suffix](path, encoding=encoding, layer=layer)
    except OSError as error:
        raise FileError(f"{path.name}: {error}") from error
