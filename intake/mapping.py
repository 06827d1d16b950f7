"""What a mapping file says about a file that does not speak for itself."""

import tomllib
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.model import Kind
from intake.columns import plain
from intake.errors import MappingError
from intake.fields import fields_of
from intake.values import CHOICES, EXPECTED

_PLAIN_KEYS = ("datum", "timezone", "date_format", "encoding", "layer")
# Offices write a county's name in their own way too: a free text whose words may be replaced.
_NAMED_PLACE = "reported_jurisdiction"
_NO_DEFAULT = ("id", "lon", "lat", "shape")


@dataclass(frozen=True)
class Mapping:
    """Columns, words and defaults of one file.

    `columns`: our field -> the file's column. `words`: field -> {the file's word -> our value}. `defaults`: field -> our
    value, for a column that is not there and for its empty cells. `date_format`: strptime pattern of dates such as
    03/05/2026, which mean two things.
    """

    columns: ReadOnly[str, str] = field(default_factory=dict)
    words: ReadOnly[str, ReadOnly[str, str]] = field(default_factory=dict)
    defaults: ReadOnly[str, str] = field(default_factory=dict)
    datum: str | None = None
    timezone: str | None = None
    date_format: str | None = None
    encoding: str | None = None
    layer: str | None = None


def read_mapping(path: Path, kind: Kind) -> Mapping:
    """The mapping in a TOML file, checked against the fields of `kind`.

    Raises
    ------
    MappingError
        Not TOML, or an unknown key, field or value of ours; the message lists the known ones.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingError(f"{path}: the mapping file cannot be opened ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: not a TOML file in UTF-8 ({error}).") from error
    return mapping_of(content, kind, path.name)


def mapping_of(content: ReadOnly[str, Any], kind: Kind, name: str = "mapping") -> Mapping:
    """The mapping in `content`, laid out like the file."""
    known = (*_PLAIN_KEYS, "columns", "values", "defaults")
    for key in content:
        if key not in known:
            raise MappingError(f"{name}: {key!r} means nothing here; known are {', '.join(known)}.")
    fields = fields_of(kind)
    columns = {key: str(value) for key, value in content.get("columns", {}).items()}
    defaults = {key: str(value) for key, value in content.get("defaults", {}).items()}
    values = content.get("values", {})
    for section, keys in (("columns", columns), ("values", values), ("defaults", defaults)):
        for key in keys:
            if key not in fields:
                raise MappingError(
                    f"{name}: [{section}] names {key!r}, which is no field of {kind}; fields are {', '.join(fields)}. "
                    'Write our field first: lon = "their column".'
                )
    for key in defaults:
        if key in _NO_DEFAULT:
            raise MappingError(f"{name}: {key} differs from row to row and can have no default.")
    return Mapping(
        columns=columns,
        words={key: _ours(name, kind, key, words) for key, words in values.items()},
        defaults=_known_defaults(name, kind, defaults),
        **{key: str(content[key]) for key in _PLAIN_KEYS if key in content},
    )


def _ours(name: str, kind: Kind, key: str, words: ReadOnly[str, Any]) -> dict[str, str]:
    if key == _NAMED_PLACE:
        return {theirs: str(ours) for theirs, ours in words.items()}
    if (kind, key) not in CHOICES:
        raise MappingError(f"{name}: [values.{key}] is not a choice; choices are {_choices(kind)}.")
    return {theirs: _our_value(name, kind, key, str(ours)) for theirs, ours in words.items()}


def _known_defaults(name: str, kind: Kind, defaults: ReadOnly[str, str]) -> dict[str, str]:
    return {
        key: _our_value(name, kind, key, value) if (kind, key) in CHOICES else value for key, value in defaults.items()
    }


def _our_value(name: str, kind: Kind, key: str, value: str) -> str:
    known = CHOICES[kind, key]
    if plain(value) not in known:
        raise MappingError(f"{name}: {value!r} is no {key} of ours; it must be {EXPECTED[kind, key]}.")
    return known[plain(value)]


def _choices(kind: Kind) -> str:
    return ", ".join(field for known, field in CHOICES if known is kind) or "none for this kind"
