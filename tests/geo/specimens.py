"""Small specimens: boards of squares, agreements, stations."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def frame_of(shapes, ids=None):
    """A jurisdictions frame of these shapes."""
    names = [f"j{k:02d}" for k in range(len(shapes))] if ids is None else ids
    return gpd.GeoDataFrame({"id": names, "name": names}, geometry=list(shapes), crs=4326).astype(
        {"id": "str", "name": "str"}
    )


def board(n=3, x=120.0, y=30.0, side=0.1):
    """n x n squares with exact common edges, ids j00 ... row by row."""
    at = [(x + side * c, y + side * r) for r in range(n) for c in range(n)]
    return frame_of([shapely.box(west, south, west + side, south + side) for west, south in at])


def wiggly_board(seed, n=3, side=0.1):
    """Cells with common, crooked edges."""
    rng = np.random.default_rng(seed)
    corner = {
        (c, r): np.array([120 + side * c, 30 + side * r]) + rng.normal(0, 0.1 * side, 2)
        for c in range(n + 1)
        for r in range(n + 1)
    }
    edge = {}

    def path(p, q):
        key = (min(p, q), max(p, q))
        if key not in edge:
            share = np.linspace(0, 1, 8)[:, None]
            xy = corner[key[0]] + share * (corner[key[1]] - corner[key[0]])
            xy[1:-1] += rng.normal(0, 0.005 * side, (6, 2))
            edge[key] = xy.round(8)
        return edge[key] if key == (p, q) else edge[key][::-1]

    cells = []
    for r in range(n):
        for c in range(n):
            ring = [(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1), (c, r)]
            cells.append(shapely.Polygon(np.concatenate([path(p, q)[:-1] for p, q in pairwise(ring)])))
    return frame_of(cells)


def memo(a="j00", b="j01", depth_a_m=1000.0, depth_b_m=1000.0, from_m=np.nan, to_m=np.nan):
    """An agreements frame of one row."""
    row = {"id": "m", "a": a, "b": b, "depth_a_m": depth_a_m, "depth_b_m": depth_b_m, "from_m": from_m, "to_m": to_m}
    return pd.DataFrame([row]).astype({"from_m": float, "to_m": float})


def stations_of(rows):
    """A stations frame of (id, level, jurisdiction_id, n_officers, lon, lat)."""
    frame = pd.DataFrame(rows, columns=["id", "level", "jurisdiction_id", "n_officers", "lon", "lat"])
    frame["name"] = frame["id"]
    frame = frame.astype({"id": "str", "name": "str", "level": "str", "jurisdiction_id": "str"})
    points = gpd.points_from_xy(frame.pop("lon").astype(float), frame.pop("lat").astype(float))
    return gpd.GeoDataFrame(frame, geometry=points, crs=4326)
