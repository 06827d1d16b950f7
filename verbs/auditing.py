"""The verbs of the audit: whether its chain holds, what stands in it, a copy of it, and the head to be noted elsewhere."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from casework.audit import Deed, Entry, Fact, Sought
from casework.chain import first_break, form_of
from casework.people import Actor
from exports.audit_file import FORMATS
from settings import Settings
from store import open_store
from verbs.options import json_option, plain_errors, say


@click.group()
def audit() -> None:
    """Who saw, changed, exported or shared what, and who was refused: a chain of lines that only grows."""


def _filters(verb: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which lines."""
    for option in (
        click.option("--actor", default="", help="Only what this one did."),
        click.option("--thing", default="", help="Only things that begin so, such as plan: or firm:F7."),
        click.option(
            "--deed", "deeds", multiple=True, type=click.Choice([str(deed) for deed in Deed]), help="Only such deeds."
        ),
        click.option("--region", "regions", multiple=True, help="Only lines that concern this jurisdiction."),
        click.option("--days", type=click.IntRange(min=1), help="Only the latest days."),
    ):
        verb = option(verb)
    return verb


def _sought(*, actor: str, thing: str, deeds: tuple[str, ...], regions: tuple[str, ...], days: int | None) -> Sought:
    since = None if days is None else datetime.now(UTC) - timedelta(days=days)
    return Sought(actor, thing, tuple(Deed(deed) for deed in deeds), regions, since)


@audit.command()
@click.option("--head", "noted", default="", help="A head that was noted once: it has to be in the chain.")
@json_option
def verify(noted: str, *, as_json: bool) -> None:
    """Tell whether the chain holds, or its first line that does not; exit code 1 on a break."""
    with plain_errors(), closing(open_store(Settings().database_url)) as store:
        # Read before the lines: whoever works meanwhile adds some behind it.
        head = store.audit_head()
        found = first_break(store.audit_lines(Sought()), head.hash, noted.strip().lower())
    result: dict[str, Any] = {"holds": found is None, "n_lines": head.n, "head": head.hash}
    if found is not None:
        result["break"] = {"n": found.n, "flaw": found.flaw, "expected": found.expected, "found": found.found}
        say(result, f"The chain is broken. {found}", as_json=as_json)
        raise SystemExit(1)
    words = f"All {head.n:,} lines are as they were written; the head is {head.hash or 'empty'}."
    say(result, words, as_json=as_json)


@audit.command()
@json_option
def head(*, as_json: bool) -> None:
    """Print the head, to be noted elsewhere: only that shows later that no end was cut off."""
    with plain_errors(), closing(open_store(Settings().database_url)) as store:
        last = store.audit_head()
    say({"n": last.n, "hash": last.hash}, f"{last.n} {last.hash}", as_json=as_json)


@audit.command("list")
@_filters
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1), help="Lines shown.")
@click.option("--before", type=click.IntRange(min=1), help="Only lines with lower numbers, to read on.")
@json_option
def list_lines(limit: int, before: int | None, *, as_json: bool, **filters: Any) -> None:
    """Show the newest lines."""
    with plain_errors(), closing(open_store(Settings().database_url)) as store:
        lines = store.audit(_sought(**filters), limit, before)
    more = [f"Older lines: --before {lines[-1].n}"] if len(lines) == limit and lines[-1].n > 1 else []
    words = "\n".join([*map(_words, lines), *more]) or "There is no such line."
    say({"n_lines": len(lines), "lines": [_plain(line) for line in lines]}, words, as_json=as_json)


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_filters
@json_option
def export(file: Path, *, as_json: bool, **filters: Any) -> None:
    """Write lines to FILE (.csv or .jsonl), oldest first; without filters the whole chain, which can be verified alone."""
    write = FORMATS.get(file.suffix.lower())
    if write is None:
        raise click.UsageError(f"{file} is neither .csv nor .jsonl: name one of these.")
    sought, actor = _sought(**filters), Actor()
    with plain_errors(), closing(open_store(Settings().database_url)) as store:
        told: dict[str, Fact] = {"file": file.name, "whole": sought == Sought()}
        store.append([Entry(datetime.now(UTC), actor.id, str(actor.role), Deed.EXPORTED, "audit:", (), told)])
        last = store.audit_head()
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(write(store.audit_lines(sought)))
    say({"file": str(file), "head": last.hash}, f"{file} is written; the head was {last.hash}.", as_json=as_json)


def _plain(line: Entry) -> dict[str, Any]:
    """A line for a program."""
    told = {"n": line.n, "at": line.at.isoformat(), "actor": line.actor, "role": line.role, "deed": line.deed}
    more = {"thing": line.thing, "regions": list(line.regions), "facts": dict(line.facts)}
    return told | more | {"previous": line.previous, "hash": line.hash, "form": form_of(line)}


def _words(line: Entry) -> str:
    """A line as a person reads it."""
    facts = ", ".join(f"{name} {value}" for name, value in line.facts.items())
    regions = f" [{' '.join(line.regions)}]" if line.regions else ""
    who = f"{line.actor} ({line.role})"
    return f"{line.n} {line.at:%Y-%m-%d %H:%M:%S} {who} {line.deed} {line.thing}{regions}{facts and f': {facts}'}"
