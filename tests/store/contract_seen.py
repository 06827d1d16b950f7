"""What each actor sees in every store, compared with the policy, thing by thing."""

import pytest
import sqlalchemy as sa

from casework.model import Selection
from casework.policy import Action, Allow, Matter, Thing, decide, visible_fields
from geo.cells import tile_cells
from store import schema
from tests.store import seen_world as world
from tests.store.specimens import ALL

EVERYWHERE = tile_cells(0, 0, 0)
OF_INCIDENTS = ("description", "accuracy_m", "reported_jurisdiction", "source_file")
OF_FIRMS = ("risk", "emissions", "history", "safety", "oversight")


class Compared:
    """Decisions of the policy beside what a store does; `differences` names those that are not the same."""

    def __init__(self, facts):
        self.facts = facts
        self.n = 0
        self.differences = []

    def same(self, asker, what, done, expected):
        self.n += 1
        if bool(done) is not bool(expected):
            self.differences.append((asker.actor.id, what, bool(done), bool(expected)))

    def decided(self, asker, action, thing, done, what=""):
        allowed = isinstance(decide(asker.policy, action, thing, self.facts), Allow)
        self.same(asker, (action, thing, what), done, allowed)

    def rows(self, asker, frame, wanted, thing_of, fields):
        """Rows of a frame beside those there are, and their fields beside those that are shared."""
        there = frame.set_index("id")
        told = there.notna()
        for row in wanted:
            thing = thing_of(row)
            self.decided(asker, Action.SEE, thing, row in there.index, row)
            if row not in there.index:
                continue
            shared = visible_fields(asker.policy, thing, self.facts)
            for name in fields:
                value = there[name][row] if name == "n_officers" else told[name][row]
                self.same(asker, (row, name), value, name in shared)


