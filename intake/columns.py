"""Which column of a file is which of ours, and a clear word when one is missing."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from casework.model import Kind
from intake.errors import ColumnError
from intake.fields import FIELDS


def plain(text: str) -> str:
    """`text` as it is compared: full-width letters narrowed, brackets and their content, case, spaces and dashes gone.

    Examples
    --------
    >>> plain("经度（东经）"), plain(" Date-Time ")
    ('经度', 'datetime')
    """
    narrow = unicodedata.normalize("NFKC", text)
    without_brackets = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", narrow)
    return re.sub(r"[\s_\-*:]+", "", without_brackets or narrow).casefold()


def recognise(
    kind: Kind,
    headers: Sequence[str],
    named: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    *,
    has_shapes: bool = False,
) -> dict[str, str]:
    """Which header holds which field: what somebody named, then the synonyms, each header once.

    Parameters
    ----------
    kind
        What the rows are.
    headers
        The file's columns.
    named
        Field name -> header, from a mapping file or an option; wins over the synonyms.
    defaults
        Fields with a value for all rows; these need no column.
    has_shapes
        Whether the file carries shapes beside its columns, so that no coordinate column is needed.

    Raises
    ------
    ColumnError
        A named header is not there, or a needed field has no column: with the columns there are and how to name one.
    """
    found = dict(named or {})
    for name, header in found.items():
        if header not in headers:
            raise ColumnError(f"There is no column {header!r} for {name}; the file has: {', '.join(headers)}.")
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain(header), header)
    taken = set(found.values())
    for field in FIELDS[kind]:
        if field.name in found or (field.holds in ("position", "shape") and (has_shapes or "shape" in found)):
            continue
        header = next((by_plain[plain(h)] for h in field.headers if by_plain.get(plain(h), "") not in {"", *taken}), "")
        if header:
            found[field.name] = header
            taken.add(header)
    _check_complete(kind, headers, {*found, *(defaults or {})}, has_shapes=has_shapes)
    return found


def _check_complete(kind: Kind, headers: Sequence[str], have: set[str], *, has_shapes: bool) -> None:
    missing = [field.name for field in FIELDS[kind] if field.needed and field.name not in have]
    if kind is Kind.INCIDENTS and not have & {"at", "date", "time"}:
        missing.append("at")
    if not has_shapes and "shape" not in have:
        wanted = ("shape",) if kind is Kind.BOUNDARIES else ("lon", "lat")
        missing += [name for name in wanted if name not in have]
    if missing:
        example = missing[0]
        raise ColumnError(
            f"{kind.capitalize()} need a column for {', '.join(missing)}. The file has: {', '.join(headers) or 'none'}. "
            f'Name it in a mapping file and pass that with --mapping: [columns] {example} = "<column of the file>"; '
            f'or give all rows one value: [defaults] {example} = "...".'
        )
