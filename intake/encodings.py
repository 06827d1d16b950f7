"""In which encoding a text is written: tried strictly, never guessed from statistics."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from intake.errors import FileError

CANDIDATES = ("utf-8", "gb18030")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WORDS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}
_BLOCK = 1 << 20
# The replacement character, NUL and C1 controls never stand in honest text; 锟斤拷 is UTF-8 once decoded as GBK.
_SPOILT = re.compile("[\ufffd\x00\x80-\x9f]|锟斤拷")


@dataclass(frozen=True)
class Encoding:
    """A codec, and whether every byte fitted it; where not, the rows concerned carry U+FFFD and are turned away."""

    codec: str
    strict: bool

    @property
    def words(self) -> str:
        """Name for a summary."""
        name = _WORDS.get(self.codec, self.codec)
        return name if self.strict else f"{name} (not every row fits it)"


def known(codec: str) -> str:
    """`codec`, when Python knows it.

    Raises
    ------
    FileError
        An unknown encoding.
    """
    try:
        return codecs.lookup(codec).name
    except LookupError as error:
        raise FileError(f"Encoding {codec!r} is not known; use utf-8, gb18030 or another Python codec name.") from error


def of_file(path: Path, named: str | None = None) -> Encoding:
    """Encoding of the text file `path`: its byte order mark, else the first of UTF-8 and GB18030 that fits every byte.

    Parameters
    ----------
    path
        Read once from end to end, in blocks.
    named
        A codec somebody named; it is then not looked for.

    Raises
    ------
    FileError
        `named` is unknown.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, _fits(path, codec))
    if named is not None:
        return Encoding(known(named), _fits(path, known(named)))
    for codec in CANDIDATES:
        if _fits(path, codec):
            return Encoding(codec, strict=True)
    with path.open("rb") as file:
        return Encoding(_least_bad(file), strict=False)


def of_cells(cells: Iterable[bytes], named: str | None = None) -> Encoding:
    """Encoding of many short texts, such as those of a shapefile's table."""
    many = list(cells)
    for codec in (known(named),) if named is not None else CANDIDATES:
        if all(_decodes(cell, codec) for cell in many):
            return Encoding(codec, strict=True)
    return Encoding(known(named) if named is not None else _least_bad(many), strict=False)


def spoilt(text: str) -> bool:
    """Whether `text` holds what only a wrong decoding leaves behind."""
    return _SPOILT.search(text) is not None


def _fits(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _least_bad(lines: Iterable[bytes]) -> str:
    """Of the candidates, the one that the fewest lines do not fit."""
    bad = dict.fromkeys(CANDIDATES, 0)
    for line in lines:
        for codec in CANDIDATES:
            bad[codec] += not _decodes(line, codec)
    return min(CANDIDATES, key=bad.__getitem__)
