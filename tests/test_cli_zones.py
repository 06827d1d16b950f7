"""The verb `zones`, as a person or a program calls it."""

import json

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Geod

from cli import cli

FIELDS = {"border_length_m", "zone_area_m2", "part_a_area_m2", "part_b_area_m2", "disputed_area_m2"}


@pytest.fixture
def outlines(tmp_path):
    frame = gpd.GeoDataFrame(
        {"code": ["330502", "320509"], "name": ["吴兴区", "吴江区"]},
        geometry=[shapely.box(120.0, 30.8, 120.3, 31.0), shapely.box(120.3, 30.8, 120.6, 31.0)],
        crs=4326,
    )
    path = tmp_path / "counties.gpkg"
    frame.to_file(path)
    return path


def call(*words):
    return CliRunner().invoke(cli, ["zones", *map(str, words)])


def test_figures_of_a_file_follow_the_sides_as_named(outlines):
    sides = ["--a", "330502", "--b", "320509", "--depth-m", 1000, "--depth-b-m", 500]
    found = call("--jurisdictions", outlines, "--id-column", "code", *sides, "--json")
    assert found.exit_code == 0, found.output
    figures = json.loads(found.output)
    assert figures.keys() >= FIELDS
    length_m = Geod(ellps="WGS84").line_length([120.3, 120.3], [30.8, 31.0])
    assert figures["border_length_m"] == pytest.approx(length_m, rel=1e-6)
    assert figures["part_a_area_m2"] == pytest.approx(length_m * 1000, rel=1e-3)
    assert figures["part_b_area_m2"] == pytest.approx(length_m * 500, rel=1e-3)
    assert figures["zone_area_m2"] == pytest.approx(length_m * 1500, rel=1e-3)


def test_the_zone_is_written_and_reads_back(outlines, tmp_path):
    out = tmp_path / "zone.geojson"
    sides = ["--a", "330502", "--b", "320509", "--from-m", 1000, "--to-m", 5000]
    found = call("--jurisdictions", outlines, "--id-column", "code", *sides, "--out", out)
    assert found.exit_code == 0, found.output
    assert "stretch_length_m: 4,000.0" in found.output
    assert set(gpd.read_file(out)["side"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--a", "330502", "--b", "999999"], "jurisdiction '999999' is unknown"),
        (["--a", "330502", "--b", "330502"], "two different jurisdictions were expected"),
        (["--a", "330502", "--b", "320509", "--depth-m", "0"], "depth 0 on both sides"),
        (["--a", "330502", "--b", "320509", "--depth-m", "-5"], "metres from 0 up were expected"),
        (["--a", "330502", "--b", "320509", "--out", "zone.dwg"], "is not known; use one of"),
    ],
)
def test_nonsense_gets_a_sentence(outlines, words, says):
    found = call("--jurisdictions", outlines, "--id-column", "code", *words)
    assert found.exit_code == 1
    assert says in found.output
    assert "Traceback" not in found.output


def test_a_file_or_the_demonstration_has_to_be_named():
    found = call("--a", "330502", "--b", "320509")
    assert found.exit_code == 2
    assert "--demo" in found.output


def test_wuxing_and_wujiang_in_the_demonstration():
    figures = json.loads(call("--demo", "--a", "330502", "--b", "320509", "--json").output)
    assert 7200 < figures["border_length_m"] < 7300
    # A strip of 2 km along a crooked line is a little less than 2 km times its length.
    assert 0.95 < figures["zone_area_m2"] / (2000 * figures["border_length_m"]) < 1
    parts = sum(figures[f"{part}_area_m2"] for part in ("part_a", "part_b", "disputed"))
    assert parts == pytest.approx(figures["zone_area_m2"])


def test_a_stretch_between_two_places_with_round_ends(outlines):
    sides = ["--a", "330502", "--b", "320509", "--from-point", "120.31,30.85", "--to-point", "120.29,30.95", "--json"]
    flat = json.loads(call("--jurisdictions", outlines, "--id-column", "code", *sides).output)
    rounded = json.loads(call("--jurisdictions", outlines, "--id-column", "code", *sides, "--ends", "round").output)
    assert flat["stretch_length_m"] == pytest.approx(11_087, abs=5)
    assert rounded["zone_area_m2"] - flat["zone_area_m2"] == pytest.approx(3.1416e6, rel=0.01)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from-point", "120.3"], "is no place"),
        (["--from-point", "120.3,30.9"], "both --from-point and --to-point"),
        (["--from-point", "120.3,30.8", "--to-point", "120.3,30.9", "--from-m", 5], "both --from-point and --to-point"),
    ],
)
def test_a_stretch_is_given_in_one_way(outlines, words, says):
    found = call("--jurisdictions", outlines, "--id-column", "code", "--a", "330502", "--b", "320509", *words)
    assert found.exit_code == 2
    assert says in found.output


@pytest.mark.parametrize("mark", ["nan", "-5"])
def test_a_mark_that_is_no_distance_is_refused_in_a_sentence(mark):
    done = CliRunner().invoke(cli, ["zones", "--demo", "--a", "330502", "--b", "320509", "--from-m", mark])
    assert done.exit_code == 1
    assert "marks in metres from 0 up were expected" in done.output
