"""Whether the server is well, for whoever watches over it: it answers, and so does its database."""

from collections.abc import Callable

from flask import Flask, Response

from callbacks.errors import EXPECTED, status_of
from casework.desk import Desk


def register(server: Flask, desk: Callable[[], Desk]) -> None:
    """Add the route ``/health``, which tells nothing but that."""

    @server.get("/health")
    def health() -> Response:
        try:
            desk().versions()
        except EXPECTED as error:
            return Response("the database does not answer\n", status_of(error), mimetype="text/plain")
        return Response("well\n", mimetype="text/plain")
