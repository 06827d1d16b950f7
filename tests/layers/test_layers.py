"""Every layer: features a browser can read, styles MapLibre takes, addresses that change when their content may."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import mapbox_vector_tile
import pandas as pd
import pytest
import shapely

from casework import incidents
from casework.desk import DAY
from casework.errors import CaseError
from casework.model import Category, Ends, Kind, Severity, Source, Strip
from casework.ports import Topic
from casework.whatif import Added, Closed
from geo.cells import tile_xy
from geo.errors import GeoError
from layers import LAYERS, PLANNER_LAYERS, WALL_LAYERS, clusters
from layers.palette import PALETTES
from layers.scene import address, scene, start, style
from layers.view import View
from tests import world
from tests.world import EXPIRED, FUTURE, IN_FORCE, ISLAND, SHORT, E, N, W

VIEW = View(lang="en", a=E, b=W, agreement=SHORT, selected="cluster:1", since=date(2026, 5, 1))
VIEWS = {
    "picked": VIEW,
    "Chinese": VIEW.but(lang="zh", selected="incident:ew-00"),
    "no sides": View(),
    "nothing in it": VIEW.but(since=date(1900, 1, 1), until=date(1900, 1, 2)),
    "gone": VIEW.but(agreement="gone", selected="incident:gone"),
    "a station, its plan": VIEW.but(selected="station:s-w-joint", bound=True, whatif=(Closed("s-w-joint"),)),
    "a firm": VIEW.but(selected="firm:f-e-red", lang="zh"),
    "gone cluster": VIEW.but(agreement=None, selected="cluster:999999999"),
}
KINDS = {"fill", "line", "symbol", "circle"}
every = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)


def tips(desk, key, view=VIEW):
    return LAYERS[key].features(desk, view)["tip"].tolist()


@every
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("store", ["desk", "empty_desk"])
def test_features_are_in_degrees_and_a_browser_can_read_them(request, layer, view, store):
    desk = request.getfixturevalue(store)
    if store == "empty_desk" and layer.key == "draft" and view.pair:
        with pytest.raises((CaseError, GeoError)):
            layer.features(desk, view)
        return
    frame = layer.features(desk, view)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    read = json.loads(frame.to_json(drop_id=True), parse_constant=pytest.fail)
    assert len(read["features"]) == len(frame)
    if layer.tips:
        assert all(isinstance(one["properties"]["tip"], str) for one in read["features"])
        assert not any("nan" in one["properties"]["tip"].lower() for one in read["features"])


def test_jurisdictions_know_their_side_and_source(desk):
    frame = LAYERS["jurisdictions"].features(desk, VIEW).set_index("id")
    assert frame["side"].to_dict() == {E: "a", W: "b", N: "", ISLAND: ""}
    assert frame["tip"][E] == "East · survey office"
    assert set(LAYERS["jurisdictions"].features(desk, View())["side"]) == {""}


def test_names_are_in_both_languages_inside_their_own(desk):
    frame = LAYERS["names"].features(desk, VIEW).set_index("id")
    assert frame.loc[E, ["name", "other"]].tolist() == ["East", "东区"]
    assert frame.loc[N, ["name", "other"]].tolist() == ["北区", ""]
    assert all(world.SQUARES[one].contains(point) for one, point in frame.geometry.items())
    assert frame["size"].tolist() == pytest.approx([world.area_m2(world.SQUARES[one]) for one in frame.index], rel=2e-3)


def test_the_two_sides_are_named_near_their_border(desk):
    points = LAYERS["names"].features(desk, VIEW).set_index("id").geometry
    assert all(points[one].distance(world.SQUARES[E].intersection(world.SQUARES[W])) < 0.1 for one in (E, W))
    apart = LAYERS["names"].features(desk, View(a=E, b=ISLAND)).set_index("id").geometry
    assert all(world.SQUARES[one].contains(point) for one, point in apart.items())


def test_the_border_between_the_sides_is_chosen_and_measured(desk):
    frame = LAYERS["borders"].features(desk, VIEW)
    assert frame["chosen"].tolist() == [True, False]
    km = desk.territory.border(E, W).length_m / 1000
    assert frame["tip"].iloc[0] == f"East – West border: {km:.2f} km"
    # On a wall nobody chose sides: the borders policed together stand out.
    assert LAYERS["borders"].features(desk, View())["chosen"].tolist() == [True, False]
    desk.clock.at = datetime(2026, 7, 2, tzinfo=UTC)
    assert LAYERS["borders"].features(desk, View())["chosen"].tolist() == [True, True]


def test_disputed_slivers_say_between_whom_what_and_how_wide(empty_desk):
    apart = [shapely.box(120.301, 30.8, 120.5, 30.98) if one == E else world.SQUARES[one] for one in (E, N, W, ISLAND)]
    empty_desk.records.add(world.load(Kind.BOUNDARIES), world.boundaries().set_geometry(apart, crs=4326))
    empty_desk.records.boundaries_changed()
    frame = LAYERS["slivers"].features(empty_desk, VIEW)
    area_m2 = world.area_m2(shapely.box(120.3, 30.8, 120.301, 30.98))
    (tip,) = frame["tip"]
    assert tip.startswith(f"East – West · gap: neither side holds it · {area_m2 / 1e6:.2f} km² · ")
    assert tip.endswith(" m wide on average")
    assert LAYERS["slivers"].features(empty_desk, View()).empty


def test_zones_say_who_polices_what_and_whether_it_holds(desk, clock):
    frame = LAYERS["zones"].features(desk, VIEW)
    held = frame.groupby("agreement_id")["in_force"].first().to_dict()
    assert held == {IN_FORCE: True, SHORT: True, EXPIRED: False, FUTURE: False}
    area = frame.set_index(["agreement_id", "side"])["area_m2"]
    assert f"Whole border · East · {area[IN_FORCE, 'a'] / 1e6:.2f} km²" in frame["tip"].tolist()
    assert all(
        ("simulated" in tip) == (one == EXPIRED) for one, tip in zip(frame["agreement_id"], frame["tip"], strict=True)
    )
    clock.at = datetime(2026, 7, 1, tzinfo=UTC)
    later = LAYERS["zones"].features(desk, VIEW).groupby("agreement_id")["in_force"].first()
    assert later[FUTURE]


def test_a_third_partys_part_has_a_hue_and_a_name_of_its_own(desk):
    """North is the second of the three by id, and still not side B: the agreement's own pair keeps its hues."""
    three = replace(desk.agreements.get(SHORT), others=(Strip(N, W, 800.0, 500.0),), beyond=True, ends=Ends.ROUND)
    desk.agreements.save(three)
    frame = LAYERS["zones"].features(desk, VIEW)
    frame = frame[frame["agreement_id"] == SHORT].set_index("side")
    assert {"a", "b", "c", "beyond"} <= set(frame.index)
    assert "Southern stretch · East" in frame["tip"]["a"]
    assert "Southern stretch · West" in frame["tip"]["b"]
    assert "Southern stretch · 北区" in frame["tip"]["c"]
    drafted = LAYERS["draft"].features(desk, VIEW)
    assert set(drafted["side"]) == set(frame.index)
    for palette in PALETTES.values():
        for part in (*LAYERS["zones"].paint(palette), *LAYERS["draft"].paint(palette)):
            hue = part["paint"].get("fill-color", part["paint"].get("line-color"))
            assert hue is None or hue[hue.index("c") + 1] == palette.side_c


