"""Backup and restore on PostGIS, by the very commands of the documents."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.audit import Sought
from casework.chain import first_break
from casework.model import WORLD, Kind
from store import schema
from store.postgis import PostgisStore
from tests.postgis import FAST
from tests.store import specimens
from tests.store.postgis_database import APP, OWNER, WEB, url_of
from tests.store.processes import ROOT
from tests.store.specimens import ALL, load
from tools.postgis import HOST, Cluster


@pytest.fixture
def second():
    """Another server, on which only the roles were made."""
    folder = Path(tempfile.mkdtemp(prefix="lianfang-postgis-"))
    folder.chmod(0o755)
    server = Cluster(folder, "second", FAST)
    try:
        server.start()
        server.make_database(OWNER, APP, WEB)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def documented(program):
    """The command of the documents that calls `program`."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^{program} .*$", text, re.MULTILINE)
    return shlex.split(line.replace("HOST", HOST))


def run(command, cluster, folder):
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PGPORT": str(cluster.port), "PGPASSWORD": OWNER},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def rows_of(url):
    """How many rows each table has."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in schema.METADATA.tables.items()
        }


def test_what_is_restored_is_what_was_backed_up(app_url, database, second, tmp_path):
    with closing(PostgisStore(app_url)) as store:
        store.add(load(Kind.BOUNDARIES), specimens.boundaries())
        store.add(load(Kind.FIRMS), specimens.firms(), [specimens.reject()])
        store.add(load(Kind.INCIDENTS), specimens.incidents())
        store.save_agreement(specimens.agreement(), specimens.zone())
        store.save_plan(specimens.plan())
        run(documented("pg_dump"), database, tmp_path)
        run(documented("pg_restore"), second, tmp_path)
        with closing(PostgisStore(url_of(second))) as other:
            assert other.versions() == store.versions()
            assert other.changed_at() == store.changed_at()
            assert other.incidents(ALL).equals(store.incidents(ALL))
            assert other.jurisdictions().equals(store.jurisdictions())
            assert other.firms(box=WORLD).equals(store.firms(box=WORLD))
            assert other.agreement_history() == store.agreement_history()
            assert other.zones().equals(store.zones())
            assert other.plans() == store.plans()
            assert other.quarantined() == store.quarantined()
            assert rows_of(url_of(second)) == rows_of(app_url)
            head = store.audit_head()
            assert head.n
            assert other.audit_head() == head
            assert first_break(other.audit_lines(Sought()), head.hash) is None
            # What comes next gets numbers of its own, and may be written by the program's role.
            other.add(load(Kind.FIRMS), specimens.firms().iloc[:0], [specimens.reject(3)])
            assert other.quarantined()[1].id > other.quarantined()[0].id
