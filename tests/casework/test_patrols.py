"""Joint patrols: what the law asks of them, who goes, and that a refusal changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from casework.desk import Desk
from casework.errors import NotFoundError, RefusedError
from casework.model import CrewPart, Kind, PatrolState, Selection
from casework.people import Actor
from casework.ports import Topic
from casework.rules import Rules
from tests import world
from tests.geo.road_towns import streets_of
from tests.world import EXPIRED, FUTURE, IN_FORCE, NEWEST, SHORT, STRADDLING, TODAY, E, N, W, metres

RECENT = Selection(since=NEWEST - timedelta(days=30))
TOMORROW = TODAY + timedelta(days=1)


def propose(desk, on=TOMORROW, cluster=1, pair=(E, W)):
    return desk.patrols.propose(*pair, RECENT, cluster, on)


def man(desk, station_id, n_officers, **more):
    frame = world.stations().query("id == @station_id").assign(n_officers=n_officers, **more)
    desk.records.add(world.load(Kind.STATIONS, "roster.csv"), frame)


def state(desk):
    return desk._store.versions(), desk.patrols.all()


def test_a_proposal_is_lawful_and_the_nearest_of_each_side_go(desk):
    patrol = propose(desk)
    assert (patrol.agreement_id, patrol.on, patrol.state) == (IN_FORCE, TOMORROW, PatrolState.DRAFT)
    assert [part.jurisdiction_id for part in patrol.crew] == [E, W]
    # The joint station stands in West, but an officer of East's agency sits there too.
    assert [part.station_name for part in patrol.crew] == ["Joint station", "West squad"]
    assert patrol.n_officers >= 2
    for part in patrol.crew:
        station = world.stations().set_index("id").loc[part.station_id]
        assert 1 <= part.n_officers <= station["n_officers"]
        away = metres(station.geometry.x, station.geometry.y, patrol.lon, patrol.lat)
        assert part.travel_min == pytest.approx(float(away) / 1000 / 40 * 60)
    assert patrol.start_after_min == max(part.travel_min for part in patrol.crew)
    zone = desk.agreements.zones(patrol.agreement_id).union_all()
    assert zone.distance(shapely.Point(patrol.lon, patrol.lat)) < 1e-9
    assert patrol.created_at == world.NOW


def test_order_of_the_sides_does_not_matter(desk):
    one, other = propose(desk), propose(desk, pair=(W, E))
    assert replace(one, id=other.id) == other
    assert one.id != other.id


def test_firms_beside_are_red_before_yellow_near_before_far_and_never_green(desk):
    assert propose(desk).firm_ids == ("f-w-red", "f-e-red", "f-w-yellow")
    cluster = desk.clusters.get(E, W, RECENT, 1)
    firms = world.firms()
    away = metres(firms.geometry.x, firms.geometry.y, cluster.geometry.x.iloc[0], cluster.geometry.y.iloc[0])
    beside = firms[(away <= cluster["radius_m"].iloc[0]) & (firms["code"] != "green")]
    assert set(propose(desk).firm_ids) == set(beside["id"])


def test_at_most_five_firms_and_none_where_there_is_none(desk, empty_desk):
    one = world.firms().query("id == 'f-w-red'")
    for k in range(7):
        desk.records.add(world.load(Kind.FIRMS, f"{k}.csv"), one.assign(id=f"more-{k}"))
    assert len(propose(desk).firm_ids) == 5
    nothing = shapely.Point(*STRADDLING)
    assert empty_desk.patrols._firms_beside(E, W, nothing, 1000.0) == ()


def test_the_stations_already_chosen_send_more_when_more_are_asked_for(desk):
    strict = Desk(desk._store, Actor(), desk.clock, Rules(min_officers=5))
    patrol = propose(strict)
    assert patrol.n_officers == 5
    assert {part.jurisdiction_id for part in patrol.crew} == {E, W}
    roster = world.stations().set_index("id")["n_officers"]
    sent = {}
    for part in patrol.crew:
        sent[part.station_id] = sent.get(part.station_id, 0) + part.n_officers
    assert all(n <= roster[station] for station, n in sent.items())


@pytest.mark.parametrize("pair", [(N, W), (W, N)])
@pytest.mark.parametrize("on", [TODAY, date(2026, 6, 30)])
def test_no_patrol_without_an_agreement_in_force_that_day(desk, pair, on):
    with pytest.raises(RefusedError, match=f"^No agreement between the two is in force on {on}: choose another day"):
        propose(desk, on, pair=pair)


def test_the_day_of_the_patrol_decides_which_agreement_is_in_force(desk):
    man(desk, "s-n-squad", 3)
    assert propose(desk, date(2026, 7, 1), pair=(N, W)).agreement_id == FUTURE


def test_no_patrol_on_a_day_that_is_over(desk, clock):
    assert propose(desk, TODAY).on == TODAY
    with pytest.raises(RefusedError, match=r"^The day 2026-06-10 is over: choose today or a later day.$"):
        propose(desk, TODAY - timedelta(days=1))
    clock.at = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)
    with pytest.raises(RefusedError, match="2026-06-11 is over"):
        propose(desk, TODAY)


def test_no_patrol_far_outside_the_zone(desk):
    centre = desk.clusters.get(E, W, RECENT, 2).geometry.iloc[0]
    zones = desk.agreements.zones(IN_FORCE, SHORT).union_all()
    near = shapely.ops.nearest_points(zones, centre)[0]
    km = float(metres(centre.x, centre.y, near.x, near.y)) / 1000
    with pytest.raises(RefusedError, match=f"^The cluster lies {km:.1f} km outside the zone: officers may not cross"):
        propose(desk, cluster=2)


def test_of_two_agreements_the_nearer_zone_is_the_place(desk):
    """The short agreement's East part is deeper: a cluster in it is nearer to that zone than to the other."""
    rows = world.incidents().iloc[:8]
    lon = 120.3 + 1500 / 95_600
    east = rows.assign(id=[f"deep-{k}" for k in range(8)])
    east = east.set_geometry(shapely.points(lon + 0.0001 * np.arange(8), 30.85), crs=4326)
    desk.records.add(world.load(Kind.INCIDENTS, "deep.csv"), east)
    found = desk.clusters.look(E, W, RECENT)
    number = int(found.loc[found.geometry.y < 30.855, "cluster"].iloc[0])
    assert propose(desk, cluster=number).agreement_id == SHORT
    desk.agreements.remove(SHORT, 1)
    with pytest.raises(RefusedError, match=r"The cluster lies 0.5 km outside the zone"):
        propose(desk, cluster=number)


