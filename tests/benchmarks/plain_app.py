"""What most people would write: a plain Dash page whose interval rebuilds its whole figure from the database, each time.

`BENCH_PLAIN` is the address of the database. The figure holds the incidents of the latest 90 days, as our planner shows
them from the start, and every station.
"""

import os
from datetime import UTC, datetime, timedelta

import plotly.graph_objects as go
import sqlalchemy as sa
from dash import Dash, Input, Output, dcc, html
from flask import Flask

from store import schema

VARIABLE = "BENCH_PLAIN"
_LATEST = timedelta(days=90) // timedelta(microseconds=1)


def server() -> Flask:
    """The WSGI application, for gunicorn."""
    engine = sa.create_engine(os.environ[VARIABLE])
    flask = Flask("plain")
    app = Dash("plain", server=flask, compress=True)
    app.layout = html.Div([dcc.Graph(id="map"), dcc.Interval(id="tick", interval=5000)])

    @app.callback(Output("map", "figure"), Input("tick", "n_intervals"))
    def refresh(_n: int | None) -> go.Figure:
        """The whole figure again."""
        return _figure(engine)

    return flask


def _figure(engine: sa.Engine) -> go.Figure:
    """Points of the latest incidents and of all stations, with what a pointer finds."""
    event, station = schema.incidents.c, schema.stations.c
    with engine.connect() as connection:
        last = connection.execute(sa.select(sa.func.max(event.at_us))).scalar_one()
        wanted = sa.select(event.lon, event.lat, event.category, event.at_us).where(event.at_us > last - _LATEST)
        incidents = connection.execute(wanted).all()
        stations = connection.execute(sa.select(station.lon, station.lat, station.name)).all()
    said = [f"{one.category}, {datetime.fromtimestamp(one.at_us / 1e6, UTC):%Y-%m-%d}" for one in incidents]
    traces = [
        go.Scattermap(lon=[one.lon for one in rows], lat=[one.lat for one in rows], text=words, mode="markers")
        for rows, words in ((incidents, said), (stations, [one.name for one in stations]))
    ]
    return go.Figure(traces, {"map": {"style": "white-bg", "center": {"lon": 120.1, "lat": 30.9}, "zoom": 8}})