def test_a_stale_zone_says_so(desk):
    zone = desk.agreements.zones(SHORT)
    desk._store.save_agreement(replace(desk.agreements.get(SHORT), stale="no border"), zone)
    assert all("drawn by earlier boundaries" in tip for tip in tips(desk, "zones") if "Southern" in tip)


def test_zones_of_an_agreement_removed_meanwhile_are_left_out(desk, monkeypatch):
    left = tuple(one for one in desk.agreements.all() if one.id != SHORT)
    monkeypatch.setattr(desk.agreements, "all", lambda: left)
    assert SHORT not in set(LAYERS["zones"].features(desk, VIEW)["agreement_id"])


def test_the_draft_follows_the_terms_on_the_desk(desk):
    narrow = LAYERS["draft"].features(desk, VIEW.but(depth_a_m=0.0, depth_b_m=100.0))
    assert narrow["side"].tolist() == ["b"]
    assert narrow["area_m2"].iloc[0] == pytest.approx(12_000 * 100, rel=1e-2)
    assert LAYERS["draft"].features(desk, View()).empty


def test_stations_and_firms_say_what_they_are_beside_their_colour(desk):
    assert "East team · team · 4 officers" in tips(desk, "stations")
    frame = LAYERS["stations"].features(desk, VIEW).set_index("id")
    assert frame["side"].to_dict()["s-n-squad"] == ""
    assert frame["shape"].to_dict() | {} == {
        one.id: {"team": "■", "squad": "▲", "joint": "★"}[one.level] for one in world.stations().itertuples()
    }
    assert "West green · green: do not disturb · simulated" in tips(desk, "firms")
    assert set(LAYERS["firms"].features(desk, VIEW)["id"]) == {one for one in world.firms()["id"] if "-n-" not in one}


