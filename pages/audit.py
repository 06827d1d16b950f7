"""The log: who saw, changed, exported or shared what and who was refused, for auditors and operators."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from casework.audit import Deed, Entry, Fact
from casework.chain import Break, Flaw
from casework.log import Checked
from layers.terms import PLAN_STATES
from layers.view import View
from pages import shell
from pages.panels import local
from pages.plans.result import EVENTS
from pages.shell import Signed, attributes
from pages.terms import CHANGES, PATROL_STATES, ROLES
from settings import Settings
from words import Translate, translator


class Ids(StrEnum):
    """Ids of the log's page."""

    ACTOR = "log-actor"
    KIND = "log-kind"
    THING = "log-thing"
    DEEDS = "log-deeds"
    REGION = "log-region"
    PERIOD = "log-period"
    PLACE = "log-place"
    SHOWN = "log-shown"
    LINES = "log-lines"
    NEWER = "log-newer"
    OLDER = "log-older"
    EXPORT = "log-export"
    STANDING = "log-standing"
    CHECK = "log-check"


DEEDS = {
    Deed.SAW: "saw",
    Deed.CHANGED: "changed",
    Deed.EXPORTED: "exported",
    Deed.SHARED: "shared",
    Deed.REFUSED: "was refused",
    Deed.SIGNED_IN: "signed in",
    Deed.SIGNED_OUT: "signed out",
    Deed.MANAGED: "managed",
}
# What lines name before the colon.
KINDS = {
    "incident": "incident",
    "incidents": "incidents",
    "firm": "firm",
    "firms": "firms",
    "stations": "stations",
    "boundaries": "boundaries",
    "borders": "lines of borders",
    "roads": "roads",
    "zone": "zone, in lists and on the map",
    "agreement": "agreement",
    "plan": "plan",
    "patrol": "patrol",
    "analysis": "test for chance",
    "quarantine": "quarantine",
    "person": "person",
    "device": "screen",
    "audit": "the log",
}
# What lines say beside, and of which tables the words of it are.
FACTS = {
    "version": "version",
    "change": "how:",
    "state": "state:",
    "event": "step:",
    "reason": "reason:",
    "file": "file:",
    "source": "source:",
    "party": "of the party",
    "by": "word of",
    "n_new": "new rows:",
    "n_changed": "changed rows:",
    "n_unchanged": "unchanged rows:",
    "n_rejected": "rejected rows:",
    "n_borders": "borders:",
    "n_moved": "moved rows:",
    "n_zones": "zones:",
    "n_pieces": "pieces of road:",
    "n_analyses": "tests:",
    "n_found": "clusters found:",
    "n_released": "released rows:",
    "given": "given:",
    "way": "by way of",
    "why": "because of",
    "what": "what:",
    "role": "role:",
    "active": "may sign in:",
}
VALUES: Mapping[str, Mapping[Any, str]] = {
    "change": CHANGES,
    "state": {**PLAN_STATES, **PATROL_STATES},
    "event": EVENTS,
    "role": ROLES,
    "way": {"password": "password", "provider": "provider of identities"},
    "why": {"password": "wrong password", "unknown": "nobody of that name", "locked": "locked"},
    "what": {
        "added": "added",
        "changed": "changed",
        "locked": "locked",
        "unlocked": "unlocked",
        "password": "new password",
        "revoked": "revoked",
    },
}
_YES_OR_NO = {"given", "active"}
FLAWS = {
    Flaw.GONE: "Line {n} is not there.",
    Flaw.UNLINKED: "Line {n} does not follow the line before.",
    Flaw.ALTERED: "Line {n} is not as it was written.",
    Flaw.CUT: "The end from line {n} on is not there.",
}


def layout(view: View, pulse: dict[str, Any], origin: str, settings: Settings, signed: Signed | None) -> Any:
    """The page for a view; lines come later."""
    del origin
    _ = translator(view.lang)
    return shell.page(
        view,
        pulse,
        settings.refresh_s,
        [
            shell.bar(view, "/audit", settings.stale_after_s, _, signed),
            html.Main(
                [html.Aside([_filters(_), _chain(_)], className="left"), _table(_)],
                className="log",
            ),
            dcc.Store(id=Ids.PLACE),
            dcc.Store(id=Ids.SHOWN),
        ],
    )


