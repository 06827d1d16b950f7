"""The same rows out of every form of file, encoding and reference."""

import datetime as dt
import shutil
import zipfile
from datetime import UTC, datetime

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from casework.model import Kind
from geo.crs import Datum, from_wgs84
from intake import files
from intake.boundaries import read_boundaries
from intake.errors import ColumnError, DatumMissingError, FileError
from intake.mapping import Mapping
from intake.reading import Options, read

NOW = datetime(2026, 6, 1, tzinfo=UTC)
N = 7
LON, LAT = [120.1 + n / 100 for n in range(N)], [30.8] * N


def frame(crs=4326):
    points = gpd.GeoDataFrame(
        {
            "线索编号": [f"n{n}" for n in range(N)],
            "发现时间": pd.date_range("2026-03-05 14:30", periods=N, freq="D"),
            "污染类型": ["水", "大气", "土壤", "固废", "噪声", "生态", "其他"],
            "来源": ["在线监测", "总量", "危废", "工况", "信访", "巡查", "双随机"],
            "程度": ["轻微", "一般", "较重", "严重", "1", "2", "4"],
            "定位精度": [1.5, None, 3, 4, 5, 6, 7],
        },
        geometry=shapely.points(LON, LAT),
        crs=4326,
    )
    return points.to_crs(crs)


def write(path, crs=4326):
    points = frame(crs)
    table = points.drop(columns="geometry").assign(经度=LON, 纬度=LAT)
    match path.suffix:
        case ".csv":
            table.to_csv(path, index=False, encoding="gb18030")
        case ".xlsx":
            table.to_excel(path, index=False)
        case ".parquet":
            points.to_parquet(path)
        case ".zip":
            write(path.with_suffix(".shp"))
            with zipfile.ZipFile(path, "w") as archive:
                for part in path.parent.glob(f"{path.stem}.*"):
                    if part != path:
                        archive.write(part, part.name)
        case ".shp":
            points.assign(发现时间=points["发现时间"].astype(str)).to_file(path, encoding="GB18030")
            path.with_suffix(".cpg").unlink()
        case _:
            points.to_file(path)
    return path


def rows(path, **options):
    reading = read(path, Kind.INCIDENTS, Options(**options), NOW)
    parts = list(reading.parts())
    assert [reject for part in parts for reject in part.rejects] == []
    return reading, pd.concat([part.rows for part in parts], ignore_index=True).sort_values("id", ignore_index=True)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".zip", ".shp", ".geojson", ".gpkg", ".fgb"])
def test_every_form_gives_the_same_rows(tmp_path, suffix, monkeypatch):
    for module in ("delimited", "sheets", "parquet", "mapfiles"):
        monkeypatch.setattr(f"intake.{module}.BATCH_ROWS", 3)
    path = write(tmp_path / f"points{suffix}")
    reading, got = rows(path, **({"datum": "wgs84"} if suffix in (".csv", ".xlsx") else {}))
    assert got["id"].tolist() == [f"n{n}" for n in range(N)]
    assert got["at"].iloc[0] == pd.Timestamp("2026-03-05 06:30", tz="UTC")
    assert got["category"].tolist() == ["water", "air", "soil", "waste", "noise", "ecology", "other"]
    assert got["source"].tolist()[:4] == ["monitoring", "totals", "hazardous_waste", "operation"]
    assert got["severity"].tolist() == [1, 2, 3, 4, 1, 2, 4]
    assert got["accuracy_m"].isna().tolist() == [False, True, *[False] * 5]
    assert got.geometry.x.tolist() == pytest.approx(LON)
    assert reading.n_rows == N
    assert reading.tally.n_naive == N


def test_geojson_is_wgs84_by_its_standard_and_says_so(tmp_path):
    reading, _ = rows(write(tmp_path / "p.geojson"))
    assert reading.reference.words == "WGS-84, by the GeoJSON standard"


def test_who_says_that_a_geojson_is_gcj02_is_believed(tmp_path):
    reading, got = rows(write(tmp_path / "p.geojson"), datum="gcj02")
    assert got.geometry.x[0] != pytest.approx(LON[0], abs=1e-4)
    assert reading.reference.words == "GCJ-02, as you said (the file says WGS-84)"


@pytest.mark.parametrize("datum", list(Datum))
def test_every_datum_comes_back_to_wgs84(tmp_path, datum):
    x, y = from_wgs84(LON, LAT, datum)
    path = tmp_path / "p.csv"
    frame().drop(columns="geometry").assign(lng=x, lat=y).to_csv(path, index=False)
    _, got = rows(path, datum=datum)
    assert got.geometry.x.tolist() == pytest.approx(LON, abs=1e-9)


@pytest.mark.parametrize("epsg", [4549, 4490, 4610, 3857, 32651])
def test_every_reference_is_projected_back(tmp_path, epsg):
    _, got = rows(write(tmp_path / "p.gpkg", epsg))
    assert got.geometry.x.tolist() == pytest.approx(LON, abs=1e-6)


def test_metres_in_a_table_are_read_when_somebody_says_which(tmp_path):
    metres = frame(4549)
    path = tmp_path / "p.csv"
    metres.drop(columns="geometry").assign(x=metres.geometry.x, y=metres.geometry.y).to_csv(path, index=False)
    reading, got = rows(path, datum="EPSG:4549")
    assert got.geometry.x.tolist() == pytest.approx(LON, abs=1e-8)
    assert reading.reference.words == "EPSG:4549, as you said"


def test_a_file_that_names_no_datum_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(DatumMissingError, match=r"--datum .*wgs84.*gcj02"):
        rows(write(tmp_path / "p.csv"))
    bare = write(tmp_path / "p.shp")
    bare.with_suffix(".prj").unlink()
    with pytest.raises(DatumMissingError, match="--datum"):
        rows(bare)


