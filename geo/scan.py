"""Clusters closer in space and time than chance: Kulldorff's scan statistic, with frames in and frames out."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import GeoError
from geo.scan_found import apart, cluster_rows, on_the_map, radii, ranked
from geo.scan_settings import ScanSettings
from geo.scan_significance import Cancel, Chance, Progress, Search, replicate
from geo.scan_study import Against, Study, study_of
from geo.scan_windows import circles, spots
from geo.shifts import Floats


@dataclass(frozen=True)
class Scan:
    """What a scan found.

    `clusters`, strongest first: cluster (from 1 on), x and y of the centre, radius_m to the farthest place inside,
    start_on and end_on (first and last day), observed, expected, statistic (log likelihood ratio), p (rank),
    p_gumbel (only beyond the largest replication, else NaN), recurrence_days (prospective, else NaN), site_ids
    (tuple, nearest first), case_rows (tuple of rows of `cases`). In degrees it is a GeoDataFrame, EPSG:4326.
    `replications` were made. `caveats` are sentences. The rest lets others ask more of the same search.
    """

    clusters: pd.DataFrame
    settings: ScanSettings
    n_cases: int
    replications: int
    caveats: tuple[str, ...]
    study: Study = field(repr=False)
    search: Search = field(repr=False)
    chance: Chance = field(repr=False)
    xy: Floats = field(repr=False)  # of the centres


def scan(
    cases: pd.DataFrame,
    sites: pd.DataFrame,
    settings: ScanSettings | None = None,
    against: Against | None = None,
    *,
    centres: npt.ArrayLike | None = None,
    at_sites: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Scan:
    """Clusters of cases in circles and intervals, strongest first, without common places, each with its rank p.

    Parameters
    ----------
    cases
        Columns site (an id of `sites`), at (instant or day, or a number when time is generic), n (cases; without it 1
        each). Rows outside the study or without a time are left out, and a caveat says so.
    sites
        Columns id, x and y: EPSG:4326 degrees, or a plane's coordinates.
    settings
        What is looked for; None: the defaults.
    against
        Population, controls or effort, as the model needs.
    centres
        Centres of circles beside the sites, one row of x and y each: points along a border, say.
    at_sites
        Whether the sites are centres.
    jobs
        How many replications at a time, -1 for all processors; None as `joblib.parallel_config` says. No figure
        depends on it.
    progress
        Called with replications done and asked for.
    cancel
        Asked between chunks of replications; True calls the scan off.

    Raises
    ------
    GeoError
        When a column is missing, a case lies at an unknown site, nothing is a centre, or no window is as long as it has
        to be once periods are taken together; the sentence says which.
    CancelledError
        When `cancel` said so.

    References
    ----------
    Kulldorff (1997), A spatial scan statistic. Kulldorff (2001), Prospective time periodic geographical disease
    surveillance using a scan statistic. Kulldorff et al. (2005), A space-time permutation scan statistic.

    Examples
    --------
    >>> sites = pd.DataFrame({"id": ["a", "b", "c"], "x": [120.0, 120.01, 120.3], "y": [30.0, 30.0, 30.0]})
    >>> days = pd.to_datetime(["2024-05-01", "2024-05-01", "2024-05-02", "2024-05-09", "2024-05-20", "2024-05-28"])
    >>> cases = pd.DataFrame({"site": ["a", "b", "a", "c", "c", "c"], "at": days})
    >>> found = scan(cases, sites, ScanSettings(max_radius_m=5000, max_length=7, replications=99))
    >>> found.clusters[["observed", "expected", "site_ids"]].values.tolist()
    [[3, 1.5, ('a', 'b')]]
    >>> len(scan(cases[:0], sites).clusters)
    0
    """
    given = settings or ScanSettings()
    study = study_of(cases, sites, given, against or Against())
    search, xy = search_of(study, given, centres, at_sites=at_sites)
    n_cases = study.model.n_cases
    windows = search.observed()
    radius = radii(windows, search.circles, spots(xy[:, 0], xy[:, 1], given.geometry), study.spots, given.geometry)
    order = ranked(windows, radius, xy)
    chance = Chance()
    if len(order):
        top = float(windows[order[0], 0])
        chance = replicate(
            search, top, given.seed, given.replications,
            stop_after=given.stop_after, jobs=jobs, progress=progress, cancel=cancel,
        )  # fmt: skip
    chosen = apart(windows, order, search.circles, len(study.ids), given.most)
    clusters = cluster_rows(
        windows, chosen, search.circles, radius, xy, study.model, study.row_of_case, study.ids, study.periods, chance,
        prospective=given.prospective,
    )  # fmt: skip
    shown = on_the_map(clusters) if given.geometry == "lonlat" else clusters
    caveats = (*study.caveats, *search.circles.told)
    return Scan(shown, given, n_cases, chance.n, caveats, study, search, chance, xy)


def search_of(
    study: Study, settings: ScanSettings, centres: npt.ArrayLike | None = None, *, at_sites: bool = True
) -> tuple[Search, Floats]:
    """Where windows of a study are looked for, and the centres' x and y.

    Raises
    ------
    GeoError
        When there is no centre, no window is as long as it has to be, or circles would hold too many places.
    """
    grid = np.empty((0, 2)) if centres is None else np.asarray(centres, dtype=float).reshape(-1, 2)
    xy = np.concatenate((study.xy, grid)) if at_sites else grid
    if not len(xy) and study.model.n_cases:
        raise GeoError("no circle has a centre: sites or points of a grid were expected")
    middle = spots(xy[:, 0], xy[:, 1], settings.geometry)
    share = study.model.share
    found = circles(
        middle, study.spots, share, settings.radius, settings.max_share, settings.geometry, settings.most_pairs
    )
    n, length = study.periods.n, settings.aggregation
    longest = max(1, (n // 2) if settings.max_length is None else settings.max_length // length)
    shortest = min(-(-settings.min_length // length), n)
    if shortest > longest and study.model.n_cases:
        raise GeoError(
            f"min_length {settings.min_length} takes {shortest} periods, and windows last {longest} at most: a shorter "
            "min_length, a longer max_length or a longer study was expected"
        )
    limits = np.array([min(longest, n), shortest, settings.prospective, settings.min_cases], dtype=np.int64)
    return Search(found, study.model, limits), xy
