"""Both sides agree on a plan: it is kept, proposed, accepted, sent back, done or cancelled, each step by one of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.plans.work import Work, read_work
from callbacks.shell import changed, pulse_of
from callbacks.view import read
from casework.approvals import Event, allowed
from casework.desk import Desk
from casework.errors import OutdatedError, RefusedError
from casework.planning import UnlawfulError
from casework.ports import Topic
from layers.terms import PLAN_STATES
from pages.plans import result
from pages.plans.ids import Ids
from pages.plans.said import titles_of, unlawful
from pages.shell import Ids as Shell
from words import translator

_STEPS = {
    Ids.PROPOSE: Event.PROPOSE,
    Ids.ACCEPT: Event.ACCEPT,
    Ids.RETURN: Event.RETURN,
    Ids.FINISH: Event.FINISH,
    Ids.CALL_OFF: Event.CANCEL,
}


def register(app: Dash, desk: Callable[[], Desk]) -> None:
    """Offer what the law allows, and take the step."""

    @app.callback(
        Output(Ids.STANDING, "children"),
        Output(Ids.STEPS, "children"),
        Output(Ids.TAKE, "children"),
        Output(Ids.ACTING, "data"),
        Output(Ids.KEEP, "display"),
        *(Output(one, "display") for one in _STEPS),
        Output(Ids.AD_HOC_ADD, "disabled"),
        Output(Ids.SERIES, "disabled"),
        Input(Ids.WORK, "data"),
        Input(Ids.ACTING, "value"),
        *changed(Topic.PLANS),
        State(Shell.VIEW, "data"),
    )
    def stand(sent: dict[str, Any] | None, acting: str, _beat: Any, query: str) -> tuple[Any, ...]:
        view, at, work = read(query), desk(), read_work(sent)
        _, names = translator(view.lang), at.territory.names(view.lang)
        if work is None:
            sides = [{"value": "a", "label": _("side A")}, {"value": "b", "label": _("side B")}]
            return (_("There is no plan yet."), None, None, sides, *["none"] * (len(_STEPS) + 1), True, True)
        plan = work.plan
        sides = [
            {"value": "a", "label": names.get(plan.a, plan.a)},
            {"value": "b", "label": names.get(plan.b, plan.b)},
        ]
        events = allowed(plan.side(plan.a if acting == "a" else plan.b), plan.state)
        may_step = bool(plan.version) and not work.changed
        may_keep = (not plan.version or work.changed) and Event.CHANGE in events
        told = result.standing(plan, changed=bool(work.changed and plan.version), names=names, _=_)
        return (
            told,
            result.history(plan, names, at.rules.timezone, _),
            result.take(plan, view.lang, _),
            sides,
            _display(may_keep),
            *(_display(may_step and event in events) for event in _STEPS.values()),
            Event.CHANGE not in events,
            not plan.wish,
        )

    @app.callback(
        Output(Ids.WORK, "data", allow_duplicate=True),
        Output(Ids.REASON, "value"),
        Output(Shell.PULSE, "data", allow_duplicate=True),
        Output(Shell.NOTICE, "children", allow_duplicate=True),
        Input(Ids.KEEP, "n_clicks"),
        *(Input(one, "n_clicks") for one in _STEPS),
        State(Ids.WORK, "data"),
        State(Ids.ACTING, "value"),
        State(Ids.REASON, "value"),
        State(Ids.TITLE, "value"),
        State(Shell.VIEW, "data"),
        prevent_initial_call=True,
    )
    def take_step(*event: Any) -> tuple[Any, ...]:
        sent, acting, reason, title, query = event[-5:]
        view, at, work = read(query), desk(), read_work(sent)
        _, names = translator(view.lang), at.territory.names(view.lang)
        if work is None:
            raise RefusedError("There is no plan yet: plan first.")
        plan = work.plan
        side = plan.a if acting == "a" else plan.b
        try:
            if ctx.triggered_id == Ids.KEEP:
                plain = f"{names.get(plan.a, plan.a)} – {names.get(plan.b, plan.b)} · {plan.on.isoformat()}"
                plan = replace(plan, title=(title or "").strip() or plan.title or plain)
                after = at.plans.keep(plan, side, " ".join(part for part in (reason, work.told) if part))
            else:
                after = at.plans.step(plan, side, _STEPS[Ids(ctx.triggered_id)], reason or "")
        except OutdatedError as error:
            again = _("What changed stands below: then take your step, or put your changes on top.")
            return no_update, no_update, pulse_of(at), f"{error.said(_)} {again}"
        except UnlawfulError as error:
            raise RefusedError(unlawful(error.breach, titles_of(plan), _)) from error
        said = _("{title}: {state}, version {version}.").format(
            title=after.title or after.id, state=_(PLAN_STATES[after.state]), version=after.version
        )
        return Work(after).plain(), "", pulse_of(at), said


def _display(shown: bool) -> str:  # the property takes a word for it
    return "block" if shown else "none"
