"""Weighted draws from tables of words."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.object_]


def draw(rng: np.random.Generator, weights: Mapping[str, float], n: int) -> Words:
    """`n` words, each as often as its weight says."""
    share = np.array(list(weights.values()), dtype=float)
    return np.array(list(weights), dtype=object)[rng.choice(len(share), n, p=share / share.sum())]


def draw_each(rng: np.random.Generator, tables: Mapping[str, Mapping[str, float]], keys: Words) -> Words:
    """One word for each of `keys`, from the table the key names."""
    words = np.empty(len(keys), dtype=object)
    for key, weights in tables.items():
        chosen = keys == key
        words[chosen] = draw(rng, weights, int(chosen.sum()))
    return words