def test_what_may_be_proposed_outside_the_zone_also_counts_as_planned(desk):
    """A zone on the West side only, 300 m deep: the place to meet is on its edge, within the cluster's radius."""
    one_sided = replace(desk.agreements.get(IN_FORCE), depth_a_m=0.0, depth_b_m=50.0)
    desk.agreements.save(one_sided)
    desk.agreements.remove(SHORT, 1)
    patrol = propose(desk)
    assert desk.clusters.holds(desk.clusters.get(E, W, RECENT, 1), [(patrol.lon, patrol.lat)])
    desk.patrols.keep(patrol)
    assert desk.figures.board().urgent == ()


def test_a_side_without_officers_is_named_with_what_would_help(desk):
    man(desk, "s-e-team", 0)
    sentence = "^No station of 东区 has an officer, and a joint patrol needs one from each side: assign one to a station of 东区"
    man(desk, "s-w-joint", 0)
    with pytest.raises(RefusedError, match=sentence):
        propose(desk)


def test_a_joint_station_stands_for_both_sides_if_it_has_an_officer_for_each(desk):
    for station in ("s-e-team", "s-w-squad", "s-w-team"):
        man(desk, station, 0)
    assert {part.station_id for part in propose(desk).crew} == {"s-w-joint"}
    assert propose(desk).n_officers == 2
    man(desk, "s-w-joint", 1)
    with pytest.raises(RefusedError, match=r"^Only Joint station can serve both sides, and it has 1 officer: "):
        propose(desk)


def test_too_few_officers_in_all_are_refused_with_both_numbers(desk):
    many = Desk(desk._store, Actor(), desk.clock, Rules(min_officers=40))
    with pytest.raises(RefusedError, match=r"^The stations of both sides have 13 officers and 40 are required on site"):
        propose(many)


def test_a_cluster_that_is_not_there_is_refused(desk):
    with pytest.raises(NotFoundError, match="There is no cluster 9"):
        propose(desk, cluster=9)


def test_a_refusal_keeps_nothing(desk):
    before = state(desk)
    for call in ({"on": TODAY - timedelta(days=1)}, {"cluster": 2}, {"cluster": 9}, {"pair": (N, W)}):
        with pytest.raises((RefusedError, NotFoundError)):
            propose(desk, **call)
    propose(desk)
    assert state(desk) == before


