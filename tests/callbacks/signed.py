"""People of the small world, and browsers that sign in as them."""

import shutil
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from callbacks.signing import Door, who
from callbacks.web import build
from casework.desk import Desk
from casework.gate import Gate
from casework.passwords import Passwords
from casework.people import Actor, Person, Role
from casework.rules import Rules
from settings import Settings
from store import open_store
from tests.world import NOW, Clock, E, W

MADE_AT = datetime(2026, 6, 1, tzinfo=UTC)
PASSWORD = "correct horse battery staple"  # noqa: S105  # for as long as the tests run
ADMINISTRATOR = Person("adm", "Administrator West", Role.ADMINISTRATOR, (W,), MADE_AT)
COORDINATOR = Person("li", "李 <b>", Role.COORDINATOR, (W,), MADE_AT, subject="sub-li")
EAST = Person("an", "An", Role.VIEWER, (E,), MADE_AT)
KEY = "key of the tests"


def passwords(n=0):
    """Hashes that take no time, with salts that are told apart."""
    count = iter(range(n, 1000))
    return Passwords(lambda size: next(count).to_bytes(size, "big"), PasswordHasher.from_parameters(CHEAPEST))


class Signed:
    """One dashboard over one store, where people sign in."""

    def __init__(self, desk, clock, **changes):
        store = desk._store
        self.clock = clock
        self.store = store
        self.gate = Gate(store, clock, Rules(), passwords())
        self.settings = Settings(database=store._database.name, sign_in="on", language="en", **changes)
        self.askers = []
        desks = {}

        def of_whoever_asks():
            actor = who()
            self.askers.append(actor)
            if actor not in desks:
                desks[actor] = self.operator.of(actor)
            return desks[actor]

        self.operator = Desk(store, Actor(), clock, Rules())
        self.app = build(self.settings, of_whoever_asks, who=who, door=Door(self.gate, KEY))
        self.begin_anew()

    def begin_anew(self):
        """Three people, no screen, no guess."""
        with self.store._database._engine.begin() as connection:
            for table in ("people", "devices", "attempts"):
                connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        for person in (ADMINISTRATOR, COORDINATOR, EAST):
            self.store.save_person(person, None, passwords().kept(PASSWORD))
        self.clock.at = NOW

    def browser(self, person_id=None, password=PASSWORD):
        """A browser of its own, signed in where a person is named."""
        client = self.app.server.test_client()
        if person_id:
            answer = client.post("/sign-in", data={"id": person_id, "password": password})
            assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    def screen(self, regions=(W,)):
        """A browser of a wall that has come in with its token, and the device it is."""
        device, token = self.operator.accounts.add_device("Wall West", regions)
        client = self.app.server.test_client()
        assert client.get(f"/wall?token={token}&lang=en").headers["Location"] == "/wall?lang=en"
        return client, device


def event(app, name, **values):
    """The body of an event that calls the callback function `name`; values by property, the others null."""
    key, spec = next(
        (key, spec)
        for key, spec in app.callback_map.items()
        if "callback" in spec and spec["callback"].__name__ == name
    )
    made = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in key.strip(".").split("...")]

    def filled(specs):
        return [
            {**{part: one[part] for part in ("id", "property")}, "value": values.get(f"{one['id']}.{one['property']}")}
            for one in specs
        ]

    return {
        "output": key, "outputs": made if key.startswith("..") else made[0], "inputs": filled(spec["inputs"]),
        "state": filled(spec["state"]), "changedPropIds": [],
    }  # fmt: skip


@contextmanager
def signed_over(world_file, tmp_path_factory, **changes):
    """A dashboard over a copy of the world, where people sign in."""
    clock = Clock()
    file = tmp_path_factory.mktemp("signed") / "world.sqlite"
    shutil.copy(world_file, file)
    with closing(open_store(f"sqlite:///{file}")) as store:
        yield Signed(Desk(store, Actor(), clock, Rules()), clock, **changes)


@pytest.fixture(scope="module")
def one_signed(world_file, tmp_path_factory):
    """A dashboard for a whole module."""
    with signed_over(world_file, tmp_path_factory) as made:
        yield made


@pytest.fixture
def signed(one_signed):
    """The dashboard, with its people as they were made."""
    one_signed.begin_anew()
    return one_signed
