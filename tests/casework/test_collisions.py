"""Too many visits of one firm, and what they can be merged into."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.collisions import FirmVisit, Period, Thresholds, collisions, merged, within

MONDAY = date(2026, 11, 23)
RULES = Thresholds()


def planned(*days, firm_id="f"):
    return [FirmVisit(firm_id, MONDAY + timedelta(days=day), plan_id=f"p{day}") for day in days]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((), None),
        ((1,), None),  # the 2nd of the week, on another day
        ((0,), (Period.DAY, 2, False)),
        ((0, 0), (Period.DAY, 3, True)),
        ((1, 6), (Period.WEEK, 3, True)),
        ((-1, 7), None),  # Sunday before and Monday after are other weeks, and 3 in a month are allowed
        ((-21, -14, -7), (Period.MONTH, 4, True)),
        ((-28, -21, -14), None),  # one of them lies in October
    ],
)
def test_the_second_of_a_day_warns_and_the_third_is_refused(days, told):
    found = collisions(planned(0)[:1], planned(*days), RULES)
    assert [(one.period, one.nth, one.refused) for one in found] == ([] if told is None else [told])


def test_other_firms_do_not_count():
    assert collisions(planned(0), planned(0, 0, 0, firm_id="g"), RULES) == ()


def test_wanted_visits_count_for_each_other_and_refused_ones_do_not():
    found = collisions(planned(0, 0, 0, 0), [], RULES)
    assert [(one.nth, one.refused) for one in found] == [(2, False), (3, True), (3, True)]


def test_a_visit_of_the_same_day_is_offered_to_merge_with():
    warned = collisions(planned(0), planned(0, 3), RULES)[0]
    assert warned.period is Period.WEEK
    assert warned.refused
    assert warned.merge == planned(0)[0]
    assert collisions(planned(0), planned(1, 3), RULES)[0].merge is None


def test_thresholds_are_the_operators():
    assert collisions(planned(0), planned(0), Thresholds(warn_day=3, most_day=3, most_week=3)) == ()
    assert collisions(planned(0), [], Thresholds(most_day=0))[0].refused


def test_one_entry_does_the_work_of_all_agencies():
    visits = [
        FirmVisit("f", MONDAY, ("water",), "p"),
        FirmVisit("g", MONDAY, ("air",)),
        FirmVisit("f", MONDAY, ("fire", "water")),
    ]
    assert merged(visits) == (FirmVisit("f", MONDAY, ("water", "fire"), "p"), FirmVisit("g", MONDAY, ("air",)))


visits = st.lists(st.builds(FirmVisit, st.sampled_from("fg"), st.dates(date(2026, 11, 1), date(2026, 12, 5))))


@given(visits, visits)
def test_what_is_not_refused_never_makes_too_many(wanted, others):
    lawful = []
    for one in others:  # what is planned already is lawful
        if not any(found.refused for found in collisions([one], lawful, RULES)):
            lawful.append(one)
    refused = [found.wanted for found in collisions(wanted, lawful, RULES) if found.refused]
    for one in refused:
        wanted.remove(one)
    whole = lawful + wanted
    for one in whole:
        assert all(len(within(one, whole, period)) <= RULES.most(period) for period in Period)


@given(visits)
def test_merging_leaves_no_two_entries_of_a_day_and_loses_no_firm(some):
    once = merged(some)
    assert len({(one.firm_id, one.on) for one in once}) == len(once)
    assert {(one.firm_id, one.on) for one in once} == {(one.firm_id, one.on) for one in some}
    assert merged(once) == once
