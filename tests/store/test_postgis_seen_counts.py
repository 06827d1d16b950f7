"""Incidents counted beforehand, through actors' eyes: the figures of the rows they see, and nothing of any other."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from casework.model import Category, Kind, Selection, Severity, Source
from geo.cells import LEVEL, tile_cells
from store import open_store, schema
from store.buckets import SHIFT
from store.database import Seer
from store.joined import JoinedStore
from tests.store import seen_world as world
from tests.store.postgis_database import emptied, url_of, web_url
from tests.store.specimens import ALL, EVERYWHERE, load
from tests.store.test_postgis_counts import beforehand, row_by_row, some

_N = 3_000
_SINCE, _UNTIL = (pd.Timestamp(one, tz="UTC").to_pydatetime() for one in ("1969-02-03T04:05", "1971-02-01T00:00:01"))
SELECTIONS = (
    ALL,
    Selection(_SINCE, _UNTIL),
    Selection(_SINCE, _SINCE + timedelta(days=90)),
    Selection(_SINCE, categories=(Category.WATER,)),
    Selection(categories=(Category.WATER, Category.NOISE), min_severity=Severity.SERIOUS),
    Selection(sources=(Source.COMPLAINT,), until=_UNTIL),
    Selection(jurisdictions=("a", "c")),
    Selection(jurisdictions=("c", "d"), min_severity=Severity.ORDINARY),
)
BY = ((), ("category",), ("source", "jurisdiction_id"), ("severity",), ("day",), ("jurisdiction_id", "day"))
# The day on which two agreements are in force, and the next, on which one has ended.
BEFORE, AFTER = date(2026, 6, 10), world.TODAY
EYES = {
    "own region only": ("viewer-b", AFTER),
    "partner, sharing in force": ("viewer-a", AFTER),
    "partner, one more sharing in force": ("officer-c", BEFORE),
    "partner, that sharing ended": ("officer-c", AFTER),
    "province above": ("commander-P", AFTER),
    "both sides of an agreement": ("viewer-ad", BEFORE),
    "screen": ("device:a", AFTER),
    "screen of a province": ("device:P", BEFORE),
    "auditor, who reads no rows": ("auditor-P", AFTER),
    "one who left": ("left", AFTER),
}


PLACE, FIGURES = ["lon", "lat"], ["n", "worst"]


def scattered(ids, counties, rng):
    """Incidents in the zones and around them, over years, in a few cells of the counts."""
    places = shapely.points(rng.uniform((120.05, 30.3), (120.95, 30.7), (len(ids), 2)))
    of = pd.Series(rng.choice(np.array(counties, object), len(ids)), dtype="str")
    return some(rng, ids).assign(jurisdiction_id=of).set_geometry(places, crs=4326)


@pytest.fixture(scope="module")
def filled(database, owner):
    """The operator's store with the made world, and years of incidents in it that came, changed, moved and went."""
    emptied(owner)
    rng = np.random.default_rng(17)
    ids, counties = [f"y{number}" for number in range(_N)], [*world.COUNTIES, None]
    with closing(open_store(url_of(database))) as store:
        store.add(load(Kind.INCIDENTS), scattered(ids[: _N // 2], counties, rng))
        world.fill(store)
        # What lies in two zones is shared once.
        also = replace(world.agreements()[world.OPEN], id="a-c-3", others=())
        store.save_agreement(also, world.zone(also.id, world.PLACES[world.OPEN] + 0.05))
        store.add(load(Kind.INCIDENTS), scattered(ids[_N // 3 :], counties, rng))
        store.place_incidents(dict.fromkeys(ids[:100], "a") | dict.fromkeys(ids[100:200]))
        with owner.begin() as connection:
            connection.exec_driver_sql("DELETE FROM incidents WHERE n % 9 = 0".replace("%", "%%"))
        yield store


@pytest.fixture(scope="module")
def eyes(filled, database):
    """The store through the eyes of who has an id, on a day."""
    actors = {one.actor.id: one.actor for one in world.askers()}
    with closing(open_store(web_url(database))) as door:
        yield lambda name, on=AFTER: door.seen_by(actors[name], lambda: on)


@pytest.mark.parametrize("whose", EYES)
def test_counts_are_those_of_the_rows_seen(eyes, whose):
    at = eyes(*EYES[whose])
    for selection in SELECTIONS:
        for by in BY:
            rows = [tuple(row) for row in row_by_row(at, "counted", selection, by, None)]
            assert beforehand(at, "counted", selection, by, None) == rows
    assert bool(at.count_incidents(ALL)["n"].sum()) is (whose not in list(EYES)[-2:])


def by_cell(at, made, *asked):
    """Figures of each cell."""
    rows = [tuple(row) for row in made(at, "counted_by_cell", *asked)]
    return pd.DataFrame(rows, columns=["cell", *PLACE, *FIGURES], dtype=float).set_index("cell")


@pytest.mark.parametrize("whose", EYES)
def test_cells_are_those_of_the_rows_seen(eyes, whose):
    at = eyes(*EYES[whose])
    for zoom in (0, 5, 8):
        cells = tile_cells(zoom, *(int(one * 2**zoom) for one in (120.5 / 360 + 0.5, 0.4095)))
        for selection in SELECTIONS:
            asked = selection, cells, 2 * (LEVEL - zoom - 5)
            ours, rows = (by_cell(at, made, *asked) for made in (beforehand, row_by_row))
            assert ours[FIGURES].equals(rows[FIGURES])
            if not (selection.categories or selection.min_severity > 1 or selection.sources):
                assert np.allclose(ours[PLACE], rows[PLACE], rtol=0, atol=1e-9)


def test_a_mean_is_of_all_own_and_of_what_is_chosen_of_others(eyes):
    at = eyes("viewer-a")
    chosen = {"categories": (Category.WATER,), "min_severity": Severity.SERIOUS}

    def rows(**wanted):
        return by_cell(at, row_by_row, Selection(**wanted), EVERYWHERE, SHIFT).reset_index()

    parts = pd.concat([rows(jurisdictions=("a",)), rows(**chosen, jurisdictions=("b", "c", "d"))])
    assert parts["n"].sum() > rows(jurisdictions=("a",))["n"].sum()
    weighted = parts.assign(lon=parts["lon"] * parts["n"], lat=parts["lat"] * parts["n"]).groupby("cell").sum()
    ours = by_cell(at, beforehand, Selection(**chosen), EVERYWHERE, SHIFT)
    expected = weighted.loc[ours.index]
    assert len(ours) > 0
    for name in PLACE:
        assert np.allclose(ours[name], expected[name] / expected["n"], rtol=0, atol=1e-9)


def everything(at):
    """All that an actor's connection can read of counts, past the program."""
    tables = "incident_days", "incident_cells", "incident_kinds", "incidents_of_others"
    with at._database.read() as connection:
        return {
            name: sorted(tuple(map(str, row)) for row in connection.exec_driver_sql(f"SELECT * FROM {name}"))  # noqa: S608
            for name in tables
        }


def test_what_others_have_and_do_not_share_changes_nothing_for_an_actor(eyes, filled, owner):
    at = eyes("viewer-a")
    before = everything(at)
    assert min(map(len, before.values())) > 0
    asked = [(selection, by, None) for selection in SELECTIONS for by in BY]
    figures = [beforehand(at, "counted", *one) for one in asked]
    # Of neighbours and of nobody, in the actor's own cells and days: outside of what is in force, or not of its kind.
    rng = np.random.default_rng(23)
    more = scattered([f"z{number}" for number in range(400)], ["b", None], rng)
    of_partner = scattered([f"zz{number}" for number in range(400)], ["c", "d"], rng).assign(category="soil")
    for rows in (more, of_partner):
        filled.add(load(Kind.INCIDENTS), rows)
    n_seen = row_by_row(at, "counted", ALL, (), None)
    try:
        assert everything(at) == before
        assert [beforehand(at, "counted", *one) for one in asked] == figures
        assert beforehand(at, "counted", ALL, (), None) == [tuple(row) for row in n_seen]
    finally:
        with owner.begin() as connection:
            connection.execute(sa.delete(schema.incidents).where(schema.incidents.c.id.startswith("z")))


def test_a_kinds_number_tells_nothing_of_who_has_it(filled, owner):
    """Numbered are the words of the program, before a row comes in: a new word needs a step of the schema."""
    with owner.connect() as connection:
        rows = connection.exec_driver_sql("SELECT category, source, severity, kind FROM incident_kinds").all()
    every = {(str(a), str(b), int(c)) for a in Category for b in (*Source, "") for c in Severity}
    numbered = {tuple(row[:3]): row.kind for row in rows}
    assert every <= numbered.keys()
    for with_source in (True, False):
        words = [one for one in every if bool(one[1]) is with_source]
        assert sorted(numbered[one] for one in words) == list(range(1, len(words) + 1))


def test_what_belongs_to_nobody_is_not_counted_for_who_names_nobody(filled, eyes, owner):
    asker = next(one for one in world.askers() if one.actor.id == "viewer-a")
    try:
        with owner.begin() as connection:
            row = world.person_row(asker, id="odd", regions=[""])
            connection.execute(sa.insert(schema.people), [row])
        at = eyes("viewer-a")
        at = JoinedStore(at._database.seen_by(Seer(replace(asker.actor, id="odd"), lambda: AFTER)))
        assert [one for name, one in everything(at).items() if name != "incident_kinds"] == [[], [], []]
    finally:
        with owner.begin() as connection:
            connection.execute(sa.delete(schema.people).where(schema.people.c.id == "odd"))


def test_a_condition_of_ones_own_does_not_look_at_counts_before_the_view_has(eyes):
    for name in ("incident_days", "incident_cells", "incidents_of_others"):
        peek = f"SELECT * FROM {name} WHERE 1 / CASE jurisdiction_id WHEN '{{}}' THEN 0 ELSE 1 END > 0"  # noqa: S608
        seen = "c" if name == "incidents_of_others" else "a"
        for region, told in ((seen, True), ("b", False)):
            with eyes("viewer-a")._database.read() as connection:
                if told:
                    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
                        connection.exec_driver_sql(peek.format(region))
                else:
                    assert connection.exec_driver_sql(peek.format(region)).all()
