"""New boundaries draw every zone anew; what that changes is told."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely

from casework.changes import Change, ZoneChange
from casework.model import Agreement, Box, Selection
from casework.ports import Store
from casework.terms import terms_frame
from geo.errors import GeoError
from geo.zones import zones


@dataclass(frozen=True)
class _Shapes:
    """Borders before and after, and the outlines there are now."""

    before: gpd.GeoDataFrame
    borders: gpd.GeoDataFrame
    outlines: gpd.GeoDataFrame


def redraw(
    store: Store, before: gpd.GeoDataFrame, borders: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame
) -> tuple[ZoneChange, ...]:
    """What became of every agreement's zone, worst first: those that could not be drawn, then those most incidents left.

    An agreement whose zone changed gets a version for it; one whose zone cannot be drawn keeps the last one, and the
    reason beside it.

    Parameters
    ----------
    store
        Whose agreements.
    before, borders
        BORDERS frames of the boundaries there were and there are.
    outlines
        JURISDICTIONS frame of those there are.
    """
    shapes = _Shapes(before, borders, outlines)
    changes = [_redraw(store, agreement, shapes) for agreement in store.agreements()]
    return tuple(sorted(changes, key=_badness))


def _badness(change: ZoneChange) -> tuple[bool, int, float]:
    moved_m2 = abs(change.area_after_m2 - change.area_before_m2)
    return not change.stale, -(change.n_into + change.n_out_of), -moved_m2


def _redraw(store: Store, agreement: Agreement, shapes: _Shapes) -> ZoneChange:
    """One agreement's zone drawn anew, and kept if it is another one."""
    kept = store.zones([agreement.id])
    area_m2 = float(kept["area_m2"].sum())
    lengths = (_length_m(agreement, shapes.before), _length_m(agreement, shapes.borders))
    try:
        zone = zones(terms_frame(agreement), shapes.borders, shapes.outlines)
    except GeoError as error:
        reason = str(error)
        if agreement.stale != reason:
            store.save_agreement(replace(agreement, stale=reason), kept, Change.STALE)
        return ZoneChange(agreement.id, agreement.title, *lengths, area_m2, area_m2, stale=reason)
    after_m2 = float(zone["area_m2"].sum())
    if _same(kept, zone):
        if agreement.stale:
            store.save_agreement(replace(agreement, stale=""), zone, Change.REDRAWN)
        return ZoneChange(agreement.id, agreement.title, *lengths, area_m2, after_m2)
    n_into, n_out_of = _moved(store, agreement, kept, zone)
    store.save_agreement(replace(agreement, stale=""), zone, Change.REDRAWN)
    return ZoneChange(
        agreement.id, agreement.title, *lengths, area_m2, after_m2, n_into=n_into, n_out_of=n_out_of, changed=True
    )


def _length_m(agreement: Agreement, borders: gpd.GeoDataFrame) -> float | None:
    """Length of the border of the agreement's own pair; None where there is none."""
    found = borders["length_m"][(borders["a"] == agreement.a) & (borders["b"] == agreement.b)]
    return float(found.iloc[0]) if len(found) else None


def _same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two zones have the same parts."""
    one, other = (zone.sort_values(["side", "jurisdiction_id"]) for zone in (one, other))
    return one["side"].tolist() == other["side"].tolist() and bool(
        shapely.equals(one.geometry.to_numpy(), other.geometry.to_numpy()).all()
    )


def _moved(store: Store, agreement: Agreement, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> tuple[int, int]:
    """How many incidents of the agreed categories came into the zone, and how many fell out of it."""
    was, now = old.union_all(), new.union_all()
    difference = shapely.symmetric_difference(was, now)
    if difference.is_empty:
        return 0, 0
    around = Box(*(float(edge) for edge in difference.bounds))
    places = store.incidents(Selection(categories=agreement.categories), around).geometry
    x, y = places.x.to_numpy(), places.y.to_numpy()
    shapely.prepare([was, now])
    before, after = shapely.intersects_xy(was, x, y), shapely.intersects_xy(now, x, y)
    return int(np.sum(after & ~before)), int(np.sum(before & ~after))
