"""The schema on PostGIS: made by its owner, used by a role that may not change it."""

from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from casework.errors import CaseError, UnreachableError
from store import schema
from store.postgis import PostgisStore
from tests.store.postgis_database import OWNER, owner_url
from tests.store.specimens import ALL
from tests.store.test_migrations import alembic_config

# Kept by triggers, and made where those are, with an index that only millions of rows need.
COUNTS = {"incident_kinds", "incident_days", "incident_cells", "ix_incidents_jurisdiction_id"}


def ours(_object, name, kind, _reflected, _compared):
    """Whether a thing of the database is one of our schema; what only PostGIS has stands in the migrations."""
    return name not in {"spatial_ref_sys", "place", "alembic_version", *COUNTS} and not (
        kind == "index" and name.endswith(("_geometry", "_place"))
    )


@pytest.fixture
def other(database, owner):
    """Address of one more database that belongs to the owner, without PostGIS and without our tables."""
    name = "lianfang_other"
    admin = sa.create_engine(database.url(), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER lianfang_owner TEMPLATE template0")
    yield (
        database.url("lianfang_owner", OWNER, name),
        database.url(database=name),
        database.url("lianfang", "app's", name),
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def test_migrations_make_the_schema(owner):
    with owner.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []
        assert context.get_current_revision() == schema.REVISION


def test_every_text_is_ordered_by_code_point(owner):
    """A column that a migration makes without saying so would be ordered as the server's language has it."""
    wanted = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'text'"
        " AND table_schema = 'public' AND collation_name IS DISTINCT FROM 'C' AND table_name = ANY(%(names)s)"
    )
    with owner.connect() as connection:
        assert connection.exec_driver_sql(wanted, {"names": list(schema.METADATA.tables)}).all() == []


def test_the_programs_role_changes_rows_and_nothing_else(app_url):
    engine = sa.create_engine(app_url)
    for statement in (
        "CREATE TABLE mine (n integer)",
        "DROP TABLE plans",
        "ALTER TABLE plans ADD COLUMN more text",
        "TRUNCATE plans",
        "CREATE SCHEMA mine",
        "SELECT pg_read_file('/etc/hostname')",
        "COPY plans TO PROGRAM 'true'",
    ):
        with (
            pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be (owner|superuser)"),
            engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_an_owner_makes_the_schema_and_another_is_told_to_ask(other):
    owners, admins, apps = other
    with pytest.raises(CaseError, match=r"app\.py migrate"):
        PostgisStore(apps)
    with pytest.raises(CaseError, match="permission denied to create extension"):
        PostgisStore(owners)
    admin = sa.create_engine(admins, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE EXTENSION postgis; GRANT CREATE ON SCHEMA public TO lianfang_owner")
    admin.dispose()
    with closing(PostgisStore(owners)) as store:
        assert store.incidents(ALL).empty
        with store._database.alter() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
            left = sa.inspect(connection).get_table_names()
        assert set(left) <= {"alembic_version", "spatial_ref_sys"}
    with closing(PostgisStore(owners)) as store:
        assert store.incidents(ALL).empty
        with store._database.alter() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CaseError, match="9999"):
        PostgisStore(owners)


def test_a_user_who_is_not_let_in_is_told_why(database):
    with pytest.raises(UnreachableError, match="password authentication failed"):
        PostgisStore(database.url("lianfang", "wrong", "lianfang"))
    with pytest.raises(UnreachableError, match="does not exist"):
        PostgisStore(database.url(database="nowhere"))


def test_an_open_without_migrations_needs_no_right_to_change_it(app_url, database):
    with closing(PostgisStore(app_url)) as store:
        assert set(store.versions().values()) == {0}
    assert owner_url(database) != app_url
