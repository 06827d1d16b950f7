"""What the desk of somebody who signed in refuses, with reasons, before the database would."""

from dataclasses import replace
from datetime import timedelta

import geopandas as gpd
import pytest
import sqlalchemy as sa

from casework.approvals import Event, PlanState, Step
from casework.approvals import Role as Side
from casework.audit import Deed, Sought
from casework.by_leave import ByLeave
from casework.errors import BusyError, NotFoundError, RefusedError
from casework.model import Kind
from casework.people import Actor, Role
from casework.policy import REFUSALS
from casework.ports import Topic
from store import schema
from tests.store import specimens
from tests.world import IN_FORCE, NOW, TODAY, E, W, load

ROLES = (Role.VIEWER, Role.COORDINATOR, Role.COMMANDER)


@pytest.fixture
def seats(desk):
    """The desks of a viewer, a coordinator and a commander of East, and of a commander of North."""
    people = [Actor(f"{role}-e", role, (E,)) for role in ROLES] + [Actor("n", Role.COMMANDER, ("n",))]
    rows = [
        {"id": one.id, "name": "", "role": str(one.role), "regions": list(one.regions), "made_at_us": 0}
        | {"subject": "", "active": True, "epoch": 0, "password": ""}
        for one in people
    ]
    with desk._store._database.write(Topic.PEOPLE) as connection:
        connection.execute(sa.insert(schema.people), rows)
    return [desk.of(one) for one in people]


def refused(attempt, why):
    with pytest.raises(RefusedError) as told:
        attempt()
    assert told.value.message == REFUSALS[why].reason


def test_agreements_are_for_coordinators_of_their_parties(desk, seats):
    viewer, coordinator, commander, stranger = seats
    one = desk.agreements.get(IN_FORCE)
    refused(lambda: viewer.agreements.save(replace(one, title="x")), "writer")
    refused(lambda: viewer.agreements.remove(IN_FORCE, 1), "writer")
    refused(lambda: stranger.agreements.save(replace(one, title="x")), "not_party")
    refused(lambda: stranger.agreements.remove(IN_FORCE, 1), "not_party")
    saved = coordinator.agreements.save(replace(one, title="x"))
    assert saved.consents == ()
    saved = commander.agreements.save(replace(saved, title="y"))
    assert [(one.party, one.by) for one in saved.consents] == [(E, "commander-e")]
    store = commander._store
    theirs = replace(saved, consents=(*saved.consents, replace(saved.consents[0], party=W)))
    refused(lambda: store.save_agreement(theirs, desk.agreements.zones(IN_FORCE)), "commander")
    zone = desk.agreements.zones(IN_FORCE)
    commander.agreements.remove(IN_FORCE, saved.version)
    # What was removed is still of those who signed it: its patrols and papers would come back with it.
    refused(lambda: stranger._store.save_agreement(replace(one, a="n", version=0, consents=()), zone), "not_party")
    with pytest.raises(NotFoundError):
        store.remove_agreement(IN_FORCE, 1)


def test_plans_step_by_who_speaks_for_the_side(desk, seats):
    viewer, coordinator, commander, stranger = (one._store for one in seats)
    plan = specimens.plan(a=E, b=W, steps=(), on=TODAY + timedelta(days=1))
    refused(lambda: viewer.save_plan(plan), "writer")
    refused(lambda: stranger.save_plan(plan), "not_party")
    plan = replace(coordinator.save_plan(plan), state=PlanState.PROPOSED)
    asked = Step(Event.PROPOSE, Side.SIDE_A, "x", NOW, PlanState.PROPOSED)
    plan = coordinator.save_plan(replace(plan, steps=(asked,)))
    agreed = Step(Event.ACCEPT, Side.SIDE_A, "x", NOW, PlanState.ACCEPTED_A)
    accepted = replace(plan, state=PlanState.ACCEPTED_A, steps=(asked, agreed))
    refused(lambda: coordinator.save_plan(accepted), "commander")
    other = replace(accepted, steps=(asked, replace(agreed, role=Side.SIDE_B)))
    refused(lambda: commander.save_plan(other), "commander")
    assert commander.save_plan(accepted).state is PlanState.ACCEPTED_A


def test_patrols_analyses_and_loads(desk, seats):
    viewer, coordinator, _, stranger = seats
    patrol = specimens.patrol(agreement_id=IN_FORCE)
    refused(lambda: viewer._store.save_patrol(patrol), "writer")
    refused(lambda: stranger._store.save_patrol(patrol), "not_party")
    refused(lambda: coordinator._store.save_patrol(replace(patrol, agreement_id="gone")), "not_party")
    coordinator._store.save_patrol(patrol)
    assert viewer.patrols.all() == coordinator.patrols.all() == (patrol,)
    assert stranger.patrols.all() == ()
    refused(lambda: viewer.analyses.run([(E, W)], viewer.analyses.inquiry(prospective=False)), "writer")
    one = specimens.analysis(scope=("n",))
    refused(lambda: coordinator._store.save_analyses([(one, gpd.GeoDataFrame())]), "scope")
    stranger._store.save_analyses([])
    for attempt in (
        lambda: coordinator._store.add(load(Kind.FIRMS), desk._store.firms()),
        lambda: coordinator._store.replace_borders(desk._store.borders()),
        lambda: coordinator._store.release([1]),
    ):
        refused(attempt, "operator")


def test_the_operators_desk_asks_nobody(desk, seats):
    assert not isinstance(desk._store, ByLeave)
    assert isinstance(seats[0]._store, ByLeave)
    assert desk.of(Actor())._store is desk._store
    assert seats[0].territory is desk.territory


def test_what_was_refused_stands_in_the_log_and_does_not_wait_for_it(desk, seats, monkeypatch):
    viewer = seats[0]
    refused(lambda: viewer.agreements.remove(IN_FORCE, 1), "writer")
    (line,) = desk._store.audit(Sought(deeds=(Deed.REFUSED,)))
    assert (line.actor, line.thing, line.regions) == ("viewer-e", "agreement", (E, W))

    def busy(*_any):
        raise BusyError("Somebody else is writing.")

    monkeypatch.setattr(viewer.log, "refused", busy)
    refused(lambda: viewer.agreements.remove(IN_FORCE, 1), "writer")
