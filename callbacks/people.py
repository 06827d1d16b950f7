"""The doors of the people's page: list, add, change, lock, invite; screens with their tokens."""

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update

from callbacks.forms import INVITE
from callbacks.screens import WALL
from callbacks.shell import changed
from callbacks.view import read
from casework.desk import Desk
from casework.errors import OutdatedError, RefusedError
from casework.invitations import Invitation
from casework.people import Person, Role
from casework.ports import Topic
from pages.panels import no_data
from pages.people import Ids, device_row, person_row, region_choices, seen
from pages.shell import Ids as Shell
from pages.shell import version_id
from words import translator

Seal = Callable[[Invitation], str]


def register(app: Dash, desk: Callable[[], Desk], seal: Seal | None) -> None:
    """Add the page's callbacks; `seal` makes an invitation a text for an address, None where nobody signs in."""
    _show(app, desk)
    _change(app, desk, seal)
    _screens(app, desk)


def _show(app: Dash, desk: Callable[[], Desk]) -> None:
    @app.callback(
        Output(Ids.PEOPLE, "rowData"),
        Output(Ids.DEVICES, "rowData"),
        Output(Ids.REGIONS, "data"),
        Output(Ids.DEVICE_REGIONS, "data"),
        Output(Ids.MAY, "children"),
        Input(Shell.VIEW, "data"),
        *changed(Topic.PEOPLE, Topic.JURISDICTIONS),
    )
    def list_accounts(query: str, *_beats: Any) -> tuple[Any, ...]:
        view, at = read(query), desk()
        _, timezone = translator(view.lang), at.rules.timezone
        names = at.territory.names(view.lang)
        people = [person_row(one, names, timezone, _) for one in at.accounts.people()]
        screens = [device_row(one, names, timezone, _) for one in at.accounts.devices()]
        regions = region_choices(at.accounts.regions(), names)
        may: Any = (
            "" if at.accounts.manages else _("You see who is who. An administrator of your region can change it.")
        )
        if not names:
            may = [_("Everybody answers for a region, so boundaries come first."), no_data(_)]
        return people, screens, regions, regions, may

    @app.callback(
        Output(Ids.SEEN, "data"),
        Output(Ids.PERSON, "value"),
        Output(Ids.NAME, "value"),
        Output(Ids.ROLE, "value"),
        Output(Ids.REGIONS, "value"),
        Output(Ids.SUBJECT, "value"),
        Input(Ids.PEOPLE, "selectedRows"),
        prevent_initial_call=True,
    )
    def choose_person(rows: list[dict[str, Any]] | None) -> tuple[Any, ...]:
        if not rows:
            return None, *(no_update,) * 5
        one = rows[0]["seen"]
        return one, one["id"], one["name"], one["role"], one["regions"], one["subject"]


def _change(app: Dash, desk: Callable[[], Desk], seal: Seal | None) -> None:
    told = (
        Output(Ids.TOLD, "children", allow_duplicate=True),
        Output(Ids.ADDRESS, "children", allow_duplicate=True),
        Output(version_id(Topic.PEOPLE), "data", allow_duplicate=True),
        State(Shell.VIEW, "data"),
    )
    fields = tuple(State(one, "value") for one in (Ids.PERSON, Ids.NAME, Ids.ROLE, Ids.REGIONS, Ids.SUBJECT))

    @app.callback(*told[:3], Input(Ids.ADD, "n_clicks"), told[3], *fields, prevent_initial_call=True)
    def add_person(
        _n: int, query: str, person_id: str, name: str, role: str, regions: list[str], subject: str
    ) -> tuple[Any, ...]:
        at, _ = desk(), translator(read(query).lang)
        person = at.accounts.add(person_id, name, Role(role), regions, subject)
        if seal is None:
            return _("{name} is added.").format(name=person.name), "", at.versions()[Topic.PEOPLE]
        return *_invited(at, person, seal, query), at.versions()[Topic.PEOPLE]

    @app.callback(
        *told[:3], Input(Ids.SAVE, "n_clicks"), told[3], State(Ids.SEEN, "data"), *fields[1:], prevent_initial_call=True
    )
    def save_person(
        _n: int, query: str, was: dict[str, Any] | None, name: str, role: str, regions: list[str], subject: str
    ) -> tuple[Any, ...]:
        at, _ = desk(), translator(read(query).lang)
        person = at.accounts.change(_same(at, was), name, Role(role), regions, subject)
        return _("{name} is changed.").format(name=person.name), "", at.versions()[Topic.PEOPLE]

    @app.callback(*told[:3], Input(Ids.LOCK, "n_clicks"), told[3], State(Ids.SEEN, "data"), prevent_initial_call=True)
    def lock_person(_n: int, query: str, was: dict[str, Any] | None) -> tuple[Any, ...]:
        at, _ = desk(), translator(read(query).lang)
        person = at.accounts.lock(_chosen(was))
        words = _("{name} is locked; their sessions are over.").format(name=person.name)
        return words, "", at.versions()[Topic.PEOPLE]

    @app.callback(*told[:3], Input(Ids.UNLOCK, "n_clicks"), told[3], State(Ids.SEEN, "data"), prevent_initial_call=True)
    def unlock_person(_n: int, query: str, was: dict[str, Any] | None) -> tuple[Any, ...]:
        at, _ = desk(), translator(read(query).lang)
        person = at.accounts.unlock(_chosen(was))
        return _("{name} may sign in again.").format(name=person.name), "", at.versions()[Topic.PEOPLE]

    @app.callback(*told[:3], Input(Ids.INVITE, "n_clicks"), told[3], State(Ids.SEEN, "data"), prevent_initial_call=True)
    def invite_person(_n: int, query: str, was: dict[str, Any] | None) -> tuple[Any, ...]:
        at = desk()
        person = at.accounts.get(_chosen(was))
        if seal is None:
            raise RefusedError("Nobody signs in here, so nobody can be invited: set LIANFANG_SIGN_IN=on first.")
        return *_invited(at, person, seal, query), no_update


