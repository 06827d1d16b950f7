"""Gi*: a block of large values is hot, chance is not, and what cannot be told stays empty."""

import numpy as np
import pandas as pd
import pytest
from esda.getisord import G_Local
from libpysal.graph import Graph

from geo.borders import shared_borders
from geo.errors import GeoError
from geo.hotspots import hotspots
from tests.geo.specimens import board


def test_a_hot_block_and_a_cold_one_are_told_from_the_rest():
    squares = board(12)
    borders = shared_borders(squares)
    row, column = np.divmod(np.arange(144), 12)
    values = np.random.default_rng(1).uniform(4, 6, 144)
    values[(row < 3) & (column < 3)] = 20
    values[(row > 8) & (column > 8)] = 0
    found = hotspots(squares, values, borders)
    assert "j13" in set(found["id"][found["kind"] == "hot"])
    assert set(found["id"][found["kind"] == "hot"]) <= {f"j{12 * r + c:02d}" for r in range(4) for c in range(4)}
    assert (found["p"] <= 1).all()
    assert (found["q"] >= found["p"] - 1e-12).all()
    assert found.loc[found["kind"] == "cold", "z"].lt(0).all()
    again = hotspots(squares, values, borders)
    pd.testing.assert_frame_equal(found, again)
    other = hotspots(squares, values, borders, seed=2)
    assert not np.array_equal(found["p"], other["p"])


def test_z_is_that_of_the_formula():
    """Without permutations, by their moments, as esda has them."""
    squares = board(8)
    borders = shared_borders(squares)
    values = np.random.default_rng(3).gamma(2, 3, 64)
    pairs = pd.DataFrame({"focal": borders["a"], "neighbor": borders["b"]})
    pairs = pd.concat([pairs, pairs.rename(columns={"focal": "neighbor", "neighbor": "focal"})]).assign(weight=1)
    graph = Graph.from_adjacency(pairs.sort_values(["focal", "neighbor"]))
    exact = G_Local(values, graph, transform="B", permutations=0, star=False).Zs
    assert hotspots(squares, values, borders)["z"].to_numpy() == pytest.approx(exact, abs=0.06)


def test_chance_is_not_hot():
    squares = board(12)
    values = np.random.default_rng(7).uniform(4, 6, 144)
    assert (hotspots(squares, values, shared_borders(squares))["kind"] == "").mean() > 0.97


def test_what_cannot_be_told_stays_empty():
    squares = board(3)
    borders = shared_borders(squares)
    assert hotspots(squares, np.ones(9), borders)["z"].isna().all()
    alone = hotspots(squares, np.arange(9.0), borders[(borders["a"] != "j00") & (borders["b"] != "j00")])
    assert alone.loc[0, ["z", "p", "q"]].isna().all()
    assert alone["z"].notna().sum() == 8
    star = pd.DataFrame({"a": "j00", "b": [f"j{k:02d}" for k in range(1, 9)]})
    centre = hotspots(squares, np.arange(9.0), star)
    assert centre["z"].isna().tolist() == [True] + [False] * 8  # who borders on everybody cannot differ from the whole
    assert hotspots(squares, np.arange(9.0), borders[:0])["kind"].tolist() == [""] * 9


def test_nonsense_is_refused():
    squares = board(2)
    borders = shared_borders(squares)
    for words, call in {
        "3 values for 4 jurisdictions": lambda: hotspots(squares, [1, 2, 3], borders),
        "'j01' has the value nan": lambda: hotspots(squares, [1, np.nan, 3, 4], borders),
        "permutations 0": lambda: hotspots(squares, [1, 2, 3, 4], borders, permutations=0),
        "row 0 names a jurisdiction": lambda: hotspots(squares, [1, 2, 3, 4], borders.assign(a="x")),
    }.items():
        with pytest.raises(GeoError, match=words):
            call()
