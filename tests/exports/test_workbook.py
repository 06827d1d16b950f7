"""Workbooks are read again by openpyxl."""

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from exports.texts import printable
from exports.workbook import workbook
from tests import outings

SHEETS = {
    "en": ["Plan", "Crew 1", "Crew 2", "Left out", "Each side"],
    "zh": ["计划", "第 1 组", "第 2 组", "未安排", "各侧投入"],
}


def read(told, lang="en"):
    return openpyxl.load_workbook(BytesIO(workbook(told, lang)))


def table(sheet):
    rows = list(sheet.iter_rows(values_only=True))
    head = rows[0]
    return [dict(zip(head, row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("lang", SHEETS)
def test_there_is_a_sheet_for_everything_and_headers_stay_in_sight(told, lang):
    book = read(told, lang)
    assert book.sheetnames == SHEETS[lang]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert {sheet.print_title_rows for sheet in book} == {"$1:$1"}
    assert all(column.width >= 9 for sheet in book for column in sheet.column_dimensions.values())


def test_instants_are_dates_by_the_operators_clock_and_figures_are_numbers(told):
    row = table(read(told)["Crew 1"])[0]
    assert row["Start"] == datetime(2026, 6, 12, 9, 30)  # noqa: DTZ001  # a sheet knows no zone
    assert row["Risk"] == 2.5
    assert row["Longitude"] == 120.3012
    assert row["Together with"] == "Crew 2"
    plan = {row[0]: row[1] for row in read(told)["Plan"].iter_rows(min_row=4, max_col=2, values_only=True)}
    assert plan["Day"] == datetime(2026, 6, 12)  # noqa: DTZ001
    assert plan["Version"] == 3
    assert plan["State"] == "in force"
    assert plan["Data"] == "simulated"


def test_what_was_left_out_has_its_reason(told):
    assert table(read(told)["Left out"]) == [
        {"Visit": "North red", "Why": "No crew is back in time.", "What would allow it": "A third car."}
    ]


def test_each_sides_part_is_counted(told):
    east, west = table(read(told)["Each side"])
    assert (east["Side"], west["Side"]) == ("East", "West")
    assert (east["Officers"], east["Crews"], east["Visits"], east["Joint visits"]) == (3, 2, 4, 3)
    assert (west["Officers"], west["Crews"], west["Visits"], west["Joint visits"]) == (2, 1, 3, 3)
    # West: two officers of crew 1, three stops of 40 minutes.
    assert west["Officers' work, h"] == 4.0
    assert west["Risk"] == 7.5


def test_hostile_words_are_text_and_never_formulas(hostile):
    file = workbook(hostile, "en")
    book = openpyxl.load_workbook(BytesIO(file))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    said = {cell.value for cell in cells}
    assert {printable(words) for words in outings.HOSTILE} <= said
    with ZipFile(BytesIO(file)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_an_empty_plan_has_a_workbook_too(desk):
    book = read(desk.briefings.about(outings.plan(crews=(), undone=(), title="")))
    assert book.sheetnames == ["Plan", "Left out", "Each side"]
    assert [row["Officers"] for row in table(book["Each side"])] == [0, 0]
