"""The small world as an attacker finds it, over both engines; PostgreSQL as the program's plain role."""

import shutil
from contextlib import closing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from casework.desk import Desk
from casework.model import Kind
from casework.people import Actor
from casework.rules import Rules
from store import open_store, schema
from store.postgis import PostgisStore
from tests import world
from tests.attacks.words import FORMULAS, SCRIPTS
from tests.callbacks.web import Web
from tests.store.postgis_database import database, emptied, owner, url_of
from tests.world import world_file

__all__ = ["database", "owner", "world_file"]


class Victim:
    """One dashboard over one store, with what is in its tables."""

    def __init__(self, url, folder):
        self.store = open_store(url)
        self.desk = Desk(self.store, Actor(), world.Clock(), Rules())
        self.web = Web(self.desk, language="en", database=str(folder / "work"))
        self.client = self.web.client

    def counts(self):
        """Rows of each table."""
        with self.store._database._engine.connect() as connection:
            return {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for table in schema.METADATA.sorted_tables
            }


def postgis_url(request):
    """Address of our database for the plain role, with nothing in it."""
    request.getfixturevalue("database")
    emptied(request.getfixturevalue("owner"))
    return url_of(request.getfixturevalue("database"))


def filled(store, words=None):
    """Write the world; every name and word in it is hostile where `words` are given."""
    desk = Desk(store, Actor(), world.Clock(), Rules())

    def hostile(frame, *columns):
        if words is None:
            return frame
        made = {name: [words[(k + n) % len(words)] for k in range(len(frame))] for n, name in enumerate(columns)}
        return frame.assign(**made)

    desk.records.add(world.load(Kind.BOUNDARIES), hostile(world.boundaries(), "name", "name_en"))
    desk.records.boundaries_changed()
    desk.records.add(world.load(Kind.STATIONS), hostile(world.stations(), "name"))
    desk.records.add(world.load(Kind.FIRMS), hostile(world.firms(), "name"))
    desk.records.add(world.load(Kind.INCIDENTS), hostile(world.incidents(), "description"))
    for n, one in enumerate(world.agreements()):
        told = {} if words is None else {"title": words[n], "memorandum": words[n + 1], "powers": words[n]}
        desk.agreements.save(replace(one, **told))


@pytest.fixture(scope="module", params=["sqlite", "postgis"])
def victim(request, world_file, tmp_path_factory):
    """The world over each engine, for a whole file: attacks must change nothing."""
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(world_file, tmp_path_factory.mktemp('victim') / 'copy.sqlite')}"
    else:
        url = postgis_url(request)
        with closing(PostgisStore(url)) as store:
            filled(store)
    found = Victim(url, tmp_path_factory.mktemp("web"))
    yield found
    found.store.close()


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """The world in one file, every name and word in it hostile."""
    url = f"sqlite:///{tmp_path_factory.mktemp('tagged') / 'copy.sqlite'}"
    with closing(open_store(url)) as store:
        filled(store, SCRIPTS + FORMULAS)
    found = Victim(url, tmp_path_factory.mktemp("web"))
    yield found
    found.store.close()
