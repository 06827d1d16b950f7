"""A plan of a day of joint patrols: who rides in which car, where it goes when, and what is left undone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """A visit in a crew's day: minutes of arriving, of starting together, and of being done."""

    visit_id: str
    arrive_min: float
    start_min: float
    end_min: float


@dataclass(frozen=True)
class CrewPlan:
    """The officers of one car and their day; `rest_min` is the minute their break begins, and how long it lasts."""

    vehicle_id: str
    officer_ids: tuple[str, ...]
    depart_min: float
    back_min: float
    stops: tuple[Stop, ...]
    travel_min: float
    work_min: float
    rest_min: tuple[float, float] | None = None


@dataclass(frozen=True)
class Undone:
    """A visit that is not in the plan: the rule that stops it, why in words, and what would allow it."""

    visit_id: str
    rule: str
    reason: str
    lift: str = ""


@dataclass(frozen=True)
class Plan:
    """Crews with their stops, what is left undone and why, and what it comes to.

    `risk`: of the visits done. `longest_min`: driving and work of the crew that has most of them. `binding`: rules that
    cost something. `conflict`: where required visits are left undone, which rules exclude each other. `warnings`: second
    visits of a firm on one day, and visits that could be made one.
    """

    crews: tuple[CrewPlan, ...]
    undone: tuple[Undone, ...]
    risk: float
    travel_min: float
    longest_min: float
    seed: int
    binding: tuple[str, ...] = ()
    conflict: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def visit_ids(self) -> frozenset[str]:
        """Visits that are done."""
        return frozenset(stop.visit_id for crew in self.crews for stop in crew.stops)
