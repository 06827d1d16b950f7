"""What the queries cost: SQLite's own plans, which name the index or do not."""

import pytest
import sqlalchemy as sa

from casework.model import Box, Selection, Severity
from geo.cells import tile_cells
from tests.store.specimens import ALL, T0


@pytest.fixture
def plans(store):
    """Plans of every query the store makes."""
    seen = []

    def listen(connection, cursor, statement, parameters, _context, executemany):
        if statement.startswith("SELECT") and not executemany:
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            seen.extend(row[3] for row in rows.fetchall())

    engine = store._database._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", listen)


NARROW = Selection(T0, T0, ("water",), ("random",), Severity.SERIOUS, ("330502",))
BOX = Box(120, 30, 121, 31)


@pytest.mark.parametrize("selection", [ALL, Selection(since=T0), NARROW])
def test_tiles_and_counts_are_read_from_the_index_alone(store, plans, selection):
    store.incident_points(selection, tile_cells(11, 1707, 835))
    store.incident_cells(selection, tile_cells(0, 0, 0), 4)
    store.count_incidents(selection, ["category", "jurisdiction_id", "day"], BOX)
    by_place = [one for one in plans if "incidents" in one]
    assert by_place
    assert all("SEARCH incidents USING COVERING INDEX ix_incidents_cell (cell>? AND cell<?)" in one for one in by_place)
    plans.clear()
    store.count_incidents(selection, ["category", "day"])
    assert "SEARCH incidents USING COVERING INDEX ix_incidents_at_us" in plans[0]


def test_the_walk_over_coarse_cells_uses_the_index(store):
    """It goes past SQLAlchemy's events: ask SQLite itself what it ran."""
    seen = []
    with store._database.read() as connection:
        raw = connection.connection.driver_connection
        raw.set_trace_callback(seen.append)
    store.incident_cells(NARROW, tile_cells(0, 0, 0), 50)
    raw.set_trace_callback(None)
    walks = [statement for statement in seen if "avg" in statement]
    assert len(walks) == 4
    with store._database.read() as connection:
        plans = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {walks[0]}").fetchall()]
    assert "SEARCH incidents USING COVERING INDEX ix_incidents_cell (cell>? AND cell<?)" in plans


def test_lists_do_not_scan_the_rows(store, plans):
    store.incidents(ALL, limit=500)
    assert plans[0] == "SCAN incidents USING INDEX ix_incidents_at_us"
    plans.clear()
    store.incidents(Selection(since=T0), BOX)
    assert not [one for one in plans if one.startswith("SCAN incidents")]
    assert "SEARCH incidents USING INTEGER PRIMARY KEY (rowid=?)" in plans
    plans.clear()
    store.incident_span()
    store.incident("I1")
    assert not [one for one in plans if one.startswith("SCAN incidents")]
    assert "SEARCH incidents USING INDEX sqlite_autoindex_incidents_1 (id=?)" in plans


def test_boxes_go_through_the_r_tree(store, plans):
    for kind, read in (("jurisdictions", store.jurisdictions), ("stations", store.stations), ("firms", store.firms)):
        plans.clear()
        read(None, BOX)
        assert f"SEARCH {kind} USING INTEGER PRIMARY KEY (rowid=?)" in plans
        assert any(f"SCAN {kind}_box VIRTUAL TABLE INDEX" in one for one in plans)
