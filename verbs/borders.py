"""The verb that finds the borders in a file of outlines and says how far to trust them; needs no store."""

from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import click
import pandas as pd

from exports.border_report import write_border_report
from exports.geofile import write_geofile
from geo.quality import Quality, border_quality
from intake.boundaries import Outlines, fault_words, read_outlines
from verbs.options import existing, json_option, not_over, plain_errors, say
from words import LANGUAGES, Language

_WORST = 10
_SLOW_S = 2.0
_written = click.Path(dir_okay=False, path_type=Path)


@click.command("borders")
@click.argument("file", type=existing)
@click.option("--id-column", help="Column that holds the ids.")
@click.option("--datum", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:n; without it the file's own word counts.")
@click.option("--tolerance-m", type=float, help="Widest gap to be bridged, metres; without it estimated, 0 for none.")
@click.option("--join-rows", is_flag=True, help="Rows of the same id are parts of one jurisdiction.")
@click.option("--out", type=_written, help="Write the border lines: .geojson, .gpkg, .fgb, .shp or .parquet.")
@click.option("--report", type=_written, help="Write what is in dispute, with maps, as one .html file.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Language of the report.")
@json_option
def find_borders(
    file: Path,
    id_column: str | None,
    datum: str | None,
    tolerance_m: float | None,
    out: Path | None,
    report: Path | None,
    lang: Language,
    *,
    join_rows: bool,
    as_json: bool,
) -> None:
    """Find the borders in a file of outlines, and the ground in dispute; needs no store."""
    not_over(file, out, report)
    start_s = monotonic()

    def told(words: str) -> None:
        if monotonic() - start_s > _SLOW_S:
            click.echo(f"{monotonic() - start_s:5.1f} s  {words}", err=True)

    with plain_errors():
        read = read_outlines(file, id_column, datum, join_rows=join_rows)
        if read.rejects:
            click.echo(f"Left out: {fault_words(read.rejects)}.", err=True)
        found = border_quality(read.frame, tolerance_m, told)
        repairs = pd.concat([read.repairs, found.repairs], ignore_index=True)
        if out is not None:
            write_geofile(found.borders, out)
        if report is not None:
            told("writing the report")
            write_border_report(found, repairs, report, lang, title=file.name, on=date.today())
    say(_result(read, found, repairs), "\n".join(_words(file, read, found, repairs)), as_json=as_json)


def _result(read: Outlines, found: Quality, repairs: pd.DataFrame) -> dict[str, Any]:
    """Everything, for a program."""
    pairs = found.pairs
    return {
        "datum": read.datum,
        "n_jurisdictions": len(found.jurisdictions),
        "n_joined": read.n_joined,
        "n_borders": len(pairs),
        "length_m": float(pairs["length_m"].sum()),
        "tolerance_m": found.tolerance_m,
        "disputed_area_m2": float(found.slivers["area_m2"].sum()),
        "pairs": pairs.to_dict("records"),
        "slivers": found.slivers.drop(columns="geometry").to_dict("records"),
        "unmatched": found.unmatched.drop(columns="geometry").to_dict("records"),
        "repairs": repairs.to_dict("records"),
        "left_out": [
            {"row": one.row, "field": one.field, "value": one.value, "expected": one.expected} for one in read.rejects
        ],
    }


def _words(file: Path, read: Outlines, found: Quality, repairs: pd.DataFrame) -> list[str]:
    """The same, for a person."""
    borders = found.borders
    n_matched = int((borders["method"] == "matched").sum())
    lines: list[str] = []
    lines.append(
        f"{file.name}: {len(found.jurisdictions):,} jurisdictions, {len(borders):,} borders, "
        f"{borders['length_m'].sum() / 1000:,.1f} km. Coordinates: {read.datum}."
    )
    if n_matched:
        lines.append(f"Matched midway: {n_matched:,}; gaps and overlaps up to {found.tolerance_m:,.0f} m were bridged.")
    else:
        lines.append("Every border is exact: neighbours hold the same line, vertex for vertex.")
    for kind, title in (("gap", "Gaps"), ("overlap", "Overlaps")):
        some = found.slivers[found.slivers["kind"] == kind]
        lines += [f"{title}: {len(some):,}, {some['area_m2'].sum() / 1e6:,.4f} km2."] * bool(len(some))
    if len(found.unmatched):
        lines.append(f"Ground no border bridges: {len(found.unmatched):,} places.")
    if len(repairs):
        lines.append(
            f"Repaired outlines: {len(repairs):,}, the first {repairs['id'].iloc[0]}: {repairs['reason'].iloc[0]}."
        )
    lines += [f"Rows joined to another of the same id: {read.n_joined:,}."] * bool(read.n_joined)
    lines += [f"Rows left out: {len(read.rejects):,}."] * bool(read.rejects)
    worst = found.slivers.head(_WORST)
    lines += ["", "The largest in dispute:"] * bool(len(worst))
    lines += [
        f"  {row['a']} - {row['b']}: {row['kind']}, {row['area_m2']:,.0f} m2, {row['width_m']:,.1f} m wide on average"
        for row in worst.to_dict("records")
    ]
    lines += ["", "The largest that no border bridges:"] * bool(len(found.unmatched))
    lines += [
        f"  {row['kind']}, {row['area_m2']:,.0f} m2, {row['width_m']:,.1f} m wide on average, between {row['around']}"
        for row in found.unmatched.head(_WORST).to_dict("records")
    ]
    return lines