def _screens(app: Dash, desk: Callable[[], Desk]) -> None:
    told = (
        Output(Ids.DEVICE_TOLD, "children", allow_duplicate=True),
        Output(Ids.DEVICE_ADDRESS, "children", allow_duplicate=True),
        Output(version_id(Topic.PEOPLE), "data", allow_duplicate=True),
    )

    @app.callback(
        *told,
        Input(Ids.DEVICE_ADD, "n_clicks"),
        State(Shell.VIEW, "data"),
        State(Ids.DEVICE_NAME, "value"),
        State(Ids.DEVICE_REGIONS, "value"),
        prevent_initial_call=True,
    )
    def add_screen(_n: int, query: str, name: str, regions: list[str]) -> tuple[Any, ...]:
        at, _ = desk(), translator(read(query).lang)
        _device, token = at.accounts.add_device(name, regions)
        words = _("Open this address of the dashboard on the screen, once. It is not shown again:")
        return words, f"{WALL}?token={token}", at.versions()[Topic.PEOPLE]

    # Asked before it is done: nothing brings the token back.
    @app.callback(
        Output(Ids.CONFIRM, "displayed"),
        Input(Ids.REVOKE, "n_clicks"),
        State(Ids.DEVICES, "selectedRows"),
        prevent_initial_call=True,
    )
    def ask_first(_n: int, rows: list[dict[str, Any]] | None) -> bool:
        _chosen(rows[0] if rows else None, "key")
        return True

    @app.callback(
        *told,
        Input(Ids.CONFIRM, "submit_n_clicks"),
        State(Shell.VIEW, "data"),
        State(Ids.DEVICES, "selectedRows"),
        prevent_initial_call=True,
    )
    def revoke_screen(_n: int, query: str, rows: list[dict[str, Any]] | None) -> tuple[Any, ...]:
        at, _ = desk(), translator(read(query).lang)
        device = at.accounts.revoke(_chosen(rows[0] if rows else None, "key"))
        return _("{name} shows nothing any more.").format(name=device.name), "", at.versions()[Topic.PEOPLE]


def _invited(at: Desk, person: Person, seal: Seal, query: str) -> tuple[str, str]:
    """What an administrator passes on, and the words with it."""
    _ = translator(read(query).lang)
    words = _("Pass this address of the dashboard on to {name}: there they set their password, once, within a week.")
    return words.format(name=person.name), f"{INVITE}{seal(at.accounts.invite(person.id))}"


def _chosen(row: dict[str, Any] | None, name: str = "id") -> str:
    if not row:
        raise RefusedError("Choose a row of the table first.")
    return str(row[name])


def _same(at: Desk, was: dict[str, Any] | None) -> Person:
    """The person a change starts from, if nobody else has changed them since."""
    person = at.accounts.get(_chosen(was))
    if seen(person) != was:
        raise OutdatedError("Somebody else has changed {id} meanwhile: look again.", id=person.id)
    return person
