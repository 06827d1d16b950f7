"""The log's doors: lines by filters and page by page, the state of the chain, and a file of lines."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import Dash, Input, Output, State, html
from flask import Flask, Response, request

from callbacks.errors import EXPECTED, status_of
from callbacks.view import read
from casework.audit import Deed, Sought
from casework.desk import Desk
from casework.errors import CaseError
from casework.people import Actor, Role
from exports.audit_file import csv_lines
from pages.audit import Ids, lines, standing
from pages.shell import Ids as Shell
from words import translator

_PAGE = 50
_LATEST = 1_000
_FILTERS = (Ids.ACTOR, Ids.KIND, Ids.THING, Ids.DEEDS, Ids.REGION, Ids.PERIOD)


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Add the page's callbacks and its route to `app`."""

    @app.callback(Output(Ids.REGION, "data"), Input(Shell.VIEW, "data"))
    def offer_regions(query: str) -> Any:
        names = desk().territory.names(read(query).lang)
        return [{"value": key, "label": name} for key, name in names.items()]

    @app.callback(
        Output(Ids.LINES, "children"),
        Output(Ids.NEWER, "disabled"),
        Output(Ids.OLDER, "disabled"),
        Output(Ids.EXPORT, "href"),
        Output(Ids.SHOWN, "data"),
        Input(Shell.VIEW, "data"),
        *(Input(one, "value") for one in _FILTERS),
        Input(Ids.PLACE, "data"),
    )
    def show_lines(query: str, *filters: Any) -> tuple[Any, ...]:
        view, at = read(query), desk()
        asked, place = _asked(*filters[:-1]), filters[-1]
        before = place["before"] if place and place["asked"] == asked else []
        _ = translator(view.lang)
        link = f"/audit.csv?{urlencode({**dict(asked), 'lang': view.lang})}"
        try:
            found = at.log.lines(_sought(dict(asked), at), _PAGE + 1, before[-1] if before else None)
        except CaseError as error:
            return html.P(error.said(_), className="quiet"), True, True, link, None
        more = found[_PAGE:]
        shown = lines(found[:_PAGE], at.territory.names(view.lang), at.rules.timezone, _)
        kept = {"asked": asked, "before": before, "next": found[_PAGE - 1].n if more else None}
        return shown, not before, not more, link, kept

    @app.callback(
        Output(Ids.PLACE, "data"),
        Input(Ids.OLDER, "n_clicks"),
        State(Ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def show_older(_n: int, shown: dict[str, Any]) -> Any:
        return {**shown, "before": [*shown["before"], shown["next"]]}

    @app.callback(
        Output(Ids.PLACE, "data", allow_duplicate=True),
        Input(Ids.NEWER, "n_clicks"),
        State(Ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def show_newer(_n: int, shown: dict[str, Any]) -> Any:
        return {**shown, "before": shown["before"][:-1]}

    @app.callback(Output(Ids.STANDING, "children"), Input(Ids.CHECK, "n_clicks"), State(Shell.VIEW, "data"))
    def check_chain(n: int | None, query: str) -> Any:
        at, _ = desk(), translator(read(query).lang)
        try:
            return standing(at.log.checked(None if n else _LATEST), at.rules.timezone, _)
        except CaseError as error:
            return html.P(error.said(_), className="quiet")

    _register_file(app.server, desk)


def _register_file(server: Flask, desk: Callable[[], Desk]) -> None:
    """Add the route ``/audit.csv``."""

    @server.get("/audit.csv")
    def audit_file() -> Response:
        asked, at = request.args, desk()
        name = f"{at.today().isoformat()}-log.csv"
        try:
            rows = at.log.every_line(_sought(asked, at), name)
        except EXPECTED as error:
            view = read(request.query_string.decode(errors="replace"))
            said = error.said(translator(view.lang)) if isinstance(error, CaseError) else str(error)
            return Response(said, status_of(error), mimetype="text/plain")
        answer = Response(csv_lines(rows), mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _asked(
    actor: str | None,
    kind: str | None,
    thing: str | None,
    deeds: Sequence[str] | None,
    region: str | None,
    period: Sequence[str | None] | None,
) -> list[list[str]]:
    """What the filters say, as the address of the file has it; what says nothing is left out."""
    first, last = (*(period or ()), None, None)[:2]
    told = {"actor": actor, "kind": kind, "id": thing, "deeds": ",".join(deeds or ()), "region": region}
    told |= {"first": first, "last": last}
    return [[name, words.strip()] for name, words in told.items() if words and words.strip()]


def _sought(asked: Any, desk: Desk) -> Sought:
    """Which lines these words mean; a day is one of the operator's calendar, and what is none is left out."""
    kind, thing = asked.get("kind", ""), asked.get("id", "")
    deeds = tuple(deed for deed in Deed if str(deed) in asked.get("deeds", "").split(","))
    first, last = (_midnight(asked.get(name, ""), desk) for name in ("first", "last"))
    until = None if last is None else last + timedelta(days=1)
    regions = _with_all_below(asked["region"], desk) if "region" in asked else ()
    begins = f"{kind}:{thing}" if kind else thing
    return Sought(asked.get("actor", ""), begins, deeds, regions, first, until)


def _with_all_below(region: str, desk: Desk) -> tuple[str, ...]:
    parents, whoever = desk.territory.parents(), Actor(role=Role.AUDITOR, regions=(region,))
    return (region, *(one for one in parents if one != region and whoever.answers_for(one, parents)))


def _midnight(day: str, desk: Desk) -> datetime | None:
    """When a day begins by the operator's calendar."""
    try:
        return datetime.combine(date.fromisoformat(day[:10]), time(), ZoneInfo(desk.rules.timezone))
    except ValueError:
        return None