def test_stations_and_firms_without_a_jurisdiction_are_drawn_too(desk):
    stray = world.stations().iloc[:1].assign(id="stray").set_geometry(shapely.points([[110.0, 30.0]]), crs=4326)
    desk.records.add(world.load(Kind.STATIONS), stray.assign(jurisdiction_id=pd.Series([None], dtype="str")))
    frame = LAYERS["stations"].features(desk, VIEW).set_index("id")
    assert frame["side"]["stray"] == ""


def test_reach_is_one_shape_a_side(desk):
    frame = LAYERS["reach"].features(desk, VIEW)
    assert frame["side"].tolist() == ["a", "b"]
    for one, shape in zip((E, W), frame.geometry, strict=True):
        assert shape.equals(shapely.union_all(desk.stations.reach(one).geometry.to_numpy()))
    north = LAYERS["reach"].features(desk, VIEW.but(a=N))
    assert north["side"].tolist() == ["b"]


def test_a_cluster_is_a_disc_a_ring_cut_by_side_and_a_label(desk):
    frame = LAYERS["clusters"].features(desk, VIEW)
    first = frame[frame["cluster"] == 1]
    assert sorted(first["part"] + first["side"]) == ["disc", "label", "ringa", "ringb"]
    assert set(first["label"]) == {"1 · 13"}
    assert first["tip"].iloc[0] == "Cluster 1: 13 incidents, 7 + 6"
    disc = first.set_index("part").geometry["disc"]
    centre = desk.clusters.look(E, W, clusters.chosen(desk, VIEW)).geometry.iloc[0]
    corners = shapely.get_coordinates(disc.exterior)
    assert world.metres(centre.x, centre.y, *corners.T) == pytest.approx(500, abs=0.01)
    rings = first[first["part"] == "ring"].set_index("side").geometry
    assert shapely.length(rings.to_numpy()).sum() == pytest.approx(disc.exterior.length)
    assert world.SQUARES[E].buffer(1e-9).covers(rings["a"])
    one_sided = frame[frame["cluster"] == 2]
    assert sorted(one_sided["part"] + one_sided["side"]) == ["disc", "label", "ringb"]


def test_the_wall_numbers_what_is_urgent_through_all_pairs(desk, clock):
    clock.at = datetime(2026, 7, 2, tzinfo=UTC)
    frame = LAYERS["urgent"].features(desk, VIEW)
    places = frame[frame["part"] == "place"]
    assert places["label"].tolist() == ["1 · 13", "2 · 8"]
    urgent = desk.figures.board().urgent
    assert [point.wkt for point in places.geometry] == [one.cluster.geometry.iloc[0].wkt for one in urgent]


def test_what_was_picked_is_shown(desk):
    assert len(LAYERS["picked"].features(desk, VIEW)) == 13
    one = LAYERS["picked"].features(desk, VIEW.but(selected="incident:ew-00"))
    assert one["id"].tolist() == ["ew-00"]
    assert LAYERS["picked"].features(desk, VIEW.but(selected=None)).empty
    assert LAYERS["picked"].features(desk, View(selected="cluster:1")).empty


# tiles


def decoded(desk, view, tile):
    return mapbox_vector_tile.decode(
        LAYERS["incidents"].tile(desk, view, *tile), default_options={"y_coord_down": True}
    )


def positions(features):
    for one in features:
        found = one["geometry"]["coordinates"]
        yield from ([found] if one["geometry"]["type"] == "Point" else found)


