"""One border's incidents, tested for chance: what was found, with what each side alone would have found."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.errors import RefusedError
from casework.findings import Inquiry, empty_findings, findings_of
from casework.model import Source
from geo.scan import Scan, scan
from geo.scan_centres import along_borders
from geo.scan_incidents import incident_cases, visits_effort
from geo.scan_settings import ScanSettings
from geo.scan_sides import border_view, seen_again
from geo.scan_study import Against
from geo.shifts import Floats

# Found because an officer went there; the others would have come to notice anyway.
VISITS = (Source.INSPECTION, Source.RANDOM)
_SHARE_OF_VISITS = 0.5
_MOST_FOUND = 20
_STEPS = 3
_STEP_M = 500.0

Progress = Callable[[float], None]
Cancel = Callable[[], bool]


@dataclass(frozen=True)
class Border:
    """What is tested together: two neighbours, their incidents of the period, its days, and the ground they agreed on.

    `line` is their shared border: circles are about points along it too. Empty where they share none.
    """

    a: str
    b: str
    incidents: gpd.GeoDataFrame
    first_on: date
    last_on: date
    zone: Any  # shapely geometry, empty without an agreement
    line: Any = field(default_factory=shapely.LineString)

    @cached_property
    def centres(self) -> Floats:
        """Points along the line, one row of lon and lat each."""
        return along_borders([] if self.line.is_empty else [self.line], _STEP_M)


@dataclass(frozen=True)
class Limits:
    """What the operator set: days are those of `timezone`."""

    alpha: float
    min_each_side: int
    timezone: str


def searched(
    border: Border,
    inquiry: Inquiry,
    limits: Limits,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Scan:
    """The scan of both sides' incidents together that an inquiry asks for; the same again for the same seed.

    Raises
    ------
    RefusedError
        When the method is "effort" and no inspection is among the incidents.
    CancelledError
        When `cancel` said so.
    """
    cases, sites = incident_cases(border.incidents)
    terms = _terms(border, inquiry, limits)
    tell = None if progress is None else lambda done, asked: progress(done / max(asked, 1))
    against = Against()
    if inquiry.method == "effort":
        sites, against = _effort(border.incidents, sites)
        terms = replace(terms, model="poisson")
    return scan(cases, sites, terms, against, centres=border.centres, jobs=jobs, progress=tell, cancel=cancel)


def examined(
    border: Border,
    inquiry: Inquiry,
    limits: Limits,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """The FINDINGS frame of one border, strongest first, and caveats; `q` and `is_new` are for whoever knows the rest.

    Parameters
    ----------
    border
        Incidents of both sides.
    inquiry
        What is looked for.
    limits
        What counts as more than chance, and as lying on both sides.
    jobs
        As `geo.scan.scan` takes it.
    progress
        Called with the share that is done, 0 to 1.
    cancel
        Asked now and then; True calls everything off.

    Raises
    ------
    RefusedError
        As `searched` does.
    CancelledError
        When `cancel` said so.
    """
    say = progress or (lambda _share: None)
    found = searched(
        border, inquiry, limits, jobs=jobs, progress=lambda share: say(share / _STEPS), cancel=cancel
    )  # fmt: skip
    if found.clusters.empty:
        say(1.0)
        return empty_findings(), _caveats(border, found)
    cases, sites = incident_cases(border.incidents)
    if inquiry.method == "effort":
        sites, against = _effort(border.incidents, sites)
    else:
        against = Against()
    sides = border_view(
        found, cases, sites, border.a, border.b, against,
        alpha=limits.alpha, min_each_side=limits.min_each_side, centres=border.centres,
        jobs=jobs, cancel=cancel,
    ).set_index("cluster")  # fmt: skip
    say(2 / _STEPS)
    effort = _effort_p(found, border, inquiry, limits, jobs, cancel)
    say(1.0)
    rows = [
        _row(border, found, row, sides.loc[row["cluster"]], effort.get(row["cluster"], np.nan), limits.timezone)
        for row in found.clusters.to_dict("records")
    ]
    return findings_of(rows), _caveats(border, found)


def _caveats(border: Border, found: Scan) -> tuple[str, ...]:
    """What the engine says, and which circles there were beside those about incidents."""
    n = len(border.centres)
    told = f"Circles are also about {n:,} points along the shared border, at most {_STEP_M:.0f} m apart."
    return (*found.caveats, told) if n else found.caveats


def _terms(border: Border, inquiry: Inquiry, limits: Limits) -> ScanSettings:
    """The engine's settings of an inquiry."""
    length = (border.last_on - border.first_on).days + 1
    return ScanSettings(
        prospective=inquiry.prospective, max_radius_m=inquiry.radius_m, max_length=min(inquiry.days, length),
        start=border.first_on, end=border.last_on, timezone=limits.timezone, replications=inquiry.replications,
        seed=inquiry.seed, most=_MOST_FOUND,
    )  # fmt: skip


