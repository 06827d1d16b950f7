"""Who works on a plan that somebody else saved meanwhile is told what became of it, and puts the two together."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from casework.approvals import Step
from casework.plan import Plan
from casework.plan_changes import PlanChange, plan_changes
from casework.plan_merge import Conflict, merge
from casework.ports import Store


@dataclass(frozen=True)
class Meanwhile:
    """A plan as one began with it and as it is kept now, with what others did in between, and what is different."""

    base: Plan
    plan: Plan
    steps: tuple[Step, ...]
    changes: tuple[PlanChange, ...]

    def conflicts(self, mine: Plan) -> tuple[Conflict, ...]:
        """What they and I changed, each in an own way."""
        return merge(self.base, self.plan, mine).conflicts


class Merging:
    """Puts versions of plans together and keeps none; `checked` gives a lawful plan back, or refuses it."""

    def __init__(self, store: Store, checked: Callable[[Plan], Plan]) -> None:
        self._store = store
        self._checked = checked

    def since(self, base: Plan) -> Meanwhile | None:
        """What became of a plan since the version `base`; None when that is the one that is kept."""
        kept = self._store.plan(base.id)
        if kept is None or kept.version == base.version:
            return None
        return Meanwhile(base, kept, kept.steps[len(base.steps) :], plan_changes(base, kept))

    def merged(self, found: Meanwhile, mine: Plan, keep_mine: Collection[str] = ()) -> Plan:
        """My changes on top of theirs, where the two do not stand against each other.

        Parameters
        ----------
        found
            What they did.
        mine
            What I made of the version that both began with.
        keep_mine
            Conflicts, by id, in which mine stands; in the others theirs does.

        Raises
        ------
        UnlawfulError
            When the two together break a rule that each of them keeps.
        RefusedError
            When they were asked for with other hours, stations or days.
        """
        return self._checked(merge(found.base, found.plan, mine, keep_mine).plan)
