"""What a file's coordinates refer to: said by somebody, or by the file; never guessed."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from geo.crs import Datum, shapes_to_wgs84, to_wgs84, transformer
from intake.errors import DatumMissingError
from intake.tables import Shapes, Table

Floats = npt.NDArray[np.float64]
_EARTH_M, _EARTHS_DIFFER_M = 6_378_137.0, 10_000.0
_WORDS = {Datum.WGS84: "WGS-84", Datum.CGCS2000: "CGCS2000", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}
_GEOGRAPHIC = {4326: Datum.WGS84, 4490: Datum.CGCS2000}
_IN_HEADER = {
    "wgs84": Datum.WGS84,
    "cgcs2000": Datum.CGCS2000,
    "gcj02": Datum.GCJ02,
    "bd09": Datum.BD09,
    "火星": Datum.GCJ02,
    "百度": Datum.BD09,
    "高德": Datum.GCJ02,
}
DATUMS = tuple(str(datum) for datum in Datum)


@dataclass(frozen=True)
class Reference:
    """A datum in degrees, or any other reference system; and why it is taken for this file."""

    datum: Datum | None
    crs: pyproj.CRS | None
    why: str

    @property
    def name(self) -> str:
        """Short text that names it again: a datum, or EPSG:n."""
        if self.datum is not None:
            return str(self.datum)
        assert self.crs is not None
        return _crs_name(self.crs)

    @property
    def words(self) -> str:
        """The name and the reason, for a summary."""
        return f"{_WORDS[self.datum] if self.datum is not None else self.name}, {self.why}"

    @property
    def in_degrees(self) -> bool:
        """Whether x and y are longitude and latitude."""
        return self.datum is not None or (self.crs is not None and self.crs.is_geographic)

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude in WGS-84, degrees; infinite where the reference system does not reach."""
        if self.datum is not None:
            return to_wgs84(x, y, self.datum)
        lon, lat = self._way().transform(x, y)
        return np.asarray(lon, float), np.asarray(lat, float)

    def shapes(self, shapes: Shapes) -> Shapes:
        """The same shapes in WGS-84."""
        if self.datum is not None:
            return shapes_to_wgs84(shapes, self.datum)
        way = self._way()
        moved: Shapes = shapely.transform(shapes, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))
        return moved

    def _way(self) -> pyproj.Transformer:
        assert self.crs is not None
        return transformer(self.crs, inverse=True)


def reference_of(
    table: Table, said: str | None, mapped: str | None = None, coordinate_headers: tuple[str, ...] = ()
) -> Reference:
    """The reference of a file's coordinates: said on the way in, else in its mapping file, else by the file itself.

    Parameters
    ----------
    table
        The open file; its CRS counts when nobody said anything.
    said, mapped
        A datum's name or EPSG:n.
    coordinate_headers
        Headers of the coordinate columns, which may name a datum: 经度(GCJ-02).

    Raises
    ------
    DatumMissingError
        Nobody and nothing names it, an unknown name, or two answers that exclude each other.
    """
    own = _own(table, coordinate_headers)
    for name, why in ((said, "as you said"), (mapped, "as the mapping file says")):
        if name:
            return _agreed(table, named(name, why), own)
    if own is None:
        raise DatumMissingError(
            f"{table.path.name} does not say which datum its coordinates refer to. Say it with --datum "
            f"({', '.join(DATUMS)} or EPSG:n): AMap, Tencent and most Chinese web maps are gcj02, Baidu is bd09, GPS is "
            "wgs84, survey data is cgcs2000. The wrong one moves every point by up to 1 km."
        )
    return own


def named(name: str, why: str) -> Reference:
    """The reference somebody called `name`: one of the datums, or a code such as EPSG:4549.

    Raises
    ------
    DatumMissingError
        No such reference on Earth.
    """
    folded = re.sub(r"[\s_\-]", "", name).casefold()
    if folded in DATUMS:
        return Reference(Datum(folded), None, why)
    # PROJ also finds systems by a few letters of their names; what was said must mean one thing.
    if re.fullmatch(r"[A-Za-z]+:\d+", name.strip()):
        return _of_crs(name.strip(), why)
    raise DatumMissingError(f"{name!r} is no datum; use {', '.join(DATUMS)} or EPSG:n.")


def _of_crs(name: str, why: str) -> Reference:
    try:
        crs = pyproj.CRS.from_user_input(name)
        if crs.geodetic_crs is None or crs.is_geocentric or not _on_earth(crs):
            raise CRSError(name)  # noqa: TRY301  # told below, like any other that leads nowhere
        way = transformer(crs, inverse=True)
    except (CRSError, ProjError) as error:
        raise DatumMissingError(
            f"{name!r} is no reference system that leads to WGS-84; use {', '.join(DATUMS)} or EPSG:n."
        ) from error
    datum = Datum.WGS84 if crs.to_authority() == ("OGC", "CRS84") else _GEOGRAPHIC.get(crs.to_epsg() or 0)
    if datum is not None:
        return Reference(datum, None, why)
    # CGCS2000 agrees with WGS-84 to centimetres; other old datums without known parameters do not.
    rough = "ballpark" in way.description.casefold() and "China 2000" not in str(crs.datum)
    return Reference(
        None, crs, why + ("; its exact shift to WGS-84 is not known here, so tens of metres may be off" * rough)
    )


def _on_earth(crs: pyproj.CRS) -> bool:
    """Whether a system is one of the Earth: others measure the Moon."""
    return crs.ellipsoid is not None and abs(crs.ellipsoid.semi_major_metre - _EARTH_M) < _EARTHS_DIFFER_M


def _own(table: Table, headers: tuple[str, ...]) -> Reference | None:
    """What the file itself says, if anything."""
    if table.crs is not None:
        why = f"by {table.crs_by_standard}" if table.crs_by_standard else "as the file says"
        return _of_crs(table.crs, why)
    for header in headers:
        folded = re.sub(r"[\s_\-]", "", header).casefold()
        for word, datum in _IN_HEADER.items():
            if word in folded:
                return Reference(datum, None, f"as column {header!r} says")
    return None


def _agreed(table: Table, said: Reference, own: Reference | None) -> Reference:
    """What was said, unless it cannot be true of this file.

    A file that names WGS-84 may still hold GCJ-02: Chinese web maps label it so, and who says so knows better. A plane in
    metres and a datum in degrees exclude each other.
    """
    if own is None or said.name == own.name:
        return said
    if said.in_degrees != own.in_degrees:
        raise DatumMissingError(
            f"{table.path.name}: you said {said.name}, but the file says {own.name}; "
            f"{'one is in degrees and the other in metres' if own.in_degrees or said.in_degrees else 'both are planes'}."
            " Leave --datum out to take the file's word, or correct the file."
        )
    return Reference(said.datum, said.crs, f"{said.why} (the file says {own.words.split(', ', maxsplit=1)[0]})")


def _crs_name(crs: pyproj.CRS) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)
