"""Plans of joint patrols: kept, changed, agreed by both sides, done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from casework.approvals import Event, PlanState, Step, after
from casework.collisions import Collision, Period, Thresholds, collisions
from casework.entries import entries, entries_around
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.people import Actor
from casework.plan import Plan
from casework.ports import Clock, Store
from casework.rules import Rules

TOO_MANY = {
    Period.DAY: "{firm} has {most} visits on that day already: leave this one out, or do its work in one of them.",
    Period.WEEK: "{firm} has {most} visits in that week already, the last on {day}: choose another week, or do the work then.",
    Period.MONTH: "{firm} has {most} visits in that month already, the last on {day}: choose a day of another month.",
}


class Plans:
    """Keeps plans and takes them from draft to done; each step is by one side and leaves a trace.

    `checked` gives a plan back as the law and the store's own figures have it now, or refuses it.
    """

    def __init__(self, store: Store, clock: Clock, rules: Rules, actor: Actor, checked: Callable[[Plan], Plan]) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._actor = actor
        self._checked = checked

    def all(self) -> tuple[Plan, ...]:
        """Every plan, newest day first."""
        return self._store.plans()

    def get(self, plan_id: str) -> Plan:
        """One plan.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        plan = self._store.plan(plan_id)
        if plan is None:
            raise NotFoundError("There is no plan {id}.", id=plan_id)
        return plan

    def keep(self, plan: Plan, side: str, reason: str = "") -> Plan:
        """A plan that is new, or was changed by a side: a draft again, whatever had been accepted.

        It may come from anywhere, so it is checked against a problem made anew.

        Raises
        ------
        RefusedError
            When it may not be changed any more, its day is over, a firm would be visited too often, or it is not lawful.
        OutdatedError
            When somebody else has changed it meanwhile.
        """
        kept = self._store.plan(plan.id)
        if kept is not None:
            # What happened to a plan is not for its next draft to tell.
            plan = replace(plan, state=kept.state, steps=kept.steps)
        else:
            plan = replace(plan, state=PlanState.DRAFT, steps=(), created_at=self._clock.now())
        plan = self._stepped(plan, side, Event.CHANGE, reason)
        self._refuse_past(plan.on)
        self._refuse_collisions(plan)
        return self._store.save_plan(self._checked(plan))

    def step(self, plan: Plan, side: str, event: Event, reason: str = "") -> Plan:
        """The plan after what a side did with it, kept.

        Parameters
        ----------
        plan
            As the side saw it.
        side
            The jurisdiction that acts.
        event
            What it does.
        reason
            Why; sending back and cancelling need one.

        Raises
        ------
        RefusedError
            When the law does not allow it, or what is to be proposed or accepted does not hold any more; nothing was
            changed.
        NotFoundError
            When there is no such plan.
        OutdatedError
            When somebody else has changed it meanwhile.
        """
        # A side agrees to what is kept, not to what a page says is kept.
        plan = self._same(plan)
        if event in (Event.PROPOSE, Event.ACCEPT):
            self._refuse_past(plan.on)
            self._refuse_collisions(plan)
            self._checked(plan)
        if event is Event.FINISH and plan.on > self._today():
            raise RefusedError("The day {day} is still to come: a plan is done when its day is.", day=plan.on)
        return self._store.save_plan(self._stepped(plan, side, event, reason))

    def collisions(self, plan: Plan) -> tuple[Collision, ...]:
        """Visits of a plan that are the second of a firm's day, or too many."""
        rules = self._rules
        thresholds = Thresholds(
            rules.visit_warn_day, rules.visit_most_day, rules.visit_most_week, rules.visit_most_month
        )
        return collisions(entries(plan), entries_around(self._store.plans(), plan.on, without=plan.id), thresholds)

    def _same(self, seen: Plan) -> Plan:
        """The plan as it is kept, when that is the version that somebody saw."""
        kept = self.get(seen.id)
        if kept.version != seen.version:
            raise OutdatedError(
                "Somebody else has changed plan {plan} meanwhile: look at it again before you save.",
                plan=kept.title or kept.id,
            )
        return kept

    def _stepped(self, plan: Plan, side: str, event: Event, reason: str) -> Plan:
        """The plan with one step more."""
        role = plan.side(side)
        state = after(role, plan.state, event, reason)
        step = Step(event, role, self._actor.id, self._clock.now(), state, reason.strip())
        return replace(plan, state=state, steps=(*plan.steps, step))

    def _today(self) -> date:
        return self._rules.day(self._clock.now())

    def _refuse_past(self, on: date) -> None:
        if on < self._today():
            raise RefusedError("The day {day} is over: choose today or a later day.", day=on)

    def _refuse_collisions(self, plan: Plan) -> None:
        """Nothing, when no firm is visited too often."""
        for found in self.collisions(plan):
            if found.refused:
                firm, day = found.wanted.title or found.wanted.firm_id, found.with_visits[-1].on
                raise RefusedError(TOO_MANY[found.period], firm=firm, most=found.nth - 1, day=day)
