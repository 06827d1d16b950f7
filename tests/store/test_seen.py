"""What actors see and do, on SQLite."""

from contextlib import closing

import pytest

from store import open_store
from tests.store import seen_world
from tests.store.contract_done import DoneContract
from tests.store.contract_seen import SeenContract
from tests.store.contract_told import ToldContract


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The made world, once: what is done to it leaves what is looked at as it was."""
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('seen')}/seen.sqlite")) as store:
        seen_world.fill(store)
        yield store


@pytest.fixture
def door(filled):
    return filled


class TestSeen(SeenContract):
    pass


class TestDone(DoneContract):
    pass


class TestTold(ToldContract):
    pass
