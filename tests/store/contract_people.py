"""People, screens and attempts in every store: they come back as they were, and no secret comes with them."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from casework.audit import Sought
from casework.errors import NotFoundError, OutdatedError
from casework.people import Device, Person, Role
from casework.ports import Topic
from tests.store.specimens import T0

LI = Person("li", "李", Role.COORDINATOR, ("330502", "X"), T0, subject="sub-1")
SCREEN = Device("d1", "指挥中心", ("330502",), T0, "li")
MINUTE = timedelta(minutes=1)


class PeopleContract:
    """Who signs in, which screens show what, and who guesses."""

    def test_a_person_comes_back_as_they_were(self, store):
        an = replace(LI, id="an", subject="", active=False, epoch=3, regions=("320509",), role=Role.AUDITOR)
        store.save_person(LI, None)
        store.save_person(an, None)
        assert store.people() == (an, LI)
        assert (store.person("li"), store.person("nobody")) == (LI, None)
        assert store.versions()[Topic.PEOPLE] == 2

    def test_a_change_takes_the_place_of_what_was_seen(self, store):
        store.save_person(LI, None)
        changed = replace(LI, role=Role.COMMANDER, epoch=1)
        store.save_person(changed, LI)
        for person, before in ((LI, LI), (LI, None), (replace(LI, id="new"), LI)):
            with pytest.raises(OutdatedError, match="Somebody else"):
                store.save_person(person, before)
        assert store.people() == (changed,)
        assert store.versions()[Topic.PEOPLE] == 2

    def test_a_password_stays_until_another_comes_and_is_with_nobodys_data(self, store):
        store.save_person(LI, None)
        assert store.password("li") == store.password("nobody") == ""
        store.save_person(LI, LI, "$argon2id$first")
        store.save_person(replace(LI, epoch=1), LI)
        assert store.password("li") == "$argon2id$first"
        store.save_person(LI, replace(LI, epoch=1), "$argon2id$second")
        assert store.password("li") == "$argon2id$second"
        lines = store.audit(Sought())
        assert [one.facts["what"] for one in lines] == ["password", "changed", "password", "added"]
        assert "argon2" not in str(lines)
        assert "argon2" not in str([asdict(one) for one in store.people()])

    def test_a_screen_is_found_by_what_is_kept_of_its_token(self, store):
        store.save_device(SCREEN, "hash")
        assert store.device("hash") == SCREEN
        assert store.device("other") is None
        revoked = replace(SCREEN, revoked_at=T0 + MINUTE)
        store.save_device(revoked)
        assert store.devices() == (revoked,)
        assert store.device("hash") == revoked
        assert "hash" not in str(asdict(revoked))
        assert store.versions()[Topic.PEOPLE] == 2

    def test_a_screen_that_is_not_there_is_not_changed(self, store):
        with pytest.raises(NotFoundError, match="d1"):
            store.save_device(SCREEN)
        assert store.devices() == ()

    def test_attempts_are_counted_by_key_since_an_instant(self, store):
        assert store.add_attempt({"a": 0, "b": 0}, T0, T0)
        assert store.add_attempt({"a": 1}, T0 + MINUTE, T0)
        assert store.attempts(("a", "b", "c"), T0) == {"a": (T0, T0 + MINUTE), "b": (T0,), "c": ()}
        assert store.attempts(("a",), T0 + MINUTE) == {"a": (T0 + MINUTE,)}
        assert store.versions()[Topic.PEOPLE] == 0

    def test_an_attempt_is_kept_only_if_nobody_else_came_between(self, store):
        assert store.add_attempt({"a": 0, "b": 0}, T0, T0)
        assert not store.add_attempt({"a": 0, "c": 0}, T0, T0)
        assert store.attempts(("a", "c"), T0) == {"a": (T0,), "c": ()}

    def test_old_attempts_are_forgotten_with_the_next(self, store):
        store.add_attempt({"a": 0}, T0, T0)
        store.add_attempt({"b": 0}, T0 + 2 * MINUTE, T0 + MINUTE)
        assert store.attempts(("a", "b"), T0) == {"a": (), "b": (T0 + 2 * MINUTE,)}

    def test_attempts_of_a_key_can_be_forgotten_or_one_of_them(self, store):
        for n in range(3):
            store.add_attempt({"a": n, "b": n}, T0 + n * MINUTE, T0)
        store.forget_attempts("a")
        store.forget_attempts("b", T0 + MINUTE)
        assert store.attempts(("a", "b"), T0) == {"a": (), "b": (T0, T0 + 2 * MINUTE)}
