"""The verb `borders`, on files as offices really send them."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Geod

from cli import cli
from geo.crs import Datum, from_wgs84

NAMES = ["吴兴区", "吴江区", "南浔区"]
IDS = ["330502", "320509", "330503"]
LENGTH_M = Geod(ellps="WGS84").line_length([120.3, 120.3], [30.8, 31.0])


def counties(gap_deg=0.0):
    shapes = [
        shapely.box(120.0, 30.8, 120.3 - gap_deg, 31.0),
        shapely.box(120.3, 30.8, 120.6, 31.0),
        shapely.box(120.0, 30.6, 120.6, 30.8),
    ]
    return gpd.GeoDataFrame({"code": IDS, "name": NAMES}, geometry=shapes, crs=4326)


def moved(frame, datum):
    def move(xy):
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))

    return frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), move), crs=4326)


def call(*words):
    return CliRunner().invoke(cli, ["borders", *map(str, words)])


def answer(*words):
    found = call(*words, "--json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def written(frame, path, **more):
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, **more)
    return path


def shared_m(told, a="320509", b="330502"):
    (pair,) = [pair for pair in told["pairs"] if (pair["a"], pair["b"]) == (a, b)]
    return pair["length_m"]


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp", ".fgb", ".parquet"])
def test_clean_outlines_are_exact_in_every_form(tmp_path, ending):
    told = answer(written(counties(), tmp_path / f"counties{ending}"), "--id-column", "code")
    assert told["tolerance_m"] == 0
    assert (told["n_jurisdictions"], told["n_borders"], told["repairs"], told["slivers"]) == (3, 3, [], [])
    assert {pair["method"] for pair in told["pairs"]} == {"exact"}
    assert {pair["disputed_area_m2"] for pair in told["pairs"]} == {0.0}
    assert shared_m(told) == pytest.approx(LENGTH_M, rel=1e-6)


def test_a_gap_is_bridged_measured_and_named(tmp_path):
    path = written(counties(gap_deg=0.001), tmp_path / "counties.gpkg")
    told = answer(path, "--id-column", "code", "--tolerance-m", 200)
    assert told["tolerance_m"] == 200
    (pair,) = [pair for pair in told["pairs"] if pair["method"] == "matched"]
    assert pair["disputed_area_m2"] == pytest.approx(95.6 * LENGTH_M, rel=0.02)
    words = call(path, "--id-column", "code", "--tolerance-m", 200).stdout
    assert "counties.gpkg: 3 jurisdictions, 3 borders" in words
    assert "gaps and overlaps up to 200 m were bridged" in words
    assert "320509 - 330502: gap" in words


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".fgb", ".shp", ".parquet"])
def test_the_lines_are_written_and_read_back(tmp_path, ending):
    out = tmp_path / f"lines{ending}"
    answer(written(counties(), tmp_path / "counties.gpkg"), "--id-column", "code", "--out", out)
    lines = gpd.read_parquet(out) if ending == ".parquet" else gpd.read_file(out)
    assert set(zip(lines["a"], lines["b"], strict=True)) == {
        ("320509", "330502"),
        ("320509", "330503"),
        ("330502", "330503"),
    }


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_shifted_datums_come_back_to_where_they_are(tmp_path, datum):
    dense = counties().set_geometry(shapely.segmentize(counties().geometry.to_numpy(), 0.001), crs=4326)
    path = written(moved(dense, Datum(datum)), tmp_path / "counties.geojson")
    out = tmp_path / "lines.parquet"
    told = answer(path, "--id-column", "code", "--datum", datum, "--out", out)
    assert told["datum"].startswith({"gcj02": "GCJ-02", "bd09": "BD-09"}[datum])
    line = gpd.read_parquet(out).set_index(["a", "b"]).geometry["320509", "330502"]
    assert np.abs(shapely.get_coordinates(line)[:, 0] - 120.3).max() < 1e-6


@pytest.mark.parametrize("epsg", [4549, 3857, 4490, 32651])
def test_planes_and_other_systems_are_read(tmp_path, epsg):
    told = answer(written(counties().to_crs(epsg), tmp_path / "counties.gpkg"), "--id-column", "code")
    assert shared_m(told) == pytest.approx(LENGTH_M, rel=1e-5)


def test_a_shapefile_without_its_reference_is_asked_about(tmp_path):
    path = written(counties(), tmp_path / "counties.shp")
    (tmp_path / "counties.prj").unlink(missing_ok=True)
    found = call(path, "--id-column", "code")
    assert found.exit_code == 1
    assert "does not say which datum" in found.output
    assert "--datum" in found.output
    assert shared_m(answer(path, "--id-column", "code", "--datum", "wgs84")) == pytest.approx(LENGTH_M)


def test_names_stand_for_ids_that_are_missing(tmp_path):
    path = written(counties()[["name", "geometry"]], tmp_path / "counties.geojson")
    assert {"吴兴区", "吴江区"} <= {pair["a"] for pair in answer(path)["pairs"]} | {
        pair["b"] for pair in answer(path)["pairs"]
    }


def test_numbers_are_ids_too(tmp_path):
    numbered = counties().assign(code=[3, 20, 100], name="x")
    told = answer(written(numbered, tmp_path / "counties.gpkg"), "--id-column", "code")
    assert {(pair["a"], pair["b"]) for pair in told["pairs"]} == {("20", "3"), ("100", "3"), ("100", "20")}


def test_rows_of_one_id_are_left_out_aloud_or_joined_when_asked(tmp_path):
    halves = counties()
    east = halves.iloc[[1]].set_geometry([shapely.box(120.6, 30.8, 120.7, 31.0)], crs=4326)
    path = written(gpd.GeoDataFrame(pd.concat([halves, east], ignore_index=True)), tmp_path / "counties.gpkg")
    found = call(path, "--id-column", "code", "--json")
    assert "Left out: row 4, code: '320509', expected an id that no other row has" in found.stderr
    told = json.loads(found.stdout)
    assert [left["row"] for left in told["left_out"]] == [4]
    joined = answer(path, "--id-column", "code", "--join-rows")
    assert (joined["n_joined"], joined["left_out"], joined["n_jurisdictions"]) == (1, [], 3)
    assert "Rows joined to another of the same id: 1." in call(path, "--id-column", "code", "--join-rows").stdout


def test_chinese_encodings_are_read(tmp_path):
    path = tmp_path / "counties.geojson"
    path.write_bytes(counties().to_json(ensure_ascii=False).encode("gb18030"))
    assert answer(path, "--id-column", "code")["n_borders"] == 3
    named = answer(path, "--id-column", "name")
    assert {pair["a"] for pair in named["pairs"]} <= set(NAMES)
    shapefile = tmp_path / "旧.shp"
    counties().to_file(shapefile, encoding="GBK")
    assert {pair["b"] for pair in answer(shapefile, "--id-column", "name")["pairs"]} <= set(NAMES)


def test_heights_and_collections_are_taken_for_their_ground(tmp_path):
    frame = counties()
    shapes = [
        shapely.force_3d(frame.geometry.iloc[0], 12.5),
        shapely.GeometryCollection([frame.geometry.iloc[1], shapely.Point(120.4, 30.9)]),
        frame.geometry.iloc[2],
    ]
    told = answer(written(frame.set_geometry(shapes, crs=4326), tmp_path / "mixed.geojson"), "--id-column", "code")
    assert shared_m(told) == pytest.approx(LENGTH_M, rel=1e-6)
    assert [(one["id"], one["reason"]) for one in told["repairs"]] == [
        ("320509", "Lines or points beside the polygons")
    ]


def test_what_was_repaired_is_said(tmp_path):
    frame = counties()
    xy = shapely.get_coordinates(frame.geometry.iloc[2])[:-1]
    torn = shapely.Polygon(np.concatenate((xy, [(120.0, 30.8), (120.01, 30.7), (120.02, 30.8)])))
    frame = frame.set_geometry([*frame.geometry.iloc[:2], torn], crs=4326)
    path = written(frame, tmp_path / "torn.gpkg")
    told = answer(path, "--id-column", "code")
    assert [one["id"] for one in told["repairs"]] == ["330503"]
    assert "elf-intersection[" in told["repairs"][0]["reason"]
    assert told["repairs"][0]["area_after_m2"] > 0
    assert "Repaired outlines: 1, the first 330503: " in call(path, "--id-column", "code").stdout


def test_ground_nothing_bridges_is_named(tmp_path):
    lake = shapely.box(120.2, 30.85, 120.4, 30.95)
    holed = counties().set_geometry(shapely.difference(counties().geometry.to_numpy(), lake), crs=4326)
    path = written(holed, tmp_path / "lake.gpkg")
    (hole,) = answer(path, "--id-column", "code")["unmatched"]
    assert (hole["kind"], hole["around"]) == ("gap", "320509, 330502")
    assert "Ground no border bridges: 1 places." in call(path, "--id-column", "code").stdout


def test_another_country_across_the_equator_and_the_far_north(tmp_path):
    shapes = [
        shapely.box(36, -1, 37, 1),
        shapely.box(37, -1, 38, 1),
        shapely.box(20, 70, 25, 78),
        shapely.box(25, 70, 30, 78),
    ]
    frame = gpd.GeoDataFrame({"id": list("abcd"), "name": list("ABCD")}, geometry=shapes, crs=4326)
    told = answer(written(frame, tmp_path / "far.fgb"))
    assert [(pair["a"], pair["b"]) for pair in told["pairs"]] == [("a", "b"), ("c", "d")]


def test_a_report_is_written_in_the_language_asked_for(tmp_path):
    path = written(counties(gap_deg=0.001), tmp_path / "counties.gpkg")
    for lang, words in (("zh", "争议地块"), ("en", "In dispute, the largest first")):
        page = tmp_path / f"{lang}.html"
        answer(path, "--id-column", "code", "--tolerance-m", 200, "--report", page, "--lang", lang)
        assert words in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "words", "says"),
    [
        (lambda frame: frame.iloc[:1], [], "a border takes two jurisdictions; here are 1"),
        (
            lambda frame: frame.set_geometry(frame.geometry.centroid),
            [],
            "expected a polygon",
        ),
        (lambda frame: frame.set_geometry([shapely.Polygon()] * 3, crs=4326), [], "there is no outline in it"),
        (lambda frame: frame, ["--id-column", "nix"], "There is no column 'nix'"),
        (lambda frame: frame, ["--tolerance-m", "-5"], "metres from 0 to 5,000 were expected"),
        (lambda frame: frame, ["--datum", "EPSG:999999"], "is no reference system"),
        (lambda frame: frame, ["--datum", "EPSG:4549"], "one is in degrees and the other in metres"),
        (lambda frame: frame, ["--out", "lines.dwg"], "is not known; use one of"),
        (lambda frame: frame, ["--report", "report.pdf"], "let its name end in .html"),
        (lambda frame: frame, ["--report", "nowhere/report.html"], "is no folder"),
        (lambda frame: frame[["geometry"]].assign(x=1), [], "no column of ids or names was recognised"),
    ],
)
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_nonsense_gets_a_sentence(tmp_path, monkeypatch, make, words, says):
    monkeypatch.chdir(tmp_path)
    found = call(written(make(counties()), tmp_path / "counties.geojson"), *words)
    assert found.exit_code == 1
    assert says in found.output
    assert "Traceback" not in found.output


def test_no_such_file_and_no_map(tmp_path):
    assert "there is no such file" in call(tmp_path / "none.gpkg").output
    text = tmp_path / "text.gpkg"
    text.write_text("not a map", encoding="utf-8")
    found = call(text)
    assert found.exit_code == 1
    assert "cannot be read" in found.output


@pytest.mark.parametrize("verb", ["borders", "zones"])
def test_the_file_that_is_read_is_not_written_over(tmp_path, verb):
    file = tmp_path / "counties.gpkg"
    counties().to_file(file)
    before = file.read_bytes()
    asked = {
        "borders": ["borders", str(file), "--id-column", "code", "--out", str(file)],
        "zones": ["zones", "--jurisdictions", str(file), "--a", IDS[0], "--b", IDS[1], "--out", str(file)],
    }[verb]
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 2
    assert "is the file that is read" in done.output
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["EPSG:5773", "EPSG:4978", "ESRI:104903"], ids=["heights", "geocentric", "the Moon"])
def test_a_system_that_is_no_map_of_the_earth_is_refused(tmp_path, name):
    file = tmp_path / "counties.geojson"
    counties().to_file(file)
    done = CliRunner().invoke(cli, ["borders", str(file), "--id-column", "code", "--datum", name])
    assert done.exit_code == 1
    assert "is no reference system that leads to WGS-84" in done.output


def test_a_tolerance_wider_than_any_river_is_refused(tmp_path):
    file = tmp_path / "counties.geojson"
    counties().to_file(file)
    for metres in ("inf", "1e7"):
        done = CliRunner().invoke(cli, ["borders", str(file), "--id-column", "code", "--tolerance-m", metres])
        assert done.exit_code == 1
        assert "metres from 0 to 5,000 were expected" in done.output
