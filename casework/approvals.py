"""How a plan comes into force: the law as a table, and the step that it allows.

Both sides accept a plan before it is in force. Who changes it begins anew: what was accepted was another plan. Who
says no says why. A plan that is done or cancelled stays as it is; nothing is deleted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.errors import RefusedError


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED_A = "accepted_a"
    ACCEPTED_B = "accepted_b"
    IN_FORCE = "in_force"
    DONE = "done"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What a side can do with a plan."""

    CHANGE = "change"
    PROPOSE = "propose"
    ACCEPT = "accept"
    RETURN = "return"
    FINISH = "finish"
    CANCEL = "cancel"


class Role(StrEnum):
    """Who acts: the side whose id is less as text, or the other."""

    SIDE_A = "side_a"
    SIDE_B = "side_b"


@dataclass(frozen=True)
class Step:
    """What somebody did with a plan, and when; the reason where one was given."""

    event: Event
    role: Role
    by: str
    at: datetime
    to: PlanState
    reason: str = ""


_S, _E = PlanState, Event
_ENDED: dict[Event, PlanState] = {}


def _of(own: PlanState, other: PlanState) -> dict[PlanState, dict[Event, PlanState]]:
    """The table of one side; `own` is the state in which only it has accepted, `other` that of the other side."""
    begin_anew = {_E.CHANGE: _S.DRAFT, _E.CANCEL: _S.CANCELLED}
    return {
        _S.DRAFT: {**begin_anew, _E.PROPOSE: _S.PROPOSED},
        _S.PROPOSED: {**begin_anew, _E.ACCEPT: own, _E.RETURN: _S.DRAFT},
        own: {**begin_anew, _E.RETURN: _S.DRAFT},
        other: {**begin_anew, _E.ACCEPT: _S.IN_FORCE, _E.RETURN: _S.DRAFT},
        _S.IN_FORCE: {**begin_anew, _E.FINISH: _S.DONE},
        _S.DONE: _ENDED,
        _S.CANCELLED: _ENDED,
    }


LAW: dict[Role, dict[PlanState, dict[Event, PlanState]]] = {
    Role.SIDE_A: _of(_S.ACCEPTED_A, _S.ACCEPTED_B),
    Role.SIDE_B: _of(_S.ACCEPTED_B, _S.ACCEPTED_A),
}
NEEDS_REASON = frozenset({Event.RETURN, Event.CANCEL})
_ONE_SIDE = "One side has accepted the plan: the other one has to accept it, or send it back."
REFUSALS = {
    _S.DRAFT: "The plan is a draft: it can be changed, proposed or cancelled.",
    _S.PROPOSED: "The plan is proposed: each side can accept it or send it back.",
    _S.ACCEPTED_A: _ONE_SIDE,
    _S.ACCEPTED_B: _ONE_SIDE,
    _S.IN_FORCE: "The plan is in force: it can be changed, called done or cancelled.",
    _S.DONE: "The plan is done and stays as it is: draw up a new one.",
    _S.CANCELLED: "The plan was cancelled and stays as it is: draw up a new one.",
}


def allowed(role: Role, state: PlanState) -> tuple[Event, ...]:
    """What a side can do with a plan in a state, in the order of the law.

    Examples
    --------
    >>> [str(event) for event in allowed(Role.SIDE_A, PlanState.ACCEPTED_B)]
    ['change', 'cancel', 'accept', 'return']
    >>> allowed(Role.SIDE_B, PlanState.DONE)
    ()
    """
    return tuple(LAW[role][state])


def after(role: Role, state: PlanState, event: Event, reason: str = "") -> PlanState:
    """The state that follows.

    Raises
    ------
    RefusedError
        When the law does not allow the step, or it needs a reason and has none.

    Examples
    --------
    >>> after(Role.SIDE_B, PlanState.ACCEPTED_A, Event.ACCEPT)
    <PlanState.IN_FORCE: 'in_force'>
    """
    following = LAW[role][state].get(event)
    if following is None:
        raise RefusedError(REFUSALS[state])
    if event in NEEDS_REASON and not reason.strip():
        raise RefusedError("Say why: the other side will read it.")
    return following
