"""Simulated incidents of twelve months: a background with its rhythms, and the planted clusters among it."""

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from casework.model import Category, Source
from geo.frames import INCIDENTS, WGS84
from intake.demo import rhythm, words
from intake.demo.draws import Words, draw, draw_each
from intake.demo.planted import Planted
from intake.demo.planting import Patch
from intake.demo.scatter import Indices, Mix, Terrain, around

N_INCIDENTS = 8000
_PEOPLE = Mix(towns=0.6, canals=0.08, borders=0.08)
# How much more often each colour is behind an incident, per firm.
_TROUBLE = {"red": 6.0, "yellow": 2.5, "green": 1.0}
_PLANTED_SOURCES = {Source.COMPLAINT.value: 45.0, Source.MONITORING.value: 20.0, Source.INSPECTION.value: 20.0}
_PLANTED_SOURCES |= {Source.OPERATION.value: 15.0}


def background(
    firms: gpd.GeoDataFrame, terrain: Terrain, n: int, until: date, rng: np.random.Generator
) -> pd.DataFrame:
    """`n` incidents that cluster no more than firms and people do.

    Parameters
    ----------
    firms
        The simulated firms; most incidents lie at or near one.
    terrain
        Where people live.
    n
        How many.
    until
        The first day (UTC) without incidents.
    rng
        Draws everything.

    Returns
    -------
    DataFrame
        lon, lat, row (of the county), day (0 the first of the year), source, category, severity.
    """
    source = draw(rng, words.SOURCES, n)
    firm = _firms(firms, source, rng)
    lon, lat, row = terrain.scatter(rng, n, _PEOPLE)
    spread_m = np.where(np.isin(source, [Source.COMPLAINT.value, Source.OTHER.value]), 350.0, 60.0)
    at_firm = np.flatnonzero(firm >= 0)
    firm_lon = firms.geometry.x.to_numpy(dtype=np.float64)[firm]
    firm_lat = firms.geometry.y.to_numpy(dtype=np.float64)[firm]
    while len(at_firm):
        lon[at_firm], lat[at_firm] = around(rng, firm_lon[at_firm], firm_lat[at_firm], spread_m[at_firm])
        row[at_firm] = terrain.locate(lon[at_firm], lat[at_firm])
        at_firm = at_firm[row[at_firm] < 0]
    sector = np.where(firm >= 0, firms["sector"].to_numpy(dtype=object)[firm], words.ELSEWHERE)
    code = np.where(firm >= 0, firms["code"].to_numpy(dtype=object)[firm], words.ELSEWHERE)
    category = draw_each(rng, words.CATEGORIES, sector)
    return pd.DataFrame(
        {
            "lon": lon,
            "lat": lat,
            "row": row,
            "day": rhythm.days(category, source, until, rng),
            "source": source,
            "category": category,
            "severity": _severities(code, rng),
        }
    )


def in_patch(patch: Patch, rng: np.random.Generator) -> pd.DataFrame:
    """The incidents of one planted cluster, with the columns of the background: mostly of one category, as one cause brings."""
    cause = draw(rng, {Category.WATER.value: 50.0, Category.WASTE.value: 25.0, Category.AIR.value: 25.0}, 1)
    if patch.wuxing_wujiang:
        cause[0] = Category.WATER.value
    n = len(patch.rows)
    mixed = draw(rng, words.CATEGORIES[words.ELSEWHERE], n)
    return pd.DataFrame(
        {
            "lon": patch.points_lon,
            "lat": patch.points_lat,
            "row": patch.rows,
            "day": patch.first_day + rng.integers(0, patch.n_days, n),
            "source": draw(rng, _PLANTED_SOURCES, n),
            "category": np.where(rng.uniform(0, 1, n) < 0.75, cause[0], mixed),  # noqa: PLR2004 -- three in four share the cause
            "severity": _severities(np.full(n, "planted", dtype=object), rng),
        }
    )


