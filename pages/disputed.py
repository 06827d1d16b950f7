"""What the panel says of the chosen border: how it was found, and the ground in dispute along it."""

import geopandas as gpd
from dash import html

from casework.territory import Border
from pages.panels import facts
from words import Translate


def disputed(border: Border, slivers: gpd.GeoDataFrame, _: Translate) -> html.Dl:
    """Method, tolerance and disputed ground of one border; `slivers` are those of `Territory.slivers`."""
    mine = slivers[(slivers["a"] == border.a) & (slivers["b"] == border.b)]
    exact, matched = _("exact: both hold the same line"), _("midway between outlines that do not meet")
    told = [(_("line"), exact if border.method == "exact" else matched)]
    if border.method != "exact":
        told.append((_("tolerance"), f"{border.tolerance_m:,.0f} m"))
    for kind, title in (("gap", _("gaps")), ("overlap", _("overlaps"))):
        area_m2 = float(mine.loc[mine["kind"] == kind, "area_m2"].sum())
        if area_m2 > 0:
            told.append((title, f"{area_m2 / 1e6:.4f} km²"))
    if not len(mine):
        told.append((_("disputed ground"), _("none")))
    return facts(told)
