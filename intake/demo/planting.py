"""Where and when clusters are planted: across a border, beside one, or far from all, and apart from each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from casework.model import Agreement
from geo.crs import GEOD
from geo.errors import GeoError
from intake.demo.agreements import WUXING_WUJIANG, agreed_line
from intake.demo.scatter import Floats, Indices, Terrain, offset

N_DAYS = 365
MIN_EACH_SIDE = 4
_APART_M, _APART_DAYS = 6000.0, 50
_FAR_M = 5000.0
_CROWD = 4000
_MAX_TRIES = 2000


class Kind(Enum):
    """How a planted cluster lies to the border."""

    STRADDLING = auto()
    BESIDE = auto()
    FAR = auto()


@dataclass(frozen=True)
class Wish:
    """What to plant: at which agreement's stretch, over how many days, ending how many days before the end."""

    kind: Kind
    agreement_id: str | None
    days: tuple[int, int]
    age_days: tuple[int, int]


@dataclass(frozen=True)
class Patch:
    """A planted cluster without its incidents' other properties: disc, days (of the year's N_DAYS), points, counties (rows)."""

    a: str
    b: str | None
    lon: float
    lat: float
    radius_m: float
    first_day: int
    n_days: int
    points_lon: Floats
    points_lat: Floats
    rows: Indices
    wuxing_wujiang: bool

    def apart(self, other: "Patch") -> bool:
        """Whether nobody would take the two for one."""
        _, _, far_m = GEOD.inv(self.lon, self.lat, other.lon, other.lat)
        gap = max(self.first_day, other.first_day) - min(self.first_day + self.n_days, other.first_day + other.n_days)
        return bool(far_m > _APART_M or gap > _APART_DAYS)


_RECENT, _OLD = (1, 9), (45, 330)


def wishes(rng: np.random.Generator, agreement_ids: Sequence[str]) -> list[Wish]:
    """Twenty-five: 11 straddling (6 of them within the last 30 days), 7 beside a border, 7 far from any.

    Parameters
    ----------
    rng
        Draws which agreements' stretches.
    agreement_ids
        Agreements in force, the Wuxing-Wujiang one among them; its recent cluster lies within the last two weeks.
    """
    others = [key for key in agreement_ids if key != WUXING_WUJIANG]
    # A stretch gets one cluster of its age at most, so that two never run together.
    now, before = rng.permutation(others).tolist(), rng.permutation(others).tolist()
    recent, old = ((6, 18), _RECENT), ((5, 20), _OLD)
    return [
        Wish(Kind.STRADDLING, WUXING_WUJIANG, (8, 12), (1, 2)),
        *(Wish(Kind.STRADDLING, key, *recent) for key in now[:5]),
        *(Wish(Kind.STRADDLING, key, *old) for key in [WUXING_WUJIANG, *before[:4]]),
        *(Wish(Kind.BESIDE, key, *recent) for key in now[5:7]),
        *(Wish(Kind.BESIDE, key, *old) for key in before[4:9]),
        *(Wish(Kind.FAR, None, *when) for when in [recent] * 2 + [old] * 5),
    ]


def plant(
    terrain: Terrain, borders: gpd.GeoDataFrame, agreements: Sequence[Agreement], rng: np.random.Generator
) -> list[Patch]:
    """A patch for each wish.

    Parameters
    ----------
    terrain
        Where things can stand.
    borders
        BORDERS frame.
    agreements
        Those in force; clusters at borders lie on their stretches and, where they straddle, inside their zones.
    rng
        Draws everything.

    Raises
    ------
    GeoError
        When there is no room, because the outlines or agreements were changed.
    """
    by_id = {agreement.id: agreement for agreement in agreements}
    lines = {agreement.id: _longest(agreed_line(agreement, borders)) for agreement in agreements}
    patches: list[Patch] = []
    for wish in wishes(rng, list(by_id)):
        patches.append(_fulfil(wish, by_id, lines, terrain, patches, rng))
    return patches


def _fulfil(
    wish: Wish,
    agreements: Mapping[str, Agreement],
    lines: Mapping[str, shapely.LineString],
    terrain: Terrain,
    others: Sequence[Patch],
    rng: np.random.Generator,
) -> Patch:
    """The first try that fits the land and keeps apart from the others."""
    for _ in range(_MAX_TRIES):
        if wish.agreement_id is None:
            patch = _far(wish, terrain, rng)
        elif wish.kind is Kind.STRADDLING:
            patch = _straddling(wish, agreements[wish.agreement_id], lines[wish.agreement_id], terrain, rng)
        else:
            patch = _beside(wish, agreements[wish.agreement_id], lines[wish.agreement_id], terrain, rng)
        if patch is not None and all(patch.apart(other) for other in others):
            return patch
    raise GeoError(f"the demonstration found no room for a cluster {wish.kind.name.lower()} at {wish.agreement_id}")