def simulated_incidents(
    firms: gpd.GeoDataFrame, terrain: Terrain, patches: Sequence[Patch], until: date, rng: np.random.Generator
) -> tuple[gpd.GeoDataFrame, tuple[Planted, ...]]:
    """INCIDENTS frame of the 365 days before `until`, and the table of planted clusters.

    Parameters
    ----------
    firms
        The simulated firms.
    terrain
        Where people live.
    patches
        The clusters to plant.
    until
        The first day (UTC) without incidents.
    rng
        Draws everything.

    Returns
    -------
    tuple
        8,000 incidents in the order of their instants, with `description` and `accuracy_m`; nothing in a row tells
        whether it was planted. The table says which were.
    """
    planted = [in_patch(patch, rng) for patch in patches]
    n_background = N_INCIDENTS - sum(len(part) for part in planted)
    parts = [background(firms, terrain, n_background, until, rng), *planted]
    drawn = pd.concat(parts, ignore_index=True)
    drawn["patch"] = np.repeat(np.arange(-1, len(patches)), [len(part) for part in parts])
    drawn["at"] = rhythm.instants(drawn["day"].to_numpy(), drawn["source"].to_numpy(dtype=object), until, rng)
    drawn = drawn.sort_values(["at", "lon", "lat"], ignore_index=True)
    drawn["id"] = [f"demo-i-{number:05d}" for number in range(1, len(drawn) + 1)]
    frame = _frame(drawn, terrain, rng)
    groups = {int(str(key)): rows for key, rows in drawn[drawn["patch"] >= 0].groupby("patch")}
    return frame, tuple(_planted(number, patch, groups[number], terrain) for number, patch in enumerate(patches))


def _frame(drawn: pd.DataFrame, terrain: Terrain, rng: np.random.Generator) -> gpd.GeoDataFrame:
    phrases = {category: dict.fromkeys(texts, 1.0) for category, texts in words.DESCRIPTIONS.items()}
    phrase = draw_each(rng, phrases, drawn["category"].to_numpy(dtype=object))
    frame = gpd.GeoDataFrame(
        {
            "id": drawn["id"],
            "at": drawn["at"],
            "category": drawn["category"],
            "source": drawn["source"],
            "severity": drawn["severity"],
            "jurisdiction_id": terrain.ids[drawn["row"].to_numpy()],
            "description": [words.SIMULATED + str(text) for text in phrase],
            "accuracy_m": np.round(5 + 55 * rng.beta(1.5, 3.0, len(drawn)), 1),
        },
        geometry=gpd.points_from_xy(np.round(drawn["lon"], 6), np.round(drawn["lat"], 6)),
        crs=WGS84,
    )
    text = pd.Index(["id", "category", "source", "jurisdiction_id", "description"])
    frame[text] = frame[text].astype("str")
    INCIDENTS.check(frame)
    return frame


def _planted(number: int, patch: Patch, rows: pd.DataFrame, terrain: Terrain) -> Planted:
    """One row of the table."""
    county = terrain.ids[rows["row"].to_numpy()]
    n_a, n_b = int((county == patch.a).sum()), int((county == patch.b).sum())
    return Planted(
        id=f"demo-planted-{number + 1:02d}",
        a=patch.a,
        b=patch.b,
        lon=patch.lon,
        lat=patch.lat,
        radius_m=patch.radius_m,
        first_at=rows["at"].min().to_pydatetime(),
        last_at=rows["at"].max().to_pydatetime(),
        n_a=n_a,
        n_b=n_b,
        straddles=n_a > 0 and n_b > 0,
        incident_ids=tuple(rows["id"].tolist()),
    )


def _firms(firms: gpd.GeoDataFrame, source: Words, rng: np.random.Generator) -> Indices:
    """Row of the firm behind each incident; -1 where none is: half of what people complain about."""
    n = len(source)
    trouble = firms["code"].map(_TROUBLE).to_numpy(dtype=float)
    firm = rng.choice(len(firms), n, p=trouble / trouble.sum())
    # The random draw asks every firm with the same chance: it is the unbiased sample.
    firm = np.where(source == Source.RANDOM.value, rng.integers(0, len(firms), n), firm)
    people = np.isin(source, [Source.COMPLAINT.value, Source.OTHER.value])
    return np.where(people & (rng.uniform(0, 1, n) < 0.5), -1, firm)  # noqa: PLR2004


def _severities(table: Words, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    named = {key: {str(step): weight for step, weight in steps.items()} for key, steps in words.SEVERITIES.items()}
    return draw_each(rng, named, table).astype(np.int64)
