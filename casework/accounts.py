"""Accounts: who may sign in with which role in which regions, and which screens show what."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from casework.audit import Deed, Entry
from casework.errors import NotFoundError, RefusedError
from casework.gate import token_hash
from casework.invitations import Invitation
from casework.passwords import Chance, Passwords, refuse_weak
from casework.people import PERSONAL, Actor, Device, Person, Role
from casework.ports import Clock, Store
from casework.territory import Territory

_ID = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
# Whom the log names without their being persons.
_TAKEN = ("local", "nobody", "operator", "schedule")
_INVITED = timedelta(days=7)
_TOKEN_BYTES = 32
_ID_BYTES = 4
_MOST_LETTERS = 200


class Accounts:
    """Says who is who. Whoever runs the program may do everything; an administrator within their own regions."""

    def __init__(self, store: Store, clock: Clock, actor: Actor, territory: Territory, chance: Chance) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor
        self._territory = territory
        self._chance = chance

    @property
    def manages(self) -> bool:
        """Whether the actor may say who is who at all."""
        return self._actor.everywhere or self._actor.role is Role.ADMINISTRATOR

    def people(self) -> tuple[Person, ...]:
        """Everybody who may sign in or once could, by id."""
        return self._store.people()

    def get(self, person_id: str) -> Person:
        """One of them.

        Raises
        ------
        NotFoundError
            When there is nobody of this id.
        """
        person = self._store.person(person_id)
        if person is None:
            raise NotFoundError("There is nobody called {id}.", id=person_id)
        return person

    def regions(self) -> tuple[str, ...]:
        """Regions that the actor may give, by id: jurisdictions, and those above them."""
        parents = self._territory.parents()
        known = {one for one in (*parents, *parents.values()) if one is not None}
        return tuple(sorted(one for one in known if self.manages and self._actor.answers_for(one, parents)))

    def unknown(self, regions: Sequence[str]) -> tuple[str, ...]:
        """Those of `regions` that are neither a jurisdiction nor above one, by id."""
        parents = self._territory.parents()
        return tuple(sorted(set(regions) - parents.keys() - set(parents.values())))

    def can_change(self, person: Person | Device) -> bool:
        """Whether the actor may change somebody, or a screen: all regions have to be their own."""
        return self.manages and self._own(person.regions)

    def add(
        self, person_id: str, name: str, role: Role, regions: Sequence[str], subject: str = "", password: str = ""
    ) -> Person:
        """Somebody new.

        Parameters
        ----------
        person_id
            What they type to sign in: up to 64 small letters, digits and ``. _ @ -``.
        name
            What others see.
        role
            What they are for.
        regions
            Jurisdictions they answer for, each with all below it.
        subject
            Who they are to the provider of identities; empty without one.
        password
            Empty: they cannot sign in before they were invited, or come by the provider.

        Raises
        ------
        RefusedError
            When the id is taken or no id, the password is weak, a region is not there, or the actor may not give this
            role in these regions. The first administrator may come before any region is there.
        """
        person = Person(person_id, _named(name), role, _each(regions), self._clock.now(), subject.strip())
        if not _ID.fullmatch(person_id) or person_id in _TAKEN:
            raise RefusedError(
                "{id} cannot be signed in with: take small letters, digits and . _ @ -, at most 64.", id=person_id
            )
        self._refuse(person)
        if self._store.person(person_id) is not None:
            raise RefusedError("{id} is taken: choose another name to sign in with.", id=person_id)
        if password:
            refuse_weak(password, person_id)
        self._store.save_person(person, None, self._passwords.kept(password) if password else None)
        return person

    def change(self, before: Person, name: str, role: Role, regions: Sequence[str], subject: str = "") -> Person:
        """Somebody after a change. Another role or other regions end every session they have.

        Parameters
        ----------
        before
            As the actor saw them.
        name, role, regions, subject
            As `add` takes them.

        Raises
        ------
        RefusedError
            When the actor may not give this, or it is the actor.
        OutdatedError
            When somebody else has changed them meanwhile.
        """
        given = replace(before, name=_named(name), role=role, regions=_each(regions), subject=subject.strip())
        self._refuse(given, before)
        others = (given.role, given.regions) != (before.role, before.regions)
        return self._changed(replace(given, epoch=before.epoch + others), before)

    def lock(self, person_id: str) -> Person:
        """Somebody who cannot sign in any more, and whose sessions are over. Nobody is deleted: the log names them.

        Raises
        ------
        RefusedError
            When the actor may not, or it is the actor.
        """
        before = self.get(person_id)
        self._refuse(before, before)
        return self._changed(replace(before, active=False, epoch=before.epoch + 1), before)

    def unlock(self, person_id: str) -> Person:
        """Somebody who may sign in again.

        Raises
        ------
        RefusedError
            When the actor may not.
        """
        before = self.get(person_id)
        self._refuse(before, before)
        return self._changed(replace(before, active=True), before)

    def set_password(self, person_id: str, password: str) -> Person:
        """Somebody with a new password; every session they have is over.

        Raises
        ------
        RefusedError
            When the password is weak, or the actor may not.
        """
        before = self.get(person_id)
        self._refuse(before, before)
        refuse_weak(password, person_id)
        changed = replace(before, epoch=before.epoch + 1)
        self._store.save_person(changed, before, self._passwords.kept(password))
        return changed

    def invite(self, person_id: str) -> Invitation:
        """Leave for somebody to set their password themselves, within a week.

        Raises
        ------
        RefusedError
            When they are locked, or the actor may not.
        """
        person = self.get(person_id)
        self._refuse(person, person)
        if not person.active:
            raise RefusedError("{id} is locked: unlock the account first.", id=person_id)
        now, actor = self._clock.now(), self._actor
        told = Entry(
            now, actor.id, str(actor.role), Deed.MANAGED, f"person:{person_id}", person.regions, {"what": "invited"}
        )
        self._store.append((told,))
        return Invitation(person.id, person.epoch, now + _INVITED)

    def devices(self) -> tuple[Device, ...]:
        """All screens that the actor may change, revoked ones too; none for those who may not say who is who."""
        return tuple(one for one in self._store.devices() if self.can_change(one))

    def add_device(self, name: str, regions: Sequence[str]) -> tuple[Device, str]:
        """A new screen, and its token, which is told this once.

        Raises
        ------
        RefusedError
            When the actor may not, it has no name, or a region is not there.
        """
        number = self._chance(_ID_BYTES).hex()
        device = Device(number, _named(name), _each(regions), self._clock.now(), self._actor.id)
        self._refuse(device)
        token = urlsafe_b64encode(self._chance(_TOKEN_BYTES)).decode().rstrip("=")
        self._store.save_device(device, token_hash(token))
        return device, token

    def revoke(self, device_id: str) -> Device:
        """A screen whose token is worth nothing from now on.

        Raises
        ------
        NotFoundError
            When there is none.
        RefusedError
            When the actor may not.
        """
        device = next((one for one in self._store.devices() if one.id == device_id), None)
        if device is None:
            raise NotFoundError("There is no screen {id}.", id=device_id)
        self._refuse(device)
        revoked = replace(device, revoked_at=device.revoked_at or self._clock.now())
        self._store.save_device(revoked)
        return revoked

    @property
    def _passwords(self) -> Passwords:
        return Passwords(self._chance)

    def _changed(self, person: Person, before: Person) -> Person:
        self._store.save_person(person, before)
        return person

    def _own(self, regions: Sequence[str]) -> bool:
        parents = self._territory.parents()
        return all(self._actor.answers_for(region, parents) for region in regions)

    def _refuse(self, given: Person | Device, before: Person | None = None) -> None:
        """Refuse what is not the actor's to give."""
        if not self.manages:
            raise RefusedError("Only an administrator can do this.")
        if not given.regions:
            raise RefusedError("Name at least one region: without one there is nothing to see.")
        unknown = self.unknown(given.regions)
        if unknown and (before is None or given.regions != before.regions):
            self._refuse_unknown(unknown, given)
        if not self._own((*given.regions, *(before.regions if before else ()))):
            raise RefusedError("An administrator can do this in regions of their own only.")
        if isinstance(given, Device):
            return
        if given.role not in PERSONAL:
            raise RefusedError("Nobody can be given the role {role}.", role=given.role)
        if before is not None and before.id == self._actor.id:
            raise RefusedError("Nobody can change their own role, regions or lock: ask another administrator.")
        same = [one.id for one in self._store.people() if one.subject == given.subject and one.id != given.id]
        if given.subject and same:
            raise RefusedError("{id} is that subject already.", id=same[0])

    def _refuse_unknown(self, unknown: Sequence[str], given: Person | Device) -> None:
        """Refuse regions that are not there, unless nobody could load any before somebody is made an administrator."""
        ids = ", ".join(unknown)
        if self._territory.parents():
            raise RefusedError("There is no region {ids}: write ids of jurisdictions.", ids=ids)
        governed = any(one.active and one.role is Role.ADMINISTRATOR for one in self._store.people())
        if governed or isinstance(given, Device) or given.role is not Role.ADMINISTRATOR:
            raise RefusedError(
                "There is no region {ids} yet: load boundaries first. Only the first administrator may be added before.",
                ids=ids,
            )


def _named(name: str) -> str:
    """A name without what surrounds it."""
    plain = name.strip()
    if not 0 < len(plain) <= _MOST_LETTERS:
        raise RefusedError("A name has 1 to {most} letters.", most=_MOST_LETTERS)
    return plain


def _each(regions: Sequence[str]) -> tuple[str, ...]:
    """Each region once, by id."""
    return tuple(sorted({one.strip() for one in regions if one.strip()}))
