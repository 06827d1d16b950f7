"""Every crew has its files, and names lead nowhere else."""

import gpxpy
import icalendar
import pytest

from casework.errors import CaseError
from exports.luggage import luggage, write_luggage


def test_each_crew_has_three_files_and_the_plan_one(told):
    assert list(luggage(told, "en")) == [
        "2026-06-12-1-outing-1.html", "2026-06-12-1-outing-1.ics", "2026-06-12-1-outing-1.gpx",
        "2026-06-12-2-outing-1.html", "2026-06-12-2-outing-1.ics", "2026-06-12-2-outing-1.gpx",
        "2026-06-12-outing-1.xlsx",
    ]  # fmt: skip


def test_files_of_a_hostile_plan_stay_in_their_folder(hostile, tmp_path):
    room = tmp_path / "room"
    folder = room / "out"
    files = luggage(hostile, "zh")
    write_luggage(files, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
    assert [path.name for path in room.iterdir()] == ["out"]
    assert len(files) == 7
    for path in folder.glob("*.ics"):
        assert icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    for path in folder.glob("*.gpx"):
        assert gpxpy.parse(path.read_text("utf-8")).routes


def test_a_file_is_no_folder(told, tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine", "utf-8")
    with pytest.raises(CaseError, match="taken is a file"):
        write_luggage({}, file)
    assert file.read_text("utf-8") == "mine"
