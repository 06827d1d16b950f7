"""A small made world of two provinces, four counties and what they agreed, and everybody who may ask about it.

Counties a and b lie in province P, c and d in Q, which is named as a parent but is no row itself. Of a, c and d there is
an agreement in force, of a and c one that ended, of b and d one that only b has consented to. Each has a zone of its own,
and in each zone and outside of them lie an incident of water and one of air, and a firm, of each county and of nobody.
"""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import shapely
import sqlalchemy as sa

from casework.audit import Deed, Entry
from casework.model import Agreement, Box, Category, CrewPart, Kind, Strip
from casework.people import PERSONAL, Actor, Role
from casework.policy import Facts, Matter, Thing
from casework.ports import Topic
from casework.sharing import Consent, Field, Share
from store import schema
from tests.store import specimens
from tests.store.specimens import T0, frame, load

TODAY = date(2026, 6, 11)
COUNTIES = {"a": "P", "b": "P", "c": "Q", "d": "Q"}
OPEN, ENDED, HALF = "a-c-1", "a-c-2", "b-d-1"
PLACES = {OPEN: 120.1, ENDED: 120.3, HALF: 120.5, "": 120.7}
LAT = 30.5
REGIONS = {"a": ("a",), "b": ("b",), "c": ("c",), "P": ("P",), "Q": ("Q",), "ad": ("a", "d")}


def consents(*parties):
    return tuple(Consent(one, "local", T0) for one in parties)


def agreements():
    began = date(2026, 1, 1)
    shares = (
        Share("a", ("water",), (Field.DESCRIPTION, Field.N_OFFICERS)),
        Share("c", ("water", "air"), (Field.RISK,)),
    )
    words = {"memorandum": "No. 1", "powers": "look", "shares": shares, "others": (Strip("c", "d", 1.0, 1.0),)}
    every = (Category.WATER, Category.AIR)
    return {
        OPEN: Agreement(OPEN, "open", "a", "c", 1.0, 1.0, began, categories=every, consents=consents("a", "c", "d"), **words),
        ENDED: Agreement(
            ENDED, "ended", "a", "c", 1.0, 1.0, began, date(2026, 6, 10), categories=every, memorandum="No. 2",
            consents=consents("a", "c"),
        ),
        HALF: Agreement(HALF, "half", "b", "d", 1.0, 1.0, began, categories=every, memorandum="No. 3", consents=consents("b")),
    }  # fmt: skip


def rows():
    """County or nobody, zone or nowhere, in an order that gives each a place of its own."""
    return [(county, zone) for zone in PLACES for county in (*COUNTIES, None)]


def incidents():
    made = [(county, zone, kind) for county, zone in rows() for kind in ("water", "air")]
    return frame(
        [shapely.Point(PLACES[zone] + 0.001 * k, LAT) for k, (_, zone, _) in enumerate(made)],
        id=[f"{county}|{zone}|{kind}" for county, zone, kind in made],
        at=pd.to_datetime([T0] * len(made), utc=True).as_unit("us"),
        category=[kind for *_, kind in made],
        source=["complaint"] * len(made),
        severity=[2] * len(made),
        jurisdiction_id=[county for county, *_ in made],
        description=["black"] * len(made),
        accuracy_m=[1.0] * len(made),
        reported_jurisdiction=["x"] * len(made),
    )


def firms():
    made = rows()
    scores = {str(one): [1.0] * len(made) for one in (Field.RISK, Field.EMISSIONS, Field.HISTORY, Field.SAFETY)}
    return frame(
        [shapely.Point(PLACES[zone] + 0.001 * k, LAT) for k, (_, zone) in enumerate(made)],
        id=[f"{county}|{zone}" for county, zone in made],
        name=["firm"] * len(made),
        code=["red"] * len(made),
        jurisdiction_id=[county for county, _ in made],
        oversight=[1.0] * len(made),
        **scores,
    )


def stations():
    ids = [*COUNTIES, None]
    return frame(
        [shapely.Point(119.0, 30.0 + k) for k in range(len(ids))],
        id=[f"s-{one}" for one in ids],
        name=["station"] * len(ids),
        level=["team"] * len(ids),
        jurisdiction_id=ids,
        n_officers=[4] * len(ids),
        phone=["110"] * len(ids),
    )


def zone(agreement_id, west):
    return frame([shapely.box(west - 0.0005, LAT - 0.1, west + 0.15, LAT + 0.1)], agreement_id=[agreement_id], side=["a"],
                 jurisdiction_id=[agreement_id[0]], area_m2=[1.0])  # fmt: skip


def patrols():
    part = CrewPart("s-a", "station", "a", 2, 1.0)
    return {one: specimens.patrol(id=f"t-{one}", agreement_id=one, crew=(part,)) for one in (OPEN, ENDED, HALF)}


