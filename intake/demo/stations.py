"""Simulated stations: teams at the seats, township squads, and joint stations along the borders and canals."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from casework.model import Agreement, StationLevel
from geo.crs import GEOD
from geo.frames import STATIONS, WGS84
from intake.demo.agreements import agreed_line
from intake.demo.places import CANALS, CITIES, COUNTIES, HUZHOU
from intake.demo.scatter import Floats, Indices, Mix, Terrain, along, around

# Reported for Huzhou: 7 teams, 32 township squads, 13 joint stations. Its neighbours get squads in the same proportion
# (6.4 per county), and a joint station only where an agreement in force gives them a partner.
_HUZHOU_SQUADS = {"330502": 8, "330503": 5, "330521": 6, "330522": 7, "330523": 6}
_HUZHOU_JOINT = 13
_SQUADS = (6, 7, 6, 7, 6)
_HUZHOU_CODE = HUZHOU[:4]
_MIX = Mix(towns=0.8, canals=0.05, borders=0.0)
# Squads of 1 or of nobody are common where officers are fewer than townships, and the rule of two officers bites there.
_SQUAD_SIZES, _SQUAD_SHARES = (0, 1, 2, 3, 4, 5), (0.06, 0.18, 0.26, 0.24, 0.16, 0.10)


@dataclass
class _Rows:
    """Stations so far, column by column."""

    terrain: Terrain
    rows: list[dict[str, object]] = field(default_factory=list)
    points: list[shapely.Point] = field(default_factory=list)

    def put(self, level: StationLevel, county: int, name: str, n_officers: int, lon: float, lat: float) -> None:
        number = 1 + sum(row["level"] == level.value for row in self.rows)
        self.rows.append(
            {
                "id": f"demo-s-{level.value}-{number:03d}",
                "name": f"{name}（模拟）",
                "level": level.value,
                "jurisdiction_id": self.terrain.ids[county],
                "n_officers": n_officers,
            }
        )
        self.points.append(shapely.Point(round(float(lon), 6), round(float(lat), 6)))


def simulated_stations(
    jurisdictions: gpd.GeoDataFrame,
    borders: gpd.GeoDataFrame,
    agreements: Sequence[Agreement],
    terrain: Terrain,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """STATIONS frame: 7 teams, 32 squads and 13 joint stations in Huzhou and the like around it; nobody is named.

    Parameters
    ----------
    jurisdictions, borders
        Frames in their contracts.
    agreements
        Those in force get a joint station near the middle of their stretch, on either side.
    terrain
        Where things can stand.
    rng
        Draws places and numbers of officers.
    """
    name: list[str] = jurisdictions["name"].tolist()
    made = _Rows(terrain)
    _teams(made, name, rng)
    _squads(made, name, rng)
    _joint(made, name, borders, agreements, rng)
    frame = gpd.GeoDataFrame(made.rows, geometry=made.points, crs=WGS84)
    text = pd.Index(["id", "name", "level", "jurisdiction_id"])
    frame[text] = frame[text].astype("str")
    STATIONS.check(frame)
    return frame


def _teams(made: _Rows, name: Sequence[str], rng: np.random.Generator) -> None:
    """One team per county and one per prefecture, Huzhou two: seven there."""
    row = {county: index for index, county in enumerate(made.terrain.ids)}
    seat = {county.id: county for county in COUNTIES}
    teams = [(city.seat, f"{city.name} 直属执法队") for city in CITIES]
    teams.append((CITIES[0].seat, f"{CITIES[0].name} 直属执法二队"))
    teams += [(str(county), f"{name[index]} 执法大队") for index, county in enumerate(made.terrain.ids)]
    counties = np.array([row[county] for county, _ in teams])
    lon = np.array([seat[county].lon for county, _ in teams])
    lat = np.array([seat[county].lat for county, _ in teams])
    lon, lat = _near(made.terrain, rng, lon, lat, counties, 700.0)
    for index, (_, title) in enumerate(teams):
        made.put(StationLevel.TEAM, counties[index], title, int(rng.integers(6, 15)), lon[index], lat[index])


def _squads(made: _Rows, name: Sequence[str], rng: np.random.Generator) -> None:
    """Township squads, spread over each county as townships are: no two side by side while there is room."""
    lon, lat, row = made.terrain.scatter(rng, 40_000, _MIX)
    for county, county_id in enumerate(made.terrain.ids):
        n = _HUZHOU_SQUADS.get(county_id, _SQUADS[county % len(_SQUADS)])
        here = np.flatnonzero(row == county)[: 3 * n]
        for number, pick in enumerate(_apart(lon[here], lat[here], n), start=1):
            n_officers = int(rng.choice(_SQUAD_SIZES, p=_SQUAD_SHARES))
            made.put(
                StationLevel.SQUAD,
                county,
                f"{name[county]} 第{number}中队",
                n_officers,
                lon[here[pick]],
                lat[here[pick]],
            )


def _joint(
    made: _Rows,
    name: Sequence[str],
    borders: gpd.GeoDataFrame,
    agreements: Sequence[Agreement],
    rng: np.random.Generator,
) -> None:
    """Joint stations on either side of each agreement's stretch, then along Huzhou's canals until it has thirteen."""
    row = {str(county): index for index, county in enumerate(made.terrain.ids)}
    counties, lon, lat, titles = [], [], [], []
    for agreement in agreements:
        middle = agreed_line(agreement, borders).interpolate(0.5, normalized=True)
        for here, there in ((agreement.a, agreement.b), (agreement.b, agreement.a)):
            counties.append(row[here])
            lon.append(middle.x)
            lat.append(middle.y)
            titles.append(f"{name[row[here]]}—{name[row[there]]} 生态联勤警务站")
    east, north = _near(made.terrain, rng, np.array(lon), np.array(lat), np.array(counties), 900.0)
    n_more = _HUZHOU_JOINT - sum(made.terrain.ids[county].startswith(_HUZHOU_CODE) for county in counties)
    canal_lon, canal_lat, canal_county = _on_canals(made.terrain, rng, n_more)
    titles += [f"{name[county]} 运河第{number}生态联勤警务站" for number, county in enumerate(canal_county, start=1)]
    east, north = np.r_[east, canal_lon], np.r_[north, canal_lat]
    for index, county in enumerate([*counties, *canal_county]):
        made.put(StationLevel.JOINT, county, titles[index], int(rng.integers(4, 7)), east[index], north[index])


def _on_canals(terrain: Terrain, rng: np.random.Generator, n: int) -> tuple[Floats, Floats, Indices]:
    """Lon, lat and county of `n` places by Huzhou's waterways, well apart."""
    lon, lat = along(rng, CANALS, 4000, 150.0)
    row = terrain.locate(lon, lat)
    here = np.flatnonzero([r >= 0 and terrain.ids[r].startswith(_HUZHOU_CODE) for r in row])
    picked = here[_apart(lon[here], lat[here], n)]
    return lon[picked], lat[picked], row[picked]


def _near(
    terrain: Terrain, rng: np.random.Generator, lon: Floats, lat: Floats, counties: Indices, spread_m: float
) -> tuple[Floats, Floats]:
    """A place in each of `counties` near each point."""
    east, north = lon.copy(), lat.copy()
    todo = np.arange(len(lon))
    while len(todo):
        east[todo], north[todo] = around(rng, lon[todo], lat[todo], spread_m)
        todo = todo[terrain.locate(east[todo], north[todo]) != counties[todo]]
    return east, north


def _apart(lon: Floats, lat: Floats, n: int) -> list[int]:
    """Positions of `n` points far from each other: each next one is the farthest from those before."""
    picked = [0]
    nearest_m = np.full(len(lon), np.inf)
    while len(picked) < n:
        last = picked[-1]
        _, _, far_m = GEOD.inv(np.full(len(lon), lon[last]), np.full(len(lon), lat[last]), lon, lat)
        nearest_m = np.minimum(nearest_m, far_m)
        picked.append(int(np.argmax(nearest_m)))
    return picked
