"""The verb that looks for clusters closer than chance; needs no store."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pandas as pd

from casework.model import Kind
from exports.clusterlist import clusters_as_dict
from exports.geofile import write_geofile
from geo.borders import shared_borders
from geo.errors import GeoError
from geo.places import place
from geo.scan import Scan, scan
from geo.scan_centres import along_borders
from geo.scan_incidents import incident_cases, visits_effort
from geo.scan_settings import ScanSettings
from geo.scan_study import Against
from geo.shifts import Floats
from intake.boundaries import read_boundaries
from intake.errors import DatumMissingError
from intake.incidents import read_incidents
from intake.mapping import Mapping, read_mapping
from intake.progress import progress_bar
from intake.reading import Options
from intake.satscan import read_cases, read_population, read_sites
from settings import Settings
from verbs.options import existing, json_option, not_over, plain_errors, reading_options, say

_MOST_SHOWN = 10
_WANTED = 0.05


def _options(verb: Any) -> Any:
    """Add what is looked for, and where it comes from."""
    units, models = ["day", "month", "year", "generic"], ["permutation", "poisson", "bernoulli"]
    for option in reversed((
        click.option("--incidents", type=existing, help="Incidents, in any form that `load` takes."),
        click.option("--jurisdictions", type=existing, help="Outlines: whose ground each incident lies on."),
        click.option("--outlines-datum", help="As --datum, for the outlines."),
        click.option("--border-step-m", default=500.0, show_default=True, help="Circles about points so far apart along shared borders too; 0: none."),
        click.option("--visits", type=existing, help="Inspections as effort for --model poisson, in any form that `load` takes."),
        click.option("--cas", type=existing, help="Cases, SaTScan's form; with --geo, instead of --incidents."),
        click.option("--geo", "places", type=existing, help="Coordinates, SaTScan's form."),
        click.option("--ctl", type=existing, help="Controls for --model bernoulli, SaTScan's form."),
        click.option("--pop", type=existing, help="Population for --model poisson, SaTScan's form."),
        click.option("--coordinates", type=click.Choice(["latlon", "cartesian"]), default="latlon", show_default=True),
        click.option("--model", type=click.Choice(models), default="permutation", show_default=True),
        click.option("--prospective", is_flag=True, help="Only clusters that last until the end of the study."),
        click.option("--radius-km", type=float, help="Largest radius; in units of the plane when cartesian."),
        click.option("--days", type=int, help="Longest time, in days: the same as --time-length."),
        click.option("--time-length", type=int, help="Longest time, in units of --precision; without it half the study."),
        click.option("--precision", type=click.Choice(units), default="day", show_default=True),
        click.option("--aggregation", default=1, show_default=True, help="Units of time taken together."),
        click.option("--start", help="First day of the study (or number); without it the first case."),
        click.option("--end", help="Last day; without it the last case."),
        click.option("--max-share", default=0.5, show_default=True, help="Largest share of expected cases in a circle."),
        click.option("--min-cases", default=2, show_default=True, help="Least cases in a cluster."),
        click.option("--min-each-side", type=click.IntRange(min=1), default=2, show_default=True, help="Incidents on two sides that make it straddle."),
        click.option("--replications", default=999, show_default=True, help="Monte Carlo replications."),
        click.option("--stop-after", type=int, help="Stop after so many replications as large as the strongest cluster."),
        click.option("--seed", default=1, show_default=True, help="Where chance starts."),
        click.option("--most", default=20, show_default=True, help="Clusters told at most."),
        click.option("--most-pairs", default=2_000_000, show_default=True, help="Pairs of a centre and a place in its circle above which wide circles are about fewer centres."),
        click.option("--jobs", type=int, default=-1, show_default=True, help="Replications at a time; -1: all processors."),
        click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the centres: .geojson, .gpkg, ..."),
        reading_options,
        json_option,
    )):  # fmt: skip
        verb = option(verb)
    return verb


@click.command("clusters")
@_options
def find_significant(
    incidents: Path | None, cas: Path | None, places: Path | None, datum: str | None, mapping_file: Path | None,
    timezone: str | None, id_column: str | None, out: Path | None, jobs: int, min_each_side: int, *, as_json: bool,
    **asked: Any,
) -> None:  # fmt: skip
    """Find clusters closer in space and time than chance, with their p; needs no store."""
    if (incidents is None) is (cas is None) or (cas is not None and places is None):
        raise click.UsageError("Name incidents with --incidents, or SaTScan's files with --cas and --geo.")
    _refuse_what_goes_unused({"incidents": incidents, "cas": cas, "geo": places, **asked})
    for read in (incidents, cas, places, asked["jurisdictions"]):
        not_over(read, out)
    settings = Settings()
    with plain_errors():
        if incidents is not None:
            mapping = read_mapping(mapping_file, Kind.INCIDENTS) if mapping_file else Mapping()
            options = Options(datum, timezone, id_column, mapping, settings.timezone)
            given = _incidents(incidents, asked, options)
        else:
            given = _satscan(cas, places, asked)
        terms = _terms(asked, timezone or settings.timezone)
        with progress_bar("replications") as progress:
            found = scan(
                given.cases, given.sites, terms, given.against, centres=given.centres, jobs=jobs, progress=progress
            )
        caveats = [*given.left_out, *found.caveats, *_few(terms.replications)]
        if found.n_cases == 0:
            raise GeoError(" ".join(caveats))
        if out is not None:
            write_geofile(_on_the_map(found), out)
    result = clusters_as_dict(found, given.cases, given.sites, caveats, min_each_side)
    say(result, _words(result, settings.significance), as_json=as_json)


def _refuse_what_goes_unused(asked: dict[str, Any]) -> None:
    """Refuse options that the others leave without effect: somebody expected one."""
    source, others = (
        ("incidents", ("geo", "ctl", "pop")) if asked["incidents"] else ("cas", ("visits", "jurisdictions"))
    )
    for name in others:
        if asked[name] is not None:
            raise click.UsageError(f"--{name} does not go with --{source}.")
    for name, models in (("visits", ("poisson", "bernoulli")), ("pop", ("poisson",)), ("ctl", ("bernoulli",))):
        if asked[name] is not None and asked["model"] not in models:
            raise click.UsageError(f"--{name} goes with --model {' or '.join(models)}, not with {asked['model']}.")
    if asked["days"] is not None and (asked["precision"] != "day" or asked["time_length"] is not None):
        raise click.UsageError("--days goes with --precision day and without --time-length.")
    if asked["incidents"] is not None and asked["precision"] == "generic":
        raise click.UsageError("Incidents have dates: --precision day, month or year was expected, not generic.")


def _few(replications: int) -> list[str]:
    """What has to be known of a p from so few replications."""
    least = 1 / (replications + 1)
    return [f"With --replications {replications} no p can be below {least:.2g}; 999 are usual."] * (least > _WANTED)


@dataclass(frozen=True)
class _Given:
    """What a scan is asked about, sentences on what was left out, and centres along borders."""

    cases: pd.DataFrame
    sites: pd.DataFrame
    against: Against
    left_out: list[str]
    centres: Floats | None = None


def _incidents(file: Path, asked: dict[str, Any], options: Options) -> _Given:
    """Incidents on their jurisdictions' ground, and inspections to compare them with."""
    now = datetime.now(UTC)
    rows, rejects = read_incidents(file, options, now)
    left_out = []
    if rejects:
        first = rejects[0]
        left_out.append(
            f"{_n(len(rejects), 'row')} of {file.name} left out; the first is row {first.row}, {first.field}: "
            f"{first.value!r}, expected {first.expected}."
        )
    outlines = _outlines(asked["jurisdictions"], asked["outlines_datum"])
    centres = None
    if outlines is not None:
        rows["jurisdiction_id"] = place(rows.geometry, outlines)
        outside = rows["jurisdiction_id"].isna()
        if outside.any():
            left_out.append(f"{_n(int(outside.sum()), 'incident')} outside the jurisdictions left out.")
        rows = rows[~outside].reset_index(drop=True)
        if asked["border_step_m"] != 0:
            # Between jurisdictions without incidents a circle would hold none.
            borders = shared_borders(outlines[outlines["id"].isin(rows["jurisdiction_id"])])
            centres = along_borders(borders.geometry.to_numpy(), asked["border_step_m"])
    cases, sites = incident_cases(rows)
    if asked["visits"] is None:
        return _Given(cases, sites, Against(), left_out, centres)
    visits, _ = read_incidents(asked["visits"], options, now)
    effort, sites = visits_effort(visits, sites)
    return _Given(cases, sites, Against(controls=effort[["site", "at"]], effort=effort), left_out, centres)


