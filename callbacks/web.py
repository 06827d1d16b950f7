"""The web as a whole: one Dash with its pages, its doors, and one place that says what went wrong."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from html import escape
from pathlib import Path
from typing import Any

import dash
from dash import Dash, html
from flask import Flask, Response, request

from callbacks import (
    auditing,
    failures,
    guards,
    headers,
    health,
    map_data,
    people,
    planner,
    plans,
    questions,
    shell,
    signing,
    wall,
)
from callbacks.background import asked_by, manager_of
from callbacks.planner.testing import Opened
from callbacks.plans.asking import opened as plans_opened
from callbacks.shell import pulse_of
from callbacks.signing import Door
from casework.desk import Desk
from casework.errors import BusyError
from casework.people import Actor
from layers.choice import opened
from layers.view import View
from pages import audit as audit_page
from pages import people as people_page
from pages import planner as planner_page
from pages import plans as plans_page
from pages import wall as wall_page
from pages.shell import Signed, away
from settings import Settings
from words import Language, translator


def _as_asked(_desk: Desk, view: View) -> View:
    """The view that a page without a map opens with: as its address says."""
    return view


_PAGES = (
    ("/", planner_page, opened),
    ("/plans", plans_page, plans_opened),
    ("/wall", wall_page, wall.opened),
    ("/people", people_page, _as_asked),
    ("/audit", audit_page, _as_asked),
)
_ROOT = Path(__file__).resolve().parent.parent
_COMPRESSED = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/geo+json",
    "application/x-protobuf",
    "image/x-icon",
]
_INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}" data-ag-theme-mode="{theme}" data-mantine-color-scheme="{theme}">
    <head>
        {metas}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        {favicon}
        <link rel="preload" as="script" href="{suites}/dash/dcc/async-graph.js">
        <link rel="preload" as="script" href="{suites}/plotly/package_data/plotly.min.js">
        {css}
    </head>
    <body>
        {app_entry}
        <footer>
            {config}
            {scripts}
            {renderer}
        </footer>
    </body>
</html>"""


class _Web(Dash):
    """Dash whose page tells its language and theme before any script runs, and fetches what every map needs at once."""

    language: Language = "zh"

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # Dash names each part; all are passed on
        view = View.read(request.args, self.language)
        parts["title"] = escape(parts["title"])
        suites = f"{self.config.requests_pathname_prefix}_dash-component-suites"
        return _INDEX.format(suites=suites, lang="zh-CN" if view.lang == "zh" else "en", theme=view.theme, **parts)


def build(
    settings: Settings,
    desk: Callable[[], Desk],
    opened: Callable[[Actor], AbstractContextManager[Desk]] | None = None,
    who: Callable[[], Actor] = Actor,
    door: Door | None = None,
) -> Dash:
    """The dashboard; `desk` gives the desk of whoever asks at that moment, and `who` names them.

    `opened` gives an actor's desk with a connection of its own to work in the background, which is done in another
    process. `door` lets people in, where they have to sign in.
    """
    app = _Web(
        "lianfang",
        server=_server(settings),  # type: ignore[arg-type]  # a Flask is what it takes; its annotation forgot
        assets_folder=str(_ROOT / "assets"),
        compress=True,
        enable_mcp=False,
        on_error=lambda error: failures.say(error, settings.language),
        pages_folder="",
        title="联防 Lianfang",
        update_title="",
        use_pages=True,
    )
    app.language = settings.language

    def layout_of(page: Any, opens: Callable[[Desk, View], View]) -> Callable[..., Any]:
        def layout(**query: str) -> Any:
            asked = View.read(query, settings.language)
            try:
                at = desk()
                view = opens(at, asked)
                return page.layout(view, pulse_of(at), request.host_url.rstrip("/"), settings, _signed())
            except BusyError as error:
                return away(error.said(translator(asked.lang)), asked)

        return layout

    for path, page, opens in _PAGES:
        dash.register_page(page.__name__, path=path, title="联防 Lianfang", layout=layout_of(page, opens))
    app.layout = html.Div(dash.page_container)
    map_data.register(app.server, desk)
    shell.register(app, desk)
    manager = manager_of(settings, app.server, who)
    working = _working(opened, desk)
    planner.register(app, desk, working, manager)
    plans.register(app, desk, working, manager, settings)
    wall.register(app, desk)
    people.register(app, desk, None if door is None else door.seal)
    auditing.register(app, desk)
    health.register(app.server, desk)
    signing.register(app, settings, door)
    questions.register(app)
    failures.register(app.server, settings.language)
    headers.register(app.server, settings, lambda: tuple(app.csp_hashes()))
    return app


def _signed() -> Signed | None:
    """Who has signed in, as a page says it."""
    known = signing.signed()
    return None if known is None else Signed(known.name, known.actor.role)


def _working(opened: Callable[[Actor], AbstractContextManager[Desk]] | None, desk: Callable[[], Desk]) -> Opened:
    """What opens the desk of whoever began the work of this process."""
    return (lambda: nullcontext(desk())) if opened is None else lambda: opened(asked_by())


def _server(settings: Settings) -> Flask:
    """The server Dash is put on, which knows from the start what to compress: Dash asks when it is made, and never again."""
    server = Flask("lianfang", static_folder=None)
    guards.register(server, settings)
    server.config["COMPRESS_MIMETYPES"] = _COMPRESSED
    # A tenth fewer bytes than the default, for 0.1 s of one core on the largest script.
    server.config["COMPRESS_ZSTD_LEVEL"] = 6

    @server.after_request
    def keep(response: Response) -> Response:
        # Dash marks an asset's address by its age, so what is under one address stays; the fonts never change.
        path = request.path
        if path.startswith("/assets/") and ("m" in request.args or path.endswith(".woff2")):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        # Browsers ask for it again at every change of the address.
        if path.endswith("/_favicon.ico"):
            response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    return server
