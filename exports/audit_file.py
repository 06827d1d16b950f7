"""Lines of the audit as a file: JSON Lines, or a table that also holds what each hash is over."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from casework.audit import Entry
from casework.chain import form_of
from exports.texts import one_line

COLUMNS = ("n", "at", "actor", "role", "deed", "thing", "regions", "facts", "previous", "hash", "form")
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One JSON object per line: its form (`casework.chain`) and the hashes.

    Examples
    --------
    >>> list(json_lines([]))
    []
    """
    for entry in entries:
        told = json.loads(form_of(entry)) | {"previous": entry.previous, "hash": entry.hash}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    r"""A table for people, who see words where somebody wrote a formula; its last column is the form, as it was hashed.

    Examples
    --------
    >>> next(csv_lines([]))
    '\ufeffn,at,actor,role,deed,thing,regions,facts,previous,hash,form\r\n'
    """
    # An officer's spreadsheet takes a file without this mark for one of its own country's.
    yield "\ufeff" + _line(COLUMNS)
    for entry in entries:
        facts = "; ".join(f"{name}: {value}" for name, value in entry.facts.items())
        at = entry.at.isoformat(sep=" ", timespec="seconds")
        told = (at, entry.actor, entry.role, entry.deed, entry.thing, " ".join(entry.regions), facts)
        yield _line((entry.n, *(_harmless(one) for one in told), entry.previous, entry.hash, form_of(entry)))


FORMATS: dict[str, Callable[[Iterable[Entry]], Iterator[str]]] = {".csv": csv_lines, ".jsonl": json_lines}


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _harmless(words: object) -> str:
    """Words as a cell that is only read."""
    text = one_line(words)
    return f"'{text}" if text.startswith(_FORMULA) else text