def _outlines(file: Path | None, datum: str | None) -> gpd.GeoDataFrame | None:
    """The jurisdictions; the incidents' datum is not theirs, so a file that names none is asked about."""
    if file is None:
        return None
    try:
        return read_boundaries(file, datum=datum)
    except DatumMissingError as error:
        raise DatumMissingError(str(error).replace("--datum", "--outlines-datum")) from error


def _satscan(cas: Path | None, places: Path | None, asked: dict[str, Any]) -> _Given:
    """SaTScan's files."""
    assert cas is not None
    assert places is not None
    precision = asked["precision"]
    cases, sites = read_cases(cas, precision), read_sites(places, asked["coordinates"])
    controls = read_cases(asked["ctl"], precision) if asked["ctl"] else None
    population = read_population(asked["pop"], precision) if asked["pop"] else None
    covariates = tuple(name for name in cases.columns if name.startswith("covariate_"))
    adjusted = covariates if population is not None else ()
    return _Given(cases, sites, Against(population=population, covariates=adjusted, controls=controls), [])


def _terms(asked: dict[str, Any], timezone: str) -> ScanSettings:
    """The settings that the options make."""
    length = asked["time_length"] if asked["time_length"] is not None else asked["days"]
    cartesian = asked["coordinates"] == "cartesian"
    radius = asked["radius_km"]
    begin, end = (_moment(asked[name], asked["precision"], name) for name in ("start", "end"))
    return ScanSettings(
        model=asked["model"], prospective=asked["prospective"], max_share=asked["max_share"], max_length=length,
        max_radius_m=None if radius is None else radius * (1 if cartesian else 1000), min_cases=asked["min_cases"],
        unit=asked["precision"], aggregation=asked["aggregation"], start=begin, end=end, timezone=timezone,
        geometry="cartesian" if cartesian else "lonlat", replications=asked["replications"],
        stop_after=asked["stop_after"], seed=asked["seed"], most=asked["most"],
        most_pairs=asked["most_pairs"],
    )  # fmt: skip


