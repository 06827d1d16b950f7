"""PostgreSQL stopped, started, crowded, and given what it does not keep."""

import select
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import replace

import psycopg2
import pytest
import sqlalchemy as sa

from casework.errors import BusyError, CaseError, OutdatedError, UnreachableError
from casework.model import Kind
from casework.ports import Topic
from store.postgis import PostgisStore
from store.postgres import CHANNEL
from tests.store import specimens
from tests.store.specimens import ALL, load


@pytest.fixture
def store(app_url):
    with closing(PostgisStore(app_url, busy_s=0.3)) as store:
        yield store


def test_writers_wait_for_those_of_their_topic_only(store):
    with store._database.write(Topic.PLANS):
        with pytest.raises(BusyError, match="try again"):
            store.save_plan(specimens.plan())
        store.save_patrol(specimens.patrol())
        assert store.plans() == ()
    assert store.save_plan(specimens.plan()).version == 1
    assert store.versions()[Topic.PLANS] == store.versions()[Topic.PATROLS] == 1


def test_of_two_who_save_one_plan_at_once_one_is_told(app_url):
    told = []
    with closing(PostgisStore(app_url)) as store:
        kept = store.save_plan(specimens.plan())

        def save(title):
            try:
                told.append(store.save_plan(replace(kept, title=title)).title)
            except OutdatedError:
                told.append("outdated")

        savers = [threading.Thread(target=save, args=(title,)) for title in ("a", "b", "c", "d")]
        for one in savers:
            one.start()
        for one in savers:
            one.join()
        assert sorted(told)[1:] == ["outdated"] * 3 or sorted(told, key=len)[1:] == ["outdated"] * 3
        assert store.plan(kept.id).title in told
        assert store.plan(kept.id).version == store.versions()[Topic.PLANS] == 2


def test_two_loads_at_once_count_each_its_own(app_url):
    rows = specimens.incidents()
    with closing(PostgisStore(app_url)) as store:
        written = []

        def take(number):
            mine = rows.assign(id=[f"{number}-{one}" for one in rows["id"]])
            written.extend(store.add(load(Kind.INCIDENTS, file=f"{number}.csv"), mine) for _ in range(2))

        loaders = [threading.Thread(target=take, args=(number,)) for number in range(8)]
        for one in loaders:
            one.start()
        for one in loaders:
            one.join()
        assert sum(one.n_new for one in written) == store.count_incidents(ALL)["n"].iloc[0] == 48
        assert sum(one.n_unchanged for one in written) == 48
        assert store.versions()[Topic.INCIDENTS] == 8


def test_too_many_callers_are_busy(store):
    with ExitStack() as callers:
        for _ in range(16):
            callers.enter_context(store._database.read())
        with pytest.raises(BusyError, match="callers"):
            store.versions()


def test_a_change_is_told_to_whoever_listens_once_it_is_kept(store, app_url):
    with closing(psycopg2.connect(app_url.replace("+psycopg2", ""))) as listener:
        listener.autocommit = True
        listener.cursor().execute(f"LISTEN {CHANNEL}")
        with pytest.raises(OutdatedError), store._database.write(Topic.PLANS) as connection:  # noqa: PT012
            store._database.bump(connection, Topic.PLANS, store._database.entry("plan:p"))
            raise OutdatedError("somebody was quicker")
        store.save_patrol(specimens.patrol())
        # The server tells the other connection in its own time.
        select.select([listener], [], [], 10)
        listener.poll()
        assert [one.payload for one in listener.notifies] == ["patrols"]


def test_a_server_that_was_away_is_found_again(store, database):
    store.save_patrol(specimens.patrol())
    database.stop()
    try:
        for ask in (
            store.versions,
            store.patrols,
            lambda: store.incident_points(ALL, (0, 1)),
            lambda: store.save_patrol(specimens.patrol(note="late")),
            lambda: store.add(load(Kind.FIRMS), specimens.firms()),
        ):
            with pytest.raises(UnreachableError, match="does not answer"):
                ask()
        with pytest.raises(UnreachableError, match="Connection refused"):
            PostgisStore(database.url("lianfang", "", "lianfang"))
    finally:
        database.start()
    assert store.patrols() == (specimens.patrol(),)
    store.save_patrol(specimens.patrol(note="late"))
    assert store.versions()[Topic.PATROLS] == 2


def wait_for(kept, n):
    """Until `n` are acknowledged; a failure, not a hang, where that never happens."""
    give_up_at = time.monotonic() + 60
    while len(kept) < n:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_stopped_under_load_loses_nothing_acknowledged(app_url, database, mode):
    kept, doubtful, done = set(), set(), threading.Event()
    with closing(PostgisStore(app_url)) as store:

        def save(who):
            number = 0
            while not done.is_set():
                number += 1
                name = f"{who}-{number}"
                try:
                    store.save_patrol(specimens.patrol(id=name))
                    kept.add(name)
                except UnreachableError:
                    doubtful.add(name)
                    time.sleep(0.05)

        savers = [threading.Thread(target=save, args=(who,)) for who in "abc"]
        for one in savers:
            one.start()
        try:
            wait_for(kept, 20)
            database.stop(mode)
            database.start()
            wait_for(kept, len(kept) + 20)
        finally:
            done.set()
            for one in savers:
                one.join()
        found = {one.id for one in store.patrols()}
        assert doubtful
        assert kept <= found <= kept | doubtful
        assert store.versions()[Topic.PATROLS] == len(found)


def test_a_commit_without_an_answer_is_doubtful(store, postgis, monkeypatch):
    bump = store._database.bump

    def bump_and_vanish(connection, topic, told):
        bump(connection, topic, told)
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with closing(psycopg2.connect(postgis)) as admin, admin.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))

    monkeypatch.setattr(store._database, "bump", bump_and_vanish)
    with pytest.raises(UnreachableError, match="look whether"):
        store.save_plan(specimens.plan())
    monkeypatch.undo()
    assert store.plans() == ()
    assert store.save_plan(specimens.plan()).version == 1


@pytest.mark.parametrize("where", ["a load", "a reject", "a patrol"])
def test_a_nul_is_refused_and_nothing_changed(store, where):
    odd = specimens.incidents().assign(description="a\x00b")
    ask = {
        "a load": lambda: store.add(load(Kind.INCIDENTS), odd),
        "a reject": lambda: store.add(load(Kind.FIRMS), specimens.firms(), [specimens.reject(value="\x00")]),
        "a patrol": lambda: store.save_patrol(specimens.patrol(note="\x00")),
    }[where]
    with pytest.raises(CaseError, match="NUL"):
        ask()
    assert set(store.versions().values()) == {0}
    assert store.firms().empty


def test_an_id_too_long_for_an_index_is_refused(store):
    ids = ["".join(chr(0x4E00 + (7 * n * n + one) % 20_000) for n in range(9_000)) for one in range(6)]
    with pytest.raises(CaseError, match="too long"):
        store.add(load(Kind.INCIDENTS), specimens.incidents().assign(id=ids))
    assert store.count_incidents(ALL)["n"].tolist() == [0]


def test_faults_of_the_program_are_not_hidden(store):
    with pytest.raises(sa.exc.ProgrammingError, match="nothing_like_it"), store._database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM nothing_like_it")
    with pytest.raises(sa.exc.InternalError, match="read-only"), store._database.read() as connection:
        connection.exec_driver_sql("DELETE FROM patrols")
