"""The people: an administrator says who may sign in, with which role where, and which screens show a wall."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html

from casework.people import PERSONAL, Device, Person
from layers.view import View
from pages import shell
from pages.panels import local
from pages.shell import Signed
from pages.tables import grid
from pages.terms import ROLES
from settings import Settings
from words import Translate, translator


class Ids(StrEnum):
    """Ids of the page."""

    MAY = "people-may"
    PEOPLE = "people-table"
    SEEN = "people-seen"
    PERSON = "person-id"
    NAME = "person-name"
    ROLE = "person-role"
    REGIONS = "person-regions"
    SUBJECT = "person-subject"
    ADD = "person-add"
    SAVE = "person-save"
    LOCK = "person-lock"
    UNLOCK = "person-unlock"
    INVITE = "person-invite"
    TOLD = "people-told"
    ADDRESS = "people-address"
    DEVICES = "devices-table"
    DEVICE_NAME = "device-name"
    DEVICE_REGIONS = "device-regions"
    DEVICE_ADD = "device-add"
    DEVICE_TOLD = "device-told"
    DEVICE_ADDRESS = "device-address"
    REVOKE = "device-revoke"
    CONFIRM = "device-confirm"


def layout(view: View, pulse: dict[str, Any], _origin: str, settings: Settings, signed: Signed | None) -> Any:
    """The page for a view; who there is comes later."""
    _ = translator(view.lang)
    return shell.page(
        view,
        pulse,
        settings.refresh_s,
        [
            shell.bar(view, "/people", settings.stale_after_s, _, signed),
            html.Main(
                [html.Div(id=Ids.MAY, className="quiet", role="status"), _people(view, _), _devices(view, _)],
                className="people",
            ),
            dcc.Store(id=Ids.SEEN),
            dcc.ConfirmDialog(
                id=Ids.CONFIRM, message=_("The screen shows nothing any more from this moment on. Revoke its token?")
            ),
        ],
    )


def person_row(person: Person, names: Mapping[str, str], timezone: str, _: Translate) -> dict[str, Any]:
    """One row of the table of people; `seen` is all of them, to find out whether somebody else changes them."""
    return {
        "key": person.id, "name": person.name, "role": _(ROLES[person.role]), "regions": _named(person.regions, names),
        "state": _("may sign in") if person.active else _("locked"),
        "made": local(person.made_at, timezone, "%Y-%m-%d"),
        "seen": seen(person),
    }  # fmt: skip


def seen(person: Person) -> dict[str, Any]:
    """What a change of a person starts from."""
    return {
        "id": person.id, "name": person.name, "role": str(person.role), "regions": list(person.regions),
        "subject": person.subject, "active": person.active, "epoch": person.epoch,
    }  # fmt: skip


def device_row(device: Device, names: Mapping[str, str], timezone: str, _: Translate) -> dict[str, Any]:
    """One row of the table of screens."""
    state = _("in use") if device.revoked_at is None else _("revoked")
    return {
        "key": device.id, "name": device.name, "regions": _named(device.regions, names), "state": state,
        "made": local(device.made_at, timezone, "%Y-%m-%d"), "by": device.made_by,
    }  # fmt: skip


def _named(regions: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(one, one) for one in regions)


def region_choices(regions: Sequence[str], names: Mapping[str, str]) -> list[dict[str, str]]:
    """What a select of regions offers; one above all that are loaded has no name."""
    return [{"value": one, "label": f"{names[one]} {one}" if one in names else one} for one in regions]


def _people(view: View, _: Translate) -> html.Section:
    columns = [
        {"field": "key", "headerName": _("Name to sign in with"), "width": 170},
        {"field": "name", "headerName": _("Name"), "width": 160},
        {"field": "role", "headerName": _("Role"), "width": 130},
        {"field": "regions", "headerName": _("Regions"), "flex": 1, "minWidth": 140},
        {"field": "state", "headerName": _("State"), "width": 120},
        {"field": "made", "headerName": _("Since"), "width": 120},
    ]
    roles = [{"value": str(role), "label": _(ROLES[role])} for role in PERSONAL]
    button: dict[str, Any] = {"size": "xs", "variant": "default"}
    return html.Section(
        [
            html.H2(_("People")),
            _grid(Ids.PEOPLE, columns, view, _),
            html.Div(
                [
                    dmc.TextInput(id=Ids.PERSON, label=_("Name to sign in with"), value=""),
                    dmc.TextInput(id=Ids.NAME, label=_("Name"), value=""),
                    dmc.Select(id=Ids.ROLE, label=_("Role"), data=roles, value="viewer", allowDeselect=False),
                    _regions(Ids.REGIONS, _),
                    dmc.TextInput(id=Ids.SUBJECT, label=_("Subject at the provider of identities"), value=""),
                ],
                className="fields",
            ),
            html.Div(
                [
                    dmc.Button(_("Add"), id=Ids.ADD, size="xs"),
                    dmc.Button(_("Save the change"), id=Ids.SAVE, **button),
                    dmc.Button(_("Invite to set a password"), id=Ids.INVITE, **button),
                    dmc.Button(_("Lock"), id=Ids.LOCK, **button),
                    dmc.Button(_("Unlock"), id=Ids.UNLOCK, **button),
                ],
                className="row",
            ),
            html.P(id=Ids.TOLD, role="status"),
            html.Code(id=Ids.ADDRESS, className="address"),
        ]
    )


def _devices(view: View, _: Translate) -> html.Section:
    columns = [
        {"field": "name", "headerName": _("Name"), "width": 220},
        {"field": "regions", "headerName": _("Regions"), "flex": 1, "minWidth": 140},
        {"field": "state", "headerName": _("State"), "width": 120},
        {"field": "made", "headerName": _("Since"), "width": 120},
        {"field": "by", "headerName": _("Added by"), "width": 140},
    ]
    return html.Section(
        [
            html.H2(_("Screens")),
            _grid(Ids.DEVICES, columns, view, _),
            html.Div(
                [
                    dmc.TextInput(id=Ids.DEVICE_NAME, label=_("Where it hangs"), value=""),
                    _regions(Ids.DEVICE_REGIONS, _),
                ],
                className="fields",
            ),
            html.Div(
                [
                    dmc.Button(_("Add a screen"), id=Ids.DEVICE_ADD, size="xs"),
                    dmc.Button(_("Revoke"), id=Ids.REVOKE, size="xs", variant="default"),
                ],
                className="row",
            ),
            html.P(id=Ids.DEVICE_TOLD, role="status"),
            html.Code(id=Ids.DEVICE_ADDRESS, className="address"),
        ]
    )


def _grid(identifier: str, columns: list[dict[str, Any]], view: View, _: Translate) -> dag.AgGrid:
    return grid(identifier, columns, view, _("There is nobody and nothing here yet."), height="240px")


def _regions(identifier: str, _: Translate) -> dmc.MultiSelect:
    return dmc.MultiSelect(
        id=identifier, label=_("Regions, each with all below it"), data=[], value=[], searchable=True, limit=60
    )
