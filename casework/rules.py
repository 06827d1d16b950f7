"""The thresholds the desk works by; an operator sets them, nothing in the code assumes them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Rules:
    """Thresholds of the quick cluster look, of the test for chance, of the commuting circle of a lawful crew, of guesses at a password, and whose days count."""

    cluster_radius_m: float = 1500.0
    cluster_days: float = 14.0
    cluster_min_incidents: int = 6
    cluster_min_each_side: int = 2
    reach_min: float = 30.0
    reach_kmh: float = 40.0
    road_speed: float = 1.0
    min_officers: int = 2
    urgent_days: int = 30
    visit_warn_day: int = 2
    visit_most_day: int = 2
    visit_most_week: int = 2
    visit_most_month: int = 3
    test_radius_m: float = 3000.0
    test_days: int = 30
    test_replications: int = 999
    significance: float = 0.05
    sign_in_tries: int = 5
    sign_in_window_min: float = 15.0
    timezone: str = "Asia/Shanghai"

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """The thresholds among an operator's settings, by name.

        Examples
        --------
        >>> Rules.of({"reach_min": 20.0, "port": 8050}).reach_min
        20.0
        """
        return cls(**{one.name: settings[one.name] for one in fields(cls) if one.name in settings})

    def day(self, at: datetime) -> date:
        """The day an instant falls on by the operator's calendar.

        Examples
        --------
        >>> Rules().day(datetime.fromisoformat("2026-05-31T16:00:00+00:00")).isoformat()
        '2026-06-01'
        """
        return at.astimezone(ZoneInfo(self.timezone)).date()
