"""What the map fetches: features as GeoJSON and vector tiles, by addresses that change only when their content may."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import parse_qsl

from flask import Flask, Response, abort, request

from callbacks.errors import EXPECTED, status_of
from callbacks.view import read
from casework.desk import Desk
from casework.errors import CaseError
from casework.people import Actor
from casework.ports import Topic
from layers import LAYERS
from layers.scene import address
from layers.view import View
from words import translator

_DIGITS = 6
# What partners share inside a zone.
_RECORDS = frozenset((Topic.INCIDENTS, Topic.FIRMS))
_LONGEST_ZOOM = 22


def register(server: Flask, desk: Callable[[], Desk]) -> None:
    """Add the routes ``/map/<layer>.geojson`` and ``/tiles/<layer>/<z>/<x>/<y>.pbf``."""

    # `where` is the layer's address by the versions there are now, whatever versions were asked for.
    # Never one actor's for another: who asks is part of what was asked.
    @lru_cache(maxsize=64)
    def features(_actor: Actor, key: str, where: str) -> str:
        frame = LAYERS[key].features(desk(), _view_of(where))
        return str(
            frame.set_geometry(frame.geometry.set_precision(10**-_DIGITS, mode="pointwise")).to_json(drop_id=True)
        )

    @lru_cache(maxsize=2048)
    def tile(_actor: Actor, key: str, where: str, z: int, x: int, y: int) -> bytes:
        content = LAYERS[key].tile
        assert content is not None
        return content(desk(), _view_of(where), z, x, y)

    @server.get("/map/<key>.geojson")
    def map_features(key: str) -> Response:
        if key not in LAYERS:
            abort(404)
        return _answer(key, desk, "application/geo+json", lambda where: features(desk().actor, key, where))

    @server.get("/tiles/<key>/<int:z>/<int:x>/<int:y>.pbf")
    def map_tile(key: str, z: int, x: int, y: int) -> Response:
        if key not in LAYERS or LAYERS[key].tile is None or z > _LONGEST_ZOOM or max(x, y) >= 2**z:
            abort(404)
        return _answer(key, desk, "application/x-protobuf", lambda where: tile(desk().actor, key, where, z, x, y))


def _version(query: str) -> str | None:
    return dict(parse_qsl(query)).get("v")


def _view_of(where: str) -> View:
    return read(where.partition("?")[2])


def _answer(key: str, desk: Callable[[], Desk], mimetype: str, content: Callable[[str], str | bytes]) -> Response:
    """What was asked for, or why not in words; a browser may keep what it asked for by the versions there are."""
    # Bytes that are no text would make Flask's own reading of the query fail.
    asked = request.query_string.decode(errors="replace")
    view = read(asked)
    try:
        at = desk()
        if not _RECORDS.isdisjoint(LAYERS[key].topics):
            at.log.looked()
        where = address(LAYERS[key], view, at.versions())
        response = Response(content(where), mimetype=mimetype)
    except EXPECTED as error:
        said = error.said(translator(view.lang)) if isinstance(error, CaseError) else str(error)
        return Response(said, status_of(error), mimetype="text/plain")
    current = _version(asked) == _version(where.partition("?")[2])
    response.headers["Cache-Control"] = "private, max-age=3600, immutable" if current else "no-cache"
    return response
