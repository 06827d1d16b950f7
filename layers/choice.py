"""Which two sides and which terms a person means, when one control changed and the others have to follow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from casework.agreements import DRAFT
from casework.desk import Desk
from casework.errors import NotFoundError
from casework.model import Agreement, Selection
from layers.view import View

_PLANNER_MAP_PX = (1200, 600)
_LEAST_DEG_PX = 1e-6
_MARGIN_ZOOM = 0.4
_MOST_ZOOM = 13.0
# The slider shows a mark to 10 m: what differs by less was not moved.
_SAME_MARK_M = 10.0
_TERMS: dict[str, None] = dict.fromkeys(
    ("from_m", "to_m", "depth_a_m", "depth_b_m", "ends", "beyond", "agreed", "others")
)


@dataclass(frozen=True)
class Choice:
    """Two neighbours, the agreement they are seen under (None: a draft), and the terms on the desk."""

    agreement: Agreement
    border_length_m: float

    @property
    def kept(self) -> bool:
        """Whether it stands in the store, with these terms or others."""
        return self.agreement.id != DRAFT

    @property
    def stretch_m(self) -> tuple[float, float]:
        """Marks of the stretch, in metres along the border."""
        end_m = self.border_length_m if self.agreement.to_m is None else min(self.agreement.to_m, self.border_length_m)
        return min(self.agreement.from_m or 0.0, end_m), end_m


def drafted(desk: Desk, view: View) -> Agreement | None:
    """The agreement the view edits, with the view's terms; None until two sides are chosen."""
    return None if view.pair is None else with_terms(desk, _base(desk, view), view)


def with_terms(desk: Desk, base: Agreement, view: View) -> Agreement:
    """`base` with those of its terms that the view holds: stretch, depths, ends, categories and further strips."""
    length_m = desk.territory.border(base.a, base.b).length_m
    return replace(
        base,
        depth_a_m=base.depth_a_m if view.depth_a_m is None else view.depth_a_m,
        depth_b_m=base.depth_b_m if view.depth_b_m is None else view.depth_b_m,
        from_m=_mark(view.from_m, base.from_m, 0.0, length_m),
        to_m=_mark(view.to_m, base.to_m, length_m, length_m),
        ends=view.ends or base.ends,
        beyond=base.beyond if view.beyond is None else view.beyond,
        categories=view.agreed or base.categories,
        others=base.others if view.others is None else view.others,
    )


def current(desk: Desk, view: View) -> Choice | None:
    """What `view` means as it stands; what a link names that is not there gives way to what is nearest to it."""
    try:
        found = choose(desk, view, view.agreement, view.a, view.b)
    except NotFoundError:
        found = None
    sides = [side for side in (view.a, view.b) if side is not None]
    return found or next((one for side in (*sides, None) if (one := _first(desk, side))), None)


def choose(desk: Desk, view: View, agreement_id: str | None, a: str | None, b: str | None) -> Choice | None:
    """What the three selects mean together, `view` being what they meant before; None where there is no border at all.

    The one that changed wins: an agreement brings its sides; another side drops the agreement and, where the two are
    no neighbours, takes the one with the longest border.
    """
    if agreement_id and (agreement_id != view.agreement or view.pair is None):
        return _chosen(desk, desk.agreements.get(agreement_id))
    pair = tuple(sorted((a, b))) if a and b else None
    if pair is not None and pair == view.pair and agreement_id == view.agreement:
        agreement = drafted(desk, view)
        assert agreement is not None
        return _chosen(desk, agreement)
    if pair is None:
        return _first(desk, a or b)
    moved = a if view.pair is None or a not in view.pair else b
    stays = b if moved == a else a
    neighbours = desk.territory.neighbours(str(moved))
    if stays not in neighbours:
        if not neighbours:
            raise NotFoundError("{id} shares no border with another jurisdiction.", id=moved)
        stays = neighbours[0]
    return _chosen(desk, desk.agreements.draft(str(moved), str(stays)))


