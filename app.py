"""Joins everything: settings, store, desk, Dash. Run it for the command line; nobody imports it but a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from secrets import token_bytes

from dash import Dash
from flask import Flask

from casework.desk import Desk, SystemClock
from casework.errors import CaseError
from casework.gate import Gate
from casework.passwords import Passwords
from casework.people import Actor
from casework.ports import Store
from casework.rules import Rules
from cli import cli
from geo.travel import Travel
from intake.valhalla import Valhalla
from keys import key_of
from machines import workforce
from settings import Settings
from store import open_store

# Actors whose desks are kept ready; whoever comes after begins with an empty one.
_MOST_DESKS = 64
# Less than the half minute after which a page stops waiting.
_ANSWER_S = 25.0


def travel_of(settings: Settings) -> Travel | None:
    """Valhalla, where the operator asks for it; None: the desk goes by the roads that were loaded.

    Its tiles are built beside the extract the first time, which takes a while.
    """
    if settings.valhalla == "off":
        return None
    extract = Path(settings.valhalla).expanduser()
    return Valhalla(extract, extract.with_name(f"{extract.name}-tiles"))


def desk_of(settings: Settings, store: Store) -> Desk:
    """The operator's desk, as the operator set it."""
    return Desk(store, Actor(), SystemClock(), Rules.of(settings.model_dump()), travel_of(settings))


@contextmanager
def opened(settings: Settings, actor: Actor) -> Iterator[Desk]:
    """An actor's desk over a connection of its own, closed afterwards: for work in a process that was not there before."""
    store = open_store(settings.database_url)
    try:
        with workforce(settings):
            yield desk_of(settings, store).of(actor)
    finally:
        store.close()


def create_app(settings: Settings) -> Dash:
    """The dashboard over the store that `settings` name.

    Raises
    ------
    CaseError
        When nobody signs in and the server would listen to others than this machine or be shown nothing by the
        database, or when people sign in and the database would not keep them apart.
    """
    from callbacks.signing import Door, who  # noqa: PLC0415  # three seconds that other verbs need not wait for
    from callbacks.web import build  # noqa: PLC0415

    if settings.exposed:
        raise CaseError(settings.exposed)
    store = open_store(settings.database_url, _ANSWER_S)
    operators = desk_of(settings, store)
    # One for each actor: what they looked at a moment ago is there, and nothing of anybody else's.
    desk_for = lru_cache(maxsize=_MOST_DESKS)(operators.of)
    door = None
    if settings.sign_in == "on":
        if not store.binds:
            raise CaseError(
                "People sign in, but the database would show this user everything: name the role lianfang_web in"
                " LIANFANG_DATABASE."
            )
        door = Door(Gate(store, operators.clock, operators.rules, Passwords(token_bytes)), key_of(settings))
    elif store.at_door:
        raise CaseError(
            "Nobody signs in, and to the role lianfang_web the database shows nothing without somebody who did: name the"
            " operator's role lianfang in LIANFANG_DATABASE, or set LIANFANG_SIGN_IN=on."
        )
    return build(settings, lambda: desk_for(who()), partial(opened, settings), who, door)


def server(settings: Settings | None = None) -> Flask:
    """The WSGI application, for gunicorn: ``gunicorn 'app:server()'``."""
    flask: Flask = create_app(settings or Settings()).server
    return flask


if __name__ == "__main__":
    cli(obj=server)
