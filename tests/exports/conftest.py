"""Briefings of a plan in the small world, once as it is and once with hostile words."""

from dataclasses import replace

import pytest

from tests import outings
from tests.world import clock, desk, empty_desk, world_copy, world_file

__all__ = ["clock", "desk", "empty_desk", "world_copy", "world_file"]


@pytest.fixture
def told(desk):
    return desk.briefings.about(outings.plan())


@pytest.fixture
def hostile(desk):
    """Words of the plan, firms, agreements, incidents and names that try to be something else."""
    found = desk.briefings.about(outings.hostile_plan())
    words = list(outings.HOSTILE)
    firms = found.firms.assign(name=words[: len(found.firms)])
    agreement = replace(found.agreements[0], title=words[0], powers=words[1] + words[3], memorandum=words[2])
    return replace(
        found,
        firms=firms,
        agreements=(agreement,),
        outlines=found.outlines.assign(name=words[: len(found.outlines)], source=words[4]),
        stations=found.stations.assign(name=words[0], phone=words[5]),
        findings=found.findings.assign(description=[words[k % len(words)] for k in range(len(found.findings))]),
    )
