"""What the panel says of a border: how it was found, and what is in dispute along it."""

import pandas as pd
import pytest
import shapely

from casework.territory import Border
from pages.disputed import disputed
from words import translator

LINE = shapely.LineString([(120, 30), (120, 31)])
SLIVERS = pd.DataFrame(
    {
        "a": ["e", "e", "n"],
        "b": ["w", "w", "w"],
        "kind": ["gap", "gap", "overlap"],
        "area_m2": [20_000.0, 5_000.0, 9e9],
    }
)


def said(border, lang="en", slivers=SLIVERS):
    parts = disputed(border, slivers, translator(lang)).children
    return {term.children: what.children for term, what in zip(parts[::2], parts[1::2], strict=True)}


def test_of_a_matched_border_the_tolerance_and_its_own_gaps_are_told():
    border = Border("e", "w", 1000.0, "matched", 149.2, LINE)
    assert said(border) == {
        "line": "midway between outlines that do not meet",
        "tolerance": "149 m",
        "gaps": "0.0250 km²",
    }
    assert said(border, "zh")["空隙"] == "0.0250 km²"


@pytest.mark.parametrize("slivers", [SLIVERS, SLIVERS.iloc[:0]])
def test_an_exact_border_has_none(slivers):
    assert said(Border("a", "b", 1000.0, "exact", 0.0, LINE), slivers=slivers) == {
        "line": "exact: both hold the same line",
        "disputed ground": "none",
    }
