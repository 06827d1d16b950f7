"""A first crew: the rules, checked apart from how it is found."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.first_crew import Crew, Refusal, Rule, first_crew, visiting_order
from geo.reach import lonlat
from geo.travel import StraightLine
from tests.geo.specimens import stations_of

PLACE = {"lon": 120.0, "lat": 30.0, "a": "e", "b": "w", "travel": StraightLine(40)}


def sent(crew):
    return [(part.station_id, part.jurisdiction_id, part.n_officers) for part in crew.parts]


def test_each_side_sends_one_from_its_nearest_station_with_officers():
    rows = [
        ("e0", "team", "e", 0, 120.01, 30.0),
        ("e1", "team", "e", 4, 120.1, 30.0),
        ("e2", "team", "e", 4, 120.2, 30.0),
        ("w1", "team", "w", 1, 119.9, 30.0),
        ("x1", "team", "x", 9, 120.0, 30.0),
    ]
    crew = first_crew(stations_of(rows), **PLACE)
    assert sent(crew) == [("e1", "e", 1), ("w1", "w", 1)]
    assert crew.n_officers == 2
    assert crew.start_after_min == pytest.approx(14.5, abs=0.1)
    assert (crew.provider, crew.error) == ("straight-line", 0.5)


def test_a_joint_station_serves_both_sides_with_an_officer_each():
    rows = [
        ("j", "joint", None, 2, 120.01, 30.0),
        ("e1", "team", "e", 1, 120.1, 30.0),
        ("w1", "team", "w", 1, 119.8, 30.0),
    ]
    assert sent(first_crew(stations_of(rows), **PLACE)) == [("j", "e", 1), ("j", "w", 1)]


def test_a_joint_station_with_one_officer_yields_to_the_side_that_is_farther():
    rows = [
        ("j", "joint", "e", 1, 120.01, 30.0),
        ("e1", "team", "e", 1, 120.1, 30.0),
        ("w1", "team", "w", 1, 119.8, 30.0),
    ]
    assert sent(first_crew(stations_of(rows), **PLACE)) == [("e1", "e", 1), ("j", "w", 1)]


def test_more_officers_come_from_the_chosen_stations_first():
    rows = [
        ("e1", "team", "e", 2, 120.1, 30.0),
        ("e2", "team", "e", 5, 120.2, 30.0),
        ("w1", "team", "w", 1, 119.9, 30.0),
    ]
    crew = first_crew(stations_of(rows), **PLACE, min_officers=5)
    assert sent(crew) == [("e1", "e", 2), ("e2", "e", 2), ("w1", "w", 1)]
    refusal = first_crew(stations_of(rows), **PLACE, min_officers=9)
    assert refusal == Refusal(
        Rule.MIN_OFFICERS,
        "The stations of e and w have 8 officers and 9 are required on site: assign 1 more or ask for fewer, "
        "but no fewer than 2.",
    )


def test_a_side_without_officers_is_refused_by_name():
    refusal = first_crew(stations_of([("e1", "team", "e", 9, 120.1, 30.0), ("w1", "team", "w", 0, 120, 30)]), **PLACE)
    assert refusal.rule is Rule.EACH_SIDE
    assert refusal.sentence.startswith("No station of w has an officer who can get there")


def test_one_officer_cannot_stand_for_both_sides():
    refusal = first_crew(stations_of([("j", "joint", "e", 1, 120.1, 30.0)]), **PLACE)
    assert refusal.rule is Rule.EACH_SIDE
    assert "Only station j can serve e and w" in refusal.sentence


@pytest.mark.parametrize(("change", "words"), [({"b": "e"}, "both sides are e"), ({"min_officers": 1}, "2 or more")])
def test_nonsense_is_an_error(change, words):
    with pytest.raises(GeoError, match=words):
        first_crew(stations_of([("e1", "team", "e", 9, 120.1, 30.0)]), **{**PLACE, **change})


@given(st.integers(0, 100_000), st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_every_crew_keeps_the_rules_and_none_starts_earlier(seed, min_officers):
    rng = np.random.default_rng(seed)
    rows = [
        (f"s{k}", rng.choice(["team", "squad", "joint"]), rng.choice(["e", "w", None]), int(rng.integers(0, 4)),
         *rng.uniform((119.5, 29.5), (120.5, 30.5)))
        for k in range(int(rng.integers(0, 6)))
    ]  # fmt: skip
    stations = stations_of(rows)
    answer = first_crew(stations, **PLACE, min_officers=min_officers)
    away = StraightLine(40).minutes(lonlat(stations), np.array([[120.0, 30.0]]))[:, 0]
    may = {
        side: [k for k, row in enumerate(rows) if row[3] and (row[2] == side or (row[1] == "joint" and row[2] is None)
               or (row[1] == "joint" and row[2] in "ew"))]
        for side in "ew"
    }  # fmt: skip
    legal = [max(away[i], away[j]) for i, j in product(may["e"], may["w"]) if i != j or rows[i][3] > 1]
    total = sum(rows[k][3] for k in {*may["e"], *may["w"]})
    assert isinstance(answer, Crew) == (bool(legal) and total >= min_officers)
    if isinstance(answer, Refusal):
        assert answer.sentence.endswith(".")
        return
    assert {part.jurisdiction_id for part in answer.parts} == {"e", "w"}
    assert answer.n_officers == min_officers
    index = {row[0]: k for k, row in enumerate(rows)}
    for part in answer.parts:
        assert index[part.station_id] in may[part.jurisdiction_id]
        assert (
            sum(p.n_officers for p in answer.parts if p.station_id == part.station_id)
            <= rows[index[part.station_id]][3]
        )
    if min_officers == 2:
        assert answer.start_after_min == pytest.approx(min(legal))


def test_visiting_order_takes_each_place_once():
    rng = np.random.default_rng(0)
    order = visiting_order(*rng.uniform(20, 30, (2, 12)), 25.0, 25.0)
    assert sorted(order) == list(range(12))
    assert visiting_order([120, 120], [30, 30], 120, 30).tolist() == [0, 1]