def test_kept_patrols_come_newest_day_first_and_survive_reopening(desk, world_copy, clock):
    days = [TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=3)]
    patrols = [propose(desk, on) for on in days]
    for one in patrols:
        desk.patrols.keep(one)
    assert [one.on for one in desk.patrols.all()] == sorted(days, reverse=True)
    assert set(desk.patrols.open()) == set(patrols)
    again = world.open_desk(world_copy, clock)
    assert again.patrols.all() == desk.patrols.all()
    again._store.close()


def test_keeping_the_same_plan_twice_is_keeping_it_once(desk):
    one = propose(desk)
    desk.patrols.keep(one)
    after = state(desk)
    desk.patrols.keep(one)
    desk.patrols.keep(propose(desk))
    assert state(desk) == after
    desk.patrols.cancel(one.id)
    desk.patrols.keep(propose(desk))
    assert len(desk.patrols.all()) == 2
    assert len(desk.patrols.open()) == 1


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"crew": ()}, RefusedError, "needs 2 officers on site, at least one from each side: propose it again"),
        ({"crew": (CrewPart("s", "S", E, 5, 1.0),)}, RefusedError, "needs 2 officers on site"),
        (
            {"crew": (CrewPart("s", "S", E, 5, 1.0), CrewPart("t", "T", W, 0, 1.0))},
            RefusedError,
            "at least one from each side",
        ),
        (
            {"crew": (CrewPart("s", "S", E, 1, 1.0), CrewPart("t", "T", N, 1, 1.0))},
            RefusedError,
            "at least one from each side",
        ),
        ({"on": TODAY - timedelta(days=1)}, RefusedError, "is over"),
        ({"agreement_id": EXPIRED}, RefusedError, "No agreement between the two is in force on 2026-06-12"),
        ({"agreement_id": FUTURE}, RefusedError, "No agreement between the two is in force on 2026-06-12"),
        ({"agreement_id": "gone"}, NotFoundError, "There is no agreement gone."),
        ({"lon": 120.32}, RefusedError, "The place to meet lies outside the zone"),
    ],
)
def test_an_unlawful_patrol_is_not_kept_whoever_drew_it_up(desk, changes, error, sentence):
    patrol, before = propose(desk), state(desk)
    with pytest.raises(error, match=sentence):
        desk.patrols.keep(replace(patrol, **changes))
    assert state(desk) == before


def test_a_cancelled_patrol_stays_on_record_and_can_be_cancelled_again(desk):
    patrol = propose(desk)
    desk.patrols.keep(patrol)
    desk.patrols.cancel(patrol.id)
    assert desk.patrols.open() == ()
    assert desk.patrols.all() == (replace(patrol, state=PatrolState.CANCELLED),)
    after = state(desk)
    desk.patrols.cancel(patrol.id)
    assert state(desk) == after
    with pytest.raises(NotFoundError, match=r"^There is no patrol gone.$"):
        desk.patrols.cancel("gone")
    assert desk._store.versions()[Topic.PATROLS] == 2


def test_a_patrol_is_open_until_its_day_is_over(desk, clock):
    desk.patrols.keep(propose(desk, TODAY))
    clock.at = datetime(2026, 6, 11, 15, 59, tzinfo=UTC)
    assert len(desk.patrols.open()) == 1
    clock.at = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)
    assert desk.patrols.open() == ()
    assert len(desk.patrols.all()) == 1


def test_a_patrol_whose_agreement_is_gone_or_ends_before_is_not_open(desk):
    desk.patrols.keep(propose(desk))
    ending = replace(desk.agreements.get(IN_FORCE), valid_to=TODAY)
    kept = desk.agreements.save(ending)
    assert desk.patrols.open() == ()
    desk.agreements.save(replace(kept, valid_to=TOMORROW))
    assert len(desk.patrols.open()) == 1
    desk.agreements.remove(IN_FORCE, 3)
    assert desk.patrols.open() == ()
    assert len(desk.patrols.all()) == 1


def test_an_empty_store_has_no_patrol(empty_desk):
    assert empty_desk.patrols.all() == empty_desk.patrols.open() == ()
    with pytest.raises(NotFoundError, match="There is no cluster 1"):
        empty_desk.patrols.propose(E, W, Selection(), 1, TOMORROW)


def test_where_no_road_leads_nobody_is_proposed(desk):
    desk._store.keep_roads(streets_of([[10.0, 47.0], [10.1, 47.0]], [[0, 1]]))
    with pytest.raises(RefusedError, match=r"^No road leads from the stations of one side to the place"):
        propose(desk)
