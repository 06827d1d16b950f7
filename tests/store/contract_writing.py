"""What every store does when the same comes again, or something bad."""

import dataclasses
from datetime import UTC, datetime

import pytest
import shapely

from casework.errors import CaseError
from casework.model import Box, Kind, Written
from casework.ports import Topic
from geo.errors import FrameError
from tests.store import specimens
from tests.store.specimens import ALL, HOUR, T0, is_missing, load


class WritingContract:
    """Loads, rejects and history."""

    @pytest.mark.parametrize("kind", list(Kind))
    def test_the_same_load_again_changes_nothing(self, filled, kind):
        rows = getattr(specimens, kind.value)()
        simulated = kind is Kind.FIRMS
        before, changed_at = filled.versions(), filled.changed_at()
        again = filled.add(load(kind, simulated=simulated, at=T0 + HOUR, file="copy.csv"), rows.iloc[::-1])
        assert again == Written(n_unchanged=len(rows))
        assert filled.versions() == before
        assert filled.changed_at() == changed_at
        assert filled.add(load(kind, simulated=not simulated), rows).n_changed == len(rows)

    def test_only_what_differs_is_changed(self, filled):
        before = filled.versions()
        rows = specimens.incidents().iloc[:3].copy()
        rows["description"] = ["河水发黑", "新", ""]
        rows.loc[2, "id"] = "I7"
        assert filled.add(load(Kind.INCIDENTS, file="二.csv"), rows) == Written(1, 1, 1)
        assert filled.versions() == {**before, Topic.INCIDENTS: 2}
        files = filled.incidents(ALL).set_index("id")["source_file"]
        assert files[["I1", "I2", "I7"]].tolist() == ["表.xlsx", "二.csv", "二.csv"]

    def test_a_row_that_moves_is_found_in_its_new_place(self, filled):
        for kind, read in ((Kind.STATIONS, filled.stations), (Kind.FIRMS, filled.firms)):
            rows = getattr(specimens, kind.value)().iloc[:1]
            filled.add(load(kind), rows.set_geometry([shapely.Point(5, 5)], crs=4326))
            assert read(None, Box(4, 4, 6, 6))["id"].tolist() == rows["id"].tolist()
            assert read(None, Box(120, 30, 120.5, 31)).empty
        rows = specimens.boundaries().iloc[:1].set_geometry([shapely.box(50, 50, 51, 51)], crs=4326)
        filled.add(load(Kind.BOUNDARIES), rows)
        assert filled.jurisdictions(box=Box(50, 50, 50, 50))["id"].tolist() == ["330502"]
        assert filled.jurisdictions(box=Box(121.5, 30.1, 122, 31)).empty
        moved = specimens.incidents().iloc[:1].set_geometry([shapely.Point(5, 5)], crs=4326)
        filled.add(load(Kind.INCIDENTS), moved)
        assert filled.incidents(ALL, Box(4, 4, 6, 6))["id"].tolist() == ["I1"]
        assert filled.incidents(ALL, Box(120.1, 30.8, 120.1, 30.8))["id"].tolist() == ["I2"]

    def test_a_bad_frame_changes_nothing(self, store):
        rows = specimens.incidents()
        bad = [
            rows.drop(columns="at"),
            rows.assign(id="same"),
            rows.to_crs(3857),
            rows.set_geometry([shapely.Point()] * len(rows), crs=4326),
            rows.assign(severity=9),
        ]
        for one in bad:
            with pytest.raises(FrameError):
                store.add(load(Kind.INCIDENTS), one, [specimens.reject()])
        with pytest.raises(CaseError, match="time zone"):
            store.add(load(Kind.INCIDENTS, at=datetime(2025, 1, 1)), rows)  # noqa: DTZ001
        assert store.versions() == dict.fromkeys(Topic, 0)
        assert store.loads().empty

    def test_heights_are_let_go(self, store):
        rows = specimens.stations().iloc[:1].set_geometry([shapely.Point(1, 2, 3)], crs=4326)
        store.add(load(Kind.STATIONS), rows)
        assert not store.stations().geometry.iloc[0].has_z

    def test_missing_columns_are_null(self, store):
        rows = specimens.incidents().drop(columns=["description", "accuracy_m"])
        store.add(load(Kind.INCIDENTS), rows.assign(extra=1))
        frame = store.incidents(ALL)
        assert is_missing(frame["description"])
        assert is_missing(frame["accuracy_m"])
        assert "extra" not in frame

    def test_rejects_wait_for_release(self, store):
        rejects = [specimens.reject(9), specimens.reject(2), specimens.reject(1, kind=Kind.FIRMS, raw={})]
        written = store.add(load(Kind.INCIDENTS), specimens.incidents().iloc[:0], rejects)
        assert written == Written(n_rejected=3)
        kept = store.quarantined()
        assert [dataclasses.replace(one, id=None) for one in kept] == rejects
        assert store.quarantined(Kind.FIRMS) == kept[2:]
        assert store.versions() == dict.fromkeys(Topic, 0) | {Topic.QUARANTINE: 1}
        store.release([kept[0].id, kept[2].id])
        assert store.quarantined() == kept[1:2]
        assert store.versions()[Topic.QUARANTINE] == 2
        store.release([kept[0].id])
        store.release([])
        assert store.versions()[Topic.QUARANTINE] == 2

    def test_the_same_reject_replaces_itself(self, store):
        def add(*rejects):
            store.add(load(Kind.INCIDENTS), specimens.incidents(), rejects)
            return store.versions()[Topic.QUARANTINE]

        assert add(specimens.reject(2), specimens.reject(3)) == 1
        assert add(specimens.reject(2), specimens.reject(3)) == 1
        before = store.quarantined()
        assert add(specimens.reject(2, value="较重")) == 2
        after = store.quarantined()
        assert [one.id for one in after] == [one.id for one in before]
        assert [one.value for one in after] == ["较重", "很重"]
        assert add(specimens.reject(2, field="at")) == 3
        assert len(store.quarantined()) == 3

    def test_numbers_of_rejects_are_not_given_twice(self, store):
        store.add(load(Kind.FIRMS), specimens.firms().iloc[:0], [specimens.reject()])
        first = store.quarantined()[0].id
        store.release([first])
        store.add(load(Kind.FIRMS), specimens.firms().iloc[:0], [specimens.reject()])
        assert store.quarantined()[0].id > first

    def test_history_has_one_line_per_load(self, store):
        rows = specimens.incidents()
        store.add(load(Kind.INCIDENTS), rows.iloc[:4], [specimens.reject()])
        store.add(load(Kind.INCIDENTS), rows.iloc[3:])
        store.add(load(Kind.INCIDENTS, at=T0 + HOUR), rows)
        store.add(load(Kind.FIRMS, simulated=True), specimens.firms())
        history = store.loads()
        assert history["kind"].tolist() == ["incidents", "firms", "incidents"]
        counts = history[["n_new", "n_changed", "n_unchanged", "n_rejected"]].to_numpy().tolist()
        assert counts == [[0, 0, 6, 0], [2, 0, 0, 0], [6, 0, 1, 1]]
        assert history["at"].tolist() == [T0 + HOUR, T0, T0]
        assert history["simulated"].tolist() == [False, True, False]
        assert history.loc[0, ["file", "source", "datum"]].tolist() == ["表.xlsx", "市生态环境局", "CGCS2000"]

    def test_changes_carry_their_time(self, store):
        before = datetime.now(UTC)
        store.save_patrol(specimens.patrol())
        assert list(store.changed_at()) == [Topic.PATROLS]
        assert before <= store.changed_at()[Topic.PATROLS] <= datetime.now(UTC)

    def test_text_is_kept_as_it_is(self, store):
        odd = ["'; DROP TABLE incidents; --", "a\tb\\N\r\n\\.\x01", "é\u0301\u200b", "", "\U0001f30a%_\\", "  x  "]
        rows = specimens.incidents().assign(description=odd)
        store.add(load(Kind.INCIDENTS, file="a'b\".csv"), rows)
        found = store.incidents(ALL).set_index("id").loc[rows["id"]]
        assert found["description"].tolist() == odd
        assert store.add(load(Kind.INCIDENTS), rows).n_unchanged == 6
