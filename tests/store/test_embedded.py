"""The contract on SQLite, and the same file opened again."""

import time
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.errors import UnreachableError
from casework.model import Kind
from casework.ports import Topic
from geo.cells import tile_cells
from store import open_store
from store.embedded import EmbeddedStore
from tests.store import specimens
from tests.store.contract import StoreContract
from tests.store.specimens import ALL, T0, load


class TestEmbedded(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        store = open_store(f"sqlite:///{tmp_path}/data/库.sqlite")
        yield store
        store.close()


def test_reopening_finds_everything(store, url):
    before, incidents = store.versions(), store.incidents(ALL)
    store.close()
    with closing(open_store(url)) as again:
        assert again.versions() == before
        assert again.incidents(ALL).equals(incidents)


def test_an_open_without_migrations_is_quick(store, url):
    store.close()
    began = time.perf_counter()
    open_store(url).close()
    assert time.perf_counter() - began < 0.5


def test_a_closed_store_opens_again_by_itself(store):
    store.close()
    assert store.count_incidents(ALL)["n"].tolist() == [6]


def test_large_frames_are_taken_in_steps(url, monkeypatch):
    monkeypatch.setattr("store.bulk._STEP", 4)
    monkeypatch.setattr("store.incidents._CHUNK", 4)
    monkeypatch.setattr("store.sqlite._MOST_WALKS", 0)
    with closing(EmbeddedStore(url, now=lambda: T0)) as store:
        assert store.add(load(Kind.INCIDENTS), specimens.incidents()).n_new == 6
        assert [len(chunk) for chunk in store.unplaced_incidents()] == [4, 2]
        assert store.incident_cells(ALL, tile_cells(0, 0, 0), 50)["n"].sum() == 6
        assert store.changed_at() == {Topic.INCIDENTS: T0}


def test_text_with_a_nul_is_kept(store):
    store.add(load(Kind.INCIDENTS), specimens.incidents().assign(description="a\x00b"))
    assert set(store.incidents(ALL)["description"]) == {"a\x00b"}


@pytest.mark.parametrize("exchanged", [False, True])
def test_a_file_that_was_taken_away_is_told_and_not_made_anew(store, url, tmp_path, exchanged):
    file = Path(sa.make_url(url).database)
    hidden = file.rename(tmp_path / "hidden.sqlite")
    if exchanged:
        file.write_bytes(hidden.read_bytes())
    before = sorted(file.parent.iterdir())
    for attempt in (
        lambda: store.count_incidents(ALL),
        store.lately,
        store.versions,
        lambda: store.add(load(Kind.INCIDENTS), specimens.incidents().iloc[:1]),
    ):
        with pytest.raises(UnreachableError, match="was taken away or exchanged"):
            attempt()
    assert sorted(file.parent.iterdir()) == before
    hidden.replace(file)
    assert store.count_incidents(ALL)["n"].tolist() == [6]