@pytest.mark.parametrize("tile", [(0, 0, 0), (8, 213, 104), (12, 3416, 1674)])
def test_a_tile_holds_each_incident_where_it_is(desk, tile):
    view = View(since=date(1900, 1, 1))
    frame = world.incidents()
    x, y = tile_xy(frame.geometry.x, frame.geometry.y, *tile, 4096)
    inside = (x >= 0) & (x < 4096) & (y >= 0) & (y < 4096)
    features = decoded(desk, view, tile).get("incidents", {"features": []})["features"]
    assert sorted(map(tuple, positions(features))) == sorted(zip(x[inside], y[inside], strict=True))
    for one in features:
        assert one["properties"].keys() == {"category", "severity"}


def test_a_tile_with_too_many_shows_counts(desk, monkeypatch):
    monkeypatch.setattr(incidents, "POINTS_PER_TILE", 10)
    features = decoded(desk, View(since=date(1900, 1, 1)), (0, 0, 0))["incidents"]["features"]
    assert sum(one["properties"]["n"] for one in features) == 200
    assert all(one["properties"].keys() == {"n", "max_severity"} for one in features)


def test_a_tile_follows_the_filters_and_an_empty_one_is_no_bytes(desk):
    strict = View(since=date(1900, 1, 1), severity=Severity.CRITICAL, categories=(Category.WASTE,))
    n = desk.incidents.count(clusters.chosen(desk, strict))["n"].sum()
    assert len(list(positions(decoded(desk, strict, (0, 0, 0))["incidents"]["features"]))) == n > 0
    assert LAYERS["incidents"].tile(desk, strict, 1, 0, 0) == b""


# styles


@every
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_a_paint_is_a_part_of_a_style(layer, palette):
    for part in layer.paint(palette):
        assert part.keys() <= {"type", "filter", "layout", "paint", "minzoom", "maxzoom", "metadata"}
        assert part["type"] in KINDS
        own = "circle" if part["type"] == "circle" else part["type"]
        prefixes = {"symbol": ("text-", "icon-")}.get(own, (f"{own}-",))
        assert all(name.startswith(prefixes) for name in part.get("paint", {}))
        assert all(name.startswith((*prefixes, "symbol-")) for name in part.get("layout", {}))
        json.dumps(part, allow_nan=False)


