"""What actors see and do on PostGIS, as the role that the server has where people sign in; and what that role tries itself."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from app import create_app
from casework.errors import CaseError
from casework.people import Actor, Role
from settings import Settings
from store import open_store
from tests.store import seen_world
from tests.store.contract_done import DoneContract
from tests.store.contract_seen import SeenContract
from tests.store.contract_told import ToldContract
from tests.store.postgis_database import emptied, url_of, web_url
from tests.store.specimens import ALL


@pytest.fixture(scope="module")
def filled(database, owner):
    """The operator's store with the made world in it; nothing of it is there for the next."""
    emptied(owner)
    with closing(open_store(url_of(database))) as store:
        seen_world.fill(store)
        yield store


@pytest.fixture(scope="module")
def door(filled, database):
    """The same database for the server's role."""
    with closing(open_store(web_url(database))) as store:
        yield store


class TestSeen(SeenContract):
    pass


class TestDone(DoneContract):
    pass


class TestTold(ToldContract):
    pass


@pytest.fixture
def web(filled, database):
    """Connections of the server's role, past the program."""
    engine = sa.create_engine(web_url(database))
    yield engine
    engine.dispose()


def tried(web, statement, actor=""):
    """Rows that a statement gives to who names an actor."""
    with web.begin() as connection:
        settings = {"lianfang.actor": actor, "lianfang.day": seen_world.TODAY.isoformat()}
        for name, value in settings.items():
            connection.execute(sa.select(sa.func.set_config(name, value, True)))
        done = connection.exec_driver_sql(statement)
        return done.all() if done.returns_rows else done.rowcount


FORBIDDEN = (
    "SELECT id FROM public.incidents",
    "SELECT count(*) FROM public.firms",
    "SELECT phone FROM public.stations",
    "SELECT n FROM public.incident_days",
    "SELECT lon FROM public.incident_cells",
    "UPDATE public.incident_days SET n = 0",
    "UPDATE seen.incident_cells SET n = 0",
    "INSERT INTO public.incident_kinds VALUES ('x', 'x', 1, 999)",
    "SELECT password FROM public.people",
    "SELECT * FROM public.people",
    "SELECT token FROM public.devices",
    "SET ROLE lianfang",
    "SET ROLE lianfang_owner",
    "SET SESSION AUTHORIZATION lianfang",
    "INSERT INTO public.people VALUES ('x', 'x', 'commander', '[\"a\"]', 0, '', true, 0, '')",
    "INSERT INTO public.incidents (id) VALUES ('x')",
    "UPDATE public.incidents SET jurisdiction_id = 'a'",
    "UPDATE public.parties SET consented = true",
    "INSERT INTO public.shared_incidents SELECT n, 'a-c-1' FROM public.zones",
    "DELETE FROM public.audit",
    "UPDATE public.audit SET actor = 'x'",
    "TRUNCATE public.audit",
    "UPDATE seen.incidents SET jurisdiction_id = 'a'",
    "DELETE FROM seen.agreements",
    "CREATE TABLE public.mine (n integer)",
    "CREATE TEMPORARY TABLE incidents (n integer)",
    "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE public.plans DISABLE ROW LEVEL SECURITY",
    "DROP POLICY web_select ON public.plans",
    "COPY public.incidents TO STDOUT",
    "SELECT seen.share('b-d-1', ARRAY[0]::bigint[], ARRAY[9]::bigint[])",
)


@pytest.mark.parametrize("actor", ["", "commander-a"])
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_the_role_tries_past_the_program(web, statement, actor):
    refusals = r"permission denied|row-level security|must be owner|not an agreement|cannot (update|delete)"
    with pytest.raises(sa.exc.DBAPIError, match=refusals):
        tried(web, statement, actor)


def test_a_row_of_another_region_is_not_there_to_be_changed(web, filled):
    before = filled.plans(), filled.agreements()
    for statement in (
        "UPDATE public.plans SET version = 99 WHERE id = 'b-d'",
        "UPDATE public.agreements SET title = 'x' WHERE id = 'b-d-1'",
        "DELETE FROM public.agreements WHERE id = 'b-d-1'",
        "DELETE FROM public.zones WHERE agreement_id = 'b-d-1'",
    ):
        assert tried(web, statement, "commander-a") == 0
    assert (filled.plans(), filled.agreements()) == before


def test_a_connection_that_names_nobody_sees_what_is_published(web, door):
    counted = "incident_days", "incident_cells", "incidents_of_others"
    for name in (*counted, "incidents", "firms", "stations", "agreements", "agreement_versions", "people", "devices"):
        assert tried(web, f"SELECT * FROM seen.{name}") == []  # noqa: S608
    for name in ("zones", "plans", "patrols", "analyses", "findings", "parties", "audit", "loads", "rejects"):
        assert tried(web, f"SELECT * FROM public.{name}") == []  # noqa: S608
    assert len(tried(web, "SELECT id FROM public.jurisdictions")) == 5
    assert len(door.jurisdictions()) == 5


def test_a_function_of_ones_own_does_not_look_at_rows_before_the_view_has(web):
    """A condition that tells of the rows it is asked about hears of those only that the actor sees."""
    peek = "SELECT id FROM seen.incidents WHERE 1 / CASE id WHEN 'c||air' THEN 0 ELSE 1 END > 0"
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
        tried(web, peek, "viewer-c")
    assert tried(web, peek, "viewer-b")


def test_the_search_path_of_who_asks_leads_no_function_astray(web):
    with web.begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = pg_temp, public")
        connection.execute(sa.select(sa.func.set_config("lianfang.actor", "viewer-a", True)))
        connection.execute(sa.select(sa.func.set_config("lianfang.day", seen_world.TODAY.isoformat(), True)))
        regions = connection.exec_driver_sql("SELECT DISTINCT jurisdiction_id FROM seen.incidents").scalars().all()
    assert sorted(regions) == ["a", "c", "d"]


def test_settings_end_with_the_transaction(door):
    at = door.seen_by(Actor("viewer-P", Role.VIEWER, ("P",)), lambda: seen_world.TODAY)
    assert len(at.incidents(ALL)) > 0
    with door._database.read() as connection:
        assert not connection.exec_driver_sql("SELECT current_setting('lianfang.actor', true)").scalar()


def test_the_server_starts_with_a_role_that_is_bound(filled, database):
    with pytest.raises(CaseError, match="lianfang_web"):
        create_app(Settings(database=url_of(database), sign_in="on"))
    assert not filled.binds


@pytest.mark.parametrize("sign_in", ["off", "elsewhere"])
def test_the_server_does_not_start_where_the_database_would_show_it_nothing(filled, door, database, sign_in):
    assert (filled.at_door, door.at_door) == (False, True)
    with pytest.raises(CaseError, match=r"operator's role lianfang in LIANFANG_DATABASE, or set LIANFANG_SIGN_IN=on"):
        create_app(Settings(database=web_url(database), sign_in=sign_in))


def test_the_operators_box_still_goes_by_its_index(owner, filled, database):
    """A policy that lets everything through must not keep PostGIS from its index."""
    engine = sa.create_engine(url_of(database))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        box = "ST_MakeEnvelope(120, 30, 121, 31, 4326)"
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN SELECT n FROM firms WHERE place && {box}").scalars())  # noqa: S608
    engine.dispose()
    assert "ix_firms_place" in plan
