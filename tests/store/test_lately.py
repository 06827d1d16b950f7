"""Versions for those who ask all the time: never old for long, whatever was not heard."""

import os
import threading
import time
from contextlib import closing

import psycopg2
import pytest
import sqlalchemy as sa

from casework.errors import SlowError, UnreachableError
from casework.ports import Topic
from store.embedded import EmbeddedStore
from store.lately import SAFE_S, Lately
from store.listening import Listener
from store.postgis import PostgisStore
from tests.store import specimens
from tests.store.processes import start

WRITER = """
from store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    store.save_patrol(specimens.patrol(note=line))
    print("kept", flush=True)
"""
# The shortest refresh there is, and half of what is seen without hearing of it.
SOON_S = 1.0


class Source:
    """A database that counts who asks, and what was heard of it."""

    def __init__(self):
        self.n_asked, self.number, self.now_s = 0, 1, 0.0
        self.lately = Lately(self.ask, lambda: self.number, clock=lambda: self.now_s)

    def ask(self):
        self.n_asked += 1
        return {Topic.PLANS: self.n_asked}

    def seen(self):
        return self.lately.versions()[Topic.PLANS]


def seen_after_s(store, version, topic=Topic.PATROLS):
    """Seconds until `version` is seen by whoever asks all the time."""
    begin_s = time.monotonic()
    while store.lately()[topic] != version:
        assert time.monotonic() - begin_s < 30
        time.sleep(0.005)
    return time.monotonic() - begin_s


def heard_soon(store):
    """Waits until the store listens."""
    give_up_at = time.monotonic() + 30
    while store._database.heard() is None:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


@pytest.fixture(params=["sqlite", "postgis"])
def address(request, url):
    return url if request.param == "sqlite" else request.getfixturevalue("app_url")


@pytest.fixture
def watching(address):
    with closing((EmbeddedStore if address.startswith("sqlite") else PostgisStore)(address)) as store:
        store.lately()
        heard_soon(store)
        yield store


@pytest.fixture
def listened(app_url):
    with closing(PostgisStore(app_url)) as store:
        store.lately()
        heard_soon(store)
        yield store


@pytest.fixture
def admin(postgis, app_url):
    """A superuser on the server of the tests."""
    with closing(psycopg2.connect(postgis)) as connection:
        connection.autocommit = True
        yield connection.cursor()


def end_listeners(admin):
    admin.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = 'lianfang' AND query LIKE 'LISTEN%' AND state = 'idle'"
    )
    numbers = [row[0] for row in admin.fetchall()]
    for number in numbers:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))
    return numbers


def test_nobody_is_asked_while_nothing_was_heard():
    source = Source()
    assert [source.seen() for _ in range(500)] == [1] * 500
    source.number += 1
    assert [source.seen() for _ in range(500)] == [2] * 500


def test_what_was_not_heard_is_seen_when_it_is_time():
    source = Source()
    source.seen()
    source.now_s = SAFE_S - 0.01
    assert source.seen() == 1
    source.now_s = SAFE_S
    assert [source.seen(), source.seen()] == [2, 2]


def test_while_nobody_listens_everybody_asks():
    source = Source()
    source.number = None
    assert [source.seen() for _ in range(3)] == [1, 2, 3]
    source.number = 7
    assert [source.seen() for _ in range(3)] == [4, 4, 4]


def test_a_change_while_one_asks_is_not_taken_for_old():
    source = Source()
    ask = source.ask

    def ask_and_change():
        found = ask()
        source.number += 1
        return found

    source.lately = Lately(ask_and_change, lambda: source.number, clock=lambda: source.now_s)
    assert [source.seen() for _ in range(3)] == [1, 2, 3]


def test_a_failure_is_not_kept():
    source = Source()
    answers = [UnreachableError("away"), {Topic.PLANS: 5}]

    def ask():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    source.lately = Lately(ask, lambda: source.number)
    with pytest.raises(UnreachableError):
        source.lately.versions()
    assert source.seen() == source.seen() == 5