def opened(desk: Desk, view: View) -> View:
    """The view a page opens with: `view`, its sides and terms filled in, and the place on the map they are at."""
    found = current(desk, view)
    if found is None:
        return view
    terms = found.agreement
    if view.pair is not None and view.pair != (terms.a, terms.b):
        # Stretch, pick and place on the map were meant for two sides that are no neighbours here.
        view = view.but(selected=None, lon=None, lat=None, zoom=None, **_TERMS)
    full = view.but(a=terms.a, b=terms.b, agreement=terms.id if found.kept else None)
    return placed(full, desk.territory.border(terms.a, terms.b).geometry.bounds, _PLANNER_MAP_PX)


def placed(view: View, bounds: Sequence[float], map_px: tuple[int, int]) -> View:
    """The view with the map at `bounds` (west, south, east, north in degrees), unless it names a place of its own.

    The browser's window is not known yet: `map_px` is the width and height of a map on a usual screen.
    """
    if view.zoom is not None and view.lon is not None and view.lat is not None:
        return view
    west, south, east, north = bounds
    lat = (south + north) / 2
    # At zoom z the world is 512 * 2**z pixels wide; a degree of latitude is longer than one of longitude by 1 / cos.
    wide = max((east - west) / map_px[0], (north - south) / math.cos(math.radians(lat)) / map_px[1], _LEAST_DEG_PX)
    zoom = math.log2(360 / 512 / wide) - _MARGIN_ZOOM
    return view.but(lon=(west + east) / 2, lat=lat, zoom=round(min(zoom, _MOST_ZOOM), 2))


def _first(desk: Desk, one_side: str | None) -> Choice | None:
    """What to open with: where a decision is most urgent, else an agreement, else the border with most on both sides."""
    borders = desk.territory.drawn_borders()
    if one_side is None:
        # An agreement outlives its border when boundaries are redrawn.
        pairs = set(zip(borders["a"], borders["b"], strict=True))
        urgent = [one.agreement for one in desk.figures.board().urgent]
        kept = [one for one in (*urgent, *desk.agreements.all()) if (one.a, one.b) in pairs]
        if kept:
            return _chosen(desk, kept[0])
    else:
        borders = borders[(borders["a"] == one_side) | (borders["b"] == one_side)]
    if borders.empty:
        return None
    period = desk.incidents.latest_period()
    counts = desk.incidents.count(Selection(since=period[0] if period else None), "jurisdiction_id")
    n_of = dict(zip(counts["jurisdiction_id"], counts["n"], strict=True))
    n_lesser = np.minimum(borders["a"].map(n_of).fillna(0).to_numpy(), borders["b"].map(n_of).fillna(0).to_numpy())
    fullest = borders.assign(n_lesser=n_lesser).nlargest(1, ["n_lesser", "length_m"])
    return _chosen(desk, desk.agreements.draft(fullest["a"].iloc[0], fullest["b"].iloc[0]))


def _mark(asked_m: float | None, own_m: float | None, end_m: float, length_m: float) -> float | None:
    """A mark as asked for, unless it is the agreement's own; at or beyond its end of the border it is None, the end."""
    if asked_m is None or (own_m is not None and abs(asked_m - own_m) < _SAME_MARK_M):
        return own_m
    at_m = min(asked_m, length_m)
    return None if abs(at_m - end_m) < _SAME_MARK_M else at_m


def _base(desk: Desk, view: View) -> Agreement:
    assert view.pair is not None
    if view.agreement:
        try:
            kept = desk.agreements.get(view.agreement)
        except NotFoundError:
            # The link names an agreement that was removed since: its two sides can still be looked at.
            return desk.agreements.draft(*view.pair)
        if (kept.a, kept.b) == view.pair:
            return kept
    return desk.agreements.draft(*view.pair)


def _chosen(desk: Desk, agreement: Agreement) -> Choice:
    return Choice(agreement, desk.territory.border(agreement.a, agreement.b).length_m)
