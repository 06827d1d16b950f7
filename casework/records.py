"""The desk's area for bulk data: what comes in is placed, kept, compared and, where it was turned away, corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.changes import Redrawn
from casework.comparisons import Comparison, compare
from casework.model import Box, Kind, Load, Reject, Selection, Written
from casework.ports import Clock, Store, Topic
from casework.redrawing import redraw
from geo.borders import shared_borders
from geo.places import place

_WINDOW = timedelta(days=31)
_REPLACED_FILE = "(boundaries changed)"


class Records:
    """Bulk data of all four kinds, on its way into the store and back out for correction."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._outlines: tuple[int, gpd.GeoDataFrame] | None = None
        self._before: gpd.GeoDataFrame | None = None

    def now(self) -> datetime:
        """The present instant, by which dates in the future are told."""
        return self._clock.now()

    def jurisdictions(self) -> gpd.GeoDataFrame:
        """All jurisdictions, read from the store again only when they changed."""
        version = self._store.versions().get(Topic.JURISDICTIONS, 0)
        if self._outlines is None or self._outlines[0] != version:
            self._outlines = (version, self._store.jurisdictions())
        return self._outlines[1]

    def extent(self) -> Box | None:
        """Box around all jurisdictions; None where there are none."""
        outlines = self.jurisdictions()
        if not len(outlines):
            return None
        west, south, east, north = (float(edge) for edge in outlines.total_bounds)
        return Box(west, south, east, north)

    def placed(self, kind: Kind, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """`rows` with the jurisdiction each lies in.

        A station or firm that names a known jurisdiction keeps it, wherever it stands: a city's station may lie in a county.
        """
        if kind is Kind.BOUNDARIES:
            return rows
        outlines = self.jurisdictions()
        placed = rows.copy()
        ids = _ids_at(rows, outlines)
        if kind is not Kind.INCIDENTS and "jurisdiction_id" in rows:
            ids = np.where(rows["jurisdiction_id"].isin(outlines["id"]), rows["jurisdiction_id"], ids)
        placed["jurisdiction_id"] = pd.Series(ids, index=rows.index, dtype="str")
        return placed

    def add(self, load: Load, rows: gpd.GeoDataFrame, rejects: Sequence[Reject] = ()) -> Written:
        """What writing `rows` did: each placed in its jurisdiction, upserted by id, in one transaction with the rejects.

        After boundaries call `boundaries_changed`, once for all files.

        Raises
        ------
        BusyError
            Another writer holds the store; nothing was changed.
        """
        return self.keep(load, self.placed(load.kind, rows), rejects)

    def keep(self, load: Load, placed: gpd.GeoDataFrame, rejects: Sequence[Reject] = ()) -> Written:
        """The same for rows that were placed already."""
        if load.kind is Kind.BOUNDARIES and self._before is None:
            self._before = self.jurisdictions()
        return self._store.add(load, placed, rejects)

    # what follows from boundaries

    def boundaries_changed(self) -> Redrawn:
        """What followed: borders found anew, everything placed anew, every agreement's zone drawn anew.

        An agreement whose zone cannot be drawn keeps its last one and is named with the reason. What was found is kept,
        for whoever was not there when it happened.
        """
        before, self._before = self._before, None
        outlines = self.jurisdictions()
        borders_before, borders = self._store.borders(), shared_borders(outlines)
        self._store.replace_borders(borders)
        outlines = self.jurisdictions()
        n_moved = self._place_incidents(outlines) + self._place_sites(outlines, before)
        zones = redraw(self._store, borders_before, borders, outlines)
        redrawn = Redrawn(self.now(), len(borders), n_moved, zones)
        self._store.keep_redrawn(redrawn)
        return redrawn

    def redrawn(self) -> Redrawn | None:
        """What the last change of boundaries did to the zones; None where there was none."""
        return self._store.redrawn()

    def _place_incidents(self, outlines: gpd.GeoDataFrame) -> int:
        n_moved = 0
        for chunk in self._store.unplaced_incidents():
            ids = pd.Series(_ids_at(chunk, outlines), index=chunk.index, dtype="str")
            moved = ids.fillna("") != chunk["jurisdiction_id"].fillna("")
            if moved.any():
                changed = zip(chunk["id"][moved], ids[moved], strict=True)
                n_moved += self._store.place_incidents({str(i): None if pd.isna(j) else str(j) for i, j in changed})
        return n_moved

    def _place_sites(self, outlines: gpd.GeoDataFrame, before: gpd.GeoDataFrame | None) -> int:
        """How many stations and firms moved; one that names another jurisdiction than it lay in keeps it while it exists."""
        n_moved = 0
        for kind, sites in ((Kind.STATIONS, self._store.stations()), (Kind.FIRMS, self._store.firms())):
            if not len(sites):
                continue
            old = sites["jurisdiction_id"].fillna("").to_numpy()
            lay_in = pd.Series(_ids_at(sites, outlines if before is None else before)).fillna("").to_numpy()
            chosen = np.isin(old, outlines["id"]) & (old != lay_in) & (old != "")
            new = np.where(chosen, old, pd.Series(_ids_at(sites, outlines)).fillna("").to_numpy())
            ids = pd.Series([one or None for one in new], index=sites.index, dtype="str")
            moved = sites.assign(jurisdiction_id=ids)[new != old]
            for (source, simulated), rows in moved.groupby(["source", "simulated"], dropna=False):
                load = Load(kind, _REPLACED_FILE, str(source), "wgs84", self._clock.now(), bool(simulated))
                self._store.add(load, rows)
            n_moved += len(moved)
        return n_moved

    # reported against computed

    def disagreements(self, selection: Selection | None = None) -> Comparison:
        """Incidents whose file names another jurisdiction than they lie in, month by month through the store."""
        total = compare(self._store.incidents(Selection(), limit=0), self.jurisdictions())
        for window in self._windows(selection or Selection()):
            total += compare(self._store.incidents(window), self.jurisdictions())
        return total

    def _windows(self, selection: Selection) -> Iterator[Selection]:
        span = self._store.incident_span()
        if span is None:
            return
        start = max(span[0], selection.since) if selection.since else span[0]
        end = span[1] + timedelta(microseconds=1)
        end = min(end, selection.until) if selection.until else end
        while start < end:
            yield replace(selection, since=start, until=min(start + _WINDOW, end))
            start += _WINDOW

    # quarantine and history

    def quarantined(self, kind: Kind | None = None) -> tuple[Reject, ...]:
        """Rejected rows still waiting, oldest first."""
        return self._store.quarantined(kind)

    def retry(self, load: Load, rows: gpd.GeoDataFrame, rejects: Sequence[Reject], corrected: Sequence[int]) -> Written:
        """What taking corrected rows did; the rejects they came from are forgotten only after the rows are in.

        Parameters
        ----------
        load
            Whence and when.
        rows
            Rows that pass now.
        rejects
            Rows that still do not; they replace what waited for the same file, row and field.
        corrected
            Ids of the waiting rejects that `rows` and `rejects` answer.
        """
        written = self.add(load, rows, rejects)
        waiting = {(reject.file, reject.row, reject.field) for reject in rejects}
        settled = [
            reject.id
            for reject in self._store.quarantined(load.kind)
            if reject.id in set(corrected) and (reject.file, reject.row, reject.field) not in waiting
        ]
        self._store.release([number for number in settled if number is not None])
        return written

    def settle(self, reject_ids: Sequence[int]) -> None:
        """Forget rejects whose rows came in by another way."""
        if reject_ids:
            self._store.release(reject_ids)

    def history(self) -> pd.DataFrame:
        """Every load, newest first: kind, file, source, datum, at, simulated and the rows it wrote."""
        return self._store.loads()


def _ids_at(rows: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame) -> np.ndarray:
    """Id of the jurisdiction each row lies in, None where in none."""
    if not len(rows) or not len(outlines):
        return np.full(len(rows), None, dtype=object)
    return np.asarray(place(rows.geometry, outlines), dtype=object)
