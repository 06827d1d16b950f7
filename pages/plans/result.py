"""A plan in words and sums: what both sides give and get, what is left undone and why, what to mind, and where it stands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html

from casework.approvals import Event
from casework.collisions import Collision
from casework.plan import Plan, Undone
from casework.timetable import Totals, is_joint, totals
from layers.terms import PLAN_STATES
from pages.panels import facts, local
from pages.plans.said import conflict, titles_of, why_undone
from pages.shell import attributes
from pages.terms import PROVIDERS
from words import Translate

EVENTS = {
    Event.CHANGE: "drawn up or changed",
    Event.PROPOSE: "proposed",
    Event.ACCEPT: "accepted",
    Event.RETURN: "sent back",
    Event.FINISH: "called done",
    Event.CANCEL: "cancelled",
}


def summary(plan: Plan, names: Mapping[str, str], data_on: str, _: Translate) -> list[Any]:
    """Totals of each side left and right of both together, and how far the figures can be trusted."""
    a, both, b = totals(plan, plan.a), totals(plan), totals(plan, plan.b)
    rows: list[tuple[str, Callable[[Totals], str]]] = [
        (_("crews"), lambda one: f"{one.n_crews}"),
        (_("officers"), lambda one: f"{one.n_officers}"),
        (_("visits planned"), lambda one: f"{one.n_visits}"),
        (_("risk covered"), lambda one: f"{one.risk:.1f}"),
        (_("crew minutes on the road"), lambda one: f"{one.travel_min:.0f}"),
        (_("crew minutes at work"), lambda one: f"{one.work_min:.0f}"),
    ]
    sides: list[Totals] = [a, both, b]
    head = [
        html.Th(names.get(plan.a, plan.a), className="side-a", scope="col"),
        html.Th(_("together"), className="joint", scope="col"),
        html.Th(names.get(plan.b, plan.b), className="side-b", scope="col"),
    ]
    body = []
    for title, figure in rows:
        body.append(html.Tr(html.Th(title, colSpan=3, scope="colgroup"), className="row-title"))
        body.append(html.Tr([html.Td(figure(one)) for one in sides]))
    n_joint = sum(is_joint(plan, one) for one in plan.visit_ids)
    n_all = len(plan.visit_ids) + len(plan.undone)
    words = _("{done} of {all} visits done, {joint} of them jointly (◆).").format(
        done=len(plan.visit_ids), all=n_all, joint=n_joint
    )
    provider = _(PROVIDERS.get(plan.provider, plan.provider))
    parts = [
        provider,
        _("about ±{error}").format(error=f"{plan.error:.0%}"),
        _("ways drawn straight, not the road's course"),
    ]
    if data_on:
        parts.append(_("data of {day}").format(day=data_on))
    notes: list[Any] = [html.P(" · ".join(parts), className="quiet")]
    if plan.simulated:
        notes.append(html.P(_("simulated"), className="simulated"))
    told = [html.P(conflict(plan.conflict, titles_of(plan), _), className="conflict")] if plan.conflict else []
    return [
        html.P(words, className="verdict"),
        *told,
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="sides"),
        html.P(_("A crew of both sides counts for each of them, and once together."), className="quiet"),
        *notes,
    ]


def warnings(found: Sequence[Collision], others: Mapping[str, Plan], _: Translate) -> list[Any]:
    """Firms that would be visited again, and what to do instead."""
    said: list[Any] = []
    for one in found:
        other = one.with_visits[-1]
        plan = others.get(other.plan_id)
        words = _("{firm}: visit number {nth} of that day, the other one in plan {plan}.").format(
            firm=one.wanted.title or one.wanted.firm_id,
            nth=one.nth,
            plan=plan.title if plan and plan.title else other.plan_id,
        )
        merge = html.Button(
            _("Merge: let that visit do the work"), type="button", className="set",
            **attributes(data_change="forbid", data_visit=one.wanted.firm_id),
        )  # fmt: skip
        said.append(html.Div([html.P(words), merge], className="warning"))
    return said


def undone(left: Sequence[Undone], _: Translate) -> Any:
    """Each visit that is left out, why, and what would allow it."""
    if not left:
        return html.P(_("Nothing that was asked for is left undone."), className="quiet")
    head = html.Tr([html.Th(one, scope="col") for one in (_("Left undone"), _("Why"), _("What would allow it"))])
    rows = [
        html.Tr([html.Th(one.title or one.visit_id, scope="row"), *(html.Td(words) for words in why_undone(one, _))])
        for one in left
    ]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="undone")


def standing(plan: Plan, *, changed: bool, names: Mapping[str, str], _: Translate) -> list[Any]:
    """Where a plan stands, and what to do next."""
    if not plan.version:
        return [html.P(_("Not kept yet: keep it as a draft, then propose it."), className="verdict")]
    state = _("{state}, version {version}").format(state=_(PLAN_STATES[plan.state]), version=plan.version)
    if changed:
        state = _("Changed since version {version}: keep the change, or undo it.").format(version=plan.version)
    series = [(_("series"), plan.series)] if plan.series else []
    return [
        html.P(state, className="verdict"),
        *([html.P(plan.title)] if plan.title else []),
        facts(
            [
                (_("day"), plan.on.isoformat()),
                (_("side A"), names.get(plan.a, plan.a)),
                (_("side B"), names.get(plan.b, plan.b)),
                *series,
            ]
        ),
    ]


def history(plan: Plan, names: Mapping[str, str], timezone: str, _: Translate) -> html.Ol:
    """What happened to a plan, newest first: who, when, why."""
    side = {"side_a": names.get(plan.a, plan.a), "side_b": names.get(plan.b, plan.b)}
    return html.Ol(
        [
            html.Li(
                [
                    f"{local(one.at, timezone)} · {side[one.role]} · {one.by}: {_(EVENTS[one.event])} → {_(PLAN_STATES[one.to])}",
                    html.Ul([html.Li(one.reason)]) if one.reason else None,
                ]
            )
            for one in reversed(plan.steps)
        ],
        className="history",
    )


def take(plan: Plan, lang: str, _: Translate) -> list[Any]:
    """Links to what the crews take along, of the version that is kept."""
    if not plan.version:
        return [html.P(_("Keep the plan first: what crews take along is that of a kept plan."), className="quiet")]
    rows = [
        html.Li(
            [
                html.Span(_("Crew {n}").format(n=number)),
                *(
                    html.A(title, href=f"/plans/{plan.id}/{number}.{form}?lang={lang}", download="")
                    for form, title in (("html", _("briefing")), ("ics", _("calendar")), ("gpx", _("track")))
                ),
            ]
        )
        for number in range(1, len(plan.crews) + 1)
    ]
    book = html.A(_("workbook of all crews (xlsx)"), href=f"/plans/{plan.id}/all.xlsx?lang={lang}", download="")
    return [html.Ul(rows, className="take"), book]
