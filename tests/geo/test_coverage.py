"""Who was visited when, and who not."""

import numpy as np
import pandas as pd
import pytest

from geo.coverage import blind_spots, visit_matrix
from geo.errors import GeoError

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]


def visits(*rows):
    return pd.DataFrame(rows, columns=["place", "month"])


def test_every_visit_counts_once_and_nothing_else_does():
    rng = np.random.default_rng(2)
    places = [f"p{k}" for k in range(9)]
    made = visits(*zip(rng.choice([*places, None, "far"], 400), rng.choice([*MONTHS, "2025-12"], 400), strict=True))
    found = visit_matrix(places, MONTHS, made)
    for place in places:
        for month in MONTHS:
            assert found.loc[place, month] == ((made["place"] == place) & (made["month"] == month)).sum()
    assert list(found.index) == places
    assert list(found.columns) == MONTHS


def test_blind_is_who_was_not_visited_of_late():
    found = visit_matrix(["a", "b", "c", "d"], MONTHS, visits(("a", "2026-01"), ("b", "2026-03"), ("c", "2026-04")))
    blind = blind_spots(found, [1, 5, 5, 5], 2)
    assert blind["place"].tolist() == ["d", "a"]
    assert blind["n_months"].tolist() == [4, 3]
    assert blind["visited"].tolist() == [False, True]
    assert blind_spots(found, [1, 5, 5, 5], 1)["place"].tolist() == ["d", "b", "a"]
    assert blind_spots(found, [1, 5, 5, 5], 99)["place"].tolist() == ["d"]
    assert blind_spots(visit_matrix(["a"], [], visits()), [1], 3)["n_months"].tolist() == [0]


def test_what_does_not_fit_is_refused():
    with pytest.raises(GeoError, match=r"places \['a'\]: each once"):
        visit_matrix(["a", "a"], MONTHS, visits())
    with pytest.raises(GeoError, match="months"):
        visit_matrix(["a"], ["2026-01", "2026-01"], visits())
    matrix = visit_matrix(["a"], MONTHS, visits())
    with pytest.raises(GeoError, match="0 months"):
        blind_spots(matrix, [1], 0)
    with pytest.raises(GeoError, match="2 needs"):
        blind_spots(matrix, [1, 2], 1)
