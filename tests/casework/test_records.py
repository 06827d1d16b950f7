"""Rows find their jurisdiction, new boundaries move what they must, and what files say is compared with where things are."""

from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from casework.comparisons import bare_name, compare
from casework.model import Agreement, Box, Kind, Load, Reject, Selection
from casework.records import Records
from casework.terms import terms_frame
from geo.frames import ZONES
from geo.zones import zones
from store import open_store

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Clock:
    def now(self):
        return NOW


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'test.sqlite'}")
    yield store
    store.close()


@pytest.fixture
def records(store):
    return Records(store, Clock())


def load(kind, file="file.csv"):
    return Load(kind, file, "County office", "wgs84", NOW)


def squares(edge=120.1, ids=("e", "w")):
    shapes = [shapely.box(edge, 30, 120.2, 30.1), shapely.box(120, 30, edge, 30.1)]
    frame = gpd.GeoDataFrame(
        {"id": ["e", "w"], "name": ["East County", "西区"], "name_en": ["", "West"]}, geometry=shapes, crs=4326
    )
    return frame[frame["id"].isin(ids)].reset_index(drop=True)


def points(lons, **columns):
    frame = gpd.GeoDataFrame(
        {"id": [f"p{n}" for n in range(len(lons))]}, geometry=shapely.points(lons, [30.05] * len(lons)), crs=4326
    )
    return frame.assign(**columns)


def incidents(lons, reported):
    return points(
        lons,
        at=pd.date_range("2026-03-05", periods=len(lons), freq="40D", tz="UTC").as_unit("us"),
        category="water",
        source="complaint",
        severity=2,
        jurisdiction_id=pd.Series([None] * len(lons), dtype="str"),
        reported_jurisdiction=pd.Series(reported, dtype="str"),
    )


def firms(lons, ids=None):
    jurisdiction = pd.Series(ids or [None] * len(lons), dtype="str")
    return points(lons, name="Works", code="red", jurisdiction_id=jurisdiction)


def stations(lons, ids=None):
    jurisdiction = pd.Series(ids or [None] * len(lons), dtype="str")
    return points(lons, name="Squad", level="squad", n_officers=3, jurisdiction_id=jurisdiction)


def ids_of(frame):
    return [None if pd.isna(one) else one for one in frame.sort_values("id")["jurisdiction_id"]]


def test_rows_are_placed_when_there_are_jurisdictions(records, store):
    assert records.extent() is None
    records.add(load(Kind.INCIDENTS), incidents([120.05], ["West"]))
    assert ids_of(store.incidents(Selection())) == [None]
    records.add(load(Kind.BOUNDARIES), squares())
    redrawn = records.boundaries_changed()
    assert (redrawn.n_borders, redrawn.n_moved) == (1, 1)
    assert "1 borders" in redrawn.words()
    assert ids_of(store.incidents(Selection())) == ["w"]
    assert records.extent() == Box(120, 30, 120.2, 30.1)
    records.add(load(Kind.FIRMS), firms([120.05, 120.15, 121], ["e", "nowhere", None]))
    assert ids_of(store.firms()) == ["e", "e", None]


def test_a_repeated_load_changes_nothing(records):
    records.add(load(Kind.BOUNDARIES), squares())
    rows = incidents([120.05, 120.15], ["West", "west"])
    assert records.add(load(Kind.INCIDENTS), rows).n_new == 2
    assert records.add(load(Kind.INCIDENTS), rows).n_unchanged == 2
    assert len(records.history()) >= 1


