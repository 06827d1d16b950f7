"""Random inspection: repeatable, fair by weight, refusing what cannot be drawn."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.draws import ALGORITHM, draw, key, repeat
from geo.errors import GeoError

FIRMS = {"f1": "red", "f2": "yellow", "f3": "green", "f4": "red"}
OFFICERS = ["o1", "o2", "o3"]


def test_an_auditor_repeats_it_and_finds_what_was_changed():
    record = draw("2026-06-01 lottery 0429", FIRMS, OFFICERS, 2)
    assert repeat(record) == record
    assert repeat(replace(record, pairs=record.pairs[::-1])) != replace(record, pairs=record.pairs[::-1])
    with pytest.raises(GeoError, match=f"'old': '{ALGORITHM}' was expected"):
        repeat(replace(record, algorithm="old"))


def test_it_is_what_the_description_says_by_hand():
    # printf '2026-06-01\nfirm:f1' | sha256sum
    import hashlib  # noqa: PLC0415
    import math  # noqa: PLC0415

    number = int(hashlib.sha256(b"2026-06-01\nfirm:f1").hexdigest()[:16], 16)
    assert key("2026-06-01", "firm:f1", 4.0) == pytest.approx(-math.log((number + 0.5) / 2**64) / 4)


@given(st.permutations(sorted(FIRMS)), st.permutations(OFFICERS))
def test_the_order_of_a_file_decides_nothing(firms, officers):
    assert draw("s", {one: FIRMS[one] for one in firms}, officers, 3) == draw("s", FIRMS, OFFICERS, 3)


def test_firms_come_first_in_proportion_to_their_weight_and_officers_alike():
    firsts, sent = Counter(), Counter()
    for k in range(4000):
        firm, officers = draw(str(k), {"r": "red", "y": "yellow", "g": "green"}, OFFICERS, 1).pairs[0]
        firsts[firm] += 1
        sent.update(officers)
    assert firsts["r"] / 4000 == pytest.approx(4 / 7, abs=0.03)
    assert firsts["y"] / 4000 == pytest.approx(2 / 7, abs=0.03)
    assert all(n / 4000 == pytest.approx(2 / 3, abs=0.03) for n in sent.values())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"n_firms": 5}, "n_firms is 5: 0 to 4"),
        ({"n_firms": -1}, "n_firms is -1"),
        ({"n_officers": 1}, "n_officers is 1: 2, by law, to 3"),
        ({"n_officers": 4}, "n_officers is 4"),
        ({"officers": ["o1", "o1"]}, "somebody more than once"),
        ({"colours": {"f": "blue"}}, "firm 'f' is 'blue' with weight 0"),
        ({"weights": {"red": 1.0, "yellow": -1.0, "green": 1.0}}, "'yellow' with weight -1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, says):
    with pytest.raises(GeoError, match=says):
        draw(**({"seed": "s", "colours": FIRMS, "officers": OFFICERS, "n_firms": 1} | given))
