"""What is worked out once and kept: where many ask the same at one moment, one of them does the work for all."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from threading import Lock
from typing import TypeVar, TypeVarTuple, cast

Asked = TypeVarTuple("Asked")
Answer = TypeVar("Answer")


def once(most: int, work: Callable[[*Asked], Answer]) -> Callable[[*Asked], Answer]:
    """`work` with its `most` latest answers kept, as `functools.lru_cache` keeps them, and nothing worked out twice at once.

    Every screen hears of a change within the same seconds; otherwise each thread of the server would begin the same work,
    and all of it would take as many times longer. What goes wrong goes wrong for all who wait, once: of a slow database
    nobody waits in turn for what nobody gets.

    Parameters
    ----------
    most
        How many answers are kept; errors are not.
    work
        What is asked; its arguments are hashable and all that its answer depends on. It must not ask the same itself.

    Examples
    --------
    >>> done = []
    >>> square = once(2, lambda n: done.append(n) or n * n)
    >>> square(3), square(3), done
    (9, 9, [3])
    """
    kept = cast("Callable[[*Asked], Answer]", lru_cache(maxsize=most)(work))
    at_work: dict[tuple[*Asked], Future[Answer]] = {}
    lock = Lock()

    def ask(*asked: *Asked) -> Answer:
        with lock:
            answer, begun = at_work.get(asked), asked in at_work
            if answer is None:
                answer = at_work[asked] = Future()
        if not begun:
            try:
                answer.set_result(kept(*asked))
            except BaseException as error:  # noqa: BLE001  # whatever it is, those who wait for it have to hear of it
                answer.set_exception(error)
            finally:
                with lock:
                    del at_work[asked]
        return answer.result()

    return ask