def _filters(_: Translate) -> html.Section:
    return html.Section(
        [
            html.H2(_("Which lines")),
            dmc.TextInput(id=Ids.ACTOR, label=_("By whom"), value="", placeholder=_("anybody"), debounce=True),
            dmc.MultiSelect(
                id=Ids.DEEDS,
                label=_("Did what"),
                data=[{"value": str(deed), "label": _(words)} for deed, words in DEEDS.items()],
                value=[],
                clearable=True,
                placeholder=_("anything"),
            ),
            dmc.Select(
                id=Ids.KIND,
                label=_("To what"),
                data=[{"value": kind, "label": _(words)} for kind, words in KINDS.items()],
                clearable=True,
                searchable=True,
                placeholder=_("anything"),
            ),
            dmc.TextInput(id=Ids.THING, label=_("Its id begins with"), value="", debounce=True),
            dmc.Select(
                id=Ids.REGION,
                label=_("Jurisdiction"),
                data=[],
                clearable=True,
                searchable=True,
                limit=40,
                placeholder=_("any"),
            ),
            dmc.DatePickerInput(
                id=Ids.PERIOD,
                type="range",
                label=_("Period"),
                value=[None, None],
                valueFormat="YYYY-MM-DD",
                clearable=True,
                placeholder=_("all days"),
                clearButtonProps={"aria-label": _("All days")},
            ),
            html.A(_("Export these lines (CSV)"), id=Ids.EXPORT, href="/audit.csv", className="set", download=""),
        ]
    )


def _chain(_: Translate) -> html.Section:
    return html.Section(
        [
            html.H2(_("The chain")),
            html.Div(id=Ids.STANDING, className="stack", **attributes(aria_live="polite")),
            dmc.Button(_("Check every line"), id=Ids.CHECK, size="xs", variant="default"),
        ]
    )


def _table(_: Translate) -> html.Section:
    """The lines, newest first, and the way to older ones."""
    return html.Section(
        [
            html.Div(
                id=Ids.LINES, className="log-lines", tabIndex="0", role="region", **attributes(aria_label=_("Log"))
            ),
            html.Div(
                [
                    dmc.Button("← " + _("Newer"), id=Ids.NEWER, size="xs", variant="default", disabled=True),
                    dmc.Button(_("Older") + " →", id=Ids.OLDER, size="xs", variant="default", disabled=True),
                ],
                className="turn",
            ),
        ],
        className="log-table",
    )


def lines(found: Sequence[Entry], names: Mapping[str, str], timezone: str, _: Translate) -> Any:
    """The table of some lines, or what to do where there is none."""
    if not found:
        return html.P(_("No line is like that: choose fewer filters or more days."), className="quiet")
    heads = ("#", _("When"), _("By whom"), _("Did what"), _("To what"), _("Jurisdictions"), _("Details"))
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([_line(line, heads, names, timezone, _) for line in found]),
        ]
    )


def _line(line: Entry, heads: Sequence[str], names: Mapping[str, str], timezone: str, _: Translate) -> html.Tr:
    """One line; each cell knows its head, which a narrow screen says beside it."""
    kind = KINDS.get(line.kind)
    what = line.thing.partition(":")[2]
    details = " · ".join(_fact(name, value, names, _) for name, value in line.facts.items())
    cells = (
        f"{line.n}",
        local(line.at, timezone, "%Y-%m-%d %H:%M:%S"),
        f"{line.actor} · {_(ROLES.get(line.role, line.role))}",
        _(DEEDS[line.deed]),
        f"{_(kind) if kind else line.kind} {what}".strip(),
        ", ".join(names.get(one, one) for one in line.regions),
        details,
    )
    return html.Tr(
        [html.Td(cell, **attributes(data_head=head)) for head, cell in zip(heads, cells, strict=True)],
        className=str(line.deed),
        title=line.hash,
    )


def _fact(name: str, value: Fact, names: Mapping[str, str], _: Translate) -> str:
    """A fact in words; a reason is a sentence that the catalogue may know."""
    known = VALUES.get(name, {})
    if name == "party":
        words = names.get(str(value), str(value))
    elif name in _YES_OR_NO:
        words = _("yes") if value else _("no")
    else:
        words = _(known.get(value, value)) if isinstance(value, str) else f"{value:,}"
    return f"{_(FACTS[name])} {words}" if name in FACTS else f"{name} {words}"


def standing(found: Checked, timezone: str, _: Translate) -> list[Any]:
    """What came of looking at the chain."""
    at = local(found.at, timezone, "%H:%M:%S")
    if found.broken is not None:
        return [html.P(_broken(found.broken, _), className="conflict"), _noted(found, _)]
    whole = _("All {n} lines are as they were written, checked at {at}.")
    some = _("{n} lines were checked at {at}; each is as it was written.")
    return [html.P((whole if found.whole else some).format(n=f"{found.n_lines:,}", at=at)), _noted(found, _)]


def _broken(broken: Break, _: Translate) -> str:
    flaw = _(FLAWS[broken.flaw]).format(n=broken.n)
    return " ".join(
        (_("The log was tampered with."), flaw, _("Keep a copy of the database and tell the other regions."))
    )


def _noted(found: Checked, _: Translate) -> html.Div:
    """The head, to be noted elsewhere."""
    return html.Div(
        [
            html.Span(_("Head: line {n}").format(n=found.head.n), className="quiet"),
            html.Code(found.head.hash or "–", className="hash"),
            html.P(_("Note it elsewhere: only that shows later that no end was cut off."), className="quiet"),
        ]
    )
