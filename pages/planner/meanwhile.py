"""What others made of an agreement meanwhile, in words, and the choice between theirs and one's own, term by term."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from casework.agreement_merge import Clash, Meanwhile
from casework.people import Person
from pages.agreements import history, said_of
from pages.planner.ids import Ids
from pages.shell import attributes
from pages.terms import TERMS
from words import Translate


def panel(_: Translate) -> list[Any]:
    """Where it is told, and where it is chosen; the latter hidden for as long as there is nothing to choose."""
    button = {"size": "xs", "variant": "default"}
    return [
        html.Div(id=Ids.OTHERS_DID, className="others-did", **attributes(aria_live="polite")),
        html.Div(
            [
                dmc.CheckboxGroup(id=Ids.KEEP_MY_TERMS, children=[], value=[]),
                html.Div(
                    [
                        dmc.Button(_("Take theirs"), id=Ids.LOAD_NEWEST, **button),
                        dmc.Button(_("Keep as chosen"), id=Ids.SAVE_ON_TOP, **button),
                    ],
                    className="two",
                ),
            ],
            id=Ids.CONFLICT,
            className="conflict",
            role="alert",
            hidden=True,
        ),
        # The version that was told of, and the one that came of putting two together.
        dcc.Store(id=Ids.OTHERS_VERSION),
        dcc.Store(id=Ids.PUT_TOGETHER),
    ]


def told(
    found: Meanwhile,
    head: str,
    people: Iterable[Person],
    names: Mapping[str, str],
    timezone: str,
    _: Translate,
) -> list[Any]:
    """Who changed what and when since the version one began with, newest first, under `head`."""
    return [html.P(head), history(found.steps, people, names, timezone, _)]


def choices(found: Sequence[Clash], names: Mapping[str, str], _: Translate) -> html.Table:
    """Each term that both changed, theirs beside mine, and a box for all that goes together: where it is ticked, mine stands."""
    head = [_("term"), _("before"), _("theirs"), _("mine"), _("mine stands")]
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(one, scope="col") for one in head])),
            *(html.Tbody(_rows(clash, head[1:], names, _)) for clash in found),
        ],
        className="choices",
    )


def _rows(clash: Clash, heads: Sequence[str], names: Mapping[str, str], _: Translate) -> list[html.Tr]:
    """A row a term; each cell knows its head, which the narrow column says beside it."""
    words = _("mine stands: {terms}").format(terms=", ".join(_(TERMS[one.term]) for one in clash.stances))
    box = dmc.Checkbox(value=clash.id, size="xs", **attributes(aria_label=words))
    rows = [
        [
            html.Th(_(TERMS[one.term]), scope="row"),
            *(
                html.Td(said_of(one.term, value, names, _), **attributes(data_head=head))
                for head, value in zip(heads, (one.was, one.theirs, one.mine), strict=False)
            ),
        ]
        for one in clash.stances
    ]
    rows[0].append(html.Td(box, rowSpan=len(rows), **attributes(data_head=heads[-1])))
    return [html.Tr(row) for row in rows]
