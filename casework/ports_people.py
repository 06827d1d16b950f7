"""What the desk, and the door in front of it, need of whatever keeps people, screens, and who guesses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from casework.people import Actor, Device, Person


class PeopleStore(Protocol):
    """A part of `casework.ports.Store`. The door asks before anybody is anybody: for one of them at a time."""

    def people(self) -> tuple[Person, ...]:
        """Everybody who may sign in or once could, by id."""
        ...

    def person(self, person_id: str) -> Person | None:
        """One of them, or None."""
        ...

    def known_as(self, subject: str) -> Person | None:
        """Who this is to a provider of identities; None where nobody is, or more than one."""
        ...

    def save_person(
        self, person: Person, before: Person | None, password: str | None = None, by: Actor | None = None
    ) -> None:
        """Keep a person in place of `before`, None where the person is new; bumps PEOPLE.

        `password` is what is kept of one, which nothing but `password` gives back; None leaves what there is. `by` is
        who did it, where it is not the actor of the store. When somebody else is kept than `before`, `OutdatedError`
        is raised and nothing was changed.
        """
        ...

    def password(self, person_id: str) -> str:
        """What is kept of somebody's password; empty where there is none."""
        ...

    def devices(self) -> tuple[Device, ...]:
        """All screens, revoked ones too, by id."""
        ...

    def device(self, token: str) -> Device | None:
        """The screen of which this is kept as its token, or None."""
        ...

    def save_device(self, device: Device, token: str | None = None) -> None:
        """Keep a new screen with what is kept of its `token`, or change one that there is; bumps PEOPLE."""
        ...

    def attempts(self, keys: Sequence[str], since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """When somebody tried to sign in since then, by each of `keys`, oldest first."""
        ...

    def add_attempt(self, known: Mapping[str, int], at: datetime, since: datetime) -> bool:
        """Whether one more attempt was kept for each key, which it is if each had as many since then as is known.

        What is older than `since` is forgotten.
        """
        ...

    def forget_attempts(self, key: str, at: datetime | None = None) -> None:
        """Forget the attempts of a key, or those of one instant."""
        ...
