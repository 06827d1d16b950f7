"""Checklists: those that come along, and an operator's own in their place."""

import pytest

from casework.errors import CaseError
from casework.model import Category
from exports.checklists import default_checklists, lists_for, read_checklists, title_of

OWN = """
[water]
title = { en = "Our water", zh = "我们的水" }
items = [{ en = "Look", zh = "看" }]
"""


def test_every_category_has_a_list_and_says_that_it_is_a_default():
    lists = default_checklists()
    assert {str(one) for one in Category} <= set(lists)
    assert all(one.default for one in lists.values())
    assert read_checklists(None) == lists


def test_an_operators_file_takes_the_place_of_what_it_names(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    lists = read_checklists(file)
    assert (lists["water"].default, lists["air"].default) == (False, True)
    assert title_of("water", lists, "zh") == "我们的水"
    assert [item["en"] for item in lists["water"].items] == ["Look"]


@pytest.mark.parametrize(
    ("agencies", "names"),
    [
        ((), ["general", "other"]),
        (("water", "air", "water"), ["general", "water", "air"]),
        (("unknown",), ["general", "unknown"]),
    ],
)
def test_a_stop_has_the_general_list_and_that_of_each_agency(agencies, names):
    lists = default_checklists()
    found = lists_for(agencies, lists)
    assert [name for name, _ in found] == names
    assert all(one is lists.get(name, lists["other"]) for name, one in found)


def test_an_agency_nobody_knows_keeps_its_own_word():
    assert title_of("海关", default_checklists(), "en") == "海关"


@pytest.mark.parametrize(
    "text",
    [
        "no toml",
        "water = 1",
        "[water]",
        '[water]\ntitle = "w"\nitems = [{ en = "a", zh = "b" }]',
        '[water]\ntitle = { en = "w", zh = "水" }\nitems = []',
        '[water]\ntitle = { en = "w", zh = "水" }\nitems = [{ en = "a" }]',
        '[water]\ntitle = { en = "w", zh = "" }\nitems = [{ en = "a", zh = "b" }]',
    ],
)
def test_a_file_that_is_none_is_refused_and_told_what_was_expected(tmp_path, text):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"own\.toml.*(Expected|needs)"):
        read_checklists(file)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CaseError, match="cannot be read"):
        read_checklists(tmp_path / "none.toml")
