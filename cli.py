"""The command line: one verb each, thin. Called through ``python app.py``; without a verb it serves."""

import json
import threading
import webbrowser
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import click
from flask import Flask

from casework.desk import SystemClock
from casework.errors import CaseError
from casework.model import Kind
from casework.records import Records
from exports.geofile import write_geofile
from geo.errors import GeoError
from geo.zones import zone_figures
from intake.boundaries import read_boundaries
from intake.corrections import export_rejects, retry_rejects
from intake.demo.boundaries import demo_boundaries
from intake.demo.generate import SEED
from intake.demo.generate import demo as make_demo
from intake.demo.planted import write_planted
from intake.demo.writing import needed as demo_needed
from intake.demo.writing import own_data, write_demo
from intake.loading import load_file
from intake.mapping import Mapping, read_mapping
from intake.progress import progress_bar
from intake.reading import Options
from settings import Settings
from store import open_store

CreateServer = Callable[[Settings], Flask]


def say(result: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Print `result` for a program or `words` for a person."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else words)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the engine and the desk refuse into one sentence and exit code 1."""
    try:
        yield
    except (GeoError, CaseError) as error:
        raise click.ClickException(str(error)) from error


@click.group(invoke_without_command=True)
@click.pass_context
def cli(context: click.Context) -> None:
    """Lianfang: neighbouring regions enforce environmental law together along the border they share."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@cli.command()
@click.option("--open", "open_browser", is_flag=True, help="Open the dashboard in the browser of this machine.")
@click.option("--demo", "with_demo", is_flag=True, help="Write the demonstration first where there is no data yet.")
@click.pass_context
def serve(context: click.Context, *, open_browser: bool = False, with_demo: bool = False) -> None:
    """Serve the dashboard for one machine; in production use `make serve`."""
    settings = Settings()
    if with_demo:
        context.invoke(demo, if_empty=True)
    url = f"http://{settings.host}:{settings.port}"
    click.echo(f"Lianfang is at {url} (planner) and {url}/wall (wall). Stop it with Ctrl+C.")
    if open_browser:
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    create_server: CreateServer = context.obj
    create_server(settings).run(host=settings.host, port=settings.port, threaded=True)


@contextmanager
def open_records(settings: Settings) -> Iterator[Records]:
    """The records of the configured store, closed afterwards."""
    store = open_store(settings.database_url)
    try:
        yield Records(store, SystemClock())
    finally:
        store.close()


kinds = click.Choice([str(kind) for kind in Kind])
existing = click.Path(dir_okay=False, path_type=Path)


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


@cli.command()
@click.argument("kind", type=kinds)
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
    """Take in boundaries, stations, firms or incidents; bad rows wait in quarantine."""
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
        result["redrawn"] = asdict(redrawn)
        words.append(redrawn.words())
    say(result, "\n".join(words), as_json=as_json)
    for failure in failures:
        click.echo(f"Error: {failure['error']}", err=True)
    if failures:
        raise SystemExit(1)


@cli.group()
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


@cli.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there are jurisdictions already.")
@click.option("--seed", default=SEED, show_default=True, help="Where chance starts; the same seed gives the same data.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="First day without incidents; without it today, UTC.")
@click.option("--yes", is_flag=True, help="Add to data of your own without asking.")
@json_option
def demo(*, if_empty: bool, seed: int, until: datetime | None, yes: bool, as_json: bool) -> None:
    """Write the demonstration: real county outlines, everything else simulated. Nothing is deleted."""
    settings, start_s = Settings(), monotonic()

    def told(words: str) -> None:
        click.echo(f"{monotonic() - start_s:5.1f} s  {words}", err=True)

    with plain_errors(), closing(open_store(settings.database_url)) as store:
        if if_empty and not demo_needed(store):
            say({"written": False}, "There is data already; the demonstration was not written.", as_json=as_json)
            return
        own = own_data(store)
        if own and not yes:
            click.echo(f"The store holds data of your own: {', '.join(own)}. The demonstration adds to it.", err=True)
            click.confirm("Nothing is deleted. Go on?", abort=True, err=True)
        made = make_demo(until.date() if until else datetime.now(UTC).date(), seed, told)
        outcome = write_demo(made, store, Records(store, SystemClock()), told)
    folder = Path("data") if "://" in settings.database else Path(settings.database).expanduser().parent
    planted = write_planted(made.planted, folder)
    took_s = monotonic() - start_s
    result = {"written": outcome.changed, "took_s": round(took_s, 1), "planted": str(planted), **outcome.as_dict()}
    say(
        result,
        f"{outcome.words(made)} It took {took_s:.1f} s.\nThe planted clusters are in {planted}.",
        as_json=as_json,
    )


@cli.command("zones")
@click.option("--jurisdictions", "file", type=existing, help="Outlines, in any form that `load` takes.")
@click.option("--demo", "of_demo", is_flag=True, help="The demonstration's outlines instead of a file.")
@click.option("--a", required=True, help="One party's id.")
@click.option("--b", required=True, help="The other's.")
@click.option("--depth-m", default=1000.0, show_default=True, help="Depth on each side, metres on the ground.")
@click.option("--depth-a-m", type=float, help="Depth on a's side, where it differs.")
@click.option("--depth-b-m", type=float, help="Depth on b's side, where it differs.")
@click.option(
    "--from-m", type=float, help="Where the stretch begins, metres along the border; without it at its start."
)
@click.option("--to-m", type=float, help="Where it ends; without it at the border's end.")
@click.option("--id-column", help="Column that holds the ids.")
@click.option("--datum", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:n; without it the file's own word counts.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the zone's parts: .geojson, .gpkg, .fgb, .shp or .parquet.",
)
@json_option
def measure_zone(
    file: Path | None,
    a: str,
    b: str,
    depth_m: float,
    depth_a_m: float | None,
    depth_b_m: float | None,
    from_m: float | None,
    to_m: float | None,
    id_column: str | None,
    datum: str | None,
    out: Path | None,
    *,
    of_demo: bool,
    as_json: bool,
) -> None:
    """Measure the strip two neighbours would police jointly; needs no store."""
    if (file is None) is not of_demo:
        raise click.UsageError("Name a file with --jurisdictions, or take the demonstration's outlines with --demo.")
    depths = (depth_m if depth_a_m is None else depth_a_m, depth_m if depth_b_m is None else depth_b_m)
    with plain_errors():
        outlines = demo_boundaries() if file is None else read_boundaries(file, id_column, datum)
        figures, parts = zone_figures(outlines, a, b, *depths, from_m, to_m)
        if out is not None:
            write_geofile(parts, out)
    words = "\n".join(f"{name}: {value:,.1f}" for name, value in figures.items())
    say(figures, words, as_json=as_json)
