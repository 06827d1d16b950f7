"""What instant a text means, and what was assumed."""

import pandas as pd
import pytest

from intake.errors import MappingError
from intake.times import instants, joined


def read(*texts, zone="Asia/Shanghai", date_format=None):
    result = instants(pd.Series(list(texts), dtype=object), zone, date_format)
    return [None if pd.isna(at) else at.isoformat() for at in result.at], result


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-05 14:30:15", "2026-03-05T06:30:15+00:00"),
        ("2026-03-05T14:30", "2026-03-05T06:30:00+00:00"),
        ("2026/3/5 4:05", "2026-03-04T20:05:00+00:00"),
        ("2026.3.5", "2026-03-04T16:00:00+00:00"),
        ("2026年3月5日 14:30", "2026-03-05T06:30:00+00:00"),
        ("2026年3月5日14时30分20秒", "2026-03-05T06:30:20+00:00"),
        ("2026年3月5日 下午2点", "2026-03-05T06:00:00+00:00"),
        ("2026年3月5日 星期四 上午9:05", "2026-03-05T01:05:00+00:00"),
        ("２０２６年３月５日", "2026-03-04T16:00:00+00:00"),
        ("2026-03-05 2:30 PM", "2026-03-05T06:30:00+00:00"),
        ("2026-03-05 12:30 AM", "2026-03-04T16:30:00+00:00"),
        ("20260305", "2026-03-04T16:00:00+00:00"),
        ("20260305143000", "2026-03-05T06:30:00+00:00"),
        ("46086.604166667", "2026-03-05T06:30:00+00:00"),
        ("46086", "2026-03-04T16:00:00+00:00"),
        ("2026-03-05T14:30:00Z", "2026-03-05T14:30:00+00:00"),
        ("2026-03-05T14:30:00.250+01:00", "2026-03-05T13:30:00.250000+00:00"),
        ("2026-03-05 14:30-0800", "2026-03-05T22:30:00+00:00"),
        ("2026-02-29", None),
        ("2026-03-05 24:10", None),
        ("03/05/2026", None),
        ("12", None),
        ("1772692200000", None),
        ("soon", None),
    ],
)
def test_one_text(text, utc):
    assert read(text)[0] == [utc]


def test_what_was_assumed_is_counted():
    _, result = read("2026-03-05", "2026-03-05 10:00", "2026-03-05T10:00Z", "2026-03-05Z", "nonsense")
    assert result.naive.tolist() == [True, True, False, False, False]
    assert result.without_time.tolist() == [True, False, False, True, False]


def test_clocks_that_change():
    texts, result = read("2018-11-04 01:30:00", "2018-03-11 02:30:00", zone="America/Los_Angeles")
    assert texts == ["2018-11-04T09:30:00+00:00", "2018-03-11T10:00:00+00:00"]
    assert result.twice.tolist() == [True, False]


def test_a_named_pattern_settles_dates_that_mean_two_things():
    texts, result = read("03/05/2026", "13/05/2026", date_format="%m/%d/%Y", zone="UTC")
    assert texts == ["2026-03-05T00:00:00+00:00", None]
    assert result.without_time.tolist() == [True, False]


def test_date_and_time_in_two_columns():
    dates = pd.Series(["2026-03-05", "2026-03-05 00:00:00", "2026年3月5日", "2026-03-05", "2026-03-05"], dtype=object)
    times = pd.Series(["14:30", "0.604166667", "下午2:30", "1430", ""], dtype=object)
    texts, result = read(*joined(dates, times))
    assert texts == ["2026-03-05T06:30:00+00:00"] * 4 + ["2026-03-04T16:00:00+00:00"]
    assert result.without_time.tolist() == [False] * 4 + [True]


def test_an_unknown_zone_is_refused():
    with pytest.raises(MappingError, match="Asia/Shanghai"):
        read("2026-03-05", zone="Mars/Olympus")
