"""What the intake says when a file as a whole cannot be taken; a bad row is not an error but a `Reject`."""

from casework.errors import CaseError


class FileError(CaseError):
    """The file is missing, of an unknown form, or holds nothing that can be read."""


class ColumnError(CaseError):
    """A column that is needed was not found; the message lists the ones there are."""


class DatumMissingError(CaseError):
    """The file names no datum and nobody said which, or two answers contradict each other."""


class MappingError(CaseError):
    """The mapping file cannot be read or names what does not exist."""
