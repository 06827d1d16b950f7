"""What officers look at on site, by agency: the lists that come along, or an operator's own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casework.errors import CaseError
from words import LANGUAGES, Language

GENERAL, OTHER = "general", "other"
_DEFAULTS = Path(__file__).with_name("checklists.toml")


@dataclass(frozen=True)
class Checklist:
    """One agency's questions, each in every language; `default` marks those that nobody has replaced."""

    title: Mapping[str, str]
    items: tuple[Mapping[str, str], ...]
    default: bool = False


Checklists = Mapping[str, Checklist]


@cache
def default_checklists() -> Checklists:
    """The lists that come along, by agency or category.

    Examples
    --------
    >>> default_checklists()["water"].title["en"]
    'Water'
    """
    return MappingProxyType(_checklists(_DEFAULTS, default=True))


def read_checklists(file: Path | None) -> Checklists:
    """The lists that come along, those of `file` in the place of the ones of the same name.

    Parameters
    ----------
    file
        TOML in the form of ``exports/checklists.toml``; None: no file.

    Raises
    ------
    CaseError
        When it cannot be read, or a list has no title or items in every language; the message names the list.
    """
    return default_checklists() if file is None else {**default_checklists(), **_checklists(file, default=False)}


def title_of(agency: str, checklists: Checklists, lang: Language) -> str:
    """What an agency is called; its own word where no list knows it."""
    return checklists[agency].title[lang] if agency in checklists else agency


def lists_for(agencies: tuple[str, ...], checklists: Checklists) -> tuple[tuple[str, Checklist], ...]:
    """What stands on the sheet of a stop: the general list, then each agency's, the list for others where it has none."""
    wanted = [GENERAL, *dict.fromkeys(agencies)] if agencies else [GENERAL, OTHER]
    return tuple((one, checklists.get(one, checklists[OTHER])) for one in wanted)


def _checklists(file: Path, *, default: bool) -> dict[str, Checklist]:
    """The lists of a file, each looked at."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(
            "{file} cannot be read as checklists: {error}. Expected is TOML in the form of exports/checklists.toml.",
            file=file.name,
            error=error,
        ) from error
    for name, one in told.items():
        items = one.get("items") if isinstance(one, dict) else None
        if not isinstance(items, list) or not items or not all(map(_in_every_language, [one.get("title"), *items])):
            raise CaseError(
                "{file}: the checklist {name} needs a title and at least one item, each in {languages}.",
                file=file.name,
                name=repr(name),
                languages=", ".join(sorted(LANGUAGES)),
            )
    return {name: Checklist(one["title"], tuple(one["items"]), default) for name, one in told.items()}


def _in_every_language(words: Any) -> bool:
    return isinstance(words, dict) and all(isinstance(words.get(one), str) and words[one] for one in LANGUAGES)
