"""Who is responsible where, and who is whose neighbour."""

from dataclasses import replace

import pytest
import shapely

from casework import territory
from casework.errors import NotFoundError
from casework.model import Kind
from casework.ports import Topic
from casework.territory import Territory
from tests.world import ISLAND, E, N, W, boundaries, load, metres


def test_jurisdictions_are_all_or_those_asked_for(desk):
    assert desk.territory.jurisdictions()["id"].tolist() == [E, N, W, ISLAND]
    assert desk.territory.jurisdictions(W, E)["id"].tolist() == [E, W]
    assert desk.territory.jurisdictions("nowhere").empty


def test_names_are_english_where_there_is_one_and_it_is_asked_for(desk):
    assert desk.territory.names("zh") == {E: "东区", N: "北区", W: "西区", ISLAND: "岛"}
    assert desk.territory.names("en") == {E: "East", N: "北区", W: "West", ISLAND: "岛"}


def test_a_corner_is_no_border(desk):
    borders = desk.territory.borders()
    assert list(zip(borders["a"], borders["b"], strict=True)) == [(E, W), (N, W)]


def test_neighbours_come_longest_border_first(desk):
    assert desk.territory.neighbours(W) == [E, N]
    assert desk.territory.neighbours(E) == [W]
    assert desk.territory.neighbours(ISLAND) == desk.territory.neighbours("nowhere") == []


def test_a_border_is_the_same_from_either_side(desk):
    border = desk.territory.border(W, E)
    assert border == desk.territory.border(E, W)
    assert (border.a, border.b, border.method, border.tolerance_m) == (E, W, "exact", 0.0)
    assert border.geometry.bounds == (120.3, 30.8, 120.3, 30.98)
    assert border.length_m == pytest.approx(float(metres(120.3, 30.8, 120.3, 30.98)), abs=1e-3)


@pytest.mark.parametrize("pair", [(E, N), (E, ISLAND), (E, "nowhere"), (E, E)])
def test_a_border_that_is_none_is_refused_by_name(desk, pair):
    a, b = sorted(pair)
    with pytest.raises(NotFoundError, match=f"^{a} and {b} share no border: choose two neighbours.$"):
        desk.territory.border(*pair)


def test_an_empty_store_has_nothing_and_says_so_without_error(empty_desk):
    territory = empty_desk.territory
    assert territory.jurisdictions().empty
    assert territory.borders().empty
    assert territory.names("en") == {}
    assert territory.neighbours(W) == []


def test_a_whole_nation_is_drawn_lighter_but_for_the_chosen_and_their_neighbours(desk, monkeypatch):
    wavy = [wave(shape) for shape in desk.territory.jurisdictions().geometry]
    frame = desk.territory.jurisdictions().set_geometry(wavy, crs=4326)
    borders = desk.territory.borders()
    borders = borders.set_geometry([shapely.segmentize(line, 0.001) for line in borders.geometry], crs=4326)
    monkeypatch.setattr(territory, "MOST_VERTICES", 50)
    drawn = Territory(Drawn(frame, borders))

    light = drawn.outlines().set_index("id").geometry
    assert light.count_coordinates().sum() < frame.geometry.count_coordinates().sum() / 4
    chosen = drawn.outlines(N).set_index("id").geometry
    whole = frame.set_index("id").geometry
    assert {one for one in chosen.index if chosen[one].equals_exact(whole[one])} == {N, W}
    assert sorted(chosen.index) == sorted(light.index)

    assert drawn.drawn_borders().geometry.count_coordinates().tolist() == [2, 2]
    near = drawn.drawn_borders(N).set_index(["a", "b"]).geometry.count_coordinates()
    assert near[E, W] == 2
    assert near[N, W] > 100


def test_a_few_outlines_are_drawn_as_they_are(desk):
    assert desk.territory.outlines().geometry.equals(desk.territory.jurisdictions().geometry)
    assert desk.territory.drawn_borders(E).geometry.equals(desk.territory.borders().geometry)


def wave(shape):
    """The shape with a hundred small steps on each edge."""
    return shapely.segmentize(shape, shape.length / 400)


class Drawn:
    """A store of nothing but outlines and borders."""

    def __init__(self, frame, borders):
        self.frame, self.lines = frame, borders

    def versions(self):
        return {Topic.JURISDICTIONS: 1}

    def jurisdictions(self, ids=None):
        return self.frame if ids is None else self.frame[self.frame["id"].isin(ids)]

    def borders(self, of=None):
        return self.lines if of is None else self.lines[(self.lines["a"] == of) | (self.lines["b"] == of)]


def test_sources_name_each_office_once_and_follow_new_outlines(desk, empty_desk):
    assert desk.territory.sources() == ("survey office",)
    other = replace(load(Kind.BOUNDARIES, "other.csv"), source="another office")
    desk.records.add(other, boundaries().iloc[:1])
    assert desk.territory.sources() == ("another office", "survey office")
    assert empty_desk.territory.sources() == ()


def test_disputed_ground_is_measured_once_for_each_version_of_the_outlines(desk, empty_desk, monkeypatch):
    assert desk.territory.slivers(E, W).empty
    apart = boundaries()
    apart = apart.set_geometry(
        [
            shapely.box(120.301, 30.8, 120.5, 30.98) if one == E else shape
            for one, shape in zip(apart["id"], apart.geometry, strict=True)
        ],
        crs=4326,
    )
    empty_desk.records.add(load(Kind.BOUNDARIES), apart)
    empty_desk.records.boundaries_changed()
    found = empty_desk.territory.slivers(W, E)
    assert found[["a", "b", "kind"]].to_numpy().tolist() == [[E, W, "gap"]]
    assert found["width_m"].iloc[0] == pytest.approx(95, abs=2)
    asked = []
    monkeypatch.setattr(territory, "slivers", lambda *frames: asked.append(frames))
    assert empty_desk.territory.slivers(E, W) is found
    assert asked == []
    assert empty_desk.territory.slivers(ISLAND) is None
    assert len(asked) == 1


def test_without_sides_nothing_is_in_dispute(desk):
    assert desk.territory.slivers().empty
    assert desk.territory.slivers("nowhere").empty
