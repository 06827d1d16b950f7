"""A store in a file of its own."""

import pytest

from casework.model import Kind
from store.embedded import EmbeddedStore
from tests.store import specimens
from tests.store.postgis_database import app_url, database, owner  # noqa: F401  # fixtures
from tests.store.specimens import load

# The suites are no test modules by name: without this a failure would not show its values.
pytest.register_assert_rewrite(
    *(
        f"tests.store.contract_{part}"
        for part in (
            *("reading", "incidents", "writing", "agreed", "history", "analyses", "audit", "plans", "people", "roads"),
            *("seen", "done"),
        )
    )
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "store.sqlite"


@pytest.fixture
def url(file):
    return f"sqlite:///{file}"


@pytest.fixture
def store(url):
    store = EmbeddedStore(url, busy_s=0.2)
    store.add(load(Kind.BOUNDARIES), specimens.boundaries())
    store.add(load(Kind.STATIONS), specimens.stations())
    store.add(load(Kind.FIRMS), specimens.firms())
    store.add(load(Kind.INCIDENTS), specimens.incidents())
    yield store
    store.close()
