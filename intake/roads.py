"""Streets out of any map file of lines: GeoPackage, shapefile, GeoJSON, FlatGeobuf, with a speed or class column."""

from pathlib import Path

import numpy as np
import shapely

from geo.streets import RoadClass, Streets
from intake.columns import plain
from intake.errors import ColumnError, FileError
from intake.files import open_table
from intake.loading import Progress
from intake.osm import read_osm, told_kmh
from intake.reference import reference_of
from intake.tables import stripped

_SPEED = ("kmh", "speed", "maxspeed", "speed_kmh", "speed_kph", "速度", "限速", "设计速度")
_CLASS = ("highway", "fclass", "class", "road_class", "type", "道路等级", "技术等级")
_ONEWAY = ("oneway", "one_way", "单行")
_WORDS = {
    **{str(one.name).lower(): one for one in RoadClass},
    "高速公路": RoadClass.MOTORWAY,
    "高速": RoadClass.MOTORWAY,
    "国道": RoadClass.TRUNK,
    "省道": RoadClass.PRIMARY,
    "县道": RoadClass.SECONDARY,
    "乡道": RoadClass.TERTIARY,
    "村道": RoadClass.UNCLASSIFIED,
}
_ALONG, _AGAINST = ("yes", "true", "1", "f", "ft", "是"), ("-1", "reverse", "t", "tf")
_OSM = (".pbf", ".osm", ".bz2", ".gz")
_SAME_DEG = 7  # decimals: ends a centimetre apart are one point


def read_roads(path: Path, datum: str | None = None, progress: Progress = lambda _done, _all: None) -> Streets:
    """The streets of a file: an OpenStreetMap extract by its ending, else lines."""
    return read_osm(path, progress) if path.suffix.lower() in _OSM else read_lines(path, datum)


def read_lines(path: Path, datum: str | None = None) -> Streets:
    """The streets of a file of lines; lines are joined where they share a vertex, to a centimetre.

    Parameters
    ----------
    path
        GeoPackage, shapefile, GeoJSON or FlatGeobuf.
    datum
        One of `geo.crs.Datum` or EPSG:n; without it the file's own word counts.

    Raises
    ------
    CaseError
        When the file cannot be read, names no datum, holds no line, or has neither a speed nor a class column.
    """
    table = open_table(path)
    by_plain = {plain(header): header for header in reversed(table.columns)}
    speed, named, oneway = (
        next((by_plain[plain(word)] for word in words if plain(word) in by_plain), None)
        for words in (_SPEED, _CLASS, _ONEWAY)
    )
    if not table.has_shapes or (speed is None and named is None):
        raise ColumnError(
            f"{path.name}: lines with a column of speeds ({_SPEED[0]}) or classes ({_CLASS[0]}) were expected; "
            f"it has: {', '.join(table.columns)}."
        )
    reference = reference_of(table, datum, None, ())
    points, kmh, classes, ways = [], [], [], []
    for batch in table.batches():
        shapes = reference.shapes(shapely.force_2d(np.asarray(batch.shapes, dtype=object)))
        empty = np.full(len(shapes), "", dtype=object)
        texts = [stripped(batch.cells[one]).to_numpy() if one else empty for one in (speed, named, oneway)]
        lines, row = shapely.get_parts(shapes, return_index=True)
        for line, k in zip(lines, row, strict=True):
            if line.geom_type != "LineString":
                continue
            xy = shapely.get_coordinates(line)
            points.append(np.stack((xy[:-1], xy[1:]), axis=1))
            n, way = len(xy) - 1, texts[2][k].lower()
            kmh += [told_kmh(texts[0][k]) or np.nan] * n
            classes += [_WORDS.get(texts[1][k].lower().removesuffix("_link"), RoadClass.OTHER)] * n
            ways += [1 if way in _ALONG else 2 if way in _AGAINST else 3] * n
    if not points:
        raise FileError(f"{path.name}: there is no line in it.")
    ends = np.concatenate(points)
    lonlat, rows = np.unique(ends.reshape(-1, 2).round(_SAME_DEG), axis=0, return_inverse=True)
    begins, stops = rows.reshape(-1, 2).T.astype(np.int32)
    may = np.array(ways)
    return Streets(
        lonlat, begins, stops, np.array(kmh), np.array(classes, dtype=np.int8), (may & 1) > 0, (may & 2) > 0,
        source=path.name,
    )  # fmt: skip
