"""The map of a briefing on paper: the same scene as a still picture."""

from html import escape

import numpy as np
import shapely

from exports.briefing_scene import Scene, Sign
from exports.svg import Drawing, round_m
from words import Translate

_WIDTH = 720
_DOT = {"finding": 4.0, "spot": 2.5}
_BADGE = 10.0
_ABOVE = 15.0


def paper_map(scene: Scene, _: Translate) -> str:
    """An SVG element of the first view, with scale and north; its classes are those of the map on screen."""
    drawing = Drawing(*scene.view, _WIDTH)
    body = []
    for one in scene.drawn:
        if one.kind in _DOT:
            x, y = _xy(drawing, *shapely.get_coordinates(one.shape)[0])
            body.append(f'<circle class="{one.kind}" cx="{x:.1f}" cy="{y:.1f}" r="{_DOT[one.kind]:g}"/>')
        elif d := drawing.path(one.shape):
            body.append(f'<path class="{one.kind}" d="{d}"/>')
    body += [_sign(drawing, sign) for sign in scene.signs]
    label = escape(_("Map of the route"))
    return (
        f'<svg class="drawn" viewBox="0 0 {_WIDTH} {drawing.height}" role="img" aria-label="{label}">'
        f"{''.join(body)}{_corner(drawing)}</svg>"
    )


def _xy(drawing: Drawing, lon: float, lat: float) -> tuple[float, float]:
    x, y = drawing.places(np.array([[lon, lat]]))[0]
    return float(x), float(y)


def _sign(drawing: Drawing, sign: Sign) -> str:
    """A name, a station's shape, or a number in a ring."""
    x, y = _xy(drawing, sign.lon, sign.lat)
    words = escape(sign.text)
    if sign.kind.startswith("name"):
        second = (
            f'<text class="second" x="{x:.1f}" y="{y + 16:.1f}">{escape(sign.second)}</text>' if sign.second else ""
        )
        return f'<g class="sign {sign.kind}"><text x="{x:.1f}" y="{y:.1f}">{words}</text>{second}</g>'
    if sign.kind == "station":
        return f'<g class="sign station"><text x="{x:.1f}" y="{y + 6:.1f}">{words}</text></g>'
    x, y = x + sign.rank * (2 * _BADGE + 2), y - _ABOVE
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_BADGE:g}"/>'
    return f'<g class="sign stop">{ring}<text x="{x:.1f}" y="{y + 4.5:.1f}">{words}</text></g>'


def _corner(drawing: Drawing) -> str:
    """Scale bar and north in one corner."""
    bar_m = round_m(0.22 * _WIDTH / drawing.metre)
    length, foot = bar_m * drawing.metre, drawing.height - 12
    told = f"{bar_m / 1000:g} km" if bar_m >= 1000 else f"{bar_m:g} m"  # noqa: PLR2004
    north = f'<text x="{_WIDTH - 22}" y="22">N</text><path class="bar" d="M{_WIDTH - 18},44 v-16 m-5,6 l5,-6 5,6"/>'
    return f'<g class="corner"><path class="bar" d="M14,{foot} h{length:.1f}"/><text x="14" y="{foot - 6}">{told}</text>{north}</g>'
