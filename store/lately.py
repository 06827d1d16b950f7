"""Versions for those who ask all the time: from memory for as long as surely nothing changed."""

import threading
import time
from collections.abc import Callable, Mapping

from casework.errors import SlowError
from casework.ports import Topic

# A change that nobody was told of, because a proxy swallowed it, is seen after so long.
SAFE_S = 2.0
_PATIENCE_S = 1.0


class Lately:
    """Versions of each topic, asked for once by all.

    Parameters
    ----------
    ask
        Gives the versions there are.
    heard
        Gives another number after every change, or None where a change may not have been heard of.
    safe_s
        Seconds after which the versions are asked for in any case.
    clock
        Seconds that only grow.
    """

    def __init__(
        self,
        ask: Callable[[], Mapping[Topic, int]],
        heard: Callable[[], int | None],
        safe_s: float = SAFE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._heard = heard
        self._safe_s = safe_s
        self._clock = clock
        self._asking = threading.Lock()
        self._last: tuple[int, float, Mapping[Topic, int]] | None = None

    def versions(self) -> Mapping[Topic, int]:
        """Versions that were those of the database within the last seconds, and after the last change that was heard of.

        Raises
        ------
        SlowError
            When somebody else is still waiting for the same answer: one who waits is enough.
        """
        found = self._fresh()
        if found is not None:
            return found
        if not self._asking.acquire(timeout=_PATIENCE_S):
            raise SlowError("The database is slow to answer; what is shown may be old.")
        try:
            # Who waited has it from whoever was first.
            found = self._fresh()
            if found is not None:
                return found
            number, at_s = self._heard(), self._clock()
            found = self._ask()
            self._last = None if number is None else (number, at_s, found)
            return found
        finally:
            self._asking.release()

    def _fresh(self) -> Mapping[Topic, int] | None:
        """What was learnt last, where nothing can have changed since without being heard, and not long ago."""
        last = self._last
        if last is None or last[0] != self._heard() or self._clock() - last[1] >= self._safe_s:
            return None
        return last[2]
