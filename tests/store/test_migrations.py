"""The schema of a file, from nothing and back, and files that are none of ours."""

import sqlite3
from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from casework.errors import CaseError
from casework.ports import Topic
from store import open_store, schema
from store.embedded import EmbeddedStore
from tests.store.processes import ROOT, fork
from tests.store.specimens import ALL


def test_migrations_make_the_schema(store):
    with store._database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: "_box" not in (name or ""), "compare_type": True}
        )
        assert compare_metadata(context, schema.METADATA) == []
        assert context.get_current_revision() == schema.REVISION


def alembic_config():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "store" / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def test_the_schema_knows_the_last_step():
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [schema.REVISION]


def test_down_and_up_again(store, url):
    config = alembic_config()
    with store._database.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").scalars().all()
        )
        assert set(left) <= {"alembic_version"}
    store.close()
    with closing(EmbeddedStore(url)) as again:
        assert again.incidents(ALL).empty


@pytest.mark.slow
def test_processes_that_open_a_new_file_at_once(url):
    script = """
        sys.exit(len(store.versions()))
    """
    assert fork(url, script, 4) == [len(Topic)] * 4


def test_a_newer_file_is_refused(store, file, url):
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(CaseError, match="9999"):
        EmbeddedStore(url)


def test_not_a_database(file, url):
    file.write_text("no database, but long enough to be taken for one at first sight" * 20)
    with pytest.raises(CaseError, match="no database"):
        open_store(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg2://host/db", "file.sqlite"])
def test_urls_that_name_no_file(url):
    with pytest.raises(CaseError):
        open_store(url)
