"""Joins everything: settings, store, desk, Dash. Run it for the command line; nobody imports it but a server."""

from dash import Dash
from flask import Flask

from callbacks.web import build
from casework.desk import Desk, SystemClock
from casework.model import Actor
from casework.rules import Rules
from cli import cli
from settings import Settings
from store import open_store


def rules_of(settings: Settings) -> Rules:
    """The desk's thresholds as the operator set them."""
    names = Rules.__dataclass_fields__
    return Rules(**{name: value for name, value in settings.model_dump().items() if name in names})


def create_app(settings: Settings) -> Dash:
    """The dashboard over the store that `settings` name."""
    desk = Desk(open_store(settings.database_url), Actor(), SystemClock(), rules_of(settings))
    return build(settings, lambda: desk)


def server(settings: Settings | None = None) -> Flask:
    """The WSGI application, for gunicorn: ``gunicorn 'app:server()'``."""
    flask: Flask = create_app(settings or Settings()).server
    return flask


if __name__ == "__main__":
    cli(obj=server)