def plans():
    return {name: specimens.plan(id=name, a=name[0], b=name[2], steps=(), on=TODAY) for name in ("a-c", "b-d")}


def analyses():
    scopes = {"of-a": ("a",), "of-p": ("P",), "of-ad": ("a", "d"), "of-all": ()}
    return {name: specimens.analysis(id=name, a="a", b="c", scope=scope) for name, scope in scopes.items()}


@dataclass(frozen=True)
class Asker:
    """Somebody, who they are to the policy (None: unknown), and what their row says of them."""

    actor: Actor
    known: bool = True
    active: bool = True

    @property
    def policy(self):
        return self.actor if self.known and self.active else None


def askers():
    people = [Asker(Actor(f"{role}-{name}", role, regions)) for role in PERSONAL for name, regions in REGIONS.items()]
    screens = [Asker(Actor(f"device:{name}", Role.SCREEN, regions)) for name, regions in REGIONS.items()]
    gone = [
        Asker(Actor("left", Role.COMMANDER, ("a",)), active=False),
        Asker(Actor("device:revoked", Role.SCREEN, ("a",)), active=False),
        Asker(Actor("nobody", Role.COMMANDER, ("P", "Q")), known=False),
        Asker(Actor("", Role.COMMANDER, ("P", "Q")), known=False),
    ]
    return [Asker(Actor()), *people, *screens, *gone]


def fill(store):
    """Everything above, kept by the operator."""
    outlines = [shapely.box(1 + k, 1, 2 + k, 2) for k in range(5)]
    ids, parents = ["P", *COUNTIES], [None, *COUNTIES.values()]
    store.add(load(Kind.BOUNDARIES), frame(outlines, id=ids, name=ids, parent_id=parents, level=["x"] * 5))
    # Half of the rows come before the zones and half after: what lies in which is found either way.
    store.add(load(Kind.INCIDENTS), incidents().iloc[::2])
    store.add(load(Kind.FIRMS), firms().iloc[::2])
    for one in agreements().values():
        store.save_agreement(one, zone(one.id, PLACES[one.id]))
    store.add(load(Kind.INCIDENTS), incidents())
    store.add(load(Kind.FIRMS), firms())
    store.add(load(Kind.STATIONS), stations())
    for patrol in patrols().values():
        store.save_patrol(patrol)
    for plan in plans().values():
        store.save_plan(replace(plan, version=0))
    store.save_analyses([(one, specimens_findings(one)) for one in analyses().values()])
    with store._database.write(Topic.PEOPLE) as connection:
        told = [asker for asker in askers() if asker.known and not asker.actor.everywhere]
        connection.execute(sa.insert(schema.people), [person_row(one) for one in told if one.actor.role in PERSONAL])
        screens = [one for one in told if one.actor.role is Role.SCREEN]
        connection.execute(sa.insert(schema.devices), [device_row(one) for one in screens])
    store.append([entry(n, regions) for n, regions in enumerate(LINES)])


def specimens_findings(analysis):
    from casework.findings import findings_of  # noqa: PLC0415

    return findings_of([specimens.finding()])


LINES = ((), ("a",), ("c", "d"), ("P",))


def person_row(asker, **changes):
    one = asker.actor
    plain = {"id": one.id, "name": one.id, "role": str(one.role), "regions": list(one.regions), "made_at_us": 0}
    return plain | {"subject": "", "active": asker.active, "epoch": 0, "password": "$argon2$"} | changes


def device_row(asker):
    one = asker.actor
    name = one.id.removeprefix("device:")
    plain = {"id": name, "name": name, "regions": list(one.regions), "made_at_us": 0, "made_by": "local"}
    return plain | {"revoked_at_us": None if asker.active else 1, "token": f"hash of {name}"}


def entry(n, regions):
    return Entry(T0, "somebody", "viewer", Deed.SAW, f"line:{n}", regions)


def facts(store):
    return Facts(store.agreements(), TODAY, COUNTIES)


def thing_of(matter, row_id):
    """A row of the world, as the policy knows it."""
    county, where, *kind = row_id.split("|")
    return Thing(
        matter,
        () if county == "None" else (county,),
        kind[0] if kind else "",
        frozenset({where}) if where else frozenset(),
    )


def station_thing(row_id):
    county = row_id.removeprefix("s-")
    return Thing(Matter.STATION, () if county == "None" else (county,))


OF_PEOPLE = ("people", "devices", "audit")
AROUND = Box(120.0, 30.0, 121.0, 31.0)
DAYS = (date(2025, 12, 31), date(2026, 6, 10), date(2026, 6, 11))
# How many decisions the tables hold: whoever adds a case counts it here.
N_ROWS, N_PAPERS, N_PEOPLE = 6_176, 1_339, 2_256
