"""The map as a whole: its style for a view, and the addresses its sources have now."""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.layer import Layer
from layers.palette import PALETTES
from layers.view import View

_NOTHING: dict[str, Any] = {"type": "FeatureCollection", "features": []}
# Around Lake Tai; the browser moves to the data as soon as it knows where that is.
_START = {"lon": 120.1, "lat": 30.9, "zoom": 8.0}


def style(layers: Sequence[Layer], view: View, versions: Mapping[str, int], origin: str) -> dict[str, Any]:
    """MapLibre style with every layer as a source by URL; `origin` like ``http://host:8050``."""
    palette = PALETTES[view.theme]
    painted: list[dict[str, Any]] = [
        {"id": "ground", "type": "background", "paint": {"background-color": palette.ground}}
    ]
    for layer in layers:
        visibility = "visible" if layer.is_shown(view) else "none"
        for number, part in enumerate(layer.paint(palette)):
            layout = {**part.get("layout", {}), "visibility": visibility}
            place = {"id": f"{layer.key}-{number}", "source": layer.key, "layout": layout}
            if layer.tile is not None:
                place["source-layer"] = layer.key
            painted.append({**part, **place})
    return {
        "version": 8,
        "sources": {layer.key: _source(layer, view, versions, origin) for layer in layers},
        "layers": painted,
    }


def address(layer: Layer, view: View, versions: Mapping[str, int]) -> str:
    """Path and query of a layer's features; it changes when, and only when, they may."""
    version = "-".join(str(versions.get(topic, 0)) for topic in layer.topics)
    query = view.query(*layer.fields)
    stem = f"/tiles/{layer.key}/{{z}}/{{x}}/{{y}}.pbf" if layer.tile is not None else f"/map/{layer.key}.geojson"
    return f"{stem}?v={version}" + (f"&{query}" if query else "")


def scene(layers: Sequence[Layer], view: View, versions: Mapping[str, int]) -> dict[str, Any]:
    """What the browser applies to the map it has: addresses, and which layers are shown."""
    return {
        "sources": {layer.key: address(layer, view, versions) for layer in layers},
        "shown": {layer.key: layer.is_shown(view) for layer in layers},
        "tips": [layer.key for layer in layers if layer.tips],
    }


def start(view: View) -> tuple[dict[str, float], float]:
    """Centre and zoom the map opens with."""
    lon, lat, zoom = view.lon, view.lat, view.zoom
    if lon is None or lat is None or zoom is None:
        return {"lon": _START["lon"], "lat": _START["lat"]}, _START["zoom"]
    return {"lon": lon, "lat": lat}, zoom


def _source(layer: Layer, view: View, versions: Mapping[str, int], origin: str) -> dict[str, Any]:
    where = address(layer, view, versions)
    if layer.tile is not None:
        return {"type": "vector", "tiles": [origin + where], "maxzoom": 14}
    # What is not shown is not fetched: MapLibre would, whether or not anything is drawn from it.
    return {"type": "geojson", "data": where if layer.is_shown(view) else _NOTHING}
