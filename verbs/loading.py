"""Verbs that take files in, and care for the rows that were turned away."""

from collections import Counter
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from casework.errors import CaseError
from casework.model import Kind
from intake.corrections import export_rejects, retry_rejects
from intake.loading import load_file
from intake.mapping import Mapping, read_mapping
from intake.progress import progress_bar
from intake.reading import Options
from intake.roads import read_roads
from settings import Settings
from store import open_store
from verbs.options import existing, json_option, kinds, open_records, plain_errors, reading_options, say

_ROADS = "roads"


@click.command()
@click.argument("kind", type=click.Choice([*kinds.choices, _ROADS]))
@click.argument("files", nargs=-1, required=True, type=existing)
@click.option("--source", help="Whom the data is from, shown beside it; without it the file's name.")
@reading_options
@json_option
def load(
    kind: str,
    files: tuple[Path, ...],
    source: str | None,
    datum: str | None,
    mapping_file: Path | None,
    timezone: str | None,
    id_column: str | None,
    *,
    as_json: bool,
) -> None:
    """Take in boundaries, stations, firms, incidents or roads; bad rows wait in quarantine."""
    if kind == _ROADS:
        _load_roads(files, source, datum, as_json=as_json)
        return
    settings, of = Settings(), Kind(kind)
    summaries, failures = [], []
    with plain_errors(), open_records(settings) as records:
        mapping = read_mapping(mapping_file, of) if mapping_file else Mapping()
        options = Options(datum, timezone, id_column, mapping, settings.timezone)
        for file in files:
            try:
                with progress_bar(file.name) as progress:
                    summaries.append(load_file(records, file, of, options, source=source, progress=progress))
            except CaseError as error:
                failures.append({"file": str(file), "error": str(error)})
        redrawn = records.boundaries_changed() if of is Kind.BOUNDARIES and summaries else None
    result: dict[str, Any] = {"files": [summary.as_dict() for summary in summaries], "failures": failures}
    words = [summary.words() for summary in summaries]
    if redrawn is not None:
        result["redrawn"] = redrawn.as_dict()
        words.append(redrawn.words())
    say(result, "\n".join(words), as_json=as_json)
    for failure in failures:
        click.echo(f"Error: {failure['error']}", err=True)
    if failures:
        raise SystemExit(1)


def _load_roads(files: tuple[Path, ...], source: str | None, datum: str | None, *, as_json: bool) -> None:
    """Take in one file of roads; it replaces those there were."""
    if len(files) > 1:
        raise click.UsageError("Roads come in one file, which replaces those there were.")
    with plain_errors(), progress_bar(files[0].name) as progress:
        streets = read_roads(files[0], datum, progress)
        streets = replace(streets, source=source or streets.source)
        with closing(open_store(Settings().database_url)) as store:
            store.keep_roads(streets)
    day = streets.data_on and streets.data_on.isoformat()
    result = {"file": str(files[0]), "source": streets.source, "n_pieces": len(streets), "data_on": day}
    words = f"{files[0].name}: {len(streets):,} pieces of street" + (f" of {day}" if day else "") + " are kept."
    say(result, words, as_json=as_json)


@click.group()
def quarantine() -> None:
    """Rows that were turned away: see them, correct them in a table, load them again."""


@quarantine.command("list")
@click.option("--kind", type=kinds, help="Only this kind.")
@click.option("--limit", default=50, show_default=True, help="Rows shown; --json shows all.")
@json_option
def list_quarantine(kind: str | None, limit: int, *, as_json: bool) -> None:
    """Show what waits in quarantine and why."""
    with plain_errors(), open_records(Settings()) as records:
        rejects = records.quarantined(Kind(kind) if kind else None)
    lines = [f"{r.file} row {r.row}, {r.field}: {r.value!r}, expected {r.expected}" for r in rejects[:limit]]
    counts = ", ".join(f"{n:,} {of}" for of, n in Counter(str(r.kind) for r in rejects).items())
    total = f"{len(rejects):,} rows in quarantine: {counts}." if rejects else "The quarantine is empty."
    more = [f"... and {len(rejects) - limit:,} more"] if len(rejects) > limit else []
    result = {"n_rejects": len(rejects), "rejects": [asdict(reject) for reject in rejects]}
    say(result, "\n".join([*lines, *more, total]), as_json=as_json)


@quarantine.command("export")
@click.argument("file", type=existing)
@click.option("--kind", type=kinds, help="Only this kind.")
@json_option
def export_quarantine(file: Path, kind: str | None, *, as_json: bool) -> None:
    """Write what waits to FILE (.csv or .xlsx), to be corrected there."""
    with plain_errors(), open_records(Settings()) as records:
        rejects = records.quarantined(Kind(kind) if kind else None)
        export_rejects(rejects, file)
    words = f"{len(rejects):,} rows are in {file}. Correct them there, then: quarantine retry {file}"
    say({"file": str(file), "n_rejects": len(rejects)}, words, as_json=as_json)


@quarantine.command("retry")
@click.argument("file", type=existing)
@reading_options
@json_option
def retry_quarantine(
    file: Path,
    datum: str | None,
    mapping_file: Path | None,
    timezone: str | None,
    id_column: str | None,
    *,
    as_json: bool,
) -> None:
    """Load a corrected export again; rows that pass now leave the quarantine."""
    settings = Settings()
    with plain_errors(), open_records(settings) as records:
        read = (lambda of: read_mapping(mapping_file, of)) if mapping_file else (lambda _of: Mapping())
        retried = retry_rejects(records, file, Options(datum, timezone, id_column, Mapping(), settings.timezone), read)
    say(asdict(retried), retried.summary(), as_json=as_json)
