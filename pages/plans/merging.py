"""What others made of a plan meanwhile, in words, and the choice between theirs and one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import html

from casework.merging import Meanwhile
from casework.plan_changes import Changed, PlanChange
from casework.plan_merge import Conflict
from pages.panels import local
from pages.plans.ids import Ids
from pages.plans.result import history
from pages.shell import attributes
from words import Translate

PLAN_CHANGES = {
    Changed.TITLE: "The title is now {new}.",
    Changed.ADDED: "{what}: now done.",
    Changed.DROPPED: "{what}: no longer done.",
    Changed.CREW: "{what}: goes by {new} instead of {old}.",
    Changed.START: "{what}: begins at {new} instead of {old}.",
    Changed.ASKED: "{what}: something else is asked for.",
    Changed.OFFICERS: "{car} of {what}: {new} ride instead of {old}.",
}
LOCKED = "{what}: now locked."
UNLOCKED = "{what}: no longer locked."
_MOST_TOLD = 12


def panel(_: Translate) -> html.Div:
    """Where it is told and chosen; hidden for as long as nobody else was quicker."""
    button = {"size": "xs", "variant": "default"}
    return html.Div(
        [
            html.Div(id=Ids.MEANWHILE_WORDS, **attributes(aria_live="polite")),
            dmc.CheckboxGroup(id=Ids.KEEP_MINE, children=[], value=[]),
            html.Div(
                [
                    dmc.Button(_("Take theirs"), id=Ids.TAKE_THEIRS, **button),
                    dmc.Button(_("Put mine on top"), id=Ids.PUT_ON_TOP, **button),
                ],
                className="row",
            ),
        ],
        id=Ids.MEANWHILE,
        className="stack",
        hidden=True,
    )


def told(found: Meanwhile, names: Mapping[str, str], timezone: str, _: Translate) -> list[Any]:
    """Who did what with a plan, and what is different in it."""
    head = _("Somebody else saved version {newest} after version {version}, which you began with.")
    return [
        html.P(head.format(newest=found.plan.version, version=found.base.version)),
        history(replace(found.plan, steps=found.steps), names, timezone, _),
        changes(found.changes, timezone, _),
    ]


def changes(found: Sequence[PlanChange], timezone: str, _: Translate) -> html.Div:
    """What is different in a plan, one line for each thing."""
    lines = [html.Li(_change(one, timezone, _)) for one in found[:_MOST_TOLD]]
    if len(found) > _MOST_TOLD:
        lines.append(html.Li(_("… and {n} more").format(n=len(found) - _MOST_TOLD)))
    return html.Div(html.Ul(lines) if lines else _("Crews, visits and times are the same."))


def choices(found: Sequence[Conflict], _: Translate) -> list[Any]:
    """A box for each thing that both changed: where it is ticked, one's own stands."""
    words = _("Both of you changed {visits}: mine stands")
    return [
        dmc.Checkbox(label=words.format(visits=", ".join(one.titles) or ", ".join(one.cars)), value=one.id, size="xs")
        for one in found
    ]


def _change(one: PlanChange, timezone: str, _: Translate) -> str:
    """One difference in words."""
    words = (UNLOCKED, LOCKED)[bool(one.new)] if one.kind is Changed.LOCKED else PLAN_CHANGES[one.kind]
    old, new = (_shown(value, timezone) for value in (one.old, one.new))
    return _(words).format(what=one.title, car=one.subject, old=old, new=new)


def _shown(value: Any, timezone: str) -> str:
    """Cars or officers, an instant, or a text."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return local(value, timezone, "%H:%M") if isinstance(value, datetime) else str(value)
