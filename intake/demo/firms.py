"""Simulated firms: sector, four sub-scores, and the colour code and risk that follow from them."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from casework.model import FirmCode
from geo.frames import FIRMS, WGS84
from intake.demo.draws import draw
from intake.demo.scatter import Floats, Mix, Terrain

N_FIRMS = 2000
SCORES = ("emissions", "history", "safety", "oversight")

# The stated rule of the colour code; the thresholds are ours and give about 8 % red and 27 % yellow among simulated firms.
RED_BELOW_ANY, RED_BELOW_MEAN = 25.0, 45.0
YELLOW_BELOW_ANY, YELLOW_BELOW_MEAN = 50.0, 65.0
_RISK_WEIGHTS = (0.35, 0.30, 0.20, 0.15)

# Share of firms per sector, and how many points of the emissions score the trade itself costs.
SECTORS = {"纺织": 22.0, "机械": 18.0, "建材": 10.0, "化工": 8.0, "印染": 8.0, "家具": 8.0, "食品": 7.0}
SECTORS |= {"造纸": 4.0, "电镀": 4.0, "蓄电池": 4.0, "养殖": 4.0, "危废处置": 1.5, "码头": 1.5}
_BURDEN = {
    "化工": 14.0,
    "印染": 12.0,
    "电镀": 14.0,
    "造纸": 9.0,
    "蓄电池": 10.0,
    "危废处置": 10.0,
    "建材": 6.0,
    "养殖": 4.0,
}
_MIX = Mix(towns=0.55, canals=0.12, borders=0.15)


def colour_codes(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Colour code of each firm by the demonstration's rule.

    Parameters
    ----------
    scores
        One row per firm: emissions, enforcement history, environmental safety, public oversight; 0 (worst) to 100 (faultless).

    Returns
    -------
    ndarray
        "red" where any score is below 25 or their mean below 45; else "yellow" where any is below 50 or the mean below 65;
        else "green".

    Examples
    --------
    >>> colour_codes(np.array([[90.0, 80, 85, 70], [90, 40, 85, 70], [90, 80, 20, 70]])).tolist()
    ['green', 'yellow', 'red']
    >>> colour_codes(np.empty((0, 4))).tolist()
    []
    """
    worst, mean = scores.min(axis=1, initial=100.0), scores.mean(axis=1)
    red = (worst < RED_BELOW_ANY) | (mean < RED_BELOW_MEAN)
    yellow = (worst < YELLOW_BELOW_ANY) | (mean < YELLOW_BELOW_MEAN)
    codes: list[object] = [FirmCode.RED.value, FirmCode.YELLOW.value]
    return np.select([red, yellow], [np.full(len(scores), code, dtype=object) for code in codes], FirmCode.GREEN.value)


def risks(scores: npt.NDArray[np.float64]) -> Floats:
    """Risk of each firm, 0 (none) to 1: what is missing to faultless scores, emissions and history weighing most."""
    # Summed column by column: a matrix product may add in another order on another machine, and bytes would differ.
    good = sum((weight * scores[:, column] for column, weight in enumerate(_RISK_WEIGHTS)), start=np.zeros(len(scores)))
    return np.asarray(np.round(1 - good / 100, 3))


def simulated_firms(terrain: Terrain, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """FIRMS frame of 2,000 invented firms with `risk`, the four sub-scores and `sector`; each name says that it is simulated."""
    lon, lat, row = terrain.scatter(rng, N_FIRMS, _MIX)
    sector = draw(rng, SECTORS, N_FIRMS)
    # One good or bad management shows in all four scores, so they go together.
    conduct = rng.beta(5.3, 2.1, N_FIRMS) * 100
    scores = conduct[:, None] + rng.normal(0, 9.0, (N_FIRMS, len(SCORES)))
    scores[:, 0] -= np.array([_BURDEN.get(word, 0.0) for word in sector])
    scores = np.round(np.clip(scores, 0, 100), 1)
    frame = gpd.GeoDataFrame(
        {
            "id": [f"demo-f-{number:04d}" for number in range(1, N_FIRMS + 1)],
            "name": [f"模拟企业 {number:04d}（{word}）" for number, word in enumerate(sector, start=1)],
            "code": colour_codes(scores),
            "jurisdiction_id": terrain.ids[row],
            "risk": risks(scores),
            **{name: scores[:, column] for column, name in enumerate(SCORES)},
            "sector": sector,
        },
        geometry=gpd.points_from_xy(np.round(lon, 6), np.round(lat, 6)),
        crs=WGS84,
    )
    text = pd.Index(["id", "name", "code", "jurisdiction_id", "sector"])
    frame[text] = frame[text].astype("str")
    FIRMS.check(frame)
    return frame
