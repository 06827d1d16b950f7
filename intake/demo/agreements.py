"""Thirteen agreements between real neighbours: one after a reported practice, twelve invented, all labelled simulated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
from shapely import LineString, MultiLineString

from casework.model import Agreement, Category
from geo.errors import BorderError
from geo.stretches import stretch
from intake.demo.places import COUNTIES

WUXING_WUJIANG = "demo-a-wuxing-wujiang"
_REPORTED_STRETCH_M = 4600.0
_WATER = (Category.WATER, Category.WASTE, Category.ECOLOGY)
_REPORTED = (
    "据两地主管部门公开报道：交界线 4.6 公里，两侧各 1 公里。此处的区段位置、日期与文本均为演示假设。"
    " As reported by the two authorities: 4.6 km of border, 1 km on each side."
    " Where the stretch lies, the dates and this text are assumed for the demonstration."
)
_INVENTED = "模拟备忘录，仅供演示，并无此文件。 Simulated memorandum for the demonstration; no such document exists."


@dataclass(frozen=True)
class _Terms:
    """What two counties (in either order) are made to agree on; marks are shares of the border's length."""

    one: str
    other: str
    depth_one_m: float
    depth_other_m: float
    since_days: int
    until_days: int | None = None
    from_share: float | None = None
    to_share: float | None = None
    categories: tuple[Category, ...] = tuple(Category)


# Days count from the day the demonstration ends, so that exactly one has run out and one has not begun, whenever it is made.
_TERMS = (
    _Terms("330503", "320509", 1500, 1000, 420, 675, 0.10, 0.55),
    _Terms("330522", "320282", 2000, 2000, 260, None, 0.20, 0.80),
    _Terms("330522", "341882", 1000, 1500, 300, 430, None, 0.50),
    _Terms("330523", "341882", 1500, 2000, 510, None, 0.25, 0.75),
    _Terms("330523", "341881", 2000, 2000, 200, 530, 0.40, None, _WATER),
    _Terms("330523", "330112", 1000, 1000, 150, 215),
    _Terms("330521", "330110", 800, 500, 600, None, 0.30, 0.70),
    _Terms("330503", "330483", 1000, 1000, 340, 390),
    _Terms("330411", "320509", 1000, 1500, 280, None, 0.15, 0.60, _WATER),
    _Terms("330421", "320509", 1200, 1200, 230, 500),
    _Terms("330112", "341881", 1500, 1500, 760, -30, 0.30, 0.60),
    _Terms("320507", "320214", 600, 800, -25, 705),
)


def simulated_agreements(jurisdictions: gpd.GeoDataFrame, borders: gpd.GeoDataFrame, until: date) -> list[Agreement]:
    """Agreements of the demonstration, the Wuxing-Wujiang one first; twelve simulated ones follow.

    Parameters
    ----------
    jurisdictions, borders
        Frames in their contracts.
    until
        The day all dates are counted from: on it one agreement has run out, one has not begun, eleven hold.

    Raises
    ------
    BorderError
        When `borders` lacks one of the pairs.
    """
    name = dict(zip(jurisdictions["id"], jurisdictions["name"], strict=True))
    length_m = dict(zip(zip(borders["a"], borders["b"], strict=True), borders["length_m"], strict=True))
    return [_reported(length_m, until), *(_agreement(terms, name, length_m, until) for terms in _TERMS)]


def agreed_line(agreement: Agreement, borders: gpd.GeoDataFrame) -> LineString | MultiLineString:
    """The stretch of border the agreement covers, in EPSG:4326."""
    pair = (borders["a"] == agreement.a) & (borders["b"] == agreement.b)
    border = borders.geometry[pair].iloc[0]
    assert isinstance(border, LineString | MultiLineString), "BORDERS frames hold lines"
    return stretch(border, agreement.from_m, agreement.to_m)


def _reported(length_m: Mapping[tuple[str, str], float], until: date) -> Agreement:
    """The reported 4.6 km, laid in the middle of the border as nobody says where they are."""
    wujiang, wuxing = "320509", "330502"
    margin_m = float(np.round((_length_m(length_m, wujiang, wuxing) - _REPORTED_STRETCH_M) / 2, -1))
    return Agreement(
        id=WUXING_WUJIANG,
        title="吴兴区—吴江区 交叉联合执法区（据公开报道，区段位置为假设） Wuxing–Wujiang, as reported; position assumed",
        a=wujiang,
        b=wuxing,
        depth_a_m=1000.0,
        depth_b_m=1000.0,
        valid_from=until - timedelta(days=540),
        from_m=margin_m,
        to_m=margin_m + _REPORTED_STRETCH_M,
        memorandum=_REPORTED,
        simulated=True,
    )


def _agreement(
    terms: _Terms, name: Mapping[str, str], length_m: Mapping[tuple[str, str], float], until: date
) -> Agreement:
    """One invented agreement, its sides in the order of the borders."""
    pinyin = {county.id: county.name_en for county in COUNTIES}
    depth_m = {terms.one: float(terms.depth_one_m), terms.other: float(terms.depth_other_m)}
    a, b = sorted(depth_m)
    whole_m = _length_m(length_m, a, b)
    slug = f"{pinyin[terms.one]}-{pinyin[terms.other]}".lower().replace("'", "")
    return Agreement(
        id=f"demo-a-{slug}",
        title=f"{name[terms.one]}—{name[terms.other]} 交叉联合执法区（模拟）"
        f" {pinyin[terms.one]}–{pinyin[terms.other]} (simulated)",
        a=a,
        b=b,
        depth_a_m=depth_m[a],
        depth_b_m=depth_m[b],
        valid_from=until - timedelta(days=terms.since_days),
        valid_to=None if terms.until_days is None else until + timedelta(days=terms.until_days),
        from_m=_mark_m(terms.from_share, whole_m),
        to_m=_mark_m(terms.to_share, whole_m),
        categories=terms.categories,
        memorandum=_INVENTED,
        simulated=True,
    )


def _length_m(length_m: Mapping[tuple[str, str], float], a: str, b: str) -> float:
    try:
        return length_m[a, b]
    except KeyError:
        raise BorderError(f"the demonstration expects {a} and {b} to share a border, and they do not") from None


def _mark_m(share: float | None, whole_m: float) -> float | None:
    """A mark on whole hundreds of metres, as a memorandum would name it."""
    return None if share is None else float(np.round(share * whole_m, -2))
