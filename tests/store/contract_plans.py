"""Plans in every store: they come back as they were, and nobody writes over what another wrote."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.approvals import PlanState
from casework.errors import OutdatedError
from casework.ports import Topic
from tests.store.specimens import plan


class PlansContract:
    """Plans, whole."""

    def test_a_plan_comes_back_as_it_was(self, store):
        saved = store.save_plan(plan())
        assert saved == replace(plan(), version=1)
        assert store.plan(saved.id) == saved
        assert store.plans() == (saved,)
        assert store.plan("nobody") is None
        assert store.versions()[Topic.PLANS] == 1

    def test_the_newest_day_goes_first(self, store):
        today = store.save_plan(plan(id="b"))
        same = store.save_plan(plan(id="a"))
        later = store.save_plan(plan(id="c", on=today.on + timedelta(days=7)))
        assert store.plans() == (later, same, today)

    def test_who_started_from_an_older_version_is_refused(self, store):
        first = store.save_plan(plan())
        second = store.save_plan(replace(first, state=PlanState.PROPOSED))
        assert second.version == 2
        for outdated in (first, plan(), replace(second, version=3)):
            with pytest.raises(OutdatedError, match="Somebody else"):
                store.save_plan(outdated)
        assert store.plan(first.id) == second
        assert store.versions()[Topic.PLANS] == 2
