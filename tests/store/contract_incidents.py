"""How every store finds, counts, tiles and places incidents."""

from datetime import datetime, timezone

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.errors import CaseError
from casework.model import WORLD, Box, Category, Kind, Selection, Severity, Source
from casework.ports import Topic
from geo.cells import LEVEL, cell_of
from tests.store import specimens
from tests.store.specimens import ALL, EVERYWHERE, HOUR, T0, load


class IncidentsContract:
    """Selections, boxes, counts, tiles, placing."""

    @pytest.mark.parametrize(
        ("selection", "ids"),
        [
            (Selection(since=T0 + HOUR), "I5 I6 I4 I3 I2"),
            (Selection(until=T0 + HOUR), "I1"),
            (Selection(since=T0 + HOUR, until=T0 + 3 * HOUR), "I3 I2"),
            (Selection(since=(T0 + HOUR).astimezone(timezone(8 * HOUR)), until=T0 + 2 * HOUR), "I2"),
            (Selection(categories=(Category.WATER,)), "I5 I3 I1"),
            (Selection(categories=(Category.WATER, Category.NOISE)), "I5 I6 I3 I1"),
            (Selection(sources=(Source.COMPLAINT, Source.TOTALS)), "I5 I4 I1"),
            (Selection(min_severity=Severity.SERIOUS), "I4 I3"),
            (Selection(jurisdictions=("330502",)), "I5 I2 I1"),
            (Selection(jurisdictions=("330502", "320509"), categories=(Category.WATER,), until=T0 + 9 * HOUR), "I3 I1"),
            (Selection(categories=(Category.SOIL,)), ""),
        ],
    )
    def test_selections(self, filled, selection, ids):
        expected = ids.split()
        assert filled.incidents(selection)["id"].tolist() == expected
        assert filled.incidents(selection, WORLD)["id"].tolist() == expected
        assert filled.count_incidents(selection)["n"].tolist() == [len(expected)]
        assert len(filled.incident_points(selection, EVERYWHERE)) == len(expected)
        for shift in (52, 40, 10):
            assert filled.incident_cells(selection, EVERYWHERE, shift)["n"].sum() == len(expected)

    def test_selections_need_a_time_zone(self, filled):
        with pytest.raises(CaseError, match="time zone"):
            filled.incidents(Selection(since=datetime(2025, 1, 1)))  # noqa: DTZ001

    def test_boxes_include_their_edges(self, filled):
        def ids(box, **more):
            return filled.incidents(ALL, box, **more)["id"].tolist()

        assert ids(Box(120.1, 30.8, 120.5, 31.0)) == ["I5", "I3", "I2", "I1"]
        assert ids(Box(120.1, 30.8, 120.5, 31.0), limit=1) == ["I5"]
        assert ids(Box(120.1, 30.8, 120.1, 30.8)) == ["I2", "I1"]
        assert ids(Box(120.1000001, 30.8, 120.2, 30.9)) == ["I5"]
        assert ids(Box(-71, -34, -69, -32)) == ["I6"]
        assert ids(Box(5, 5, 4, 6)) == []

    def test_counts(self, filled):
        by_category = filled.count_incidents(ALL, ["category"])
        assert by_category.set_index("category")["n"].to_dict() == {"air": 1, "noise": 1, "waste": 1, "water": 3}
        by_two = filled.count_incidents(ALL, ["severity", "source"])
        assert list(by_two.columns) == ["severity", "source", "n"]
        assert by_two["n"].sum() == 6
        days = filled.count_incidents(ALL, ["day"])
        assert dict(zip(days["day"], days["n"], strict=True)) == {"2025-03-01": 4, "2025-03-02": 2}
        places = filled.count_incidents(ALL, ["jurisdiction_id"])
        assert places.loc[places["jurisdiction_id"].isna(), "n"].tolist() == [2]
        box = Box(120.1, 30.8, 120.5, 31.0)
        assert filled.count_incidents(ALL, box=box)["n"].tolist() == [4]
        assert filled.count_incidents(ALL, ["day", "category"], box)["n"].sum() == 4
        assert filled.count_incidents(ALL, ["category"], Box(0, 0, 1, 1)).empty
        with pytest.raises(CaseError, match="colour"):
            filled.count_incidents(ALL, ["colour"])

    def test_cells_and_points_of_tiles(self, filled):
        rows = specimens.incidents()
        cell = cell_of(rows.geometry.x, rows.geometry.y)
        for z in (0, 5, 11, 20):
            here = cell[0] >> 2 * (LEVEL - z)
            box_cells = (int(here) << 2 * (LEVEL - z), int(here + 1) << 2 * (LEVEL - z))
            inside = (cell >= box_cells[0]) & (cell < box_cells[1])
            points = filled.incident_points(ALL, box_cells)
            expected = sorted(zip(rows.geometry.x[inside], rows.geometry.y[inside], strict=True))
            assert sorted(zip(points["lon"], points["lat"], strict=True)) == expected
            for shift in (0, 2, 2 * (LEVEL - z) - 2, 2 * (LEVEL - z)):
                coarse = pd.DataFrame(
                    {
                        "cell": cell[inside] >> shift,
                        "lon": rows.geometry.x[inside],
                        "severity": rows["severity"][inside],
                    }
                )
                found = filled.incident_cells(ALL, box_cells, shift)
                grouped = coarse.groupby("cell")
                assert found["cell"].tolist() == sorted(set(coarse["cell"]))
                assert found["n"].tolist() == grouped.size().tolist()
                assert found["max_severity"].tolist() == grouped["severity"].max().tolist()
                assert np.allclose(found["lon"], grouped["lon"].mean(), rtol=0, atol=1e-9)

    def test_a_range_may_cut_a_coarse_cell(self, filled):
        cell = int(cell_of(120.1, 30.8))
        assert filled.incident_cells(ALL, (cell, cell + 1), 10)["n"].tolist() == [2]
        assert filled.incident_cells(ALL, (cell + 1, cell + 2), 10).empty
        assert filled.incident_points(ALL, (cell, cell + 1))["category"].tolist() == ["water", "air"]

    # A contract is the same test of several classes, which may run in one process: each has a store of its own.
    @settings(
        max_examples=25,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(st.tuples(*[st.floats(120.0, 121.0)] * 2), st.tuples(*[st.floats(30.0, 31.1)] * 2))
    def test_any_box_finds_what_a_comparison_finds(self, filled, lons, lats):
        box = Box(min(lons), min(lats), max(lons), max(lats))
        rows = specimens.incidents()
        inside = rows.geometry.x.between(box.west, box.east) & rows.geometry.y.between(box.south, box.north)
        assert set(filled.incidents(ALL, box)["id"]) == set(rows["id"][inside])
        assert filled.count_incidents(ALL, box=box)["n"].tolist() == [inside.sum()]

    def test_placing(self, filled):
        chunks = list(filled.unplaced_incidents())
        assert [list(chunk.columns) for chunk in chunks] == [["id", "jurisdiction_id", "geometry"]]
        assert sorted(chunks[0]["id"]) == ["I1", "I2", "I3", "I4", "I5", "I6"]
        in_box = list(filled.unplaced_incidents(Box(120.5, 30.0, 121, 31)))
        assert sorted(in_box[0]["id"]) == ["I3", "I4"]
        assert in_box[0].set_index("id").geometry["I4"] == shapely.Point(120.9, 30.2)
        assert list(filled.unplaced_incidents(Box(0, 0, 1, 1))) == []
        version = filled.versions()[Topic.INCIDENTS]
        assert filled.place_incidents({"I1": "330502", "I2": None, "I4": "320509", "nobody": "X"}) == 2
        assert filled.versions()[Topic.INCIDENTS] == version + 1
        assert filled.place_incidents({"I1": "330502", "I2": None}) == filled.place_incidents({}) == 0
        assert filled.versions()[Topic.INCIDENTS] == version + 1
        assert filled.incident("I2")["jurisdiction_id"] is None
        assert filled.incidents(Selection(jurisdictions=("320509",)))["id"].tolist() == ["I4", "I3"]

    def test_a_file_without_jurisdictions_does_not_undo_the_placing(self, filled):
        rows = specimens.incidents().assign(jurisdiction_id=pd.Series([None] * 6, dtype="str"))
        filled.place_incidents({"I4": "320509"})
        assert filled.add(load(Kind.INCIDENTS), rows).n_changed == 0
        assert filled.incident("I4")["jurisdiction_id"] == "320509"
        moved = rows.iloc[3:4].set_geometry([shapely.Point(5, 5)], crs=4326)
        assert filled.add(load(Kind.INCIDENTS), moved).n_changed == 1
        assert filled.incident("I4")["jurisdiction_id"] is None
