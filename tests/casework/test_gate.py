"""The gate: passwords, how often somebody may guess, and how sessions and invitations end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from casework.audit import Deed, Sought
from casework.errors import OutdatedError, RefusedError, TooManyError
from casework.gate import Gate, token_hash
from casework.invitations import Invitation, sealed, unsealed
from casework.passwords import Passwords, refuse_weak
from casework.people import Device, Person, Role
from casework.rules import Rules
from tests.world import NOW, W

LI = Person("li", "Li", Role.OFFICER, (W,), NOW, subject="sub-li")
WRONG = "wrong horse battery"
GOOD = "correct horse battery staple"
HOME = "192.0.2.1"


def passwords(**changes):
    return Passwords(lambda n: b"s" * n, PasswordHasher.from_parameters(replace(CHEAPEST, **changes)))


@pytest.fixture
def gate(empty_desk, clock):
    empty_desk._store.save_person(LI, None, passwords().kept(GOOD))
    return Gate(empty_desk._store, clock, Rules(), passwords())


def noted(gate, n):
    """The last `n` lines of the log."""
    return gate._store.audit(Sought(), n)[::-1]


def guess(gate, person_id="li", address=HOME, password=WRONG):
    with pytest.raises(RefusedError) as refused:
        gate.sign_in(person_id, password, address)
    return refused.value


def test_a_password_is_kept_so_that_nobody_can_read_it():
    kept = Passwords(lambda n: b"s" * n).kept(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in kept
    assert Passwords(lambda n: b"t" * n).kept(GOOD) != kept
    assert Passwords(lambda n: b"t" * n).matches(kept, GOOD)


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$v=19$broken"])
def test_nothing_matches_what_is_no_hash(kept):
    assert not passwords().matches(kept, GOOD)
    assert not passwords().matches(passwords().kept("x"), "x" * 1001)


def test_letters_of_another_width_are_the_same():
    assert passwords().matches(passwords().kept("password１２３"), "ｐassword123")


@pytest.mark.parametrize(
    ("password", "words"),
    [("short words", "at least 12"), ("x" * 1001, "at most 1000"), ("ab" * 8, "again and again"),
     ("a.longer.name", "the name you sign in with")],
)  # fmt: skip
def test_what_can_be_guessed_is_refused(password, words):
    with pytest.raises(RefusedError, match=words):
        refuse_weak(password, "a.longer.name")


def test_whoever_knows_the_password_comes_in_and_it_is_noted(gate):
    assert gate.sign_in(" LI", GOOD, HOME) == LI
    gate.sign_out(LI)
    assert [(one.deed, one.actor, one.role, one.regions) for one in noted(gate, 2)] == [
        (Deed.SIGNED_IN, "li", "officer", (W,)),
        (Deed.SIGNED_OUT, "li", "officer", (W,)),
    ]


def test_who_guesses_waits_longer_each_time(gate, clock):
    for _n in range(5):
        assert not isinstance(guess(gate), TooManyError)
    waits = []
    for _n in range(6):
        refused = guess(gate, password=GOOD)
        assert isinstance(refused, TooManyError)
        waits.append(refused.figures["seconds"])
        clock.at += timedelta(seconds=waits[-1])
        assert not isinstance(guess(gate), TooManyError)
    assert waits == [15, 30, 60, 120, 240, 480]
    assert {(one.deed, one.actor) for one in noted(gate, 11)} == {(Deed.REFUSED, "li")}


def test_waiting_is_shorter_for_who_has_waited_already(gate, clock):
    for _n in range(5):
        guess(gate)
    clock.at += timedelta(seconds=10)
    assert guess(gate).figures == {"seconds": 5}


def test_the_wait_is_by_name_whatever_the_address_and_for_names_that_are_not_there(gate):
    for n in range(5):
        guess(gate, "nobody-here", f"192.0.2.{n}")
    assert isinstance(guess(gate, "nobody-here", "192.0.2.9"), TooManyError)
    assert gate.sign_in("li", GOOD, HOME) == LI


def test_the_wait_is_by_address_whatever_the_name(gate):
    for n in range(20):
        guess(gate, f"name-{n}")
    assert isinstance(guess(gate, "another"), TooManyError)
    assert gate.sign_in("li", GOOD, "192.0.2.2") == LI


def test_signing_in_forgets_the_guesses_at_ones_name_but_not_those_from_the_address(gate, clock):
    for n in range(19):
        guess(gate, f"name-{n}")
    for _n in range(3):
        clock.at += timedelta(seconds=1)
        gate.sign_in("li", GOOD, HOME)
    guess(gate)
    assert isinstance(guess(gate), TooManyError)
    assert gate.sign_in("li", GOOD, "192.0.2.2") == LI
    for _n in range(5):
        assert not isinstance(guess(gate, address="192.0.2.2"), TooManyError)


def test_the_longest_wait_is_as_long_as_a_guess_counts(gate, clock):
    hasty = Gate(gate._store, clock, Rules(sign_in_tries=1, sign_in_window_min=1.0), passwords())
    waits = [guess(hasty) and guess(hasty).figures["seconds"]]
    clock.at += timedelta(seconds=15)
    guess(hasty)
    clock.at += timedelta(seconds=30)
    guess(hasty)
    assert [*waits, guess(hasty).figures["seconds"]] == [15, 60]


def test_old_guesses_do_not_count(gate, clock):
    for _n in range(5):
        guess(gate)
    clock.at += timedelta(minutes=15, seconds=1)
    assert gate.sign_in("li", GOOD, HOME) == LI


def test_guesses_made_at_once_do_not_slip_by_each_other(gate, monkeypatch):
    """Another worker counts a guess between this one's look and its own."""
    store, add = gate._store, type(gate._store).add_attempt
    others = iter(range(5))

    def between(self, known, at, since):
        if next(others, None) is not None:
            add(self, known, at, since)
        return add(self, known, at, since)

    monkeypatch.setattr(type(store), "add_attempt", between)
    assert isinstance(guess(gate, password=GOOD), TooManyError)


