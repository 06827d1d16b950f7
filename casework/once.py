"""What is worked out once and kept: where many ask at the same moment, one of them does the work and the others wait."""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import ParamSpec, TypeVar, cast

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def once(most: int, work: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """`work` with its `most` latest answers kept, as `functools.lru_cache` keeps them, and one thread at work at a time.

    Every screen hears of a change within the same seconds; without a lock each thread of the server would begin the
    same work, and all of it would take as many times longer.

    Parameters
    ----------
    most
        How many answers are kept.
    work
        What is asked; its arguments are hashable and all that its answer depends on.

    Examples
    --------
    >>> done = []
    >>> square = once(2, lambda n: done.append(n) or n * n)
    >>> square(3), square(3), done
    (9, 9, [3])
    """
    kept = cast("Callable[Asked, Answer]", lru_cache(maxsize=most)(work))
    at_work = Lock()

    def ask(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        with at_work:
            return kept(*args, **kwargs)

    return ask
