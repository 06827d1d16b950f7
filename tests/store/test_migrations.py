"""The schema of a file, from nothing and back, and files that are none of ours."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
import shapely
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from casework.errors import CaseError
from casework.model import Agreement, Category
from casework.ports import Topic
from casework.sharing import Consent
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


def write_first_file(file):
    """A file as the first version of the program wrote it: two agreements, one without a zone."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        terms = "'e', 'w', 1000.0, 500.5, '2024-01-01', {until}, 10.0, NULL, '[\"water\", \"air\"]', '第一条', 1, {n}"
        for name, until, n in (("e-w-1", "'2026-12-31'", 4), ("e-w-2", "NULL", 1)):
            values = terms.format(until=until, n=n)
            connection.exec_driver_sql(f"INSERT INTO agreements VALUES ('{name}', '备忘录', {values})")  # noqa: S608
        for side, area_m2 in (("a", 1.5), ("b", 2.5), ("disputed", 0.5)):
            connection.execute(
                sa.text(
                    "INSERT INTO zones (agreement_id, side, area_m2, geometry) VALUES ('e-w-1', :side, :area, :wkb)"
                ),
                {"side": side, "area": area_m2, "wkb": shapely.to_wkb(shapely.box(0, 0, area_m2, 1))},
            )
        connection.exec_driver_sql("INSERT INTO topics VALUES ('agreements', 6, 1000000)")
    engine.dispose()


def test_agreements_of_a_first_file_keep_their_terms_and_begin_a_history(file, url):
    write_first_file(file)
    with closing(EmbeddedStore(url)) as store:
        first, second = store.agreements()
        told_at = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
        consents = tuple(Consent(party, "local", told_at) for party in ("e", "w"))
        assert first == Agreement(
            *("e-w-1", "备忘录", "e", "w", 1000.0, 500.5, date(2024, 1, 1), date(2026, 12, 31), 10.0),
            categories=(Category.WATER, Category.AIR), memorandum="第一条", simulated=True, version=4,
            consents=consents,
        )  # fmt: skip
        assert (second.valid_to, second.others, second.stale) == (None, (), "")
        owners = store.zones().set_index("side")["jurisdiction_id"]
        assert (owners["a"], owners["b"], owners.isna()["disputed"]) == ("e", "w", True)
        told = [(one.agreement, one.change, one.area_m2, one.at.timestamp()) for one in store.agreement_history()]
        assert told == [(first, "saved", 4.5, 1.0), (second, "saved", 0.0, 1.0)]
        assert store.zone_as_it_was("e-w-1", 4)["area_m2"].tolist() == [1.5, 2.5, 0.5]
        assert store.redrawn() is None
        assert store.save_agreement(first, store.zones(["e-w-1"])).version == 5


def test_down_and_up_again(store, url):
    config = alembic_config()
    with store._database.alter() as connection:
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


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://host/db",
        "postgresql+asyncpg://host/db",
        "postgres://host/db",
        "file.sqlite",
    ],
)
def test_urls_that_name_no_file(url):
    with pytest.raises(CaseError):
        open_store(url)
