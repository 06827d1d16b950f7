"""Clusters of a scan as plain figures for other programs."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from geo.scan import Scan


def clusters_as_dict(
    found: Scan, cases: pd.DataFrame, sites: pd.DataFrame, caveats: list[str], min_each_side: int
) -> dict[str, Any]:
    """The clusters, strongest first, and how they were found, in types that JSON knows.

    Parameters
    ----------
    found
        A scan.
    cases
        As given to it.
    sites
        Likewise; with jurisdiction_id, cases are counted per jurisdiction.
    caveats
        Sentences beside the figures.
    min_each_side
        Cases in each of two jurisdictions from which on a cluster straddles a border.
    """
    side = dict(zip(sites["id"], sites["jurisdiction_id"], strict=True)) if "jurisdiction_id" in sites else {}
    of_case = [side.get(site, "") for site in cases["site"]]
    n = cases["n"].tolist() if "n" in cases else [1] * len(cases)
    clusters = []
    for row in found.clusters.to_dict("records"):
        counts: Counter[str] = Counter()
        for member in row["case_rows"]:
            counts[of_case[member]] += n[member]
        del counts[""]
        clusters.append(
            {
                "cluster": row["cluster"],
                "centre": [row["x"], row["y"]],
                "radius_m": row["radius_m"],
                "start": _day(row["start_on"]),
                "end": _day(row["end_on"]),
                "observed": row["observed"],
                "expected": row["expected"],
                "statistic": row["statistic"],
                "p": row["p"],
                "p_gumbel": _told(row["p_gumbel"]),
                "recurrence_days": _told(row["recurrence_days"]),
                "straddles": sum(count >= min_each_side for count in counts.values()) > 1,
                "by_jurisdiction": dict(sorted(counts.items())),
                "locations": [str(site) for site in row["site_ids"]],
            }
        )
    return {
        "clusters": clusters,
        "model": found.settings.model,
        "prospective": found.settings.prospective,
        "seed": found.settings.seed,
        "replications": found.replications,
        "n_incidents": found.n_cases,
        "caveats": caveats,
    }


def _day(moment: Any) -> str | int:
    """A day as text, a generic number as it is."""
    return int(moment) if isinstance(moment, int | np.integer) else f"{pd.Timestamp(moment):%Y-%m-%d}"


def _told(value: float) -> float | None:
    """A figure, None where there is none."""
    return None if np.isnan(value) else value
