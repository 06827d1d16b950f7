"""One table: which error is which HTTP status; the words are the error's own."""

from casework.errors import BusyError, CaseError, NotFoundError, RefusedError, SlowError, TooManyError
from geo.errors import GeoError

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (TooManyError, 429),
    (RefusedError, 409),
    (SlowError, 504),
    (BusyError, 503),
    (GeoError, 422),
    (CaseError, 400),
)
EXPECTED = (CaseError, GeoError)


def status_of(error: Exception) -> int:
    """HTTP status of an error; 500 for one nobody expected.

    Examples
    --------
    >>> status_of(RefusedError("no"))
    409
    """
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
