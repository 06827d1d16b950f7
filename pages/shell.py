"""What every page has: providers, the bar at the top, the map, and the stores a page lives by."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from casework.desk import DAY
from casework.people import Role
from casework.ports import Topic
from layers.layer import Layer
from layers.scene import start, style
from layers.view import View
from pages.terms import ROLES
from words import Translate, translator


@dataclass(frozen=True)
class Signed:
    """Who has signed in, as a page says it."""

    name: str
    role: Role


class Ids(StrEnum):
    """Ids that both pages use."""

    VIEW = "view"
    PULSE = "pulse"
    TICK = "tick"
    MAP = "map"
    MAP_CLICK = "map-click"
    NOTICE = "notice"
    AGE = "age"


# What callbacks wait for: the topics, and the day, because agreements begin and end without any write.
BEATS = (*(str(topic) for topic in Topic), DAY)


def version_id(beat: str) -> str:
    """Id of the store that holds the version of a topic, or the day; a callback that reads it runs when that changed."""
    return f"version-{beat}"


_THEME = {
    "fontFamily": "var(--font)",
    "primaryColor": "blue",
    # Mantine's own shade leaves words on a light button at 3.6:1.
    "primaryShade": {"light": 9, "dark": 8},
    "cursorType": "pointer",
    "defaultRadius": "sm",
    # Mantine's greys, replaced by the palette's blues from ink to ground.
    "colors": {
        "dark": [
            *("#F2F6F9", "#A9BAC8", "#8296A6", "#5F7486", "#44586A"),
            *("#2A3F50", "#1B3242", "#13222E", "#0B1620", "#070E15"),
        ]
    },
}
_PLOTLY: Any = {
    "displayModeBar": False,
    # Without these plotly offers to send chart data to a public server.
    "showSendToCloud": False,
    "plotlyServerURL": "",
}
# What a chart shows of nothing, on any ground; plotly's own is white.
NO_CHART: Any = {
    "data": [],
    "layout": {
        "xaxis": {"visible": False}, "yaxis": {"visible": False}, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    },
}  # fmt: skip


def attributes(**words: str) -> Any:
    """HTML attributes written with hyphens, from names written with underscores."""
    return {name.replace("_", "-"): word for name, word in words.items()}


def chart_config(view: View) -> Any:
    """What plotly is told for a chart: no buttons, nothing sent anywhere, the language of the view."""
    return {**_PLOTLY, "locale": "zh-CN" if view.lang == "zh" else "en"}


def page(view: View, pulse: dict[str, Any], refresh_s: int, children: Sequence[Any]) -> dmc.MantineProvider:
    """A page with its providers, its stores and the tick it refreshes by."""
    stores = [
        dcc.Store(id=Ids.VIEW, data=view.query()),
        dcc.Store(id=Ids.PULSE, data=pulse),
        *(dcc.Store(id=version_id(beat), data=pulse["versions"].get(beat, 0)) for beat in BEATS),
        dcc.Store(id=Ids.MAP_CLICK),
        dcc.Interval(id=Ids.TICK, interval=refresh_s * 1000),
        html.Div(id=Ids.NOTICE, className="notice", role="status"),
        unsent(translator(view.lang)),
    ]
    return dmc.MantineProvider(
        dmc.DatesProvider([*stores, *children], settings={"locale": "zh-cn" if view.lang == "zh" else "en"}),
        theme=_THEME,
        forceColorScheme=view.theme,
    )


def away(words: str, view: View) -> html.Main:
    """What stands in the place of a page that cannot be made now; the browser asks for it again by itself."""
    _ = translator(view.lang)
    return html.Main([html.H1(words), html.P(_("This page tries again by itself."))], className="away", role="alert")


def unsent(_: Translate) -> html.Div:
    """What was not kept, and a button that sends it again; the browser shows it when an answer did not come."""
    words = {
        "no": _("Not kept. What you entered is still here."),
        "unknown": _(
            "No answer came, so it may have been kept or not: look, then try again. What you entered is still here."
        ),
        "back": _("It answers again: try again now."),
    }
    return html.Div(
        [
            html.Span(role="status"),
            html.Button(_("Try again"), type="button", **attributes(data_again="yes")),
            html.Button(_("Leave it"), type="button", **attributes(data_again="no")),
        ],
        className="unsent",
        hidden=True,
        **attributes(data_words=json.dumps(words, ensure_ascii=False)),
    )


def age(stale_after_s: int, _: Translate) -> html.Div:
    """Where the browser says how old what it shows is, with the words it needs for that."""
    words = {
        "reading": _("data: reading"),
        "checked": _("checked {age}"),
        "newest": _("newest incident {age}"),
        "stale": _("data may be out of date"),
        "away": _("the database does not answer"),
        "slow": _("the database is slow to answer"),
        "server": _("the server does not answer"),
        "seconds": _("{n} s ago"),
        "minutes": _("{n} min ago"),
        "hours": _("{n} h ago"),
        "days": _("{n} d ago"),
        "out": _("You are signed out. What is shown stays, and gets old."),
        "again": _("Sign in again"),
    }
    return html.Div(
        id=Ids.AGE,
        className="age",
        **attributes(data_words=json.dumps(words, ensure_ascii=False), data_stale=str(stale_after_s)),
    )


def bar(view: View, here: str, stale_after_s: int, _: Translate, signed: Signed | None) -> html.Header:
    """Name, pages, language and theme, how old the data is, and who has signed in."""
    pages = [("/", _("Planner")), ("/plans", _("Plans")), ("/wall", _("Wall"))]
    if signed is None or signed.role is Role.AUDITOR or here == "/audit":
        pages.append(("/audit", _("Log")))
    if signed is None or signed.role is Role.ADMINISTRATOR or here == "/people":
        pages.append(("/people", _("People")))
    other_lang, lang_label = ("en", "English") if view.lang == "zh" else ("zh", "中文")
    other_theme, theme_label = ("light", _("Light")) if view.theme == "dark" else ("dark", _("Dark"))
    kept = view.but(a=None, b=None, agreement=None, selected=None).query("lang", "theme")
    return html.Header(
        [
            html.Div([html.Strong("联防"), html.Span("Lianfang")], className="brand"),
            html.Nav(
                [
                    html.A(
                        title,
                        href=path + (f"?{kept}" if kept else ""),
                        className="here" if path == here else "",
                        # Who is planned with is who is looked at, whatever was chosen since the page came.
                        **attributes(data_keep="a,b" if path != "/wall" else ""),
                    )
                    for path, title in pages
                ],
                **attributes(aria_label=_("Pages")),
            ),
            age(stale_after_s, _),
            who(signed, view, _),
            html.Div(
                [
                    html.Button(
                        lang_label, className="set", type="button", **attributes(data_set=f"lang={other_lang}")
                    ),
                    html.Button(
                        theme_label, className="set", type="button", **attributes(data_set=f"theme={other_theme}")
                    ),
                ],
                className="sets",
            ),
        ],
        className="bar",
    )


def who(signed: Signed | None, view: View, _: Translate) -> html.Div:
    """Name and role of who has signed in, and the way out; or, in words, that nobody signs in."""
    if signed is None:
        return html.Div(_("nobody signs in here"), className="who simulated")
    look = f"?{query}" if (query := view.query("lang", "theme")) else ""
    return html.Div(
        [
            html.A(signed.name, href=f"/password{look}", title=_("Another password")),
            html.Span(_(ROLES[signed.role]), className="quiet"),
            html.Form(
                html.Button(_("Sign out"), className="set", type="submit"), action=f"/sign-out{look}", method="POST"
            ),
        ],
        className="who",
    )


def map_of(
    layers: Sequence[Layer],
    view: View,
    versions: Mapping[str, int],
    origin: str,
    _: Translate,
) -> html.Div:
    """The map with every layer as a source by URL, its scale bar, and the corner that names datum and source."""
    center, zoom = start(view)
    config: Any = {**_PLOTLY, "scrollZoom": True, "displaylogo": False}
    figure = {
        "data": [{"type": "scattermap", "lon": [], "lat": [], "hoverinfo": "skip", "showlegend": False}],
        "layout": {
            "map": {"style": style(layers, view, versions, origin), "center": center, "zoom": zoom},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "uirevision": "map",
            "paper_bgcolor": "rgba(0,0,0,0)",
        },
    }
    return html.Div(
        [
            dcc.Graph(id=Ids.MAP, figure=figure, config=config, responsive=True, className="map-canvas"),
            html.Div(className="map-tip", role="tooltip", hidden=True),
            html.Div(
                [
                    html.Span("N ↑", className="north"),
                    html.Span(className="scale-bar"),
                    html.Span(_("WGS-84"), className="datum"),
                    html.Span(className="source", **attributes(data_words=_("outlines: {sources}"))),
                ],
                className="map-corner",
            ),
            html.Div(
                _("The map needs WebGL 2, which this browser does not offer. The tables below show the same data."),
                className="map-missing",
                hidden=True,
            ),
        ],
        className="map",
        role="region",
        **attributes(aria_label=_("Map"), data_lang=view.lang),
    )
