"""Frames to rows and back, beyond what the contract sees."""

import doctest

import pandas as pd
import pytest

from store import rows


def test_examples_in_the_docstrings():
    result = doctest.testmod(rows)
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_of_any_unit_and_zone(unit):
    column = pd.Series(pd.to_datetime(["2025-03-01 08:00+08:00"])).dt.as_unit(unit)
    assert rows.instants(column) == [1_740_787_200_000_000]


def test_text_and_numbers_may_be_missing():
    assert rows.texts(pd.Series(["a", None, 7], dtype="object")) == ["a", None, "7"]
    assert rows.texts(pd.Series(["a", None], dtype="str")) == ["a", None]
    assert rows.floats(pd.Series([1, None])) == [1.0, None]
    assert rows.floats(pd.Series([1, None], dtype="Int64")) == [1.0, None]
    assert rows.floats(pd.Series([None, None], dtype="object")) == [None, None]
