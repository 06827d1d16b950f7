"""Our database on the tests' own server, with its roles; emptied for each test."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from store import schema
from store.postgis import PostgisStore

OWNER, APP = "owner's", "app's"


@pytest.fixture(scope="session")
def database(cluster, postgis):
    """The server with our database on it, made as the documents say and brought up to date by its owner."""
    cluster.make_database(OWNER, APP)
    with closing(PostgisStore(owner_url(cluster))):
        pass
    return cluster


@pytest.fixture(scope="session")
def owner(database):
    """Connections of the role that owns the tables."""
    engine = sa.create_engine(owner_url(database), pool_pre_ping=True)
    yield engine
    engine.dispose()


@pytest.fixture
def app_url(database, owner):
    """Address of the database for the program's own role, with nothing in it."""
    with owner.begin() as connection:
        # A few rows go sooner than TRUNCATE makes new files.
        names = [table.name for table in reversed(schema.METADATA.sorted_tables)]
        connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in names))  # noqa: S608
    return url_of(database)


def owner_url(cluster):
    """Address for whoever may change the schema."""
    return cluster.url("lianfang_owner", OWNER, "lianfang")


def url_of(cluster):
    """Address for the program."""
    return cluster.url("lianfang", APP, "lianfang")
