"""What every store gives back of what it took in, and of nothing at all."""

import math
from datetime import UTC, datetime, timedelta

import pandas as pd
import shapely

from casework.model import WORLD, Box, Kind, Selection
from casework.ports import Topic
from geo.frames import BORDERS, FIRMS, INCIDENTS, JURISDICTIONS, STATIONS, ZONES
from tests.store import specimens
from tests.store.specimens import ALL, EVERYWHERE, T0, is_missing, known, load


class ReadingContract:
    """Bulk data comes back."""

    def test_empty_frames_keep_their_contracts(self, store):
        frames = [
            (JURISDICTIONS, store.jurisdictions()),
            (STATIONS, store.stations()),
            (FIRMS, store.firms()),
            (INCIDENTS, store.incidents(ALL)),
            (BORDERS, store.borders()),
            (ZONES, store.zones()),
        ]
        for contract, frame in frames:
            contract.check(frame)
            assert frame.empty
            assert frame.crs.to_epsg() == 4326

    def test_an_empty_store_has_nothing(self, store):
        assert store.versions() == dict.fromkeys(Topic, 0)
        assert store.changed_at() == {}
        assert store.agreements() == store.patrols() == store.quarantined() == ()
        assert store.incident("I1") is store.incident_span() is None
        assert list(store.unplaced_incidents()) == []
        assert store.loads().empty
        assert store.incident_cells(ALL, EVERYWHERE, 40).empty
        assert store.incident_points(ALL, EVERYWHERE).empty
        assert store.count_incidents(ALL)["n"].tolist() == [0]
        assert store.count_incidents(ALL, ["day"]).empty

    def test_empty_frames_have_the_same_types(self, filled):
        nothing = Selection(jurisdictions=("nowhere",))
        pairs = [
            (filled.incidents(ALL), filled.incidents(nothing)),
            (filled.stations(), filled.stations([])),
            (filled.firms(), filled.firms([])),
            (filled.jurisdictions(), filled.jurisdictions([])),
            (filled.incident_cells(ALL, EVERYWHERE, 40), filled.incident_cells(nothing, EVERYWHERE, 40)),
            (filled.incident_points(ALL, EVERYWHERE), filled.incident_points(nothing, EVERYWHERE)),
        ]
        by = ["category", "source", "severity", "jurisdiction_id", "day"]
        pairs.append((filled.count_incidents(ALL, by), filled.count_incidents(nothing, by)))
        for full, empty in pairs:
            assert len(full)
            assert not len(empty)
            assert full.dtypes.to_dict() == empty.dtypes.to_dict()

    def test_jurisdictions_come_back(self, filled):
        frame = filled.jurisdictions()
        JURISDICTIONS.check(frame)
        assert frame["id"].tolist() == ["320509", "330502", "X"]
        assert frame["name"].tolist() == ["吴江区", "吴兴区", "岛"]
        assert frame["name_en"].tolist()[:2] == ["Wujiang", "Wuxing"]
        assert is_missing(frame.loc[2, ["level", "parent_id", "name_en"]])
        assert set(frame["source"]) == {"市生态环境局"}
        assert set(frame["datum"]) == {"CGCS2000"}
        assert not frame["simulated"].any()
        expected = specimens.boundaries().set_index("id").geometry
        assert all(shapely.equals_exact(one.geometry, expected[one.id]) for one in frame.itertuples())

    def test_jurisdictions_by_id_and_box(self, filled):
        def ids(*args):
            return filled.jurisdictions(*args)["id"].tolist()

        assert ids(["X", "330502", "nobody"]) == ["330502", "X"]
        assert ids([]) == []
        assert ids(None, Box(12.5, 10.5, 14, 12)) == ["X"]
        assert ids(None, Box(121, 30, 121, 30)) == ["320509", "330502"]
        assert ids(["330502"], Box(121, 30, 121, 30)) == ["330502"]
        # Inside the bounds, beside the shape: the hole, and the other half of the triangle.
        assert ids(None, Box(120.45, 30.45, 120.55, 30.55)) == []
        assert ids(None, Box(121.1, 30.8, 121.2, 30.9)) == []
        assert ids(None, Box(13.0000001, 10, 14, 11)) == []
        assert ids(None, WORLD) == ["320509", "330502", "X"]

    def test_stations_come_back(self, filled):
        frame = filled.stations()
        STATIONS.check(frame)
        assert frame["id"].tolist() == ["S1", "S2", "S3"]
        assert frame["n_officers"].tolist() == [12, 4, 0]
        assert frame["phone"].tolist()[1] == "0572-1"
        assert is_missing(frame["phone"].iloc[[0, 2]])
        assert is_missing(frame["jurisdiction_id"].iloc[[2]])
        assert (frame.geometry.iloc[0].x, frame.geometry.iloc[0].y) == (120.6, 31.1)
        assert set(frame["source"]) == {"市生态环境局"}
        assert filled.stations(["330502"])["id"].tolist() == ["S2"]
        assert filled.stations([])["id"].tolist() == []
        assert filled.stations(None, Box(120.1, 30.8, 120.1, 30.8))["id"].tolist() == ["S2"]
        assert filled.stations(None, Box(120.1000001, 30.8, 121, 31))["id"].tolist() == []

    def test_firms_come_back(self, filled):
        frame = filled.firms()
        FIRMS.check(frame)
        assert frame["id"].tolist() == ["F1", "F2"]
        assert frame["risk"].iloc[0] == 0.75
        assert frame["emissions"].tolist() == [10.0, 90.0]
        assert is_missing(frame[["history", "safety"]].to_numpy().ravel())
        assert math.isnan(frame["risk"].iloc[1])
        assert frame["simulated"].all()
        assert filled.firms(["330502"])["id"].tolist() == ["F1"]
        assert filled.firms(None, Box(120.7, 31.0, 120.8, 31.1))["id"].tolist() == ["F2"]

    def test_incidents_come_back_newest_first(self, filled):
        frame = filled.incidents(ALL)
        INCIDENTS.check(frame)
        assert frame["id"].tolist() == ["I5", "I6", "I4", "I3", "I2", "I1"]
        expected = specimens.incidents().set_index("id").loc[frame["id"]].reset_index()
        for name in ("at", "category", "source", "severity"):
            assert frame[name].tolist() == expected[name].tolist()
        for name in ("jurisdiction_id", "description", "accuracy_m"):
            assert known(frame[name]) == known(expected[name])
        assert shapely.equals_exact(frame.geometry.to_numpy(), expected.geometry.to_numpy()).all()
        assert is_missing(frame["reported_jurisdiction"])
        assert set(frame["source_file"]) == {"表.xlsx"}
        assert filled.incidents(ALL, limit=2)["id"].tolist() == ["I5", "I6"]
        assert filled.incidents(ALL, limit=0).empty

    def test_one_incident(self, filled):
        found = filled.incident("I1")
        assert found["at"] == T0
        assert found["at"].utcoffset() == timedelta(0)
        assert (found["lon"], found["lat"], found["severity"]) == (120.1, 30.8, 1)
        assert found["description"] == "河水发黑"
        assert found["reported_jurisdiction"] is None
        assert set(filled.incidents(ALL).columns) <= set(found)
        assert filled.incident("I2")["accuracy_m"] is filled.incident("I2")["description"] is None
        assert filled.incident("i1") is None

    def test_instants_are_exact(self, store):
        at = [datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC), datetime(2200, 1, 1, 0, 0, 0, 1, UTC)]
        rows = specimens.incidents().iloc[:2].assign(at=pd.to_datetime(at, utc=True).as_unit("us"))
        store.add(load(Kind.INCIDENTS), rows)
        assert store.incident_span() == tuple(at)
        assert [one.to_pydatetime() for one in store.incidents(ALL)["at"]] == at[::-1]
        assert store.count_incidents(ALL, ["day"])["day"].tolist() == ["1969-12-31", "2200-01-01"]
