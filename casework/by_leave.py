"""A store behind the policy: whoever writes without leave is told why not, before the database would refuse."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import geopandas as gpd

from casework.approvals import Event, Role
from casework.changes import Change
from casework.errors import RefusedError
from casework.findings import Analysis
from casework.model import Agreement, Patrol
from casework.people import Actor
from casework.plan import Plan
from casework.policy import Action, Facts, Matter, Refuse, Thing, decide
from casework.ports import Store
from casework.territory import Territory

# What comes in by the command line.
_OPERATED = frozenset({"add", "replace_borders", "keep_redrawn", "keep_roads", "place_incidents", "release"})


class ByLeave:
    """`casework.ports.Store` for one actor: reading goes straight through, writing by leave of the policy.

    Parameters
    ----------
    store
        As the actor sees it.
    actor
        Who asks.
    territory
        Which region lies in which.
    told
        Hears of each refusal: the thing, and the reason.
    """

    def __init__(self, store: Store, actor: Actor, territory: Territory, told: Callable[[Thing, str], None]) -> None:
        self._store = store
        self._actor = actor
        self._territory = territory
        self._told = told

    def __getattr__(self, name: str) -> Any:
        """Whatever else the store does."""
        if name in _OPERATED:
            self.refuse(Action.WRITE, Thing(Matter.LOADS))
        return getattr(self._store, name)

    def refuse(self, action: Action, thing: Thing) -> None:
        """Nothing, when the actor may.

        Raises
        ------
        RefusedError
            With the reason, when not.
        """
        decision = decide(self._actor, action, thing, Facts(above=self._territory.parents()))
        if isinstance(decision, Refuse):
            self._told(thing, decision.reason)
            raise RefusedError(decision.reason)

    def save_agreement(self, agreement: Agreement, zone: gpd.GeoDataFrame, change: Change = Change.SAVED) -> Agreement:
        """See `casework.ports.Store.save_agreement`; by a party to the old terms, removed or not, and to the new ones."""
        kept = self._agreements().get(agreement.id)
        for terms in (agreement, *(one.agreement for one in self._store.agreement_history(agreement.id)[:1])):
            self.refuse(Action.WRITE, Thing(Matter.AGREEMENT, terms.parties))
        for consent in agreement.consents:
            if kept is None or consent not in kept.consents:
                self.refuse(Action.CONSENT, Thing(Matter.AGREEMENT, (consent.party,)))
        return self._store.save_agreement(agreement, zone, change)

    def remove_agreement(self, agreement_id: str, version: int) -> Agreement:
        """See `casework.ports.Store.remove_agreement`."""
        kept = self._agreements().get(agreement_id)
        if kept is not None:
            self.refuse(Action.REMOVE, Thing(Matter.AGREEMENT, kept.parties))
        return self._store.remove_agreement(agreement_id, version)

    def save_plan(self, plan: Plan) -> Plan:
        """See `casework.ports.Store.save_plan`; each step is for who speaks for the side that takes it."""
        self.refuse(Action.WRITE, Thing(Matter.PLAN, (plan.a, plan.b)))
        kept = self._store.plan(plan.id)
        for step in plan.steps[len(kept.steps) if kept is not None else 0 :]:
            side = plan.a if step.role is Role.SIDE_A else plan.b
            action = Action.ACCEPT if step.event is Event.ACCEPT else Action.WRITE
            self.refuse(action, Thing(Matter.PLAN, (side,)))
        return self._store.save_plan(plan)

    def save_patrol(self, patrol: Patrol) -> None:
        """See `casework.ports.Store.save_patrol`; by a party to its agreement."""
        kept = self._agreements().get(patrol.agreement_id)
        self.refuse(Action.WRITE, Thing(Matter.PATROL, () if kept is None else kept.parties))
        self._store.save_patrol(patrol)

    def save_analyses(self, made: Sequence[tuple[Analysis, gpd.GeoDataFrame]]) -> None:
        """See `casework.ports.Store.save_analyses`."""
        for one, _ in made:
            self.refuse(Action.WRITE, Thing(Matter.ANALYSIS, one.scope))
        self._store.save_analyses(made)

    def _agreements(self) -> Mapping[str, Agreement]:
        return {one.id: one for one in self._store.agreements()}
