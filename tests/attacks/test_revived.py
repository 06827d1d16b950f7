"""An agreement that others signed and removed, taken up under its id, and versions put into its history, past the desk."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from casework.errors import OutdatedError, RefusedError
from casework.ports import Topic
from store import schema
from tests.attacks.people import PEOPLE
from tests.attacks.test_regions import signed
from tests.store import specimens
from tests.world import IN_FORCE, TODAY, E, N, W

__all__ = ["signed"]


@pytest.fixture
def removed(signed):
    """The agreement of East and West, with a patrol in its zone, after it was removed; it is there again afterwards."""
    agreements = signed.operator.agreements
    kept = agreements.get(IN_FORCE)
    signed.store.save_patrol(specimens.patrol(id="p-hidden", agreement_id=IN_FORCE, title="hidden-patrol"))
    gone = agreements.remove(IN_FORCE, kept.version)
    yield gone
    if (back := there(signed)) is not None:
        gone = agreements.remove(IN_FORCE, back.version)
    agreements.restore(IN_FORCE, gone.version)


def there(signed):
    """What stands under its id, if anything."""
    return next((one for one in signed.operator.agreements.all() if one.id == IN_FORCE), None)


def store_of(signed, who):
    """The database for somebody, without the desk in front of it."""
    actor = next(one.actor for one in PEOPLE if one.id == who)
    return signed.door.seen_by(actor, lambda: TODAY)


def written(store, *statements):
    with store._database.write(Topic.AGREEMENTS) as connection:
        for one in statements:
            connection.execute(one)


def newest(signed):
    """Columns of the newest version."""
    then = schema.agreement_versions
    wanted = sa.select(then).where(then.c.agreement_id == IN_FORCE).order_by(then.c.version.desc())
    with signed.store._database.read() as connection:
        return dict(connection.execute(wanted).mappings().first())


def next_row(signed):
    """A row of `agreements` with the terms of the newest version, as the next."""
    terms = newest(signed)["terms"]
    terms |= {"version": terms["version"] + 1}
    days = {name: terms[name] and date.fromisoformat(terms[name]) for name in ("valid_from", "valid_to")}
    return terms | days | {"others": [], "consents": []}


def next_version(signed, who, **terms):
    """A version after the newest, told by somebody, with other terms."""
    row = newest(signed)
    number = row["version"] + 1
    changes = {"version": number, "made_by": who, "terms": row["terms"] | {"version": number} | terms}
    return sa.insert(schema.agreement_versions).values(row | changes)


@pytest.mark.parametrize("who", [f"coordinator-{N}", f"commander-{N}"])
def test_a_stranger_revives_nothing_by_its_id(signed, removed, who):
    stranger, zone = store_of(signed, who), signed.store.zone_as_it_was(IN_FORCE, removed.version - 1)
    for a, b in ((N, "x"), (E, N), (N, W)):
        with pytest.raises(RefusedError):
            stranger.save_agreement(replace(removed, a=a, b=b, others=(), version=0, consents=(), shares=()), zone)
        # Without a version too, which the history would refuse by itself.
        with pytest.raises(RefusedError):
            written(stranger, sa.insert(schema.agreements).values(next_row(signed) | {"a": a, "b": b}))
    assert there(signed) is None
    assert stranger.patrols() == ()


def test_a_stranger_does_not_rename_an_own_agreement_to_it(signed, removed):
    stranger, kept = store_of(signed, f"commander-{N}"), schema.agreements
    own = replace(removed, id="n-x-1", a=N, b="x", others=(), version=0, consents=(), shares=())
    saved = stranger.save_agreement(own, signed.store.zones(["n-x-1"]))
    try:
        with pytest.raises(RefusedError):
            written(stranger, sa.update(kept).where(kept.c.id == "n-x-1").values(id=IN_FORCE))
    finally:
        stranger.remove_agreement("n-x-1", saved.version)
    assert there(signed) is None
    assert stranger.patrols() == ()


def test_a_stranger_does_not_become_a_party_by_a_version(signed, removed):
    who = f"commander-{N}"
    before = signed.store.agreement_history(IN_FORCE)
    for terms in ({"a": N, "b": "x", "others": []}, {"others": [{"a": N, "b": W}]}, {}):
        with pytest.raises(RefusedError):
            written(store_of(signed, who), next_version(signed, who, **terms))
    assert signed.store.agreement_history(IN_FORCE) == before


def test_whoever_signed_it_brings_it_back(signed, removed):
    back = replace(removed, version=0, consents=())
    saved = store_of(signed, f"coordinator-{W}").save_agreement(
        back, signed.store.zone_as_it_was(IN_FORCE, removed.version - 1)
    )
    assert saved.version == removed.version + 1
    assert "p-hidden" in {one.id for one in store_of(signed, f"commander-{E}").patrols()}


def test_a_party_writes_no_version_but_the_next_and_none_anew(signed):
    who, then = f"commander-{E}", schema.agreement_versions
    party, row = store_of(signed, who), newest(signed)
    before = signed.store.agreement_history(IN_FORCE)
    first = then.c.agreement_id == IN_FORCE
    for attempt in (
        next_version(signed, f"commander-{W}"),
        next_version(signed, who).values(version=row["version"] + 2),
        next_version(signed, who, version=row["version"]),
        next_version(signed, who, id="e-w-99"),
        sa.update(then).where(first).values(made_by=who),
        sa.delete(then).where(first),
    ):
        with pytest.raises(RefusedError):
            written(party, attempt)
    assert signed.store.agreement_history(IN_FORCE) == before


def test_nobody_removes_what_has_moved_on(signed):
    party, kept = store_of(signed, f"commander-{E}"), signed.operator.agreements.get(IN_FORCE)
    with pytest.raises(OutdatedError):
        party.remove_agreement(IN_FORCE, kept.version - 1)
    assert signed.operator.agreements.get(IN_FORCE) == kept
