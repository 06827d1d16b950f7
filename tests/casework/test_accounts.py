"""Accounts: an administrator says who is who in regions of their own, and nobody else does."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from casework.accounts import Accounts
from casework.audit import Deed, Sought
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.gate import token_hash
from casework.passwords import Passwords
from casework.people import PERSONAL, Actor, Person, Role
from casework.territory import Territory
from tests.world import NOW, E, N, W

GOOD = "correct horse battery staple"
OPERATOR = Actor()
ADMINISTRATOR = Actor("adm", Role.ADMINISTRATOR, (W,))


@pytest.fixture
def of(desk, clock, monkeypatch):
    """The accounts as an actor meets them."""
    store = desk._store
    territory = Territory(store)
    cheap = PasswordHasher.from_parameters(CHEAPEST)
    monkeypatch.setattr("casework.accounts.Passwords", lambda chance: Passwords(chance, cheap))
    count = iter(range(1000))

    def chance(n):
        return next(count).to_bytes(n, "big")

    return lambda actor=OPERATOR: Accounts(store, clock, actor, territory, chance)


def noted(desk, n):
    """The last `n` lines of the log."""
    return desk._store.audit(Sought(), n)[::-1]


@pytest.fixture
def li(of):
    return of().add("li", " Li ", Role.OFFICER, [W, W, ""], " sub ", GOOD)


def test_the_operator_adds_somebody(of, li, desk):
    assert li == Person("li", "Li", Role.OFFICER, (W,), NOW, "sub")
    assert of().people() == (li,)
    assert of().get("li") == li
    assert desk._store.password("li").startswith("$argon2id$")
    assert of().add("an", "An", Role.VIEWER, [E]).subject == ""
    assert desk._store.password("an") == ""
    entry = noted(desk, 2)[0]
    assert (entry.deed, entry.actor, entry.thing, entry.regions) == (Deed.MANAGED, "local", "person:li", (W,))
    assert entry.facts == {"what": "added", "role": "officer", "active": True}


@pytest.mark.parametrize(
    "person_id", ["", "Li", "l i", "-li", "a" * 65, "local", "schedule", "nobody", "device:1", "李"]
)
def test_what_cannot_be_signed_in_with_is_refused(of, person_id):
    with pytest.raises(RefusedError, match="cannot be signed in with"):
        of().add(person_id, "Li", Role.OFFICER, [W])


def test_an_id_a_subject_a_name_and_a_password_have_to_be_good(of, li):
    for words, args in {
        "is taken": ("li", "Li", Role.OFFICER, [W]),
        "already": ("an", "An", Role.OFFICER, [W], "sub"),
        "1 to 200": ("an", "  ", Role.OFFICER, [W]),
        "at least 12": ("an", "An", Role.OFFICER, [W], "", "short"),
        "at least one region": ("an", "An", Role.OFFICER, [" "]),
        "no region q, z": ("an", "An", Role.OFFICER, ["z", W, "q"]),
    }.items():
        with pytest.raises(RefusedError, match=words):
            of().add(*args)
    assert of().people() == (li,)


def test_before_there_are_regions_only_the_first_administrator_is_added(empty_desk):
    accounts = empty_desk.accounts
    for asked in (
        lambda: accounts.add("an", "An", Role.VIEWER, ["330502"]),
        lambda: accounts.add_device("Wall", ["330502"]),
    ):
        with pytest.raises(RefusedError, match="There is no region 330502 yet: load boundaries first"):
            asked()
    assert (accounts.people(), accounts.devices()) == ((), ())
    assert accounts.add("li", "Li", Role.ADMINISTRATOR, ["330502"]).regions == ("330502",)
    assert accounts.unknown(["330502"]) == ("330502",)
    with pytest.raises(RefusedError, match="load boundaries first"):
        accounts.add("an", "An", Role.ADMINISTRATOR, ["330502"])
    # Whoever was given a wrong region is locked, and no longer stands in the way.
    accounts.lock("li")
    assert accounts.add("an", "An", Role.ADMINISTRATOR, ["330501"]).active


def test_regions_are_those_loaded_and_those_above(of):
    assert of(ADMINISTRATOR).regions() == (W,)
    assert of().unknown([]) == ()
    assert of().unknown(["z", W, "q", "q"]) == ("q", "z")
    with pytest.raises(RefusedError, match="no region q: write ids of jurisdictions"):
        of().add_device("Wall", [W, "q"])


@pytest.mark.parametrize("role", [role for role in PERSONAL if role is not Role.ADMINISTRATOR])
def test_who_is_no_administrator_says_nothing(of, li, role):
    other = of(Actor("an", role, (W,)))
    assert not other.manages
    for asked in (
        lambda: other.add("new", "New", Role.VIEWER, [W]),
        lambda: other.change(li, "Li", Role.VIEWER, [W]),
        lambda: other.lock("li"), lambda: other.unlock("li"), lambda: other.set_password("li", GOOD),
        lambda: other.invite("li"), lambda: other.add_device("Wall", [W]),
    ):  # fmt: skip
        with pytest.raises(RefusedError, match="Only an administrator"):
            asked()
    assert other.devices() == ()
    assert other.people() == (li,)


def test_an_administrator_says_who_is_who_in_regions_of_their_own(of, li):
    own = of(ADMINISTRATOR)
    assert own.add("an", "An", Role.ADMINISTRATOR, [W]).role is Role.ADMINISTRATOR
    far = of().add("far", "Far", Role.VIEWER, [E, W])
    assert (own.can_change(li), own.can_change(far)) == (True, False)
    for asked in (
        lambda: own.add("new", "New", Role.VIEWER, [W, E]),
        lambda: own.change(li, "Li", Role.OFFICER, [E]),
        lambda: own.change(far, "Far", Role.VIEWER, [W]),
        lambda: own.lock("far"), lambda: own.unlock("far"), lambda: own.set_password("far", GOOD),
        lambda: own.invite("far"), lambda: own.add_device("Wall", [N]),
    ):  # fmt: skip
        with pytest.raises(RefusedError, match="regions of their own only"):
            asked()


def test_a_supervisor_has_all_below(of, li, monkeypatch):
    monkeypatch.setattr(Territory, "parents", lambda _self: {W: "3305", E: "3205", "3305": "33", "33": None})
    above = of(Actor("adm", Role.ADMINISTRATOR, ("33",)))
    assert above.change(li, "Li", Role.COMMANDER, ["3305"]).regions == ("3305",)
    with pytest.raises(RefusedError, match="their own only"):
        above.add("an", "An", Role.VIEWER, ["3205"])


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SCREEN])
@pytest.mark.parametrize("actor", [Actor(), ADMINISTRATOR])
def test_nobody_is_made_operator_or_screen(of, li, role, actor):
    with pytest.raises(RefusedError, match="Nobody can be given"):
        of(actor).add("an", "An", role, [W])
    with pytest.raises(RefusedError, match="Nobody can be given"):
        of(actor).change(li, "Li", role, [W])


def test_nobody_changes_themselves(of):
    me = of().add("adm", "Me", Role.ADMINISTRATOR, [W])
    own = of(ADMINISTRATOR)
    for asked in (lambda: own.lock("adm"), lambda: own.change(me, "Me", Role.COMMANDER, [W])):
        with pytest.raises(RefusedError, match="another administrator"):
            asked()


def test_another_role_or_regions_end_sessions_another_name_does_not(of, li):
    named = of().change(li, "Li Ming", Role.OFFICER, [W], "sub")
    assert (named.name, named.epoch) == ("Li Ming", 0)
    assert of().change(named, "Li Ming", Role.COMMANDER, [W], "sub").epoch == 1
    with pytest.raises(OutdatedError):
        of().change(named, "Li", Role.VIEWER, [W])


def test_a_region_that_was_dissolved_stays_with_whoever_has_it(of, li, desk):
    gone = replace(li, regions=("gone",))
    desk._store.save_person(gone, li)
    assert not of().lock("li").active


def test_a_lock_is_undone(of, li, desk):
    locked = of().lock("li")
    assert (locked.active, locked.epoch) == (False, 1)
    with pytest.raises(RefusedError, match="unlock the account first"):
        of().invite("li")
    unlocked = of().unlock("li")
    assert (unlocked.active, unlocked.epoch) == (True, 1)
    assert [one.facts["what"] for one in noted(desk, 3)] == ["added", "locked", "unlocked"]


def test_a_password_is_set(of, li, desk):
    before = desk._store.password("li")
    with pytest.raises(RefusedError, match="at least 12"):
        of().set_password("li", "short")
    assert of().set_password("li", "four other good words").epoch == 1
    assert desk._store.password("li") != before


def test_an_invitation_is_for_one_epoch_and_a_week(of, li, desk):
    invitation = of().invite("li")
    assert (invitation.person_id, invitation.epoch, (invitation.until - NOW).days) == ("li", 0, 7)
    (line,) = noted(desk, 1)
    assert (line.thing, line.facts) == ("person:li", {"what": "invited"})


def test_whoever_is_not_there_is_named(of):
    for asked in (of().get, of().lock, of().unlock, of().invite):
        with pytest.raises(NotFoundError, match="nobody called li"):
            asked("li")
    with pytest.raises(NotFoundError, match="no screen d1"):
        of().revoke("d1")


def test_a_screen_gets_a_token_once_and_loses_it(of, desk, clock):
    device, token = of(ADMINISTRATOR).add_device(" Wall ", [W])
    other, another = of().add_device("East", [E])
    assert (device.name, device.regions, device.made_by, device.made_at) == ("Wall", (W,), "adm", NOW)
    assert len(token) == 43
    assert token != another
    assert desk._store.device(token_hash(token)) == device
    assert token not in str(desk._store.devices())
    assert of(ADMINISTRATOR).devices() == (device,)
    assert of().devices() == tuple(sorted((device, other), key=lambda one: one.id))
    with pytest.raises(RefusedError, match="their own only"):
        of(ADMINISTRATOR).revoke(other.id)
    assert of(ADMINISTRATOR).revoke(device.id).revoked_at == NOW
    clock.at = NOW.replace(year=2030)
    assert of().revoke(device.id).revoked_at == NOW
    lines = noted(desk, 4)
    assert [one.facts["what"] for one in lines] == ["added", "added", "revoked", "revoked"]
    assert lines[0].thing == f"device:{device.id}"
