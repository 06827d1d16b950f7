"""Several tests in each of several places: what stays when all the places are looked at together."""

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.shifts import Floats


def across_families(p: npt.ArrayLike, family: npt.ArrayLike, n_families: int) -> Floats:
    """Every p adjusted for the number of families that were tested, such as zones, each with several clusters.

    A family stands for its least p. Families are chosen as Benjamini and Hochberg do, and what is in a chosen one is
    tested at the level they were chosen at; a family with one test gets exactly their q.

    Parameters
    ----------
    p
        One p per test, 0 to 1, adjusted within its family already, as the p of a scan's clusters are.
    family
        The family of each test: whole numbers from 0 up, below `n_families`.
    n_families
        How many were tested, those without any finding too.

    Raises
    ------
    GeoError
        When there is no family for each p, or a family is out of range.

    References
    ----------
    Benjamini, Hochberg (1995); Benjamini, Bogomolov (2014), Selective inference on multiple families of hypotheses.

    Examples
    --------
    >>> across_families([0.01, 0.04, 0.03, 0.02], [0, 1, 2, 2], 3)
    array([0.03, 0.04, 0.04, 0.03])
    >>> across_families([], [], 4)
    array([], dtype=float64)
    """
    given, of = np.asarray(p, dtype=float), np.asarray(family, dtype=np.int64)
    if given.shape != of.shape:
        raise GeoError(f"{given.size} p and {of.size} families: one of each was expected")
    if of.size and not 0 <= of.min() <= of.max() < n_families:
        raise GeoError(f"families {of.min()} to {of.max()}: numbers from 0 and below {n_families} were expected")
    least = np.ones(n_families)
    np.minimum.at(least, of, given)
    order = np.sort(least)
    # With the first i families chosen, level q is i / n of what each test may use.
    levels = np.maximum(given[:, None], order[None, :]) * n_families / np.arange(1, n_families + 1)
    return np.asarray(np.minimum(levels.min(axis=1, initial=1.0), 1.0))
