"""Forms of the plain pages: where they lead, and in which language they answer."""

from urllib.parse import parse_qsl, urlsplit

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from callbacks.errors import status_of
from casework.errors import CaseError, RefusedError, TooManyError
from layers.view import View
from words import Language

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
INVITE = "/invite/"
_UNAUTHORIZED = 401


def own_address(told: str) -> str:
    """An address of ours to go on to; the first page where it leads elsewhere.

    Examples
    --------
    >>> own_address("/plans?lang=en"), own_address("//example.org"), own_address("/sign-in"), own_address("")
    ('/plans?lang=en', '/', '/', '/')
    """
    # A browser takes a backslash for a slash, and leaves out what cannot be seen.
    plain = told.startswith("/") and told.isprintable() and "\\" not in told
    if not plain or told.startswith(("//", SIGN_IN, SIGN_OUT, INVITE)):
        return "/"
    return told


def view_of(language: Language, goes_on: str = "") -> View:
    """Language and theme: of the form or the address, else of the address that follows."""
    asked = dict(parse_qsl(urlsplit(goes_on).query)) | request.args.to_dict() | request.form.to_dict()
    return View.read({name: asked[name] for name in ("lang", "theme") if name in asked}, language)


def look(view: View, **more: str) -> str:
    """The query that keeps language and theme, and says what more there is to say."""
    parts = [
        part for part in (view.query("lang", "theme"), *(f"{name}={value}" for name, value in more.items())) if part
    ]
    return f"?{'&'.join(parts)}" if parts else ""


def new_password() -> str:
    """The new password of a form, typed twice.

    Raises
    ------
    RefusedError
        When the two differ.
    """
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        raise RefusedError("The two new passwords are not the same.")
    return new


def answered(html: str, error: CaseError | None = None) -> Answer:
    """A plain page, with the status of what went wrong."""
    status = 200 if error is None else _UNAUTHORIZED if type(error) is RefusedError else status_of(error)
    response = Response(html, status, mimetype="text/html")
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.figures["seconds"])
    return response
