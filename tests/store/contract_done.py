"""What each actor does in every store, compared with the policy, deed by deed."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from casework.approvals import PlanState
from casework.errors import NotFoundError, OutdatedError, RefusedError
from casework.findings import findings_of
from casework.model import Kind
from casework.people import Actor, Role
from casework.policy import Action, Matter, Thing
from casework.ports import Topic
from casework.sharing import Consent, Share
from store import schema
from store.agreements import _row
from tests.store import seen_world as world
from tests.store import specimens
from tests.store.contract_seen import Compared
from tests.store.specimens import T0, load

# Each way of writing is the same for all who are no more than their role and their region.
WRITERS = (
    "coordinator-a",
    "coordinator-b",
    "coordinator-P",
    "coordinator-Q",
    "commander-a",
    "commander-b",
    "commander-Q",
)
OTHERS = (
    "viewer-a",
    "officer-a",
    "auditor-a",
    "administrator-a",
    "administrator-P",
    "device:a",
    "left",
    "nobody",
    "local",
)


def deed(attempt, *given):
    """Whether something could be done; what refuses it says so, or has nothing there that could be changed."""
    try:
        attempt(*given)
    except (RefusedError, NotFoundError, OutdatedError):
        return False
    return True


class DoneContract:
    """Bring `filled`, the operator's store with the made world in it, and `door`, whose `seen_by` actors write through."""

    @pytest.fixture
    def askers(self, filled, door):
        """Who tries, each with their store."""
        named = [one for one in world.askers() if one.actor.id in (*WRITERS, *OTHERS)]
        assert len(named) == len(WRITERS) + len(OTHERS)
        return [
            (one, filled if one.actor.everywhere else door.seen_by(one.actor, lambda: world.TODAY)) for one in named
        ]

    def test_agreements(self, filled, askers):
        compared = Compared(world.facts(filled))
        before, zones = world.agreements()[world.HALF], world.zone(world.HALF, world.PLACES[world.HALF])

        def kept():
            return next(one for one in filled.agreements() if one.id == world.HALF)

        for asker, at in askers:
            parties = Thing(Matter.AGREEMENT, before.parties)
            changed = replace(kept(), title=asker.actor.id, consents=())
            compared.decided(asker, Action.WRITE, parties, deed(at.save_agreement, changed, zones))
            for party in before.parties:
                filled.save_agreement(replace(kept(), consents=()), zones)
                given = replace(kept(), consents=(Consent(party, asker.actor.id, T0),))
                thing = Thing(Matter.AGREEMENT, (party,))
                compared.decided(asker, Action.CONSENT, thing, deed(at.save_agreement, given, zones))
            gone = deed(at.remove_agreement, world.HALF, kept().version)
            compared.decided(asker, Action.REMOVE, parties, gone)
            if gone:
                filled.save_agreement(replace(before, version=0), zones)
        assert compared.differences == []
        assert compared.n == 4 * len(askers)

    def test_a_consent_is_to_the_very_terms(self, filled, askers):
        """Nobody changes what the other side shares under a consent that it gave to something else."""
        zones = world.zone(world.HALF, world.PLACES[world.HALF])
        at = next(at for asker, at in askers if asker.actor.id == "coordinator-b")
        mine = next(one for one in filled.agreements() if one.id == world.HALF)
        mine = filled.save_agreement(replace(mine, consents=world.consents("b", "d")), zones)
        more = replace(mine, shares=(Share("d", ("water", "air", "soil")),))
        assert not deed(at.save_agreement, more, zones)
        assert not deed(at.save_agreement, replace(mine, valid_to=None, title="more"), zones)
        assert deed(at.save_agreement, replace(mine, stale="the line is gone"), zones)
        mine = replace(mine, version=mine.version + 1)
        assert deed(at.save_agreement, replace(more, version=mine.version, consents=()), zones)
        with filled._database.read() as connection:
            told = connection.execute(
                sa.select(schema.parties).where(schema.parties.c.agreement_id == world.HALF)
            ).all()
        assert {row.jurisdiction_id: (row.categories, row.consented) for row in told} == {
            "b": (",water,air,", False), "d": (",water,air,soil,", False)
        }  # fmt: skip

    def test_what_was_removed_is_still_of_those_who_signed_it(self, filled, askers):
        """Nobody else takes its id for an agreement of their own: patrols and papers would come back with it."""
        compared = Compared(world.facts(filled))
        before, zones = world.agreements()[world.HALF], world.zone(world.HALF, world.PLACES[world.HALF])
        signed = Thing(Matter.AGREEMENT, before.parties)
        for asker, at in askers:
            self._removed(filled)
            theirs = replace(before, a=next(iter(asker.actor.regions), "b"), b="z", version=0, consents=())
            compared.decided(asker, Action.WRITE, signed, deed(at.save_agreement, theirs, zones))
            # Without a version too, which the history would refuse by itself.
            self._removed(filled)
            last = filled.agreement_history(world.HALF)[0].agreement.version
            row = _row(replace(theirs, version=last + 1))
            compared.decided(
                asker, Action.WRITE, signed, deed(self._written, at, sa.insert(schema.agreements).values(row))
            )
        self._removed(filled)
        filled.save_agreement(replace(before, version=0), zones)
        assert compared.differences == []
        assert compared.n == 2 * len(askers)

    def _removed(self, filled):
        """Have it as it was in the beginning, and take it away."""
        before = world.agreements()[world.HALF]
        kept = next((one.version for one in filled.agreements() if one.id == world.HALF), 0)
        zones = world.zone(world.HALF, world.PLACES[world.HALF])
        filled.remove_agreement(world.HALF, filled.save_agreement(replace(before, version=kept), zones).version)

    def test_an_agreement_stays_the_one_it_is(self, filled, askers):
        """One of one's own does not become what others signed and removed; nor is that put in place of another."""
        at = next(at for asker, at in askers if asker.actor.id == "commander-a")
        one = replace(world.agreements()[world.ENDED], id="a-z-1", a="a", b="z", version=0, consents=())
        saved = at.save_agreement(one, world.zone("a-z-1", 121.0))
        self._removed(filled)
        kept = schema.agreements
        try:
            assert deed(self._written, at, sa.delete(schema.zones).where(schema.zones.c.agreement_id == "a-z-1"))
            own, more = sa.update(kept).where(kept.c.id == "a-z-1"), [{"a": "b", "b": "z"}]
            own = own.values(version=saved.version + 1)
            for taken in (world.HALF, "a-z-9"):
                assert not deed(self._written, at, own.values(id=taken))
            assert deed(self._written, at, own.values(title="the same", others=more))
            # Who stands in the row alone, and in no version, has signed nothing.
            other = next(at for asker, at in askers if asker.actor.id == "commander-b")
            assert not deed(self._written, other, own.values(title="another"))
            assert deed(self._written, at, own.values(title=one.title, others=[]))
            # Its number is the one after its newest version: with any other nobody could save it again.
            for number in (0, 2):
                more = _row(replace(one, id="a-z-2", version=number))
                assert not deed(self._written, at, sa.insert(kept).values(more))
            assert world.HALF not in {found.id for found in filled.agreements()}
        finally:
            before, zones = world.agreements()[world.HALF], world.zone(world.HALF, world.PLACES[world.HALF])
            filled.save_agreement(replace(before, version=0), zones)
            at.remove_agreement(saved.id, saved.version + 1)

    def test_the_next_version_is_told_in_ones_own_name_by_who_signed_the_last(self, filled, askers):
        at, stranger = (
            next(at for asker, at in askers if asker.actor.id == who) for who in ("commander-b", "commander-a")
        )
        kept = next(one for one in filled.agreements() if one.id == world.HALF)
        zones = world.zone(world.HALF, world.PLACES[world.HALF])
        saved = at.save_agreement(replace(kept, title="by b", consents=()), zones)
        newest = filled.agreement_history(world.HALF)[0]
        assert (newest.agreement, newest.by) == (saved, "commander-b")
        rows, then = schema.agreements, schema.agreement_versions
        this, last = rows.c.id == world.HALF, then.c.version == saved.version
        with filled._database.read() as connection:
            wanted = sa.select(then).where(then.c.agreement_id == world.HALF, last)
            row = dict(connection.execute(wanted).mappings().one())

        def told(store, number=1, *, moved=0, **changes):
            """Whether a version so much later could be told, with these terms or columns, of a row that was moved on."""
            terms = row["terms"] | {"version": saved.version + number} | changes.pop("terms", {})
            made = row | {"version": saved.version + number, "terms": terms} | changes
            parties = {name: terms[name] for name in ("a", "b", "others")}
            with filled._database.write(Topic.AGREEMENTS) as connection:
                on = sa.update(rows).where(this).values(version=saved.version + moved, **(parties if moved else {}))
                connection.execute(on)
            return deed(self._written, store, sa.insert(then).values(made))

        own = {"a": "a", "b": "z", "others": []}
        for refused in (
            *(told(at, moved=1, made_by=by) for by in ("commander-d", "")),
            *(told(at, number, moved=number) for number in (2, 0, -1, -saved.version)),
            *(
                told(at, moved=1, terms=terms)
                for terms in ({"id": world.OPEN}, {"id": None}, {"version": 1}, {"version": None})
            ),
            told(stranger, moved=1, made_by="commander-a"),
            told(stranger, moved=1, made_by="commander-a", terms=own),
            told(stranger, moved=1, made_by="commander-a", terms=own, agreement_id=world.OPEN),
        ):
            assert not refused
        assert told(at, moved=1)
        assert not told(at, moved=1)
        assert told(at, 2, moved=2, terms={"a": "a", "others": [{"a": "b", "b": "d"}]})
        assert told(stranger, 3, moved=3, made_by="commander-a", terms=own)
        assert not told(at, 4, moved=4)
        for change in (sa.update(then).values(made_by="commander-b"), sa.delete(then)):
            assert not deed(self._written, at, change.where(then.c.agreement_id == world.HALF))
        with filled._database.write(Topic.AGREEMENTS) as connection:
            connection.execute(sa.delete(then).where(then.c.version > saved.version))
            connection.execute(sa.update(rows).where(this).values(_row(saved)))
        assert filled.agreement_history(world.HALF)[0] == newest

    def test_no_part_is_put_into_the_zone_of_what_was(self, filled, askers):
        at = next(at for asker, at in askers if asker.actor.id == "commander-b")
        zones, then = world.zone(world.HALF, world.PLACES[world.HALF]), schema.zone_versions
        kept = next(one for one in filled.agreements() if one.id == world.HALF)
        kept = filled.save_agreement(replace(kept, consents=()), zones)
        with filled._database.read() as connection:
            part = connection.execute(sa.select(then).where(then.c.agreement_id == world.HALF)).mappings().first()
            part = {name: value for name, value in part.items() if name != "n"}

        def put(number):
            return deed(self._written, at, sa.insert(then).values(part | {"version": number}))

        assert not put(kept.version)
        saved = at.save_agreement(replace(kept, title="by b"), zones)
        assert [put(number) for number in (kept.version, saved.version, saved.version + 1)] == [False, True, False]
        at.save_agreement(saved, zones)
        assert not put(saved.version)
        for change in (sa.update(then).values(area_m2=0.0), sa.delete(then)):
            assert not deed(self._written, at, change)

    def test_plans_and_patrols(self, filled, askers):
        compared = Compared(world.facts(filled))

        def kept(**changes):
            return filled.save_plan(replace(filled.plan("b-d"), **changes)) if changes else filled.plan("b-d")

        for asker, at in askers:
            kept(state=PlanState.PROPOSED)
            for side, to in (("b", PlanState.ACCEPTED_A), ("d", PlanState.ACCEPTED_B)):
                kept(state=PlanState.PROPOSED)
                accepted = replace(kept(), state=to)
                compared.decided(asker, Action.ACCEPT, Thing(Matter.PLAN, (side,)), self._kept(at, accepted))
                kept(state=PlanState.ACCEPTED_A if side == "d" else PlanState.ACCEPTED_B)
                forced = replace(kept(), state=PlanState.IN_FORCE)
                compared.decided(asker, Action.ACCEPT, Thing(Matter.PLAN, (side,)), self._kept(at, forced), "second")
                if not asker.actor.everywhere:
                    assert not self._kept(at, replace(kept(), state=PlanState.IN_FORCE, title="another plan"))
            kept(state=PlanState.DRAFT)
            changed = replace(kept(), title=asker.actor.id)
            compared.decided(asker, Action.WRITE, Thing(Matter.PLAN, ("b", "d")), self._kept(at, changed))
            patrol = replace(world.patrols()[world.HALF], note=asker.actor.id)
            compared.decided(asker, Action.WRITE, Thing(Matter.PATROL, ("b", "d")), deed(at.save_patrol, patrol))
        assert compared.differences == []
        assert compared.n == 6 * len(askers)

    def test_a_plan_stays_the_one_it_is(self, filled, askers):
        at, kept = next(at for asker, at in askers if asker.actor.id == "commander-b"), schema.plans
        own = sa.update(kept).where(kept.c.id == "b-d")
        filled.save_plan(replace(filled.plan("b-d"), state=PlanState.DRAFT))
        with filled._database.read() as connection:
            document = connection.scalar(sa.select(kept.c.plan).where(kept.c.id == "b-d"))
        assert deed(self._written, at, own.values(plan=document))
        for told in ("b-x", None):
            assert not deed(self._written, at, own.values(plan=document | {"id": told}))
            assert not deed(self._written, at, own.values(id="b-x", plan=document | {"id": told}))
        assert filled.plan("b-x") is None

    def _kept(self, at, plan):
        """Whether a plan could be saved; for whom it is not there, there is another one than they know."""
        return deed(at.save_plan, plan) if at.plan(plan.id) is not None else False

    def test_analyses_people_and_the_log(self, filled, askers):
        compared = Compared(world.facts(filled))
        for number, (asker, at) in enumerate(askers):
            for scope in (("a",), ("b",), ("a", "b")):
                one = specimens.analysis(id=f"{number}{''.join(scope)}", a="x", b="y", scope=scope)
                found = findings_of([specimens.finding()])
                done = deed(at.save_analyses, [(one, found)])
                compared.decided(asker, Action.WRITE, Thing(Matter.ANALYSIS, scope), done)
                new = world.Asker(Actor(f"new-{one.id}", Role.COMMANDER, scope))
                row = world.person_row(new)
                done = deed(self._written, at, sa.insert(schema.people).values(row))
                compared.decided(asker, Action.WRITE, Thing(Matter.PERSON, scope), done)
                row = world.device_row(new)
                done = deed(self._written, at, sa.insert(schema.devices).values(row))
                compared.decided(asker, Action.WRITE, Thing(Matter.DEVICE, scope), done)
            if not asker.actor.everywhere:
                king = world.person_row(world.Asker(Actor(f"king-{number}", Role.OPERATOR, ("a",))))
                assert not deed(self._written, at, sa.insert(schema.people).values(king))
            line = world.entry(f"{number} of {asker.actor.id}", ("a",))
            compared.decided(asker, Action.WRITE, Thing(Matter.LOG), deed(at.append, [line]))
        assert compared.differences == []
        assert compared.n == 10 * len(askers)

    def test_what_is_the_operators(self, filled, askers):
        """Loads, borders, roads and placing: each is refused to everybody else, and so is every change of the log."""
        compared = Compared(world.facts(filled))
        one, lines = specimens.incidents().iloc[:1], schema.audit
        for asker, at in askers:
            if asker.actor.everywhere:
                continue
            for attempt in (
                lambda at=at: at.add(load(Kind.INCIDENTS), one),
                lambda at=at: at.add(load(Kind.FIRMS), specimens.firms()),
                lambda at=at: at.add(load(Kind.BOUNDARIES), specimens.boundaries()),
                lambda at=at: at.replace_borders(specimens.borders()),
                lambda at=at: at.keep_redrawn(specimens.redrawn()),
                lambda at=at: self._written(at, sa.update(schema.incidents).values(severity=1)),
                lambda at=at: self._written(at, sa.delete(schema.incidents)),
                lambda at=at: self._written(at, sa.update(schema.parties).values(consented=True)),
            ):
                compared.decided(asker, Action.WRITE, Thing(Matter.LOADS), deed(attempt))
            for attempt in (sa.update(lines).values(actor="x"), sa.delete(lines)):
                done = deed(self._written, at, attempt)
                compared.decided(asker, Action.REMOVE, Thing(Matter.LOG), done)
        assert compared.differences == []
        assert compared.n == 10 * (len(askers) - 1)

    def _written(self, at, statement):
        with at._database.write(Topic.PEOPLE) as connection:
            connection.execute(statement)
