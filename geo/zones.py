"""Zones: the strip along a border that an agreement covers, and whose part of it is whose."""

from typing import Any, NamedTuple, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geo.borders import Line, shared_borders, stretch
from geo.crs import metric_crs, project
from geo.errors import BorderError, FrameError, GeoError
from geo.frames import AGREEMENTS, BORDERS, JURISDICTIONS, SIDES, WGS84, Contract

_QUADRANT = 32  # segments a quarter circle: an arc of 1 km then runs 0.3 m inside the true one
_GEOD = pyproj.Geod(ellps="WGS84")
_METRES_PER_DEG = 110_000.0  # fewer than any degree of latitude has: a margin made with it is wide enough
_COLUMNS = ["agreement_id", "side", "jurisdiction_id", "a", "b", "area_m2"]
_FIGURES = {"a": "part_a_area_m2", "b": "part_b_area_m2", "disputed": "disputed_area_m2"}


class _Terms(NamedTuple):
    """What one agreement says about its strip."""

    id: str
    a: str
    b: str
    depth_a_m: float
    depth_b_m: float
    from_m: float | None
    to_m: float | None


def zones(agreements: pd.DataFrame, borders: gpd.GeoDataFrame, jurisdictions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The parts of every agreement's zone: what lies in a, what in b, and what both outlines or neither holds.

    Parameters
    ----------
    agreements
        Frame `geo.frames.AGREEMENTS`; depths in metres on the ground.
    borders
        Frame `geo.frames.BORDERS`, as `shared_borders` gives it.
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`, the one the borders were made from.

    Returns
    -------
    GeoDataFrame
        Columns agreement_id, side ("a", "b" or "disputed"), jurisdiction_id (None when disputed), a, b, area_m2 (on the
        ellipsoid) and geometry, in the order of the agreements. Empty parts are left out. The strip has flat ends. The
        parts do not overlap. Disputed is where the outlines overlap within the strip, and the gap between outlines
        that do not meet, within the tolerance at which the border was matched.

    Raises
    ------
    FrameError
        When a frame breaks its contract.
    BorderError
        When the two parties share no border, or the stretch does not lie on it.
    GeoError
        When an agreement names an unknown jurisdiction or has depth 0 on both sides.

    Examples
    --------
    >>> squares = gpd.GeoDataFrame({"id": ["e", "w"], "name": ["East", "West"]},
    ...     geometry=[shapely.box(120.1, 30, 120.2, 30.1), shapely.box(120, 30, 120.1, 30.1)], crs=4326)
    >>> memo = pd.DataFrame({"id": ["m"], "a": ["e"], "b": ["w"], "depth_a_m": [1000.0], "depth_b_m": [500.0],
    ...     "from_m": [np.nan], "to_m": [np.nan]})
    >>> parts = zones(memo, shared_borders(squares), squares)
    >>> list(zip(parts.side, parts.area_m2.round(-5)))
    [('a', 11100000.0), ('b', 5500000.0)]
    >>> len(zones(memo.iloc[:0], shared_borders(squares), squares))
    0
    """
    AGREEMENTS.check(agreements)
    _has_columns(borders, BORDERS)
    _has_columns(jurisdictions, JURISDICTIONS)
    rows: list[tuple[Any, ...]] = []
    shapes: list[Any] = []
    for row in agreements[list(_Terms._fields)].itertuples(index=False):
        terms = _terms(row)
        _refuse(terms, jurisdictions)
        border = np.flatnonzero((borders["a"] == terms.a) & (borders["b"] == terms.b))
        if not len(border):
            raise BorderError(f"{terms.a} and {terms.b} share no border; there is no zone between them")
        line, tolerance_m = (
            cast("Line", borders.geometry.iloc[border[0]]),
            float(borders["tolerance_m"].iloc[border[0]]),
        )
        crs = metric_crs(line.bounds)
        strip = stretch(line, terms.from_m, terms.to_m)
        for side, shape in zip(SIDES, _parts(strip, terms, tolerance_m, jurisdictions, crs), strict=True):
            if not shape.is_empty:
                owner = {"a": terms.a, "b": terms.b}.get(side)
                area_m2 = abs(_GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])
                rows.append((terms.id, side, owner, terms.a, terms.b, area_m2))
                shapes.append(shape)
    frame = pd.DataFrame(rows, columns=_COLUMNS, dtype=object).astype(
        {"agreement_id": "str", "side": "str", "a": "str", "b": "str", "area_m2": float}
    )
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=WGS84))


def zone_summary(parts: gpd.GeoDataFrame) -> pd.DataFrame:
    """The areas of each zone, one row an agreement.

    Parameters
    ----------
    parts
        As `zones` gives them.

    Returns
    -------
    DataFrame
        Columns agreement_id, zone_area_m2, part_a_area_m2, part_b_area_m2, disputed_area_m2; a part that is not there
        has 0.

    Examples
    --------
    >>> parts = pd.DataFrame({"agreement_id": ["m", "m"], "side": ["a", "b"], "area_m2": [2.0, 3.0]})
    >>> zone_summary(parts).iloc[0].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'agreement_id': 'm', 'zone_area_m2': 5.0, 'part_a_area_m2': 2.0, 'part_b_area_m2': 3.0,
     'disputed_area_m2': 0.0}
    >>> len(zone_summary(parts.iloc[:0]))
    0
    """
    wide = parts.pivot_table(index="agreement_id", columns="side", values="area_m2", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(SIDES)).fillna(0.0).astype(float)
    wide.insert(0, "zone_area_m2", wide.sum(axis=1))
    return wide.rename(columns=_FIGURES).rename_axis(columns=None).reset_index()


def zone_figures(
    jurisdictions: gpd.GeoDataFrame,
    a: str,
    b: str,
    depth_a_m: float,
    depth_b_m: float,
    from_m: float | None = None,
    to_m: float | None = None,
) -> tuple[dict[str, float], gpd.GeoDataFrame]:
    """What one strip measures, and its parts.

    Parameters
    ----------
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`; only the two parties and their neighbours are looked at.
    a
        One party's id; given in either order, the figures come back for the parties as named here.
    b
        The other's.
    depth_a_m
        How far the strip reaches into a, metres on the ground.
    depth_b_m
        How far into b.
    from_m
        Where the stretch begins, metres along the border. None: at its start.
    to_m
        Where it ends. None: at its end.

    Returns
    -------
    tuple
        A dictionary with border_length_m (of the whole border), stretch_length_m, zone_area_m2, part_a_area_m2,
        part_b_area_m2, disputed_area_m2, and the frame of `zones`, in which the parties stand in the order of text.

    Raises
    ------
    GeoError
        As `zones`.

    Examples
    --------
    >>> squares = gpd.GeoDataFrame({"id": ["e", "w"], "name": ["East", "West"]},
    ...     geometry=[shapely.box(120.1, 30, 120.2, 30.1), shapely.box(120, 30, 120.1, 30.1)], crs=4326)
    >>> figures, parts = zone_figures(squares, "w", "e", 1000, 500, from_m=0, to_m=5000)
    >>> {name: round(value, -3) for name, value in figures.items()}  # doctest: +NORMALIZE_WHITESPACE
    {'border_length_m': 11000.0, 'stretch_length_m': 5000.0, 'zone_area_m2': 7500000.0,
     'part_a_area_m2': 5000000.0, 'part_b_area_m2': 2500000.0, 'disputed_area_m2': 0.0}
    >>> zone_figures(squares.iloc[:0], "w", "e", 1000, 500)
    Traceback (most recent call last):
        ...
    geo.errors.GeoError: jurisdiction 'e' is unknown: one of the ids of 0 jurisdictions was expected
    """
    JURISDICTIONS.check(jurisdictions)
    turned = b < a
    first, second = (b, a) if turned else (a, b)
    depths = (depth_b_m, depth_a_m) if turned else (depth_a_m, depth_b_m)
    terms = _Terms("zone", first, second, float(depths[0]), float(depths[1]), from_m, to_m)
    _refuse(terms, jurisdictions)
    # Neighbours take part: where outlines do not meet, they too claim their share of the line.
    party = jurisdictions.geometry[jurisdictions["id"].isin([a, b])]
    near = np.unique(jurisdictions.sindex.query(party, predicate=None)[1])
    borders = shared_borders(jurisdictions.iloc[near])
    border = borders[(borders["a"] == first) & (borders["b"] == second)]
    memo = pd.DataFrame([terms._asdict()]).astype({"from_m": float, "to_m": float})
    parts = zones(memo, border, jurisdictions)
    area = zone_summary(parts).iloc[0]
    length_m = float(border["length_m"].iloc[0])
    begin, stop = (0.0 if from_m is None else from_m), (length_m if to_m is None else to_m)
    swap = {"a": "b", "b": "a"} if turned else {}
    figures = {"border_length_m": length_m, "stretch_length_m": float(stop - begin)}
    figures["zone_area_m2"] = float(area["zone_area_m2"])
    figures |= {_FIGURES[side]: float(area[_FIGURES[swap.get(side, side)]]) for side in SIDES}
    return figures, parts


def _has_columns(frame: gpd.GeoDataFrame, contract: Contract) -> None:
    """Nothing, when `frame` is what it says; a slider waits, and the rows were checked where they were made."""
    missing = [column for column in contract.columns.columns if column not in frame.columns]
    if missing or not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None or frame.crs.to_epsg() != WGS84:
        wanted = ", ".join(contract.columns.columns)
        raise FrameError(f"{contract.name}: a GeoDataFrame in EPSG:4326 with {wanted} was expected; missing {missing}")


def _terms(row: Any) -> _Terms:
    """An agreement's terms with None where the border's own end is meant."""
    marks_m = (None if pd.isna(mark) else float(mark) for mark in (row.from_m, row.to_m))
    return _Terms(row.id, row.a, row.b, float(row.depth_a_m), float(row.depth_b_m), *marks_m)


def _refuse(terms: _Terms, jurisdictions: gpd.GeoDataFrame) -> None:
    """Nothing, when a zone can be drawn from these terms."""
    known = jurisdictions["id"]
    for party in (terms.a, terms.b):
        if not (known == party).any():
            raise GeoError(
                f"jurisdiction {party!r} is unknown: one of the ids of {len(known)} jurisdictions was expected"
            )
    if terms.a == terms.b:
        raise BorderError(f"{terms.a} has no border with itself: two different jurisdictions were expected")
    if not (np.isfinite([terms.depth_a_m, terms.depth_b_m]).all() and min(terms.depth_a_m, terms.depth_b_m) >= 0):
        raise GeoError(f"depths {terms.depth_a_m:g} m and {terms.depth_b_m:g} m: metres from 0 up were expected")
    if terms.depth_a_m == terms.depth_b_m == 0:
        raise GeoError(
            f"the zone of {terms.a} and {terms.b} has depth 0 on both sides: more than 0 m was expected on one"
        )


def _parts(
    line: Line, terms: _Terms, tolerance_m: float, jurisdictions: gpd.GeoDataFrame, crs: pyproj.CRS
) -> list[BaseGeometry]:
    """The parts a, b and disputed, polygons in EPSG:4326, cut in the plane `crs`."""
    depth_m = max(terms.depth_a_m, terms.depth_b_m, tolerance_m)
    near = _around(line, depth_m)
    ids = jurisdictions["id"].to_numpy(dtype=object)
    a, b = (
        _clipped(jurisdictions.geometry.iloc[int(np.flatnonzero(ids == party)[0])], near, crs) for party in terms[1:3]
    )
    flat = project(line, crs)

    def strip(width_m: float) -> BaseGeometry:
        wide: BaseGeometry = shapely.buffer(flat, width_m, quad_segs=_QUADRANT, cap_style="flat")
        return wide

    disputed = shapely.intersection(shapely.intersection(a, b), strip(max(terms.depth_a_m, terms.depth_b_m)))
    if tolerance_m > 0:
        rows = [k for k in jurisdictions.sindex.query(near) if ids[k] not in terms[1:3]]
        others = [_clipped(jurisdictions.geometry.iloc[k], near, crs) for k in rows]
        gap = shapely.difference(strip(min(tolerance_m, depth_m)), shapely.union_all([a, b, *others]))
        disputed = shapely.union(disputed, gap)
    parts = [
        shapely.difference(shapely.intersection(party, strip(depth)), disputed)
        for party, depth in ((a, terms.depth_a_m), (b, terms.depth_b_m))
    ]
    return [_polygons(project(_polygons(part), crs, inverse=True)) for part in (*parts, disputed)]


def _around(line: Line, depth_m: float) -> shapely.Polygon:
    """A box in degrees that holds everything within `depth_m` of the line."""
    west, south, east, north = line.bounds
    margin = 1.1 * depth_m / _METRES_PER_DEG
    wide = margin / max(np.cos(np.radians(min(89.0, max(abs(south), abs(north)) + margin))), 0.01)
    return shapely.box(west - wide, south - margin, east + wide, north + margin)


def _clipped(outline: BaseGeometry, near: shapely.Polygon, crs: pyproj.CRS) -> BaseGeometry:
    """The part of a jurisdiction in the box, in the plane; a county has more outline than its strip needs."""
    clipped: BaseGeometry = project(_polygons(shapely.intersection(outline, near)), crs)
    return clipped


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape, without the lines and points that cutting leaves."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    kept = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(kept)
