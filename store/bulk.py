"""Files taken in: rows upserted by id, what was rejected, and the history of it, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cache
from itertools import chain, islice
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa

from casework.model import Kind, Load, Reject, Written
from casework.ports import Topic
from geo.cells import cell_of
from geo.frames import FIRMS, INCIDENTS, JURISDICTIONS, STATIONS, Contract
from store import quarantine, schema, shared
from store.database import Coming, Database, Upsert
from store.rows import FLAG, INSTANT, INT, TEXT, Convert, columns_of, flat, floats, instants, ints, table, texts, to_us

# Rows turned into Python values at a time: bounds the memory whatever the size of the frame.
_STEP = 50_000


@dataclass(frozen=True)
class _Keeping:
    """Where rows of one kind go, and which of the frame's columns go with them."""

    contract: Contract
    topic: Topic
    table: sa.Table
    columns: Mapping[str, Convert]


_KEEPING = {
    Kind.BOUNDARIES: _Keeping(
        JURISDICTIONS,
        Topic.JURISDICTIONS,
        schema.jurisdictions,
        {"id": texts, "name": texts, "name_en": texts, "level": texts, "parent_id": texts},
    ),
    Kind.STATIONS: _Keeping(
        STATIONS,
        Topic.STATIONS,
        schema.stations,
        {"id": texts, "name": texts, "level": texts, "jurisdiction_id": texts, "n_officers": ints, "phone": texts},
    ),
    Kind.FIRMS: _Keeping(
        FIRMS,
        Topic.FIRMS,
        schema.firms,
        {"id": texts, "name": texts, "code": texts, "jurisdiction_id": texts}
        | dict.fromkeys(("risk", "emissions", "history", "safety", "oversight"), floats),
    ),
    Kind.INCIDENTS: _Keeping(
        INCIDENTS,
        Topic.INCIDENTS,
        schema.incidents,
        {"id": texts, "at": instants, "category": texts, "source": texts, "severity": ints, "jurisdiction_id": texts}
        | {"description": texts, "accuracy_m": floats, "reported_jurisdiction": texts},
    ),
}
_SHARED = {Kind.FIRMS: schema.shared_firms, Kind.INCIDENTS: schema.shared_incidents}
_HISTORY = {"kind": TEXT, "file": TEXT, "source": TEXT, "datum": TEXT, "at": INSTANT, "simulated": FLAG}
_HISTORY |= dict.fromkeys(("n_new", "n_changed", "n_unchanged", "n_rejected"), INT)


