"""The planner's editor of an agreement: the strip in front, what is rarely changed folded away."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from casework.model import Category, Ends
from casework.sharing import Field
from layers.terms import CATEGORIES, FIELDS
from layers.view import View
from pages.planner import meanwhile
from pages.planner.ids import Ids
from pages.shell import attributes
from pages.terms import ENDS
from words import Translate

_TYPED_MS = 400


def editor(view: View, _: Translate) -> list[Any]:
    """Everything an agreement says, and what became of it."""
    return [
        *_stretch(_),
        _two(
            _depth(Ids.DEPTH_A, _("Depth A, m"), "side-a", view.depth_a_m),
            _depth(Ids.DEPTH_B, _("Depth B, m"), "side-b", view.depth_b_m),
        ),
        html.Div(id=Ids.ZONE_FIGURES, className="zone-figures", **attributes(aria_live="polite")),
        _folded(_("Terms of the agreement"), *_terms(_)),
        _folded(_("Ends of the strip, third party"), *_strip(_)),
        _folded(_("Sharing and consent"), *_sharing(_)),
        html.Div(id=Ids.UNSAVED, className="unsaved", **attributes(aria_live="polite")),
        *meanwhile.panel(_),
        _two(
            dmc.Button(_("Keep zone"), id=Ids.SAVE, size="xs"),
            dmc.Button(_("Remove…"), id=Ids.REMOVE, size="xs", color="red", variant="outline"),
        ),
        _folded(_("History of the agreement"), html.Div(id=Ids.HISTORY)),
        dcc.ConfirmDialog(
            id=Ids.REMOVE_SURE,
            message=_("Remove this agreement and its zone? Its history stays, and so do incidents and firms."),
        ),
        dcc.ConfirmDialog(id=Ids.LEAVE, message=_("Some terms are not saved. Leave them behind?")),
        dcc.Store(id=Ids.BASE),
        dcc.Store(id=Ids.WISHED),
        dcc.Store(id=Ids.UNDO),
    ]


def redrawn(_: Translate) -> html.Section:
    """Where the planner says what new boundaries did; nothing until they did something."""
    return html.Section(
        [
            html.H2(_("Boundaries changed")),
            html.Div(id=Ids.REDRAWN_TABLE),
            dmc.Button(_("Dismiss"), id=Ids.DISMISS, size="xs", variant="default"),
            # Each coordinator has read it when they say so, on their machine.
            dcc.Store(id=Ids.DISMISSED, storage_type="local"),
        ],
        id=Ids.REDRAWN,
        hidden=True,
    )


def _stretch(_: Translate) -> list[Any]:
    return [
        html.Label(_("Stretch of the border, km"), id="stretch-label"),
        dmc.RangeSlider(
            id=Ids.STRETCH,
            min=0,
            max=1,
            step=0.01,
            value=[0, 1],
            minRange=0.05,
            updatemode="drag",
            thumbFromLabel=_("Start of the stretch"),
            thumbToLabel=_("End of the stretch"),
            mb=24,
        ),
        _two(_km(Ids.FROM_KM, _("from km")), _km(Ids.TO_KM, _("to km"))),
        _two(
            dmc.Button(_("Start on the map"), id=Ids.PICK_START, variant="default", size="xs"),
            dmc.Button(_("End on the map"), id=Ids.PICK_END, variant="default", size="xs"),
        ),
    ]


def _terms(_: Translate) -> list[Any]:
    return [
        dmc.TextInput(id=Ids.TITLE, label=_("Title of the agreement"), debounce=_TYPED_MS),
        _two(
            dmc.DatePickerInput(id=Ids.VALID_FROM, label=_("Valid from"), valueFormat="YYYY-MM-DD"),
            dmc.DatePickerInput(
                id=Ids.VALID_TO,
                label=_("Valid to"),
                valueFormat="YYYY-MM-DD",
                clearable=True,
                placeholder=_("until revoked"),
                clearButtonProps={"aria-label": _("Until revoked")},
            ),
        ),
        dmc.MultiSelect(
            id=Ids.AGREED,
            label=_("Agreed categories"),
            value=[],
            data=[{"value": one, "label": _(CATEGORIES[one])} for one in Category],
        ),
        dmc.Textarea(id=Ids.MEMORANDUM, label=_("Memorandum"), autosize=True, minRows=2, maxRows=8, debounce=_TYPED_MS),
        dmc.Textarea(
            id=Ids.POWERS,
            label=_("Powers on the other side"),
            autosize=True,
            minRows=1,
            maxRows=6,
            debounce=_TYPED_MS,
        ),
    ]


def _strip(_: Translate) -> list[Any]:
    return [
        html.Label(_("Ends of the strip"), id="ends-label"),
        dmc.SegmentedControl(
            id=Ids.ENDS,
            value=str(Ends.FLAT),
            fullWidth=True,
            size="xs",
            data=[{"value": str(one), "label": _(ENDS[one])} for one in Ends],
        ),
        dmc.Checkbox(
            id=Ids.BEYOND, label=_("may reach ground of neighbours who did not sign"), size="xs", checked=False
        ),
        dmc.Select(
            id=Ids.THIRD,
            label=_("Third party"),
            data=[],
            searchable=True,
            clearable=True,
            placeholder=_("none"),
            className="side-c",
        ),
        html.Div(
            [
                _depth(Ids.DEPTH_C, _("Depth in the third party, m"), "side-c", 1000),
                dmc.CheckboxGroup(
                    [
                        dmc.Checkbox(id=Ids.ALONG_A, label=_("along its border with side A"), value="a", size="xs"),
                        _two(_km(Ids.ALONG_A_FROM, _("from km (A)")), _km(Ids.ALONG_A_TO, _("to km (A)"))),
                        dmc.Checkbox(id=Ids.ALONG_B, label=_("along its border with side B"), value="b", size="xs"),
                        _two(_km(Ids.ALONG_B_FROM, _("from km (B)")), _km(Ids.ALONG_B_TO, _("to km (B)"))),
                    ],
                    id=Ids.ALONG,
                    value=[],
                    className="along stack",
                ),
            ],
            id=Ids.THIRD_TERMS,
            className="stack",
            hidden=True,
        ),
    ]


def _sharing(_: Translate) -> list[Any]:
    return [
        html.P(
            _("Inside the zone each side sees of the other's records what is not kept back here."), className="quiet"
        ),
        *(
            dmc.MultiSelect(
                id=of,
                label=label,
                value=[],
                placeholder=_("nothing"),
                className=side,
                data=[
                    {
                        "group": _("Categories"),
                        "items": [{"value": one, "label": _(CATEGORIES[one])} for one in Category],
                    },
                    {"group": _("Fields"), "items": [{"value": one, "label": _(FIELDS[one])} for one in Field]},
                ],
            )
            for of, label, side in (
                (Ids.BACK_A, _("Side A keeps back"), "side-a"),
                (Ids.BACK_B, _("Side B keeps back"), "side-b"),
                (Ids.BACK_C, _("The third party keeps back"), "side-c"),
            )
        ),
        html.Div(id=Ids.CONSENTS, className="consents", **attributes(aria_live="polite")),
        dmc.Select(id=Ids.CONSENT_FOR, label=_("Speak for"), data=[], allowDeselect=False),
        _two(
            dmc.Button(_("Consent to these terms"), id=Ids.CONSENT, size="xs", disabled=True),
            dmc.Button(_("Take the word back…"), id=Ids.WITHDRAW, size="xs", variant="outline", disabled=True),
        ),
        dcc.ConfirmDialog(
            id=Ids.WITHDRAW_SURE,
            message=_("Take this side's word back? From then on nobody shares anything in this zone."),
        ),
    ]


def _folded(title: str, *children: Any) -> html.Details:
    return html.Details([html.Summary(title), html.Div(list(children), className="stack")])


def _two(*children: Any) -> html.Div:
    return html.Div(list(children), className="two")


def _depth(of: Ids, label: str, side: str, depth_m: float | None) -> dmc.NumberInput:
    return dmc.NumberInput(id=of, label=label, min=0, max=20000, step=100, value=depth_m, className=side, debounce=200)


def _km(of: Ids, label: str) -> dmc.NumberInput:
    return dmc.NumberInput(
        id=of, label=label, min=0, step=0.1, decimalScale=2, size="xs", debounce=_TYPED_MS, placeholder="–"
    )