def test_new_boundaries_move_what_was_placed_and_leave_what_was_chosen(records, store):
    records.add(load(Kind.BOUNDARIES), squares(120.1))
    records.boundaries_changed()
    records.add(load(Kind.INCIDENTS), incidents([120.05, 120.12, 121], ["", "", ""]))
    records.add(load(Kind.FIRMS), firms([120.05, 120.12, 120.13], [None, None, "w"]))
    records.add(load(Kind.STATIONS), stations([120.12, 120.05], [None, "e"]))
    records.add(load(Kind.BOUNDARIES), squares(120.15))
    redrawn = records.boundaries_changed()
    assert redrawn.n_moved == 3
    assert ids_of(store.incidents(Selection())) == ["w", "w", None]
    assert ids_of(store.firms()) == ["w", "w", "w"]
    assert ids_of(store.stations()) == ["w", "e"]
    assert store.firms()["source"].tolist() == ["County office"] * 3
    assert records.boundaries_changed().n_moved == 0


def test_zones_are_drawn_anew_or_the_agreement_is_named(records, store):
    records.add(load(Kind.BOUNDARIES), squares())
    records.boundaries_changed()
    memo = Agreement("m", "Memorandum", "e", "w", 1000.0, 500.0, date(2026, 1, 1))
    store.save_agreement(memo, zones(terms_frame(memo), store.borders(), store.jurisdictions()))
    before = store.zones()
    records.add(load(Kind.BOUNDARIES), squares(120.12))
    assert records.boundaries_changed().n_zones == 1
    after = store.zones()
    ZONES.check(after)
    assert after.total_bounds[0] > before.total_bounds[0]
    apart = squares().assign(geometry=[shapely.box(130, 30, 131, 31), shapely.box(120, 30, 121, 31)])
    records.add(load(Kind.BOUNDARIES), apart)
    redrawn = records.boundaries_changed()
    assert (redrawn.n_zones, [name for name, _ in redrawn.unresolved]) == (0, ["m"])
    assert "m keeps its last zone" in redrawn.words()
    assert len(store.zones()) == len(after)


def test_reported_names_are_compared_with_where_incidents_are(records):
    records.add(load(Kind.BOUNDARIES), squares())
    records.boundaries_changed()
    said = ["east", "EAST COUNTY", "西", "WEST", "w", "east", None, "East", "Elsewhere"]
    records.add(
        load(Kind.INCIDENTS), incidents([120.15, 120.15, 120.05, 120.05, 120.05, 120.05, 120.05, 121, 121], said)
    )
    compared = records.disagreements()
    assert (compared.n_reported, compared.n_agreeing, compared.n_outside) == (8, 5, 2)
    assert compared.agreement == pytest.approx(5 / 6)
    assert sorted(compared.differing["id"]) == ["p5", "p7", "p8"]
    assert sorted(compared.differing["jurisdiction"]) == ["", "", "西区"]
    late = records.disagreements(
        Selection(since=datetime(2026, 12, 1, tzinfo=UTC), until=datetime(2027, 1, 1, tzinfo=UTC))
    )
    assert late.differing["id"].tolist() == ["p7"]


def test_nothing_to_compare(records):
    assert records.disagreements().agreement is None
    bare = incidents([120.05], ["x"]).drop(columns="reported_jurisdiction")
    assert compare(bare, squares()).n_reported == 0


def test_names_without_their_suffix():
    assert bare_name("乌拉特前旗") == "乌拉特前"
    assert bare_name("区") == "区"
    assert bare_name("Cork City") == "cork"


def test_corrected_rows_leave_the_quarantine_and_the_others_stay(records):
    rejects = [Reject(Kind.INCIDENTS, "f.csv", row, "lon", "?", "a number", {"lon": "?"}) for row in (2, 3)]
    records.add(load(Kind.INCIDENTS, "f.csv"), incidents([], []), rejects)
    first, second = records.quarantined(Kind.INCIDENTS)
    still = [Reject(Kind.INCIDENTS, "f.csv", 3, "lat", "?", "a number", {"lon": "1", "lat": "?"})]
    written = records.retry(load(Kind.INCIDENTS, "f.csv"), incidents([120.05], [None]), still, [first.id, second.id])
    assert written.n_new == 1
    assert [(r.row, r.field) for r in records.quarantined()] == [(3, "lat")]
    records.settle([records.quarantined()[0].id])
    records.settle([])
    assert records.quarantined() == ()
    assert records.now() == NOW
