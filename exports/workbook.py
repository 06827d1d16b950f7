"""A plan as a spreadsheet: the plan, a sheet for each crew, what was left out, and each side's part."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from casework.briefings import Briefing
from casework.plan import PlannedCrew
from casework.shares import shares
from exports.crews import car_name, crew_name, plan_title, side_name, stop_name, together
from exports.texts import printable
from layers.terms import DUTIES, PLAN_STATES
from words import Language, translator

Value = str | int | float | date | datetime | None
_LONGEST = 32_000  # a cell holds 32,767 characters
_HEAD = PatternFill("solid", fgColor="DDE5EA")
_WIDEST, _NARROWEST = 60, 9
_DAY, _INSTANT, _NUMBER = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0#####"


def workbook(briefing: Briefing, lang: Language) -> bytes:
    """The plan as an .xlsx file.

    Parameters
    ----------
    briefing
        Of the plan.
    lang
        Language of sheets and headers.

    Returns
    -------
    bytes
        The file. Days and instants are dates, by the operator's clock; figures are numbers. Words of others are text
        also where they look like a formula, and stay text when somebody edits the cell.
    """
    _ = translator(lang)
    book = Workbook()
    book.properties.title, book.properties.creator = plan_title(briefing), "Lianfang"
    book.properties.created = book.properties.modified = briefing.made_at.astimezone(UTC).replace(tzinfo=None)
    first = book.active
    assert isinstance(first, Worksheet)
    _plan(first, briefing, lang)
    for crew in briefing.plan.crews:
        _crew(book.create_sheet(crew_name(briefing, crew.id, _)), briefing, crew, lang)
    undone = [(stop.title or stop.visit_id, _(stop.reason), _(stop.remedy)) for stop in briefing.plan.undone]
    _table(book.create_sheet(_("Left out")), [_("Visit"), _("Why"), _("What would allow it")], undone)
    _shares(book.create_sheet(_("Each side")), briefing, lang)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _plan(sheet: Worksheet, briefing: Briefing, lang: Language) -> None:
    """The first sheet: what the plan is, and its crews."""
    _ = translator(lang)
    plan = briefing.plan
    sheet.title = _("Plan")
    head = [
        _("Crew"),
        _("Station"),
        _("Vehicle"),
        _("Officers"),
        _("Leave"),
        _("Back"),
        _("Stops"),
        _("On the road, min"),
    ]
    crews = [
        (
            crew_name(briefing, crew.id, _), crew.station_name, car_name(crew.vehicle_id, _), len(crew.members),
            _wall(briefing, crew.leave_at), _wall(briefing, crew.back_at), len(crew.stops), round(crew.travel_min, 1),
        )
        for crew in plan.crews
    ]  # fmt: skip
    _table(sheet, head, crews)
    facts: list[tuple[str, Value]] = [
        (_("Plan"), plan_title(briefing)),
        (_("Day"), plan.on),
        (_("Side A"), side_name(briefing, plan.a, lang)),
        (_("Side B"), side_name(briefing, plan.b, lang)),
        (_("State"), _(PLAN_STATES[plan.state])),
        (_("Version"), plan.version),
        (_("Travel times"), plan.provider),
        (_("Seed"), plan.seed),
        (_("Written"), _wall(briefing, briefing.made_at)),
        (_("Time zone"), briefing.timezone),
        (_("Datum"), "WGS 84"),
        (_("Data"), _("simulated") if briefing.simulated else _("as recorded")),
    ]
    start = sheet.max_row + 2
    for row, (name, value) in enumerate(facts, start=start):
        _put(sheet, row, 1, name).font = Font(bold=True)
        _put(sheet, row, 2, value)
    _widths(sheet)


def _crew(sheet: Worksheet, briefing: Briefing, crew: PlannedCrew, lang: Language) -> None:
    """One crew: its stops in order, and below them its members."""
    _ = translator(lang)
    head = [
        "№", _("Place"), _("Kind"), _("Arrive"), _("Start"), _("End"), _("On the road, min"), _("Risk"),
        _("Checklists"), _("Together with"), _("Reason"), _("Longitude"), _("Latitude"),
    ]  # fmt: skip
    stops = [
        (
            number, stop_name(stop), _(DUTIES[stop.duty]), _wall(briefing, stop.arrive_at),
            _wall(briefing, stop.start_at), _wall(briefing, stop.end_at), round(stop.travel_min, 1), round(stop.risk, 2),
            ", ".join(stop.agencies), together(briefing, stop, _), stop.reason, round(stop.lon, 6), round(stop.lat, 6),
        )
        for number, stop in enumerate(crew.stops, start=1)
    ]  # fmt: skip
    _table(sheet, head, stops)
    start = sheet.max_row + 2
    for column, name in enumerate((_("Officer"), _("Side"), _("Agency")), start=2):
        _put(sheet, start, column, name).font = Font(bold=True)
    for row, member in enumerate(crew.members, start=start + 1):
        told = (member.name, side_name(briefing, member.jurisdiction_id, lang), member.agency)
        for column, value in enumerate(told, start=2):
            _put(sheet, row, column, value)
    _widths(sheet)


def _shares(sheet: Worksheet, briefing: Briefing, lang: Language) -> None:
    """What each side gives, A before B."""
    _ = translator(lang)
    head = [
        _("Side"), _("Officers"), _("Crews"), _("Visits"), _("Joint visits"), _("Officers' work, h"),
        _("Officers on the road, h"), _("Risk"),
    ]  # fmt: skip
    rows = [
        (
            side_name(briefing, one.jurisdiction_id, lang), one.n_officers, one.n_crews, one.n_visits, one.n_joint,
            round(one.work_min / 60, 2), round(one.road_min / 60, 2), round(one.risk, 2),
        )
        for one in shares(briefing.plan)
    ]  # fmt: skip
    _table(sheet, head, rows)


def _table(sheet: Worksheet, head: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """A header that stays in sight, and the rows below it."""
    for column, name in enumerate(head, start=1):
        cell = _put(sheet, 1, column, name)
        cell.font, cell.fill = Font(bold=True), _HEAD
    for row, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            _put(sheet, row, column, value)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    _widths(sheet)


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """A cell with a value of its own kind; text is never read as anything else."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    if isinstance(value, str):
        cell.value = printable(value)[:_LONGEST]
        # openpyxl takes a text that begins with = for a formula; the prefix keeps Excel from doing so on editing.
        cell.data_type, cell.quotePrefix = "s", True
        return cell
    cell.value = value
    if isinstance(value, date):
        cell.number_format = _INSTANT if isinstance(value, datetime) else _DAY
    elif isinstance(value, float):
        cell.number_format = _NUMBER
    return cell


def _widths(sheet: Worksheet) -> None:
    """Make each column as wide as its longest line, within reason; a Chinese character takes two."""
    for column in range(1, sheet.max_column + 1):
        told = [cell for (cell,) in sheet.iter_rows(min_col=column, max_col=column) if cell.value is not None]
        longest = max((_breadth(cell) for cell in told), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, _NARROWEST), _WIDEST)


def _breadth(cell: Cell) -> int:
    """Characters that a cell needs on one line."""
    if isinstance(cell.value, datetime):
        return len(_INSTANT)
    words = max(str(cell.value).split("\n"), key=len)
    return sum(2 if ord(one) > 0x2E7F else 1 for one in words)  # noqa: PLR2004  # where Chinese begins


def _wall(briefing: Briefing, at: datetime) -> datetime:
    """An instant as the operator's clock shows it: a spreadsheet knows no zones."""
    return briefing.local(at).replace(tzinfo=None, microsecond=0)
