"""Features out of map files that GDAL reads: GeoJSON, GeoPackage, shapefile, FlatGeobuf."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from intake import encodings
from intake.errors import FileError
from intake.tables import BATCH_ROWS, Batch, Table, one_layer, text_of, unique_headers

_GEOJSON = (".geojson", ".json")
_LATIN_1 = "ISO-8859-1"
_WGS84 = ("EPSG:4326", "OGC:CRS84")


def open_map(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """The table in a map file's only layer, or in the one named.

    Raises
    ------
    FileError
        GDAL cannot read it, there are several layers and none was named, or the layer has no geometry.
    """
    try:
        if path.suffix.lower() in _GEOJSON:
            return _open_geojson(path, encoding)
        name = one_layer(path, [str(name) for name, _ in pyogrio.list_layers(path)], layer)
        info = pyogrio.read_info(path, layer=name)
        if info["driver"] == "ESRI Shapefile":
            return _open_shapefile(path, name, encoding)
        return _table(path, info, info["driver"], lambda: _batches(path, name, None, str))
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise FileError(f"{path.name}: this map file cannot be read ({error}).") from error


def _table(
    path: Path, info: dict[str, Any], form: str, batches: Callable[[], Iterator[Batch]], encoding: str | None = None
) -> Table:
    crs = info["crs"]
    by_standard = "the GeoJSON standard" if form == "GeoJSON" and crs in _WGS84 else None
    return Table(
        path=path,
        form=form,
        columns=tuple(unique_headers([str(name) for name in info["fields"]])),
        batches=batches,
        has_shapes=info["geometry_type"] is not None,
        crs=None if crs is None else str(crs),
        crs_by_standard=by_standard,
        encoding=encoding,
        n_rows=int(info["features"]) if info["features"] >= 0 else None,
    )


def _open_geojson(path: Path, named: str | None) -> Table:
    """GeoJSON is UTF-8 by its standard; offices also send it in GB18030, so it is rewritten when it is not."""
    found = encodings.of_file(path, named)

    def batches() -> Iterator[Batch]:
        with _as_utf8(path, found) as readable:
            yield from _batches(readable, None, None, str)

    with _as_utf8(path, found) as readable:
        info = pyogrio.read_info(readable, force_feature_count=True)
    return _table(path, info, "GeoJSON", batches, found.words)


@contextmanager
def _as_utf8(path: Path, found: encodings.Encoding) -> Iterator[Path]:
    if found.codec == "utf-8" and found.strict:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.geojson"
        with path.open(encoding=found.codec, errors="replace") as old, copy.open("w", encoding="utf-8") as new:
            while block := old.read(1 << 20):
                new.write(block)
        yield copy


def _open_shapefile(path: Path, layer: str, named: str | None) -> Table:
    """Shapefiles often lie about their encoding or say nothing: the bytes are read as they are and decoded here."""
    with pyogrio.open_arrow(
        path, layer=layer, encoding=_LATIN_1, use_pyarrow=True, read_geometry=False, batch_size=BATCH_ROWS
    ) as (meta, reader):
        texts = set(meta["fields"])
        for part in reader:
            for column, kind in zip(part.columns, part.schema.types, strict=True):
                if str(kind) in ("string", "large_string"):
                    texts.update(text for text in column.to_pylist() if text and not text.isascii())
    found = encodings.of_cells((text.encode("latin-1") for text in texts), named)

    def decoded(text: str) -> str:
        return text if text.isascii() else text.encode("latin-1").decode(found.codec, "replace")

    info = pyogrio.read_info(path, layer=layer, encoding=_LATIN_1)
    info["fields"] = [decoded(name) for name in meta["fields"]]
    return _table(path, info, "shapefile", lambda: _batches(path, layer, _LATIN_1, decoded), found.words)


def _batches(path: Path, layer: str | None, encoding: str | None, decoded: Callable[[str], str]) -> Iterator[Batch]:
    with pyogrio.open_arrow(
        path, layer=layer, encoding=encoding, use_pyarrow=True, datetime_as_string=True, batch_size=BATCH_ROWS
    ) as (meta, reader):
        shape_column = meta["geometry_name"] or "wkb_geometry"
        first = 1
        for part in reader:
            columns = {
                name: [decoded(text_of(value)) for value in column.to_pylist()]
                for name, column in zip(part.schema.names, part.columns, strict=True)
                if name != shape_column
            }
            frame = pd.DataFrame(columns, dtype=object, index=range(part.num_rows))
            frame.columns = pd.Index(unique_headers([decoded(str(name)) for name in frame.columns]), dtype=object)
            shapes = None
            if shape_column in part.schema.names:
                shapes = shapely.from_wkb(
                    np.asarray(part.column(shape_column).to_pylist(), object), on_invalid="ignore"
                )
            yield Batch(frame, np.arange(first, first + part.num_rows), shapes)
            first += part.num_rows
