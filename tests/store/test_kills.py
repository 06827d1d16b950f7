"""Servers and workers that end in the middle: what was acknowledged is there, and nothing is half done."""

import os
import signal
import threading
import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from casework.errors import FullError, SlowError
from casework.model import Kind
from casework.ports import Topic
from store import open_store
from store.embedded import EmbeddedStore
from store.postgis import PostgisStore
from tests.store import specimens
from tests.store.processes import OPEN_ANY, start
from tests.store.specimens import ALL, load

# Says "+" for what was acknowledged, and "?" for what was not.
WRITER = (
    OPEN_ANY
    + """
import itertools, time
from casework.errors import BusyError
for number in itertools.count():
    name = f"{os.getpid()}-{number}"
    try:
        store.save_patrol(specimens.patrol(id=name))
        print("+", name, flush=True)
    except BusyError:
        print("?", name, flush=True)
        time.sleep(0.05)
"""
)
READER = (
    OPEN_ANY
    + """
import time
from casework.errors import BusyError
while True:
    try:
        n, told = len(store.patrols()), store.versions()["patrols"]
        assert n <= told, (n, told)
        print("+", n, flush=True)
    except BusyError:
        print("?", 0, flush=True)
        time.sleep(0.05)
"""
)
LOADER = (
    OPEN_ANY
    + """
rows = specimens.incidents().iloc[[0] * 3000].reset_index(drop=True)
for number in range(1000):
    mine = rows.assign(id=[f"{number}-{one}" for one in range(len(rows))])
    store.add(load(Kind.INCIDENTS), mine, [specimens.reject(number)])
    print("+", number, flush=True)
"""
)
PLANNER = (
    OPEN_ANY
    + """
from dataclasses import replace
kept = store.save_plan(specimens.plan())
while True:
    kept = store.save_plan(replace(kept, title=f"version {kept.version + 1}"))
    print("+", kept.version, flush=True)
"""
)


class Worker:
    """A process that says what it did; its words are read while it works, or it would wait for its reader."""

    def __init__(self, url, script):
        self.process = start(url, script)
        self.done, self.failed = [], []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            # What a kill cut off has not been said.
            if line.startswith(("+ ", "? ")) and line.endswith("\n"):
                (self.done if line[0] == "+" else self.failed).append(line[2:-1])

    def wait_for(self, n):
        give_up_at = time.monotonic() + 60
        while len(self.done) < n:
            assert self.process.poll() is None
            assert time.monotonic() < give_up_at
            time.sleep(0.01)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        self._reader.join(30)
        self.process.stdout.close()


@pytest.fixture
def working():
    workers = []

    def begin(url, script):
        workers.append(Worker(url, script))
        return workers[-1]

    yield begin
    for one in workers:
        if one.process.poll() is None:
            one.kill()


@pytest.fixture(params=["sqlite", "postgis"])
def address(request, url):
    return url if request.param == "sqlite" else request.getfixturevalue("app_url")


@pytest.mark.slow
def test_a_server_that_crashes_under_writers_and_readers_keeps_what_it_acknowledged(app_url, database, working):
    writers = [working(app_url, WRITER) for _ in range(2)]
    reader = working(app_url, READER)
    for one in (*writers, reader):
        one.wait_for(10)
    for _ in range(2):
        database.stop("immediate")
        time.sleep(0.2)
        database.start()
        # Everybody goes on by itself.
        for one in (*writers, reader):
            one.wait_for(len(one.done) + 10)
    assert all(one.failed for one in writers)
    for one in (*writers, reader):
        one.kill()
    with closing(open_store(app_url)) as store:
        found = {one.id for one in store.patrols()}
        assert store.versions()[Topic.PATROLS] == len(found)
    kept = {name for one in writers for name in one.done}
    assert kept <= found
    # Each writer was killed within one write at most.
    assert len(found - kept - {name for one in writers for name in one.failed}) <= len(writers)


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.05])
def test_a_worker_killed_in_a_load_leaves_whole_loads(address, working, after_s):
    loader = working(address, LOADER)
    loader.wait_for(3)
    time.sleep(after_s)
    loader.kill()
    with closing(open_store(address)) as store:
        n_loads, rest = divmod(int(store.count_incidents(ALL)["n"].iloc[0]), 3000)
        assert rest == 0
        assert n_loads in {len(loader.done), len(loader.done) + 1}
        assert store.versions()[Topic.INCIDENTS] == store.versions()[Topic.QUARANTINE] == n_loads
        assert len(store.quarantined()) == n_loads
        # What it held is free again at once.
        store.add(load(Kind.FIRMS), specimens.firms())


@pytest.mark.slow
def test_a_worker_killed_while_it_keeps_a_plan_leaves_a_whole_one(address, working):
    planner = working(address, PLANNER)
    planner.wait_for(5)
    planner.kill()
    with closing(open_store(address)) as store:
        plan = store.plan("p1")
        assert plan.version in {len(planner.done) + 1, len(planner.done) + 2}
        assert plan.title == f"version {plan.version}"
        assert store.versions()[Topic.PLANS] == plan.version
        assert store.save_plan(plan).version == plan.version + 1


def test_a_full_disk_refuses_writes_and_answers_questions(url, file):
    with closing(EmbeddedStore(url)) as store:
        store.add(load(Kind.FIRMS), specimens.firms())
        before, engine = store.versions(), store._database._engine
        n_pages = file.stat().st_size // 4096

        def limit(connection, _record):
            connection.execute(f"PRAGMA max_page_count = {n_pages + 8}").close()

        sa.event.listen(engine, "connect", limit)
        engine.dispose()
        rows = specimens.incidents().iloc[[0] * 20_000].reset_index(drop=True)
        rows = rows.assign(id=[str(number) for number in range(len(rows))])
        with pytest.raises(FullError, match="full; nothing was changed"):
            store.add(load(Kind.INCIDENTS), rows)
        assert store.versions() == before
        assert store.count_incidents(ALL)["n"].tolist() == [0]
        sa.event.remove(engine, "connect", limit)
        engine.dispose()
        assert store.add(load(Kind.INCIDENTS), rows).n_new == 20_000


def test_a_full_disk_of_a_server_is_said(app_url, owner):
    fill = """
        CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON patrols FOR EACH ROW EXECUTE FUNCTION fill();
    """
    with owner.begin() as connection:
        connection.exec_driver_sql(fill)
    try:
        with closing(PostgisStore(app_url)) as store:
            with pytest.raises(FullError, match="full; nothing was changed"):
                store.save_patrol(specimens.patrol())
            assert store.patrols() == ()
            assert store.versions()[Topic.PATROLS] == 0
    finally:
        with owner.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER full_disk ON patrols; DROP FUNCTION fill()")


def test_a_slow_server_is_not_waited_for_by_questions(app_url):
    with closing(PostgisStore(app_url, answer_s=0.2)) as store:
        begin_s = time.monotonic()
        with pytest.raises(SlowError, match="slow to answer"), store._database.read() as connection:
            connection.exec_driver_sql("SELECT pg_sleep(30)")
        assert time.monotonic() - begin_s < 5
        # Writes may take their time, and the next question is answered.
        with store._database.write(Topic.PLANS) as connection:
            connection.exec_driver_sql("SELECT pg_sleep(0.4)")
        assert store.plans() == ()
