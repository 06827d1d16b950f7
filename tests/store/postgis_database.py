"""Our database on the tests' own server, with its roles; emptied for each test."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from store import schema
from store.postgis import PostgisStore

OWNER, APP, WEB = "owner's", "app's", "web's"


@pytest.fixture(scope="session")
def database(cluster, postgis):
    """The server with our database on it, made as the documents say and brought up to date by its owner."""
    cluster.make_database(OWNER, APP, WEB)
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
    emptied(owner)
    return url_of(database)


def emptied(owner):
    """Take every row out."""
    with owner.begin() as connection:
        # A few rows go sooner than TRUNCATE makes new files.
        names = [table.name for table in reversed(schema.METADATA.sorted_tables) if "audit" not in table.name]
        connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in names))  # noqa: S608
        # Whose tables they are can empty the audit too, but has to take its triggers off.
        connection.exec_driver_sql(
            "ALTER TABLE audit DISABLE TRIGGER USER; ALTER TABLE audit_head DISABLE TRIGGER USER;"
            " DELETE FROM audit; UPDATE audit_head SET n = 0, hash = '';"
            " ALTER TABLE audit ENABLE TRIGGER USER; ALTER TABLE audit_head ENABLE TRIGGER USER"
        )


def owner_url(cluster):
    """Address for whoever may change the schema."""
    return cluster.url("lianfang_owner", OWNER, "lianfang")


def url_of(cluster):
    """Address for the program."""
    return cluster.url("lianfang", APP, "lianfang")


def web_url(cluster):
    """Address for the server where people sign in."""
    return cluster.url("lianfang_web", WEB, "lianfang")
