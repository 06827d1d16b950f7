"""The map of a briefing on screen: folium's, with nothing from elsewhere in it."""

import json
from collections.abc import Callable, Iterator
from html import escape

import folium
import shapely
from branca.element import Element, Figure
from folium.vector_layers import CircleMarker, Polygon, PolyLine
from shapely.geometry.base import BaseGeometry

from exports.briefing_scene import Drawn, Scene, Sign
from words import Translate

_DIGITS = 6
_SIGN_PX = 26
_DOT_PX = {"finding": 5, "spot": 3}


_polyline: Callable[..., Element] = PolyLine  # folium says nothing of its types


class _Map(folium.Map):
    """A map that links no scripts and no styles: the page around it has them."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # as folium declares it
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def drawn_map(scene: Scene, _: Translate) -> tuple[str, str]:
    """The element that holds the map, and the script that draws it once Leaflet is there.

    The same scene gives the same text. Words reach the page as JSON or escaped; look and colour come from the style
    sheet, by the class of each shape.
    """
    west, south, east, north = scene.view
    wide, high = east - west, north - south
    made = _Map(
        location=((south + north) / 2, (west + east) / 2), tiles=None, zoom_control=False, max_zoom=18,
        zoom_snap=0.25, zoom_delta=0.5, attribution_control=False,
        max_bounds=True, min_lat=south - high, max_lat=north + high, min_lon=west - wide, max_lon=east + wide,
    )  # fmt: skip
    for one in scene.drawn:
        for layer in _layers(one):
            layer.add_to(made)
    for sign in scene.signs:
        folium.Marker((sign.lat, sign.lon), icon=_icon(sign), keyboard=False, title=sign.title or None).add_to(made)
    made.fit_bounds([[south, west], [north, east]])
    figure = made.get_root()
    assert isinstance(figure, Figure)
    _number(figure)
    figure.render()
    words = {"position": "topright", "zoomInTitle": _("Nearer"), "zoomOutTitle": _("Farther")}
    controls = (
        f"L.control.zoom({_json(words)}).addTo({made.get_name()});\n"
        f"L.control.scale({{imperial: false}}).addTo({made.get_name()});\n"
    )
    return figure.html.render(), f"{figure.script.render()}\n{controls}"


def _layers(one: Drawn) -> Iterator[Element]:
    """A shape as layers of folium."""
    if one.kind in _DOT_PX:
        yield CircleMarker(_places(one.shape)[0], radius=_DOT_PX[one.kind], class_name=one.kind)
    elif one.area:
        yield Polygon(_rings(one.shape), class_name=one.kind, smooth_factor=0.5)
    else:
        yield _polyline([_places(line) for line in _lines(one.shape)], class_name=one.kind, smooth_factor=0.5)


def _icon(sign: Sign) -> folium.DivIcon:
    words = escape(sign.text)
    if sign.kind == "stop":
        words = f'<a href="#{escape(sign.target)}">{words}</a>'
    elif sign.second:
        words = f"{words}<small>{escape(sign.second)}</small>"
    if sign.kind.startswith("name"):
        return folium.DivIcon(html=f"<span>{words}</span>", icon_size=(0, 0), class_name=f"sign {sign.kind}")
    above = _SIGN_PX + 6 if sign.kind == "stop" else _SIGN_PX // 2
    return folium.DivIcon(
        html=words,
        icon_size=(_SIGN_PX, _SIGN_PX),
        icon_anchor=(_SIGN_PX // 2 - sign.rank * (_SIGN_PX + 2), above),
        class_name=f"sign {sign.kind}",
    )


def _rings(shape: BaseGeometry) -> list[list[tuple[float, float]]]:
    """Every ring; the even-odd rule tells holes from parts."""
    polygons = [one for one in shapely.get_parts(shape) if isinstance(one, shapely.Polygon)]
    return [_places(ring) for one in polygons for ring in (one.exterior, *one.interiors)]


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    return [one for one in shapely.get_parts(shape) if isinstance(one, shapely.LineString)]


def _places(line: BaseGeometry) -> list[tuple[float, float]]:
    return [(round(float(y), _DIGITS), round(float(x), _DIGITS)) for x, y in shapely.get_coordinates(line)]


def _number(element: Element, start: int = 0) -> int:
    """Give every part of the page a number where folium has drawn one by lot; the next free number."""
    element._id = f"{start}"  # noqa: SLF001  # folium offers no other way to the same text twice
    start += 1
    for child in element._children.values():  # noqa: SLF001
        start = _number(child, start)
    return start


def _json(words: dict[str, str]) -> str:
    return json.dumps(words).replace("<", "\\u003c")
