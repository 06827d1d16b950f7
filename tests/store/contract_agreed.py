"""Borders, agreements and patrols in every store."""

from dataclasses import replace
from datetime import date

import pytest
import shapely

from casework.errors import NotFoundError
from casework.model import Agreement
from casework.ports import Topic
from geo.errors import FrameError
from geo.frames import BORDERS, ZONES
from tests.store import specimens


class AgreedContract:
    """What is derived, agreed and planned."""

    def test_borders(self, store):
        store.replace_borders(specimens.borders())
        frame = store.borders()
        BORDERS.check(frame)
        assert frame["a"].tolist() == ["A", "B"]
        assert frame["length_m"].tolist() == [1.0, 7_270.5]
        assert frame.geometry.iloc[1] == specimens.borders().geometry.iloc[0]
        assert [len(store.borders(of)) for of in ("A", "B", "C", "D")] == [1, 2, 1, 0]
        assert store.versions()[Topic.JURISDICTIONS] == 1
        with pytest.raises(FrameError):
            store.replace_borders(specimens.borders().assign(length_m=-1.0))
        assert len(store.borders()) == 2
        store.replace_borders(specimens.borders().iloc[:0])
        assert store.borders().empty
        assert store.versions()[Topic.JURISDICTIONS] == 2

    def test_agreements(self, store):
        first = store.save_agreement(specimens.agreement(), specimens.zone())
        assert first == specimens.agreement(version=1)
        bare = Agreement("A-A-1", "", "a", "b", 0.0, 1.0, date(2025, 1, 1))
        store.save_agreement(bare, specimens.zone("A-A-1").iloc[:1])
        assert store.agreements() == (replace(bare, version=1), first)
        second = store.save_agreement(specimens.agreement(title="新", version=1), specimens.zone().iloc[1:])
        assert second.version == 2
        assert store.agreements() == (replace(bare, version=1), second)
        assert store.versions()[Topic.AGREEMENTS] == 3
        zones = store.zones()
        ZONES.check(zones)
        assert zones[["agreement_id", "side", "area_m2"]].to_numpy().tolist() == [
            ["A-A-1", "b", 2.5],
            ["A-B-1", "a", 1.5],
        ]
        assert store.zones(["A-B-1"]).geometry.iloc[0] == shapely.box(0, 0, 1, 1)
        assert store.zones([]).empty

        store.remove_agreement("A-A-1", 1)
        assert store.agreements() == (second,)
        assert store.zones()["agreement_id"].tolist() == ["A-B-1"]
        with pytest.raises(NotFoundError, match="A-A-1"):
            store.remove_agreement("A-A-1", 1)
        assert store.versions()[Topic.AGREEMENTS] == 4

    def test_zones_come_by_agreement_and_side(self, store):
        store.save_agreement(specimens.agreement(), specimens.zone())
        assert store.zones()["side"].tolist() == ["a", "b"]
        store.save_agreement(specimens.agreement(version=1), specimens.zone().iloc[:0])
        assert store.zones().empty

    def test_a_foreign_zone_changes_nothing(self, store):
        for zone in (specimens.zone("other"), specimens.zone().assign(side="middle")):
            with pytest.raises(FrameError):
                store.save_agreement(specimens.agreement(), zone)
        assert store.agreements() == ()
        assert store.versions()[Topic.AGREEMENTS] == 0

    def test_patrols(self, store):
        first = specimens.patrol()
        later = specimens.patrol(id="P0", on=date(2025, 4, 2), created_at=None, crew=(), firm_ids=())
        store.save_patrol(first)
        store.save_patrol(later)
        assert store.patrols() == (later, first)
        changed = replace(first, note="", firm_ids=("F1",))
        store.save_patrol(changed)
        assert store.patrols() == (later, changed)
        assert store.versions()[Topic.PATROLS] == 3
        store.save_patrol(changed)
        store.save_patrol(later)
        assert store.versions()[Topic.PATROLS] == 3