def _effort(incidents: gpd.GeoDataFrame, sites: pd.DataFrame) -> tuple[pd.DataFrame, Against]:
    """Sites and exposure: where and when officers were, as far as the incidents they found tell."""
    visits = incidents[incidents["source"].isin(VISITS)]
    if visits.empty:
        raise RefusedError(
            "No incident of this period was found by an inspection: nothing tells where officers looked."
        )
    effort, more = visits_effort(visits, sites)
    return more, Against(effort=effort)


def _effort_p(
    found: Scan, border: Border, inquiry: Inquiry, limits: Limits, jobs: int | None, cancel: Cancel | None
) -> dict[int, float]:
    """Per cluster that visits found at least half of: its p when compared with where officers looked."""
    by_visit = border.incidents["source"].isin(VISITS).to_numpy()
    members = zip(found.clusters["cluster"].tolist(), found.clusters["case_rows"], strict=True)
    asked = [number for number, rows in members if by_visit[list(rows)].mean() >= _SHARE_OF_VISITS]
    if not asked or inquiry.method == "effort":
        return {}
    other = searched(border, replace(inquiry, method="effort"), limits, jobs=jobs, cancel=cancel)
    p = seen_again(found, other).set_index("cluster")["p"]
    return {number: float(p[number]) for number in asked}


def _row(border: Border, found: Scan, row: Any, side: Any, p_effort: float, timezone: str) -> dict[str, Any]:
    """One finding as a row."""
    members = border.incidents.iloc[list(row["case_rows"])]
    first, last = (pd.Timestamp(row[name]).date() for name in ("start_on", "end_on"))
    at = members["at"].dt.tz_convert(timezone).dt.date
    middle = first + (last - first) / 2
    in_zone = shapely.contains_xy(border.zone, members.geometry.x.to_numpy(), members.geometry.y.to_numpy())
    return {
        "cluster": row["cluster"], "lon": row["x"], "lat": row["y"], "radius_m": row["radius_m"],
        "n_incidents": row["observed"], "expected": row["expected"], "statistic": row["statistic"],
        "p": row["p"], "q": row["p"], "start_on": first.isoformat(), "end_on": last.isoformat(),
        "first_at": members["at"].min(), "last_at": members["at"].max(),
        "max_severity": members["severity"].max(),
        **{name: side[name] for name in ("n_a", "n_b", "n_other", "expected_a", "expected_b", "p_a", "p_b")},
        "straddles": side["straddles"], "sight": str(side["sight"]), "p_effort": p_effort,
        "n_zone": int(in_zone.sum()), "expected_zone": _expected_in(border, found, row),
        "n_early": int((at <= middle).sum()), "n_late": int((at > middle).sum()), "is_new": False,
        "member_ids": tuple(members["id"]), "by_day": _by_day(border, found, row, timezone),
    }  # fmt: skip


def _places(found: Scan, row: Any) -> Any:
    """Rows of the study's sites that a cluster holds."""
    return pd.Index(found.study.ids).get_indexer(pd.Index(list(row["site_ids"]), dtype=object))


def _expected_in(border: Border, found: Scan, row: Any) -> float:
    """The expected cases of a cluster's places that lie in the zone."""
    places = _places(found, row)
    inside = places[shapely.contains_xy(border.zone, *found.study.xy[places].T)]
    first, last = (found.study.period_of(row[name]) for name in ("start_on", "end_on"))
    return float(found.study.model.expected(inside, first, last).sum())


def _by_day(border: Border, found: Scan, row: Any, timezone: str) -> tuple[tuple[str, str, int], ...]:
    """Day, side and number of the incidents at a cluster's places, over the whole period."""
    there = np.isin(found.study.model.case_site, _places(found, row))
    incidents = border.incidents.iloc[np.sort(found.study.row_of_case[there])]
    sides = incidents["jurisdiction_id"].map({border.a: "a", border.b: "b"}).fillna("other")
    days = incidents["at"].dt.tz_convert(timezone).dt.date
    counts = Counter(zip(days, sides, strict=True))
    return tuple((day.isoformat(), side, n) for (day, side), n in sorted(counts.items()))
