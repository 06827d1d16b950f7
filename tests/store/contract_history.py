"""What every store remembers of agreements: each version with its zone, and what new boundaries did."""

from datetime import date

import pytest
import shapely

from casework.changes import Change
from casework.errors import NotFoundError, OutdatedError
from casework.model import Agreement
from casework.ports import Topic
from geo.frames import ZONES
from tests.store import specimens


class HistoryContract:
    """Versions and reports."""

    def test_every_version_and_its_zone_is_kept(self, store):
        first = store.save_agreement(specimens.agreement(), specimens.zone())
        second = store.save_agreement(
            specimens.agreement(title="新", others=(), valid_to=None, version=1),
            specimens.zone().iloc[1:],
            Change.REDRAWN,
        )
        newest, oldest = store.agreement_history("A-B-1")
        assert (newest.agreement, newest.change, newest.area_m2) == (second, Change.REDRAWN, 1.5)
        assert (oldest.agreement, oldest.change, oldest.area_m2) == (first, Change.SAVED, 4.0)
        assert (newest.by, oldest.by) == ("local", "local")
        assert oldest.at <= newest.at <= store.changed_at()[Topic.AGREEMENTS]
        was = store.zone_as_it_was("A-B-1", 1)
        ZONES.check(was)
        assert was[["side", "jurisdiction_id", "area_m2"]].to_numpy().tolist() == [
            ["a", "320509", 1.5],
            ["b", "330502", 2.5],
        ]
        assert was.geometry.iloc[1] == shapely.box(1, 0, 2, 1)
        assert len(store.zone_as_it_was("A-B-1", 2)) == 1
        assert store.zone_as_it_was("A-B-1", 3).empty
        assert store.agreement_history("other") == ()

    def test_the_history_of_all_is_by_agreement_and_newest_first(self, store):
        store.save_agreement(Agreement("Z", "", "a", "b", 0.0, 1.0, date(2025, 1, 1)), specimens.zone("Z"))
        store.save_agreement(specimens.agreement(), specimens.zone())
        store.save_agreement(specimens.agreement(version=1), specimens.zone())
        told = [(one.agreement.id, one.agreement.version) for one in store.agreement_history()]
        assert told == [("A-B-1", 2), ("A-B-1", 1), ("Z", 1)]

    @pytest.mark.parametrize("version", [0, 2, 7])
    def test_what_is_not_made_from_the_newest_changes_nothing(self, store, version):
        store.save_agreement(specimens.agreement(), specimens.zone())
        with pytest.raises(OutdatedError):
            store.save_agreement(specimens.agreement(title="late", version=version), specimens.zone().iloc[:1])
        assert store.agreements() == (specimens.agreement(version=1),)
        assert len(store.zones()) == 2
        assert len(store.agreement_history()) == store.versions()[Topic.AGREEMENTS] == 1

    def test_what_is_not_kept_has_no_version_to_build_on(self, store):
        with pytest.raises(OutdatedError):
            store.save_agreement(specimens.agreement(version=1), specimens.zone())
        assert store.agreements() == store.agreement_history() == ()

    def test_a_removed_agreement_keeps_its_history_and_goes_on_counting(self, store):
        store.save_agreement(specimens.agreement(), specimens.zone())
        with pytest.raises(OutdatedError):
            store.remove_agreement("A-B-1", 0)
        assert store.remove_agreement("A-B-1", 1) == specimens.agreement(version=2)
        gone, was = store.agreement_history("A-B-1")
        assert (gone.change, gone.agreement, gone.area_m2) == (Change.REMOVED, specimens.agreement(version=2), 0.0)
        assert was.agreement == specimens.agreement(version=1)
        assert len(store.zone_as_it_was("A-B-1", 1)) == 2
        assert store.zone_as_it_was("A-B-1", 2).empty
        with pytest.raises(NotFoundError):
            store.remove_agreement("A-B-1", 1)
        with pytest.raises(OutdatedError):
            store.save_agreement(specimens.agreement(version=2), specimens.zone())
        back = store.save_agreement(specimens.agreement(), specimens.zone(), Change.RESTORED)
        assert back.version == 3
        assert store.agreements() == (back,)
        assert [one.change for one in store.agreement_history("A-B-1")] == ["restored", "removed", "saved"]

    def test_a_zone_that_is_stale_says_why(self, store):
        store.save_agreement(specimens.agreement(), specimens.zone())
        store.save_agreement(specimens.agreement(stale="no border", version=1), store.zones(["A-B-1"]), Change.STALE)
        assert store.agreements()[0].stale == "no border"
        assert store.zones()["side"].tolist() == ["a", "b"]

    def test_a_part_that_is_nobodys_has_no_owner(self, store):
        zone = specimens.zone().assign(side=["disputed", "a"], jurisdiction_id=[None, "320509"])
        store.save_agreement(specimens.agreement(), zone)
        kept = store.zones().set_index("side")["jurisdiction_id"]
        assert kept["a"] == "320509"
        assert specimens.is_missing(kept[["disputed"]])

    def test_the_last_report_on_new_boundaries_is_told(self, store):
        assert store.redrawn() is None
        store.keep_redrawn(specimens.redrawn())
        assert store.redrawn() == specimens.redrawn()
        assert store.versions()[Topic.AGREEMENTS] == 1
        store.keep_redrawn(specimens.redrawn(zones=(), n_moved=0))
        assert store.redrawn() == specimens.redrawn(zones=(), n_moved=0)
