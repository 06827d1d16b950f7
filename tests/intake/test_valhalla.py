"""Our own roads against Valhalla's, on the same extract."""

import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from app import desk_of, travel_of
from geo.roads import Roads
from geo.streets import RoadClass
from geo.travel import stated
from intake import valhalla
from intake.errors import FileError
from intake.osm import read_osm
from intake.valhalla import Valhalla
from settings import Settings
from store import open_store

DATA = Path(os.environ.get("LIANFANG_REFERENCE_DATA", Path(__file__).parents[2] / "../shared/data")) / "roads"
EXTRACT = DATA / "liechtenstein-latest.osm.pbf"
BUDGETS = (10, 15, 20, 30)


def test_without_valhalla_one_is_told_what_to_install(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(valhalla.importlib, "import_module", missing)
    with pytest.raises(FileError, match="install pyvalhalla"):
        Valhalla(EXTRACT)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    pytest.importorskip("valhalla", reason="pyvalhalla is not installed")
    if not EXTRACT.is_file():
        pytest.skip("LIANFANG_REFERENCE_DATA holds no roads")
    return Valhalla(EXTRACT, tmp_path_factory.mktemp("tiles"))


@pytest.fixture(scope="module")
def streets(engine):
    return read_osm(EXTRACT)


@pytest.fixture(scope="module")
def towns(streets):
    """Twenty places beside streets people live on or drive through."""
    where = np.flatnonzero(streets.classes <= RoadClass.RESIDENTIAL)
    rng = np.random.default_rng(11)
    return streets.lonlat[streets.begins[rng.choice(where, 20)]] + rng.normal(0, 0.0003, (20, 2))


def jaccard(one, two):
    return shapely.area(shapely.intersection(one, two)) / shapely.area(shapely.union(one, two))


def test_the_ground_is_the_same(engine, streets, towns):
    roads = Roads(streets)
    likeness = np.array(
        [
            [
                jaccard(roads.ground(place[None], [one])[0, 0], engine.ground(place[None], [one])[0, 0])
                for one in BUDGETS
            ]
            for place in towns
        ]
    )
    middle = np.median(likeness, axis=0)
    assert (middle >= 0.95).all(), middle
    assert likeness.min() > 0.7


def test_the_times_are_the_same(engine, streets, towns):
    ratio = Roads(streets).minutes(towns, towns) / np.maximum(engine.minutes(towns, towns), 0.01)
    ratio = ratio[~np.eye(len(towns), dtype=bool)]
    assert np.median(ratio) == pytest.approx(1, abs=0.03)
    assert np.quantile(ratio, 0.9) < 1.2


def test_it_answers_as_every_provider_does(engine, towns):
    times = engine.minutes(towns[:3], towns[:5])
    found, least = engine.first(towns[:3], towns[:5])
    assert least == pytest.approx(times.min(axis=0))
    assert times[found, np.arange(5)] == pytest.approx(least)
    assert stated(engine)["data_on"] == "2015-07-27"
    assert engine.snap_m(towns[:2]).max() < 200
    far = np.array([[0.0, 0.0]])
    assert np.isinf(engine.snap_m(far)).all()
    assert np.isinf(engine.minutes(towns[:2], np.vstack((far, towns[:1])))[:, 0]).all()
    assert engine.ground(far, [10])[0, 0].is_empty
    assert engine.first(far[:0], far)[0].tolist() == [-1]


def test_the_desk_goes_by_valhalla_where_the_operator_asks_for_it(engine, tmp_path):
    extract = tmp_path / EXTRACT.name
    extract.symlink_to(EXTRACT.resolve())
    settings = Settings(database=str(tmp_path / "one.sqlite"), valhalla=str(extract))
    desk = desk_of(settings, open_store(settings.database_url))
    assert desk.stations.travel.provider == engine.provider == "valhalla"
    assert desk.stations.travel.data_on == engine.data_on
    assert (tmp_path / f"{EXTRACT.name}-tiles" / "valhalla.json").is_file()
    assert travel_of(Settings(valhalla="off")) is None
