"""The verbs `load` and `quarantine`, as an operator types them."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from click.testing import CliRunner

from casework.model import Kind
from cli import cli
from pages.commands import PROGRAM, load

INCIDENTS = """编号,发现时间,经度,纬度,类别,来源,严重程度,所属区县,描述
a,2026-03-05 14:30,120.05,30.05,水,投诉,一般,西区,=1+1
b,2026-03-05,30.05,120.05,水,投诉,一般,西区,
c,2026-02-30,120.05,30.05,lava,投诉,一般,西区,
d,2026-03-05 14:30,120.15,30.05,气,投诉,严重,西区,
a,2026-03-06 14:30,120.05,30.05,水,投诉,一般,西区,=2+2
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", str(tmp_path / "store.sqlite"))

    def invoke(*words, exit_code=0, as_json=True):
        arguments = [str(word) for word in words] + (["--json"] if as_json else [])
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == exit_code, (result.output, result.exception)
        return json.loads(result.stdout) if as_json and result.stdout else result.output

    return invoke


@pytest.fixture
def squares(tmp_path):
    shapes = [shapely.box(120.1, 30, 120.2, 30.1), shapely.box(120, 30, 120.1, 30.1)]
    frame = gpd.GeoDataFrame({"adcode": ["e", "w"], "name": ["东区", "西区"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "squares.geojson")
    return tmp_path / "squares.geojson"


@pytest.fixture
def incidents(tmp_path):
    path = tmp_path / "incidents.csv"
    path.write_text(INCIDENTS, encoding="gb18030")
    return path


def test_load_says_what_became_of_each_file(run, squares, incidents):
    loaded = run("load", "boundaries", squares)
    assert loaded["redrawn"]["n_borders"] == 1
    words = run("load", "incidents", incidents, "--datum", "wgs84", as_json=False)
    for said in (
        "5 incidents: 2 new, 0 changed, 0 unchanged, 3 in quarantine",
        "WGS-84, as you said",
        "Text: GB18030",
        "Asia/Shanghai, by the settings",
        "2 rows name one; 1 lie in it, 1 in another, 0 in none (agreement 50.0% of those in one)",
        "d: says 西区, lies in 东区",
    ):
        assert said in words, words
    again = run("load", "incidents", incidents, "--datum", "wgs84", "--timezone", "UTC")
    assert again["files"][0]["n_changed"] == 2
    assert again["files"][0]["timezone_why"] == "as you said"
    assert len(run("quarantine", "list")["rejects"]) == 3


def test_the_commands_that_a_page_prints_load_what_they_say(run, squares, incidents):
    for line, file in zip(load(Kind.BOUNDARIES, Kind.INCIDENTS).splitlines(), (squares, incidents), strict=True):
        assert line.startswith(PROGRAM)
        words = line.removeprefix(PROGRAM).split()
        (loaded,) = run(*({"FILE": file, "DATUM": "wgs84"}.get(word, word) for word in words))["files"]
        assert loaded["n_new"] == 2
        assert f"{PROGRAM} {words[0]} {words[1]} " in Path("README.md").read_text(encoding="utf-8")


def test_one_unreadable_file_does_not_stop_the_others(run, tmp_path, incidents):
    result = run("load", "incidents", tmp_path / "absent.csv", incidents, "--datum", "wgs84", exit_code=1)
    assert result["files"][0]["n_new"] == 2
    assert "no such file" in result["failures"][0]["error"]
    refused = run("load", "incidents", incidents, exit_code=1)
    assert "--datum" in refused["failures"][0]["error"]
    assert "--datum" in run("load", "incidents", incidents, exit_code=1, as_json=False)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_row_corrected_in_the_export_is_taken_in(run, tmp_path, squares, incidents, suffix):
    run("load", "boundaries", squares)
    run("load", "incidents", incidents, "--datum", "gcj02")
    table = tmp_path / f"out{suffix}"
    assert run("quarantine", "export", table, "--kind", "incidents")["n_rejects"] == 3
    rows = read_table(table)
    by_row = {row["row"]: row for row in rows}
    by_row["3"] |= {"经度": "120.05", "纬度": "30.05"}
    by_row["4"] |= {"发现时间": "2026-02-28"}
    write_table(table, rows)
    retried = run("quarantine", "retry", table)
    assert (retried["written"]["n_new"], retried["n_still_waiting"]) == (1, 2)
    waiting = {reject["row"]: reject for reject in run("quarantine", "list")["rejects"]}
    assert {row: reject["field"] for row, reject in waiting.items()} == {4: "类别", 6: "编号"}
    rows = [row for row in rows if row["row"] != "4"]
    by_row["6"]["编号"] = "a2"
    write_table(table, rows)
    words = run("quarantine", "retry", table, as_json=False)
    assert "1 incidents taken in, 0 still in quarantine" in words
    assert "1 rows were passed over, because their quarantine id is not in quarantine: " in words
    assert "1 rows in quarantine" in run("quarantine", "list", as_json=False)


def test_quarantine_ids_that_are_none_are_named_and_not_said_to_have_been_there(run, tmp_path, incidents):
    run("load", "incidents", incidents, "--datum", "wgs84")
    run("quarantine", "export", tmp_path / "out.csv")
    rows = [
        row | {"quarantine id": one}
        for row in read_table(tmp_path / "out.csv")[:1]
        for one in ["99", "x", "7q", "8q", "9q"]
    ]
    write_table(tmp_path / "out.csv", [*rows, rows[0] | {"quarantine id": ""}, rows[0] | {"quarantine id": "98"}])
    words = run("quarantine", "retry", tmp_path / "out.csv", as_json=False)
    assert (
        "7 rows were passed over, because their quarantine id is not in quarantine: 99, x, 7q, 8q, 9q and 2 more"
        in words
    )
    write_table(tmp_path / "out.csv", [rows[0] | {"quarantine id": ""}])
    assert "not in quarantine: (empty)." in run("quarantine", "retry", tmp_path / "out.csv", as_json=False)
    retried = run("quarantine", "retry", tmp_path / "out.csv")
    assert len(run("quarantine", "list")["rejects"]) == 3
    assert retried["n_gone"] == 1


def test_a_missing_id_is_an_id(run, tmp_path, squares):
    frame = gpd.read_file(squares)
    frame.loc[0, "adcode"] = ""
    frame.loc[1, "name"] = ""
    frame.to_file(tmp_path / "without.geojson")
    run("load", "boundaries", tmp_path / "without.geojson")
    expected = {reject["expected"] for reject in run("quarantine", "list")["rejects"]}
    assert expected == {"an id; it is missing", "a name; it is missing"}


def test_a_correction_in_the_file_itself_settles_what_waited(run, incidents):
    run("load", "incidents", incidents, "--datum", "wgs84")
    corrected = (
        INCIDENTS.replace("lava", "水").replace("2026-02-30", "2026-02-28").replace("30.05,120.05", "120.05,30.05")
    )
    incidents.write_text(corrected.replace("\na,2026-03-06", "\ne,2026-03-06"), encoding="utf-8-sig")
    loaded = run("load", "incidents", incidents, "--datum", "wgs84")
    assert (loaded["files"][0]["n_new"], loaded["files"][0]["n_superseded"]) == (3, 3)
    assert "empty" in run("quarantine", "list", as_json=False)


def test_outlines_and_broken_lines_come_back_through_the_export(run, tmp_path):
    shapes = [shapely.box(120, 30, 121, 31), shapely.Point(1, 2)]
    frame = gpd.GeoDataFrame({"adcode": ["1", "2"], "name": ["甲", "乙"]}, geometry=shapes, crs=4326)
    frame.to_parquet(tmp_path / "outlines.parquet")
    run("load", "boundaries", tmp_path / "outlines.parquet")
    (tmp_path / "firms.csv").write_text("名称,颜色码,经度,纬度\n甲厂,红,120.5,30.5\n乙厂,绿,120.6\n", encoding="utf-8")
    run("load", "firms", tmp_path / "firms.csv", "--datum", "wgs84")
    table = tmp_path / "out.csv"
    run("quarantine", "export", table)
    rows = read_table(table)
    rows[0]["geometry"] = shapely.box(121, 30, 122, 31).wkt
    rows[1]["纬度"] = "30.5"
    write_table(table, rows)
    assert run("quarantine", "retry", table)["written"]["n_new"] == 2
    assert run("quarantine", "list")["n_rejects"] == 0


def test_what_is_no_export_is_refused(run, tmp_path, incidents):
    assert "no export" in run("quarantine", "retry", incidents, exit_code=1, as_json=False)
    assert ".csv or .xlsx" in run("quarantine", "export", tmp_path / "out.pdf", exit_code=1, as_json=False)


def read_table(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    header, *rows = openpyxl.load_workbook(path).active.values
    assert all(cell is None or isinstance(cell, str) for row in rows for cell in row)
    return [dict(zip(header, (cell or "" for cell in row), strict=True)) for row in rows]


def write_table(path, rows):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(path)
