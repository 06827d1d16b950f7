"""Several tests in several places, adjusted together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from geo.errors import GeoError
from geo.families import across_families

PS = st.lists(st.floats(0.001, 1), min_size=1, max_size=20)


@given(PS)
def test_one_test_a_family_is_benjamini_and_hochberg(p):
    found = across_families(p, range(len(p)), len(p))
    assert found == pytest.approx(false_discovery_control(p))


@given(PS)
def test_one_family_is_left_as_it_is(p):
    assert across_families(p, np.zeros(len(p)), 1) == pytest.approx(p)


@given(PS, st.integers(1, 5))
def test_a_test_is_told_just_when_its_family_is_chosen_and_it_passes_at_that_level(p, n_families):
    family = np.arange(len(p)) % n_families
    adjusted = across_families(p, family, n_families)
    for q in (0.0333, 0.1777, 0.7111):
        least = np.sort(
            [min([one for one, of in zip(p, family, strict=True) if of == k], default=1.0) for k in range(n_families)]
        )
        chosen = max((i for i in range(1, n_families + 1) if least[i - 1] <= q * i / n_families), default=0)
        assert ((adjusted <= q) == (np.array(p) <= q * chosen / n_families)).all()


def test_families_without_a_finding_count_too():
    assert across_families([0.01], [0], 4) == pytest.approx([0.04])


@pytest.mark.parametrize(("p", "family"), [([0.1], []), ([0.1], [2]), ([0.1], [-1])])
def test_nonsense_is_refused(p, family):
    with pytest.raises(GeoError):
        across_families(p, family, 2)
