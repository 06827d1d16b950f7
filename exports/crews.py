"""How crews, stops and sides are called, alike in every file."""

from casework.briefings import Briefing
from casework.plan import Stop
from casework.rosters import car_number
from exports.texts import one_line
from words import Language, Translate


def plan_title(briefing: Briefing) -> str:
    """What the plan is called; its id where nobody gave it a title."""
    return one_line(briefing.plan.title) or one_line(briefing.plan.id)


def crew_title(briefing: Briefing, crew_id: str, _: Translate) -> str:
    """The crew by its number, and the plan."""
    return f"{crew_name(briefing, crew_id, _)} · {plan_title(briefing)}"


def crew_name(briefing: Briefing, crew_id: str, _: Translate) -> str:
    """The crew by its number."""
    return _("Crew {n}").format(n=briefing.number(crew_id))


def car_name(vehicle_id: str, _: Translate) -> str:
    """A car by its number at its station; its id where the station does not count it, a dash where there is none."""
    number = car_number(vehicle_id)
    return one_line(vehicle_id) or "–" if number is None else _("Car {n}").format(n=number)


def stop_name(stop: Stop) -> str:
    """What a stop is called; the visit's id where it has no title."""
    return one_line(stop.title) or one_line(stop.visit_id)


def together(briefing: Briefing, stop: Stop, _: Translate) -> str:
    """The crews that start together with this one; empty where none does."""
    known = {crew.id for crew in briefing.plan.crews}
    return ", ".join(crew_name(briefing, one, _) if one in known else one_line(one) for one in stop.with_crews)


def side_name(briefing: Briefing, jurisdiction_id: str, lang: Language) -> str:
    """A jurisdiction's name; its id where it has none."""
    return one_line(briefing.names(lang).get(jurisdiction_id, jurisdiction_id))
