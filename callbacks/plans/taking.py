"""What crews take along is fetched by address: briefing, calendar and track of each crew, and a workbook of all."""

from collections.abc import Callable

from flask import Flask, Response, abort, request

from callbacks.errors import EXPECTED, status_of
from callbacks.view import read
from casework.briefings import Briefing
from casework.desk import Desk
from casework.errors import CaseError, NotFoundError
from exports.briefing import briefing_page
from exports.calendar import calendar
from exports.checklists import read_checklists
from exports.texts import file_stem
from exports.track import track
from exports.workbook import workbook
from settings import Settings
from words import Language, translator

_KINDS = {
    "html": "text/html",
    "ics": "text/calendar",
    "gpx": "application/gpx+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def register(server: Flask, desk: Callable[[], Desk], settings: Settings) -> None:
    """Add the route ``/plans/<plan>/<crew>.<form>``."""

    def content(briefing: Briefing, crew: str, form: str, lang: Language) -> bytes:
        if form == "xlsx":
            return workbook(briefing, lang)
        crews = briefing.plan.crews
        if not crew.isdigit() or not 1 <= int(crew) <= len(crews):
            raise NotFoundError("The plan has no crew {id}.", id=crew)
        crew_id = crews[int(crew) - 1].id
        if form == "ics":
            return calendar(briefing, crew_id, lang)
        if form == "gpx":
            return track(briefing, crew_id, lang).encode()
        return briefing_page(briefing, crew_id, lang, read_checklists(settings.own_checklists)).encode()

    @server.get("/plans/<plan>/<crew>.<form>")
    def plan_file(plan: str, crew: str, form: str) -> Response:
        if form not in _KINDS:
            abort(404)
        lang = read(request.query_string.decode(errors="replace")).lang
        try:
            at = desk()
            briefing = at.briefings.of(plan)
            body = content(briefing, crew, form, lang)
            name = f"{briefing.plan.on.isoformat()}-{file_stem(crew)}-{file_stem(plan)}.{form}"
            at.log.exported(f"plan:{plan}", (briefing.plan.a, briefing.plan.b), file=name)
        except EXPECTED as error:
            said = error.said(translator(lang)) if isinstance(error, CaseError) else str(error)
            return Response(said, status_of(error), mimetype="text/plain")
        answer = Response(body, mimetype=_KINDS[form])
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer
