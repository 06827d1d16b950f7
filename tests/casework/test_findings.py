"""What a test was asked and found: kept as plain values and back, and ranked by what a decision needs."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from casework.findings import Inquiry, Reason, empty_findings, explained, findings_of, ranked, reasons
from casework.model import Category, Selection, Severity, Source
from geo.frames import CLUSTERS
from tests.store.specimens import finding

LAST = date(2026, 6, 9)


def test_an_inquiry_comes_back_as_it_was():
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    chosen = Selection(since, until, (Category.AIR,), (Source.RANDOM,), Severity.SERIOUS, ("a", "b"))
    asked = Inquiry("effort", 1500.0, 7, 99, 5, prospective=True, selection=chosen)
    assert Inquiry.of(asked.plain()) == asked


def test_findings_keep_the_contract_of_clusters_also_without_rows():
    for frame in (empty_findings(), findings_of([finding()])):
        CLUSTERS.check(frame)
    assert len(ranked(empty_findings(), LAST, 0.05)) == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {Reason.SIGNIFICANT, Reason.ONGOING, Reason.STRADDLES, Reason.NEITHER}),
        ({"q": 0.051}, {Reason.CHANCE, Reason.ONGOING, Reason.STRADDLES, Reason.NEITHER}),
        ({"p_effort": 0.2}, {Reason.SIGNIFICANT, Reason.EFFORT, Reason.ONGOING, Reason.STRADDLES, Reason.NEITHER}),
        ({"p_effort": 0.01, "sight": "a"}, {Reason.SIGNIFICANT, Reason.ONGOING, Reason.STRADDLES, Reason.ONE}),
        ({"end_on": "2026-06-02", "sight": "both"}, {Reason.SIGNIFICANT, Reason.STRADDLES}),
        ({"is_new": True, "straddles": False, "n_late": 9, "max_severity": 3, "sight": "b"},
         {Reason.SIGNIFICANT, Reason.NEW, Reason.ONGOING, Reason.ONE, Reason.GROWING, Reason.SERIOUS}),
    ],
)  # fmt: skip
def test_reasons(changes, expected):
    told = reasons(finding(**changes), LAST, 0.05)
    assert set(told) == expected
    assert len(told) == len(expected)


def test_what_a_decision_needs_goes_first():
    rows = [
        finding(cluster=1, q=0.5, p=0.5),
        finding(cluster=2, p_effort=0.9, is_new=True),
        finding(cluster=3, end_on="2026-05-01"),
        finding(cluster=4, straddles=False),
        finding(cluster=5, sight="both"),
        finding(cluster=6),
        finding(cluster=7, n_late=9, max_severity=2),
        finding(cluster=8, p=0.0005),
        finding(cluster=9, is_new=True),
    ]
    assert ranked(findings_of(rows), LAST, 0.05)["cluster"].tolist() == [9, 7, 8, 6, 5, 4, 3, 2, 1]


def test_nobody_asked_about_effort_is_no_explanation():
    assert not explained({"p_effort": np.nan}, 0.05)
