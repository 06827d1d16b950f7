"""The store in one SQLite file."""

from collections.abc import Callable
from datetime import datetime

from store.joined import JoinedStore, utc_now
from store.sqlite import SqliteDatabase


class EmbeddedStore(JoinedStore):
    """`casework.ports.Store` in a SQLite file, safe for many threads and processes of one machine.

    Parameters
    ----------
    url
        ``sqlite:////path/to/file``; the file and its folder are made when missing.
    busy_s
        Seconds to wait for another writer before `BusyError`.
    now
        Present instant, aware; tests bring their own.

    Raises
    ------
    CaseError
        When the URL names no file, or the file is no database of ours or a newer one.
    BusyError
        When another process holds the file too long.
    """

    def __init__(self, url: str, busy_s: float = 30.0, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(SqliteDatabase(url, busy_s, now))
