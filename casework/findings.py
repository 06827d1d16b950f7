"""What a test for chance is asked, what it found, and in which order a decision needs that."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

import geopandas as gpd
import numpy as np
import pandas as pd

from casework.model import Category, Selection, Severity, Source

Method = Literal["permutation", "effort"]
METHODS: tuple[Method, ...] = ("permutation", "effort")
# What a finding holds beside the columns of the frame CLUSTERS.
FACTS = (
    *("expected", "statistic", "p", "q", "start_on", "end_on", "n_other", "expected_a", "expected_b"),
    *("n_zone", "expected_zone", "p_a", "p_b", "sight", "p_effort", "n_early", "n_late", "is_new"),
    *("member_ids", "by_day"),
)
_RECENT_DAYS = 7


@dataclass(frozen=True)
class Inquiry:
    """What a test looks for: circles up to `radius_m`, intervals up to `days`, among the incidents of `selection`.

    `method` "permutation" compares times with places and needs nothing else; "effort" compares with where inspections
    were. `prospective`: only what goes on at the end of the period.
    """

    method: Method = "permutation"
    radius_m: float = 3000.0
    days: int = 30
    replications: int = 999
    seed: int = 1
    prospective: bool = False
    selection: Selection = field(default_factory=Selection)

    def plain(self) -> dict[str, Any]:
        """The same in types that JSON knows."""
        told = asdict(self)
        chosen = told["selection"]
        for name in ("since", "until"):
            chosen[name] = None if chosen[name] is None else chosen[name].isoformat()
        return told

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """The inquiry that `plain` told.

        Examples
        --------
        >>> Inquiry.of(Inquiry(days=7).plain()) == Inquiry(days=7)
        True
        """
        chosen = dict(plain["selection"])
        for name in ("since", "until"):
            chosen[name] = None if chosen[name] is None else datetime.fromisoformat(chosen[name])
        selection = Selection(
            chosen["since"], chosen["until"], tuple(Category(one) for one in chosen["categories"]),
            tuple(Source(one) for one in chosen["sources"]), Severity(chosen["min_severity"]),
            tuple(chosen["jurisdictions"]),
        )  # fmt: skip
        return cls(**{**plain, "selection": selection})


@dataclass(frozen=True)
class Analysis:
    """One test of two neighbours' incidents, as it was made.

    `run` is common to those made together, and `n_zones` says how many pairs these were: findings are adjusted for
    that. `watch` marks what a wall goes by. `versions` are those of the data that was read, `first_on` to `last_on` the
    period. `by` is who asked, and `scope` the regions whose data they see; empty where that is everything.
    """

    id: str
    run: str
    a: str
    b: str
    inquiry: Inquiry
    at: datetime
    by: str
    took_s: float
    first_on: date
    last_on: date
    n_incidents: int
    n_zones: int = 1
    watch: bool = False
    versions: Mapping[str, int] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()


class Reason(StrEnum):
    """Why a finding stands where it does in the list."""

    SIGNIFICANT = "significant"
    CHANCE = "chance"
    EFFORT = "effort"
    NEW = "new"
    ONGOING = "ongoing"
    STRADDLES = "straddles"
    NEITHER = "neither"
    ONE = "one"
    GROWING = "growing"
    SERIOUS = "serious"


_WEIGHTY = (
    *(Reason.NEW, Reason.ONGOING, Reason.STRADDLES, Reason.NEITHER, Reason.ONE),
    *(Reason.GROWING, Reason.SERIOUS),
)


def empty_findings() -> gpd.GeoDataFrame:
    """A FINDINGS frame without rows: the columns of CLUSTERS and `FACTS`.

    Examples
    --------
    >>> len(empty_findings())
    0
    """
    return findings_of([])


def findings_of(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """The FINDINGS frame of rows that hold its columns, with `lon` and `lat` in degrees."""
    names = ["cluster", "n_incidents", "n_a", "n_b", "straddles", "first_at", "last_at", "radius_m", "max_severity"]
    frame = pd.DataFrame(rows, columns=[*names, *FACTS, "lon", "lat"])
    numbers = ("expected", "statistic", "p", "q", "expected_a", "expected_b", "expected_zone", "p_a", "p_b", "p_effort")
    kinds: dict[str, Any] = dict.fromkeys((*numbers, "radius_m", "lon", "lat"), "float64")
    kinds |= dict.fromkeys(("cluster", "n_incidents", "n_a", "n_b", "n_other", "n_zone", "n_early", "n_late"), "int64")
    kinds |= {"max_severity": "int64", "straddles": "bool", "is_new": "bool"}
    frame = frame.astype(kinds).astype(dict.fromkeys(("first_at", "last_at"), "datetime64[us, UTC]"))
    places = gpd.points_from_xy(frame.pop("lon"), frame.pop("lat"))
    return gpd.GeoDataFrame(frame, geometry=places, crs=4326)


def reasons(finding: Mapping[Any, Any], last_on: date, alpha: float) -> tuple[Reason, ...]:
    """What speaks for and against acting on a finding, the most weighty first.

    Parameters
    ----------
    finding
        A row of a FINDINGS frame.
    last_on
        Last day of the period that was looked at.
    alpha
        The largest q that counts as more than chance.
    """
    told = [Reason.SIGNIFICANT if finding["q"] <= alpha else Reason.CHANCE]
    ended_on = date.fromisoformat(finding["end_on"])
    asked = (
        (explained(finding, alpha), Reason.EFFORT),
        (finding["is_new"], Reason.NEW),
        (last_on - ended_on < timedelta(days=_RECENT_DAYS), Reason.ONGOING),
        (finding["straddles"], Reason.STRADDLES),
        (finding["sight"] == "neither", Reason.NEITHER),
        (finding["sight"] in {"a", "b"}, Reason.ONE),
        (finding["n_late"] > finding["n_early"], Reason.GROWING),
        (finding["max_severity"] >= Severity.SERIOUS, Reason.SERIOUS),
    )
    return (*told, *(reason for holds, reason in asked if holds))


def explained(finding: Mapping[Any, Any], alpha: float) -> bool:
    """Whether a finding vanishes once it is compared with where officers looked; False where that was not asked."""
    return not math.isnan(finding["p_effort"]) and finding["p_effort"] > alpha


def ranked(findings: gpd.GeoDataFrame, last_on: date, alpha: float) -> gpd.GeoDataFrame:
    """Findings in the order a decision needs, with a column `reasons`; equal ones by p, then by statistic.

    More than chance goes first, then what effort does not explain, what is new, what goes on, what lies across the
    line, what nobody or only one side would see alone, what grows, what is severe.
    """
    told = [reasons(row, last_on, alpha) for row in findings.to_dict("records")]
    keys = [
        (
            Reason.SIGNIFICANT not in those,
            Reason.EFFORT in those,
            *(one not in those for one in _WEIGHTY),
            p,
            -statistic,
        )
        for those, p, statistic in zip(told, findings["p"], findings["statistic"], strict=True)
    ]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    return (
        findings.assign(reasons=pd.Series(told, index=findings.index, dtype=object)).iloc[order].reset_index(drop=True)
    )