class SeenContract:
    """Bring `filled`, the operator's store with the made world in it, and `door`, whose `seen_by` actors look through."""

    @pytest.fixture
    def eyes(self, filled, door):
        """The store through an asker's eyes; the operator has the operator's."""
        return lambda asker: filled if asker.actor.everywhere else door.seen_by(asker.actor, lambda: world.TODAY)

    def test_rows_and_their_fields(self, filled, eyes):
        compared = Compared(world.facts(filled))
        incidents, firms, stations = world.incidents()["id"], world.firms()["id"], world.stations()["id"]
        for asker in world.askers():
            at = eyes(asker)
            seen = at.incidents(ALL)
            compared.rows(asker, seen, incidents, lambda row: world.thing_of(Matter.INCIDENT, row), OF_INCIDENTS)
            # Every other way to incidents tells of the same ones.
            assert at.count_incidents(ALL)["n"].sum() == len(seen)
            assert at.incident_cells(ALL, EVERYWHERE, 20)["n"].sum() == len(seen)
            assert len(at.incident_points(ALL, EVERYWHERE)) == len(seen)
            assert len(at.incidents(ALL, world.AROUND)) == len(seen)
            assert sum(len(chunk) for chunk in at.unplaced_incidents()) == len(seen)
            assert (at.incident_span() is None) is seen.empty
            for county in world.COUNTIES:
                mine = seen["jurisdiction_id"].eq(county).sum()
                assert at.count_incidents(Selection(jurisdictions=(county,)))["n"].sum() == mine
            some = seen["id"].tolist()
            assert [row for row in incidents[::7] if at.incident(row)] == [row for row in incidents[::7] if row in some]
            seen = at.firms()
            compared.rows(asker, seen, firms, lambda row: world.thing_of(Matter.FIRM, row), OF_FIRMS)
            assert len(at.firms(box=world.AROUND)) == len(seen)
            compared.rows(asker, at.stations(), stations, world.station_thing, ("n_officers", "phone"))
        assert compared.differences == []
        assert compared.n == world.N_ROWS

    def test_papers_plans_and_what_follows(self, filled, eyes):
        compared = Compared(world.facts(filled))
        agreements, plans, analyses = world.agreements(), world.plans(), world.analyses()
        for asker in world.askers():
            at = eyes(asker)
            kept = {one.id: one for one in at.agreements()}
            history = {one.agreement.id: one.agreement for one in at.agreement_history()}
            patrols, drawn = {one.id for one in at.patrols()}, {one.id for one in at.plans()}
            for one in agreements.values():
                compared.decided(asker, Action.SEE, Thing(Matter.AGREEMENT, one.parties), one.id in kept)
                compared.decided(
                    asker, Action.SEE, Thing(Matter.AGREEMENT, one.parties), len(at.zones([one.id])), "zone"
                )
                papers = Thing(Matter.PAPERS, one.parties)
                if one.id in kept:
                    for known in (kept, history):
                        told = known[one.id]
                        compared.decided(asker, Action.SEE, papers, told.memorandum, "memorandum")
                        assert (told.powers, told.shares) == ((one.powers, one.shares) if told.memorandum else ("", ()))
                        assert (told.title, told.parties, told.consents) == (one.title, one.parties, one.consents)
                compared.decided(asker, Action.SEE, Thing(Matter.PATROL, one.parties), f"t-{one.id}" in patrols)
            for name, plan in plans.items():
                thing = Thing(Matter.PLAN, (plan.a, plan.b))
                compared.decided(asker, Action.SEE, thing, name in drawn)
                compared.decided(asker, Action.SEE, thing, at.plan(name), "one")
            for name, one in analyses.items():
                thing = Thing(Matter.ANALYSIS, one.scope)
                compared.decided(asker, Action.SEE, thing, at.analysis(name))
                compared.decided(asker, Action.SEE, thing, len(at.findings(name)), "findings")
            compared.decided(asker, Action.SEE, Thing(Matter.LOADS), len(at.loads()))
            compared.decided(asker, Action.SEE, Thing(Matter.TERRITORY), len(at.jurisdictions()))
        assert compared.differences == []
        assert compared.n == world.N_PAPERS

    def test_people_screens_and_the_log(self, filled, eyes):
        compared = Compared(world.facts(filled))
        askers = [one for one in world.askers() if one.known and not one.actor.everywhere]
        for asker in world.askers():
            people, devices, log = (self._seen(eyes(asker), schema.METADATA.tables[name]) for name in world.OF_PEOPLE)
            for one in askers:
                screen = one.actor.id.startswith("device:")
                thing = Thing(Matter.DEVICE if screen else Matter.PERSON, one.actor.regions)
                there = devices if screen else people
                compared.decided(asker, Action.SEE, thing, one.actor.id.removeprefix("device:") in there)
            for n, regions in enumerate(world.LINES):
                compared.decided(asker, Action.SEE, Thing(Matter.LOG, regions), f"line:{n}" in log)
            if not asker.actor.everywhere:
                assert {row.password for row in people.values()} | {row.token for row in devices.values()} <= {""}
        assert compared.differences == []
        assert compared.n == world.N_PEOPLE

    def _seen(self, at, table):
        with at._database.read() as connection:
            rows = connection.execute(sa.select(table)).all()
        return {row.thing if table.name == "audit" else row.id: row for row in rows}

    def test_a_zone_opens_and_closes_with_its_days_and_its_consents(self, filled, door):
        asker = next(one for one in world.askers() if one.actor.id == "viewer-a")
        days = {one: door.seen_by(asker.actor, lambda one=one: one) for one in world.DAYS}
        foreign = {
            on: sorted(set(at.incidents(ALL)["id"]) & {"c|a-c-1|water", "c|a-c-2|water"}) for on, at in days.items()
        }
        before, early, late = world.DAYS
        assert foreign == {before: [], early: ["c|a-c-1|water", "c|a-c-2|water"], late: ["c|a-c-1|water"]}
        versions = [at.versions()["incidents"] for at in days.values()]
        assert versions[0] < versions[1] < versions[2]

    def test_the_operators_store_is_the_store(self, filled, door):
        assert filled.seen_by(world.askers()[0].actor, lambda: world.TODAY) is filled
        assert door.binds
