"""The web as a whole: one Dash with its pages, its doors, and one place that says what went wrong."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import dash
from dash import Dash, html, set_props
from flask import Flask, Response, request

from callbacks import map_data, planner, plans, shell, wall
from callbacks.background import manager_of
from callbacks.planner.testing import Opened
from callbacks.plans.asking import opened as plans_opened
from callbacks.shell import pulse_of
from casework.desk import Desk
from casework.errors import CaseError
from geo.errors import GeoError
from layers.choice import opened
from layers.view import View
from pages import planner as planner_page
from pages import plans as plans_page
from pages import wall as wall_page
from pages.shell import Ids
from settings import Settings
from words import Language, translator

_PAGES = (("/", planner_page, opened), ("/plans", plans_page, plans_opened), ("/wall", wall_page, wall.opened))
_LOG = logging.getLogger("lianfang")
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


def build(settings: Settings, desk: Callable[[], Desk], opened: Opened | None = None) -> Dash:
    """The dashboard; `desk` gives the desk of whoever asks at that moment.

    `opened` gives a desk with a connection of its own to work in the background, which is done in another process.
    """
    app = _Web(
        "lianfang",
        server=_server(),  # type: ignore[arg-type]  # a Flask is what it takes; its annotation forgot
        assets_folder=str(_ROOT / "assets"),
        compress=True,
        on_error=lambda error: _say(error, settings.language),
        pages_folder="",
        title="联防 Lianfang",
        update_title="",
        use_pages=True,
    )
    app.language = settings.language

    def layout_of(page: Any, opens: Callable[[Desk, View], View]) -> Callable[..., Any]:
        def layout(**query: str) -> Any:
            at = desk()
            view = opens(at, View.read(query, settings.language))
            return page.layout(view, pulse_of(at), request.host_url.rstrip("/"), settings)

        return layout

    for path, page, opens in _PAGES:
        dash.register_page(page.__name__, path=path, title="联防 Lianfang", layout=layout_of(page, opens))
    app.layout = html.Div(dash.page_container)
    map_data.register(app.server, desk)
    shell.register(app, desk)
    manager = manager_of(settings, app.server)
    planner.register(app, desk, opened or (lambda: nullcontext(desk())), manager)
    plans.register(app, desk, opened or (lambda: nullcontext(desk())), manager, settings)
    wall.register(app, desk)
    return app


def _server() -> Flask:
    """The server Dash is put on, which knows from the start what to compress: Dash asks when it is made, and never again."""
    server = Flask("lianfang")
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


def _say(error: Exception, language: Language) -> None:
    """Tell the officer what happened and what to do; what nobody expected goes to the log with its trace."""
    page = dict(parse_qsl(urlsplit(request.referrer or "").query))
    _ = translator(View.read(page, language).lang)
    if isinstance(error, CaseError):
        words = error.said(_)
    elif isinstance(error, GeoError):
        words = str(error)
    else:
        _LOG.error("unexpected error in a callback", exc_info=error)
        words = _(
            "Something unexpected happened; nothing was changed. Reload the page; the log of the server has the details."
        )
    set_props(Ids.NOTICE, {"children": words})
