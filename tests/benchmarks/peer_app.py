"""The peer: a plain Dash application that shows the same points as one Scattermap trace over the same outlines.

It gets the best known way for all that is not compared: outlines by address in the map's style, coordinates as packed
single-precision numbers, compressed answers, the same server. `BENCH_PEER` names a file made by `write_points`.
"""

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import plotly.graph_objects as go
import sqlalchemy as sa
from dash import Dash, Input, Output, dcc, html
from flask import Flask, Response

from store import schema
from tests.benchmarks.data import url_of

VARIABLE = "BENCH_PEER"
_TEXTS = ("text/html", "text/css", "text/javascript", "application/javascript", "application/json")
_COLOURS = {"ground": "#0B1620", "land": "#13222E", "outline": "#44586A", "point": "#E8A33D"}
_PX = 5


def write_points(database: Path, into: Path, centre: tuple[float, float, float]) -> Path:
    """File with what the peer shows: every incident, every station and the outlines of a store; `centre` is lon, lat, zoom."""
    with sa.create_engine(url_of(database)).connect() as connection:
        points = {table.name: _lon_lat(connection, table) for table in (schema.incidents, schema.stations)}
        named = connection.execute(sa.select(schema.stations.c.name, schema.stations.c.level)).all()
        rows = connection.exec_driver_sql("SELECT id, geometry FROM jurisdictions").all()
    outlines = gpd.GeoDataFrame(
        {"id": [row[0] for row in rows]}, geometry=gpd.GeoSeries.from_wkb([row[1] for row in rows]), crs=4326
    )
    outlines = outlines.set_geometry(outlines.geometry.set_precision(1e-6, mode="pointwise"))
    words = np.array([f"{name} · {level}" for name, level in named], np.str_)
    np.savez(into, words=words, outlines=np.array(outlines.to_json(drop_id=True)), centre=np.array(centre), **points)
    return into


def _lon_lat(connection: sa.Connection, table: sa.Table) -> np.ndarray:
    rows = connection.execute(sa.select(table.c.lon, table.c.lat)).all()
    return np.array([tuple(row) for row in rows], np.float32).reshape(-1, 2)


def server() -> Flask:
    """The WSGI application, for gunicorn."""
    kept = np.load(os.environ[VARIABLE])
    outlines = str(kept["outlines"])
    flask = Flask("peer")
    flask.config["COMPRESS_MIMETYPES"] = [*_TEXTS, "application/geo+json"]
    app = Dash("peer", server=flask, compress=True)
    app.layout = html.Div(
        [
            html.Button("refresh", id="refresh"),
            html.Div(
                dcc.Graph(id="map", figure=_figure(kept, kept["incidents"]), responsive=True, style={"height": "100%"}),
                className="map",
                style={"height": "90vh"},
            ),
        ]
    )

    @app.callback(Output("map", "figure"), Input("refresh", "n_clicks"), prevent_initial_call=True)
    def refresh(n: int) -> go.Figure:
        """The whole figure again, with every station's officers counted anew."""
        stations = kept["stations"]
        rng = np.random.default_rng(n)
        officers = rng.integers(1, 9, len(stations))
        words = [f"{name} · {n} officers" for name, n in zip(kept["words"], officers, strict=True)]
        return _figure(kept, stations, words)

    @flask.get("/outlines.geojson")
    def send_outlines() -> Response:
        return Response(
            outlines, mimetype="application/geo+json", headers={"Cache-Control": "private, max-age=3600, immutable"}
        )

    return flask


def _figure(kept, points, words=None) -> go.Figure:
    """The map over the outlines with one trace of points."""
    lon, lat, zoom = (float(number) for number in kept["centre"])
    style = {
        "version": 8,
        "sources": {"outlines": {"type": "geojson", "data": "/outlines.geojson"}},
        "layers": [
            {"id": "ground", "type": "background", "paint": {"background-color": _COLOURS["ground"]}},
            {"id": "land", "type": "fill", "source": "outlines", "paint": {"fill-color": _COLOURS["land"]}},
            {"id": "outline", "type": "line", "source": "outlines", "paint": {"line-color": _COLOURS["outline"]}},
        ],
    }
    trace = go.Scattermap(
        lon=points[:, 0],
        lat=points[:, 1],
        mode="markers",
        marker={"size": _PX, "color": _COLOURS["point"], "opacity": 0.6},
        text=words,
        hoverinfo="skip" if words is None else "text",
    )
    return go.Figure(
        trace,
        {
            "map": {"style": style, "center": {"lon": lon, "lat": lat}, "zoom": zoom},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "uirevision": "map",
        },
    )