def test_what_was_typed_as_a_name_is_not_kept(gate):
    guess(gate, "my secret password")
    with gate._store._database.read() as connection:
        kept = connection.exec_driver_sql("SELECT key FROM attempts").scalars().all()
    assert {len(key) for key in kept} == {64}


def test_a_locked_account_is_told_so_only_to_who_knows_the_password(gate):
    gate._store.save_person(replace(LI, active=False), LI)
    assert "locked" not in str(guess(gate))
    assert "locked" in str(guess(gate, password=GOOD))


def test_a_password_that_was_kept_with_less_work_is_kept_anew(gate, clock):
    more = Gate(gate._store, clock, Rules(), passwords(time_cost=2))
    assert more.sign_in("li", GOOD, HOME) == LI
    assert ",t=2," in gate._store.password("li")
    assert more.sign_in("li", GOOD, HOME) == LI


def test_keeping_it_anew_may_wait_for_the_next_time(gate, clock, monkeypatch):
    def changed(*_any):
        raise OutdatedError("Somebody else")

    monkeypatch.setattr(type(gate._store), "save_person", changed)
    more = Gate(gate._store, clock, Rules(), passwords(time_cost=2))
    assert more.sign_in("li", GOOD, HOME) == LI


def test_a_provider_names_people_by_subject_or_by_id(gate):
    assert gate.sign_in_as("sub-li") == LI
    assert gate.sign_in_as("anything", " LI ") == LI
    for told in (("",), ("sub-an",), ("sub-li", "an")):
        with pytest.raises(RefusedError, match="ask an administrator"):
            gate.sign_in_as(*told)
    gate._store.save_person(replace(LI, active=False), LI)
    with pytest.raises(RefusedError, match="locked"):
        gate.sign_in_as("sub-li")


def test_a_session_is_of_one_epoch(gate):
    assert gate.person("li", 0) == LI
    assert gate.person("li", 1) is gate.person("an", 0) is None
    gate._store.save_person(replace(LI, active=False), LI)
    assert gate.person("li", 0) is None


def test_a_screen_is_known_by_its_token_until_it_is_revoked(gate):
    screen = Device("d", "Wall", (W,), NOW, "li")
    gate._store.save_device(screen, token_hash("token"))
    assert gate.screen("token") == screen
    assert gate.screen("other") is None
    gate._store.save_device(replace(screen, revoked_at=NOW))
    assert gate.screen("token") is None


def test_a_new_password_of_ones_own_needs_the_old_one(gate):
    with pytest.raises(RefusedError, match="at least 12"):
        gate.change_password(LI, GOOD, "short", HOME)
    with pytest.raises(RefusedError, match="not right"):
        gate.change_password(LI, "wrong", "four other good words", HOME)
    changed = gate.change_password(LI, GOOD, "four other good words", HOME)
    assert changed == replace(LI, epoch=1)
    (line,) = noted(gate, 1)
    assert (line.deed, line.actor, line.thing, line.facts["what"]) == (Deed.MANAGED, "li", "person:li", "password")
    assert gate.sign_in("li", "four other good words", HOME) == changed


def test_an_invitation_is_accepted_once(gate):
    with pytest.raises(RefusedError, match="at least 12"):
        gate.accept("li", 0, "short")
    assert gate.accept("li", 0, "four other good words").epoch == 1
    with pytest.raises(RefusedError, match="not valid any more"):
        gate.accept("li", 0, "four more good words")


UNTIL = datetime(2026, 6, 12, tzinfo=UTC)
INVITATION = Invitation("li", 3, UNTIL)


def test_an_invitation_is_worth_something_with_its_key_and_in_time_only():
    text = sealed(INVITATION, "key")
    assert unsealed(text, "key", UNTIL - timedelta(seconds=1)) == INVITATION
    body, seal = text.split(".")
    for wrong, key, now in (
        (text, "other", NOW), (text, "key", UNTIL), (body, "key", NOW), (f"{body}x.{seal}", "key", NOW),
        (f"{body}.{seal[:-2]}", "key", NOW), ("é.é", "key", NOW), ("a.b.c", "key", NOW), ("x", "key", NOW),
    ):  # fmt: skip
        with pytest.raises(RefusedError, match="not valid any more"):
            unsealed(wrong, key, now)
