"""Joins everything: settings, store, desk, Dash. Run it for the command line; nobody imports it but a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from dash import Dash
from flask import Flask

from casework.desk import Desk, SystemClock
from casework.model import Actor
from casework.ports import Store
from casework.rules import Rules
from cli import cli
from geo.travel import Travel
from intake.valhalla import Valhalla
from machines import workforce
from settings import Settings
from store import open_store


def travel_of(settings: Settings) -> Travel | None:
    """Valhalla, where the operator asks for it; None: the desk goes by the roads that were loaded.

    Its tiles are built beside the extract the first time, which takes a while.
    """
    if settings.valhalla == "off":
        return None
    extract = Path(settings.valhalla).expanduser()
    return Valhalla(extract, extract.with_name(f"{extract.name}-tiles"))


def desk_of(settings: Settings, store: Store) -> Desk:
    """The desk as the operator set it."""
    return Desk(store, Actor(), SystemClock(), Rules.of(settings.model_dump()), travel_of(settings))


@contextmanager
def opened(settings: Settings) -> Iterator[Desk]:
    """A desk over a connection of its own, closed afterwards: for work in a process that was not there before."""
    store = open_store(settings.database_url)
    try:
        with workforce(settings):
            yield desk_of(settings, store)
    finally:
        store.close()


def create_app(settings: Settings) -> Dash:
    """The dashboard over the store that `settings` name."""
    from callbacks.web import build  # noqa: PLC0415  # three seconds that other verbs need not wait for

    desk = desk_of(settings, open_store(settings.database_url))
    return build(settings, lambda: desk, partial(opened, settings))


def server(settings: Settings | None = None) -> Flask:
    """The WSGI application, for gunicorn: ``gunicorn 'app:server()'``."""
    flask: Flask = create_app(settings or Settings()).server
    return flask


if __name__ == "__main__":
    cli(obj=server)
