"""What if: steps as an address holds them, and stations as they would be."""

import json

import pytest

from casework.errors import RefusedError
from casework.whatif import MOST_STEPS, Added, Closed, Moved, applied, checked, read_steps, steps_text
from tests import world
from tests.world import E, W

STEPS = (
    Closed("s-w-team"),
    Added(120.31, 30.9, 4),
    Moved("s-e-team", "s-e-squad", 3),
    Moved("s-e-team", "s-w-squad", 9),
)


def after(*steps):
    frame = applied(world.stations(), steps, world.boundaries())
    return {row["id"]: (row["n_officers"], row["planned"]) for row in frame.to_dict("records")}


def test_steps_come_back_from_an_address():
    assert read_steps(steps_text(STEPS)) == STEPS
    assert read_steps('[["add",120,30,2]]') == (Added(120.0, 30.0, 2),)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[1]",
        "nonsense",
        '[["close"]]',
        '[["close",1]]',
        '[["close","a\\nb"]]',
        '[["open","s"]]',
        '[["add",200,30,2]]',
        '[["add",120,99,2]]',
        '[["add",120,30,-1]]',
        '[["add",120,30,2.5]]',
        '[["add",NaN,30,2]]',
        '[["move","s","t",0]]',
        '[["move","s","' + "t" * 300 + '",1]]',
        json.dumps([["close", "s"]] * (MOST_STEPS + 1)),
    ],
)
def test_what_is_no_step_is_none(text):
    with pytest.raises(ValueError):
        read_steps(text)


def test_stations_as_they_would_be():
    found = after(*STEPS)
    assert found["s-w-team"] == (0, "closed")
    assert found["what-if-1"] == (4, "added")
    assert found["s-e-squad"] == (3, "changed")
    assert found["s-w-squad"] == (2, "changed")  # of nine asked for, the one who was left
    assert found["s-e-team"] == (0, "changed")
    assert found["s-n-squad"] == (0, "")
    frame = applied(world.stations(), STEPS, world.boundaries()).set_index("id")
    assert frame.loc["what-if-1", ["level", "jurisdiction_id"]].tolist() == ["joint", E]
    assert after() == {row["id"]: (row["n_officers"], "") for row in world.stations().to_dict("records")}


def test_a_step_of_another_day_is_left_out():
    assert after(Closed("gone"), Moved("s-e-team", "gone", 1), Moved("gone", "s-e-team", 1)) == after()


def test_officers_stay_as_many_as_they_were_when_they_move():
    moved = after(Moved("s-e-team", "s-w-team", 2), Moved("s-w-team", "s-n-squad", 5))
    assert sum(n for n, _ in moved.values()) == world.stations()["n_officers"].sum()


@pytest.mark.parametrize(
    ("before", "step", "words"),
    [
        ((), Closed("gone"), "closed or gone"),
        ((Closed("s-w-team"),), Closed("s-w-team"), "closed or gone"),
        ((), Moved("s-w-team", "gone", 1), "another open station"),
        ((), Moved("s-w-team", "s-w-team", 1), "another open station"),
        ((Closed("s-e-team"),), Moved("s-w-team", "s-e-team", 1), "another open station"),
        ((), Moved("s-w-squad", "s-w-team", 2), "West squad has 1 officers"),
        ((), Moved("s-w-squad", "s-w-team", 0), "at least 1"),
    ],
)
def test_what_cannot_follow_is_refused(before, step, words):
    with pytest.raises(RefusedError, match=words):
        checked(applied(world.stations(), before, world.boundaries()), step)


def test_what_can_follow_is_passed_on():
    frame = applied(world.stations(), (Added(120.3, 30.9, 2),), world.boundaries())
    for step in (Closed("s-w-team"), Moved("s-w-team", "what-if-1", 6), Added(120.1, 30.9, 4), Closed("what-if-1")):
        assert checked(frame, step) is step
    assert frame.loc[frame["id"] == "what-if-1", "jurisdiction_id"].item() in (E, W)
