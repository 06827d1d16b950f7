"""Threads and processes at once, and some of them killed."""

import os
import signal
import sqlite3
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest
import sqlalchemy as sa

from casework.errors import BusyError
from casework.model import Kind
from casework.ports import Topic
from store import open_store
from store.embedded import EmbeddedStore
from tests.store import specimens
from tests.store.processes import OPEN, fork, start
from tests.store.specimens import ALL, load


def test_a_locked_store_is_busy_and_unchanged(store, file):
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for write in (
            lambda: store.add(load(Kind.FIRMS, simulated=True), specimens.firms()),
            lambda: store.save_patrol(specimens.patrol()),
            lambda: store.place_incidents({"I1": "X"}),
            lambda: store.replace_borders(specimens.borders()),
        ):
            with pytest.raises(BusyError, match="try again"):
                write()
        # Readers do not wait.
        assert store.count_incidents(ALL)["n"].tolist() == [6]
        other.execute("ROLLBACK")
    assert store.versions()[Topic.PATROLS] == 0
    store.save_patrol(specimens.patrol())
    assert store.versions()[Topic.PATROLS] == 1


def test_too_many_callers_are_busy(url):
    store = EmbeddedStore(url, busy_s=0.2)
    with ExitStack() as callers:
        for _ in range(32):
            callers.enter_context(store._database.read())
        with pytest.raises(BusyError, match="callers"):
            store.versions()
    store.close()


def test_other_failures_of_the_database_are_not_hidden(store):
    with store._database.alter() as connection:
        connection.exec_driver_sql("DROP TABLE loads")
    with pytest.raises(sa.exc.OperationalError):
        store.loads()


def test_threads_read_and_write_at_once(url):
    store = EmbeddedStore(url, busy_s=60)
    rows = specimens.incidents()

    def work(number):
        mine = rows.assign(id=[f"{number}-{one}" for one in rows["id"]])
        store.add(load(Kind.INCIDENTS, file=f"{number}.csv"), mine)
        return int(store.count_incidents(ALL)["n"].iloc[0])

    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(work, range(48)))
    assert max(seen) == 48 * 6
    assert all(one % 6 == 0 for one in seen)
    assert store.versions()[Topic.INCIDENTS] == len(store.loads()) == 48
    store.close()


@pytest.mark.slow
def test_processes_write_at_once(url):
    script = """
        rows = specimens.incidents()
        for number in range(25):
            mine = rows.assign(id=[f"{process}-{number}-{one}" for one in rows["id"]])
            store.add(load(Kind.INCIDENTS, file=f"{process}-{number}"), mine)
    """
    assert fork(url, script, 2) == [0, 0]
    with closing(open_store(url)) as store:
        assert store.count_incidents(ALL)["n"].tolist() == [2 * 25 * 6]
        assert store.versions()[Topic.INCIDENTS] == 50


def test_a_reader_sees_all_of_a_load_or_nothing(url):
    store = EmbeddedStore(url)
    seen, done = set(), threading.Event()

    def watch():
        while not done.is_set():
            seen.add((int(store.count_incidents(ALL)["n"].iloc[0]), store.versions()[Topic.INCIDENTS] > 0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    rows = specimens.incidents()
    many = rows.iloc[[0] * 20_000].reset_index(drop=True)
    store.add(load(Kind.INCIDENTS), many.assign(id=[str(number) for number in range(len(many))]))
    done.set()
    watcher.join()
    store.close()
    assert {n for n, _ in seen} <= {0, 20_000}


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.3])
def test_a_kill_in_the_middle_of_a_load_loses_nothing_acknowledged(url, after_s):
    script = """
        rows = specimens.incidents().iloc[[0] * 3000].reset_index(drop=True)
        for number in range(1000):
            mine = rows.assign(id=[f"{number}-{one}" for one in range(len(rows))])
            store.add(load(Kind.INCIDENTS), mine, [specimens.reject(number)])
            print(number + 1, flush=True)
    """
    loader = start(url, OPEN + textwrap.dedent(script))
    for _ in range(3):
        loader.stdout.readline()
    time.sleep(after_s)
    os.kill(loader.pid, signal.SIGKILL)
    acknowledged = 3 + len(loader.communicate(timeout=60)[0].split())
    with closing(open_store(url)) as store:
        n = int(store.count_incidents(ALL)["n"].iloc[0])
        n_loads, rest = divmod(n, 3000)
        assert rest == 0
        # The last one may have been kept in the moment before it could say so.
        assert n_loads in {acknowledged, acknowledged + 1}
        assert store.versions()[Topic.INCIDENTS] == store.versions()[Topic.QUARANTINE] == n_loads
        assert len(store.quarantined()) == n_loads
        assert store.loads()[["n_new", "n_rejected"]].to_numpy().tolist() == [[n, n_loads]]
        store.save_patrol(specimens.patrol())


def test_a_failure_in_the_middle_of_a_load_leaves_nothing_half_done(store, monkeypatch):
    before = store.versions()

    def fail(*_):
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("store.bulk.Bulk._record", fail)
    with pytest.raises(RuntimeError, match="power"):
        store.add(load(Kind.FIRMS, simulated=True), specimens.firms(), [specimens.reject()])
    assert store.versions() == before
    assert store.quarantined() == ()
    assert not store.firms()["simulated"].any()
