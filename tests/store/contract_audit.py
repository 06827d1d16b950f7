"""The audit in every store: a chain that only grows, and a line for whatever changes something."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa

from casework.audit import Deed, Entry, Head, Sought
from casework.chain import first_break
from casework.errors import NotFoundError, OutdatedError
from casework.findings import empty_findings
from casework.model import Kind
from casework.people import Actor, Role
from casework.sharing import Consent
from store.schema import audit, audit_head
from tests.geo.road_towns import town
from tests.store import specimens
from tests.store.specimens import HOUR, T0, load

SAW = Entry(T0, "li", "officer", Deed.SAW, "incident:I1", ("320509", "330502"), {"zone": '太湖 "1"', "n": 3, "q": 0.25})
EVERY = Sought()


def lines(store, sought=EVERY):
    return list(store.audit_lines(sought))


def told(store, **sought):
    """What the newest lines say, without what the chain adds."""
    return [(one.deed, one.thing, one.regions, dict(one.facts)) for one in store.audit(Sought(**sought))]


class AuditContract:
    """Lines, and who writes them."""

    def test_an_empty_chain_holds(self, store):
        assert store.audit_head() == Head()
        assert store.audit(EVERY) == ()
        assert lines(store) == []
        assert store.append(()) == ()

    def test_lines_come_back_as_they_were_and_follow_each_other(self, store):
        first, second = store.append([SAW, replace(SAW, at=T0 + timedelta(microseconds=1), regions=(), facts={})])
        (third,) = store.append([replace(SAW, thing="firm:" + "长" * 999, actor="a\0\ud800")])
        assert replace(first, n=0, hash="") == SAW
        assert (first.n, second.n, second.previous, third.previous) == (1, 2, first.hash, second.hash)
        assert lines(store) == [first, second, third]
        assert store.audit(EVERY) == (third, second, first)
        assert (third.actor, len(third.thing)) == ("a??", 300)
        assert first.at.tzinfo is UTC
        assert store.audit_head() == Head(3, third.hash)
        assert first_break(lines(store), third.hash, first.hash) is None

    def test_lines_are_sought_and_paged(self, store):
        store.append([replace(SAW, at=T0 + n * HOUR, actor=f"a{n % 2}", thing=f"firm:F_{n}") for n in range(6)])
        store.append([replace(SAW, at=T0 + 9 * HOUR, deed=Deed.REFUSED, regions=('3"0',), thing="firm:FX1")])

        def found(**sought):
            return [one.n for one in store.audit(Sought(**sought))]

        assert [one.n for one in store.audit(EVERY, 3)] == [7, 6, 5]
        assert [one.n for one in store.audit(EVERY, 3, before=5)] == [4, 3, 2]
        assert found(actor="a1") == [6, 4, 2]
        assert found(thing="firm:F_") == [6, 5, 4, 3, 2, 1]
        assert found(thing="F_3") == [4]
        assert found(thing="_3") == []
        assert found(deeds=(Deed.REFUSED, Deed.SHARED)) == [7]
        assert found(regions=('3"0', "x")) == [7]
        assert found(regions=("33050",)) == []
        assert found(regions=("330502",), actor="li") == []
        assert found(since=T0 + 4 * HOUR) == [7, 6, 5]
        assert found(since=T0 + HOUR, until=T0 + 3 * HOUR) == [3, 2]
        assert [one.n for one in lines(store, Sought(actor="a0"))] == [1, 3, 5]
        assert [one.n for one in store.audit_lines(EVERY, after=5)] == [6, 7]

    def test_many_lines_come_in_chunks(self, store, monkeypatch):
        monkeypatch.setattr("store.audit._CHUNK", 2)
        kept = store.append([SAW] * 5)
        assert lines(store) == list(kept)
        store.append([SAW])
        assert first_break(lines(store), store.audit_head().hash) is None

    @pytest.mark.parametrize(
        "wrong",
        [
            sa.update(audit).values(actor="nobody"),
            sa.update(audit).values(hash="0").where(audit.c.n == 2),
            sa.delete(audit),
            sa.delete(audit).where(audit.c.n == 2),
            sa.delete(audit_head),
            sa.update(audit_head).values(n=1, hash=sa.select(audit.c.hash).where(audit.c.n == 1).scalar_subquery()),
            sa.update(audit_head).values(n=3, hash="beef"),
            sa.insert(audit_head).values(n=9, hash="beef"),
        ],
        ids=lambda one: str(one).replace("\n", " ")[:60],
    )
    def test_what_was_written_stays(self, store, wrong):
        kept = store.append([SAW, SAW])
        with pytest.raises(sa.exc.DBAPIError, match="audit"), store._database.alter() as connection:
            connection.execute(wrong)
        assert lines(store) == list(kept)
        assert store.audit_head() == Head(2, kept[1].hash)

    @pytest.mark.parametrize("wrong", [{"previous": "beef"}, {"n": 4}, {"n": 2}, {"n": 1, "previous": ""}])
    def test_only_what_follows_is_added(self, store, wrong):
        kept = store.append([SAW, SAW])
        row = {"at_us": 0, "actor": "", "role": "", "deed": "saw", "thing": "", "regions": [], "facts": {}, "n": 3}
        row |= {"previous": kept[1].hash, "hash": "cafe"} | wrong
        with pytest.raises(sa.exc.DBAPIError), store._database.alter() as connection:
            connection.execute(sa.insert(audit).values(row))
        assert lines(store) == list(kept)

    def test_a_line_that_takes_the_place_of_another_is_refused(self, store):
        first, second = store.append([SAW, SAW])
        row = f"3, 0, '', '', 'saw', '', '[]', '{{}}', '{second.hash}', '{first.hash}'"
        put = "INSERT OR REPLACE" if store._database._engine.dialect.name == "sqlite" else "INSERT"
        with pytest.raises(sa.exc.DBAPIError), store._database.alter() as connection:
            connection.exec_driver_sql(f"{put} INTO audit VALUES ({row})")
        assert lines(store) == [first, second]

    def test_whatever_changes_something_has_a_line(self, store):
        changes = {
            "boundaries:表.xlsx": lambda: store.add(load(Kind.BOUNDARIES), specimens.boundaries()),
            "firms:表.xlsx": lambda: store.add(load(Kind.FIRMS), specimens.firms()),
            "incidents:表.xlsx": lambda: store.add(load(Kind.INCIDENTS), specimens.incidents()),
            "quarantine:表.xlsx": lambda: store.add(load(Kind.FIRMS), specimens.firms(), [specimens.reject()]),
            "quarantine:": lambda: store.release([one.id for one in store.quarantined()]),
            "borders:": lambda: store.replace_borders(specimens.borders()),
            "incidents:placed": lambda: store.place_incidents({"I1": "X"}),
            "roads:": lambda: store.keep_roads(town(1)),
            "patrol:P1": lambda: store.save_patrol(specimens.patrol()),
            "plan:p1": lambda: store.save_plan(specimens.plan()),
            "analysis:0123456789ab": lambda: store.save_analyses([(specimens.analysis(), empty_findings())]),
            "agreement:A-B-1": lambda: store.save_agreement(specimens.agreement(), specimens.zone()),
            "boundaries:": lambda: store.keep_redrawn(specimens.redrawn()),
        }
        for thing, change in changes.items():
            before = store.audit_head().n
            change()
            assert [one.thing for one in store.audit_lines(EVERY, after=before)] == [thing]
        assert sum(store.versions().values()) == store.audit_head().n
        assert {(one.actor, one.role, one.deed) for one in lines(store)} == {("local", "operator", Deed.CHANGED)}
        assert first_break(lines(store), store.audit_head().hash) is None

    def test_what_changes_nothing_has_none(self, store):
        store.add(load(Kind.FIRMS), specimens.firms())
        store.save_patrol(specimens.patrol())
        saved = store.save_agreement(specimens.agreement(), specimens.zone())
        before = store.audit_head()
        store.add(load(Kind.FIRMS), specimens.firms())
        store.save_patrol(specimens.patrol())
        store.release([1])
        with pytest.raises(OutdatedError):
            store.save_agreement(replace(saved, version=9), specimens.zone())
        with pytest.raises(NotFoundError):
            store.remove_agreement("nobody", 1)
        assert store.audit_head() == before

    def test_consents_given_and_taken_back_are_told(self, store):
        first, second = (Consent(party, "li", T0) for party in ("320509", "330502"))
        terms = specimens.agreement(others=())
        sides = (terms.a, terms.b)
        saved = store.save_agreement(replace(terms, consents=(first,)), specimens.zone())
        saved = store.save_agreement(replace(saved, consents=(second,)), specimens.zone())
        anew = Consent("330502", "wu", T0 + timedelta(hours=1))
        saved = store.save_agreement(replace(saved, title="Other terms", consents=(anew,)), specimens.zone())
        saved = store.save_agreement(replace(saved, stale="the line is gone"), specimens.zone())
        store.remove_agreement(saved.id, saved.version)

        def shared(party, version, *, given, by="li"):
            facts = {"party": party, "by": by, "version": version, "given": given}
            return (Deed.SHARED, "agreement:A-B-1", sides, facts)

        def changed(change, version):
            return (Deed.CHANGED, "agreement:A-B-1", sides, {"change": change, "version": version})

        assert told(store)[::-1] == [
            changed("saved", 1), shared(terms.a, 1, given=True),
            changed("saved", 2), shared(terms.a, 2, given=False), shared(terms.b, 2, given=True),
            changed("saved", 3), shared(terms.b, 3, given=True, by="wu"),
            changed("saved", 4),
            changed("removed", 5),
        ]  # fmt: skip

    def test_a_change_names_who_made_it(self, store):
        store._database.actor = Actor("li", Role.COORDINATOR, ("A",))
        try:
            store.save_plan(specimens.plan())
        finally:
            del store._database.actor
        facts = {"version": 1, "state": "draft", "event": "change", "side": "side_a"}
        assert told(store) == [(Deed.CHANGED, "plan:p1", ("A", "B"), facts)]
        assert [(one.actor, one.role, one.kind) for one in store.audit(EVERY)] == [("li", "coordinator", "plan")]
