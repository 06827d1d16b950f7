"""Every kind of bad row is named with its row, its field and what was expected; none is lost, and the good ones come in."""

from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely

from casework.model import Box, Kind
from geo.frames import FIRMS, INCIDENTS, JURISDICTIONS, STATIONS
from intake.mapping import Mapping
from intake.reading import Options, read

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "编号,发现时间,经度,纬度,类别,来源,严重程度,描述,精度"
GOOD = "{id},2026-03-05 14:30,120.1,30.8,水,投诉,一般,河水发黑,15"
POINT = "经度, 纬度"

# What the line is like, the field at fault, a word of what was expected.
BAD_INCIDENTS = [
    (b"b1,2026-03-05,,30.8,\xe6\xb0\xb4,complaint,2,,", "经度", "missing"),
    (b"b2,2026-03-05,120.1,,water,complaint,2,,", "纬度", "missing"),
    (b"b3,2026-03-05,30.8,120.1,water,complaint,2,,", POINT, "swapped"),
    (b"b4,2026-03-05,200,30.8,water,complaint,2,,", POINT, "-180 to 180"),
    (b"b5,2026-03-05,120.1,95,water,complaint,2,,", POINT, "-90 to 90"),
    (b"b6,2026-03-05,0,0,water,complaint,2,,", POINT, "0, 0"),
    (b"b7,2026-03-05,east,30.8,water,complaint,2,,", "经度", "number"),
    (b"b8,2026-03-05,120.1,inf,water,complaint,2,,", "纬度", "number"),
    (b'b9,2026-03-05,"120,1",30.8,water,complaint,2,,', "经度", "number"),
    (b"b10,2026-03-05,12010000,3080000,water,complaint,2,,", POINT, "decimal degrees"),
    (b"b11,2026-02-30,120.1,30.8,water,complaint,2,,", "发现时间", "exists"),
    (b"b12,2026-13-01,120.1,30.8,water,complaint,2,,", "发现时间", "exists"),
    (b"b13,yesterday,120.1,30.8,water,complaint,2,,", "发现时间", "2026-03-05 14:30"),
    (b"b14,03/05/2026,120.1,30.8,water,complaint,2,,", "发现时间", "2026-03-05 14:30"),
    (b"b15,,120.1,30.8,water,complaint,2,,", "发现时间", "missing"),
    (b"b16,2036-03-05,120.1,30.8,water,complaint,2,,", "发现时间", "future"),
    (b"b17,1826-03-05,120.1,30.8,water,complaint,2,,", "发现时间", "1900"),
    (b"b18,2026-03-05 25:10,120.1,30.8,water,complaint,2,,", "发现时间", "exists"),
    (b"b19,2026-03-05,120.1,30.8,lava,complaint,2,,", "类别", "one of water"),
    (b"b20,2026-03-05,120.1,30.8,,complaint,2,,", "类别", "missing"),
    (b"b21,2026-03-05,120.1,30.8,water,rumour,2,,", "来源", "one of monitoring"),
    (b"b22,2026-03-05,120.1,30.8,water,,2,,", "来源", "missing"),
    (b"b23,2026-03-05,120.1,30.8,water,complaint,7,,", "严重程度", "one of minor"),
    (b"b24,2026-03-05,120.1,30.8,water,complaint,,,", "严重程度", "missing"),
    (b",2026-03-05,120.1,30.8,water,complaint,2,,", "编号", "missing"),
    (b"g1,2026-03-05,120.2,30.9,water,complaint,2,,", "编号", "row 2"),
    (b"b27,2026-03-05,120.1,30.8,water,complaint,2,\xff\xfe\xff,", "描述", "encoding"),
    ("b28,2026-03-05,120.1,30.8,water,complaint,2,锟斤拷锟斤拷,".encode(), "描述", "encoding"),
    (b"b29,2026-03-05,120.1,30.8,water,complaint", "(line)", "9 fields"),
    (b"b30,2026-03-05,120.1,30.8,water,complaint,2,a,b,c,d", "(line)", "9 fields"),
    (b"b31,2026-03-05,120.1,30.8,water,complaint,2," + b"x" * 5001 + b",", "描述", "5000 characters"),
    (b"b32" + b"x" * 70 + b",2026-03-05,120.1,30.8,water,complaint,2,,", "编号", "64 characters"),
    (b"b33,2026-03-05,120.1,30.8,water,complaint,2,,-5", "精度", "0 to"),
    (b"b34,2026-03-05,120.1,30.8,water,complaint,2,,near", "精度", "a number"),
    (b'b35,2026-03-05,120.1,30.8,water,complaint,2,"never closed,1', "(line)", "quotation"),
    (b"b36,2026-03-05,120.1,30.8,water,complaint,2,a\x00b,", "描述", "encoding"),
    (b"b37,12,120.1,30.8,water,complaint,2,,", "发现时间", "exists"),
]


