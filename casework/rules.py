"""The thresholds the desk works by; an operator sets them, nothing in the code assumes them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Rules:
    """Thresholds of the quick cluster look, of the commuting circle of a lawful crew, and whose days count."""

    cluster_radius_m: float = 1500.0
    cluster_days: float = 14.0
    cluster_min_incidents: int = 6
    cluster_min_each_side: int = 2
    reach_min: float = 30.0
    reach_kmh: float = 40.0
    min_officers: int = 2
    urgent_days: int = 30
    timezone: str = "Asia/Shanghai"

    def day(self, at: datetime) -> date:
        """The day an instant falls on by the operator's calendar.

        Examples
        --------
        >>> Rules().day(datetime.fromisoformat("2026-05-31T16:00:00+00:00")).isoformat()
        '2026-06-01'
        """
        return at.astimezone(ZoneInfo(self.timezone)).date()
