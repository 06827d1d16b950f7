"""The one door in front of all others: who asks, and whether they may ask at all."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from dash import Dash
from flask import Request, Response, g, has_request_context, redirect, request
from werkzeug.wrappers import Response as Answer

from callbacks import oidc, own_password, screens, sessions, sign_in
from callbacks.failures import Refusal
from callbacks.forms import INVITE, SIGN_IN, SIGN_OUT, view_of
from callbacks.sessions import NOBODY, TOUCHED, Visitor
from casework.errors import CaseError
from casework.gate import Gate
from casework.invitations import Invitation, sealed
from casework.people import Actor, Device, Person
from pages.signing import told
from settings import Settings
from words import translator

# Open to everybody: how to come in, what that page is made of, and whether the server is well.
_OPEN = (SIGN_IN, "/assets/", "/_dash-component-suites/", "/_favicon.ico", SIGN_OUT, INVITE, "/health")
# Fetched by a page that is open already: the answer is for a program, which tells its reader.
_FETCHED = ("/map/", "/tiles/", "/_")


@dataclass(frozen=True)
class Door:
    """What lets people in: the gate, and the key that cookies and invitations are signed with."""

    gate: Gate
    key: str

    def seal(self, invitation: Invitation) -> str:
        """An invitation as a text for an address."""
        return sealed(invitation, self.key)


def who() -> Actor:
    """Who asks at this moment: nobody before they have come through the door, and outside of requests."""
    return g.get("actor", NOBODY) if has_request_context() else NOBODY


def signed() -> Person | Device | None:
    """Who has signed in; None where nobody signs in."""
    return g.get("signed") if has_request_context() else None


def register(app: Dash, settings: Settings, door: Door | None) -> None:
    """Put the door in front of everything that `app` answers; it has to come last, as Dash asks in the order it was told.

    Parameters
    ----------
    app
        With all its pages and callbacks.
    settings
        Whether people sign in at all, and how long they stay.
    door
        None where nobody signs in: then whoever asks is the operator.

    Raises
    ------
    CaseError
        When people are to sign in and there is no door.
    """
    if settings.sign_in != "on":
        app.server.before_request(_everybody)
        return
    if door is None:
        raise CaseError("People are to sign in, and there is nothing they could sign in with.")
    gate, server = door.gate, app.server
    manager = sessions.register(server, settings, gate, door.key)
    sign_in.register(server, gate, settings.language, oidc.provider_of(settings))
    oidc.register(server, settings, gate)
    own_password.register(server, gate, door.key, settings.language)
    permitted = screens.permitted(app)

    def by_token(asked: Request) -> Visitor | None:
        device = screens.screen_of(gate, asked)
        return None if device is None else Visitor(device)

    def ask() -> Answer | None:
        return None if request.path.startswith(_OPEN) else _stopped(gate, settings, permitted)

    def renew(response: Answer) -> Answer:
        return screens.renew(response, gate.now()) if isinstance(signed(), Device) else response

    manager.request_loader(by_token)
    server.before_request(ask)
    server.after_request(renew)


def _stopped(gate: Gate, settings: Settings, permitted: Callable[[Request], bool]) -> Answer | None:
    """Where somebody is sent instead; None to who may ask this.

    Raises
    ------
    Refusal
        When a page fetches something that it may not, or not any more.
    """
    if request.path == screens.WALL and "token" in request.args:
        return _entered(gate, settings)
    found = sessions.visitor()
    g.actor = found.actor
    if not found.is_authenticated:
        if request.method in {"GET", "HEAD"} and not request.path.startswith(_FETCHED):
            return redirect(f"{SIGN_IN}?next={quote(request.full_path.rstrip('?'), safe='')}")
        raise Refusal("You are signed out.", 401)
    g.signed = found.known
    if found.person is None:
        if not permitted(request):
            raise Refusal("A screen may show its wall and nothing else.", 403)
    elif request.headers.get(TOUCHED) or not request.path.startswith(_FETCHED):
        sessions.touch(gate.now().timestamp(), settings.session_idle_h)
    return None


def _everybody() -> None:
    g.actor = Actor()


def _entered(gate: Gate, settings: Settings) -> Answer:
    """A screen that comes with its token: to its wall, or told that nobody knows it."""
    token = request.args.get("token", "")
    if gate.screen(token) is not None:
        return screens.enter(token, gate.now())
    view = view_of(settings.language)
    _ = translator(view.lang)
    words = _("This screen is not known, or not any more: ask an administrator of your region for a new address.")
    return Response(told(view, _("Unknown screen"), words), 403, mimetype="text/html")
