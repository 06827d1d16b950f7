"""Outlines spoiled on purpose, as those of different offices are: each kind seeded, each with a width in metres."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely

from geo.borders import shared_borders
from geo.polygons import polygons_of

KINDS = ("shift", "simplify", "density", "shrink", "overlap", "river")


def perturbed(outlines: gpd.GeoDataFrame, kind: str, width_m: float, seed: int) -> gpd.GeoDataFrame:
    """The same jurisdictions with outlines that no longer meet: gaps and overlaps of about `width_m`.

    shift moves each outline by up to half the width; simplify thins each by its own tolerance of up to half; density puts
    other vertices on each line and moves every one a little; shrink and overlap move each outline inward or outward by
    half; river cuts a strip of that width along a third of the borders and leaves the others exact.
    """
    rng = np.random.default_rng(seed)
    if width_m == 0:
        return outlines
    shapes = outlines.geometry.to_numpy()
    if kind == "river":
        moved = _river(outlines, width_m, rng)
    else:
        change = _CHANGES[kind]
        moved = np.array([_in_plane(shape, lambda flat: change(flat, width_m, rng)) for shape in shapes], dtype=object)
    kept = ~shapely.is_empty(moved)
    return outlines[kept].set_geometry(moved[kept], crs=outlines.crs)


def _in_plane(shape: shapely.Geometry, change: Callable[[shapely.Geometry], shapely.Geometry]) -> shapely.Geometry:
    """`shape` changed on a plane of metres about its own middle, which also holds across the antimeridian."""
    xy = shapely.get_coordinates(shape)
    middle = (xy.min(axis=0) + xy.max(axis=0)) / 2
    scale = np.array([111_320.0 * np.cos(np.radians(middle[1])), 110_950.0])
    flat = shapely.transform(shape, lambda at: (at - middle) * scale)
    changed = polygons_of(shapely.make_valid(change(flat), method="structure", keep_collapsed=False))
    return shapely.transform(changed, lambda at: at / scale + middle)


def _river(outlines: gpd.GeoDataFrame, width_m: float, rng: np.random.Generator) -> np.ndarray:
    """The shapes with a strip cut out of both sides along a third of the borders."""
    borders = shared_borders(outlines, 0)
    wet = borders[rng.uniform(size=len(borders)) < 1 / 3]
    at = {one: k for k, one in enumerate(outlines["id"])}
    shapes = outlines.geometry.to_numpy().copy()
    for a, b, line in zip(wet["a"], wet["b"], wet.geometry, strict=True):
        strip = _in_plane(line, lambda flat: shapely.buffer(flat, width_m / 2, cap_style="flat"))
        for party in (a, b):
            left = polygons_of(shapely.difference(shapes[at[party]], strip))
            shapes[at[party]] = left
    return shapes


def _shift(flat: shapely.Geometry, width_m: float, rng: np.random.Generator) -> shapely.Geometry:
    angle, far = rng.uniform(0, 2 * np.pi), width_m / 2 * np.sqrt(rng.uniform())
    return shapely.transform(flat, lambda at: at + far * np.array([np.cos(angle), np.sin(angle)]))


def _simplify(flat: shapely.Geometry, width_m: float, rng: np.random.Generator) -> shapely.Geometry:
    return shapely.simplify(flat, width_m / 2 * rng.uniform(0.3, 1.0))


def _density(flat: shapely.Geometry, width_m: float, rng: np.random.Generator) -> shapely.Geometry:
    dense = shapely.segmentize(flat, rng.uniform(4, 12) * width_m)
    dense = shapely.simplify(dense, width_m / 20) if rng.uniform() < 0.5 else dense
    noise = rng.normal(0, width_m / 6, (10_000, 2))
    # The same place always moves alike, or a ring would not close.
    return shapely.transform(dense, lambda at: at + noise[(np.abs(at * 1000).sum(axis=1) % 9973).astype(int)])


def _shrink(flat: shapely.Geometry, width_m: float, rng: np.random.Generator) -> shapely.Geometry:
    return shapely.buffer(flat, -width_m / 2, join_style="mitre")


def _overlap(flat: shapely.Geometry, width_m: float, rng: np.random.Generator) -> shapely.Geometry:
    return shapely.buffer(flat, width_m / 2, join_style="mitre")


_CHANGES = {"shift": _shift, "simplify": _simplify, "density": _density, "shrink": _shrink, "overlap": _overlap}
