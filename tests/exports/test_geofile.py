import geopandas as gpd
import pytest
import shapely

from casework.errors import CaseError
from exports.geofile import FORMS, write_geofile


@pytest.fixture
def frame():
    return gpd.GeoDataFrame(
        {"side": ["a", "b"]}, geometry=[shapely.box(120, 30, 121, 31), shapely.box(121, 30, 122, 31)], crs=4326
    )


@pytest.mark.parametrize("ending", FORMS)
def test_what_is_written_reads_back(frame, tmp_path, ending):
    path = tmp_path / f"zone{ending}"
    write_geofile(frame, path)
    read = gpd.read_parquet(path) if ending == ".parquet" else gpd.read_file(path)
    # A FlatGeobuf keeps its features in the order of its index.
    assert sorted(read["side"]) == ["a", "b"]
    assert read.crs.to_epsg() == 4326
    assert shapely.area(read.geometry.to_numpy()).tolist() == pytest.approx([1, 1])


def test_an_unknown_ending_says_which_are_known(frame, tmp_path):
    with pytest.raises(CaseError, match=r"zone\.dwg: the ending '\.dwg' is not known; use one of \.geojson"):
        write_geofile(frame, tmp_path / "zone.dwg")


def test_a_missing_folder_is_named(frame, tmp_path):
    with pytest.raises(CaseError, match="is no folder"):
        write_geofile(frame, tmp_path / "nowhere" / "zone.gpkg")
