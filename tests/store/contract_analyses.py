"""Tests for chance in every store: kept as they were made."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.findings import empty_findings, findings_of
from casework.ports import Topic
from geo.frames import CLUSTERS
from tests.store.specimens import T0, analysis, finding


class AnalysesContract:
    """Analyses and what they found."""

    def test_an_analysis_and_its_findings_come_back_as_they_were(self, store):
        one = analysis()
        found = findings_of([finding(), finding(cluster=2, p_effort=0.25, straddles=False, member_ids=(), by_day=())])
        store.save_analyses([(one, found)])
        assert store.analysis(one.id) == one
        assert store.analyses("A", "B") == (one,)
        kept = store.findings(one.id)
        CLUSTERS.check(kept)
        assert kept.columns.tolist() == found.columns.tolist()
        assert kept.drop(columns="geometry").equals(found.drop(columns="geometry"))
        assert kept.geometry.to_wkt().tolist() == found.geometry.to_wkt().tolist()
        assert store.versions()[Topic.ANALYSES] == 1

    def test_the_newest_goes_first_and_pairs_are_apart(self, store):
        first, later = analysis(id="a" * 12), analysis(id="b" * 12, at=T0 + timedelta(hours=1), watch=False)
        other = analysis(id="c" * 12, b="C")
        store.save_analyses([(later, empty_findings()), (other, empty_findings())])
        store.save_analyses([(first, empty_findings())])
        assert store.analyses("A", "B") == (later, first)
        assert store.analyses("B", "A") == ()
        assert store.analysis("d" * 12) is None
        assert len(store.findings("d" * 12)) == len(store.findings(first.id)) == 0
        assert store.versions()[Topic.ANALYSES] == 2

    def test_nothing_to_keep_is_no_change(self, store):
        store.save_analyses([])
        assert store.versions()[Topic.ANALYSES] == 0

    def test_all_are_kept_or_none(self, store):
        twice = findings_of([finding(), finding()])
        with pytest.raises(sa.exc.IntegrityError):
            store.save_analyses([(analysis(id="a" * 12), findings_of([finding()])), (analysis(), twice)])
        assert store.analyses("A", "B") == ()
        assert store.versions()[Topic.ANALYSES] == 0
