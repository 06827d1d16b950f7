"""Screens on walls: they come with a token once, keep it in cookies, and may fetch what a wall needs and nothing else."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from dash import Dash
from flask import Request, current_app, redirect, request
from werkzeug.wrappers import Response

from callbacks import questions
from casework.gate import Gate
from casework.people import Device
from layers import WALL_LAYERS

WALL = "/wall"
_EVENTS = "/_dash-update-component"
_COOKIE = "lianfang-screen"
# A cookie is sent to what lies below its path: this browser shows the token to nothing but what a wall fetches.
_PATHS = (WALL, "/map", "/tiles", _EVENTS, "/_dash-layout", "/_dash-dependencies")
_SHARED = ("/_dash-layout", "/_dash-dependencies")
# Whose callbacks a wall calls, beside Dash's own that lays a page out.
_MODULES = ("callbacks.wall", "callbacks.shell")
# As long as browsers keep a cookie at all; it is given anew long before.
_KEPT_S = 400 * 86400
_RENEWED_AFTER_S = 30 * 86400


def screen_of(gate: Gate, asked: Request) -> Device | None:
    """Which screen asks; None when none does, or its token was revoked."""
    token, _, _given = asked.cookies.get(_COOKIE, "").partition(":")
    return gate.screen(token) if token else None


def keep(response: Response, token: str, now: datetime) -> Response:
    """Give the browser the token to keep."""
    for path in _PATHS:
        response.set_cookie(
            _COOKIE,
            f"{token}:{int(now.timestamp())}",
            max_age=_KEPT_S,
            path=path,
            secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def renew(response: Response, now: datetime) -> Response:
    """Give the cookie anew before a browser forgets it."""
    token, _, given = request.cookies.get(_COOKIE, "").partition(":")
    if token and given.isascii() and given.isdigit() and now.timestamp() - int(given) > _RENEWED_AFTER_S:
        return keep(response, token, now)
    return response


def enter(token: str, now: datetime) -> Response:
    """Send a screen to its wall, and its token out of the address."""
    rest = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "token"])
    return keep(redirect(WALL + (f"?{rest}" if rest else "")), token, now)


def permitted(app: Dash) -> Callable[[Request], bool]:
    """Tells whether a screen may ask what it asks."""
    layers = {layer.key for layer in WALL_LAYERS}

    @cache
    def of_walls() -> tuple[frozenset[str], frozenset[str]]:
        """Outputs of the wall's callbacks, and of the one that lays a page out."""
        modules = {
            key: spec["callback"].__module__
            for key, spec in app.callback_map.items()
            if spec.get("callback") is not None
        }
        walls = frozenset(key for key, module in modules.items() if module in _MODULES)
        return walls, frozenset(key for key, module in modules.items() if module.startswith("dash."))

    def event(body: Any) -> bool:
        if not isinstance(body, dict) or request.args:
            return False
        walls, laying = of_walls()
        output, inputs = str(body.get("output")), body.get("inputs")
        if output in laying:
            # Dash takes the address from the first place, whatever is written beside it.
            first = inputs[0] if isinstance(inputs, list) and inputs else None
            return isinstance(first, dict) and first.get("value") == WALL
        return output in walls

    def may(asked: Request) -> bool:
        if asked.path == _EVENTS:
            return asked.method == "POST" and event(questions.question_of(asked.get_data()))
        if asked.method not in {"GET", "HEAD"}:
            return False
        if asked.path in (WALL, *_SHARED):
            return True
        _, room, *rest = asked.path.split("/")
        key = rest[0].removesuffix(".geojson") if rest else ""
        return room in {"map", "tiles"} and key in layers

    return may
