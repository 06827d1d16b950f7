"""The day as a chart: a row for each crew, bars for travel, work, waiting and the break; joint visits are linked."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

from casework.plan import Plan, Stop
from casework.timetable import Doing, Span, is_joint, spans
from layers.palette import PALETTES, Palette
from layers.routes import crew_side
from layers.view import View
from pages.panels import local
from pages.plain import plain
from words import Translate

_ROW_PX, _LEAST_PX, _EDGE_PX = 46, 150, 64
_LETTER_PX, _WIDE_PX = 12, 1000
_NARROW, _MOST_LINES = 0.6, 2  # a latin letter by a Chinese one; lines that a bar has room for
_PARTS = re.compile(r"[\u2e80-\uffef]| *[^ \u2e80-\uffef]+| +")
_FONT = "Noto Sans, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
DOINGS = {Doing.TRAVEL: "travel", Doing.WORK: "work", Doing.WAIT: "waiting", Doing.REST: "break"}


def gantt(plan: Plan, view: View, timezone: str, _: Translate) -> dict[str, Any]:
    """The figure; what a bar is shows by its words, its pattern and its height, not by its colour alone."""
    palette = PALETTES[view.theme]
    # Names of rows that are no numbers: plotly would take those for places on the axis.
    rows = [f"row {number}" for number in range(1, len(plan.crews) + 1)]
    numbered = [
        (row, crew_side(plan, crew), span) for row, crew in zip(rows, plan.crews, strict=True) for span in spans(crew)
    ]
    numbers = {
        (crew.id, stop.visit_id): f"{number}.{at}"
        for number, crew in enumerate(plan.crews, start=1)
        for at, stop in enumerate(crew.stops, start=1)
    }
    crew_of = dict(zip(rows, plan.crews, strict=True))

    def label(row: str, span: Span) -> str:
        if span.doing is not Doing.WORK or span.stop is None:
            return _(DOINGS[span.doing])
        visit = span.stop.visit_id
        sign = "◆ " if is_joint(plan, visit) else ""
        lock = " ▣" if span.stop.locked else ""
        # Cars that start together are named by their own numbers of the same stop.
        every = " & ".join(
            numbers[(crew, visit)] for crew in (crew_of[row].id, *span.stop.with_crews) if (crew, visit) in numbers
        )
        return f"{sign}{every}{lock} {span.stop.title}"

    day_s = _day_s(plan)

    def short(row: str, span: Span) -> str:
        """What a bar has room for on a desk: its number before all, its title on a second line."""
        room_px = (span.until - span.since).total_seconds() / day_s * _WIDE_PX
        words = label(row, span)
        return "<br>".join(_lines(words, room_px - _LETTER_PX)) if span.doing is Doing.WORK else words

    traces = [
        _bars(plan, numbered, doing, side, (label, short), palette, timezone, _)
        for doing in Doing
        for side in ("a", "b", "both")
    ]
    return {
        "data": [trace for trace in traces if trace["y"]],
        "layout": {
            "barmode": "overlay",
            "height": max(_LEAST_PX, _ROW_PX * len(rows) + _EDGE_PX),
            "margin": {"l": 8, "r": 12, "t": 28, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": palette.ink, "size": _LETTER_PX, "family": _FONT},
            "uniformtext": {"mode": "hide", "minsize": 11},
            "xaxis": {
                "type": "date",
                "side": "top",
                "gridcolor": palette.outline,
                "tickformat": "%H:%M",
                "fixedrange": True,
            },
            "yaxis": {
                "type": "category",
                "categoryarray": rows,
                "categoryorder": "array",
                "autorange": "reversed",
                "tickvals": rows,
                "ticktext": [_("Crew {n}").format(n=number) for number in range(1, len(rows) + 1)],
                "automargin": True,
                "fixedrange": True,
            },
            "shapes": _links(plan, rows, palette, timezone),
            "showlegend": False,
            "hoverlabel": {"bgcolor": palette.land, "font": {"color": palette.ink}},
        },
    }


def _bars(
    plan: Plan, numbered: list[tuple[str, str, Span]], doing: Doing, side: str,
    words: tuple[Callable[[str, Span], str], Callable[[str, Span], str]], palette: Palette,
    timezone: str, _: Translate,
) -> dict[str, Any]:  # fmt: skip
    """Bars of one kind and one hue; `words` are those in full, and those that a bar has room for."""
    label, short = words
    own = [(row, span) for row, whose, span in numbered if span.doing is doing and whose == side]
    hue = {"a": palette.side_a, "b": palette.side_b, "both": palette.joint}[side]
    look: dict[Doing, dict[str, Any]] = {
        Doing.WORK: {"color": hue, "line": {"color": palette.land, "width": 1}},
        Doing.TRAVEL: {"color": palette.outline, "line": {"color": hue, "width": 1}},
        Doing.WAIT: {"color": "rgba(0,0,0,0)", "line": {"color": palette.outline, "width": 1}},
        Doing.REST: {
            "color": palette.land,
            "line": {"color": palette.quiet, "width": 1},
            "pattern": {"shape": "/", "fgcolor": palette.quiet, "size": 7, "solidity": 0.25},
        },
    }
    return {
        "type": "bar",
        "orientation": "h",
        "y": [row for row, _span in own],
        "base": [_clock(span.since, timezone) for _row, span in own],
        "x": [(span.until - span.since).total_seconds() * 1000 for _row, span in own],
        "width": 0.72 if doing is Doing.WORK else 0.36,
        "text": [plain(short(row, span)) for row, span in own],
        "textposition": "inside",
        "insidetextanchor": "start" if doing is Doing.WORK else "middle",
        "textangle": 0,
        "textfont": {"color": palette.land if doing is Doing.WORK else palette.ink},
        "marker": look[doing],
        "hovertext": [
            f"{plain(label(row, span))}<br>{local(span.since, timezone, '%H:%M')}–{local(span.until, timezone, '%H:%M')}"
            + (f" · {_(DOINGS[doing])}" if doing is not Doing.WORK else with_words(plan, span.stop, "<br>", _))
            for row, span in own
        ],
        "hoverinfo": "text",
    }


def _links(plan: Plan, rows: list[str], palette: Palette, timezone: str) -> list[dict[str, Any]]:
    """A line between crews that start together."""
    at: dict[str, list[tuple[int, datetime]]] = {}
    for place, crew in enumerate(plan.crews):
        for stop in crew.stops:
            at.setdefault(stop.visit_id, []).append((place, stop.start_at))
    return [
        {
            "type": "line",
            "x0": _clock(some[0][1], timezone),
            "x1": _clock(some[0][1], timezone),
            "y0": rows[some[0][0]],
            "y1": rows[some[-1][0]],
            "line": {"color": palette.joint, "width": 3, "dash": "dot"},
        }
        for some in at.values()
        if len(some) > 1
    ]


def with_words(plan: Plan, stop: Stop | None, before: str, _: Translate) -> str:
    """With which other crews a stop is started, after `before`; empty where it is one crew's alone."""
    number = {crew.id: str(n) for n, crew in enumerate(plan.crews, start=1)}
    others = [_("Crew {n}").format(n=number[one]) for one in ([] if stop is None else stop.with_crews) if one in number]
    return before + _("start together with {crews}").format(crews=", ".join(others)) if others else ""


def _lines(words: str, room_px: float) -> list[str]:
    """Words on at most two lines of a width, latin ones whole; a sign says where some are left out."""
    lines: list[str] = []
    for part in _PARTS.findall(words):
        line = lines[-1] if lines else ""
        if not lines or (_wide_px(line + part) > room_px and len(lines) < _MOST_LINES):
            lines.append(part.strip())
        elif _wide_px(line + part) > room_px:
            lines[-1] = line.rstrip() + "…"
            break
        else:
            lines[-1] += part
    return lines


def _wide_px(words: str) -> float:
    """About how wide words are: Chinese letters are as wide as high."""
    return sum(_LETTER_PX * (1.0 if east_asian_width(letter) in "WF" else _NARROW) for letter in words)


def _day_s(plan: Plan) -> float:
    """Seconds from the first to the last that the chart shows."""
    shown = [span for crew in plan.crews for span in spans(crew)]
    return (
        max((max(one.until for one in shown) - min(one.since for one in shown)).total_seconds(), 1.0) if shown else 1.0
    )


def _clock(at: datetime, timezone: str) -> str:
    """An instant by the operator's clock, as the chart's axis reads it."""
    return local(at, timezone, "%Y-%m-%d %H:%M:%S")
