"""What an agreement says, in the form the engine reads: one row a strip."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casework.model import Agreement


def terms_frame(*agreements: Agreement) -> pd.DataFrame:
    """AGREEMENTS frame of `agreements`: one row a strip, those of one agreement under one id, its own strip first.

    Examples
    --------
    >>> from datetime import date
    >>> from casework.model import Strip
    >>> memo = Agreement("m", "", "e", "w", 1000, 500, date(2026, 1, 1), others=(Strip("n", "w", 1000, 500, 0, 4000),))
    >>> terms_frame(memo)[["id", "a", "b", "to_m", "ends", "beyond"]].values.tolist()
    [['m', 'e', 'w', nan, 'flat', False], ['m', 'n', 'w', 4000.0, 'flat', False]]
    >>> len(terms_frame())
    0
    """
    rows: list[Mapping[str, Any]] = [
        {
            "id": agreement.id,
            "a": strip.a,
            "b": strip.b,
            "depth_a_m": strip.depth_a_m,
            "depth_b_m": strip.depth_b_m,
            "from_m": strip.from_m,
            "to_m": strip.to_m,
            "ends": str(agreement.ends),
            "beyond": agreement.beyond,
        }
        for agreement in agreements
        for strip in agreement.strips
    ]
    types = dict.fromkeys(("id", "a", "b", "ends"), "str") | {"beyond": "bool"}
    metres = dict.fromkeys(("depth_a_m", "depth_b_m", "from_m", "to_m"), "float64")
    columns = ["id", "a", "b", *metres, "ends", "beyond"]
    return pd.DataFrame(rows, columns=columns).astype(types | metres)
