"""One chain, whoever writes: processes at once, one of them killed, and a role that may add lines but read none."""

import os
import signal
import textwrap
import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from casework.audit import Deed, Entry, Sought
from casework.chain import first_break
from store import open_store
from store.postgis import PostgisStore
from tests.store import specimens
from tests.store.postgis_database import web_url
from tests.store.processes import OPEN_ANY, fork, start
from tests.store.specimens import T0

EVERY = Sought()
SAW = Entry(T0, "li", "officer", Deed.SAW, "incident:I1", ("330502",))
WEB = "webs"


@pytest.fixture(params=["sqlite", "postgis"])
def place(request):
    """Address of an empty database of each engine."""
    return request.getfixturevalue("url" if request.param == "sqlite" else "app_url")


@pytest.mark.slow
def test_processes_that_write_at_once_make_one_chain(place):
    script = """
        from casework.audit import Deed, Entry
        for number in range(15):
            saw = Entry(specimens.T0, str(process), "officer", Deed.SAW, f"incident:{number}")
            store.append([saw, saw])
            store.save_patrol(specimens.patrol(id=f"{process}-{number}"))
    """
    open_store(place).close()
    assert fork(place, script, 4, OPEN_ANY) == [0] * 4
    with closing(open_store(place)) as store:
        lines = list(store.audit_lines(EVERY))
        assert len(lines) == 4 * 15 * 3
        assert first_break(lines, store.audit_head().hash) is None
        for process in range(4):
            mine = [one.thing for one in lines if one.actor == str(process)]
            assert mine == [f"incident:{number}" for number in range(15) for _ in range(2)]


@pytest.mark.slow
def test_a_kill_in_between_leaves_a_chain_that_holds(place):
    script = """
        from dataclasses import replace
        for number in range(10_000):
            store.save_patrol(specimens.patrol(id=str(number)))
            print(number + 1, flush=True)
    """
    writer = start(place, OPEN_ANY + textwrap.dedent(script))
    for _ in range(5):
        writer.stdout.readline()
    time.sleep(0.1)
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged = 5 + len(writer.communicate(timeout=60)[0].split())
    with closing(open_store(place)) as store:
        lines = list(store.audit_lines(EVERY))
        assert [one.thing for one in lines] == [f"patrol:{number}" for number in range(len(lines))]
        assert len(lines) == len(store.patrols())
        # The last one may have been kept in the moment before it could say so.
        assert len(lines) - acknowledged in {0, 1}
        assert first_break(lines, store.audit_head().hash) is None
        store.append([SAW])
        assert first_break(store.audit_lines(EVERY), store.audit_head().hash) is None


def test_a_failed_change_leaves_no_line(store, monkeypatch):
    before = store.audit_head()

    def fail(*_):
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("store.agreements.Agreements._tell_consents", fail)
    with pytest.raises(RuntimeError, match="power"):
        store.save_agreement(specimens.agreement(), specimens.zone())
    assert store.audit_head() == before
    assert store.agreements() == ()


def test_who_may_only_add_lines_continues_the_chain(app_url, database):
    with closing(PostgisStore(app_url)) as store, closing(PostgisStore(web_url(database))) as other:
        store.append([SAW])
        (mine,) = other.append([SAW])
        store.append([SAW, SAW])
        assert other.audit_head().n == 4
        assert other.audit(EVERY) == ()
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            other._database.alter() as connection,
        ):
            connection.exec_driver_sql("UPDATE audit_head SET n = 9")
        assert mine in store.audit(EVERY)
        assert first_break(store.audit_lines(EVERY), store.audit_head().hash) is None


@pytest.mark.parametrize("statement", ["TRUNCATE audit", "TRUNCATE audit, audit_head", "DELETE FROM audit"])
def test_not_even_the_owner_empties_it_by_mistake(owner, app_url, statement):
    with closing(PostgisStore(app_url)) as store:
        store.append([SAW])
        with pytest.raises(sa.exc.ProgrammingError, match="audit"), owner.begin() as connection:
            connection.exec_driver_sql(statement)
        assert store.audit_head().n == 1
