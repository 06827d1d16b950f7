"""The desk as a whole, its clock, its pulse, and what it says when something cannot be done."""

import doctest
import math
from datetime import UTC, date, datetime

import pytest

from casework import rules
from casework.desk import DAY, SystemClock
from casework.errors import BusyError, CaseError, NotFoundError, RefusedError
from casework.model import Agreement, CrewPart, Patrol, Written
from casework.ports import Topic
from casework.rules import Rules
from tests.world import NOW, TODAY, E, W
from words import translator


def test_examples_in_the_docstrings():
    result = doctest.testmod(rules)
    assert result.attempted
    assert not result.failed


def test_the_machines_clock_is_aware_and_in_utc():
    now = SystemClock().now()
    assert now.utcoffset().total_seconds() == 0
    assert abs((datetime.now(UTC) - now).total_seconds()) < 60


def test_the_pulse_tells_versions_the_day_and_when_things_changed(desk):
    pulse = desk.pulse()
    assert pulse.now == NOW
    assert pulse.versions == {str(k): v for k, v in desk._store.versions().items()} | {DAY: TODAY.toordinal()}
    assert desk.lately() == desk.versions() == pulse.versions
    assert pulse.changed_at.keys() == {
        Topic.JURISDICTIONS, Topic.STATIONS, Topic.FIRMS, Topic.INCIDENTS, Topic.AGREEMENTS,
    }  # fmt: skip


def test_the_pulse_beats_with_every_change_and_at_the_operators_midnight(desk, clock):
    before = desk.pulse().versions
    assert desk.pulse().versions == before
    desk.agreements.save(desk.agreements.draft(E, W))
    after = desk.pulse().versions
    assert {key for key in after if after[key] != before[key]} == {"agreements"}
    clock.at = datetime(2026, 6, 11, 16, tzinfo=UTC)
    assert {key for key, n in desk.pulse().versions.items() if n != after[key]} == {DAY}
    assert desk.today() == date(2026, 6, 12)


def test_the_pulse_of_an_empty_store(empty_desk):
    pulse = empty_desk.pulse()
    assert pulse.versions == dict.fromkeys(map(str, Topic), 0) | {DAY: TODAY.toordinal()}
    assert pulse.changed_at == {}


@pytest.mark.parametrize(
    ("timezone", "day"), [("Asia/Shanghai", 11), ("UTC", 10), ("America/Los_Angeles", 10), ("Pacific/Kiritimati", 11)]
)
def test_a_day_is_the_operators(timezone, day):
    assert Rules(timezone=timezone).day(NOW) == date(2026, 6, day)


@pytest.mark.parametrize("kind", [CaseError, NotFoundError, RefusedError, BusyError])
def test_an_error_says_the_same_in_either_language(kind):
    error = kind("There is no agreement {id}.", id="水{x}")
    assert str(error) == error.said(translator("en")) == "There is no agreement 水{x}."
    assert "水{x}" in error.said(translator("zh")) != str(error)
    assert isinstance(error, CaseError)


def test_an_error_without_figures_may_hold_braces():
    error = CaseError("Expected {id}")
    assert str(error) == error.said(lambda message: message) == "Expected {id}"


def test_an_agreement_holds_on_its_first_and_last_day():
    agreement = Agreement("m", "", E, W, 1.0, 1.0, date(2026, 1, 2), date(2026, 1, 3))
    assert [agreement.in_force(date(2026, 1, day)) for day in (1, 2, 3, 4)] == [False, True, True, False]
    open_ended = Agreement("m", "", E, W, 1.0, 1.0, date(2026, 1, 2))
    assert open_ended.in_force(date(9999, 12, 31))


def test_a_crew_starts_together_and_one_without_parts_never():
    crew = (CrewPart("s", "S", E, 2, 11.0), CrewPart("t", "T", W, 3, 7.0))
    patrol = Patrol("p", "m", "", TODAY, 120.3, 30.9, crew)
    assert (patrol.n_officers, patrol.start_after_min) == (5, 11.0)
    nobody = Patrol("p", "m", "", TODAY, 120.3, 30.9, ())
    assert (nobody.n_officers, nobody.start_after_min) == (0, math.inf)


def test_what_was_written_adds_up():
    assert Written(1, 2, 3, 4) + Written(10, 20, 30, 40) == Written(11, 22, 33, 44)
