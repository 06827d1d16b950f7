"""Who signs in, and which screens show what."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from casework.audit import Deed
from casework.errors import NotFoundError, OutdatedError
from casework.people import Actor, Device, Person, Role
from casework.ports import Topic
from store import schema
from store.database import Database, change
from store.rows import from_us, to_us

_PERSON = tuple(column for column in schema.people.c if column.name != "password")
_DEVICE = tuple(column for column in schema.devices.c if column.name != "token")


class People:
    """People and screens; what is kept of passwords and tokens leaves by no way but its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self) -> tuple[Person, ...]:
        """See `casework.ports.Store.people`."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*_PERSON).order_by(schema.people.c.id)).mappings().all()
        return tuple(_person(row) for row in rows)

    def person(self, person_id: str) -> Person | None:
        """See `casework.ports.Store.person`."""
        with self._database.read() as connection:
            return self._kept(connection, person_id)

    def known_as(self, subject: str) -> Person | None:
        """See `casework.ports.Store.known_as`."""
        if not subject:
            return None
        with self._database.read() as connection:
            wanted = sa.select(schema.people.c.id).where(schema.people.c.subject == subject)
            if self._database.at_door:
                wanted = sa.select(sa.func.seen.known_as(subject).table_valued(sa.column("id", sa.Text)).c.id)
            ids = connection.execute(wanted.limit(2)).scalars().all()
            return self._kept(connection, ids[0]) if len(ids) == 1 else None

    def save_person(
        self, person: Person, before: Person | None, password: str | None = None, by: Actor | None = None
    ) -> None:
        """See `casework.ports.Store.save_person`."""
        row = _row(person)
        if password is not None:
            row["password"] = password
        with self._database.write(Topic.PEOPLE) as connection:
            if self._kept(connection, person.id) != before:
                raise OutdatedError("Somebody else has changed {id} meanwhile: look again.", id=person.id)
            if self._database.at_door:
                # Nobody is in yet: a password is all that somebody outside can change.
                connection.execute(sa.select(sa.func.seen.keep_password(person.id, person.epoch, password or "")))
            elif before is None:
                connection.execute(sa.insert(schema.people).values({"password": "", **row}))
            else:
                change(connection, sa.update(schema.people).where(schema.people.c.id == person.id).values(row))
            told = self._database.entry(
                f"person:{person.id}",
                person.regions,
                Deed.MANAGED,
                what=_what(person, before, password),
                role=str(person.role),
                active=person.active,
            )
            if by is not None:
                told = replace(told, actor=by.id, role=str(by.role))
            self._database.bump(connection, Topic.PEOPLE, told)

    def _kept(self, connection: sa.Connection, person_id: str) -> Person | None:
        wanted = sa.select(*_PERSON).where(schema.people.c.id == person_id)
        if self._database.at_door:
            wanted = _row_of(sa.func.seen.person_of(person_id), _PERSON)
        row = connection.execute(wanted).mappings().first()
        return None if row is None else _person(row)

    def password(self, person_id: str) -> str:
        """See `casework.ports.Store.password`."""
        with self._database.read() as connection:
            wanted = sa.select(schema.people.c.password).where(schema.people.c.id == person_id)
            if self._database.at_door:
                wanted = sa.select(sa.func.seen.password_of(person_id))
            return str(connection.execute(wanted).scalar() or "")

    def devices(self) -> tuple[Device, ...]:
        """See `casework.ports.Store.devices`."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*_DEVICE).order_by(schema.devices.c.id)).mappings().all()
        return tuple(_device(row) for row in rows)

    def device(self, token: str) -> Device | None:
        """See `casework.ports.Store.device`."""
        with self._database.read() as connection:
            wanted = sa.select(*_DEVICE).where(schema.devices.c.token == token)
            if self._database.at_door:
                wanted = _row_of(sa.func.seen.device_of(token), _DEVICE)
            row = connection.execute(wanted).mappings().first()
        return None if row is None else _device(row)

    def save_device(self, device: Device, token: str | None = None) -> None:
        """See `casework.ports.Store.save_device`.

        Raises
        ------
        NotFoundError
            When it is to be changed, and there is none.
        """
        row, revoked = _device_row(device), device.revoked_at is not None
        with self._database.write(Topic.PEOPLE) as connection:
            if token is not None:
                connection.execute(sa.insert(schema.devices).values(token=token, **row))
            elif not connection.execute(
                sa.update(schema.devices).where(schema.devices.c.id == device.id).values(row)
            ).rowcount:
                raise NotFoundError("There is no screen {id}.", id=device.id)
            what = "added" if token is not None else "revoked" if revoked else "changed"
            told = self._database.entry(f"device:{device.id}", device.regions, Deed.MANAGED, what=what)
            self._database.bump(connection, Topic.PEOPLE, told)


def _row_of(function: Any, columns: Sequence[sa.Column[Any]]) -> sa.Select[Any]:
    """What a function of the database tells of one row of these columns."""
    return sa.select(function.table_valued(*(sa.column(one.name, one.type) for one in columns)))


def _what(person: Person, before: Person | None, password: str | None) -> str:
    """What happened to a person, in one word."""
    if before is None:
        return "added"
    if person.active != before.active:
        return "unlocked" if person.active else "locked"
    return "changed" if password is None else "password"


def _person(row: Any) -> Person:
    plain = {name: row[name] for name in ("id", "name", "subject", "active", "epoch")}
    return Person(**plain, role=Role(row["role"]), regions=tuple(row["regions"]), made_at=from_us(row["made_at_us"]))


def _row(person: Person) -> dict[str, Any]:
    plain = {name: getattr(person, name) for name in ("id", "name", "subject", "active", "epoch")}
    return {**plain, "role": str(person.role), "regions": list(person.regions), "made_at_us": to_us(person.made_at)}


def _device(row: Any) -> Device:
    plain = {name: row[name] for name in ("id", "name", "made_by")}
    revoked_at = None if row["revoked_at_us"] is None else from_us(row["revoked_at_us"])
    return Device(**plain, regions=tuple(row["regions"]), made_at=from_us(row["made_at_us"]), revoked_at=revoked_at)


def _device_row(device: Device) -> dict[str, Any]:
    plain = {name: getattr(device, name) for name in ("id", "name", "made_by")}
    revoked_at_us = None if device.revoked_at is None else to_us(device.revoked_at)
    at = {"made_at_us": to_us(device.made_at), "revoked_at_us": revoked_at_us}
    return {**plain, **at, "regions": list(device.regions)}
