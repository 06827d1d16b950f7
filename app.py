"""Joins everything: settings, store, desk, Dash. Run it for the command line; nobody imports it but a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from dash import Dash
from flask import Flask

from casework.desk import Desk, SystemClock
from casework.model import Actor
from casework.rules import Rules
from cli import cli
from machines import workforce
from settings import Settings
from store import open_store


@contextmanager
def opened(settings: Settings) -> Iterator[Desk]:
    """A desk over a connection of its own, closed afterwards: for work in a process that was not there before."""
    store = open_store(settings.database_url)
    try:
        with workforce(settings):
            yield Desk(store, Actor(), SystemClock(), Rules.of(settings.model_dump()))
    finally:
        store.close()


def create_app(settings: Settings) -> Dash:
    """The dashboard over the store that `settings` name."""
    from callbacks.web import build  # noqa: PLC0415  # three seconds that other verbs need not wait for

    desk = Desk(open_store(settings.database_url), Actor(), SystemClock(), Rules.of(settings.model_dump()))
    return build(settings, lambda: desk, partial(opened, settings))


def server(settings: Settings | None = None) -> Flask:
    """The WSGI application, for gunicorn: ``gunicorn 'app:server()'``."""
    flask: Flask = create_app(settings or Settings()).server
    return flask


if __name__ == "__main__":
    cli(obj=server)
