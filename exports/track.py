"""A crew's way for navigators, as GPX 1.1."""

from datetime import UTC, datetime

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXWaypoint

from casework.briefings import Briefing
from exports.crews import crew_title, stop_name
from exports.texts import one_line, printable
from words import Language, translator


def track(briefing: Briefing, crew_id: str, lang: Language) -> str:
    """The route from the station over the stops and back, and each of its places as a waypoint.

    Parameters
    ----------
    briefing
        Of the plan.
    crew_id
        Whose way.
    lang
        Language of titles and notes.

    Returns
    -------
    str
        The file. Coordinates are WGS 84, as GPX 1.1 demands, and it says so; times are UTC. There are points and no
        road between them: the navigator finds its own.

    Raises
    ------
    NotFoundError
        The plan has no such crew.
    """
    _ = translator(lang)
    crew = briefing.crew(crew_id)
    title = crew_title(briefing, crew_id, _)
    file = GPX()
    file.creator = "Lianfang"
    file.name, file.time = title, briefing.made_at.astimezone(UTC)
    note = _("Coordinates are WGS 84, times UTC. Between the points the navigator finds the road.")
    file.description = " ".join([note, *([_("simulated")] if briefing.simulated else [])])
    station = one_line(crew.station_name)
    leaving = (crew.lon, crew.lat, crew.leave_at, f"0 {station}", _("leave"))
    stops = [
        (stop.lon, stop.lat, stop.start_at, f"{number} {stop_name(stop)}", printable(stop.reason))
        for number, stop in enumerate(crew.stops, start=1)
    ]
    back = (crew.lon, crew.lat, crew.back_at, f"{len(stops) + 1} {station}", _("back"))
    route = GPXRoute(name=title, description=note)
    route.points = [_routed(*one) for one in (leaving, *stops, back)]
    file.routes.append(route)
    file.waypoints = [_marked(*one) for one in (leaving, *stops)]
    return str(file.to_xml(version="1.1"))


def _routed(lon: float, lat: float, at: datetime, name: str, note: str) -> GPXRoutePoint:
    return GPXRoutePoint(lat, lon, time=at.astimezone(UTC), name=name, description=note or None)


def _marked(lon: float, lat: float, at: datetime, name: str, note: str) -> GPXWaypoint:
    return GPXWaypoint(lat, lon, time=at.astimezone(UTC), name=name, description=note or None, symbol="Flag")