class Bulk:
    """Loads and their history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, load: Load, rows: gpd.GeoDataFrame, rejects: Sequence[Reject] = ()) -> Written:
        """See `casework.ports.Store.add`.

        The file's name is kept with a row but does not make it a changed one: the same data under another name is
        the same data.

        Raises
        ------
        FrameError
            When `rows` breaks the contract of its kind; nothing was changed.
        CaseError
            When the load's instant has no time zone.
        """
        keeping = _KEEPING[load.kind]
        if len(rows):
            keeping.contract.check(rows)
            flat(rows)
        at_us = to_us(load.at)
        steps = (_values(load, rows.iloc[start : start + _STEP]) for start in range(0, len(rows), _STEP))
        # The first step, usually the only one, is made ready before others have to wait for the lock.
        first = list(islice(steps, 1))
        beside = [Topic.QUARANTINE] if rejects else []
        with self._database.write(keeping.topic, *beside) as connection:
            done = [self._put(connection, load.kind, values) for values in chain(first, steps)]
            n_new, n_changed = (sum(counts) for counts in zip((0, 0), *done, strict=True))
            written = Written(n_new, n_changed, len(rows) - n_new - n_changed, len(rejects))
            n_turned_away = quarantine.keep(self._database, connection, rejects)
            self._record(connection, load, at_us, written)
            if n_turned_away:
                told = self._database.entry(f"quarantine:{load.file}", n_rejected=n_turned_away)
                self._database.bump(connection, Topic.QUARANTINE, told)
            if n_new or n_changed:
                told = self._database.entry(f"{load.kind}:{load.file}", source=load.source, **asdict(written))
                self._database.bump(connection, keeping.topic, told)
        return written

    def _put(self, connection: sa.Connection, kind: Kind, values: list[tuple[Any, ...]]) -> tuple[int, int]:
        """How many rows are new and how many changed one; which zones they lie in is kept beside them."""
        upsert = _upsert(kind)
        n_new, n_changed = self._database.upsert(connection, upsert, values)
        if kind in _SHARED and n_new + n_changed:
            wanted = [upsert.names.index(name) for name in ("id", "lon", "lat")]
            ids, lon, lat = ([row[place] for row in values] for place in wanted)
            shared.take_in(self._database, connection, _SHARED[kind], (ids, lon, lat), moved=n_changed > 0)
        return n_new, n_changed

    def _record(self, connection: sa.Connection, load: Load, at_us: int, written: Written) -> None:
        """Keep one line of history per file and instant, whatever the number of batches."""
        counts = dict(zip(("n_new", "n_changed", "n_unchanged", "n_rejected"), astuple(written), strict=True))
        line = self._database.insert(schema.loads).values(
            kind=load.kind.value,
            file=load.file,
            source=load.source,
            datum=load.datum,
            at_us=at_us,
            simulated=load.simulated,
            **counts,
        )
        more = {name: schema.loads.c[name] + line.excluded[name] for name in counts}
        connection.execute(line.on_conflict_do_update(index_elements=["kind", "file", "at_us"], set_=more))

    def loads(self) -> pd.DataFrame:
        """See `casework.ports.Store.loads`."""
        column = schema.loads.c
        wanted = [column["at_us" if name == "at" else name] for name in _HISTORY]
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*wanted).order_by(column.at_us.desc(), column.n.desc())).all()
        return table(rows, _HISTORY)


def _values(load: Load, rows: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    """Rows in the order of the columns of `_upsert`."""
    values = columns_of(rows, _KEEPING[load.kind].columns)
    values |= _places(load.kind, rows)
    if load.kind is Kind.INCIDENTS:
        values["at_us"] = values.pop("at")
    origin = {"source": load.source, "datum": load.datum, "simulated": load.simulated, "source_file": load.file}
    # An incident's own `source` says how it was discovered: what a row brings goes before what the file says.
    values = {name: [value] * len(rows) for name, value in origin.items()} | values
    return list(zip(*(values[name] for name in _upsert(load.kind).names), strict=True))


def _places(kind: Kind, rows: gpd.GeoDataFrame) -> dict[str, list[Any]]:
    """Where each row is, in the columns of its table."""
    geometry = flat(rows)
    if kind is Kind.BOUNDARIES:
        west, south, east, north = shapely.bounds(geometry).T.tolist()
        wkb = shapely.to_wkb(geometry).tolist()
        return {"geometry": wkb, "west": west, "south": south, "east": east, "north": north}
    lon, lat = shapely.get_x(geometry), shapely.get_y(geometry)
    place = {"lon": lon.tolist(), "lat": lat.tolist()}
    return place | ({"cell": cell_of(lon, lat).tolist()} if kind is Kind.INCIDENTS else {})


@cache
def _upsert(kind: Kind) -> Upsert:
    """How rows of one kind are put by their id."""
    kept = _KEEPING[kind].table
    names = tuple(column.name for column in kept.c if column.name != "n")

    def news(new: Coming) -> dict[str, sa.ColumnElement[Any]]:
        content: dict[str, sa.ColumnElement[Any]] = {name: new[name] for name in names if name != "id"}
        if kind is Kind.INCIDENTS:
            # A file that does not know the jurisdiction must not undo what was found out since, while the place is
            # the same.
            stays = sa.and_(new["jurisdiction_id"].is_(None), new["lon"] == kept.c.lon, new["lat"] == kept.c.lat)
            content["jurisdiction_id"] = sa.case((stays, kept.c.jurisdiction_id), else_=new["jurisdiction_id"])
        return content

    return Upsert(kept, names, ("id",), news, frozenset({"source_file"}))
