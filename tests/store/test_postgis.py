"""The contract on PostGIS, as the role that the program has."""

from contextlib import closing

import pytest

from store import open_store
from tests.store.contract import StoreContract
from tests.store.postgis_database import url_of


@pytest.fixture(scope="module")
def opened(database):
    """A store for all of them: a new connection takes longer than most tests."""
    with closing(open_store(url_of(database))) as store:
        yield store


class TestPostgis(StoreContract):
    @pytest.fixture
    def store(self, opened, app_url):
        """The store with nothing in it."""
        return opened
