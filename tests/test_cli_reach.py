"""The verb `reach`, as a person or a program calls it."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from cli import cli


def call(*words):
    return CliRunner().invoke(cli, ["reach", *map(str, words)])


@pytest.fixture
def files(tmp_path):
    """A road of 20 km with a side road, two stations, and targets on it, beside it and far away."""
    lines = [shapely.LineString([(10, 47), (10.1, 47), (10.26, 47)]), shapely.LineString([(10.1, 47), (10.1, 47.1)])]
    gpd.GeoDataFrame({"kmh": [60, 30], "oneway": ["", "no"]}, geometry=lines, crs=4326).to_file(tmp_path / "roads.gpkg")
    pd.DataFrame({"id": ["w", "e"], "lon": [10.0, 10.25], "lat": [47.0, 47.0]}).to_csv(tmp_path / "stations.csv")
    rows = pd.DataFrame({"id": ["a", "b", "side", "far"], "lon": [10.01, 10.24, 10.1, 12], "lat": [47, 47, 47.09, 47]})
    rows.to_csv(tmp_path / "targets.csv", index=False)
    return tmp_path


def given(files, *more):
    return (
        *("--roads", files / "roads.gpkg", "--stations", files / "stations.csv"),
        *("--targets", files / "targets.csv", "--datum", "wgs84", *more),
    )


def test_who_is_first_at_each_target(files):
    out = files / "reach.geojson"
    found = call(*given(files, "--minutes", 10, "--json", "--out", out))
    assert found.exit_code == 0, found.output
    result = json.loads(found.stdout)
    rows = {row["target"]: row for row in result["targets"]}
    assert [rows[one]["station"] for one in ("a", "b", "side", "far")] == ["w", "e", "w", None]
    assert rows["a"]["minutes"] == pytest.approx(0.76, abs=0.01)
    assert rows["side"]["minutes"] == pytest.approx(7.6 + 20, abs=0.2)
    assert rows["far"]["minutes"] is None
    assert result["coverage"] == {"minutes": 10, "n_targets": 4, "n_covered": 2, "n_unreachable": 1, "share": 0.5}
    assert (result["provider"], result["error"], result["simulated"]) == ("roads", 0.2, False)
    assert "off the network" in " ".join(result["warnings"])
    ground = gpd.read_file(out)
    assert ground["id"].tolist() == ["w", "e"]
    assert set(ground["provider"]) == {"roads"}
    assert shapely.area(ground.geometry.to_numpy()).min() > 0


def test_in_words_and_towards_the_station(files):
    found = call(*given(files, "--arriving"))
    assert found.exit_code == 0
    assert "a: w in 0.8 min" in found.stdout
    assert "far: nobody" in found.stdout
    assert "3 of 4 targets within 30 minutes (75%); roads, about +-20%." in found.stdout
    assert "Note: target far is" in found.stderr


def test_speed_is_a_factor_and_a_straight_line_knows_no_road(files):
    slow = json.loads(call(*given(files, "--calibration", 0.5, "--json")).stdout)
    assert slow["targets"][0]["minutes"] == pytest.approx(1.52, abs=0.02)
    line = json.loads(call(*given(files, "--provider", "straight", "--kmh", 60, "--json")).stdout)
    assert (line["provider"], line["error"]) == ("straight-line", 0.5)
    assert line["targets"][3]["station"] == "e"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--minutes", "0"], "minutes above 0"),
        (["--calibration", "0"], "a factor above 0"),
        (["--id-column", "name"], "no column 'name'"),
    ],
)
def test_what_is_refused(files, words, sentence):
    found = call(*given(files, *words))
    assert found.exit_code in (1, 2)
    assert sentence in found.output
    assert "Traceback" not in found.output


def test_files_that_tell_nothing(files):
    (files / "targets.csv").write_text("id,lon,lat\n")
    assert "there is no place in it" in call(*given(files)).output
    (files / "targets.csv").write_text("id,lon,lat\na,10,47\na,10,47\n")
    assert "'a' is there twice" in call(*given(files)).output
    (files / "targets.csv").write_text("id,x\na,10\n")
    assert "no column for lat" in call(*given(files)).output
    (files / "targets.csv").write_text("id,lon,lat\na,10.1,47\nb,,47\n")
    one = json.loads(call(*given(files, "--json")).stdout)
    assert len(one["targets"]) == 1
    assert "targets.csv row" in one["warnings"][0]
    undated = call(*(word for word in given(files) if word not in ("--datum", "wgs84")))
    assert "--datum" in undated.output
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.LineString([(10, 47), (11, 47)])], crs=4326).to_file(
        files / "roads.gpkg"
    )
    assert "a column of speeds" in call(*given(files)).output
    assert "Name a file of roads" in call(*given(files)[2:]).output
