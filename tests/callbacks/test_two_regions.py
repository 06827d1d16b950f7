"""Two regions, one database, one agreement: each sees what was agreed, while it is in force and nobody has taken it back."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from callbacks.signing import Door, who
from callbacks.web import build
from casework.desk import Desk
from casework.gate import Gate
from casework.people import Actor, Person, Role
from casework.rules import Rules
from casework.sharing import Field, Share
from settings import Settings
from store import open_store
from tests import world
from tests.callbacks.signed import MADE_AT, PASSWORD, passwords
from tests.store.postgis_database import WEB, app_url, database, owner
from tests.world import IN_FORCE, SHORT, Clock, E, N, W, world_file

__all__ = ["app_url", "database", "owner", "world_file"]
PEOPLE = (
    Person("east", "East", Role.COORDINATOR, (E,), MADE_AT),
    Person("west", "West", Role.COMMANDER, (W,), MADE_AT),
    Person("north", "North", Role.VIEWER, (N,), MADE_AT),
    Person("log", "Auditor", Role.AUDITOR, (E,), MADE_AT),
)


class Regions:
    """One dashboard over one database; the operator's own way in stands beside it."""

    def __init__(self, operators, seen, folder):
        self.clock = operators.clock
        self.operator = operators
        rules = Rules()
        door = Door(Gate(seen, self.clock, rules, passwords()), "key")
        self.desk = Desk(seen, Actor(), self.clock, rules)
        desks = {}
        settings = Settings(database=str(folder / "unused.sqlite"), sign_in="on", language="en")
        self.app = build(settings, lambda: desks.setdefault(who(), self.desk.of(who())), who=who, door=door)
        for person in PEOPLE:
            operators._store.save_person(person, None, passwords().kept(PASSWORD))

    def browser(self, person_id):
        client = self.app.server.test_client()
        assert client.post("/sign-in", data={"id": person_id, "password": PASSWORD}).status_code == 302
        return client

    def incidents(self, client):
        """What a browser gets of incidents, by id."""
        answer = client.get("/map/incidents.geojson?since=2025-01-01&until=2026-06-30&lang=en")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return {one["properties"]["id"]: one["properties"] for one in answer.get_json()["features"]}

    def terms(self, **changes):
        """The one agreement with other terms, consented to by all parties as the operator says."""
        return self.operator.agreements.save(replace(self.operator.agreements.get(IN_FORCE), **changes))


@pytest.fixture(params=["file", "server"])
def regions(request, tmp_path, world_file):
    """The dashboard on either engine; on a server as the role that is bound by its rules."""
    clock = Clock()
    if request.param == "file":
        file = shutil.copy(world_file, tmp_path / "world.sqlite")
        with closing(open_store(f"sqlite:///{file}")) as store:
            desk = Desk(store, Actor(), clock, Rules())
            desk.agreements.remove(SHORT, 1)
            yield Regions(desk, store, tmp_path)
        return
    url, cluster = request.getfixturevalue("app_url"), request.getfixturevalue("database")
    with (
        closing(open_store(url)) as operators,
        closing(open_store(cluster.url("lianfang_web", WEB, "lianfang"))) as bound,
    ):
        assert bound.binds
        desk = Desk(operators, Actor(), clock, Rules())
        world.fill(desk)
        desk.agreements.remove(SHORT, 1)
        yield Regions(desk, bound, tmp_path)


def lies_in(desk, found):
    """Regions of incidents by id."""
    return {desk.incidents.get(one)["jurisdiction_id"] for one in found}


def test_each_sees_what_was_agreed_while_it_is_in_force(regions):
    east, west = regions.browser("east"), regions.browser("west")
    today = regions.operator.today()
    seen = {}
    for when, first, last in (
        ("before", today + timedelta(days=1), None),
        ("during", today, today),
        ("after", today - timedelta(days=9), today - timedelta(days=1)),
    ):
        regions.terms(valid_from=first, valid_to=last)
        seen[when] = regions.incidents(east), regions.incidents(west)
    for when in ("before", "after"):
        assert [lies_in(regions.operator, found) for found in seen[when]] == [{E}, {W}]
    own_east, own_west = seen["before"]
    of_west = seen["during"][0].keys() - own_east.keys()
    of_east = seen["during"][1].keys() - own_west.keys()
    assert (lies_in(regions.operator, of_west), lies_in(regions.operator, of_east)) == ({W}, {E})
    assert {one for one in of_west if one.startswith("ew-")} == {f"ew-{k:02}" for k in range(7, 13)}
    assert not {one for one in of_west if one.startswith("own-")}
    assert seen["after"] == seen["before"]


def test_a_word_taken_back_ends_it_at_once(regions):
    east = regions.browser("east")
    kept = regions.terms(title="Open")
    assert lies_in(regions.operator, regions.incidents(east)) == {E, W}
    regions.operator.consents.withdraw(kept.id, kept.version, W)
    assert lies_in(regions.operator, regions.incidents(east)) == {E}


def test_only_agreed_categories_are_seen_and_what_is_kept_back_is_empty(regions):
    fields = tuple(one for one in Field if one is not Field.DESCRIPTION)
    regions.terms(shares=(Share(W, ("soil",), fields),))
    found = regions.incidents(regions.browser("east"))
    of_west = [one for one in found if regions.operator.incidents.get(one)["jurisdiction_id"] == W]
    assert of_west
    assert {found[one]["category"] for one in of_west} == {"soil"}
    desk = regions.desk.of(PEOPLE[0].actor)
    told = {one: regions.operator.incidents.get(one)["description"] for one in of_west}
    assert "black water" in told.values()
    assert {desk.incidents.get(one)["description"] for one in of_west} == {None}
    assert {desk.incidents.get(one)["description"] for one in found if one not in of_west} == {None, "black water"}


def test_whoever_is_no_party_or_no_reader_sees_nothing_of_it(regions):
    regions.terms(title="Open")
    assert lies_in(regions.operator, regions.incidents(regions.browser("north"))) == {N}
    assert regions.incidents(regions.browser("log")) == {}
