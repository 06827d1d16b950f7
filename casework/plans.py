"""Plans of joint patrols: kept, changed, agreed by both sides, done."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from casework.approvals import Event, PlanState, Step, after
from casework.collisions import Collision, FirmVisit, Period, Thresholds, collisions
from casework.errors import NotFoundError, RefusedError
from casework.model import Actor
from casework.plan import Plan
from casework.ports import Clock, Store
from casework.rules import Rules

_MONTH = timedelta(days=31)
TOO_MANY = {
    Period.DAY: "{firm} has {most} visits on that day already: leave this one out, or do its work in one of them.",
    Period.WEEK: "{firm} has {most} visits in that week already, the last on {day}: choose another week, or do the work then.",
    Period.MONTH: "{firm} has {most} visits in that month already, the last on {day}: choose a day of another month.",
}


class Plans:
    """Keeps plans and takes them from draft to done; each step is by one side and leaves a trace."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, actor: Actor) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._actor = actor

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

        Raises
        ------
        RefusedError
            When it may not be changed any more, its day is over, or a firm would be visited too often.
        OutdatedError
            When somebody else has changed it meanwhile.
        """
        kept = self._store.plan(plan.id)
        if kept is not None:
            # What happened to a plan is not for its next draft to tell.
            plan = replace(plan, state=kept.state, steps=kept.steps)
        else:
            plan = replace(plan, state=PlanState.DRAFT, steps=(), created_at=self._clock.now())
        self._refuse_past(plan.on)
        self._refuse_collisions(plan)
        return self._store.save_plan(self._stepped(plan, side, Event.CHANGE, reason))

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
            When the law does not allow it; nothing was changed.
        NotFoundError
            When there is no such plan.
        OutdatedError
            When somebody else has changed it meanwhile.
        """
        self.get(plan.id)
        if event in (Event.PROPOSE, Event.ACCEPT):
            self._refuse_past(plan.on)
            self._refuse_collisions(plan)
        if event is Event.FINISH and plan.on > self._today():
            raise RefusedError("The day {day} is still to come: a plan is done when its day is.", day=plan.on)
        return self._store.save_plan(self._stepped(plan, side, event, reason))

    def firm_visits(self, on: date, without: str = "") -> tuple[FirmVisit, ...]:
        """Visits of firms that plans hold around a day, those of plan `without` and of cancelled ones left out."""
        return tuple(
            visit
            for plan in self._store.plans()
            if plan.id != without and plan.state is not PlanState.CANCELLED and abs(plan.on - on) <= _MONTH
            for visit in visits_of(plan)
        )

    def collisions(self, plan: Plan) -> tuple[Collision, ...]:
        """Visits of a plan that are the second of a firm's day, or too many."""
        rules = self._rules
        thresholds = Thresholds(
            rules.visit_warn_day, rules.visit_most_day, rules.visit_most_week, rules.visit_most_month
        )
        return collisions(visits_of(plan), self.firm_visits(plan.on, without=plan.id), thresholds)

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


def visits_of(plan: Plan) -> Iterable[FirmVisit]:
    """Entries to firms that a plan makes; crews that enter together enter once."""
    seen: dict[str, FirmVisit] = {}
    for crew in plan.crews:
        for stop in crew.stops:
            if stop.firm_id:
                seen.setdefault(stop.visit_id, FirmVisit(stop.firm_id, plan.on, stop.agencies, plan.id, stop.title))
    return tuple(seen.values())
