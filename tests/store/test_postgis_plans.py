"""What the queries cost on PostGIS: the server's own plans, over enough rows that a scan would be slower."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from casework.model import Box, Kind, Selection, Severity
from casework.people import Actor, Role
from casework.sharing import Consent
from geo.cells import LEVEL, tile_cells
from store import open_store, schema
from store.postgis import PostgisStore
from tests.store import specimens
from tests.store.postgis_database import url_of, web_url
from tests.store.specimens import ALL, T0, load

_N = 60_000
NARROW = Selection(T0, T0 + pd.Timedelta(days=3), ("water",), ("random",), Severity.SERIOUS, ("330502",))
UNPLANNED = "alembic", "set_config"
BOX = Box(120.2, 30.2, 120.21, 30.21)


@pytest.fixture(scope="module")
def full(database, owner):
    """A store with points all over four degrees by four and a year."""
    rng = np.random.default_rng(7)

    def scattered(rows, n):
        many = rows.iloc[np.arange(n) % len(rows)].reset_index(drop=True)
        places = shapely.points(rng.uniform((119, 29), (123, 33), (n, 2)))
        return many.assign(id=[f"x{number}" for number in range(n)]).set_geometry(places, crs=4326)

    with closing(PostgisStore(url_of(database))) as store:
        incidents = scattered(specimens.incidents(), _N)
        at = pd.Timestamp(T0) + pd.to_timedelta(rng.integers(0, 365 * 86_400, _N), unit="s")
        store.add(load(Kind.INCIDENTS), incidents.assign(at=pd.Series(at).dt.as_unit("us")))
        store.add(load(Kind.FIRMS), scattered(specimens.firms(), 3_000))
        store.add(load(Kind.STATIONS), scattered(specimens.stations(), 3_000))
        counties = scattered(specimens.boundaries(), 1_000)
        store.add(
            load(Kind.BOUNDARIES), counties.set_geometry(shapely.buffer(counties.geometry.to_numpy(), 0.001), crs=4326)
        )
        shared = specimens.agreement()
        consents = tuple(Consent(one, "local", T0) for one in shared.parties)
        strip = specimens.frame([shapely.box(121, 29, 121.2, 33)], agreement_id=[shared.id], side=["a"],
                                jurisdiction_id=["320509"], area_m2=[1.0])  # fmt: skip
        store.save_agreement(replace(shared, consents=consents), strip)
        with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            row = {"id": "zhang", "name": "zhang", "role": str(Role.VIEWER), "regions": ["330502"], "made_at_us": 0}
            more = {"subject": "", "active": True, "epoch": 0, "password": ""}
            connection.execute(sa.insert(schema.people), [row | more])
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield store


@pytest.fixture(scope="module")
def eyes(full, database):
    """The same store through the eyes of who has one region, and a partner who shares a strip."""
    with closing(open_store(web_url(database))) as door:
        yield door.seen_by(Actor("zhang", Role.VIEWER, ("330502",)), lambda: date(2026, 12, 1))


@pytest.fixture
def plans(full):
    """Plans of every query the store makes."""
    yield from plans_of(full)


@pytest.fixture
def plans_seen(eyes):
    """Plans of every query the actor's store makes."""
    yield from plans_of(eyes)


def plans_of(store):
    """Plans of every query made until the end."""
    seen = []

    def listen(_connection, cursor, statement, parameters, _context, _many):
        if statement.startswith(("SELECT", "UPDATE", "WITH")) and not any(word in statement for word in UNPLANNED):
            with cursor.connection.cursor() as other:
                other.execute(f"EXPLAIN {statement}", parameters)
                seen.append("\n".join(row[0] for row in other.fetchall()))

    engine = store._database._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("selection", [ALL, NARROW])
