"""Lines are led to where they cross, and left alone where that is not well told."""

import numpy as np
import pytest

from geo.junctions import End, straighten

M = 1 / 111_195


def end(from_deg, tip=(0.0, 0.0), gap_m=300.0, before_m=400.0, meets=True):
    """An end that came straight from an angle up to `before_m` before the origin, and then swerved to `tip`."""
    away = np.array([np.cos(np.radians(from_deg)), np.sin(np.radians(from_deg))]) * M
    line = np.array([3000.0, 2000.0, 1000.0])[::-1, None] * away
    path = np.array([before_m * away, np.array(tip) * M])
    return End(path, 1, meets=meets, gap_m=gap_m, line=line)


def tips(ends):
    """Where ends end, metres from the origin."""
    return np.array([one.path[-1] / M for one in ends])


def test_three_that_swerved_meet_where_they_cross():
    ends = [end(angle, tip=(80, 150)) for angle in (90, 200, 320)]
    straighten(ends)
    assert np.abs(tips(ends)).max() < 2
    assert [len(one.path) for one in ends] == [2, 2, 2]


def test_what_went_too_far_is_taken_back():
    ends = [end(90, (30, 90)), end(180, (30, 90)), end(0, (30, 90), before_m=-100)]
    straighten(ends)
    assert np.abs(tips(ends)).max() < 2
    assert len(ends[2].path) == 1


def test_two_junctions_are_two():
    one = [end(angle, tip=(80, 150)) for angle in (90, 200, 320)]
    two = [End(each.path + 0.1, 1, True, 300.0, each.line + 0.1) for each in one]
    straighten([*one, *two])
    assert np.abs(tips(one)).max() < 2
    assert np.abs(tips(two) - 0.1 / M).max() < 2


@pytest.mark.parametrize(
    "ends",
    [
        [],
        [end(90, (80, 150)), end(200, (80, 150))],
        [end(90, (80, 150)), end(200, (80, 150)), end(320, (80, 150), meets=False)],
        [end(90, (80, 150)), end(92, (80, 150)), end(91, (80, 150))],
        [end(90, (80, 150)), end(200, (80, 150)), end(320, (80, 150), before_m=2500)],
        [End(np.empty((0, 2)), 0, True, 300.0, np.zeros((1, 2)))] * 3,
    ],
    ids=["none", "two", "one at a coast", "all from one side", "from too far", "no path"],
)
def test_left_alone(ends):
    before = [one.path.copy() for one in ends]
    straighten(ends)
    assert all((one.path == path).all() for one, path in zip(ends, before, strict=True))


def test_ends_that_did_not_swerve_stay():
    ends = [end(angle) for angle in (90, 200, 320)]
    for one in ends:
        one.n_before = 2
    straighten(ends)
    assert tips(ends) == pytest.approx(0, abs=1e-9)


def test_an_end_without_a_place_before_it_opened_starts_from_its_line():
    ends = [end(90, (80, 150)), end(200, (80, 150)), end(320, (80, 150))]
    ends[0] = End(ends[0].path[1:], 0, True, 300.0, ends[0].line * 0.3)
    straighten(ends)
    assert np.abs(tips(ends)).max() < 2
