"""A crew's day for the calendar of its phones, as an iCalendar file."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress

from casework.approvals import PlanState
from casework.briefings import Briefing
from casework.plan import PlannedCrew, Stop
from exports.crews import car_name, crew_title, side_name, stop_name, together
from exports.texts import one_line, printable
from words import Language, Translate, translator

_ALARM = timedelta(minutes=15)
_CONFIRMED = frozenset({PlanState.IN_FORCE, PlanState.DONE})
# RFC 5546 wants an organiser; this address is the one that calendars know to have no mailbox.
_NOBODY = "invalid:nomail"


def calendar(briefing: Briefing, crew_id: str, lang: Language) -> bytes:
    """One event for the patrol and one for each stop (RFC 5545), with place, position and an alarm.

    Parameters
    ----------
    briefing
        Of the plan.
    crew_id
        Whose day.
    lang
        Language of titles and notes.

    Returns
    -------
    bytes
        The file. Times are in the operator's zone, which it describes. An event keeps its UID over all versions of the
        plan and SEQUENCE is the version, so a newer file replaces what an older one wrote; a plan that was cancelled
        takes its events back. A visit that a newer plan gives to another crew stays until it is deleted by hand.

    Raises
    ------
    NotFoundError
        The plan has no such crew.
    """
    _ = translator(lang)
    plan, crew = briefing.plan, briefing.crew(crew_id)
    title = crew_title(briefing, crew_id, _)
    file = Calendar()
    file.add("prodid", "-//Lianfang//Joint patrols//EN")
    file.add("version", "2.0")
    file.add("method", "CANCEL" if plan.state is PlanState.CANCELLED else "PUBLISH")
    file.add("x-wr-calname", title)
    patrol = _event(briefing, (crew.id,), crew.leave_at, crew.back_at, title)
    _place(patrol, crew.station_name, crew.lon, crew.lat)
    patrol.add("description", _about_patrol(briefing, crew, lang))
    file.add_component(patrol)
    for number, stop in enumerate(crew.stops, start=1):
        file.add_component(_visit(briefing, crew, number, stop, _))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _visit(briefing: Briefing, crew: PlannedCrew, number: int, stop: Stop, _: Translate) -> Event:
    """The event of one stop."""
    title = f"{number}. {stop_name(stop)}"
    event = _event(briefing, (crew.id, stop.visit_id), stop.start_at, stop.end_at, title)
    _place(event, stop_name(stop), stop.lon, stop.lat)
    lines = [_("be there at {time}").format(time=f"{briefing.local(stop.arrive_at):%H:%M}")]
    if stop.with_crews:
        lines.append(_("start together with {crews}").format(crews=together(briefing, stop, _)))
    if stop.agencies:
        lines.append(_("checklists: {agencies}").format(agencies=", ".join(one_line(one) for one in stop.agencies)))
    if stop.reason:
        lines.append(_("reason: {reason}").format(reason=printable(stop.reason)))
    event.add("description", "\n".join(lines))
    return event


def _about_patrol(briefing: Briefing, crew: PlannedCrew, lang: Language) -> str:
    """Who goes in which vehicle, and under which agreement."""
    _ = translator(lang)
    lines = [f"{one_line(one.name)} ({side_name(briefing, one.jurisdiction_id, lang)})" for one in crew.members]
    lines.append(_("vehicle: {vehicle}").format(vehicle=car_name(crew.vehicle_id, _)))
    lines += [_("agreement: {title}").format(title=one_line(one.title or one.id)) for one in briefing.agreements]
    return "\n".join([*lines, *([_("simulated")] if briefing.simulated else [])])


def _event(briefing: Briefing, of: tuple[str, ...], start_at: datetime, end_at: datetime, title: str) -> Event:
    """An event with its identity, its times and an alarm."""
    plan, zone = briefing.plan, ZoneInfo(briefing.timezone)
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("lianfang", plan.id, *of)))))
    event.add("sequence", plan.version)
    event.add("dtstamp", briefing.made_at)
    event.add("dtstart", start_at.astimezone(zone))
    event.add("dtend", end_at.astimezone(zone))
    event.add("summary", title)
    if plan.state is PlanState.CANCELLED:
        event.add("status", "CANCELLED")
    else:
        event.add("status", "CONFIRMED" if plan.state in _CONFIRMED else "TENTATIVE")
    organiser = vCalAddress(_NOBODY)
    organiser.params["CN"] = "Lianfang"
    event.add("organizer", organiser)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -_ALARM)
    alarm.add("description", title)
    event.add_component(alarm)
    return event


def _place(event: Event, name: str, lon: float, lat: float) -> None:
    """Say where an event is, in words and in degrees."""
    event.add("location", f"{one_line(name)} ({lat:.5f}, {lon:.5f} WGS 84)")
    event.add("geo", (round(lat, 6), round(lon, 6)))
