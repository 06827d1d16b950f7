"""The column contract of every frame that crosses a door between rooms.

Frames are in EPSG:4326 (x = lon, y = lat). Units stand in the column names. Columns beyond the contract pass through.
"""

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from geo.errors import FrameError

Shape = Literal["point", "line", "polygon"]
_SHAPES: dict[Shape, frozenset[str]] = {
    "point": frozenset({"Point"}),
    "line": frozenset({"LineString", "MultiLineString"}),
    "polygon": frozenset({"Polygon", "MultiPolygon"}),
}
WGS84 = 4326
_UTC = pd.DatetimeTZDtype(unit="us", tz="UTC")


@dataclass(frozen=True)
class Contract:
    """Columns a frame must have, and the shape of its geometry (None: no geometry)."""

    name: str
    columns: pa.DataFrameSchema
    shape: Shape | None

    def check(self, frame: pd.DataFrame) -> None:
        """Nothing, when `frame` keeps the contract.

        Parameters
        ----------
        frame
            What is about to cross the door.

        Raises
        ------
        FrameError
            Naming the contract, the column and the first offending value.
        """
        try:
            self.columns.validate(pd.DataFrame(frame))
        except pa.errors.SchemaError as error:
            raise FrameError(f"{self.name}: {error}") from error
        if self.shape is not None:
            self._check_geometry(frame, self.shape)

    def _check_geometry(self, frame: pd.DataFrame, shape: Shape) -> None:
        if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
            raise FrameError(f"{self.name}: a GeoDataFrame in EPSG:4326 was expected, not a frame without CRS")
        if frame.crs.to_epsg() != WGS84:
            raise FrameError(f"{self.name}: EPSG:4326 was expected, not {frame.crs.to_string()}")
        kinds = frame.geom_type
        wrong = kinds[~kinds.isin(_SHAPES[shape])]
        if len(wrong):
            raise FrameError(f"{self.name}: row {wrong.index[0]!r} holds {wrong.iloc[0]}, expected a {shape}")


def _text(
    *, unique: bool = False, nullable: bool = False, allowed: tuple[str, ...] = (), required: bool = True
) -> pa.Column:
    check = pa.Check.isin(allowed) if allowed else None
    return pa.Column(str, check, unique=unique, nullable=nullable, required=required)


def _number(minimum: float | None = None, *, nullable: bool = False) -> pa.Column:
    return pa.Column(float, None if minimum is None else pa.Check.ge(minimum), nullable=nullable, coerce=True)


def _count(minimum: int = 0) -> pa.Column:
    return pa.Column(int, pa.Check.ge(minimum), coerce=True)


JURISDICTIONS = Contract("jurisdictions", pa.DataFrameSchema({"id": _text(unique=True), "name": _text()}), "polygon")

BORDERS = Contract(
    "borders",
    pa.DataFrameSchema(
        {"a": _text(), "b": _text(), "length_m": _number(0), "method": _text(), "tolerance_m": _number(0)},
        unique=["a", "b"],
    ),
    "line",
)

AGREEMENTS = Contract(
    "agreements",
    pa.DataFrameSchema(
        {
            "id": _text(),
            "a": _text(),
            "b": _text(),
            "depth_a_m": _number(0),
            "depth_b_m": _number(0),
            "from_m": _number(0, nullable=True),
            "to_m": _number(0, nullable=True),
            "ends": _text(allowed=("flat", "round"), required=False),
            "beyond": pa.Column(bool, required=False),
        },
        # Rows of one id are strips of one agreement between several parties, or several stretches of one border.
        unique=["id", "a", "b", "from_m"],
    ),
    None,
)

LETTERS = tuple("abcdefgh")  # one for each party of an agreement, in the order of their ids: up to eight
SIDES = (*LETTERS, "disputed", "beyond")
ZONES = Contract(
    "zones",
    pa.DataFrameSchema({"agreement_id": _text(), "side": _text(allowed=SIDES), "area_m2": _number(0)}),
    "polygon",
)

STATIONS = Contract(
    "stations",
    pa.DataFrameSchema(
        {
            "id": _text(unique=True),
            "name": _text(),
            "level": _text(allowed=("team", "squad", "joint")),
            "jurisdiction_id": _text(nullable=True),
            "n_officers": _count(),
        }
    ),
    "point",
)

FIRMS = Contract(
    "firms",
    pa.DataFrameSchema(
        {
            "id": _text(unique=True),
            "name": _text(),
            "code": _text(allowed=("red", "yellow", "green")),
            "jurisdiction_id": _text(nullable=True),
        }
    ),
    "point",
)

INCIDENTS = Contract(
    "incidents",
    pa.DataFrameSchema(
        {
            "id": _text(unique=True),
            "at": pa.Column(_UTC),
            "category": _text(),
            "source": _text(),
            "severity": pa.Column(int, pa.Check.in_range(1, 4), coerce=True),
            "jurisdiction_id": _text(nullable=True),
        }
    ),
    "point",
)

CLUSTERS = Contract(
    "clusters",
    pa.DataFrameSchema(
        {
            "cluster": _count(1),
            "n_incidents": _count(1),
            "n_a": _count(),
            "n_b": _count(),
            "straddles": pa.Column(bool),
            "first_at": pa.Column(_UTC),
            "last_at": pa.Column(_UTC),
            "radius_m": _number(0),
            "max_severity": _count(1),
        }
    ),
    "point",
)
