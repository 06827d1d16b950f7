"""When simulated incidents come to light: seasons, weekdays and hours, as people, offices and machines keep them."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from casework.model import Category, Source
from intake.demo import words
from intake.demo.draws import Words
from intake.demo.planting import N_DAYS

Days = npt.NDArray[np.int64]
_CHINA_H = 8
# Weight of each hour of the local day, midnight first.
_OFFICE_HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 10, 8, 3, 4, 9, 9, 7, 3, 0, 0, 0, 0, 0, 0], dtype=float)
_PEOPLE_HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 5, 4, 4, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3], dtype=float)
# Plants that let out at night what they hold back by day show in the monitors.
_MACHINE_HOURS = np.array([7, 7, 7, 6, 5, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 5, 6, 7], dtype=float)
# Monday first.
_OFFICE_WEEK = np.array([1.1, 1.1, 1.1, 1.1, 1.0, 0.12, 0.06])
_PEOPLE_WEEK = np.array([1.1, 1.0, 1.0, 1.0, 1.0, 0.85, 0.8])
_MACHINE_WEEK = np.array([0.95, 1.0, 1.0, 1.0, 1.0, 1.05, 1.05])


def days(category: Words, source: Words, until: date, rng: np.random.Generator) -> Days:
    """Day of each incident, 0 to 364, 364 being the one before `until`; seasons by category, weekdays by source."""
    calendar = pd.date_range(end=until - timedelta(days=1), periods=N_DAYS, freq="D")
    day = np.zeros(len(category), dtype=np.int64)
    for kind in Category:
        season = np.array(words.SEASONS.get(kind.value, (1,) * 12), dtype=float)[calendar.month - 1]
        for origin in Source:
            here = (category == kind.value) & (source == origin.value)
            weight = season * _week(origin.value)[calendar.day_of_week]
            day[here] = rng.choice(N_DAYS, int(here.sum()), p=weight / weight.sum())
    return day


def instants(day: Days, source: Words, until: date, rng: np.random.Generator) -> pd.DatetimeIndex:
    """Instant (UTC, whole minutes) on each local day, at the hours its source keeps; all before `until` begins."""
    hour = np.zeros(len(day), dtype=np.int64)
    for origin in Source:
        here = source == origin.value
        weight = _hours(origin.value)
        hour[here] = rng.choice(24, int(here.sum()), p=weight / weight.sum())
    # The local day begins eight hours before the UTC day; the first morning of the year would fall before its start.
    hours = day * 24 + hour - _CHINA_H
    hours[hours < 0] += 24
    start = datetime.combine(until - timedelta(days=N_DAYS), time(), UTC)
    minutes = hours * 60 + rng.integers(0, 60, len(day))
    offsets = pd.to_timedelta(minutes, unit="m")
    return pd.DatetimeIndex(pd.Timestamp(start) + offsets).as_unit("us")


def _week(source: str) -> npt.NDArray[np.float64]:
    if source in words.OFFICE_SOURCES:
        return _OFFICE_WEEK
    return _MACHINE_WEEK if source in words.MACHINE_SOURCES else _PEOPLE_WEEK


def _hours(source: str) -> npt.NDArray[np.float64]:
    if source in words.OFFICE_SOURCES:
        return _OFFICE_HOURS
    return _MACHINE_HOURS if source in words.MACHINE_SOURCES else _PEOPLE_HOURS
