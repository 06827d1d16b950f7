"""Words of others, made fit for a file: what no form can hold is dropped, all else stays."""

import re

# Control characters but tab and line feed, halves of pairs, and what XML 1.0 forbids.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NO_NAME = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 60


def printable(words: object) -> str:
    r"""The words without the characters that XML, a table or a calendar cannot hold.

    Examples
    --------
    >>> printable("泵站\x00 <3>")
    '泵站 <3>'
    >>> printable("")
    ''
    """
    return _UNFIT.sub("", str(words).replace("\r\n", "\n").replace("\r", "\n"))


def one_line(words: object) -> str:
    r"""The words as one line, single blanks between them.

    Examples
    --------
    >>> one_line(" two\nlines ")
    'two lines'
    """
    return " ".join(printable(words).split())


def file_stem(*words: object) -> str:
    """Words as the name of a file on any system; what would lead elsewhere becomes a dash.

    Examples
    --------
    >>> file_stem("2026-06-12", "../plan 1", "组")
    '2026-06-12-plan-1-组'
    >>> file_stem()
    'plan'
    """
    name = _NO_NAME.sub("-", "-".join(one_line(word) for word in words))
    return re.sub(r"[.-]*-[.-]*", "-", name)[:_LONGEST_NAME].strip(".-") or "plan"
