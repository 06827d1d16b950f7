"""Incidents counted beforehand: the same figures as row by row, whatever came in, changed, moved or went."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from casework.model import Category, Kind, Selection, Severity, Source
from casework.ports import Topic
from geo.cells import LEVEL, tile_cells
from store.buckets import SHIFT, Stretch, stretches
from store.database import Database
from store.postgis import PostgisStore
from tests.store import specimens
from tests.store.specimens import ALL, EVERYWHERE, load

_N = 4_000
_FIRST = pd.Timestamp("1968-11-20", tz="UTC")
_DAY_US = 86_400_000_000
SELECTIONS = (
    ALL,
    Selection(since=pd.Timestamp("1969-02-03T04:05:06", tz="UTC").to_pydatetime()),
    Selection(until=pd.Timestamp("1971-01-01", tz="UTC").to_pydatetime()),
    Selection(*(pd.Timestamp(one, tz="UTC").to_pydatetime() for one in ("1969-12-31T23:59:59", "1971-02-01T00:00:01"))),
    Selection(*(pd.Timestamp(one, tz="UTC").to_pydatetime() for one in ("1970-03-05T01:00", "1970-03-05T02:00"))),
    Selection(categories=(Category.WATER, Category.AIR), min_severity=Severity.SERIOUS),
    Selection(categories=(Category.SOIL,), since=pd.Timestamp("1970-03-05T01:00", tz="UTC").to_pydatetime()),
    Selection(sources=(Source.COMPLAINT,), min_severity=Severity.ORDINARY),
    Selection(jurisdictions=("330502",)),
    Selection(categories=("nothing of ours",)),
)


def some(rng, ids):
    """Incidents of a few years and places, before and after 1970, some of them of no region."""
    rows = specimens.incidents()
    many = rows.iloc[rng.integers(0, len(rows), len(ids))].reset_index(drop=True)
    at = _FIRST + pd.to_timedelta(rng.integers(0, 3 * 365 * _DAY_US, len(ids)), unit="us")
    columns = {
        "category": rng.choice([one.value for one in Category], len(ids)),
        "source": rng.choice([one.value for one in Source], len(ids)),
        "severity": rng.integers(1, 5, len(ids)),
        "jurisdiction_id": pd.Series(rng.choice(["330502", "320509", None], len(ids)), dtype="str"),
    }
    many = many.assign(id=ids, at=pd.Series(at).dt.as_unit("us"), **columns)
    return many.set_geometry(shapely.points(rng.uniform((119, 29), (123, 33), (len(ids), 2))), crs=4326)


@pytest.fixture
def counting(app_url, owner):
    """A store after rows came in, changed, moved, were placed anew, and some were deleted."""
    rng = np.random.default_rng(11)
    ids = [f"x{number}" for number in range(_N)]
    with closing(PostgisStore(app_url)) as store:
        first = some(rng, ids)
        store.add(load(Kind.INCIDENTS), first.iloc[: _N // 2])
        store.add(load(Kind.INCIDENTS), first)
        store.add(load(Kind.INCIDENTS), some(rng, ids[::7]))
        moved = shapely.points(first.geometry.x + 1e-4, first.geometry.y)
        store.add(load(Kind.INCIDENTS), first.set_geometry(moved, crs=4326).iloc[::11])
        store.place_incidents(dict.fromkeys(ids[:300], "330502") | dict.fromkeys(ids[300:400]))
        with owner.begin() as connection:
            connection.exec_driver_sql("DELETE FROM incidents WHERE n % 5 = 0".replace("%", "%%"))
        yield store


def row_by_row(store, name, *asked):
    with store._database.read() as connection:
        return getattr(Database, name)(store._database, connection, *asked)


def beforehand(store, name, *asked):
    with store._database.read() as connection:
        return getattr(store._database, name)(connection, *asked)


def test_counts_are_those_of_the_rows(counting):
    names = ("category", "source", "severity", "jurisdiction_id", "day")
    for selection in SELECTIONS:
        for by in (
            (),
            *((one,) for one in names),
            ("day", "jurisdiction_id"),
            ("severity", "jurisdiction_id", "source"),
        ):
            ours = beforehand(counting, "counted", selection, by, None)
            assert [tuple(row) for row in row_by_row(counting, "counted", selection, by, None)] == ours
    assert beforehand(counting, "counted", ALL, ("day", "category"), None)


@pytest.mark.parametrize("zoom", [0, 5, 7, 8])
def test_tiles_are_those_of_the_rows(counting, zoom):
    column, row = int((120.5 / 360 + 0.5) * 2**zoom), int(0.4095 * 2**zoom)
    cells, shift = tile_cells(zoom, column, row), 2 * (LEVEL - zoom - 5)
    assert shift >= SHIFT
    for selection in SELECTIONS:
        ours = beforehand(counting, "counted_by_cell", selection, cells, shift)
        rows = row_by_row(counting, "counted_by_cell", selection, cells, shift)
        assert [(one[0], *one[3:]) for one in ours] == [(one[0], *one[3:]) for one in rows]
        # Means are of the whole cell, so that they lie in it too.
        here = specimens_of(ours)
        assert (np.abs(here - specimens_of(rows)) <= 360 / 2 ** (zoom + 5)).all()
        if not (selection.categories or selection.min_severity > 1 or selection.sources):
            assert np.allclose(here, specimens_of(rows), rtol=0, atol=1e-6)


def specimens_of(rows):
    """Longitudes and latitudes."""
    return np.array([one[1:3] for one in rows], float).reshape(-1, 2)


def test_what_is_counted_follows_every_write_of_a_transaction_and_nothing_else(counting, owner):
    def kept():
        with owner.connect() as connection:
            wanted = "SELECT sum(n), sum((SELECT sum(k) FROM unnest(kinds) AS k)) FROM {} WHERE months = {}"
            tables = [("incident_days", 0), ("incident_days", 1), ("incident_cells", 1), ("incident_cells", 12)]
            totals = [connection.exec_driver_sql(wanted.format(*one)).one() for one in tables]
            n = connection.exec_driver_sql("SELECT count(*) FROM incidents").scalar_one()
        assert {total for pair in totals for total in pair} == {n}
        return n

    before = kept()
    rng = np.random.default_rng(3)
    assert counting.add(load(Kind.INCIDENTS), some(rng, ["more"])).n_new == 1
    with pytest.raises(sa.exc.ProgrammingError), counting._database.write(Topic.INCIDENTS) as connection:
        connection.exec_driver_sql("DELETE FROM incidents; SELECT nonsense")
    assert kept() == before + 1


def test_a_step_of_the_schema_counts_what_is_there(counting, owner):
    """The same as triggers would have: the table that counts it and is forgotten leaves nothing else behind."""
    asked = (ALL, ("severity", "source"), None)
    before = beforehand(counting, "counted", *asked)
    with owner.begin() as connection:
        for table in ("incident_days", "incident_cells"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        connection.exec_driver_sql("CREATE TEMPORARY TABLE again (LIKE incidents) ON COMMIT DROP")
        connection.exec_driver_sql(
            "CREATE TRIGGER counted AFTER INSERT ON again REFERENCING NEW TABLE AS coming"
            " FOR EACH STATEMENT EXECUTE FUNCTION count_incidents()"
        )
        connection.exec_driver_sql("INSERT INTO again SELECT * FROM incidents")
    assert beforehand(counting, "counted", *asked) == before


def test_fine_tiles_ranges_within_a_cell_and_sources_go_to_the_rows(counting):
    cells = tile_cells(8, 213, 104)
    for selection, box_cells, shift in (
        (ALL, cells, SHIFT - 2),
        (ALL, (cells[0] + 1, cells[1]), SHIFT),
        (replace(ALL, sources=(Source.RANDOM,)), EVERYWHERE, SHIFT),
    ):
        ours = beforehand(counting, "counted_by_cell", selection, box_cells, shift)
        assert ours == row_by_row(counting, "counted_by_cell", selection, box_cells, shift)


def test_a_period_is_cut_without_gap_or_overlap():
    rng = np.random.default_rng(5)
    for lengths in ((12, 1), (1, 0), (0,), ()):
        for _ in range(200):
            ends = [
                None if rng.random() < 0.1 else int(one) for one in np.sort(rng.integers(-9, 9, 2) * 40 * _DAY_US // 7)
            ]
            found = stretches(*ends, lengths)
            if None not in ends and ends[0] >= ends[1]:
                assert found == []
                continue
            assert [found[0].from_us, found[-1].until_us] == ends
            assert [one.until_us for one in found[:-1]] == [one.from_us for one in found[1:]]
            assert {one.months for one in found} <= {*lengths, None}
            assert all(None in ends or one.from_us < one.until_us for one in found)
    assert stretches(None, None, (1, 0)) == [Stretch(1, None, None)]


def test_nothing_is_counted_where_all_was_emptied(counting, owner):
    with owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE incidents CASCADE")
    assert counting.count_incidents(ALL)["n"].tolist() == [0]
    assert counting.count_incidents(ALL, ["category"]).empty
