"""Persistence, behind casework.ports.Store."""

from casework.errors import CaseError
from casework.ports import Store
from store.embedded import EmbeddedStore

__all__ = ["open_store"]


def open_store(url: str) -> Store:
    """The store at `url`, brought up to date and ready.

    Parameters
    ----------
    url
        SQLAlchemy URL, ``sqlite:////path/to/lianfang.sqlite``.

    Raises
    ------
    CaseError
        When there is no store for this kind of URL, or the file is no database of ours.
    BusyError
        When another process holds the file too long.
    """
    scheme = url.partition(":")[0]
    if scheme.partition("+")[0] != "sqlite":
        raise CaseError(f"There is no store for {scheme!r} yet: write the path of a file, or sqlite:////path/to/file.")
    return EmbeddedStore(url)
