"""The verb that tells who is first at each place, and the ground each station reaches; needs no store."""

from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import numpy as np

from exports.geofile import write_geofile
from geo.frames import WGS84
from geo.reach import lonlat
from geo.roads import FARTHEST_M, Roads
from geo.shifts import Floats
from geo.travel import StraightLine, Travel, stated
from intake.places import read_places
from intake.progress import progress_bar
from intake.roads import read_roads
from intake.valhalla import Valhalla
from verbs.options import existing, json_option, not_over, plain_errors, say

_PROVIDERS = ("roads", "valhalla", "straight")
_FAR_M = 500.0


@click.command("reach")
@click.option("--roads", "file", type=existing, help="Roads: .osm.pbf, or lines with a speed or class column.")
@click.option("--stations", required=True, type=existing, help="Where crews start: a table or map file of places.")
@click.option("--targets", required=True, type=existing, help="Where they go: a table or map file of places.")
@click.option("--minutes", default=30.0, show_default=True, help="The time within which a place counts as covered.")
@click.option("--provider", type=click.Choice(_PROVIDERS), default="roads", show_default=True, help="Whose times.")
@click.option("--calibration", default=1.0, show_default=True, help="Factor on every speed of the roads.")
@click.option("--kmh", default=40.0, show_default=True, help="Speed along the straight line.")
@click.option("--ferries", is_flag=True, help="Take ferries too.")
@click.option("--arriving", is_flag=True, help="From the targets to the stations, rather than the other way.")
@click.option("--tiles", type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps Valhalla's tiles.")
@click.option("--id-column", help="Column that holds the ids, in both files.")
@click.option("--datum", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:n; without it each file's own word counts.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what each station reaches: .geojson, .gpkg, .fgb, .shp or .parquet.",
)
@json_option
def measure_reach(
    file: Path | None,
    stations: Path,
    targets: Path,
    minutes: float,
    provider: str,
    calibration: float,
    kmh: float,
    tiles: Path | None,
    id_column: str | None,
    datum: str | None,
    out: Path | None,
    *,
    ferries: bool,
    arriving: bool,
    as_json: bool,
) -> None:
    """Tell which station is first at each target, and how soon; needs no store."""
    not_over(file, out)
    not_over(stations, out)
    not_over(targets, out)
    if file is None and provider != "straight":
        raise click.UsageError("Name a file of roads with --roads, or take --provider straight.")
    if not 0 < minutes < np.inf:
        raise click.UsageError(f"--minutes {minutes:g}: minutes above 0 were expected.")
    with plain_errors():
        depots, spots = (read_places(one, id_column, datum) for one in (stations, targets))
        travel = _travel(provider, file, calibration, kmh, tiles, datum, ferries=ferries)
        at, to = lonlat(depots.frame), lonlat(spots.frame)
        from_road, to_road = travel.snap_m(at), travel.snap_m(to)
        faults = _off(depots.frame, from_road, "station") + _off(spots.frame, to_road, "target")
        found, took = _first(travel, at, to, arriving=arriving)
        if out is not None:
            write_geofile(_ground(depots.frame, at, minutes, travel, from_road, arriving=arriving), out)
    ids = depots.frame["id"].tolist()
    rows = [
        {
            "target": target,
            "station": ids[one] if one >= 0 else None,
            "minutes": round(float(time), 2) if one >= 0 else None,
            "snap_m": _metres(off),
        }
        for target, one, time, off in zip(spots.frame["id"], found, took, to_road, strict=True)
    ]
    n_covered = int((took <= minutes).sum())
    warnings = [*depots.left_out, *spots.left_out, *faults]
    result = {
        "targets": rows,
        "coverage": {
            "minutes": minutes,
            "n_targets": len(rows),
            "n_covered": n_covered,
            "n_unreachable": int((found < 0).sum()),
            "share": n_covered / len(rows),
        },
        "stations": [{"station": one, "snap_m": _metres(off)} for one, off in zip(ids, from_road, strict=True)],
        **stated(travel),
        "warnings": warnings,
    }
    say(result, _words(result), as_json=as_json)
    if not as_json:
        for one in warnings:
            click.echo(f"Note: {one}", err=True)


def _travel(
    provider: str,
    file: Path | None,
    calibration: float,
    kmh: float,
    tiles: Path | None,
    datum: str | None,
    *,
    ferries: bool,
) -> Travel:
    """Where the times come from."""
    if file is None or provider == "straight":
        return StraightLine(kmh)
    if provider == "valhalla":
        return Valhalla(file, tiles)
    with progress_bar(file.name) as progress:
        streets = read_roads(file, datum, progress)
    return Roads(streets, calibration=calibration, ferries=ferries)


def _first(travel: Travel, at: Floats, to: Floats, *, arriving: bool) -> tuple[np.ndarray[Any, Any], Floats]:
    """The station that is first at each target, -1 for none, and its minutes."""
    if not arriving:
        return travel.first(at, to)
    times = travel.minutes(to, at)
    least = times.min(axis=1)
    return np.where(np.isinf(least), -1, times.argmin(axis=1)), least


def _ground(
    depots: gpd.GeoDataFrame, at: Floats, minutes: float, travel: Travel, off_m: Floats, *, arriving: bool
) -> gpd.GeoDataFrame:
    """What each station reaches, a row each."""
    columns = {"id": depots["id"], "minutes": minutes, "snap_m": off_m.round(1), **stated(travel)}
    shapes = travel.ground(at, [minutes], arriving=arriving)[:, 0]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84).astype({"data_on": "str"})


def _off(places: gpd.GeoDataFrame, off_m: Floats, what: str) -> list[str]:
    """A sentence for each place that is far from any road."""
    told = []
    for name, metres in zip(places["id"], off_m, strict=True):
        if metres > FARTHEST_M:
            where = f"{metres / 1000:,.1f} km from the nearest road" if np.isfinite(metres) else "without any road near"
            told.append(f"{what} {name} is {where} that is connected to the others: it is off the network.")
        elif metres > _FAR_M:
            told.append(f"{what} {name} is {metres:,.0f} m from the nearest road: times are from there.")
    return told


def _metres(off: float) -> float | None:
    """Metres for JSON, which knows no infinity."""
    return round(float(off), 1) if np.isfinite(off) else None


def _words(result: dict[str, Any]) -> str:
    """The result for a person."""
    lines = [
        f"{row['target']}: {row['station']} in {row['minutes']:.1f} min"
        if row["station"]
        else f"{row['target']}: nobody"
        for row in result["targets"]
    ]
    covered = result["coverage"]
    of = f", roads of {result['data_on']}" if result["data_on"] else ""
    lines.append(
        f"{covered['n_covered']:,} of {covered['n_targets']:,} targets within {covered['minutes']:g} minutes "
        f"({covered['share']:.0%}); {result['provider']}{of}, about +-{result['error']:.0%}."
    )
    return "\n".join(lines)