def _straddling(
    wish: Wish, agreement: Agreement, line: shapely.LineString, terrain: Terrain, rng: np.random.Generator
) -> Patch | None:
    """A disc centred on the stretch, no wider than the shallower side, with points on either side."""
    radius_m = rng.uniform(300, min(1200, agreement.depth_a_m, agreement.depth_b_m))
    lon, lat = _on(line, radius_m + 100, rng)
    crowd = _crowd(lon, lat, radius_m, terrain, rng)
    n = int(rng.integers(12, 41))
    n_a = max(MIN_EACH_SIDE, round(n * rng.uniform(0.3, 0.7)))
    in_a = np.flatnonzero(crowd[2] == _row(terrain, agreement.a))[:n_a]
    in_b = np.flatnonzero(crowd[2] == _row(terrain, agreement.b))[: max(MIN_EACH_SIDE, n - n_a)]
    # A disc of which one side holds only a sliver is not a cluster that straddles.
    if min(np.sum(crowd[2] == _row(terrain, side)) for side in (agreement.a, agreement.b)) < _CROWD // 5:
        return None
    return _patch(wish, agreement, (lon, lat, radius_m), crowd, np.r_[in_a, in_b], rng)


def _beside(
    wish: Wish, agreement: Agreement, line: shapely.LineString, terrain: Terrain, rng: np.random.Generator
) -> Patch | None:
    """A disc that comes near the line and stays on one side of it."""
    radius_m = rng.uniform(300, 800)
    east, north = _on(line, radius_m + 100, rng)
    away_m = radius_m + rng.uniform(80, 400, 1)
    lon, lat = offset(np.array([east]), np.array([north]), rng.uniform(0, 360, 1), away_m)
    crowd = _crowd(float(lon[0]), float(lat[0]), radius_m, terrain, rng)
    side = crowd[2][0]
    if side not in (_row(terrain, agreement.a), _row(terrain, agreement.b)) or (crowd[2] != side).any():
        return None
    disc = (float(lon[0]), float(lat[0]), radius_m)
    return _patch(wish, agreement, disc, crowd, np.arange(int(rng.integers(12, 41))), rng)


def _far(wish: Wish, terrain: Terrain, rng: np.random.Generator) -> Patch | None:
    """A disc inside one county, at least 5 km from its outline."""
    radius_m = rng.uniform(300, 1200)
    county = rng.choice(len(terrain.ids), 1, p=terrain.weights)
    lon, lat = terrain.anywhere_in(rng, county)
    ring = offset(lon.repeat(24), lat.repeat(24), np.arange(24) * 15.0, np.full(24, _FAR_M + radius_m, dtype=float))
    if (terrain.locate(*ring) != county[0]).any():
        return None
    disc = (float(lon[0]), float(lat[0]), radius_m)
    crowd = _crowd(*disc, terrain, rng)
    return _patch(wish, str(terrain.ids[county[0]]), disc, crowd, np.arange(int(rng.integers(12, 41))), rng)


def _patch(
    wish: Wish,
    where: Agreement | str,
    disc: tuple[float, float, float],
    crowd: tuple[Floats, Floats, Indices],
    chosen: Indices,
    rng: np.random.Generator,
) -> Patch:
    """The patch made of the chosen points of the crowd, with its days drawn."""
    n_days = int(rng.integers(wish.days[0], wish.days[1] + 1))
    age_days = int(rng.integers(wish.age_days[0], wish.age_days[1] + 1))
    lon, lat, radius_m = disc
    return Patch(
        a=where if isinstance(where, str) else where.a,
        b=None if isinstance(where, str) else where.b,
        lon=round(lon, 6),
        lat=round(lat, 6),
        radius_m=round(radius_m, 1),
        first_day=N_DAYS - age_days - n_days,
        n_days=n_days,
        points_lon=crowd[0][chosen],
        points_lat=crowd[1][chosen],
        rows=crowd[2][chosen],
        wuxing_wujiang=wish.agreement_id == WUXING_WUJIANG,
    )


def _crowd(
    lon: float, lat: float, radius_m: float, terrain: Terrain, rng: np.random.Generator
) -> tuple[Floats, Floats, Indices]:
    """Points spread evenly over a disc, to choose from, and the county of each."""
    distance_m = radius_m * np.sqrt(rng.uniform(0, 1, _CROWD))
    east, north = offset(np.full(_CROWD, lon), np.full(_CROWD, lat), rng.uniform(0, 360, _CROWD), distance_m)
    return east, north, terrain.locate(east, north)


def _on(line: shapely.LineString, margin_m: float, rng: np.random.Generator) -> tuple[float, float]:
    """A point of the line, not within the margin of its ends."""
    margin = min(margin_m / GEOD.geometry_length(line), 0.45)
    point = line.interpolate(rng.uniform(margin, 1 - margin), normalized=True)
    return float(point.x), float(point.y)


def _longest(line: BaseGeometry) -> shapely.LineString:
    """The longest part, as a stretch may be broken by a lake or a third county."""
    parts = [part for part in shapely.get_parts(line).tolist() if isinstance(part, shapely.LineString)]
    return max(parts, key=lambda part: part.length)


def _row(terrain: Terrain, county: str) -> int:
    return int(np.flatnonzero(terrain.ids == county)[0])
