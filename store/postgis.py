"""The store in PostgreSQL with PostGIS."""

from collections.abc import Callable
from datetime import datetime

from store.joined import JoinedStore, utc_now
from store.postgres import PostgresDatabase


class PostgisStore(JoinedStore):
    """`casework.ports.Store` in a PostgreSQL database with PostGIS, for many machines at once.

    Parameters
    ----------
    url
        ``postgresql+psycopg2://user@host/database``. The user needs to read and write the tables; only one who may
        make tables brings the schema up to date.
    busy_s
        Seconds to wait for another writer before `BusyError`.
    now
        Present instant, aware; tests bring their own.
    answer_s
        Seconds to wait for an answer to a question before `SlowError`; None: for ever.

    Raises
    ------
    CaseError
        When the database has not our schema and this user may not make it, or was written by a newer version.
    UnreachableError
        When the server does not answer or lets this user not in.
    """

    def __init__(
        self,
        url: str,
        busy_s: float = 30.0,
        now: Callable[[], datetime] = utc_now,
        answer_s: float | None = None,
    ) -> None:
        super().__init__(PostgresDatabase(url, busy_s, now, answer_s))
