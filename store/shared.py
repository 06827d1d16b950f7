"""Which incidents and firms lie in which zone: kept as rows, so that no query has to compute it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo.cells import box_cells
from store import schema
from store.database import Database

_IN_ROW = 16
Floats = npt.NDArray[np.float64]


def cells_of(zone: BaseGeometry) -> list[tuple[int, int]]:
    """Ranges of cells that together cover a zone, ascending and without overlap: a strip fills little of its bounds."""
    if zone.is_empty:
        return []
    west, south, east, north = zone.bounds
    x, y = np.linspace(west, east, _IN_ROW + 1), np.linspace(south, north, _IN_ROW + 1)
    left, low = (edges.ravel() for edges in np.meshgrid(x[:-1], y[:-1]))
    right, high = (edges.ravel() for edges in np.meshgrid(x[1:], y[1:]))
    shapely.prepare(zone)
    met = shapely.intersects(zone, shapely.box(left, low, right, high))
    boxes = zip(left[met].tolist(), low[met].tolist(), right[met].tolist(), high[met].tolist(), strict=True)
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(one for box in boxes for one in box_cells(*box, max_ranges=4)):
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges


def fill(connection: sa.Connection, agreement_id: str) -> None:
    """Find anew what lies in an agreement's zone, by the zone that is kept."""
    zones, incidents, firms = schema.zones, schema.incidents.c, schema.firms.c
    parts = connection.execute(sa.select(zones.c.geometry).where(zones.c.agreement_id == agreement_id)).scalars().all()
    zone = shapely.union_all(shapely.from_wkb(parts))
    place = sa.select(incidents.n, incidents.lon, incidents.lat)
    queries = [place.where(incidents.cell >= first, incidents.cell < last) for first, last in cells_of(zone)]
    _put(connection, schema.shared_incidents, agreement_id, zone, queries)
    west, south, east, north = zone.bounds
    near = firms.lon.between(west, east) & firms.lat.between(south, north)
    _put(connection, schema.shared_firms, agreement_id, zone, [sa.select(firms.n, firms.lon, firms.lat).where(near)])


def take_in(
    database: Database,
    connection: sa.Connection,
    shared: sa.Table,
    rows: tuple[Sequence[str], Sequence[float], Sequence[float]],
    *,
    moved: bool,
) -> None:
    """Say in which zones rows lie that were just written.

    Parameters
    ----------
    database
        Whose transaction it is.
    connection
        The transaction.
    shared
        `shared_incidents` or `shared_firms`.
    rows
        Their ids, and where they are.
    moved
        Whether some were there before.
    """
    zones = schema.zones
    kept = connection.execute(sa.select(zones.c.agreement_id, zones.c.geometry)).all()
    if not kept:
        return
    ids, (lon, lat) = np.asarray(rows[0], object), (np.asarray(one, np.float64) for one in rows[1:])
    of = schema.incidents if shared is schema.shared_incidents else schema.firms

    def numbers(which: Sequence[str]) -> sa.Select[tuple[int]]:
        listed = database.pairs(dict.fromkeys(which))
        return sa.select(of.c.n).where(of.c.id == listed.c.key)

    if moved:
        connection.execute(sa.delete(shared).where(shared.c.n.in_(numbers(ids.tolist()))))
    for agreement_id in sorted({row.agreement_id for row in kept}):
        parts = shapely.from_wkb([row.geometry for row in kept if row.agreement_id == agreement_id])
        within = ids[_inside(shapely.union_all(parts), lon, lat)].tolist()
        if within:
            named = numbers(within).add_columns(sa.literal(agreement_id))
            put = database.insert(shared).from_select(["n", "agreement_id"], named)
            connection.execute(put.on_conflict_do_nothing())


def _put(
    connection: sa.Connection,
    shared: sa.Table,
    agreement_id: str,
    zone: BaseGeometry,
    queries: Sequence[sa.Select[tuple[int, float, float]]],
) -> None:
    """Keep those rows of some queries that lie in a zone, and no others of this agreement."""
    connection.execute(sa.delete(shared).where(shared.c.agreement_id == agreement_id))
    for query in queries:
        rows = np.array([tuple(row) for row in connection.execute(query)], np.float64).reshape(-1, 3)
        inside = rows[_inside(zone, rows[:, 1], rows[:, 2]), 0].astype(np.int64).tolist()
        if inside:
            connection.execute(sa.insert(shared), [{"n": n, "agreement_id": agreement_id} for n in inside])


def _inside(zone: BaseGeometry, lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Which places lie in a zone, its edge included."""
    west, south, east, north = zone.bounds
    inside: npt.NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    shapely.prepare(zone)
    inside[inside] = shapely.intersects_xy(zone, lon[inside], lat[inside])
    return inside
