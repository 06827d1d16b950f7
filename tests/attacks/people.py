"""The small world with people in three regions, over which an attacker of the third looks for what is not theirs."""

from contextlib import closing
from dataclasses import replace

import shapely

from callbacks.signing import Door, who
from callbacks.web import build
from casework.desk import Desk
from casework.gate import Gate
from casework.model import Kind
from casework.people import Actor, Person, Role
from casework.rules import Rules
from casework.sharing import Share
from settings import Settings
from store import open_store
from tests import world
from tests.callbacks.signed import KEY, MADE_AT, PASSWORD, passwords
from tests.outings import plan
from tests.world import IN_FORCE, SHORT, E, N, W

PEOPLE = tuple(
    Person(f"{role}-{region}", f"{role} of {region}", role, (region,), MADE_AT)
    for role in (Role.VIEWER, Role.OFFICER, Role.COORDINATOR, Role.COMMANDER, Role.AUDITOR, Role.ADMINISTRATOR)
    for region in (E, N, W)
)
# What East shares with West in the zone between them, and nothing else, and nothing with North.
SHARED = Share(E, ("water",), ())
TITLE = "Titled-by-the-parties"


def told(region, number):
    """Words that nobody but a region's own people may read."""
    return f"hidden-{region}-{number}"


def fill(store):
    """Write the world with ids, names and descriptions that say whose they are."""
    desk = Desk(store, Actor(), world.Clock(), Rules())
    desk.records.add(world.load(Kind.BOUNDARIES), world.boundaries())
    desk.records.boundaries_changed()
    desk.records.add(world.load(Kind.STATIONS), world.stations().assign(phone="hidden-phone"))
    agreement = replace(
        next(one for one in world.agreements() if one.id == IN_FORCE), memorandum="parties-only", shares=(SHARED,)
    )
    desk.agreements.save(agreement)
    for one in world.agreements():
        if one.id not in {IN_FORCE, SHORT}:
            desk.agreements.save(one)
    zone = shapely.union_all(desk.agreements.zones(IN_FORCE).geometry)
    firms, incidents = world.firms(), world.incidents()
    desk.records.add(world.load(Kind.FIRMS), firms.assign(
        name=[
            "shared" if zone.covers(at) else told(one, k)
            for k, (one, at) in enumerate(zip(firms["jurisdiction_id"], firms.geometry, strict=True))
        ]
    ))  # fmt: skip
    places = [next(k for k, square in world.SQUARES.items() if square.covers(one)) for one in incidents.geometry]
    rows = list(zip(places, incidents.geometry, incidents["category"], strict=True))
    desk.records.add(world.load(Kind.INCIDENTS), incidents.assign(
        id=[
            f"shared-{n}" if place == E and kind == "water" and zone.covers(at) else f"id-{place}-{n}-"
            for n, (place, at, kind) in enumerate(rows)
        ],
        description=[told(place, n) for n, (place, _at, _kind) in enumerate(rows)],
    ))  # fmt: skip
    kept = replace(plan(), id="p-e-w", title="parties-only", version=0, steps=())
    store.save_plan(kept)
    for person in PEOPLE:
        store.save_person(person, None, passwords().kept(PASSWORD))


class Signed:
    """One dashboard over that world, where people sign in, and the operator's desk beside it."""

    def __init__(self, operators, door_store, folder):
        clock = world.Clock()
        self.operator, self.door = Desk(operators, Actor(), clock, Rules()), door_store
        self.clock = clock
        base = Desk(door_store, Actor(), clock, Rules())
        desks = {}
        settings = Settings(database=str(folder / "work"), sign_in="on", language="en")
        gate = Gate(door_store, clock, Rules(), passwords())
        self.app = build(
            settings,
            lambda: desks[who()] if who() in desks else desks.setdefault(who(), base.of(who())),
            None,
            who,
            Door(gate, KEY),
        )
        self.store = operators
        self.browsers = {}

    def browser(self, person, *, anew=False):
        """A browser in which somebody is signed in."""
        if anew or person not in self.browsers:
            client = self.app.server.test_client()
            answer = client.post("/sign-in", data={"id": person, "password": PASSWORD})
            assert answer.status_code == 302, answer.get_data(as_text=True)
            self.browsers[person] = client
        return self.browsers[person]


def opened(url, door_url, folder):
    """The dashboard over the stores at two addresses: the operator's, and that of the program for people."""
    operators, door = open_store(url), open_store(door_url)
    return closing(operators), closing(door), Signed(operators, door, folder)
