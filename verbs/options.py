"""What the verbs have in common: how they read, what they say, how they fail."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from casework.desk import SystemClock
from casework.errors import CaseError
from casework.model import Kind
from casework.records import Records
from geo.errors import GeoError
from settings import Settings
from store import open_store

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
kinds = click.Choice([str(kind) for kind in Kind])
existing = click.Path(dir_okay=False, path_type=Path)


def say(result: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Print `result` for a program or `words` for a person."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else words)


def not_over(read: Path | None, *written: Path | None) -> None:
    """Refuse to write over the file that is read: it may be the only copy."""
    for file in written:
        if file is not None and read is not None and file.resolve() == read.resolve():
            raise click.UsageError(f"{file} is the file that is read: name another one to write to.")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the engine and the desk refuse into one sentence and exit code 1."""
    try:
        yield
    except (GeoError, CaseError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def open_records(settings: Settings) -> Iterator[Records]:
    """The records of the configured store, closed afterwards."""
    store = open_store(settings.database_url)
    try:
        yield Records(store, SystemClock())
    finally:
        store.close()


def reading_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how a file is to be read."""
    for option in (
        click.option("--datum", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:n; without it the file's own word counts."),
        click.option("--mapping", "mapping_file", type=existing, help="TOML file: columns, values, defaults."),
        click.option("--timezone", help="Zone of times that name none, such as Asia/Shanghai."),
        click.option("--id-column", help="Column that holds the ids."),
    ):
        verb = option(verb)
    return verb
