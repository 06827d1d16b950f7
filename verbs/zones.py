"""The verb that measures a zone; needs no store."""

from pathlib import Path

import click

from exports.geofile import write_geofile
from geo.zones_figures import zone_figures
from intake.boundaries import read_boundaries
from intake.demo.boundaries import demo_boundaries
from verbs.options import existing, json_option, not_over, plain_errors, say


class _Place(click.ParamType):  # type: ignore[type-arg]
    """A longitude and a latitude with a comma between."""

    name = "place"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """The two numbers; anything else is refused with an example."""
        try:
            lon, lat = (float(one) for one in value.split(","))
        except ValueError:
            self.fail(f"{value!r} is no place: longitude and latitude such as 120.43,30.87 were expected", param, ctx)
        return lon, lat


_PLACE = _Place()


@click.command("zones")
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
@click.option("--from-point", type=_PLACE, metavar="LON,LAT", help="A place beside which the stretch begins or ends.")
@click.option("--to-point", type=_PLACE, metavar="LON,LAT", help="The place at its other end.")
@click.option("--ends", type=click.Choice(["flat", "round"]), default="flat", show_default=True, help="Its ends.")
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
    from_point: tuple[float, float] | None,
    to_point: tuple[float, float] | None,
    ends: str,
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
    places = None if from_point is None or to_point is None else (from_point, to_point)
    if (places is None and from_point is not to_point) or (places is not None and (from_m, to_m) != (None, None)):
        raise click.UsageError("Give both --from-point and --to-point, or marks with --from-m and --to-m, or neither.")
    depths = (depth_m if depth_a_m is None else depth_a_m, depth_m if depth_b_m is None else depth_b_m)
    not_over(file, out)
    with plain_errors():
        outlines = demo_boundaries() if file is None else read_boundaries(file, id_column, datum)
        figures, parts = zone_figures(outlines, a, b, *depths, from_m, to_m, ends=ends, places=places)
        if out is not None:
            write_geofile(parts, out)
    words = "\n".join(f"{name}: {value:,.1f}" for name, value in figures.items())
    say(figures, words, as_json=as_json)