def test_a_header_may_name_the_datum(tmp_path):
    path = tmp_path / "p.csv"
    frame().drop(columns="geometry").assign(**{"经度(GCJ-02)": LON, "纬度(GCJ-02)": LAT}).to_csv(path, index=False)
    reading, _ = rows(path)
    assert reading.reference.words == "GCJ-02, as column '经度(GCJ-02)' says"


def test_degrees_said_of_a_file_in_metres_are_refused(tmp_path):
    with pytest.raises(DatumMissingError, match="metres"):
        rows(write(tmp_path / "p.gpkg", 4549), datum="gcj02")
    with pytest.raises(DatumMissingError, match="no datum"):
        rows(write(tmp_path / "q.csv"), datum="mars2000")


def test_geojson_in_gb18030_is_read(tmp_path):
    path = write(tmp_path / "p.geojson")
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="gb18030")
    reading, got = rows(path)
    assert got["category"][0] == "water"
    assert reading.table.encoding == "GB18030"


def test_bytes_that_fit_no_encoding_cost_one_feature(tmp_path):
    path = write(tmp_path / "p.shp")
    table = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(table.replace("大气".encode("gb18030"), b"\xff\xff\xff\xff"))
    (part,) = read(path, Kind.INCIDENTS, Options(), NOW).parts()
    assert len(part.rows) == N - 1
    assert [(r.row, r.field) for r in part.rejects] == [(2, "污染类型")]
    assert "encoding" in part.rejects[0].expected


def test_excel_rows_count_as_the_officer_sees_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    book.create_sheet("empty")
    for row in (
        ["编号", "日期", "时间", "经度", "纬度", "类别", "来源", "程度"],
        ["a", dt.date(2026, 3, 5), dt.time(14, 30), 120.1, 30.8, "水", "信访", 2],
        [],
        [7, dt.datetime(2026, 3, 5), None, 120.1, 30.8, "水", "信访", 2],  # noqa: DTZ001
        ["c", 46086.5, None, 120.1, "north", "水", "信访", 2],
    ):
        sheet.append(row)
    book.save(tmp_path / "p.xlsx")
    reading = read(tmp_path / "p.xlsx", Kind.INCIDENTS, Options(datum="wgs84"), NOW)
    (part,) = reading.parts()
    assert part.rows["id"].tolist() == ["a", "7"]
    assert part.rows["at"].dt.strftime("%d %H:%M").tolist() == ["05 06:30", "04 16:00"]
    assert [(r.row, r.field, r.value) for r in part.rejects] == [(5, "纬度", "north")]
    assert reading.tally.n_without_time == 1


def test_a_missing_column_is_one_error_that_shows_the_way(tmp_path):
    path = tmp_path / "p.csv"
    frame().drop(columns=["geometry", "程度"]).assign(lon=LON, lat=LAT).to_csv(path, index=False)
    with pytest.raises(ColumnError) as error:
        rows(path, datum="wgs84")
    for word in ("severity", "线索编号", "--mapping", "[columns]", "[defaults]"):
        assert word in str(error.value)
    _, got = rows(path, datum="wgs84", mapping=Mapping(defaults={"severity": "3"}))
    assert set(got["severity"]) == {3}


def test_files_that_are_none(tmp_path):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "blank.csv").write_text("\n\n")
    for name in ("bad.xlsx", "bad.gpkg", "bad.parquet", "bad.shp", "bad.geojson"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
    frame().to_file(tmp_path / "two.gpkg", layer="one")
    frame().to_file(tmp_path / "two.gpkg", layer="two")
    (tmp_path / "notes.docx").touch()
    for path in [*tmp_path.iterdir(), tmp_path / "absent.csv"]:
        with pytest.raises(FileError, match=path.stem):
            files.open_table(path)
    assert files.open_table(tmp_path / "two.gpkg", layer="two").n_rows == N
    with pytest.raises(FileError, match="one, two"):
        files.open_table(tmp_path / "two.gpkg", layer="three")


def test_ids_do_not_depend_on_the_order_of_columns(tmp_path):
    table = frame().drop(columns=["geometry", "线索编号"]).assign(lon=LON, lat=LAT)
    table.to_csv(tmp_path / "a.csv", index=False)
    table[table.columns[::-1]].to_csv(tmp_path / "b.csv", index=False, sep=";", encoding="utf-8-sig")
    a, b = (rows(tmp_path / name, datum="wgs84")[1] for name in ("a.csv", "b.csv"))
    assert a["id"].tolist() == b["id"].tolist()
    assert a["id"].is_unique


def test_outlines_for_one_verb(tmp_path):
    squares = gpd.GeoDataFrame(
        {"GEOID": ["1", "2"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326
    )
    squares.to_file(tmp_path / "two.geojson")
    outlines = read_boundaries(tmp_path / "two.geojson")
    assert outlines["name"].tolist() == ["1", "2"]
    squares.rename(columns={"GEOID": "key"}).to_file(tmp_path / "other.shp")
    with pytest.raises(ColumnError, match="key"):
        read_boundaries(tmp_path / "other.shp")
    assert read_boundaries(tmp_path / "other.shp", "key")["id"].tolist() == ["1", "2"]
    shutil.copy(tmp_path / "two.geojson", tmp_path / "bad.geojson")
    squares.assign(GEOID="1").to_file(tmp_path / "bad.geojson")
    with pytest.raises(FileError, match="row 2, GEOID"):
        read_boundaries(tmp_path / "bad.geojson")
