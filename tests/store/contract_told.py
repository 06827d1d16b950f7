"""What versions may tell of agreements, and numbers of changes, in every store: statements past the program."""

import json
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from casework.changes import Change
from casework.errors import RefusedError
from casework.model import Strip
from casework.ports import Topic
from casework.sharing import Consent, Share
from store import schema
from store.agreements import _row
from tests.store import seen_world as world
from tests.store.specimens import T0

ROWS, THEN, TOPICS = schema.agreements, schema.agreement_versions, schema.topics
ID = "b-d-told"
FORGED = [{"party": "d", "by": "commander-d", "at": 0}]


def lawful(at, *statements):
    """Whether these together change something each; nothing of it is kept."""
    try:
        with at._database.write(Topic.PEOPLE) as connection, connection.begin_nested() as kept:
            done = all(connection.execute(one).rowcount for one in statements)
            kept.rollback()
    except RefusedError:
        return False
    return done


def document(agreement):
    """Terms as a version tells them."""
    return {name: str(one) if isinstance(one, date) else one for name, one in _row(agreement).items()}


def other(value):
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return FORGED if value != FORGED else []
    return f"{value}x" if isinstance(value, str) else 2 * (value or 0) + 1


def altered(terms):
    """The same with one term changed, told as what it is not, left out or added, each by itself."""
    for name, value in terms.items():
        yield terms | {name: other(value)}
        yield terms | {name: None if isinstance(value, str) else json.dumps(value, separators=(",", ":"))}
        yield {one: terms[one] for one in terms if one != name}
        # As many as there should be.
        yield {one if one != name else "more": terms[one] for one in terms}
    yield terms | {"more": ""}


class ToldContract:
    """Bring `filled`, the operator's store with the made world in it, and `door`, whose `seen_by` actors write through."""

    @pytest.fixture
    def at(self, filled, door):
        """The store of a commander of one side."""
        return self._store(door, "commander-b")

    @pytest.fixture
    def kept(self, at):
        """An agreement with letters and numbers that engines write each in its own way; it goes lawfully."""
        one = replace(
            world.agreements()[world.HALF], id=ID, title='夜間 "b"', depth_a_m=0.1 + 0.2, depth_b_m=3000, to_m=1e17 / 3,
            others=(Strip("b", "界", 1, 0.1 + 0.2),), shares=(Share("b", ("water",)),), memorandum="第3號\\",
            consents=(Consent("b", "commander-b", T0),),
        )  # fmt: skip
        saved = at.save_agreement(one, world.zone(ID, 121.0))
        yield saved
        at.remove_agreement(ID, saved.version)

    def test_a_version_tells_the_row_that_stands(self, at, kept):
        following = replace(kept, version=kept.version + 1, valid_to=date(2030, 1, 1), consents=())
        moved, terms = sa.update(ROWS).where(ROWS.c.id == ID).values(_row(following)), document(following)
        for change in Change:
            assert lawful(at, moved, self._tells(terms, change)) is (change is not Change.REMOVED)
        for change in ("oops", "", "SAVED"):
            assert not lawful(at, moved, self._tells(terms, change))
        for told in altered(terms):
            assert not lawful(at, moved, self._tells(told, agreement_id=ID, version=following.version)), told
        # Before the row has that number, and where there is none.
        assert not lawful(at, self._tells(terms))
        assert not lawful(at, self._tells(terms | {"consents": FORGED}, Change.CONSENTED))
        for change in (Change.SAVED, Change.REMOVED):
            assert not lawful(at, self._tells(terms | {"id": "b-d-nowhere", "version": 1}, change))

    def test_a_removal_tells_what_was_removed(self, at, kept):
        gone, terms = sa.delete(ROWS).where(ROWS.c.id == ID), document(replace(kept, version=kept.version + 1))
        for change in (*Change, "oops"):
            assert lawful(at, gone, self._tells(terms, change)) is (change is Change.REMOVED)
        assert not lawful(at, self._tells(terms, Change.REMOVED))
        for told in altered(terms):
            attempt = self._tells(told, Change.REMOVED, agreement_id=ID, version=kept.version + 1)
            assert not lawful(at, gone, attempt), told

    def test_what_was_kept_before_anybody_could_consent_can_be_removed(self, filled, at):
        old = replace(world.agreements()[world.HALF], id=ID, consents=())
        saved = at.save_agreement(old, world.zone(ID, 121.0))
        terms = {name: one for name, one in document(saved).items() if name not in ("shares", "consents")}
        with filled._database.write(Topic.AGREEMENTS) as connection:
            first = (THEN.c.agreement_id == ID) & (THEN.c.version == saved.version)
            connection.execute(sa.update(THEN).where(first).values(terms=terms))
        at.remove_agreement(ID, saved.version)
        assert filled.agreement_history(ID)[0].change is Change.REMOVED

    def test_a_row_changes_with_its_number_only(self, at, kept):
        own = sa.update(ROWS).where(ROWS.c.id == ID)
        on = own.values(title="more", version=kept.version + 1)
        assert lawful(at, on)
        for changes in ({"title": "more"}, {"valid_to": date(2030, 1, 1)}, {"stale": "gone"}, {"consents": []}, {}):
            assert not lawful(at, own.values({"version": kept.version} | changes))
        assert not lawful(at, on, own.values(version=kept.version))
        for number in (0, kept.version + 2):
            assert not lawful(at, own.values(version=number))

    def test_a_topic_counts_one_change_at_a_time(self, filled, door):
        counted = self._counted(filled)
        before = counted[Topic.AGREEMENTS]
        assert Topic.ROADS not in counted
        own = sa.update(TOPICS).where(TOPICS.c.topic == Topic.AGREEMENTS.value)
        for who in ("viewer-a", "commander-b"):
            at = self._store(door, who)
            for number in (before - 1, before, before + 1, before + 2, 0, -1, 2**40):
                assert lawful(at, own.values(version=number)) is (number == before + 1)
            assert not lawful(at, own.values(topic=Topic.ROADS.value, version=before + 1))
            for topic, number in ((Topic.ROADS.value, 1), (Topic.ROADS.value, 2), (Topic.ROADS.value, 0), ("more", 1)):
                new = sa.insert(TOPICS).values(topic=topic, version=number, changed_at_us=0)
                assert lawful(at, new) is ((topic, number) == (Topic.ROADS, 1))
        assert self._counted(filled) == counted

    def _counted(self, filled):
        with filled._database.read() as connection:
            return {row.topic: row.version for row in connection.execute(sa.select(TOPICS))}

    def _store(self, door, who):
        actor = next(one.actor for one in world.askers() if one.actor.id == who)
        return door.seen_by(actor, lambda: world.TODAY)

    def _tells(self, terms, change=Change.SAVED, **columns):
        """A version in a commander's name, which is of what its terms say unless told."""
        named = columns or {"agreement_id": terms["id"], "version": terms["version"]}
        made = {"change": str(change), "at_us": 0, "area_m2": 0.0, "made_by": "commander-b", "terms": terms}
        return sa.insert(THEN).values(named | made)