def _moment(words: str | None, precision: str, name: str) -> date | int | None:
    """A day, or a number when time is generic."""
    if words is None:
        return None
    try:
        return int(words) if precision == "generic" else date(*(int(part) for part in re.split(r"[-/]", words)))
    except (TypeError, ValueError) as error:
        expected = "a whole number" if precision == "generic" else "a day such as 2026-03-05"
        raise GeoError(f"--{name} {words!r}: {expected} was expected") from error


def _on_the_map(found: Scan) -> gpd.GeoDataFrame:
    """Centres as features, lists as text."""
    if not isinstance(found.clusters, gpd.GeoDataFrame):
        raise GeoError("--out writes places on the globe: coordinates in degrees were expected, not cartesian ones")
    frame = found.clusters.drop(columns=["case_rows", "x", "y"])
    return frame.assign(
        site_ids=[" ".join(map(str, ids)) for ids in frame["site_ids"]],
        start_on=frame["start_on"].astype(str), end_on=frame["end_on"].astype(str),
    )  # fmt: skip


def _n(n: int, what: str) -> str:
    """So many of something."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _words(result: dict[str, Any], alpha: float) -> str:
    """The result for a person."""
    lines = [
        f"{row['cluster']}. {row['start']} to {row['end']}, {row['radius_m']:,.0f} m about {row['centre'][0]:.5f}, "
        f"{row['centre'][1]:.5f}: {row['observed']} observed, {row['expected']:.2f} expected, "
        f"statistic {row['statistic']:.6f}, p {row['p']:.3g}{', straddles' if row['straddles'] else ''}"
        for row in result["clusters"][:_MOST_SHOWN]
    ]
    n_clear = sum(row["p"] <= alpha for row in result["clusters"])
    head = _n(len(result["clusters"]), "cluster")
    head += f", of which {n_clear or 'none'} closer than chance (p up to {alpha:g})," if lines else ""
    head += f" among {_n(result['n_incidents'], 'incident')}, {result['model']}, "
    head += f"{_n(result['replications'], 'replication')}, seed {result['seed']}."
    return "\n".join([*lines, head, *result["caveats"]])