def test_one_waits_for_a_slow_answer_and_the_others_are_told(monkeypatch):
    monkeypatch.setattr("store.lately._PATIENCE_S", 0.05)
    begun, go_on, told = threading.Event(), threading.Event(), []

    def ask():
        begun.set()
        go_on.wait(30)
        return {Topic.PLANS: 3}

    lately = Lately(ask, lambda: 1)
    first = threading.Thread(target=lambda: told.append(lately.versions()))
    first.start()
    begun.wait(30)
    for _ in range(3):
        with pytest.raises(SlowError):
            lately.versions()
    go_on.set()
    first.join()
    assert told == [lately.versions()] == [{Topic.PLANS: 3}]


def test_another_process_is_seen_within_a_refresh(watching, address):
    writer = start(address, WRITER, stdin=True)
    with writer:
        assert writer.stdout.readline() == "ready\n"
        for version in (1, 2, 3):
            writer.stdin.write(f"news {version}\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "kept\n"
            assert seen_after_s(watching, version) < SOON_S
        writer.stdin.close()


def test_forks_hear_for_themselves(watching, address):
    assert watching.lately()[Topic.PATROLS] == 0
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            # Connections of the parent are its own.
            watching._database._engine.dispose(close=False)
            heard_soon(watching)
            os.write(writer, b"1")
            os._exit(0 if seen_after_s(watching, 1) < SOON_S else 1)
        finally:
            os._exit(2)
    os.read(reader, 1)
    os.close(reader)
    os.close(writer)
    watching.save_patrol(specimens.patrol())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert seen_after_s(watching, 1) < SOON_S


def test_a_hundred_ticks_ask_the_server_once(listened, admin):
    asked = []
    sa.event.listen(listened._database._engine, "begin", lambda _: asked.append(1))
    for _ in range(100):
        listened.lately()
    assert len(asked) <= 1


def test_a_listener_that_was_cut_off_comes_back_and_misses_nothing(listened, admin):
    listened.save_patrol(specimens.patrol())
    assert seen_after_s(listened, 1) < SOON_S
    assert end_listeners(admin)
    # Told while nobody listened.
    listened.save_patrol(specimens.patrol(note="unheard"))
    assert seen_after_s(listened, 2) < SOON_S
    heard_soon(listened)
    listened.save_patrol(specimens.patrol(note="heard"))
    assert seen_after_s(listened, 3) < SOON_S


def test_a_change_that_nobody_was_told_of_is_seen_in_time(listened, monkeypatch):
    monkeypatch.setattr("store.postgres.CHANNEL", "elsewhere")
    assert listened.lately()[Topic.PATROLS] == 0
    listened.save_patrol(specimens.patrol())
    assert seen_after_s(listened, 1) <= SAFE_S + SOON_S


def test_it_outlives_the_server(listened, database):
    database.stop("immediate")
    try:
        give_up_at = time.monotonic() + 30
        while listened._database.heard() is not None:
            assert time.monotonic() < give_up_at
            time.sleep(0.01)
        with pytest.raises(UnreachableError):
            listened.lately()
    finally:
        database.start()
    listened.save_patrol(specimens.patrol())
    assert seen_after_s(listened, 1) < SOON_S
    heard_soon(listened)


def test_nobody_listens_to_a_store_that_was_closed(app_url, admin):
    with closing(PostgisStore(app_url)) as store:
        store.lately()
        heard_soon(store)
    give_up_at = time.monotonic() + 10
    while True:
        admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'lianfang'")
        if admin.fetchone() == (0,):
            break
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    assert not [one for one in threading.enumerate() if one.name == "listener"]
    # It begins again when somebody asks.
    heard_soon(store)
    store.close()


def test_a_listener_nobody_refers_to_does_not_mind_a_fork():
    listener = Listener(lambda: None, "x")
    del listener
    child = os.fork()
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
