"""Verbs that say who may sign in: the first administrator comes from here, the others from the page."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from casework.accounts import Accounts
from casework.desk import Desk, SystemClock
from casework.invitations import sealed
from casework.model import Kind
from casework.people import PERSONAL, Actor, Person, Role
from casework.rules import Rules
from keys import key_of
from pages.commands import command, load
from settings import Settings
from store import open_store
from verbs.options import json_option, plain_errors, say

region_option = click.option(
    "--region",
    "regions",
    multiple=True,
    required=True,
    help="Id of a jurisdiction; with all below it. May be repeated.",
)
_stdin = click.option("--password-stdin", "from_stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def people() -> None:
    """Say who may sign in, with which role in which regions."""


@people.command("add")
@click.argument("person_id", metavar="ID")
@click.option("--name", required=True, help="What others see.")
@click.option("--role", type=click.Choice([str(role) for role in PERSONAL]), required=True, help="What they are for.")
@region_option
@click.option("--subject", default="", help="Who they are to the provider of identities.")
@click.option("--invite", "invited", is_flag=True, help="Print an address by which they set their password themselves.")
@_stdin
@json_option
def add_person(
    person_id: str,
    name: str,
    role: str,
    regions: tuple[str, ...],
    subject: str,
    *,
    invited: bool,
    from_stdin: bool,
    as_json: bool,
) -> None:
    """Add somebody; without a choice of how, their password is asked for."""
    if invited and from_stdin:
        raise click.UsageError("Give --invite or --password-stdin, not both.")
    password = "" if invited or (subject and not from_stdin) else _password(from_stdin=from_stdin)
    with plain_errors(), accounts() as desk:
        person = desk.add(person_id, name, Role(role), regions, subject, password)
        unknown = desk.unknown(person.regions)
        address = f"/invite/{sealed(desk.invite(person_id), key_of(Settings()))}" if invited else ""
    if unknown:
        ids = ", ".join(unknown)
        click.echo(
            f"There is no region {ids} yet: {person.id} sees nothing before boundaries with this id are loaded:\n"
            f"{load(Kind.BOUNDARIES)}",
            err=True,
        )
    words = [_words(person)]
    if address:
        words.append(f"For a week, their password is set at this address of the dashboard, once:\n{address}")
    say({**as_dict(person), "invitation": address}, "\n".join(words), as_json=as_json)


@people.command("list")
@json_option
def list_people(*, as_json: bool) -> None:
    """Show everybody who may sign in or once could."""
    with plain_errors(), accounts() as desk:
        found = desk.people()
    words = [_words(person) for person in found] or [f"Nobody can sign in yet: {command('people add --help')}"]
    say({"people": [as_dict(person) for person in found]}, "\n".join(words), as_json=as_json)


@people.command("lock")
@click.argument("person_id", metavar="ID")
@json_option
def lock_person(person_id: str, *, as_json: bool) -> None:
    """Let somebody not sign in any more, and end their sessions."""
    with plain_errors(), accounts() as desk:
        person = desk.lock(person_id)
    say(as_dict(person), _words(person), as_json=as_json)


@people.command("unlock")
@click.argument("person_id", metavar="ID")
@json_option
def unlock_person(person_id: str, *, as_json: bool) -> None:
    """Let somebody sign in again."""
    with plain_errors(), accounts() as desk:
        person = desk.unlock(person_id)
    say(as_dict(person), _words(person), as_json=as_json)


@people.command("password")
@click.argument("person_id", metavar="ID")
@_stdin
@json_option
def set_password(person_id: str, *, from_stdin: bool, as_json: bool) -> None:
    """Give somebody a new password, and end their sessions."""
    with plain_errors(), accounts() as desk:
        desk.get(person_id)
        person = desk.set_password(person_id, _password(from_stdin=from_stdin))
    say(as_dict(person), f"{person.id} has a new password; their sessions are over.", as_json=as_json)


@contextmanager
def accounts() -> Iterator[Accounts]:
    """The accounts of the configured store, as whoever runs the program meets them."""
    settings = Settings()
    store = open_store(settings.database_url)
    try:
        yield Desk(store, Actor(), SystemClock(), Rules.of(settings.model_dump())).accounts
    finally:
        store.close()


def as_dict(person: Person) -> dict[str, Any]:
    """A person for a program."""
    return {
        "id": person.id, "name": person.name, "role": str(person.role), "regions": list(person.regions),
        "subject": person.subject, "active": person.active, "made_at": person.made_at.isoformat(),
    }  # fmt: skip


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password, at least 12 letters", hide_input=True, confirmation_prompt=True, err=True))


def _words(person: Person) -> str:
    locked = "" if person.active else ", locked"
    return f"{person.id}  {person.name}, {person.role} of {', '.join(person.regions)}{locked}"
