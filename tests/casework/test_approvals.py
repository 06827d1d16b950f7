"""The whole table of a plan's law, and what an illegal step says."""

from itertools import product

import pytest

from casework.approvals import LAW, NEEDS_REASON, Event, PlanState, Role, after, allowed
from casework.errors import RefusedError

A, B, S = Role.SIDE_A, Role.SIDE_B, PlanState
# Written out by hand: what follows, for side A; None is illegal.
TABLE = {
    S.DRAFT: (S.DRAFT, S.PROPOSED, None, None, None, S.CANCELLED),
    S.PROPOSED: (S.DRAFT, None, S.ACCEPTED_A, S.DRAFT, None, S.CANCELLED),
    S.ACCEPTED_A: (S.DRAFT, None, None, S.DRAFT, None, S.CANCELLED),
    S.ACCEPTED_B: (S.DRAFT, None, S.IN_FORCE, S.DRAFT, None, S.CANCELLED),
    S.IN_FORCE: (S.DRAFT, None, None, None, S.DONE, S.CANCELLED),
    S.DONE: (None,) * 6,
    S.CANCELLED: (None,) * 6,
}
EVENTS = (Event.CHANGE, Event.PROPOSE, Event.ACCEPT, Event.RETURN, Event.FINISH, Event.CANCEL)
MIRROR = {S.ACCEPTED_A: S.ACCEPTED_B, S.ACCEPTED_B: S.ACCEPTED_A}


@pytest.mark.parametrize(("role", "state", "event"), list(product(Role, PlanState, Event)))
def test_the_table(role, state, event):
    mirrored = MIRROR.get(state, state) if role is B else state
    wanted = TABLE[mirrored][EVENTS.index(event)]
    if wanted is None:
        with pytest.raises(RefusedError, match=r"^(The plan|One side)"):
            after(role, state, event, "because")
        assert event not in allowed(role, state)
    else:
        assert after(role, state, event, "because") is (MIRROR.get(wanted, wanted) if role is B else wanted)
        assert event in allowed(role, state)


@pytest.mark.parametrize("event", sorted(NEEDS_REASON))
def test_who_says_no_says_why(event):
    with pytest.raises(RefusedError, match="Say why"):
        after(A, PlanState.PROPOSED, event, "  ")


def test_a_plan_comes_into_force_only_when_both_accepted():
    into = {(role, state) for role, state in product(Role, PlanState) if S.IN_FORCE in LAW[role][state].values()}
    assert into == {(A, S.ACCEPTED_B), (B, S.ACCEPTED_A)}
