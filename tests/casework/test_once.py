"""Many ask, one works."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from casework import once as module
from casework.once import once

LONG_S = 20


class Work:
    """Work that ends when it may; it knows when it has begun, and who waits for it."""

    def __init__(self, monkeypatch):
        self.begun, self.may_end, self.done, waiting = threading.Event(), threading.Event(), [], threading.Semaphore(0)

        class Told(Future):
            def result(self, timeout=None):
                waiting.release()
                return super().result(timeout)

        monkeypatch.setattr(module, "Future", Told)
        self.waiting, self.ask = waiting, once(1, self._work)

    def _work(self, n):
        self.begun.set()
        assert self.may_end.wait(LONG_S)
        self.done.append(n)
        if n < 0:
            raise ValueError(n)
        return object()

    def asked_by_four(self, pool, n):
        """Four who ask: the first is at work, the others wait for it."""
        first = pool.submit(self.ask, n)
        assert self.begun.wait(LONG_S)
        others = [pool.submit(self.ask, n) for _ in range(3)]
        assert all(self.waiting.acquire(timeout=LONG_S) for _ in others)
        assert not any(one.done() for one in (first, *others))
        return [first, *others]


@pytest.fixture
def work(monkeypatch):
    return Work(monkeypatch)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(5) as made:
        yield made


def test_who_asks_while_it_is_worked_out_gets_the_answer(work, pool):
    those = work.asked_by_four(pool, 1)
    work.may_end.set()
    assert len({one.result(LONG_S) for one in those}) == 1
    assert work.done == [1]


def test_what_goes_wrong_goes_wrong_for_all_who_wait_and_is_tried_again(work, pool):
    those = work.asked_by_four(pool, -1)
    work.may_end.set()
    for one in those:
        with pytest.raises(ValueError, match="-1"):
            one.result(LONG_S)
    assert work.done == [-1]
    with pytest.raises(ValueError, match="-1"):
        work.ask(-1)
    assert work.done == [-1, -1]


def test_nobody_waits_for_another_answer(work, pool):
    slow = work.asked_by_four(pool, 1)
    work.begun.clear()
    other = pool.submit(work.ask, 2)
    assert work.begun.wait(LONG_S)
    work.may_end.set()
    assert other.result(LONG_S) is not slow[0].result(LONG_S)
    assert sorted(work.done) == [1, 2]


def test_the_latest_are_kept():
    done = []
    ask = once(2, done.append)
    for n in (1, 2, 1, 3, 1, 2):
        ask(n)
    assert done == [1, 2, 3, 2]