@pytest.mark.parametrize("zoom", [8, 11, 13])
def test_tiles_are_read_by_index(full, plans, selection, zoom):
    column, row = int((120.5 / 360 + 0.5) * 2**zoom), {8: 105, 11: 837, 13: 3349}[zoom]
    cells = tile_cells(zoom, column, row)
    assert len(full.incident_points(selection, cells)) or selection is NARROW
    full.incident_cells(selection, cells, 10)
    assert len(plans) == 2
    assert [one for one in plans if "Seq Scan" in one] == []
    # A few days of one category may be found sooner by the instant.
    assert selection is NARROW or all("Index Only Scan using ix_incidents_cell" in one for one in plans)


@pytest.mark.parametrize("selection", [ALL, NARROW, Selection(since=T0 + pd.Timedelta(days=200))])
@pytest.mark.parametrize("zoom", [0, 5, 8])
def test_low_zooms_are_read_from_what_was_counted_beforehand(full, plans, selection, zoom):
    column, row = int((120.5 / 360 + 0.5) * 2**zoom), {0: 0, 5: 13, 8: 105}[zoom]
    full.incident_cells(selection, tile_cells(zoom, column, row), 2 * (LEVEL - zoom - 5))
    assert [one for one in plans if "Seq Scan on incidents" in one] == []
    assert selection is NARROW or any("incident_cells" in one for one in plans)
    # Only the ends of the period, a few days, are counted row by row.
    assert len([one for one in plans if "on incidents" in one]) == sum(
        end is not None for end in (selection.since, selection.until)
    ) - (selection is NARROW)


@pytest.mark.parametrize("selection", [ALL, NARROW, Selection(since=T0 + pd.Timedelta(days=200))])
def test_an_actors_figures_are_read_from_own_counts_and_rows_of_others_by_their_key(eyes, plans_seen, selection):
    for zoom, row in {0: 0, 5: 13, 8: 105}.items():
        column = int((120.5 / 360 + 0.5) * 2**zoom)
        eyes.incident_cells(selection, tile_cells(zoom, column, row), 2 * (LEVEL - zoom - 5))
    for by in ((), ("day", "jurisdiction_id"), ("category",), ("source", "severity")):
        eyes.count_incidents(selection, by)
    assert [one for one in plans_seen if "Seq Scan on incidents" in one] == []
    keyed = "on shared_incidents s", "Index Scan using pk_incidents on incidents"
    others = [one for one in plans_seen if all(word in one for word in keyed)]
    counts = [one for one in plans_seen if "on incident_days" in one or "on incident_cells" in one]
    # A few days are sooner counted row by row.
    assert len(others) == (0 if selection is NARROW else 7)
    assert bool(counts) is (selection is not NARROW)
    assert not any("on incidents" in one for one in counts)


def test_the_planners_filters_do_not_scan_the_rows(full, plans):
    week = Selection(since=T0, until=T0 + pd.Timedelta(days=7))
    full.count_incidents(week, ["category", "day"])
    full.count_incidents(week, ["jurisdiction_id", "day"])
    full.count_incidents(ALL, ["category"])
    full.count_incidents(NARROW, ["jurisdiction_id", "day"])
    full.count_incidents(ALL, ["category"], BOX)
    full.incidents(ALL, limit=500)
    full.incidents(Selection(since=T0, jurisdictions=("330502", "320509")), limit=500)
    full.incidents(ALL, BOX)
    full.incident("x77")
    full.incident_span()
    full.place_incidents({f"x{number}": "330502" for number in range(50)})
    assert len(plans) >= 11
    assert [one for one in plans if "Seq Scan on incidents" in one] == []
    assert "Index Only Scan using ix_incidents_at_us" in plans[0]


def test_boxes_go_through_gist(full, plans):
    for read, index in (
        (full.jurisdictions, "ix_jurisdictions_geometry"),
        (full.stations, "ix_stations_place"),
        (full.firms, "ix_firms_place"),
    ):
        plans.clear()
        assert len(read(None, BOX)) < 50
        assert index in plans[0]


def test_versions_are_one_cheap_question(full, plans):
    full.versions()
    assert len(plans) == 1
    assert "topics" in plans[0]
