"""How much a packed file holds: a few kilobytes can be made to fill any disk and any memory."""

import zipfile
import zlib
from pathlib import Path

from intake.errors import FileError

MOST_BYTES = 2 * 1024**3
_MOST_MEMBERS = 10_000
_PIECE_BYTES = 1 << 20


def check_packed(path: Path) -> None:
    """Nothing, where a zip archive (a workbook is one) holds what it says it does, and no more than can be read.

    Parameters
    ----------
    path
        The file; one that is no archive is left to whoever reads it.

    Raises
    ------
    FileError
        It unpacks to more than 2 GiB or to more than 10,000 files, cannot be unpacked, or lies about a size.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            n_bytes = sum(one.file_size for one in members)
            if n_bytes > MOST_BYTES or len(members) > _MOST_MEMBERS:
                raise FileError(
                    f"{path.name}: unpacked it would be {n_bytes / 1024**2:,.0f} MB in {len(members):,} files; at most "
                    f"{MOST_BYTES / 1024**2:,.0f} MB in {_MOST_MEMBERS:,} files are read. Write it as .csv or .gpkg."
                )
            for one in members:
                _unpack(archive, one)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(f"{path.name}: it cannot be unpacked ({error}).") from error


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read it to its stated end; what is longer than it says has another checksum there."""
    with archive.open(member) as content:
        while content.read(_PIECE_BYTES):
            pass