def incidents(path, lines, **options):
    path.write_bytes(b"\n".join(lines) + b"\n")
    near = options.pop("near", None)
    reading = read(path, Kind.INCIDENTS, Options(datum="wgs84", **options), NOW, near=near)
    parts = list(reading.parts())
    for part in parts:
        INCIDENTS.check(part.rows)
    return reading, parts


def test_every_bad_incident_is_named_and_every_good_one_comes_in(tmp_path):
    lines, bad_rows = [HEADER.encode()], {}
    good_ids = []
    for n, (line, field, expected) in enumerate(BAD_INCIDENTS, start=1):
        lines.append(GOOD.format(id=f"g{n}").encode())
        good_ids.append(f"g{n}")
        lines.append(line)
        bad_rows[len(lines)] = (field, expected)
    reading, (part,) = incidents(tmp_path / "bad.csv", lines)

    assert len(BAD_INCIDENTS) >= 30
    assert part.rows["id"].tolist() == good_ids
    found = {reject.row: reject for reject in part.rejects}
    assert set(found) == set(bad_rows)
    for row, (field, expected) in bad_rows.items():
        assert found[row].field == field, found[row]
        assert expected in found[row].expected, found[row]
        assert found[row].file.endswith("/bad.csv")
        assert found[row].raw
    assert reading.n_rows == 2 * len(BAD_INCIDENTS)
    assert sum(reading.rejected_by_field.values()) == reading.n_rejected == len(BAD_INCIDENTS)


def test_a_stray_quotation_mark_costs_one_row_however_the_next_ones_look(tmp_path):
    lines = [
        HEADER.encode(),
        b'a,2026-03-05,120.1,30.8,water,complaint,2,x,"1',
        b'b,2026-03-05,120.1,30.8,water,complaint,2,"fine, really",2',
        b'c,2026-03-05,120.1,30.8,water,complaint,2,"two\nlines",2',
        b'd,2026-03-05,120.1,30.8,water,complaint,2,a 5" pipe,2',
    ]
    _, (part,) = incidents(tmp_path / "quotes.csv", lines)
    assert [(r.row, r.expected) for r in part.rejects] == [(2, "a closing quotation mark")]
    assert part.rows["id"].tolist() == ["b", "c", "d"]
    assert part.rows["description"].tolist() == ["fine, really", "two\nlines", 'a 5" pipe']


def test_swapped_coordinates_that_both_fit_are_told_by_where_the_jurisdictions_are(tmp_path):
    lines = [
        HEADER.encode(),
        "a,2026-03-05,44.0,85.0,水,投诉,2,,".encode(),
        "b,2026-03-05,85.0,44.0,水,投诉,2,,".encode(),
    ]
    _, (part,) = incidents(tmp_path / "west.csv", lines, near=Box(84, 43, 86, 45))
    assert [(r.row, "swapped" in r.expected) for r in part.rejects] == [(2, True)]
    assert part.rows["id"].tolist() == ["b"]


def test_rows_alike_to_the_letter_are_one_where_there_is_no_id_column(tmp_path):
    line = "2026-03-05,120.1,30.8,水,投诉,2"
    lines = ["日期,经度,纬度,类别,来源,严重程度".encode(), line.encode(), "", line.encode()]
    _, (part,) = incidents(tmp_path / "twins.csv", [one if isinstance(one, bytes) else one.encode() for one in lines])
    (reject,) = part.rejects
    assert (reject.row, reject.value) == (4, "same as row 2")
    again = incidents(tmp_path / "twins.csv", [one if isinstance(one, bytes) else one.encode() for one in lines])
    assert again[1][0].rows["id"].tolist() == part.rows["id"].tolist()


def test_a_file_of_bad_rows_only_is_all_in_quarantine(tmp_path):
    _, (part,) = incidents(tmp_path / "all.csv", [HEADER.encode(), *(line for line, _, _ in BAD_INCIDENTS[:5])])
    assert len(part.rows) == 0
    assert len(part.rejects) == 5


STATIONS_HEADER = "id,name,level,n_officers,lon,lat"
BAD_STATIONS = [
    ("s1,,team,3,120,30", "name", "missing"),
    ("s2,A,brigade,3,120,30", "level", "one of team"),
    ("s3,A,team,-1,120,30", "n_officers", "0 to"),
    ("s4,A,team,2.5,120,30", "n_officers", "whole number"),
    ("s5,A,team,many,120,30", "n_officers", "whole number"),
    ("s6,A,team,,120,30", "n_officers", "missing"),
    (f"s7,{'A' * 201},team,1,120,30", "name", "200 characters"),
]


