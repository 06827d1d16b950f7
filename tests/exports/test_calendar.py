"""Calendars are read again by the icalendar package."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from casework.approvals import PlanState
from casework.errors import NotFoundError
from exports.calendar import calendar
from exports.texts import one_line, printable
from tests import outings


def read(told, crew="k1", lang="en"):
    file = icalendar.Calendar.from_ical(calendar(told, crew, lang))
    return file, file.walk("VEVENT")


def with_plan(desk, **changes):
    return desk.briefings.about(outings.plan(**changes))


def test_there_is_an_event_for_the_patrol_and_each_stop(told):
    file, events = read(told)
    crew = told.plan.crews[0]
    assert file["METHOD"] == "PUBLISH"
    assert [str(one["SUMMARY"]) for one in events] == [
        "Crew 1 · Friday on the line", "1. East red", "2. West yellow", "3. Cluster 1",
    ]  # fmt: skip
    times = [(one.decoded("DTSTART"), one.decoded("DTEND")) for one in events]
    assert times == [(crew.leave_at, crew.back_at), *((stop.start_at, stop.end_at) for stop in crew.stops)]
    assert {str(one["STATUS"]) for one in events} == {"CONFIRMED"}
    assert {one["SEQUENCE"] for one in events} == {3}


def test_times_are_in_the_operators_zone_and_the_zone_is_described(told):
    file, events = read(told)
    zone = ZoneInfo("Asia/Shanghai")
    assert {one["DTSTART"].params["TZID"] for one in events} == {"Asia/Shanghai"}
    assert [one["TZID"] for one in file.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert events[1].decoded("DTSTART").astimezone(zone).hour == 9
    assert events[1]["DTSTAMP"].to_ical() == b"20260610T200000Z"


def test_each_event_says_where_and_rings_before(told):
    _, events = read(told)
    stop = told.plan.crews[0].stops[0]
    assert (events[1]["GEO"].latitude, events[1]["GEO"].longitude) == pytest.approx((stop.lat, stop.lon))
    assert "East red" in events[1]["LOCATION"]
    assert [alarm.decoded("TRIGGER") for one in events for alarm in one.walk("VALARM")] == [timedelta(minutes=-15)] * 4
    assert "start together with Crew 2" in events[1]["DESCRIPTION"]
    assert "checklists: water, air" in events[1]["DESCRIPTION"]
    assert "West officer 1 (West)" in events[0]["DESCRIPTION"]


def test_an_event_keeps_its_identity_over_versions_and_shares_it_with_nobody(desk, told):
    later = with_plan(desk, version=4, title="Another title")
    assert [one["UID"] for one in read(told)[1]] == [one["UID"] for one in read(later)[1]]
    assert {one["SEQUENCE"] for one in read(later)[1]} == {4}
    every = [one["UID"] for crew in ("k1", "k2") for one in read(told, crew)[1]]
    assert len(set(every)) == len(every) == 7


@pytest.mark.parametrize(
    ("state", "method", "status"),
    [
        (PlanState.CANCELLED, "CANCEL", "CANCELLED"),
        (PlanState.PROPOSED, "PUBLISH", "TENTATIVE"),
        (PlanState.DONE, "PUBLISH", "CONFIRMED"),
    ],
)
def test_the_state_of_the_plan_is_that_of_the_events(desk, state, method, status):
    file, events = read(with_plan(desk, state=state))
    assert file["METHOD"] == method
    assert {str(one["STATUS"]) for one in events} == {status}


def test_it_speaks_chinese(told):
    _, events = read(told, "k2", "zh")
    assert str(events[0]["SUMMARY"]) == "第 2 组 · Friday on the line"
    assert "原因：complaint of 8 June" in events[2]["DESCRIPTION"]
    assert "模拟数据" in events[0]["DESCRIPTION"]


def test_hostile_words_come_through_as_words(hostile):
    for crew in hostile.plan.crews:
        file, events = read(hostile, crew.id)
        assert file.errors == []
        assert len(events) == 1 + len(crew.stops)
        for event, stop in zip(events[1:], crew.stops, strict=True):
            assert str(event["SUMMARY"]).endswith(one_line(stop.title))
            assert printable(stop.reason) in str(event["DESCRIPTION"])
        assert all(one_line(member.name) in str(events[0]["DESCRIPTION"]) for member in crew.members)


def test_no_line_is_longer_than_readers_take(hostile):
    lines = calendar(hostile, "k1", "zh").split(b"\r\n")
    assert max(len(line) for line in lines) <= 75


def test_a_crew_that_is_none_has_no_calendar(told):
    with pytest.raises(NotFoundError, match="no crew k9"):
        calendar(told, "k9", "en")
