"""Zones: the strip along a border that an agreement covers, and whose part of it is whose."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import BorderError, FrameError, GeoError
from geo.frames import AGREEMENTS, BORDERS, JURISDICTIONS, LETTERS, WGS84, Contract
from geo.polygons import areas_m2
from geo.stretches import stretch
from geo.zones_parts import Cut, Strips, cut, merged
from geo.zones_strips import strips

DEEPEST_M = 100_000.0  # deeper than any county, and as much as a plane bears
_COLUMNS = ["agreement_id", "side", "jurisdiction_id", "a", "b", "area_m2"]

Shapes = npt.NDArray[np.object_]
Part = tuple[str, str | None, BaseGeometry]


def zones(agreements: pd.DataFrame, borders: gpd.GeoDataFrame, jurisdictions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The parts of every agreement's zone: what lies in each party, what is disputed, and what lies beyond them.

    Parameters
    ----------
    agreements
        Frame `geo.frames.AGREEMENTS`; depths in metres on the ground, up to 100 km. Parties may be named in either
        order. Rows that share an id are strips of one agreement between up to eight parties, or several stretches.
        Optional columns: `ends`, "flat" (default) or "round" (`geo.zones_strips`); `beyond`, whether the strip also
        covers ground of others and of nobody, within the larger of its two depths (default False).
    borders
        Frame `geo.frames.BORDERS`, as `shared_borders` gives it.
    jurisdictions
        Frame `geo.frames.JURISDICTIONS`, the one the borders were made from.

    Returns
    -------
    GeoDataFrame
        Columns agreement_id, side, jurisdiction_id, a, b, area_m2 (on the ellipsoid, edges straight in degrees) and
        geometry, in the order of the agreements. `side` is a letter for each party, "a" for the first of their ids as
        text, "b" for the second and so on, then "disputed", then "beyond". `jurisdiction_id` is whose the part is, None
        when disputed or nobody's. Columns a and b are the parties: the first, and the second, or all others with commas
        between. Empty parts are left out. The parts of an agreement do not overlap. Disputed is where the outlines of
        parties overlap within the strip, and the gap between outlines that do not meet, within the tolerance at which
        the border was matched. Deeper than the county the strip is all the county's ground within the depth.

    Raises
    ------
    FrameError
        When a frame breaks its contract.
    BorderError
        When two parties share no border, or the stretch does not lie on it.
    GeoError
        When an agreement names an unknown jurisdiction or one without ground, has depth 0 on both sides, is deeper than
        100 km, has more than eight parties, or reaches nobody's ground. With several agreements the first that cannot
        be drawn is named.

    Examples
    --------
    >>> from geo.borders import shared_borders
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
    terms = _terms(agreements)
    outlines = jurisdictions.sort_values("id", kind="stable").reset_index(drop=True)
    row = pd.Index(outlines["id"]).get_indexer
    row_a, row_b = row(terms["a"]), row(terms["b"])
    border = _refuse(terms, row_a, row_b, outlines, borders)
    tolerance_m = borders["tolerance_m"].to_numpy(dtype=float)[border]
    lines = _stretches(terms, borders.geometry.to_numpy()[border])
    depth_a, depth_b = terms["depth_a_m"].to_numpy(), terms["depth_b_m"].to_numpy()
    depth = np.maximum(depth_a, depth_b)
    flat = (terms["ends"] == "flat").to_numpy()
    # Both sides end on the same straight line, and zones up to 1 km deep on the same as the shallower ones.
    bearing_m = depth / 2
    both = strips(lines, depth, flat, bearing_m)
    other = np.where(depth_a == depth, depth_b, depth_a)
    lesser = both.copy()
    apart = other != depth
    lesser[apart] = strips(lines[apart], other[apart], flat[apart], bearing_m[apart])
    widths = Strips(
        a=np.where(depth_a == depth, both, lesser),
        b=np.where(depth_b == depth, both, lesser),
        both=both,
        gap=strips(lines, np.minimum(tolerance_m, depth), flat, bearing_m),
    )
    found = cut(widths, row_a, row_b, terms["beyond"].to_numpy(), outlines)
    return _frame(terms, found, outlines["id"].to_numpy(dtype=object))


def _has_columns(frame: gpd.GeoDataFrame, contract: Contract) -> None:
    """Nothing, when `frame` is what it says; a slider waits, and the rows were checked where they were made."""
    missing = [column for column in contract.columns.columns if column not in frame.columns]
    if missing or not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None or frame.crs.to_epsg() != WGS84:
        wanted = ", ".join(contract.columns.columns)
        raise FrameError(f"{contract.name}: a GeoDataFrame in EPSG:4326 with {wanted} was expected; missing {missing}")


def _terms(agreements: pd.DataFrame) -> pd.DataFrame:
    """The agreements with every column there is, the lesser party first."""
    names = ["id", "a", "b", "depth_a_m", "depth_b_m", "from_m", "to_m"]
    terms = agreements[names].reset_index(drop=True)
    terms = terms.astype(dict.fromkeys(names[:3], "object") | dict.fromkeys(names[3:], float))
    for column, usual in (("ends", "flat"), ("beyond", False)):
        terms[column] = agreements[column].to_numpy() if column in agreements else usual
    turned = (terms["b"] < terms["a"]).to_numpy()
    for one, two in (("a", "b"), ("depth_a_m", "depth_b_m")):
        first, second = terms[one].to_numpy(), terms[two].to_numpy()
        terms[one], terms[two] = np.where(turned, second, first), np.where(turned, first, second)
    return terms


def _refuse(
    terms: pd.DataFrame,
    row_a: npt.NDArray[np.int64],
    row_b: npt.NDArray[np.int64],
    outlines: gpd.GeoDataFrame,
    borders: gpd.GeoDataFrame,
) -> npt.NDArray[np.int64]:
    """The row of every border, when a zone can be drawn from these terms."""
    n = len(outlines)
    empty = np.append(shapely.is_empty(outlines.geometry.to_numpy()) | outlines.geometry.isna().to_numpy(), False)
    depths = terms[["depth_a_m", "depth_b_m"]].to_numpy()
    parties = terms[["a", "b"]].to_numpy(dtype=object)
    found = pd.MultiIndex.from_frame(borders[["a", "b"]].astype(object)).get_indexer(
        pd.MultiIndex.from_arrays([parties[:, 0], parties[:, 1]])
    )
    ground = borders.geometry.is_empty.to_numpy()
    several = len(terms) > 1
    bad = (row_a < 0) | (row_b < 0) | (parties[:, 0] == parties[:, 1]) | (found < 0) | empty[row_a] | empty[row_b]
    bad |= ~((depths >= 0) & (depths <= DEEPEST_M)).all(axis=1) | (depths.max(axis=1) <= 0)
    bad |= np.append(ground, False)[found]
    for k in np.flatnonzero(bad)[:1]:
        a, b = parties[k]
        deep = " m and ".join(f"{one:g}" for one in depths[k])
        whose = f"agreement {terms['id'][k]!r}: " if several else ""
        for party, row in zip((a, b), (row_a[k], row_b[k]), strict=True):
            if row < 0:
                raise GeoError(
                    f"{whose}jurisdiction {party!r} is unknown: one of the ids of {n} jurisdictions was expected"
                )
            if empty[row]:
                raise GeoError(f"{whose}jurisdiction {party!r} has no ground: a polygon was expected")
        if a == b:
            raise BorderError(f"{whose}{a} has no border with itself: two different jurisdictions were expected")
        if not ((depths[k] >= 0) & (depths[k] <= DEEPEST_M)).all():
            most = f"{DEEPEST_M:,.0f}"
            raise GeoError(f"{whose}depths {deep} m: metres from 0 up to {most} were expected")
        if not depths[k].max() > 0:
            raise GeoError(
                f"{whose}the zone of {a} and {b} has depth 0 on both sides: more than 0 m was expected on one"
            )
        raise BorderError(f"{whose}{a} and {b} share no border; there is no zone between them")
    for name, some in terms[terms.duplicated("id", keep=False)].groupby("id", sort=False):
        if (many := len(set(some["a"]) | set(some["b"]))) > len(LETTERS):
            raise GeoError(f"agreement {name!r} has {many} parties: up to {len(LETTERS)} were expected")
    return found


def _stretches(terms: pd.DataFrame, lines: Shapes) -> Shapes:
    """The stretch of border each row is about."""
    found = lines.copy()
    marks = terms[["from_m", "to_m"]].to_numpy()
    for k in np.flatnonzero(np.isfinite(marks).any(axis=1)):
        begin, stop = (None if np.isnan(mark) else float(mark) for mark in marks[k])
        try:
            found[k] = stretch(lines[k], begin, stop)
        except BorderError as error:
            whose = f"agreement {terms['id'][k]!r}: " if len(terms) > 1 else ""
            raise BorderError(f"{whose}{error}") from error
    return found


def _frame(terms: pd.DataFrame, found: Cut, ids: Shapes) -> gpd.GeoDataFrame:
    """The parts of all agreements as rows, in the order of the agreements and of the sides."""
    rows: list[tuple[Any, ...]] = []
    shapes: list[BaseGeometry] = []
    a, b = terms["a"].to_numpy(dtype=object), terms["b"].to_numpy(dtype=object)
    for name, some in pd.Series(np.arange(len(terms))).groupby(terms["id"].to_numpy(), sort=False):
        k = some.to_numpy()
        parties = sorted({*a[k], *b[k]})
        parts = _of_one(k[0], parties, found, ids) if len(k) == 1 else _of_many(k, a, b, parties, found, ids)
        drawn = [part for part in parts if not part[2].is_empty]
        if not drawn:
            raise GeoError(
                f"agreement {name!r}: no ground of {' or '.join(parties)} lies within its depth of the border; "
                "the borders of these jurisdictions were expected"
            )
        rows += [(name, side, owner, parties[0], ", ".join(parties[1:])) for side, owner, _ in drawn]
        shapes += [shape for _, _, shape in drawn]
    frame = pd.DataFrame(rows, columns=_COLUMNS[:-1], dtype=object)
    frame["area_m2"] = areas_m2(np.array(shapes, dtype=object))
    frame = frame.astype({"agreement_id": "str", "side": "str", "a": "str", "b": "str"})
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=WGS84))


def _of_one(k: int, parties: list[str], found: Cut, ids: Shapes) -> list[Part]:
    """The parts of an agreement that has one strip."""
    parts: list[Part] = [
        ("a", parties[0], found.a[k]),
        ("b", parties[1], found.b[k]),
        ("disputed", None, found.disputed[k]),
    ]
    return parts + [("beyond", None if row is None else ids[row], shape) for row, shape in found.beyond[k]]


def _of_many(k: npt.NDArray[np.int64], a: Shapes, b: Shapes, parties: list[str], found: Cut, ids: Shapes) -> list[Part]:
    """The parts of an agreement that has several strips, each once."""
    ground: dict[str | None, list[BaseGeometry]] = {party: [] for party in parties}
    for row in k:
        ground[a[row]].append(found.a[row])
        ground[b[row]].append(found.b[row])
        for other, shape in found.beyond[row]:
            ground.setdefault(None if other is None else ids[other], []).append(shape)
    held = {owner: merged(some) for owner, some in ground.items()}
    disputed = [*found.disputed[k]]
    for n, one in enumerate(parties):
        disputed += [shapely.intersection(held[one], held[two]) for two in parties[n + 1 :]]
    between = merged(disputed)
    parts: list[Part] = [
        (letter, party, merged([shapely.difference(held[party], between)]))
        for letter, party in zip(LETTERS, parties, strict=False)
    ]
    parts.append(("disputed", None, between))
    taken = merged([shape for _, _, shape in parts])
    # A strip's ground beyond its two parties may be disputed, or a third's, in another strip.
    others = [*sorted(other for other in held if other is not None and other not in parties), None]
    return parts + [
        ("beyond", owner, merged([shapely.difference(held[owner], taken)])) for owner in others if owner in held
    ]