def test_every_bad_station_is_named(tmp_path):
    path = tmp_path / "stations.csv"
    good = ["g1,吴兴中队,中队,3,120,30", "g2,执法队,执法队,4.0,120,30", "g3,站,生态联勤警务站,0,120,30"]
    path.write_text("\n".join([STATIONS_HEADER, *(line for line, _, _ in BAD_STATIONS), *good]), encoding="utf-8-sig")
    (part,) = read(path, Kind.STATIONS, Options(datum="cgcs2000"), NOW).parts()
    STATIONS.check(part.rows)
    assert part.rows["level"].tolist() == ["squad", "team", "joint"]
    assert part.rows["n_officers"].tolist() == [3, 4, 0]
    for row, (reject, (_, field, expected)) in enumerate(zip(part.rejects, BAD_STATIONS, strict=True), start=2):
        assert (reject.row, reject.field) == (row, field)
        assert expected in reject.expected


def test_every_bad_firm_is_named(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text(
        "企业名称,颜色码,风险值,经度,纬度\n甲厂,红码,80,120,30\n乙厂,蓝,1,120,30\n丙厂,绿,high,120,30\n,黄,,120,30\n丁厂,黄,,120,30\n",
        encoding="gb18030",
    )
    reading = read(path, Kind.FIRMS, Options(datum="gcj02"), NOW)
    (part,) = reading.parts()
    FIRMS.check(part.rows)
    assert reading.table.encoding == "GB18030"
    assert part.rows[["name", "code"]].to_numpy().tolist() == [["甲厂", "red"], ["丁厂", "yellow"]]
    assert [(r.row, r.field) for r in part.rejects] == [(3, "颜色码"), (4, "风险值"), (5, "企业名称")]


SQUARE = shapely.box(120, 30, 120.1, 30.1)
BOW_TIE = shapely.Polygon([(120.2, 30), (120.3, 30.1), (120.3, 30), (120.2, 30.1)])
BAD_OUTLINES = [
    (None, "there is no shape"),
    (shapely.Polygon(), "there is no shape"),
    (shapely.Point(120, 30), "a polygon"),
    (shapely.LineString([(120, 30), (121, 31)]), "a polygon"),
    (shapely.Polygon([(120, 30), (121, 31), (120, 30)]), "an area"),
    (shapely.transform(SQUARE, lambda xy: xy[:, ::-1]), "swapped"),
    (shapely.transform(SQUARE, lambda xy: xy * 10_000), "decimal degrees"),
    (shapely.Polygon([(120, 30), (120.1, 30), (120.1, float("inf")), (120, 30)]), "finite"),
]


def test_outlines_are_repaired_where_possible_and_else_turned_away(tmp_path):
    shapes = [SQUARE, BOW_TIE, *(shape for shape, _ in BAD_OUTLINES)]
    ids = [f"j{n}" for n in range(len(shapes))]
    path = tmp_path / "outlines.parquet"
    gpd.GeoDataFrame({"adcode": ids, "名称": ids}, geometry=shapes, crs=4326).to_parquet(path)
    reading = read(path, Kind.BOUNDARIES, Options(), NOW)
    (part,) = reading.parts()
    JURISDICTIONS.check(part.rows)
    assert part.rows["id"].tolist() == ["j0", "j1"]
    assert part.rows.geometry.is_valid.all()
    assert reading.tally.repaired == ["2"]
    for row, (reject, (_, expected)) in enumerate(zip(part.rejects, BAD_OUTLINES, strict=True), start=3):
        assert (reject.row, reject.field) == (row, "geometry")
        assert expected in reject.expected, reject


def test_points_of_the_wrong_shape_are_turned_away(tmp_path):
    shapes = [
        shapely.Point(120, 30),
        SQUARE,
        None,
        shapely.MultiPoint([(120, 30)]),
        shapely.Point(30, 120),
        shapely.Point(0, 0),
    ]
    frame = gpd.GeoDataFrame({"name": list("abcdef"), "code": "red"}, geometry=shapes, crs=4326)
    path = tmp_path / "firms.gpkg"
    frame.to_file(path)
    (part,) = read(path, Kind.FIRMS, Options(), NOW).parts()
    assert part.rows["name"].tolist() == ["a", "d"]
    assert [(r.row, r.expected.split(";")[0]) for r in part.rejects] == [
        (2, "a point"),
        (3, "a point"),
        (5, "longitude first: longitude and latitude are swapped"),
        (6, "the place of the incident"),
    ]


@pytest.mark.parametrize("kind", [Kind.STATIONS, Kind.FIRMS, Kind.INCIDENTS])
def test_an_empty_table_gives_no_rows(tmp_path, kind):
    headers = {
        Kind.STATIONS: STATIONS_HEADER,
        Kind.FIRMS: "name,code,lon,lat",
        Kind.INCIDENTS: HEADER,
    }
    path = tmp_path / "empty.csv"
    path.write_text(headers[kind] + "\n", encoding="utf-8")
    assert list(read(path, kind, Options(datum="wgs84", mapping=Mapping()), NOW).parts()) == []
