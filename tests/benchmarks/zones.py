"""All zones of a nation at once: how long they take, how that grows, and how true their width is."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.borders import shared_borders
from geo.zones import zones
from geo.zones_strips import strips
from intake.demo.boundaries import demo_boundaries
from tests.benchmarks.engine import china
from tests.benchmarks.measure import Say, Table, Timed, seconds, timed, verdict

TARGET_S, TARGET_M = 30.0, 1.0
_DEPTH_M = 1000.0
_SHARES = (1 / 8, 1 / 4, 1 / 2, 1)
_SPOTS, _LINES, _STEP_DEG = 40, 200, 2e-5
_NOTES = (
    """Every border as an agreement over its whole length, 1 km deep on each side; the borders are given. By the clock, with
the processor's seconds in brackets: threads share the machine's processors.""",
    """Width: places on the outer edge of strips with round ends, their geodesic distance to the border less the depth.""",
)


def run(n_runs: int, say: Say, *, quick: bool) -> Table:
    """Times at growing shares of a nation's borders, and errors of the width."""
    name, outlines = ("the demonstration", demo_boundaries()) if quick else ("China", china())
    borders_s = timed(lambda: shared_borders(outlines), 1)
    borders = borders_s.result
    rows, last = [], 0.0
    for share in _SHARES:
        some = borders.iloc[:: round(1 / share)].reset_index(drop=True)
        say(f"zones: {len(some):,} borders")
        terms = _terms(some)
        # A nation takes long enough for one run to be enough.
        found = timed(lambda some=some, terms=terms: zones(terms, some, outlines), n_runs if quick else 1)
        _complete(found, terms)
        each = found.wall_s / len(some)
        rows.append(
            [f"{len(some):,} zones of {name}", f"{seconds(found.wall_s)} ({seconds(found.cpu_s)})", seconds(each)]
        )
        last = found.wall_s
    say("zones: width")
    off = np.abs(width_errors_m(borders.geometry.to_numpy()[:: max(1, len(borders) // _LINES)]))
    p50, p99 = (float(np.quantile(off, q)) for q in (0.5, 0.99))
    rows.append([f"error of the width at {len(off):,} places, p50 and p99", f"{p50:.2f} m and {p99:.2f} m", ""])
    verdicts = [verdict("error of the width at p99", p99, TARGET_M, " m")]
    if not quick:
        verdicts.append(verdict("all borders and zones of China", borders_s.wall_s + last, TARGET_S, " s"))
    return Table("Zones", ["work", "time", "each"], rows, [*_NOTES, *verdicts])


def width_errors_m(lines: np.ndarray) -> np.ndarray:
    """How much farther than the depth the edges of strips are from their lines, metres on the ellipsoid."""
    geod, found = pyproj.Geod(ellps="WGS84"), []
    for line, edge in zip(lines, shapely.boundary(strips(lines, _DEPTH_M, flat=False)), strict=True):
        places = shapely.line_interpolate_point(edge, np.arange(_SPOTS) / _SPOTS, normalized=True)
        # The nearest place on a map is not quite the nearest on the ground: the nearest among those beside it is.
        lat = shapely.get_y(places[0])
        wide = [np.cos(np.radians(lat)), 1.0]
        flat, spots = (shapely.transform(one, lambda xy, wide=wide: xy * wide) for one in (line, places))
        dense = shapely.segmentize(flat, 50 * _STEP_DEG)
        near = shapely.get_point(shapely.shortest_line(spots, dense), 1)
        around = shapely.intersection(dense, shapely.buffer(near, 40 * _STEP_DEG))
        for place, piece in zip(places, around, strict=True):
            xy = shapely.get_coordinates(shapely.segmentize(piece, _STEP_DEG)) / wide
            lon, lat = np.full(len(xy), place.x), np.full(len(xy), place.y)
            found.append(geod.inv(lon, lat, *xy.T)[2].min() - _DEPTH_M)
    return np.array(found)


def _terms(borders: gpd.GeoDataFrame) -> pd.DataFrame:
    terms = pd.DataFrame({"id": borders["a"] + "-" + borders["b"], "a": borders["a"], "b": borders["b"]})
    return terms.assign(depth_a_m=_DEPTH_M, depth_b_m=_DEPTH_M, from_m=np.nan, to_m=np.nan)


def _complete(found: Timed, terms: pd.DataFrame) -> None:
    drawn = found.result.groupby("agreement_id")["side"].agg(set)
    if missing := [name for name in terms["id"] if not {"a", "b"} <= drawn.get(name, set())]:
        raise RuntimeError(f"{len(missing)} zones lack a side, the first is {missing[0]}")
