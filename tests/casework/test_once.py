"""Many ask, one works."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from casework.once import once


def test_who_asks_while_the_answer_is_worked_out_waits_for_it():
    began, goes_on, done = threading.Event(), threading.Event(), []

    def slow(n):
        began.set()
        assert goes_on.wait(10)
        done.append(n)
        return object()

    ask = once(1, slow)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask, 1)
        assert began.wait(10)
        others = [pool.submit(ask, 1) for _ in range(3)]
        assert not any(one.done() for one in others)
        goes_on.set()
        answers = {first.result(10), *(one.result(10) for one in others)}
    assert done == [1]
    assert len(answers) == 1


def test_the_latest_are_kept():
    done = []
    ask = once(2, done.append)
    for n in (1, 2, 1, 3, 1, 2):
        ask(n)
    assert done == [1, 2, 3, 2]


def test_what_failed_is_tried_again():
    tried = []

    def failing():
        tried.append(1)
        raise ValueError

    ask = once(1, failing)
    for _ in range(2):
        with pytest.raises(ValueError):
            ask()
    assert len(tried) == 2
