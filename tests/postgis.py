"""A private PostgreSQL with PostGIS: started for the tests, gone after them, nobody else's touched."""

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tools.postgis import Cluster, program

PASSWORD = "postgres"  # noqa: S105  # for as long as the tests run
# What is written is thrown away: nobody waits for a disk.
FAST = ("fsync=off", "full_page_writes=off")
_EXTENSIONS = ("postgis",)


@pytest.fixture(scope="session")
def cluster():
    """A server of the tests' own."""
    if program("pg_ctl") is None:
        pytest.skip("no PostgreSQL server is installed: call tools/system.sh")
    # Not below pytest's own folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="lianfang-postgis-"))
    folder.chmod(0o755)
    server = Cluster(folder, PASSWORD, FAST)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgis(cluster):
    """Address of an empty database with PostGIS, for psycopg2 and SQLAlchemy; its user is a superuser."""
    address = cluster.url().replace("+psycopg2", "")
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = ANY(%s)", (list(_EXTENSIONS),))
        if cursor.fetchone()[0] < len(_EXTENSIONS):
            pytest.skip("PostgreSQL is installed without PostGIS: call tools/system.sh")
        for name in _EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION {name}")
        connection.commit()
    return address
