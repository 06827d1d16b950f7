"""Persistence, behind casework.ports.Store."""

from casework.errors import CaseError
from casework.ports import Store
from store.embedded import EmbeddedStore
from store.schema import REVISION as SCHEMA

__all__ = ["SCHEMA", "open_store"]


def open_store(url: str, answer_s: float | None = None) -> Store:
    """The store at `url`, brought up to date and ready.

    Parameters
    ----------
    url
        SQLAlchemy URL, ``sqlite:////path/to/lianfang.sqlite`` or ``postgresql+psycopg2://user@host/database``.
    answer_s
        Seconds that PostgreSQL may take to answer a question; None: as long as it likes.

    Raises
    ------
    CaseError
        When there is no store for this kind of URL, or it is no database of ours.
    BusyError
        When another process holds the database too long, or it does not answer.
    """
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "sqlite+pysqlite"}:
        return EmbeddedStore(url)
    if scheme in {"postgresql", "postgresql+psycopg2"}:
        # SQLite needs none of the client of PostgreSQL, which takes a while to load.
        from store.postgis import PostgisStore  # noqa: PLC0415

        return PostgisStore(url, answer_s=answer_s)
    raise CaseError(
        f"There is no store for {scheme!r}: write the path of a file, sqlite:////path/to/file or"
        " postgresql+psycopg2://user@host/database."
    )
