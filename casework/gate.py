"""The gate: who comes in with which password or token, and how often somebody may guess."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from casework.audit import Deed, Entry
from casework.errors import OutdatedError, RefusedError, TooManyError
from casework.passwords import Passwords, refuse_weak
from casework.people import Device, Person
from casework.ports import Clock, Store
from casework.rules import Rules

_FIRST_WAIT_S = 15.0
# People of one office share an address: it may be wrong so much more often than one of them.
_PEOPLE_AN_ADDRESS = 4


class Gate:
    """Lets in who can show who they are. It asks the store of whoever runs the program: nobody is anybody before."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, passwords: Passwords) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._passwords = passwords

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return self._clock.now()

    def sign_in(self, person_id: str, password: str, address: str) -> Person:
        """Who signs in with this id and password, from a network address.

        Raises
        ------
        TooManyError
            When there were too many wrong attempts of late with this id, or from this address.
        RefusedError
            When id or password are wrong, which of them is not told; or the account is locked.
        """
        named = person_id.strip().lower()
        limits = {_key("id", named): 1, _key("address", address): _PEOPLE_AN_ADDRESS}
        now = self._clock.now()
        self._take_turn(limits, now)
        person = self._store.person(named)
        # Whether there is such a person is not told by the time it takes either.
        kept = self._store.password(person.id if person else "")
        if not self._passwords.matches(kept, password) or person is None:
            self._noted(Deed.REFUSED, person, why="password")
            raise RefusedError("The name or the password is not right.")
        self._store.forget_attempts(_key("id", named))
        self._store.forget_attempts(_key("address", address), now)
        if self._passwords.outdated(kept):
            self._keep_anew(person, password)
        return self._let_in(person, "password")

    def sign_in_as(self, subject: str, person_id: str | None = None) -> Person:
        """Who a provider of identities says somebody is: by subject, or by an id of ours that it knows.

        Raises
        ------
        RefusedError
            When we know nobody by it, or the account is locked.
        """
        by_id = None if person_id is None else person_id.strip().lower()
        found = self._store.known_as(subject) if by_id is None else self._store.person(by_id)
        if found is None:
            self._noted(Deed.REFUSED, None, why="unknown")
            raise RefusedError(
                "Nobody here is known as {name}: ask an administrator of your region to add you.",
                name=person_id or subject,
            )
        return self._let_in(found, "provider")

    def sign_out(self, person: Person) -> None:
        """Somebody leaves."""
        self._noted(Deed.SIGNED_OUT, person)

    def person(self, person_id: str, epoch: int) -> Person | None:
        """Whose session of that epoch it is; None when it was ended by a new password or role, or by a lock."""
        person = self._store.person(person_id)
        return person if person is not None and person.active and person.epoch == epoch else None

    def screen(self, token: str) -> Device | None:
        """Which screen has this token; None when none has, or it was revoked."""
        device = self._store.device(token_hash(token))
        return device if device is not None and device.revoked_at is None else None

    def change_password(self, person: Person, old: str, new: str, address: str) -> Person:
        """Somebody after they gave themselves a new password; every other session of theirs is over.

        Raises
        ------
        TooManyError
            When the old one was wrong too often.
        RefusedError
            When the old one is wrong or the new one is weak.
        """
        refuse_weak(new, person.id)
        return self._keep_new(self.sign_in(person.id, old, address), new)

    def accept(self, person_id: str, epoch: int, password: str) -> Person:
        """Somebody who was invited, after they set their password.

        Raises
        ------
        RefusedError
            When the invitation was used already, or the password is weak.
        """
        person = self.person(person_id, epoch)
        if person is None:
            raise RefusedError("This invitation is not valid any more: ask an administrator for a new one.")
        refuse_weak(password, person.id)
        return self._keep_new(person, password)

    def _take_turn(self, limits: Mapping[str, int], now: datetime) -> None:
        """Count an attempt before it is made: those made at once do not slip by each other."""
        since = now - timedelta(minutes=self._rules.sign_in_window_min)
        while True:
            seen = self._store.attempts(tuple(limits), since)
            wait_s = max(self._wait_s(seen[key], limits[key], now) for key in limits)
            if wait_s > 0:
                raise TooManyError(
                    "Too many wrong attempts: wait {seconds} s, then try again.", seconds=math.ceil(wait_s)
                )
            if self._store.add_attempt({key: len(seen[key]) for key in limits}, now, since):
                return

    def _wait_s(self, seen: tuple[datetime, ...], people: int, now: datetime) -> float:
        """Seconds until the next attempt may be made; the wait doubles with each."""
        over = len(seen) - self._rules.sign_in_tries * people
        if over < 0:
            return 0.0
        wait_s = min(_FIRST_WAIT_S * 2.0 ** min(over, 20), self._rules.sign_in_window_min * 60)
        return max(0.0, wait_s - (now - seen[-1]).total_seconds())

    def _let_in(self, person: Person, way: str) -> Person:
        """Whoever has shown who they are, unless they are locked out."""
        if not person.active:
            self._noted(Deed.REFUSED, person, why="locked")
            raise RefusedError("This account is locked: ask an administrator of your region.")
        self._noted(Deed.SIGNED_IN, person, way=way)
        return person

    def _keep_new(self, person: Person, password: str) -> Person:
        changed = replace(person, epoch=person.epoch + 1)
        self._store.save_person(changed, person, self._passwords.kept(password), changed.actor)
        return changed

    def _keep_anew(self, person: Person, password: str) -> None:
        """Keep the same password with the work that is asked for now."""
        try:
            self._store.save_person(person, person, self._passwords.kept(password), person.actor)
        except OutdatedError:
            return  # somebody changes the person at this moment, and the next time will do

    def _noted(self, deed: Deed, person: Person | None, **facts: str) -> None:
        who = ("nobody", "", ()) if person is None else (person.id, str(person.role), person.regions)
        entry = Entry(self._clock.now(), who[0], who[1], deed, f"person:{who[0]}", who[2], facts)
        self._store.append((entry,))


def token_hash(token: str) -> str:
    """What is kept of a screen's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _key(kind: str, what: str) -> str:
    """What attempts are counted by; hashed, because people type a password where the name should be."""
    return hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