@pytest.mark.parametrize("layers", [PLANNER_LAYERS, WALL_LAYERS], ids=["planner", "wall"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_style_has_every_layer_once_with_a_source_of_its_own(desk, layers, theme):
    told = style(layers, VIEW.but(theme=theme), desk.versions(), "http://host:1")
    ids = [one["id"] for one in told["layers"]]
    assert len(ids) == len(set(ids))
    assert list(told["sources"]) == [layer.key for layer in layers]
    assert {one.get("source") for one in told["layers"]} == {None, *told["sources"]}
    assert told["layers"][0]["paint"]["background-color"] == PALETTES[theme].ground
    for one in told["layers"][1:]:
        assert one["layout"]["visibility"] == ("visible" if LAYERS[one["source"]].is_shown(VIEW) else "none")
        assert ("source-layer" in one) == (LAYERS[one["source"]].tile is not None)
    if "incidents" in told["sources"]:
        (tiles,) = told["sources"]["incidents"]["tiles"]
        assert tiles.startswith("http://host:1/tiles/incidents/{z}/{x}/{y}.pbf?v=")
    json.dumps(told, allow_nan=False)


def test_a_layer_is_shown_as_the_view_says():
    assert not LAYERS["firms"].is_shown(View())
    assert LAYERS["firms"].is_shown(View(show=("firms",)))
    assert not LAYERS["zones"].is_shown(View(hide=("zones",)))
    assert LAYERS["picked"].is_shown(View())


# addresses

CHANGES = {
    "lang": "zh",
    "theme": "light",
    "a": N,
    "b": N,
    "agreement": IN_FORCE,
    "from_m": 10.0,
    "to_m": 20.0,
    "depth_a_m": 30.0,
    "depth_b_m": 40.0,
    "since": date(2026, 1, 1),
    "until": date(2026, 6, 1),
    "categories": (Category.AIR,),
    "sources": (Source.RANDOM,),
    "severity": Severity.SERIOUS,
    "hide": ("zones",),
    "show": ("firms",),
    "bound": True,
    "whatif": (Closed("s-w-team"), Added(120.31, 30.9, 4)),
    "selected": "cluster:2",
    "lon": 1.0,
    "lat": 2.0,
    "zoom": 3.0,
}


@every
def test_an_address_changes_when_and_only_when_a_dependency_does(desk, layer):
    versions = desk.versions()
    before = address(layer, VIEW, versions)
    assert address(layer, VIEW, dict(versions)) == before
    for topic in (*Topic, DAY):
        after = address(layer, VIEW, {**versions, topic: versions[topic] + 1})
        assert (after != before) == (topic in layer.topics)
    for name, value in CHANGES.items():
        after = address(layer, VIEW.but(**{name: value}), versions)
        assert (after != before) == (name in layer.fields)


def shown(layer, desk, view):
    if layer.tile is not None:
        return layer.tile(desk, view, 0, 0, 0)
    try:
        return layer.features(desk, view).to_json()
    except (CaseError, GeoError) as error:
        return str(error)


@every
def test_what_the_address_leaves_out_does_not_change_the_features(desk, layer):
    before = shown(layer, desk, VIEW)
    for name, value in CHANGES.items():
        if name not in layer.fields:
            assert shown(layer, desk, VIEW.but(**{name: value})) == before


def changed_incidents(desk):
    one = world.incidents().iloc[:1]
    return desk.records.add(world.load(Kind.INCIDENTS), one.assign(id="new", at=one["at"] + pd.Timedelta(hours=1)))


DEEDS = {
    "incident": changed_incidents,
    "station": lambda desk: desk.records.add(world.load(Kind.STATIONS), world.stations().iloc[:1].assign(n_officers=0)),
    "firm": lambda desk: desk.records.add(world.load(Kind.FIRMS), world.firms().iloc[:1].assign(code="green")),
    "boundary": lambda desk: desk.records.add(world.load(Kind.BOUNDARIES), world.boundaries().iloc[:1].assign(name_en="Orient")),
    "agreement": lambda desk: desk.agreements.save(replace(desk.agreements.get(SHORT), depth_a_m=900.0, title="New")),
    "patrol": lambda desk: desk.patrols.keep(
        desk.patrols.propose(E, W, clusters.chosen(desk, VIEW), 1, desk.today() + timedelta(days=1))
    ),
    "midnight": lambda desk: setattr(desk.clock, "at", datetime(2026, 7, 2, tzinfo=UTC)),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_what_changes_the_features_changes_the_address(desk, deed):
    before = {key: (address(one, VIEW, desk.versions()), shown(one, desk, VIEW)) for key, one in LAYERS.items()}
    deed(desk)
    after = {key: (address(one, VIEW, desk.versions()), shown(one, desk, VIEW)) for key, one in LAYERS.items()}
    changed = {key for key in LAYERS if after[key][1] != before[key][1]}
    assert changed
    assert changed <= {key for key in LAYERS if after[key][0] != before[key][0]}


def test_shares_are_those_of_the_board(desk):
    drawn = LAYERS["shares"].features(desk, View()).set_index("agreement_id")
    shares = desk.figures.board().zone_shares
    assert set(drawn.index) == set(shares) == {IN_FORCE, SHORT}
    for one, share in shares.items():
        assert share == pytest.approx(desk.stations.covered_share(desk.agreements.zones(one)))
        assert drawn["label"][one] == f"{share:.0%}"
        assert desk.agreements.zones(one).union_all().buffer(1e-9).contains(drawn.geometry[one])
    assert not drawn["low"].any()
    desk.records.add(world.load(Kind.STATIONS), world.stations().assign(n_officers=0))
    assert LAYERS["shares"].features(desk, View())["low"].all()


def test_planned_stations_reach_too(desk):
    plain, planned = (
        LAYERS["reach"].features(desk, VIEW.but(whatif=steps)).set_index("side").geometry
        for steps in ((), (Added(120.45, 30.82, 2),))
    )
    assert planned["b"].equals(plain["b"])
    assert planned["a"].area > plain["a"].area


def test_a_scene_tells_addresses_and_what_is_shown(desk):
    told = scene(PLANNER_LAYERS, VIEW, desk.versions())
    assert told["sources"] == {layer.key: address(layer, VIEW, desk.versions()) for layer in PLANNER_LAYERS}
    assert told["shown"]["reach"] is False
    assert set(told["tips"]) == {layer.key for layer in PLANNER_LAYERS if layer.tips}


def test_a_map_starts_where_the_view_is():
    assert start(View(lon=1.0, lat=2.0, zoom=3.0)) == ({"lon": 1.0, "lat": 2.0}, 3.0)
    assert start(View(lon=1.0))[1] == 8.0
