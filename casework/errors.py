"""What the desk says when something cannot be done; every message says what to do next."""

from collections.abc import Callable


class CaseError(Exception):
    """A request the desk cannot fulfil.

    `message` is English with ``{names}`` for `figures`, so that a screen can say the same in another language.
    """

    def __init__(self, message: str, **figures: object) -> None:
        super().__init__(message.format(**figures) if figures else message)
        self.message = message
        self.figures = figures

    def said(self, translate: Callable[[str], str]) -> str:
        """The message in the language of `translate`."""
        words = translate(self.message)
        return words.format(**self.figures) if self.figures else words


class NotFoundError(CaseError):
    """No such thing in the store."""


class RefusedError(CaseError):
    """The rules forbid it; the message is the reason."""


class BusyError(CaseError):
    """Somebody else is writing; nothing was changed, try again."""


class UnreachableError(BusyError):
    """The database does not answer; what comes after it is back works as before."""


class DoubtError(UnreachableError):
    """The database stopped answering when all was said: nobody knows whether it was kept."""


class FullError(BusyError):
    """No room is left where the database lies; nothing was changed."""


class SlowError(BusyError):
    """The database has not answered in time; nothing was changed."""


class OutdatedError(CaseError):
    """Somebody saved a newer version meanwhile; nothing was changed."""


class TooManyError(RefusedError):
    """Too many attempts; it can be done again after as many seconds as its figure `seconds` says."""
