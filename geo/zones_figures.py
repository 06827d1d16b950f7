"""What zones measure, which zones a place lies in, and a stretch between two places."""

from typing import Any, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.borders import Line, shared_borders
from geo.errors import BorderError, GeoError
from geo.frames import JURISDICTIONS, LETTERS
from geo.stretches import marks
from geo.zones import DEEPEST_M, zones

_FIRST = {side: f"part_{side}_area_m2" for side in ("a", "b")} | {"disputed": "disputed_area_m2"}
_FIGURES = _FIRST | {side: f"part_{side}_area_m2" for side in LETTERS[2:]} | {"beyond": "beyond_area_m2"}
_LEAST_M = 0.001
_QUARTER_DEG, _HALF_DEG = 90.0, 180.0


def zone_summary(parts: gpd.GeoDataFrame) -> pd.DataFrame:
    """The areas of each zone, one row an agreement.

    Parameters
    ----------
    parts
        As `geo.zones.zones` gives them.

    Returns
    -------
    DataFrame
        Columns agreement_id, zone_area_m2, part_a_area_m2, part_b_area_m2, disputed_area_m2, and where any agreement has
        them part_c_area_m2 and so on, and beyond_area_m2; a part that is not there has 0. The zone is the sum of all.

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
    present = [side for side in _FIGURES if side in _FIRST or side in wide.columns]
    wide = wide.reindex(columns=present).fillna(0.0).astype(float)
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
    *,
    ends: str = "flat",
    places: tuple[tuple[float, float], tuple[float, float]] | None = None,
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
    ends
        "flat" or "round".
    places
        Two places (lon, lat), EPSG:4326, between which the stretch lies, instead of marks in metres (`between`).

    Returns
    -------
    tuple
        A dictionary with border_length_m (of the whole border), stretch_length_m, zone_area_m2, part_a_area_m2,
        part_b_area_m2, disputed_area_m2, and the frame of `zones`, in which the parties stand in the order of text.

    Raises
    ------
    GeoError
        As `zones` and `between`.

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
    if not all(0 <= depth_m <= DEEPEST_M for depth_m in (depth_a_m, depth_b_m)):
        deep = f"{depth_a_m:g} m and {depth_b_m:g} m"
        raise GeoError(f"depths {deep}: metres from 0 up were expected, at most {DEEPEST_M:,.0f}")
    turned = b < a
    first, second = (b, a) if turned else (a, b)
    # Neighbours take part: where outlines do not meet, they too claim their share of the line.
    party = jurisdictions.geometry[jurisdictions["id"].isin([a, b])]
    near = np.unique(jurisdictions.sindex.query(party, predicate=None)[1])
    borders = shared_borders(jurisdictions.iloc[near])
    border = borders[(borders["a"] == first) & (borders["b"] == second)]
    if places is not None and len(border):
        from_m, to_m = between(cast("Line", border.geometry.iloc[0]), *places)
    memo = {"id": "zone", "a": a, "b": b, "depth_a_m": depth_a_m, "depth_b_m": depth_b_m, "ends": ends}
    if any(mark is not None and not mark >= 0 for mark in (from_m, to_m)):
        raise BorderError(f"the stretch from {from_m} m to {to_m} m: marks in metres from 0 up were expected")
    asked = pd.DataFrame([memo | {"from_m": from_m, "to_m": to_m}]).astype({"from_m": float, "to_m": float})
    parts = zones(asked, border, jurisdictions)
    area = zone_summary(parts).iloc[0]
    length_m = float(border["length_m"].iloc[0])
    begin, stop = (0.0 if from_m is None else from_m), (length_m if to_m is None else to_m)
    swap = {"a": "b", "b": "a"} if turned else {}
    figures = {"border_length_m": length_m, "stretch_length_m": float(stop - begin)}
    figures["zone_area_m2"] = float(area["zone_area_m2"])
    figures |= {_FIRST[side]: float(area[_FIRST[swap.get(side, side)]]) for side in _FIRST}
    return figures, parts


def zones_of(lon: npt.ArrayLike, lat: npt.ArrayLike, parts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every zone each place lies in: a place in two zones belongs to both, once each.

    Parameters
    ----------
    lon
        Longitudes of the places, EPSG:4326 degrees, shape (n,). NaN lies nowhere.
    lat
        Latitudes.
    parts
        As `geo.zones.zones` gives them.

    Returns
    -------
    DataFrame
        Columns point (its place in `lon`), agreement_id and side, by point and then in the order of `parts`. On a line
        between two parts of a zone, the place is in the first of them.

    Examples
    --------
    >>> parts = gpd.GeoDataFrame({"agreement_id": ["m", "m", "n"], "side": ["a", "b", "a"]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0, 0, 2, 1)], crs=4326)
    >>> zones_of([0.5, 1.0, 9.0], [0.5, 0.5, 0.5], parts).to_numpy().tolist()
    [[0, 'm', 'a'], [0, 'n', 'a'], [1, 'm', 'a'], [1, 'n', 'a']]
    >>> len(zones_of([], [], parts))
    0
    """
    points: Any = shapely.points(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    part, point = shapely.STRtree(points).query(parts.geometry.to_numpy(), predicate="intersects")
    order = np.lexsort((part, point))
    found = pd.DataFrame(parts[["agreement_id", "side"]]).iloc[part[order]].reset_index(drop=True)
    found.insert(0, "point", point[order])
    once: pd.DataFrame = found.drop_duplicates(["point", "agreement_id"], ignore_index=True)
    return once


def between(line: Line, one: tuple[float, float], two: tuple[float, float]) -> tuple[float, float]:
    """The marks of a stretch that runs between the points of a border nearest to two places.

    Parameters
    ----------
    line
        A border, EPSG:4326.
    one
        A place, longitude and latitude in degrees; the two may come in either order.
    two
        The other.

    Returns
    -------
    tuple
        from_m and to_m, metres along the border.

    Raises
    ------
    BorderError
        When both places are nearest to the same point of the border.
    GeoError
        When a place is not on the globe.

    Examples
    --------
    >>> [round(mark) for mark in between(shapely.LineString([(0, 0), (0, 1)]), (0.1, 0.5), (-0.1, 0))]
    [0, 55287]
    """
    for lon, lat in (one, two):
        if not (abs(lon) <= _HALF_DEG and abs(lat) <= _QUARTER_DEG):
            raise GeoError(
                f"the place {lon:g}, {lat:g} is not on the globe: longitude, latitude in degrees were expected"
            )
    from_m, to_m = sorted(float(mark) for mark in marks(line, *np.transpose([one, two])))
    if to_m - from_m < _LEAST_M:
        raise BorderError(
            f"the places {one[0]:g}, {one[1]:g} and {two[0]:g}, {two[1]:g} are nearest to the same point of the border: "
            "two places along it were expected"
        )
    return from_m, to_m
