"""Whatever went wrong: words and a number that stands in the log, never how the program is made."""

import logging
from html import escape
from secrets import token_hex
from urllib.parse import parse_qsl, urlsplit

from dash import set_props
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from callbacks.errors import EXPECTED, status_of
from callbacks.shell import not_kept
from casework.errors import BusyError, CaseError, DoubtError
from layers.view import View
from pages.shell import Ids
from words import Language, translator

_LOG = logging.getLogger("lianfang")
_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{again}
<title>联防 Lianfang</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/theme.css"></head>
<body><main class="failure"><h1>{status}</h1><p>{words}</p><p>{next}</p></main></body>
</html>"""
# A wall that is switched on while the database is away has nobody who would reload its page.
_AGAIN = '<meta http-equiv="refresh" content="3">'
_PASSING = (503, 504)
_HTML, _PLAIN = "text/html", "text/plain"


class Refusal(HTTPException):
    """A request that is not looked at any further, and why, in English."""

    def __init__(self, message: str, code: int = 400) -> None:
        super().__init__(message)
        self.message, self.code = message, code


_SAID = {
    one.code: one
    for one in (
        Refusal("The server does not take this request."),
        Refusal("There is nothing at this address.", 404),
        Refusal("This address is not asked in this way.", 405),
        Refusal("That is more than the server takes at once.", 413),
    )
}


def view_of_page(language: Language) -> View:
    """The view of the page that asks: as its address says, or that of the page it stands on.

    What cannot be read is left at its default; an address that is none is no error.
    """
    try:
        page = urlsplit(request.referrer or "").query
    except ValueError:
        page = ""
    # Bytes that are no text would make Flask's own reading of the query fail.
    asked = request.query_string.decode(errors="replace")
    return View.read({**dict(parse_qsl(page)), **dict(parse_qsl(asked))}, language)


def say(error: Exception, language: Language) -> None:
    """Tell the officer, on the page, what happened and what to do; what nobody expected goes to the log with its trace."""
    if isinstance(error, BusyError):
        not_kept(known=not isinstance(error, DoubtError))
    set_props(Ids.NOTICE, {"children": _words(error, language)[1]})


def register(server: Flask, language: Language) -> None:
    """Answer every error of `server` in words."""

    def answer(error: Exception) -> Response:
        status, words = _words(error, language)
        return _answer(status, words, language)

    # Those two tell every path they know, and echo what was asked for.
    for kind in (DependencyException, InvalidResourceError):
        server.register_error_handler(kind, lambda _error: answer(_SAID[404]))

    @server.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response | HTTPException:
        # A redirection is no failure.
        if error.code is None or error.code < 400:  # noqa: PLR2004
            return error
        told = answer(error)
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
                told.headers[name] = value
        return told

    @server.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        return answer(error)


def _words(error: Exception, language: Language) -> tuple[int, str]:
    """Status and words of an error, in the language of the page."""
    _ = translator(view_of_page(language).lang)
    if isinstance(error, EXPECTED):
        return status_of(error), error.said(_) if isinstance(error, CaseError) else str(error)
    if isinstance(error, HTTPException) and (error.code or 500) < 500:  # noqa: PLR2004
        told = error if isinstance(error, Refusal) else _SAID.get(error.code or 400, _SAID[400])
        return error.code or 400, _(told.message)
    number = token_hex(4)
    _LOG.error("%s: unexpected error at %r", number, request.path, exc_info=error)
    words = _(
        "Something unexpected happened; nothing was changed. Reload the page; the log of the server has the details under {number}."
    )
    return 500, words.format(number=number)


def _answer(status: int, words: str, language: Language) -> Response:
    """The words as a page where a person looks, and as plain text where a program asks."""
    person = request.method == "GET" and request.accept_mimetypes.best_match([_PLAIN, _HTML]) == _HTML
    if not person:
        return Response(words, status, mimetype=_PLAIN)
    view = view_of_page(language)
    _ = translator(view.lang)
    back = f'<a href="/?lang={view.lang}">{escape(_("To the planner"))}</a>'
    page = _PAGE.format(
        lang="zh-CN" if view.lang == "zh" else "en",
        theme=view.theme,
        status=status,
        words=escape(words),
        again=_AGAIN if status in _PASSING else "",
        next=_("This page tries again by itself.") if status in _PASSING else back,
    )
    return Response(page, status, mimetype=_HTML)
